/* SPDX-License-Identifier: MIT */
/** Food that stands on the pass, and whose it is to carry. */
import { computed, effect } from '@preact/signals';
import { announce, setTitle } from './alerting';
import { person, setStatus, store } from './app';
import { type MessageKey, t } from './i18n';
import { numberOf, readyItems } from './order-view';
import type { Order } from './types';

const hasReady = (order: Order) => readyItems(order).length > 0;

/** Orders that this person took and that have something ready, the oldest first. */
export const mine = computed<Order[]>(() => {
    const id = person.value?.staff?.id;
    if (id === undefined) return [];
    return [...store.value.orders.values()]
        .filter((order) => order.created_by?.kind === 'staff' && order.created_by.id === id && hasReady(order))
        .sort((a, b) => a.id - b.id);
});

export function nameOf(order: Order): string {
    return order.table_name ? t('order_table', { name: order.table_name }) : (order.customer_name ?? numberOf(order));
}

/** What has just become ready is called out to whoever took the order; the title counts. Returns how to stop. */
export function announceFood(title: MessageKey): () => void {
    let known: Set<number> | null = null;
    return effect(() => {
        const orders = mine.value;
        if (!store.value.synced) return;
        const before = known;
        known = new Set(orders.flatMap((order) => readyItems(order).map((item) => item.id)));
        const fresh = before && orders.find((order) => readyItems(order).some((item) => !before.has(item.id)));
        if (fresh) announce('ready', t('floor_food_ready', { place: nameOf(fresh) }));
        setTitle(t(title), orders.length);
    });
}

/** All of it that stands on the pass has been carried out. */
export async function serveReady(order: Order): Promise<void> {
    for (const item of readyItems(order)) await setStatus({ item_id: item.id }, 'served');
}
