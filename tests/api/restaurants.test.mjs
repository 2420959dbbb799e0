/* SPDX-License-Identifier: MIT */
/** Two restaurants under one roof: nothing of one is visible to the other. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Box } from '../lib/box.mjs';
import { Api, Live, key, refused, upgradeRefused } from '../lib/client.mjs';

const CSV = 'category,item,price\nMains,Second dish,9.00\nMains,Other dish,11.00\n';

describe('two restaurants', () => {
    const box = new Box();
    const second = {};

    before(async () => {
        await box.open();
        await box.server.token('owner', { restaurant: 'second' });
        await box.server.restart();
        await box.connect();
        for (const role of ['owner', 'manager', 'waiter', 'kitchen'])
            second[role] = new Api(box.server, {
                slug: 'second',
                token: await box.server.token(role, { restaurant: 'second' }),
            });
        await second.manager.must('POST', '/menu/import', { raw: CSV, type: 'text/csv' });
        second.menu = await second.waiter.read('/menu');
        second.order = () =>
            second.waiter.order({
                order_type: 'takeout',
                items: [{ menu_item_id: second.menu.items[0].id, quantity: 1 }],
            });
    });
    after(() => box.close());

    it('have their own names, menus, tables and logs', async () => {
        assert.equal((await second.waiter.read('/restaurant')).restaurant_id, 'second');
        assert.equal((await box.waiter.read('/restaurant')).restaurant_id, 'main');
        assert.deepEqual(second.menu.items.map((i) => i.name).sort(), ['Other dish', 'Second dish']);
        assert.notEqual((await second.waiter.read('/health')).log_id, (await box.waiter.read('/health')).log_id);
    });

    it('number their orders and tickets each for themselves', async () => {
        const a = await box.send();
        const b = await second.order();
        assert.deepEqual([a.restaurant_id, b.restaurant_id], ['main', 'second']);
        assert.equal(b.tickets[0].previous_kot_number, null);
        assert.match(b.order_number, /-001$/);
    });

    it('do not accept each other’s credentials', async () => {
        const crossed = new Api(box.server, { slug: 'second', token: await box.server.token('owner') });
        const back = new Api(box.server, { token: await box.server.token('owner', { restaurant: 'second' }) });
        for (const api of [crossed, back])
            for (const path of ['/orders', '/tokens', '/restaurant', '/menu', '/events', '/devices'])
                refused(await api.get(path), 401, 'UNAUTHENTICATED');
        refused(
            await upgradeRefused(box.server, { slug: 'second', token: await box.server.token('owner') }),
            401,
            'UNAUTHENTICATED',
        );
    });

    it('do not find each other’s orders', async () => {
        const mine = await box.send();
        const theirs = await second.order();
        assert.ok((await second.waiter.read('/orders')).orders.every((o) => o.restaurant_id === 'second'));
        assert.ok((await box.waiter.read('/orders')).orders.every((o) => o.restaurant_id === 'main'));
        const unknown = Math.max(mine.id, theirs.id) + 1000;
        refused(await second.waiter.get(`/orders/${unknown}`), 404, 'NOT_FOUND');
        const [a, b] = [await box.waiter.get(`/orders/${theirs.id}`), await second.waiter.get(`/orders/${mine.id}`)];
        for (const [answer, slug] of [
            [a, 'main'],
            [b, 'second'],
        ])
            if (answer.status === 200) assert.equal(answer.body.restaurant_id, slug);
    });

    it('push to their own screens only', async () => {
        const ours = await box.live('waiter');
        const theirs = await Live.open(box.server, { slug: 'second', token: second.waiter.token });
        await Promise.all([ours.event('sync_state'), theirs.event('sync_state')]);
        assert.equal(theirs.first.restaurant_id, 'second');
        const a = await box.send();
        const b = await second.order();
        await ours.event('order_created', (f) => f.order.order_number === a.order_number);
        await theirs.event('order_created', (f) => f.order.order_number === b.order_number);
        await Promise.all([ours.settle(), theirs.settle()]);
        for (const [live, slug] of [
            [ours, 'main'],
            [theirs, 'second'],
        ])
            for (const frame of live.frames)
                for (const order of [
                    frame.order,
                    ...(frame.active_orders ?? []),
                    ...(frame.recent_orders ?? []),
                ].filter(Boolean))
                    assert.equal(order.restaurant_id, slug);
        await theirs.close();
    });

    it('keep idempotency keys apart', async () => {
        const idempotency = key();
        const items = (menu) => ({ order_type: 'takeout', items: [{ menu_item_id: menu.items[0].id, quantity: 1 }] });
        const a = await box.waiter.post('/orders', box.takeout(), { idempotency });
        const b = await second.waiter.post('/orders', items(second.menu), { idempotency });
        assert.deepEqual([a.status, b.status, b.headers['idempotency-replayed']], [201, 201, undefined]);
        assert.deepEqual([a.body.restaurant_id, b.body.restaurant_id], ['main', 'second']);
    });

    it('do not sign each other’s people in', async () => {
        const { pin } = box.server.person('owner');
        refused(await new Api(box.server, { slug: 'second' }).post('/session', { pin }), 401, 'UNAUTHENTICATED');
        const main = await box.signIn('owner');
        const crossed = new Api(box.server, { slug: 'second', jar: new Map(main.jar) });
        refused(await crossed.get('/orders'), 401, 'UNAUTHENTICATED');
    });
});
