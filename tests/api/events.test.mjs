/* SPDX-License-Identifier: MIT */
/** GET /events: the socket's frames for those who cannot have a socket. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { demoBox } from '../lib/box.mjs';

describe('events by poll', () => {
    const box = demoBox();
    const poll = (query) => box.waiter.read(`/events${query}`);

    it('begin with a snapshot whose seq is the place to go on from', async () => {
        const order = await box.send();
        const page = await poll('');
        assert.deepEqual(
            page.events.map((e) => [e.type, e.reason]),
            [['sync_state', 'initial']],
        );
        const [sync] = page.events;
        assert.equal(page.seq, sync.seq);
        assert.deepEqual(
            sync.active_orders.map((o) => o.id),
            [order.id],
        );
        assert.equal(sync.recent_orders[0].id, order.id);
        assert.equal(sync.tables.length, 14);
        assert.ok(sync.menu_version >= 0);
        assert.deepEqual(await poll(`?since=${page.seq}`), {
            ...(await poll(`?since=${page.seq}`)),
            events: [],
            seq: page.seq,
        });
    });

    it('come in order, without gaps, once', async () => {
        const start = (await poll('')).seq;
        const orders = [];
        for (let n = 0; n < 5; n++) orders.push(await box.send());
        const page = await poll(`?since=${start}`);
        const created = page.events.filter((e) => e.type === 'order_created');
        assert.deepEqual(
            created.map((e) => e.order),
            orders,
        );
        assert.deepEqual(
            page.events.map((e) => e.seq),
            page.events.map((_, n) => start + 1 + n),
        );
        assert.equal(page.seq, page.events.at(-1).seq);
        assert.deepEqual((await poll(`?since=${start + 2}`)).events, page.events.slice(2));
    });

    it('come in pages', async () => {
        const start = (await poll('')).seq;
        for (let n = 0; n < 5; n++) await box.send();
        const whole = await poll(`?since=${start}`);
        const seen = [];
        for (let since = start; seen.length < whole.events.length;) {
            const page = await poll(`?since=${since}&limit=2`);
            assert.ok(page.events.length > 0 && page.events.length <= 2);
            seen.push(...page.events);
            since = page.seq;
        }
        assert.deepEqual(seen, whole.events);
    });

    it('wait until something happens', async () => {
        const start = (await poll('')).seq;
        const waiting = poll(`?since=${start}&wait_s=25`);
        let done = false;
        waiting.then(() => (done = true));
        await box.anybody.read('/health');
        assert.equal(done, false, 'nothing has happened yet');
        const order = await box.send();
        const page = await waiting;
        assert.deepEqual([page.events[0].type, page.events[0].order.id], ['order_created', order.id]);
    });

    it('wait no longer than told', async () => {
        const start = (await poll('')).seq;
        assert.deepEqual(await poll(`?since=${start}&wait_s=1`), { events: [], seq: start });
    });

    it('do not wait when there is something already', async () => {
        const start = (await poll('')).seq;
        await box.send();
        const page = await poll(`?since=${start}&wait_s=25`);
        assert.ok(page.events.length > 0);
    });

    it('take no worker while they wait: sixty wait, orders go on', async () => {
        const start = (await poll('')).seq;
        const waiting = Array.from({ length: 60 }, () => poll(`?since=${start}&wait_s=25&topics=menu`));
        const settled = Promise.all(waiting);
        for (let n = 0; n < 5; n++) await box.send();
        assert.equal((await box.anybody.read('/health')).status, 'ok');
        await box.kitchen.patch(`/menu/items/${box.item().id}`, { available: true });
        await box.kitchen.patch(`/menu/items/${box.item().id}`, { available: false });
        await box.kitchen.patch(`/menu/items/${box.item().id}`, { available: true });
        for (const page of await settled)
            assert.ok(page.events.every((e) => e.type === 'menu_updated') && page.events.length > 0);
    });

    it('follow the filters', async () => {
        const [s1, s2] = box.stations;
        const start = (await poll('')).seq;
        const one = await box.send(s1);
        const two = await box.send(s2);
        const both = await box.send(s1, s2);
        const created = async (query) =>
            (await poll(`?since=${start}${query}`)).events
                .filter((e) => e.type === 'order_created')
                .map((e) => e.order.id);
        assert.deepEqual(await created(`&station=${s1}`), [one.id, both.id]);
        assert.deepEqual(await created(`&station=${s2}`), [two.id, both.id]);
        assert.deepEqual(await created('&status=pending'), [one.id, two.id, both.id]);
        assert.deepEqual(await created('&status=ready'), []);
        assert.deepEqual((await poll(`?since=${start}&topics=tables`)).events, []);
        const end = (await poll('')).seq;
        assert.equal(
            (await poll(`?since=${start}&topics=menu`)).seq,
            end,
            'what is filtered out need not be read again',
        );
    });

    it('start over with a snapshot when the place is ahead of the log or of another log', async () => {
        const { seq } = await poll('');
        const { log_id } = await box.anybody.read('/health');
        const reason = async (query) => (await poll(query)).events.map((e) => e.reason);
        assert.deepEqual(await reason(`?since=${seq + 1}`), ['ahead']);
        assert.deepEqual(await reason('?since=9007199254740991&wait_s=25'), ['ahead']);
        assert.deepEqual(await reason(`?since=${seq}&log=6ba7b810-9dad-41d1-80b4-00c04fd430c8`), ['other_log']);
        assert.deepEqual(await poll(`?since=${seq}&log=${log_id}`), { events: [], seq });
    });

    it('start over with a snapshot when the place is more than 1000 events back', async () => {
        const start = (await poll('')).seq;
        const lines = Array.from({ length: 200 }, () => ({ menu_item_id: box.item().id, quantity: 1 }));
        const order = await box.send(...lines);
        const count = async () => (await poll('')).seq - start;
        for (const status of ['preparing', 'ready', 'preparing', 'ready'])
            await box.kitchen.orderStatus(order.id, status);
        const between = await count();
        assert.ok(between > 800 && between <= 1000, `${between} events so far`);
        const page = await poll(`?since=${start}`);
        assert.deepEqual([page.events[0].type, page.events.length], ['order_created', 500]);
        await box.kitchen.orderStatus(order.id, 'preparing');
        const end = start + (await count());
        assert.deepEqual(
            (await poll(`?since=${end - 1001}`)).events.map((e) => e.reason),
            ['too_old'],
        );
        assert.equal((await poll(`?since=${end - 1000}`)).events[0].seq, end - 999);
    });

    it('go on after a crash where they were', async () => {
        const start = (await poll('')).seq;
        const order = await box.send();
        await box.server.restart('SIGKILL');
        await box.connect();
        const page = await box.waiter.read(`/events?since=${start}`);
        assert.deepEqual([page.events[0].type, page.events[0].order], ['order_created', order]);
    });

    it('of whoever waits are answered when the server stops', async () => {
        const { seq } = await poll('');
        const waiting = poll(`?since=${seq}&wait_s=25`).then(
            (page) => page.events,
            (error) => error,
        );
        await box.anybody.read('/health');
        await box.server.stop();
        await waiting;
        await box.server.boot();
        await box.connect();
    });
});
