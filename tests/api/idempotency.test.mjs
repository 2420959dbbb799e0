/* SPDX-License-Identifier: MIT */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { demoBox, eventsOf } from '../lib/box.mjs';
import { Api, key, refused } from '../lib/client.mjs';

describe('an Idempotency-Key', () => {
    const box = demoBox();

    it('gives the first answer again, and makes nothing twice', async () => {
        const idempotency = key();
        const first = await box.waiter.post('/orders', box.takeout(), { idempotency });
        assert.equal(first.headers['idempotency-replayed'], undefined);
        const { result: again, events } = await eventsOf(box, () =>
            box.waiter.post('/orders', box.takeout(), { idempotency }),
        );
        assert.deepEqual([again.status, again.headers['idempotency-replayed']], [201, 'true']);
        assert.deepEqual(again.body, first.body);
        assert.deepEqual(events, []);
    });

    it('gives the answer of then, even when the order has moved on', async () => {
        const idempotency = key();
        const first = await box.waiter.order(box.takeout(), idempotency);
        await box.kitchen.orderStatus(first.id, 'ready');
        const again = await box.waiter.post('/orders', box.takeout(), { idempotency });
        assert.deepEqual(again.body, first);
    });

    it('compares content as values: order of keys, spaces, escapes and 2.0 do not matter', async () => {
        const idempotency = key();
        const { id } = box.item();
        const first = await box.waiter.post('/orders', undefined, {
            raw: `{"order_type":"takeout","note":"é","items":[{"menu_item_id":${id},"quantity":2}]}`,
            idempotency,
        });
        const again = await box.waiter.post('/orders', undefined, {
            raw: `{ "items" : [ { "quantity":2.0, "menu_item_id":${id} } ],\n"note":"\\u00e9", "order_type":"takeout" }`,
            idempotency,
        });
        assert.deepEqual(
            [again.status, again.body.id, again.headers['idempotency-replayed']],
            [201, first.body.id, 'true'],
        );
    });

    it('with other content is a mismatch and changes nothing', async () => {
        const idempotency = key();
        const first = await box.waiter.order(box.takeout(), idempotency);
        const { events } = await eventsOf(box, async () => {
            const [line] = box.takeout().items;
            for (const other of [
                { ...box.takeout(), note: 'x' },
                { ...box.takeout(), items: [{ ...line, quantity: 2 }] },
                { ...box.takeout(), items: [line, line] },
            ])
                refused(await box.waiter.post('/orders', other, { idempotency }), 409, 'IDEMPOTENCY_MISMATCH');
        });
        assert.deepEqual(events, []);
        assert.deepEqual((await box.waiter.post('/orders', box.takeout(), { idempotency })).body, first);
    });

    it('belongs to the restaurant, whoever sends it', async () => {
        const idempotency = key();
        const first = await box.waiter.order(box.takeout(), idempotency);
        const other = new Api(box.server, { token: await box.server.token('waiter', { name: 'another tablet' }) });
        const again = await other.post('/orders', box.takeout(), { idempotency });
        assert.deepEqual([again.body.id, again.headers['idempotency-replayed']], [first.id, 'true']);
    });

    it('belongs to the operation', async () => {
        const idempotency = key();
        const order = await box.waiter.order(box.takeout(), idempotency);
        const added = await box.waiter.post(
            `/orders/${order.id}/items`,
            { items: box.takeout().items },
            { idempotency },
        );
        assert.deepEqual([added.status, added.headers['idempotency-replayed']], [200, undefined]);
        assert.equal(added.body.items.length, 2);
    });

    it('tells one order’s status call from another’s', async () => {
        const idempotency = key();
        const one = await box.send();
        const two = await box.send();
        assert.equal(
            (await box.kitchen.post(`/orders/${one.id}/status`, { status: 'preparing' }, { idempotency })).status,
            200,
        );
        const other = await box.kitchen.post(`/orders/${two.id}/status`, { status: 'preparing' }, { idempotency });
        if (other.status === 200) assert.deepEqual([other.body.id, other.body.order_status], [two.id, 'preparing']);
        else refused(other, 409, 'IDEMPOTENCY_MISMATCH');
    });

    it('is shared by HTTP and socket, both ways', async () => {
        const live = await box.live('waiter');
        const first = key();
        const byHttp = await box.waiter.order(box.takeout(), first);
        const frame = { type: 'submit_order', idempotency_key: first, order: box.takeout() };
        assert.deepEqual(await live.ask(frame), byHttp);
        const second = key();
        const bySocket = await live.ask({ ...frame, idempotency_key: second });
        const again = await box.waiter.post('/orders', box.takeout(), { idempotency: second });
        assert.deepEqual([again.status, again.body], [201, bySocket]);
        assert.equal(again.headers['idempotency-replayed'], 'true');
        const mismatch = await live.request({ ...frame, order: { ...box.takeout(), note: 'x' } });
        assert.deepEqual([mismatch.type, mismatch.code], ['error', 'IDEMPOTENCY_MISMATCH']);
        const status = key();
        const bumped = await live.ask({
            type: 'set_status',
            order_id: bySocket.id,
            status: 'preparing',
            idempotency_key: status,
        });
        const bumpedAgain = await box.waiter.post(
            `/orders/${bySocket.id}/status`,
            { status: 'preparing' },
            { idempotency: status },
        );
        assert.deepEqual([bumpedAgain.body, bumpedAgain.headers['idempotency-replayed']], [bumped, 'true']);
    });

    it('holds when many send it at once', async () => {
        const idempotency = key();
        const { result, events } = await eventsOf(box, () =>
            Promise.all(Array.from({ length: 12 }, () => box.waiter.post('/orders', box.takeout(), { idempotency }))),
        );
        assert.deepEqual([...new Set(result.map((a) => a.status))], [201]);
        assert.equal(new Set(result.map((a) => a.body.id)).size, 1);
        assert.equal(result.filter((a) => a.headers['idempotency-replayed'] === 'true').length, 11);
        assert.equal(events.filter((e) => e.type === 'order_created').length, 1);
    });

    it('does not remember refusals', async () => {
        const idempotency = key();
        const item = box.item({ station: box.stations[1] });
        await box.kitchen.patch(`/menu/items/${item.id}`, { available: false });
        refused(await box.waiter.post('/orders', box.takeout(item), { idempotency }), 409, 'ITEM_UNAVAILABLE');
        await box.kitchen.patch(`/menu/items/${item.id}`, { available: true });
        const answer = await box.waiter.post('/orders', box.takeout(item), { idempotency });
        assert.deepEqual([answer.status, answer.headers['idempotency-replayed']], [201, undefined]);
        const other = key();
        refused(
            await box.waiter.post('/orders', { order_type: 'takeout' }, { idempotency: other }),
            422,
            'VALIDATION_ERROR',
        );
        refused(await box.display.post('/orders', box.takeout(), { idempotency: other }), 403, 'FORBIDDEN');
        assert.equal((await box.waiter.post('/orders', box.takeout(), { idempotency: other })).status, 201);
    });

    it('does not open what the second sender may not see', async () => {
        const idempotency = key();
        await box.waiter.post('/orders', box.takeout(), { idempotency });
        refused(await box.kitchen.post('/orders', box.takeout(), { idempotency }), 403, 'FORBIDDEN');
    });

    it('may be any 1 to 64 printable characters', async () => {
        for (const idempotency of ['k', ' !"#$%&\'()*+,-./:;<=>?@[]^_`{|}~'.trim(), 'k'.repeat(64)])
            assert.equal((await box.waiter.post('/orders', box.takeout(), { idempotency })).status, 201);
    });

    it('works for voids, fires, table actions and tokens too', async () => {
        const order = await box.send({ menu_item_id: box.item().id, quantity: 3 });
        const table = await box.freeTable();
        const calls = [
            [
                box.waiter,
                `/orders/${order.id}/void`,
                { items: [{ item_id: order.items[0].id, quantity: 1 }], reason: 'dropped' },
            ],
            [box.waiter, `/tables/${table.id}/open`, { guests: 2 }],
            [box.owner, '/tokens', { name: 'twice', role: 'display' }],
        ];
        for (const [api, path, body] of calls) {
            const idempotency = key();
            const first = await api.post(path, body, { idempotency });
            const again = await api.post(path, body, { idempotency });
            assert.deepEqual([again.status, again.body], [first.status, first.body], path);
            assert.equal(again.headers['idempotency-replayed'], 'true', path);
        }
        assert.equal((await box.waiter.orderNow(order.id)).items.filter((i) => i.item_status === 'voided').length, 1);
    });

    it('is remembered across a crash', async () => {
        const idempotency = key();
        const first = await box.waiter.order(box.takeout(), idempotency);
        await box.server.restart('SIGKILL');
        await box.connect();
        const again = await box.waiter.post('/orders', box.takeout(), { idempotency });
        assert.deepEqual([again.status, again.body, again.headers['idempotency-replayed']], [201, first, 'true']);
        refused(
            await box.waiter.post('/orders', { ...box.takeout(), note: 'x' }, { idempotency }),
            409,
            'IDEMPOTENCY_MISMATCH',
        );
    });
});
