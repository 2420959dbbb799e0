/* SPDX-License-Identifier: MIT */
/** An order goes through the house. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { demoBox } from '../lib/box.mjs';
import { key } from '../lib/client.mjs';

describe('an order goes through', () => {
    const box = demoBox();

    it('from the waiter’s tablet to the kitchen’s screen and back to the table', async () => {
        const [grill, cold] = box.stations;
        const waiter = await box.signIn('waiter');
        const table = await box.freeTable();
        const floor = await box.live(null, { token: waiter.session.token });
        const kitchen = await box.live('kitchen', { query: { station: grill } });
        await Promise.all([floor.event('sync_state'), kitchen.event('sync_state')]);

        const sent = await floor.ask({
            type: 'submit_order',
            idempotency_key: key(),
            order: { ...box.dineIn(table, grill, cold), guests: 2 },
        });
        const { order } = await kitchen.event('order_created', (f) => f.order.id === sent.id);
        assert.deepEqual(order.created_by.name, waiter.session.staff.name);
        const ticket = order.tickets.find((t) => t.station === grill);
        await kitchen.ask({ type: 'painted', ticket_ids: [ticket.id] });

        for (const status of ['preparing', 'ready']) {
            await kitchen.ask({ type: 'set_status', ticket_id: ticket.id, status });
            const change = await floor.event(
                'ticket_status_changed',
                (f) => f.ticket.id === ticket.id && f.new_status === status,
            );
            assert.equal(change.order_id, order.id);
        }
        const other = order.tickets.find((t) => t.station === cold);
        await box.kitchen.ticketStatus(other.id, 'ready');
        const ready = await floor.event(
            'order_status_changed',
            (f) => f.order.id === order.id && f.new_status === 'ready',
        );
        assert.deepEqual(
            ready.order.items.map((i) => i.item_status),
            ['ready', 'ready'],
        );

        await floor.ask({ type: 'set_status', order_id: order.id, status: 'served' });
        const served = await kitchen.event(
            'order_status_changed',
            (f) => f.order.id === order.id && f.new_status === 'served',
        );
        assert.equal(served.updated_by.name, waiter.session.staff.name);
        assert.deepEqual((await box.table(table.id)).order_ids, [order.id]);
    });

    it('rings until somebody acknowledges every new ticket of the station', async () => {
        const station = box.stations[2];
        const bell = async () =>
            (await box.waiter.read('/devices')).devices.find((d) => d.kind === 'bell' && d.station === station);
        const until = async (lit) => {
            for (let n = 0; n < 400; n++) {
                if ((await bell()).lit === lit) return;
                await new Promise((resolve) => setTimeout(resolve, 25));
            }
            assert.fail(`the bell stays ${lit ? 'dark' : 'lit'}`);
        };
        assert.ok(await bell(), 'each station has a bell or a lamp');
        await until(false);
        const [one, two] = [await box.send(station), await box.send(station)];
        await until(true);
        const live = await box.live('kitchen');
        await live.ask({ type: 'touched', ticket_ids: one.tickets.map((t) => t.id) });
        assert.equal((await bell()).lit, true, 'one is still new');
        await box.kitchen.ticketStatus(two.tickets[0].id, 'preparing');
        await until(false);
        await box.waiter.order({ ...box.takeout(station), notify: false });
        await box.send(box.stations[0]);
        assert.equal((await bell()).lit, false, 'notify false rings nothing');
    });
});
