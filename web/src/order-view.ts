/* SPDX-License-Identifier: MIT */
/** How people call an order, and what of it stands on the pass. Pure. */
import type { Order, OrderItem } from './types';

/** The day's running number, as called out: "ORD-20261120-007" is 007, on the board as on the receipt. */
export function numberOf(order: Order): string {
    return order.order_number.slice(order.order_number.lastIndexOf('-') + 1);
}

/** What people call an order by: its table, its guest, or its number. */
export function placeOf(order: Order): string {
    return order.table_name ?? order.customer_name ?? `#${numberOf(order)}`;
}

export function pieces(items: readonly OrderItem[]): number {
    return items.reduce((sum, item) => sum + item.quantity, 0);
}

export function readyItems(order: Order): OrderItem[] {
    return order.items.filter((item) => item.item_status === 'ready');
}
