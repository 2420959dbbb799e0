/* SPDX-License-Identifier: MIT */
/** Optimistic versions: nobody overwrites what they have not seen. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { demoBox } from '../lib/box.mjs';
import { refused } from '../lib/client.mjs';

describe('versions', () => {
    const box = demoBox();

    it('rise with every change and stay without one', async () => {
        const order = await box.send();
        const steps = [
            () => box.waiter.patch(`/orders/${order.id}`, { note: 'a' }),
            () => box.kitchen.orderStatus(order.id, 'preparing'),
            () => box.kitchen.itemStatus(order.items[0].id, 'ready'),
            () => box.waiter.post(`/orders/${order.id}/items`, { items: box.takeout().items }),
        ];
        let { version } = order;
        for (const step of steps) {
            const { body } = await step();
            assert.ok(body.version > version);
            version = body.version;
        }
        assert.equal((await box.kitchen.orderStatus(order.id, 'pending')).body.version, version);
    });

    it('are the ETag of an order', async () => {
        const order = await box.send();
        const { headers } = await box.waiter.get(`/orders/${order.id}`);
        const { body } = await box.waiter.patch(`/orders/${order.id}`, { note: 'b' }, { ifMatch: headers.etag });
        assert.equal(body.note, 'b');
        const conflict = refused(
            await box.waiter.patch(`/orders/${order.id}`, { note: 'c' }, { ifMatch: headers.etag }),
            409,
            'VERSION_CONFLICT',
        );
        assert.deepEqual(conflict.current, body);
        assert.equal((await box.waiter.orderNow(order.id)).note, 'b');
    });

    it('guard status calls by expected_version or If-Match, at all three levels', async () => {
        const order = await box.send();
        await box.waiter.patch(`/orders/${order.id}`, { note: 'moved on' });
        const now = await box.waiter.orderNow(order.id);
        const paths = [
            `/orders/${order.id}/status`,
            `/tickets/${order.tickets[0].id}/status`,
            `/items/${order.items[0].id}/status`,
        ];
        for (const path of paths) {
            const conflict = refused(
                await box.waiter.post(path, { status: 'preparing', expected_version: order.version }),
                409,
                'VERSION_CONFLICT',
            );
            assert.deepEqual(conflict.current, now);
            refused(
                await box.waiter.post(path, { status: 'preparing' }, { ifMatch: `"${order.version}"` }),
                409,
                'VERSION_CONFLICT',
            );
        }
        assert.deepEqual(await box.waiter.orderNow(order.id), now);
        const answer = await box.waiter.post(paths[0], { status: 'preparing', expected_version: now.version });
        assert.equal(answer.body.order_status, 'preparing');
        for (const bad of ['1', 1.5, true, 0, -1])
            refused(
                await box.waiter.post(paths[0], { status: 'ready', expected_version: bad }),
                422,
                'VALIDATION_ERROR',
                'expected_version',
            );
    });

    it('guard status calls over the socket', async () => {
        const order = await box.send();
        await box.kitchen.orderStatus(order.id, 'preparing');
        const live = await box.live('kitchen');
        const answer = await live.request({
            type: 'set_status',
            order_id: order.id,
            status: 'ready',
            expected_version: order.version,
        });
        assert.deepEqual([answer.type, answer.code], ['error', 'VERSION_CONFLICT']);
    });

    it('let one of two at once win', async () => {
        const order = await box.send();
        const answers = await Promise.all(
            ['x', 'y', 'z'].map((note) =>
                box.waiter.patch(`/orders/${order.id}`, { note }, { ifMatch: `"${order.version}"` }),
            ),
        );
        assert.deepEqual(answers.map((a) => a.status).sort(), [200, 409, 409]);
    });

    it('of tables rise too', async () => {
        const table = await box.freeTable();
        const { body } = await box.waiter.post(`/tables/${table.id}/open`, { guests: 1 });
        assert.ok(body.tables[0].version > table.version);
    });
});
