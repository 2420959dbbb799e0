/* SPDX-License-Identifier: MIT */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { demoBox } from '../lib/box.mjs';
import { refused } from '../lib/client.mjs';

describe('health', () => {
    const box = demoBox();

    it('says ok, the version and which log this is, to anybody', async () => {
        const health = await box.anybody.read('/health');
        assert.equal(health.status, 'ok');
        const live = await box.live('waiter');
        assert.equal((await live.next()).log_id, health.log_id);
    });

    it('gives metrics to the manager alone, as Prometheus text', async () => {
        await box.send();
        const answer = await box.manager.get('/metrics', { absolute: true });
        assert.equal(answer.status, 200);
        for (const line of answer.text.trimEnd().split('\n'))
            assert.match(line, /^(# (HELP|TYPE) .+|[a-zA-Z_:][\w:]*(\{[^}]*\})? -?[\d.e+naNIf-]+)$/, line);
        const values = answer.text.split('\n').filter((l) => l && !l.startsWith('#'));
        assert.ok(
            values.some((l) => /order/.test(l) && Number(l.split(' ').pop()) >= 1),
            'an order was counted',
        );
        assert.ok(
            values.some((l) => /socket/.test(l)),
            'sockets are counted',
        );
        refused(await box.waiter.get('/metrics', { absolute: true }), 403, 'FORBIDDEN');
        refused(await box.anybody.get('/metrics', { absolute: true }), 401, 'UNAUTHENTICATED');
    });

    it('answers an unknown path and an unknown method with a problem', async () => {
        refused(await box.owner.get('/nothing'), 404, 'NOT_FOUND');
        refused(await box.owner.get('/orders/17/nothing'), 404, 'NOT_FOUND');
        refused(await box.owner.call('PUT', '/orders'), 404, 'NOT_FOUND');
        refused(await box.owner.get('/orders/0'), 404, 'NOT_FOUND');
        refused(await box.owner.get('/orders/abc'), 404, 'NOT_FOUND');
        refused(await box.owner.get('/orders/99999999999999999999'), 404, 'NOT_FOUND');
        refused(await box.owner.get('/r/nowhere/api/v1/health', { absolute: true }), 404, 'NOT_FOUND');
    });

    it('is reachable with and without the prefix of the default restaurant', async () => {
        const order = await box.send();
        const prefixed = await box.waiter.get(`/r/main/api/v1/orders/${order.id}`, { absolute: true });
        assert.equal(prefixed.body.order_number, order.order_number);
    });

    it('sends the headers that keep pages and tokens safe', async () => {
        const { headers } = await box.anybody.get('/health');
        assert.equal(headers['x-content-type-options'], 'nosniff');
        assert.equal(headers['referrer-policy'], 'no-referrer');
        assert.match(headers['content-security-policy'], /default-src 'self'/);
    });
});
