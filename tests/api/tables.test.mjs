/* SPDX-License-Identifier: MIT */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { demoBox, eventsOf } from '../lib/box.mjs';
import { refused } from '../lib/client.mjs';

describe('tables', () => {
    const box = demoBox();
    const act = (api, table, action, body = {}) => api.post(`/tables/${table.id}/${action}`, body);

    /** A table with guests and one order. */
    async function seated() {
        const table = await box.freeTable();
        await box.waiter.write(`/tables/${table.id}/open`, { guests: 2 });
        const order = await box.waiter.order(box.dineIn(table));
        return { table, order };
    }

    it('are fourteen free ones in two areas to begin with', async () => {
        const { tables } = await box.display.read('/tables');
        assert.equal(tables.length, 14);
        assert.equal(new Set(tables.map((t) => t.area)).size, 2);
        for (const t of tables) {
            assert.deepEqual([t.status, t.session_id, t.opened_at, t.order_ids], ['free', null, null, []]);
            assert.ok(t.seats > 0);
        }
    });

    it('open with guests, once', async () => {
        const table = await box.freeTable();
        const { events } = await eventsOf(box, async () => {
            const answer = await act(box.waiter, table, 'open', { guests: 3 });
            const [open] = answer.body.tables;
            assert.deepEqual([open.id, open.status, open.guests, open.order_ids], [table.id, 'occupied', 3, []]);
            assert.ok(open.session_id > 0 && open.opened_at && open.last_activity_at && open.version > table.version);
        });
        assert.deepEqual(
            events.map((e) => [e.type, e.table.id]),
            [['table_update', table.id]],
        );
        refused(await act(box.waiter, table, 'open', { guests: 2 }), 409, 'TABLE_BUSY');
        refused(await act(box.waiter, table, 'open', { guests: 0 }), 422, 'VALIDATION_ERROR', 'guests');
    });

    it('open by themselves with their first order, and carry several', async () => {
        const table = await box.freeTable();
        const first = await box.waiter.order(box.dineIn(table));
        const opened = await box.table(table.id);
        assert.deepEqual(
            [opened.status, opened.order_ids, opened.total_price],
            ['occupied', [first.id], first.total_price],
        );
        assert.deepEqual([first.table_id, first.table_name], [table.id, table.name]);
        const second = await box.waiter.order(box.dineIn(table));
        const shared = await box.table(table.id);
        assert.deepEqual(
            [...shared.order_ids].sort((a, b) => a - b),
            [first.id, second.id],
        );
        assert.equal(shared.total_price, first.total_price + second.total_price);
        assert.equal(shared.session_id, opened.session_id);
    });

    it('say that the bill is asked for', async () => {
        const { table } = await seated();
        const answer = await act(box.waiter, table, 'bill');
        assert.deepEqual(
            answer.body.tables.map((t) => [t.id, t.status]),
            [[table.id, 'bill']],
        );
        const other = await box.freeTable();
        assert.equal((await act(box.waiter, other, 'bill')).status, 409);
    });

    it('close when empty; with unserved or unpaid orders only by a manager’s force', async () => {
        const empty = await box.freeTable();
        await act(box.waiter, empty, 'open', { guests: 1 });
        const closed = await act(box.waiter, empty, 'close');
        assert.deepEqual(
            closed.body.tables.map((t) => [t.id, t.status, t.session_id, t.guests, t.order_ids]),
            [[empty.id, 'free', null, null, []]],
        );
        const { table, order } = await seated();
        refused(await act(box.waiter, table, 'close'), 409, 'TABLE_BUSY');
        refused(await act(box.manager, table, 'close'), 409, 'TABLE_BUSY');
        for (const status of ['preparing', 'ready', 'served']) await box.waiter.orderStatus(order.id, status);
        refused(await act(box.waiter, table, 'close'), 409, 'TABLE_BUSY');
        refused(await act(box.waiter, table, 'close', { force: true }), 403, 'FORBIDDEN');
        const forced = await act(box.manager, table, 'close', { force: true });
        assert.deepEqual(
            forced.body.tables.map((t) => t.status),
            ['free'],
        );
        assert.equal((await box.waiter.orderNow(order.id)).table_id, table.id, 'the order remembers where it was');
    });

    it('close for a waiter when all that was ordered is cancelled', async () => {
        const { table, order } = await seated();
        await box.waiter.orderStatus(order.id, 'cancelled');
        assert.equal((await act(box.waiter, table, 'close')).status, 200);
    });

    it('come back as they were when closed by mistake', async () => {
        const { table, order } = await seated();
        const before = await box.table(table.id);
        await act(box.manager, table, 'close', { force: true });
        const { body } = await act(box.waiter, table, 'restore');
        const [after] = body.tables;
        for (const name of ['id', 'status', 'session_id', 'opened_at', 'guests', 'order_ids', 'total_price'])
            assert.deepEqual(after[name], before[name], name);
        assert.deepEqual(after.order_ids, [order.id]);
        assert.equal((await act(box.waiter, table, 'restore')).status, 409, 'an occupied table has nothing to restore');
    });

    it('move with all their orders to a free table, and not to an occupied one', async () => {
        const { table, order } = await seated();
        const target = await box.freeTable();
        const { events, result } = await eventsOf(box, () =>
            act(box.waiter, table, 'move', { to_table_id: target.id }),
        );
        const by = new Map(result.body.tables.map((t) => [t.id, t]));
        assert.deepEqual([by.size, by.get(table.id).status, by.get(target.id).status], [2, 'free', 'occupied']);
        assert.deepEqual(by.get(target.id).order_ids, [order.id]);
        const moved = await box.waiter.orderNow(order.id);
        assert.deepEqual([moved.table_id, moved.table_name], [target.id, target.name]);
        assert.ok(moved.version > order.version);
        assert.ok(
            moved.tickets.some((t) => t.kind === 'move' && t.ticket_status === 'pending'),
            'the stations are told',
        );
        assert.equal(moved.order_status, order.order_status);
        const kinds = events.map((e) => e.type);
        assert.ok(kinds.includes('order_updated'));
        assert.equal(kinds.filter((k) => k === 'table_update').length, 2);
        assert.ok(kinds.indexOf('table_update') > kinds.indexOf('order_updated'), 'orders before tables');
        const other = await seated();
        refused(await act(box.waiter, target, 'move', { to_table_id: other.table.id }), 409, 'TABLE_BUSY');
    });

    it('merge into another table and leave their own free', async () => {
        const one = await seated();
        const two = await seated();
        const { body } = await act(box.waiter, one.table, 'merge', { into_table_id: two.table.id });
        const by = new Map(body.tables.map((t) => [t.id, t]));
        assert.equal(by.get(one.table.id).status, 'free');
        assert.deepEqual(
            [...by.get(two.table.id).order_ids].sort((a, b) => a - b),
            [one.order.id, two.order.id],
        );
        assert.equal((await box.waiter.orderNow(one.order.id)).table_id, two.table.id);
    });

    it('refuse a move or merge that makes no sense', async () => {
        const { table } = await seated();
        const free = await box.freeTable();
        refused(await act(box.waiter, table, 'move', { to_table_id: 999999 }), 422, 'VALIDATION_ERROR', 'to_table_id');
        refused(
            await act(box.waiter, table, 'merge', { into_table_id: 999999 }),
            422,
            'VALIDATION_ERROR',
            'into_table_id',
        );
        refused(await act(box.waiter, table, 'move', {}), 422, 'VALIDATION_ERROR', 'to_table_id');
        assert.ok(
            [409, 422].includes((await act(box.waiter, table, 'move', { to_table_id: table.id })).status),
            'to itself',
        );
        assert.ok(
            [409, 422].includes((await act(box.waiter, table, 'merge', { into_table_id: table.id })).status),
            'into itself',
        );
        assert.equal((await act(box.waiter, free, 'move', { to_table_id: table.id })).status, 409, 'nobody to move');
    });

    it('are out of service when disabled, and back when enabled', async () => {
        const table = await box.freeTable();
        const { body } = await act(box.manager, table, 'disable');
        assert.deepEqual(
            body.tables.map((t) => [t.id, t.status]),
            [[table.id, 'disabled']],
        );
        refused(await box.waiter.post('/orders', box.dineIn(table)), 409, 'TABLE_DISABLED');
        refused(await act(box.waiter, table, 'open', { guests: 1 }), 409, 'TABLE_DISABLED');
        const { table: busy } = await seated();
        refused(await act(box.waiter, busy, 'move', { to_table_id: table.id }), 409, 'TABLE_DISABLED');
        refused(await act(box.manager, busy, 'disable'), 409, 'TABLE_BUSY');
        await act(box.manager, table, 'enable');
        assert.equal((await box.waiter.post('/orders', box.dineIn(table))).status, 201);
    });

    it('do what the socket asks, one action or several, all or none', async () => {
        const live = await box.live('manager');
        const table = await box.freeTable();
        const off = await live.ask({ action: 'disable_table', table_id: table.id });
        assert.deepEqual(
            off.tables.map((t) => [t.id, t.status]),
            [[table.id, 'disabled']],
        );
        await live.event('table_update', (f) => f.table.id === table.id && f.table.status === 'disabled');
        const none = await live.request({
            actions: [
                { action: 'enable_table', table_id: table.id },
                { action: 'disable_table', table_id: 999999 },
            ],
        });
        assert.equal(none.type, 'error');
        assert.match(none.field ?? '', /^actions\[1\]/);
        assert.equal((await box.table(table.id)).status, 'disabled', 'nothing of it was done');
        const { table: busy, order } = await seated();
        const both = await live.ask({
            actions: [
                { action: 'enable_table', table_id: table.id },
                { action: 'move_table', from_table_id: busy.id, to_table_id: table.id },
            ],
        });
        assert.deepEqual(
            both.tables.map((t) => t.id).sort((a, b) => a - b),
            [table.id, busy.id].sort((a, b) => a - b),
        );
        assert.equal((await box.waiter.orderNow(order.id)).table_id, table.id);
        const forced = await live.ask({ action: 'close_table', table_id: table.id, force: true });
        assert.equal(forced.tables[0].status, 'free');
        const back = await live.ask({ action: 'restore_table', table_id: table.id });
        assert.deepEqual(back.tables[0].order_ids, [order.id]);
    });
});
