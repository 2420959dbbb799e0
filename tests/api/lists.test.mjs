/* SPDX-License-Identifier: MIT */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { demoBox } from '../lib/box.mjs';

describe('listing orders', () => {
    const box = demoBox();
    const list = async (query) => (await box.waiter.read(`/orders${query}`)).orders;
    const ids = (orders) => orders.map((o) => o.id);

    it('is newest first, fifty unless told', async () => {
        const made = [];
        for (let n = 0; n < 55; n++) made.push((await box.send()).id);
        assert.deepEqual(ids(await list('')), made.slice(-50).reverse());
        assert.deepEqual(ids(await list('?limit=3')), made.slice(-3).reverse());
        assert.deepEqual(ids(await list('?limit=200')), [...made].reverse());
    });

    it('gives whole orders', async () => {
        const order = await box.send(...box.stations);
        assert.deepEqual((await list('?limit=1'))[0], order);
    });

    it('pages do not shift while orders arrive', async () => {
        const before = ids(await list('?limit=200'));
        const seen = [];
        let cursor = '';
        do {
            const page = await box.waiter.read(`/orders?limit=7${cursor}`);
            assert.ok(page.orders.length <= 7);
            seen.push(...ids(page.orders));
            await box.send();
            cursor = page.next_cursor && `&cursor=${encodeURIComponent(page.next_cursor)}`;
        } while (cursor);
        assert.deepEqual(seen, before);
    });

    it('ends with a cursor of null, also when the last page is full', async () => {
        const all = await list('?limit=200');
        const full = await box.waiter.read(`/orders?limit=${all.length}`);
        assert.equal(full.orders.length, all.length);
        if (full.next_cursor !== null) {
            const rest = await box.waiter.read(`/orders?limit=5&cursor=${encodeURIComponent(full.next_cursor)}`);
            assert.deepEqual([rest.orders, rest.next_cursor], [[], null]);
        }
    });

    it('filters by status, one or several', async () => {
        const ready = await box.send();
        await box.kitchen.orderStatus(ready.id, 'ready');
        const gone = await box.send();
        await box.waiter.orderStatus(gone.id, 'cancelled');
        assert.deepEqual(ids(await list('?status=ready')), [ready.id]);
        assert.deepEqual(ids(await list('?status=cancelled')), [gone.id]);
        assert.deepEqual(ids(await list('?status=ready,cancelled')), [gone.id, ready.id]);
        assert.ok((await list('?status=pending')).every((o) => o.order_status === 'pending'));
        assert.deepEqual(await list('?status=served'), []);
    });

    it('filters by station, as whole orders', async () => {
        const bar = box.stations[2];
        const both = await box.send(box.stations[0], bar);
        const only = await box.send(bar);
        const found = await list(`?station=${bar}&limit=200`);
        assert.deepEqual(ids(found).slice(0, 2), [only.id, both.id]);
        assert.equal(found[1].items.length, 2);
        assert.ok(found.every((o) => o.tickets.some((t) => t.station === bar)));
        assert.deepEqual(await list('?station=nowhere').catch(() => []), []);
    });

    it('filters by table', async () => {
        const table = await box.freeTable();
        const one = await box.waiter.order(box.dineIn(table));
        const two = await box.waiter.order(box.dineIn(table));
        assert.deepEqual(ids(await list(`?table_id=${table.id}`)), [two.id, one.id]);
        assert.deepEqual(await list('?table_id=999999'), []);
    });

    it('filters by business day', async () => {
        const order = await box.send();
        const [, day] = order.order_number.split('-');
        const iso = `${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6)}`;
        assert.equal((await list(`?day=${iso}&limit=1`))[0].id, order.id);
        assert.deepEqual(await list('?day=2001-01-01'), []);
    });

    it('finds by number and by name, whatever the case and whatever is typed', async () => {
        const order = await box.waiter.order({ ...box.takeout(), customer_name: 'Åse Öztürk' });
        assert.deepEqual(ids(await list(`?q=${encodeURIComponent(order.order_number)}`)), [order.id]);
        assert.deepEqual(ids(await list(`?q=${encodeURIComponent('Öztürk')}`)), [order.id]);
        const plain = await box.waiter.order({ ...box.takeout(), customer_name: 'Margaret Hamilton' });
        assert.deepEqual(ids(await list('?q=hamilton')), [plain.id]);
        for (const q of ['%', '_', "'", '"', '\\', "'; DROP TABLE orders; --", '*', '🍋'])
            assert.deepEqual(await list(`?q=${encodeURIComponent(q)}`), [], q);
    });

    it('combines filters', async () => {
        const table = await box.freeTable();
        const order = await box.waiter.order(box.dineIn(table, box.stations[0]));
        assert.deepEqual(ids(await list(`?table_id=${table.id}&status=pending&station=${box.stations[0]}`)), [
            order.id,
        ]);
        assert.deepEqual(await list(`?table_id=${table.id}&status=ready`), []);
    });
});

describe('listing devices, alerts and printed tickets', () => {
    const box = demoBox();

    it('shows the box and its bells', async () => {
        const { devices } = await box.display.read('/devices');
        assert.ok(devices.some((d) => d.kind === 'box'));
        for (const bell of devices.filter((d) => d.kind === 'bell')) assert.equal(typeof bell.lit, 'boolean');
        assert.ok(Array.isArray((await box.display.read('/alerts')).alerts));
    });

    it('shows tickets on the strip, newest first, with their picture', async () => {
        const order = await box.send(box.stations[0], box.stations[1]);
        let mine = [];
        for (let n = 0; n < 200 && mine.length < 2; n++) {
            mine = (await box.waiter.read('/strip?limit=50')).tickets.filter((t) => t.order_id === order.id);
            if (mine.length < 2) await new Promise((resolve) => setTimeout(resolve, 50));
        }
        assert.deepEqual(
            mine.map((t) => t.ticket_id).sort((a, b) => a - b),
            order.tickets.map((t) => t.id),
        );
        for (const slip of mine) {
            const ticket = order.tickets.find((t) => t.id === slip.ticket_id);
            assert.deepEqual(
                [slip.station, slip.kot_number, slip.kind, slip.copy, slip.doubtful],
                [ticket.station, ticket.kot_number, 'new', false, false],
            );
        }
        const image = await box.kitchen.get(`/tickets/${order.tickets[0].id}/image.png`);
        assert.equal(image.status, 200);
        assert.equal(image.buffer.subarray(1, 4).toString(), 'PNG');
        assert.ok([384, 576].includes(image.buffer.readUInt32BE(16)), 'as wide as the paper has dots');
        assert.equal((await box.waiter.read('/strip?limit=1')).tickets.length, 1);
    });
});
