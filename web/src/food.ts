/* SPDX-License-Identifier: MIT */
/** Food that stands on the pass, and whose it is to carry. */
import { computed, effect } from '@preact/signals';
import { announce, setTitle } from './alerting';
import { session, store } from './app';
import { type MessageKey, t } from './i18n';
import type { Order } from './types';

const hasReady = (order: Order) => order.items.some((item) => item.item_status === 'ready');

/** Orders that this person took and that have something ready, the oldest first. */
export const mine = computed<Order[]>(() => {
    const who = session.value;
    const id = who && who !== 'unknown' ? who.staff?.id : undefined;
    if (id === undefined) return [];
    return [...store.value.orders.values()]
        .filter((order) => order.created_by?.kind === 'staff' && order.created_by.id === id && hasReady(order))
        .sort((a, b) => a.id - b.id);
});

export function nameOf(order: Order): string {
    return order.table_name ? t('order_table', { name: order.table_name }) : (order.customer_name ?? order.order_number.slice(-3));
}

/** What has just become ready is called out to whoever took the order; the title counts. Returns how to stop. */
export function announceFood(title: MessageKey): () => void {
    let known: Set<number> | null = null;
    return effect(() => {
        const orders = mine.value;
        if (!store.value.synced) return;
        const before = known;
        known = new Set(orders.flatMap((order) => order.items.filter((item) => item.item_status === 'ready').map((item) => item.id)));
        const fresh = before && orders.find((order) => order.items.some((item) => item.item_status === 'ready' && !before.has(item.id)));
        if (fresh) announce('ready', t('floor_food_ready', { place: nameOf(fresh) }));
        setTitle(t(title), orders.length);
    });
}
