/* SPDX-License-Identifier: MIT */
/** What was answered is there after the worst end. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { demoBox } from '../lib/box.mjs';
import { key } from '../lib/client.mjs';

/** Waits until it is so; fails when all senders have given up before. */
async function reached(senders, done) {
    let over = false;
    Promise.all(senders).then(() => (over = true));
    while (!done()) {
        assert.ok(!over, 'the server takes no orders');
        await new Promise((resolve) => setTimeout(resolve, 5));
    }
}

describe('after kill -9', () => {
    const box = demoBox();

    it('every answered order is there, as answered, and numbers go on without gaps', async () => {
        const answered = [];
        const sendUntilDead = async () => {
            for (;;) {
                try {
                    answered.push(await box.waiter.order(box.takeout(...box.stations), key()));
                } catch {
                    return;
                }
            }
        };
        for (let round = 0; round < 3; round++) {
            const before = answered.length;
            const senders = Array.from({ length: 4 }, sendUntilDead);
            await reached(senders, () => answered.length >= before + 10);
            await box.server.kill();
            await Promise.all(senders);
            await box.server.boot();
            await box.connect();
            for (const order of answered) assert.deepEqual(await box.waiter.orderNow(order.id), order);
        }
        const all = [];
        let cursor = '';
        do {
            const page = await box.waiter.read(`/orders?limit=200${cursor}`);
            all.push(...page.orders);
            cursor = page.next_cursor && `&cursor=${encodeURIComponent(page.next_cursor)}`;
        } while (cursor);
        assert.equal(new Set(all.map((o) => o.id)).size, all.length);
        for (const station of box.stations) {
            const tickets = all
                .flatMap((o) => o.tickets)
                .filter((t) => t.station === station)
                .sort((a, b) => a.kot_number - b.kot_number);
            assert.deepEqual(
                tickets.map((t) => t.kot_number),
                tickets.map((_, n) => n + 1),
            );
            assert.deepEqual(
                tickets.map((t) => t.previous_kot_number),
                tickets.map((_, n) => n || null),
            );
        }
        const numbers = all.map((o) => Number(o.order_number.split('-')[2])).sort((a, b) => a - b);
        assert.deepEqual(
            numbers,
            numbers.map((_, n) => n + 1),
        );
    });

    it('a screen resumes as if nothing had been', async () => {
        const live = await box.live('kitchen');
        await live.event('sync_state');
        const first = await box.send();
        await live.event('order_created', (f) => f.order.id === first.id);
        await box.server.kill();
        assert.equal((await live.closed).code, 1006);
        await box.server.boot();
        await box.connect();
        const second = await box.send();
        const again = await box.resume(live);
        await again.event('order_created', (f) => f.order.id === second.id);
        assert.equal(again.sync, undefined);
        assert.equal(again.events[0].seq, live.seq + 1);
    });

    it('people, tokens, sessions and what is 86’d are as they were', async () => {
        const waiter = await box.signIn('waiter');
        const item = box.item();
        await box.kitchen.patch(`/menu/items/${item.id}`, { available: false });
        const table = await box.freeTable();
        await box.waiter.write(`/tables/${table.id}/open`, { guests: 2 });
        await box.server.restart('SIGKILL');
        await box.connect();
        waiter.server = box.server;
        assert.equal((await waiter.read('/session')).role, 'waiter');
        assert.equal(box.menu.items.find((i) => i.id === item.id).available, false);
        assert.equal((await box.table(table.id)).status, 'occupied');
    });
});
