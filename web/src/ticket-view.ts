/* SPDX-License-Identifier: MIT */
/** What a kitchen card says about one ticket, worked out apart from how it looks. */
import type { MessageKey } from './i18n';
import { isNotice } from './store';
import type { Order, OrderItem, Ticket } from './types';

export interface CardLine {
    item: OrderItem;
    quantity: number;
    mark: 'open' | 'done' | 'void' | 'held';
    /** Said above the line: the course it begins, where a ticket has more than the first. */
    course: number | null;
}

function markOf(ticket: Ticket, item: OrderItem, change: 'add' | 'remove'): CardLine['mark'] {
    if (item.item_status === 'voided' || (isNotice(ticket) && change === 'remove')) return 'void';
    if (item.item_status === 'held') return 'held';
    return item.item_status === 'ready' || item.item_status === 'served' ? 'done' : 'open';
}

/** A ticket's own lines, the parts split off from them by a void since, and what waits at this station for its course. */
export function cardLines(order: Order, ticket: Ticket): CardLine[] {
    const items = new Map(order.items.map((item) => [item.id, item]));
    const lines: CardLine[] = [];
    const said = new Set<number>();
    const add = (item: OrderItem, quantity: number, change: 'add' | 'remove') => {
        said.add(item.id);
        lines.push({ item, quantity, mark: markOf(ticket, item, change), course: null });
    };
    for (const line of ticket.lines) {
        const item = items.get(line.item_id);
        if (item) add(item, isNotice(ticket) ? line.quantity : item.quantity, line.change);
    }
    if (isNotice(ticket)) return lines;
    for (const item of order.items) if (item.ticket_id === ticket.id && !said.has(item.id)) add(item, item.quantity, 'add');
    if (isLast(order, ticket))
        for (const item of order.items)
            if (item.item_status === 'held' && item.station === ticket.station) add(item, item.quantity, 'add');
    return withCourses(lines);
}

/** Held courses stand on the station's newest ticket of an order, so that they are seen once. */
function isLast(order: Order, ticket: Ticket): boolean {
    return order.tickets.every((other) => other.station !== ticket.station || isNotice(other) || other.id <= ticket.id);
}

function withCourses(lines: CardLine[]): CardLine[] {
    if (lines.every((line) => line.item.course === lines[0]!.item.course && line.mark !== 'held')) return lines;
    const sorted = [...lines].sort((a, b) => a.item.course - b.item.course || lines.indexOf(a) - lines.indexOf(b));
    let before = 0;
    return sorted.map((line) => {
        const begins = line.item.course !== before;
        before = line.item.course;
        return begins ? { ...line, course: line.item.course } : line;
    });
}

/** The status the big button sets, and what it says. */
export function nextStep(ticket: Ticket): { to: 'preparing' | 'ready' | 'served'; label: MessageKey } {
    if (isNotice(ticket)) return { to: 'served', label: 'kitchen_seen' };
    if (ticket.ticket_status === 'pending') return { to: 'preparing', label: 'kitchen_start' };
    return ticket.ticket_status === 'preparing' ? { to: 'ready', label: 'kitchen_ready' } : { to: 'preparing', label: 'kitchen_back_again' };
}

export function otherStations(order: Order, station: string): string[] {
    return [...new Set(order.items.filter((item) => item.item_status !== 'voided').map((item) => item.station))].filter(
        (name) => name !== station,
    );
}

/** Offline orders say when they were really taken, once that is more than ten minutes off. */
export function enteredLate(order: Order): boolean {
    return !!order.client_created_at && Date.parse(order.created_at) - Date.parse(order.client_created_at) > 600_000;
}

/** What a ticket said, so that a later look can tell what has changed. */
export type Remembered = ReadonlyMap<string, string>;

export function rememberTicket(order: Order, ticket: Ticket): Remembered {
    const facts = new Map<string, string>();
    for (const { item, quantity, mark } of cardLines(order, ticket))
        if (mark !== 'held') facts.set(`item ${item.id}`, mark === 'void' ? '0' : `${quantity}|${item.note ?? ''}`);
    facts.set('note', order.note ?? '');
    facts.set('place', order.table_name ?? order.customer_name ?? '');
    facts.set('rush', order.priority);
    return facts;
}

export interface Changes {
    /** Items that are other than they were, by id. */
    items: ReadonlySet<number>;
    note: boolean;
    place: boolean;
    rush: boolean;
}

export function changesSince(before: Remembered, after: Remembered): Changes | null {
    const differs = (key: string) => before.get(key) !== after.get(key);
    const items = new Set([...after.keys()].filter((key) => key.startsWith('item ') && differs(key)).map((key) => Number(key.slice(5))));
    const changes = { items, note: differs('note'), place: differs('place'), rush: differs('rush') };
    return items.size || changes.note || changes.place || changes.rush ? changes : null;
}

/** How much room a line takes on a card, in lines of dish names: what a column's height is counted in. */
export function lineRoom(line: CardLine): number {
    const name = line.item.kitchen_name || line.item.name;
    const note = line.item.note ? 1.1 + Math.ceil(line.item.note.length / 26) * 0.8 : 0;
    return (line.course ? 0.9 : 0) + Math.max(1.9, 0.9 + Math.ceil(name.length / 20)) + line.item.modifiers.length * 0.8 + note;
}

/** A ticket longer than a column goes on in the next: its lines in parts of at most `room`. */
export function splitLines(lines: CardLine[], room: number): CardLine[][] {
    const parts: CardLine[][] = [];
    let part: CardLine[] = [];
    let used = 0;
    for (const line of lines) {
        const need = lineRoom(line);
        if (part.length > 0 && used + need > room) {
            parts.push(part);
            part = [];
            used = 0;
        }
        part.push(line);
        used += need;
    }
    if (part.length > 0 || parts.length === 0) parts.push(part);
    return parts;
}
