/* SPDX-License-Identifier: MIT */
/** What a kitchen card says about one ticket, worked out apart from how it looks. */
import type { MessageKey } from './i18n';
import { isNotice } from './store';
import type { Order, OrderItem, Ticket } from './types';

export interface CardLine {
    item: OrderItem;
    quantity: number;
    mark: 'open' | 'done' | 'void';
}

function markOf(ticket: Ticket, item: OrderItem, change: 'add' | 'remove'): CardLine['mark'] {
    if (item.item_status === 'voided' || (isNotice(ticket) && change === 'remove')) return 'void';
    return item.item_status === 'ready' || item.item_status === 'served' ? 'done' : 'open';
}

/** A ticket's own lines, and the parts split off from them by a void since. */
export function cardLines(order: Order, ticket: Ticket): CardLine[] {
    const items = new Map(order.items.map((item) => [item.id, item]));
    const lines: CardLine[] = [];
    const said = new Set<number>();
    for (const line of ticket.lines) {
        const item = items.get(line.item_id);
        if (!item) continue;
        said.add(item.id);
        lines.push({ item, quantity: isNotice(ticket) ? line.quantity : item.quantity, mark: markOf(ticket, item, line.change) });
    }
    if (isNotice(ticket)) return lines;
    for (const item of order.items)
        if (item.ticket_id === ticket.id && !said.has(item.id))
            lines.push({ item, quantity: item.quantity, mark: markOf(ticket, item, 'add') });
    return lines;
}

/** The status the big button sets, and what it says. Only `pending` and `preparing` tickets have one. */
export function nextStep(ticket: Ticket): { to: 'preparing' | 'ready' | 'served'; label: MessageKey } {
    if (isNotice(ticket)) return { to: 'served', label: 'kitchen_seen' };
    return ticket.ticket_status === 'pending'
        ? { to: 'preparing', label: 'kitchen_start' }
        : { to: 'ready', label: 'kitchen_ready' };
}

export function otherStations(order: Order, station: string): string[] {
    return [...new Set(order.tickets.map((ticket) => ticket.station))].filter((name) => name !== station);
}

/** Offline orders say when they were really taken, once that is more than ten minutes off. */
export function enteredLate(order: Order): boolean {
    return !!order.client_created_at && Date.parse(order.created_at) - Date.parse(order.client_created_at) > 600_000;
}
