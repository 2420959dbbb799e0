/* SPDX-License-Identifier: MIT */
/** The order page's own state: where the order goes, what is in it, what can be undone. */
import { computed, signal } from '@preact/signals';
import { base, getOutbox, menu, now, store } from '../app';
import { addToCart, type CartLine, type Choice, destinations, plainChoice, toItems } from '../cart';
import { t } from '../i18n';
import type { MenuItem, NewOrder } from '../types';

export type Place = { type: 'dine_in'; tableId: number; name: string } | { type: 'takeout' | 'delivery' };

interface Saved {
    place: Place | null;
    cart: CartLine[];
    note: string;
    customer: string;
    rush: boolean;
}

const STORAGE_KEY = `servery-draft-${base.slug}`;
const UNDO_DEPTH = 30;

function restore(): Saved {
    const fresh: Saved = { place: null, cart: [], note: '', customer: '', rush: false };
    try {
        return { ...fresh, ...(JSON.parse(sessionStorage.getItem(STORAGE_KEY) ?? '{}') as Partial<Saved>) };
    } catch {
        return fresh;
    }
}

const saved = restore();
export const place = signal<Place | null>(saved.place);
export const cart = signal<readonly CartLine[]>(saved.cart);
export const note = signal(saved.note);
export const customer = signal(saved.customer);
export const rush = signal(saved.rush);
const past = signal<(readonly CartLine[])[]>([]);
export const canUndo = computed(() => past.value.length > 0);

/** A reload, or a battery pulled and put back, must not lose what a guest has said. */
export function keepDraft(): void {
    const draft = { place: place.value, cart: cart.value, note: note.value, customer: customer.value, rush: rush.value };
    try {
        sessionStorage.setItem(STORAGE_KEY, JSON.stringify(draft));
    } catch {
        // Without storage the draft lives as long as the page.
    }
}

export function change(next: readonly CartLine[]): void {
    past.value = [...past.peek().slice(-UNDO_DEPTH + 1), cart.peek()];
    cart.value = next;
}

export function undo(): void {
    const last = past.peek().at(-1);
    if (!last) return;
    past.value = past.peek().slice(0, -1);
    cart.value = last;
}

export function addItem(item: MenuItem, choice: Choice = plainChoice): void {
    change(addToCart(cart.peek(), item, choice));
}

export function placeName(at: Place): string {
    if (at.type === 'dine_in') return t('order_table', { name: store.value.tables.get(at.tableId)?.name ?? at.name });
    return at.type === 'takeout' ? t('order_takeout') : t('order_delivery');
}

/** Lines whose dish ran out after it was put into the cart. */
export const ranOut = computed(() => {
    const available = new Map((menu.value?.items ?? []).map((item) => [item.id, item.available]));
    return cart.value.filter((line) => available.get(line.menu_item_id) === false);
});

export const whereTo = computed(() => destinations(cart.value));

export function send(): void {
    const at = place.peek();
    if (!at || cart.peek().length === 0) return;
    const order: NewOrder = {
        order_type: at.type,
        ...(at.type === 'dine_in' ? { table_id: at.tableId } : {}),
        ...(at.type !== 'dine_in' && customer.peek() ? { customer_name: customer.peek() } : {}),
        ...(note.peek() ? { note: note.peek() } : {}),
        ...(rush.peek() ? { priority: 'rush' as const } : {}),
        client_created_at: new Date(now.peek()).toISOString(),
        items: toItems(cart.peek()),
    };
    const lines = cart.peek().map((line) => `${line.quantity} × ${line.name}`);
    void getOutbox().add(order, placeName(at), lines);
    cart.value = [];
    past.value = [];
    note.value = '';
    customer.value = '';
    rush.value = false;
}
