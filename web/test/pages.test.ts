/* SPDX-License-Identifier: MIT */
/** What the pages work out before anything is drawn. */
import { describe, expect, it } from 'vitest';
import { numberOf } from '../src/order-view';
import { numbers } from '../src/pages/board-model';
import { averageHours, businessDay, csvCell, dayBefore, filtersOf, hoursOf, runningSums, toCsv, toQuery, toRequest } from '../src/pages/dashboard-model';
import { actsFor, areasOf, IDLE_S, mapOf, viewOf } from '../src/pages/floor-model';
import { arrange, inOrder } from '../src/pages/kitchen-board';
import { rowOf, rows } from '../src/pages/pass-model';
import { emptyState, type State, type TicketView } from '../src/store';
import { cardLines, changesSince, rememberTicket, splitLines } from '../src/ticket-view';
import type { Order, OrderItem, Table, Ticket } from '../src/types';

const item = (id: number, more: Partial<OrderItem> = {}): OrderItem =>
    ({ id, menu_item_id: id, name: `Dish ${id}`, kitchen_name: null, quantity: 1, unit_price: 100, modifiers: [], note: '', seat: null, course: 1, station: 'grill', item_status: 'pending', ticket_id: 1, ...more }) as OrderItem;
const ticket = (id: number, more: Partial<Ticket> = {}): Ticket =>
    ({ id, station: 'grill', kot_number: id, previous_kot_number: null, kind: 'new', ticket_status: 'pending', lines: [], created_at: '2026-11-20T19:00:00.000Z', ...more }) as Ticket;
const order = (id: number, more: Partial<Order> = {}): Order =>
    ({ id, order_number: `ORD-20261120-00${id}`, order_type: 'takeout', order_status: 'pending', payment_status: 'pending', priority: 'normal', note: '', table_name: null, customer_name: null, items: [], tickets: [], created_at: '2026-11-20T19:00:00.000Z', updated_at: '2026-11-20T19:00:00.000Z', created_by: null, total_price: 100, tax: 0, version: 1, ...more }) as unknown as Order;
const view = (id: number, more: Partial<Order> = {}): TicketView => ({ order: order(id, more), ticket: ticket(id) });
const stateOf = (...orders: Order[]): State => ({ ...emptyState, orders: new Map(orders.map((each) => [each.id, each])), synced: true });
const ids = (placed: readonly { view: TicketView; gone: boolean }[]) => placed.map(({ view: { ticket: t }, gone }) => (gone ? -t.id : t.id));

describe('the kitchen board', () => {
    const [a, b, c] = [view(1), view(2), view(3)];

    it('puts rush first, then the oldest', () => {
        expect(inOrder([c, a, view(9, { priority: 'rush' }), b]).map((v) => v.ticket.id)).toEqual([9, 1, 2, 3]);
    });

    it('lets nothing move while a finger is near: what left is a gap, what is new stands last, rush too', () => {
        const before = arrange([], [a, b, c], new Map(), true).placed;
        const rush = view(4, { priority: 'rush' });
        const next = arrange(before, [a, c, rush], new Map(), false);
        expect(ids(next.placed)).toEqual([1, -2, 3, 4]);
        expect(next.unsettled).toBe(true);
        const calm = arrange(next.placed, [a, c, rush], new Map(), true);
        expect(ids(calm.placed)).toEqual([4, 1, 3]);
        expect(calm.unsettled).toBe(false);
    });

    it('keeps the gap of a bump for its two seconds even when all is calm', () => {
        const before = arrange([], [a, b], new Map(), true).placed;
        expect(ids(arrange(before, [b], new Map([[1, a]]), true).placed)).toEqual([-1, 2]);
    });

    it('is the same list when nothing changed', () => {
        const before = arrange([], [a, b], new Map(), true).placed;
        expect(arrange(before, [a, b], new Map(), true).placed).toBe(before);
        expect(arrange(before, [a, b], new Map(), false).placed).toBe(before);
    });
});

describe('a card', () => {
    it('shows held courses dim on the newest ticket, under their course', () => {
        const first = ticket(1, { lines: [{ item_id: 1, quantity: 1, change: 'add' }] as Ticket['lines'] });
        const whole = order(1, { items: [item(1), item(2, { course: 2, item_status: 'held', ticket_id: null })], tickets: [first] });
        expect(cardLines(whole, first).map((line) => [line.item.id, line.mark, line.course])).toEqual([
            [1, 'open', 1],
            [2, 'held', 2],
        ]);
    });

    it('goes on in the next column when it is longer than one, and loses no line', () => {
        const lines = Array.from({ length: 30 }, (_, n) => ({ item: item(n + 1), quantity: 1, mark: 'open' as const, course: null }));
        const parts = splitLines(lines, 12);
        expect(parts.length).toBeGreaterThan(3);
        expect(parts.flat()).toEqual(lines);
        expect(splitLines(lines, Infinity)).toHaveLength(1);
        expect(splitLines([lines[0]!], 0.1), 'a line longer than a column').toHaveLength(1);
    });

    it('knows what changed since somebody looked', () => {
        const first = ticket(1, { lines: [{ item_id: 1, quantity: 3, change: 'add' }] as Ticket['lines'] });
        const before = rememberTicket(order(1, { items: [item(1, { quantity: 3 })], tickets: [first] }), first);
        const after = rememberTicket(order(1, { items: [item(1, { quantity: 1 }), item(2, { item_status: 'voided', quantity: 2 })], tickets: [first], note: 'quick', priority: 'rush' }), first);
        const changes = changesSince(before, after)!;
        expect([...changes.items].sort()).toEqual([1, 2]);
        expect([changes.note, changes.rush, changes.place]).toEqual([true, true, false]);
        expect(changesSince(before, before)).toBeNull();
    });
});

describe('the pass', () => {
    it('knows what each station owes and when an order can go out', () => {
        const part = rowOf(order(1, { items: [item(1, { item_status: 'ready' }), item(2, { station: 'bar', quantity: 2 })] }));
        expect(part.complete).toBe(false);
        expect(part.cells.map((cell) => [cell.station, cell.state, cell.done, cell.all])).toEqual([
            ['bar', 'pending', 0, 2],
            ['grill', 'ready', 1, 1],
        ]);
        expect(rowOf(order(2, { items: [item(1, { item_status: 'ready' }), item(2, { item_status: 'voided' })] })).complete).toBe(true);
    });

    it('offers a course that is ready while another is held or cooks', () => {
        const row = rowOf(order(1, { items: [item(1, { item_status: 'ready' }), item(2, { course: 2 }), item(3, { course: 3, item_status: 'held' })] }));
        expect([row.complete, row.courses, row.held.map((each) => each.id)]).toEqual([false, [1], [3]]);
    });

    it('shows rush on top and nothing that is finished', () => {
        const list = rows(stateOf(order(1, { items: [item(1)] }), order(2, { items: [item(2)], priority: 'rush' }), order(3, { items: [item(3)], order_status: 'served' })));
        expect(list.map((row) => row.order.id)).toEqual([2, 1]);
    });
});

describe('the floor', () => {
    const table = (id: number, more: Partial<Table> = {}): Table =>
        ({ id, name: String(id), area: 'Hall', seats: 4, x: id * 10, y: 0, shape: 'square', status: 'free', session_id: null, opened_at: null, last_activity_at: null, idle_s: null, guests: null, order_ids: [], total_price: 0, version: 1, ...more }) as Table;

    it('stretches tables to the map, and makes none of tables that nobody has placed', () => {
        const spots = mapOf([table(1, { x: 0, y: 0 }), table(2, { x: 100, y: 50 })])!;
        expect(spots[0]!.left).toBeLessThan(spots[1]!.left);
        expect(spots[0]!.top).toBeLessThan(spots[1]!.top);
        for (const { left, top } of spots) expect(Math.min(left, top, 100 - left, 100 - top)).toBeGreaterThan(5);
        expect(mapOf([table(1, { x: 0 }), table(2, { x: 0 })])).toBeNull();
        expect(mapOf([table(1)])).toHaveLength(1);
    });

    it('wants food carried before all else, then the bill, then a look', () => {
        const now = Date.parse('2026-11-20T20:00:00Z');
        const long = new Date(now - (IDLE_S + 5) * 1000).toISOString();
        const busy = table(1, { status: 'bill', order_ids: [7], last_activity_at: long });
        expect(viewOf(stateOf(order(7, { items: [item(1, { item_status: 'ready', quantity: 2 })] })), busy, now)).toMatchObject({ want: 'food', ready: 2 });
        expect(viewOf(stateOf(), busy, now).want).toBe('bill');
        expect(viewOf(stateOf(), table(2, { status: 'occupied', last_activity_at: long }), now).want).toBe('idle');
        expect(viewOf(stateOf(), table(3, { last_activity_at: long }), now).want).toBeNull();
    });

    it('offers only what all picked tables allow, and to whom', () => {
        expect(actsFor([table(1), table(2)], false)).toEqual(['open']);
        expect(actsFor([table(1), table(2)], true)).toEqual(['open', 'disable']);
        expect(actsFor([table(1, { status: 'occupied' })], false)).toEqual(['bill', 'close', 'move', 'merge']);
        expect(actsFor([table(1, { status: 'occupied' }), table(2)], true)).toEqual([]);
        expect(actsFor([], true)).toEqual([]);
    });

    it('sorts areas and tables as people count', () => {
        expect(areasOf([table(10), table(2), table(1, { area: '' })], 'Other').map(([name, list]) => [name, list.map((each) => each.id)])).toEqual([
            ['Hall', [2, 10]],
            ['Other', [1]],
        ]);
    });
});

describe('the board of numbers', () => {
    it('shows takeaway alone, and a number that was handed out for a while', () => {
        const at = Date.parse('2026-11-20T19:01:00Z');
        const state = stateOf(order(1), order(2, { order_status: 'ready' }), order(3, { order_type: 'dine_in' as Order['order_type'] }), order(4, { order_status: 'served' }));
        expect(numbers(state, at)).toMatchObject({ preparing: [{ id: 1 }], ready: [{ id: 2 }, { id: 4 }] });
        expect(numbers(state, at + 10 * 60_000).ready.map((each) => each.id)).toEqual([2]);
        expect(numberOf(order(7))).toBe('007');
    });
});

describe('the dashboard', () => {
    const hour = (h: number, orders: number) => ({ hour: h, orders, revenue: orders * 1000 });

    it('runs through the night in the order of the business day', () => {
        expect(hoursOf([hour(23, 1), hour(1, 2)], [hour(22, 1)], 4)).toEqual([22, 23, 0, 1]);
        expect(runningSums([22, 23, 0, 1], [hour(23, 1), hour(1, 2)], (each) => each.orders)).toEqual([0, 1, 1, 3]);
        expect(hoursOf([], [], 4)).toEqual([]);
    });

    it('averages usual days by the hour of the restaurant, leaving out days it was closed', () => {
        const usual = averageHours([[order(1), order(2)], [order(3)], []], 'Europe/Berlin');
        expect(usual).toEqual([{ hour: 20, orders: 1.5, revenue: 150 }]);
    });

    it('knows business days across midnight and weeks', () => {
        expect(businessDay(Date.parse('2026-11-21T01:30:00Z'), 'UTC', 4)).toBe('2026-11-20');
        expect(businessDay(Date.parse('2026-11-21T04:30:00Z'), 'UTC', 4)).toBe('2026-11-21');
        expect(dayBefore('2026-03-02', 7)).toBe('2026-02-23');
    });

    it('carries filters in the address and to the box', () => {
        const filters = filtersOf(new URLSearchParams('status=active&q=dal&day=2026-11-20&status2=x'));
        expect(toQuery(filters, { order: '7' })).toBe('?status=active&day=2026-11-20&q=dal&order=7');
        expect(toRequest(filters, 50, 'next')).toContain('status=held%2Cpending%2Cpreparing%2Cready');
        expect(filtersOf(new URLSearchParams('status=%3Cscript%3E')).status).toBe('');
    });

    it('writes CSV that no spreadsheet takes for a formula', () => {
        expect(['=1+1', '+x', '-x', '@x', 'plain', 'a,"b"'].map(csvCell)).toEqual(["'=1+1", "'+x", "'-x", "'@x", 'plain', '"a,""b"""']);
        const [, line] = toCsv([order(1, { customer_name: '=cmd' })], (minor) => (minor / 100).toFixed(2)).split('\r\n');
        expect(line).toContain(",'=cmd,");
        expect(line!.endsWith('1,0')).toBe(true);
    });
});
