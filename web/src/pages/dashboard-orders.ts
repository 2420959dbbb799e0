/* SPDX-License-Identifier: MIT */
/** The dashboard's list of orders: pages from the box, kept true by what happens live, and taken along as CSV. */
import { computed, effect, signal } from '@preact/signals';
import { api, currency, explain, onFrames, store } from '../app';
import { fail } from '../components/Frame';
import { decimalText, fractionDigits } from '../money';
import type { Order, StateFrame } from '../types';
import { type Filters, filtersOf, toCsv, toQuery, toRequest } from './dashboard-model';

interface Page {
    orders: Order[];
    next_cursor: string | null;
}

const PAGE = 50;
const EXPORT_PAGE = 200;
const asked = new URLSearchParams(location.search);
export const filters = signal<Filters>(filtersOf(asked));
export const openOrder = signal<number | null>(Number(asked.get('order')) || null);
const listed = signal<readonly Order[]>([]);
export const nextCursor = signal<string | null>(null);
export const loading = signal(true);
/** How many orders have been written so far; null: none is under way. */
export const exporting = signal<number | null>(null);
/** Orders that came since the list was read and that its filters may let in: shown when a person asks for them. */
export const news = signal(0);

/** What the box said last of each, whether by list or live. */
export const shown = computed(() => listed.value.map((order) => newest(order)));

function newest(order: Order): Order {
    const live = store.value.orders.get(order.id);
    return live && live.version > order.version ? live : order;
}

export const detail = computed(() => {
    const id = openOrder.value;
    if (id === null) return null;
    const held = listed.value.find((order) => order.id === id);
    return store.value.orders.get(id) ?? held ?? null;
});

let asking = 0;

export async function load(more = false): Promise<void> {
    const me = ++asking;
    loading.value = true;
    try {
        const page = await api.call<Page>(toRequest(filters.peek(), PAGE, more ? nextCursor.peek() : null));
        if (me !== asking) return;
        listed.value = more ? [...listed.peek(), ...page.orders] : page.orders;
        nextCursor.value = page.next_cursor;
        if (!more) news.value = 0;
    } catch (error) {
        if (me === asking) fail(explain(error));
    } finally {
        if (me === asking) loading.value = false;
    }
}

export function filter(change: Partial<Filters>): void {
    filters.value = { ...filters.peek(), ...change };
}

/** Reads the list again whenever the filters change, and counts what comes in meanwhile. Returns how to stop. */
export function keepList(): () => void {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stopFilters = effect(() => {
        void filters.value;
        clearTimeout(timer);
        timer = setTimeout(() => void load(), 150);
    });
    const stopAddress = effect(() => {
        const extra: Record<string, string> = openOrder.value === null ? {} : { order: String(openOrder.value) };
        history.replaceState(null, '', location.pathname + toQuery(filters.value, extra));
    });
    const stopFrames = onFrames((frames) => {
        const created = frames.filter((frame) => frame.type === 'order_created').length;
        const plain = toQuery({ ...filters.peek(), day: '' }) === '';
        if (frames.some((frame) => frame.type === 'sync_state')) void load();
        else if (created && plain) prepend(frames);
        else news.value += created;
    });
    return () => (clearTimeout(timer), stopFilters(), stopAddress(), stopFrames());
}

/** Without a filter every new order belongs on top. */
function prepend(frames: readonly StateFrame[]): void {
    const known = new Set(listed.peek().map((order) => order.id));
    const fresh = frames.flatMap((frame) => (frame.type === 'order_created' && !known.has(frame.order.id) ? [frame.order] : []));
    listed.value = [...fresh.reverse(), ...listed.peek()];
}

/** All pages of what is filtered, as a file. */
export async function exportCsv(): Promise<void> {
    if (exporting.peek() !== null) return;
    exporting.value = 0;
    const orders: Order[] = [];
    try {
        let cursor: string | null = null;
        do {
            const page: Page = await api.call<Page>(toRequest(filters.peek(), EXPORT_PAGE, cursor));
            orders.push(...page.orders);
            exporting.value = orders.length;
            cursor = page.next_cursor;
        } while (cursor);
        const digits = fractionDigits(currency.peek());
        // The mark tells spreadsheets that it is UTF-8.
        const file = new Blob(['\ufeff', toCsv(orders, (minor) => decimalText(minor, digits))], { type: 'text/csv' });
        const link = document.createElement('a');
        link.href = URL.createObjectURL(file);
        link.download = `orders${filters.peek().day ? `-${filters.peek().day}` : ''}.csv`;
        link.click();
        URL.revokeObjectURL(link.href);
    } catch (error) {
        fail(explain(error));
    } finally {
        exporting.value = null;
    }
}
