/* SPDX-License-Identifier: MIT */
/** Least knowledge: who does not need to know, is not told, on every way that leads out. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { demoBox } from '../lib/box.mjs';

const PHONE = '+49 30 5550199';
const CUSTOMER = 'Quirina Xylander';
const STAFF = 'Tablet Zebra Nine';
const TOTALS = ['subtotal', 'discount', 'service_charge', 'tax', 'total_price'];

/** What each role may see: money totals, customers' phones, names of people. */
const sees = {
    owner: { money: true, phone: true, names: true },
    manager: { money: true, phone: true, names: true },
    waiter: { money: true, phone: true, names: true },
    kitchen: { money: false, phone: false, names: true },
    display: { money: false, phone: false, names: false },
};

describe('least knowledge', () => {
    const box = demoBox();

    function checkOrder(order, may, what) {
        for (const name of TOTALS) assert.equal(order[name] !== null, may.money, `${what}: ${name} is ${order[name]}`);
        assert.equal(order.customer_phone, may.phone ? PHONE : null, `${what}: phone`);
        assert.equal(order.customer_name, may.names ? CUSTOMER : null, `${what}: name`);
    }

    function checkText(text, may, what) {
        if (!may.phone) assert.ok(!text.includes(PHONE), `${what}: the phone number is in it`);
        if (!may.names)
            for (const name of [CUSTOMER, STAFF]) assert.ok(!text.includes(name), `${what}: ${name} is in it`);
    }

    async function prepare() {
        const { Api } = await import('../lib/client.mjs');
        const sender = new Api(box.server, { token: await box.server.token('waiter', { name: STAFF }) });
        const table = await box.freeTable();
        const request = { ...box.dineIn(table), customer_name: CUSTOMER, customer_phone: PHONE };
        return { sender, table, request };
    }

    for (const [role, may] of Object.entries(sees)) {
        it(`holds for the ${role} in what is read`, async () => {
            const { sender, table, request } = await prepare();
            const order = await sender.order(request);
            const one = await box[role].get(`/orders/${order.id}`);
            checkOrder(one.body, may, 'one');
            const list = await box[role].get(`/orders?table_id=${table.id}`);
            checkOrder(list.body.orders[0], may, 'list');
            const tables = await box[role].get('/tables');
            assert.equal(tables.body.tables.find((t) => t.id === table.id).total_price !== null, may.money, 'table');
            const snapshot = await box[role].get('/events');
            const [sync] = snapshot.body.events;
            checkOrder(
                sync.active_orders.find((o) => o.id === order.id),
                may,
                'active',
            );
            checkOrder(
                sync.recent_orders.find((o) => o.id === order.id),
                may,
                'recent',
            );
            assert.equal(
                sync.tables.find((t) => t.id === table.id).total_price !== null,
                may.money,
                'table in the snapshot',
            );
            assert.equal(sync.metrics !== null, may.money, 'metrics');
            for (const answer of [one, list, tables, snapshot]) checkText(answer.text, may, role);
        });

        it(`holds for the ${role} in what is pushed and polled`, async () => {
            const { sender, table, request } = await prepare();
            const live = await box.live(role);
            const start = await box.logEnd();
            const order = await sender.order(request);
            await sender.orderStatus(order.id, 'preparing');
            await sender.patch(`/orders/${order.id}`, { note: 'hurry' });
            const updated = await live.event('order_updated', (f) => f.order.id === order.id);
            const created = live.frames.find((f) => f.type === 'order_created' && f.order.id === order.id);
            const changed = live.frames.find((f) => f.type === 'order_status_changed' && f.order.id === order.id);
            for (const frame of [created, changed, updated]) checkOrder(frame.order, may, frame.type);
            const seat = live.frames.find((f) => f.type === 'table_update' && f.table.id === table.id);
            assert.equal(seat.table.total_price !== null, may.money);
            assert.equal(changed.updated_by.name !== null, may.names);
            checkText(JSON.stringify(live.frames), may, `${role} socket`);
            assert.ok(may.money || live.frames.every((f) => f.type !== 'metrics_update'), 'metrics are not for them');
            const polled = await box[role].get(`/events?since=${start}`);
            checkText(polled.text, may, `${role} poll`);
            checkOrder(polled.body.events.find((f) => f.type === 'order_created').order, may, 'polled');
            const resumed = await box.resume(live, { query: { since: start } });
            await resumed.event('order_updated', (f) => f.order.id === order.id);
            checkText(JSON.stringify(resumed.frames), may, `${role} resumed`);
        });
    }

    it('holds in answers to the kitchen’s own calls', async () => {
        const { sender, request } = await prepare();
        const order = await sender.order(request);
        checkOrder((await box.kitchen.orderStatus(order.id, 'preparing')).body, sees.kitchen, 'HTTP');
        const live = await box.live('kitchen');
        checkOrder(await live.ask({ type: 'set_status', order_id: order.id, status: 'ready' }), sees.kitchen, 'ack');
        const conflict = await box.kitchen.orderStatus(order.id, 'preparing', { expected_version: 1 });
        checkOrder(conflict.body.current, sees.kitchen, 'current');
        checkText(conflict.text, sees.kitchen, 'conflict');
    });

    it('holds when the kitchen replays the waiter’s key', async () => {
        const { sender, request } = await prepare();
        const order = await sender.order(request);
        const options = { idempotency: `shared-${order.id}` };
        const first = await sender.post(`/orders/${order.id}/status`, { status: 'preparing' }, options);
        checkOrder(first.body, sees.waiter, 'first');
        const again = await box.kitchen.post(`/orders/${order.id}/status`, { status: 'preparing' }, options);
        assert.equal(again.headers['idempotency-replayed'], 'true');
        checkOrder(again.body, sees.kitchen, 'replayed');
    });
});
