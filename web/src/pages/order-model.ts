/* SPDX-License-Identifier: MIT */
/** The order page's own state: where the order goes, what is in it, what can be undone. One draft a place. */
import { computed, signal } from '@preact/signals';
import { base, getOutbox, menu, now, store } from '../app';
import { addOpenItem, addToCart, type CartLine, type Choice, destinations, type OpenItem, plainChoice, toItems } from '../cart';
import { t } from '../i18n';
import { ordersAt } from '../store';
import type { MenuItem, NewOrder, Order } from '../types';

export type Place = { type: 'dine_in'; tableId: number; name: string } | { type: 'takeout' | 'delivery' };

interface Draft {
    cart: readonly CartLine[];
    note: string;
    customer: string;
    phone: string;
    rush: boolean;
    guests: number | null;
    /** A bill of its own although an order runs here. */
    apart: boolean;
}

interface Saved {
    place: Place | null;
    drafts: Record<string, Draft>;
}

const STORAGE_KEY = `servery-drafts-${base.slug}`;
const UNDO_DEPTH = 30;
const emptyDraft: Draft = { cart: [], note: '', customer: '', phone: '', rush: false, guests: null, apart: false };

function restore(): Saved {
    const fresh: Saved = { place: null, drafts: {} };
    try {
        return { ...fresh, ...(JSON.parse(sessionStorage.getItem(STORAGE_KEY) ?? '{}') as Partial<Saved>) };
    } catch {
        return fresh;
    }
}

/** `/order?table=5` and `/order?type=takeout` open that place; the floor links here so. */
function asked(query: URLSearchParams): Place | null {
    const tableId = Number(query.get('table'));
    const type = query.get('type');
    if (Number.isInteger(tableId) && tableId > 0) return { type: 'dine_in', tableId, name: String(tableId) };
    return type === 'takeout' || type === 'delivery' ? { type } : null;
}

const saved = restore();
export const place = signal<Place | null>(asked(new URLSearchParams(location.search)) ?? saved.place);
const drafts = signal<Readonly<Record<string, Draft>>>(saved.drafts);
const past = signal<(readonly CartLine[])[]>([]);

const keyOf = (at: Place) => (at.type === 'dine_in' ? `table ${at.tableId}` : at.type);

const draft = computed<Draft>(() => {
    const at = place.value;
    return (at && drafts.value[keyOf(at)]) ?? emptyDraft;
});
export const cart = computed(() => draft.value.cart);
export const note = computed(() => draft.value.note);
export const customer = computed(() => draft.value.customer);
export const phone = computed(() => draft.value.phone);
export const rush = computed(() => draft.value.rush);
export const guests = computed(() => draft.value.guests);
export const apart = computed(() => draft.value.apart);
export const canUndo = computed(() => past.value.length > 0);

export function edit(change: Partial<Draft>): void {
    const at = place.peek();
    if (at) drafts.value = { ...drafts.peek(), [keyOf(at)]: { ...draft.peek(), ...change } };
}

export function goTo(next: Place | null): void {
    past.value = [];
    place.value = next;
    const query = next === null ? '' : next.type === 'dine_in' ? `?table=${next.tableId}` : `?type=${next.type}`;
    history.replaceState(null, '', location.pathname + query);
}

/** Places where something was entered and not sent. */
export const unfinished = computed(() => new Set(Object.entries(drafts.value).filter(([, held]) => held.cart.length > 0).map(([key]) => key)));
export const isUnfinished = (at: Place) => unfinished.value.has(keyOf(at));

/** A reload, or a battery pulled and put back, must not lose what a guest has said. */
export function keepDraft(): void {
    const state: Saved = { place: place.value, drafts: drafts.value };
    try {
        sessionStorage.setItem(STORAGE_KEY, JSON.stringify(state));
    } catch {
        // Without storage the draft lives as long as the page.
    }
}

export function change(next: readonly CartLine[]): void {
    past.value = [...past.peek().slice(-UNDO_DEPTH + 1), cart.peek()];
    edit({ cart: next });
}

export function undo(): void {
    const last = past.peek().at(-1);
    if (!last) return;
    past.value = past.peek().slice(0, -1);
    edit({ cart: last });
}

export function addItem(item: MenuItem, choice: Choice = plainChoice): void {
    change(addToCart(cart.peek(), item, choice));
}

export function addOpen(item: OpenItem): void {
    change(addOpenItem(cart.peek(), item));
}

export function placeName(at: Place): string {
    if (at.type === 'dine_in') return t('order_table', { name: store.value.tables.get(at.tableId)?.name ?? at.name });
    return at.type === 'takeout' ? t('order_takeout') : t('order_delivery');
}

/** Lines whose dish ran out after it was put into the cart. */
export const ranOut = computed(() => {
    const available = new Map((menu.value?.items ?? []).map((item) => [item.id, item.available]));
    return cart.value.filter((line) => line.menu_item_id !== null && available.get(line.menu_item_id) === false);
});

export const whereTo = computed(() => destinations(cart.value));

/** The order that runs at this table: what is taken now is added to it, unless it is to be a bill of its own. */
export const runningHere = computed<Order | null>(() => {
    const at = place.value;
    if (at?.type !== 'dine_in') return null;
    return ordersAt(store.value, { tableId: at.tableId }).find((order) => order.payment_status === 'pending' && order.order_status !== 'cancelled') ?? null;
});

export function send(): void {
    const at = place.peek();
    if (!at || cart.peek().length === 0) return;
    const held = draft.peek();
    const addTo = held.apart ? null : (runningHere.peek()?.id ?? null);
    const seated = at.type === 'dine_in' ? store.peek().tables.get(at.tableId)?.guests : null;
    const order: NewOrder = {
        order_type: at.type,
        ...(at.type === 'dine_in' ? { table_id: at.tableId } : {}),
        ...(at.type === 'dine_in' && held.guests && !seated ? { guests: held.guests } : {}),
        ...(at.type !== 'dine_in' && held.customer ? { customer_name: held.customer } : {}),
        ...(at.type !== 'dine_in' && held.phone ? { customer_phone: held.phone } : {}),
        ...(held.note ? { note: held.note } : {}),
        ...(held.rush ? { priority: 'rush' as const } : {}),
        client_created_at: new Date(now.peek()).toISOString(),
        items: toItems(held.cart),
    };
    const lines = held.cart.map((line) => `${line.quantity} × ${line.name}`);
    void getOutbox().add(order, placeName(at), lines, addTo);
    past.value = [];
    const rest = { ...drafts.peek() };
    delete rest[keyOf(at)];
    drafts.value = rest;
}
