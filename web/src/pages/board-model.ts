/* SPDX-License-Identifier: MIT */
/** Which numbers the guests' board shows. Pure. */
import type { State } from '../store';
import type { Order } from '../types';

export interface Numbers {
    preparing: Order[];
    ready: Order[];
}

/** How long a number that was handed out stays, so that nobody wonders where it went. */
export const LINGER_MS = 2 * 60_000;

/** Takeaway alone: guests at tables are served there. Delivery goes out by itself. */
export function numbers(state: State, nowMs: number): Numbers {
    const orders = [...state.orders.values()].filter((order) => order.order_type === 'takeout').sort((a, b) => a.id - b.id);
    const handedOut = (order: Order) => order.order_status === 'served' && nowMs - Date.parse(order.updated_at) < LINGER_MS;
    return {
        preparing: orders.filter((order) => order.order_status === 'pending' || order.order_status === 'preparing'),
        ready: orders.filter((order) => order.order_status === 'ready' || handedOut(order)),
    };
}
