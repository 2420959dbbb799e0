/* SPDX-License-Identifier: MIT */
import { describe, expect, it } from 'vitest';
import { allDay, applyFrames, applyOrder, bumpedTickets, emptyState, openTickets, ordersAt } from '../src/store';
import { cardLines, enteredLate, nextStep } from '../src/ticket-view';
import type { EventFrame, Table } from '../src/types';
import { item, order, sync, ticket } from './fakes';

const stamp = '2026-11-20T10:00:00.000Z';
const frame = (seq: number, body: object) => ({ seq, timestamp: stamp, ...body }) as EventFrame;
const table = (id: number, version: number, status: Table['status'] = 'free'): Table => ({ id, name: `${id}`, area: 'Inside', seats: 4, x: 0, y: 0, shape: 'square', session_id: null, opened_at: null, idle_s: null, total_price: null, status, last_activity_at: null, guests: null, order_ids: [], version });

describe('versions', () => {
    it('ignores an order of a lower version', () => {
        const state = applyFrames(emptyState, [
            frame(5, { type: 'order_updated', order: order(1, { version: 3, note: 'new' }) }),
            frame(6, { type: 'order_updated', order: order(1, { version: 2, note: 'old' }) }),
        ]);
        expect(state.orders.get(1)).toMatchObject({ version: 3, note: 'new' });
    });

    it('ignores a table of a lower version', () => {
        const state = applyFrames(emptyState, [
            frame(5, { type: 'table_update', table: table(1, 4, 'occupied') }),
            frame(6, { type: 'table_update', table: table(1, 3, 'free') }),
        ]);
        expect(state.tables.get(1)!.status).toBe('occupied');
    });

    it('ignores the late answer to a call', () => {
        const state = applyOrder(applyFrames(emptyState, [sync(1, { active_orders: [order(1, { version: 5 })] })]), order(1, { version: 4 }));
        expect(state.orders.get(1)!.version).toBe(5);
    });

    it('lets a snapshot replace everything, even by lower versions', () => {
        const before = applyFrames(emptyState, [sync(90, { active_orders: [order(1, { version: 9 }), order(2)] })]);
        const after = applyFrames(before, [sync(3, { reason: 'other_log', active_orders: [order(1, { version: 2 })] })]);
        expect([...after.orders.values()].map((o) => [o.id, o.version])).toEqual([[1, 2]]);
    });

    it('leaves the state it was given untouched', () => {
        const before = applyFrames(emptyState, [sync(1, { active_orders: [order(1)] })]);
        applyFrames(before, [frame(2, { type: 'order_updated', order: order(1, { version: 2 }) })]);
        expect(before.orders.get(1)!.version).toBe(1);
    });
});

describe('ticket and item events', () => {
    const known = applyFrames(emptyState, [frame(10, { type: 'order_created', order: order(1) })]);

    it('change the order they belong to', () => {
        const state = applyFrames(known, [
            frame(11, { type: 'item_status_changed', order_id: 1, item: item(41, { item_status: 'ready' }) }),
            frame(12, { type: 'ticket_status_changed', order_id: 1, ticket: ticket(31, { ticket_status: 'ready' }) }),
        ]);
        expect(state.orders.get(1)!.items[0]!.item_status).toBe('ready');
        expect(state.orders.get(1)!.tickets[0]!.ticket_status).toBe('ready');
    });

    it('do nothing when the whole order was told later than they happened', () => {
        const state = applyFrames(known, [frame(9, { type: 'item_status_changed', order_id: 1, item: item(41, { item_status: 'served' }) })]);
        expect(state.orders.get(1)!.items[0]!.item_status).toBe('pending');
    });

    it('of an unknown order are passed over', () => {
        expect(applyFrames(known, [frame(11, { type: 'item_status_changed', order_id: 7, item: item(1) })]).orders.size).toBe(1);
    });
});

describe('views', () => {
    it('show a station its open tickets, oldest first, and what it bumped', () => {
        const state = applyFrames(emptyState, [
            sync(1, {
                active_orders: [
                    order(2, { tickets: [ticket(9), ticket(4, { station: 'bar' })] }),
                    order(1, { tickets: [ticket(3, { kind: 'void' }), ticket(5, { ticket_status: 'ready' }), ticket(6, { kind: 'void', ticket_status: 'served' })] }),
                ],
            }),
        ]);
        expect(openTickets(state, 'grill').map((view) => view.ticket.id)).toEqual([3, 9]);
        expect(bumpedTickets(state, 'grill').map((view) => view.ticket.id)).toEqual([5]);
    });

    it('count the dishes still to cook', () => {
        const one = order(1, { items: [item(41, { quantity: 2 }), item(42, { name: 'Naan', item_status: 'ready' })], tickets: [ticket(31, { lines: [{ item_id: 41, quantity: 2, change: 'add' }, { item_id: 42, quantity: 1, change: 'add' }] })] });
        const two = order(2);
        expect(allDay([{ order: one, ticket: one.tickets[0]! }, { order: two, ticket: two.tickets[0]! }])).toEqual([{ name: 'Dal', quantity: 3 }]);
    });

    it('list the orders of a place, newest first, without cancelled ones', () => {
        const state = applyFrames(emptyState, [sync(1, { active_orders: [order(1), order(2), order(3, { table_id: 6 })], recent_orders: [order(4, { order_status: 'cancelled' })] })]);
        expect(ordersAt(state, { tableId: 5 }).map((o) => o.id)).toEqual([2, 1]);
    });

    it('forget finished orders beyond a few hundred, oldest first', () => {
        const many = Array.from({ length: 250 }, (_, i) => frame(i + 1, { type: 'order_created', order: order(i + 1, { order_status: 'served' }) }));
        const state = applyFrames(emptyState, [frame(1000, { type: 'order_created', order: order(1000) }), ...many]);
        expect(state.orders.size).toBe(201);
        expect(state.orders.has(50)).toBe(false);
        expect(state.orders.has(51)).toBe(true);
        expect(state.orders.has(1000)).toBe(true);
    });
});

describe('cards', () => {
    it('strike voided lines and keep parts split off by a void', () => {
        const split = order(1, { items: [item(41, { quantity: 1 }), item(42, { item_status: 'voided', quantity: 2 })] });
        expect(cardLines(split, split.tickets[0]!).map((line) => [line.item.id, line.quantity, line.mark])).toEqual([
            [41, 1, 'open'],
            [42, 2, 'void'],
        ]);
    });

    it('show a void ticket as what it takes away', () => {
        const voided = order(1, { items: [item(41, { item_status: 'voided' })] });
        const note = ticket(32, { kind: 'void', lines: [{ item_id: 41, quantity: 3, change: 'remove' }] });
        expect(cardLines(voided, note)).toMatchObject([{ quantity: 3, mark: 'void' }]);
    });

    it('say what the button does', () => {
        expect(nextStep(ticket(1)).to).toBe('preparing');
        expect(nextStep(ticket(1, { ticket_status: 'preparing' })).to).toBe('ready');
        expect(nextStep(ticket(1, { kind: 'move' })).to).toBe('served');
    });

    it('tell when an order was entered long before it arrived', () => {
        expect(enteredLate(order(1, { client_created_at: '2026-11-20T09:49:00.000Z' }))).toBe(true);
        expect(enteredLate(order(1, { client_created_at: '2026-11-20T09:55:00.000Z' }))).toBe(false);
    });
});
