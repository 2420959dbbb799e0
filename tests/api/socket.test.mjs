/* SPDX-License-Identifier: MIT */
/** The WebSocket: first frames, resume, filters, commands, and what it does with nonsense. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { demoBox } from '../lib/box.mjs';
import { Live, key, refused, upgradeRefused } from '../lib/client.mjs';

describe('the socket', () => {
    const box = demoBox();

    it('begins with who it is, then the whole picture', async () => {
        const order = await box.send();
        const live = await box.live('waiter');
        const hello = await live.next();
        assert.deepEqual(
            [hello.type, hello.restaurant_id, hello.role, hello.protocol, hello.heartbeat_s],
            ['connection_established', 'main', 'waiter', 1, 15],
        );
        const sync = await live.next();
        assert.deepEqual([sync.type, sync.reason, sync.request_id], ['sync_state', 'initial', undefined]);
        assert.deepEqual(
            sync.active_orders.find((o) => o.id === order.id),
            order,
        );
        assert.equal(sync.recent_orders[0].id, order.id);
        assert.equal(sync.tables.length, 14);
        assert.ok(sync.metrics.orders_today >= 1);
        assert.equal(sync.menu_version, box.menu.version);
        const other = await box.live('waiter');
        assert.notEqual((await other.next()).client_id, hello.client_id);
    });

    it('holds held to ready and unpaid served ones of open tables as active, ten newest as recent', async () => {
        const gone = await box.send();
        await box.waiter.orderStatus(gone.id, 'cancelled');
        const eaten = await box.send();
        for (const status of ['ready', 'served']) await box.waiter.orderStatus(eaten.id, status);
        const table = await box.freeTable();
        const sitting = await box.waiter.order(box.dineIn(table));
        for (const status of ['ready', 'served']) await box.waiter.orderStatus(sitting.id, status);
        for (let n = 0; n < 11; n++) await box.send();
        const live = await box.live('waiter');
        const sync = await live.event('sync_state');
        const active = sync.active_orders.map((o) => o.id);
        assert.ok(!active.includes(gone.id) && !active.includes(eaten.id));
        assert.ok(active.includes(sitting.id), 'served, unpaid, at an open table');
        const { orders } = await box.waiter.read('/orders?limit=10');
        assert.deepEqual(
            sync.recent_orders.map((o) => o.id),
            orders.map((o) => o.id),
        );
        await box.manager.write(`/tables/${table.id}/close`, { force: true });
        const later = await (await box.live('waiter')).event('sync_state');
        assert.ok(!later.active_orders.some((o) => o.id === sitting.id), 'its table is closed');
    });

    it('pushes every event once, in order, to everybody', async () => {
        const a = await box.live('waiter');
        const b = await box.live('kitchen');
        await Promise.all([a.event('sync_state'), b.event('sync_state')]);
        const order = await box.send(...box.stations);
        await box.kitchen.orderStatus(order.id, 'ready');
        for (const live of [a, b]) {
            await live.event('order_status_changed', (f) => f.order.id === order.id);
            const seqs = live.events.map((f) => f.seq);
            assert.deepEqual(
                seqs,
                seqs.map((_, n) => live.sync.seq + 1 + n),
                'no gap, no repeat',
            );
        }
        /* One of them may have heard the bell's next word already. */
        const heard = Math.min(a.events.length, b.events.length);
        const told = (live) => live.events.slice(0, heard).map((f) => [f.seq, f.type]);
        assert.deepEqual(told(a), told(b));
    });

    it('resumes with the missed events, as logged, and no snapshot', async () => {
        const live = await box.live('waiter');
        await live.event('sync_state');
        await live.close();
        const start = live.seq;
        const order = await box.send();
        await box.kitchen.orderStatus(order.id, 'preparing');
        const logged = await box.eventsSince(start, box.waiter);
        const again = await box.resume(live);
        assert.equal((await again.next()).type, 'connection_established');
        await again.waitFor((f) => f.seq === logged.at(-1).seq);
        await again.settle();
        assert.deepEqual(again.events, logged);
        assert.equal(again.sync, undefined);
        const nothing = await box.resume(again);
        await nothing.settle();
        assert.deepEqual([nothing.events, nothing.sync], [[], undefined]);
    });

    it('resumes with a snapshot when the place is ahead, of another log, or too old', async () => {
        const first = await box.live('waiter');
        const { seq } = await first.event('sync_state');
        const lines = Array.from({ length: 200 }, () => ({ menu_item_id: box.item().id, quantity: 1 }));
        const order = await box.send(...lines);
        for (const status of ['preparing', 'ready', 'preparing', 'ready', 'preparing'])
            await box.kitchen.orderStatus(order.id, status);
        for (const [query, reason] of [
            [{ since: (await box.logEnd()) + 1000 }, 'ahead'],
            [{ since: await box.logEnd(), log: '6ba7b810-9dad-41d1-80b4-00c04fd430c8' }, 'other_log'],
            [{ since: seq }, 'too_old'],
        ]) {
            const live = await box.live('waiter', { query });
            assert.equal((await live.next()).type, 'connection_established');
            const sync = await live.next();
            assert.deepEqual([sync.type, sync.reason], ['sync_state', reason]);
            await live.close();
        }
        await box.manager.orderStatus(order.id, 'cancelled');
    });

    it('misses nothing when it opens while orders arrive', async () => {
        const sending = (async () => {
            const made = [];
            for (let n = 0; n < 30; n++) made.push(await box.send());
            return made;
        })();
        const lives = [];
        for (let n = 0; n < 10; n++)
            lives.push(
                await box.live('waiter', { token: await box.server.token('waiter', { name: 'opens and closes' }) }),
            );
        const made = await sending;
        for (const live of lives) {
            await live.waitFor(
                (f) =>
                    f.seq >= 0 &&
                    (f.order?.id === made.at(-1).id || f.active_orders?.some((o) => o.id === made.at(-1).id)),
            );
            const known = new Set(live.sync.active_orders.map((o) => o.id));
            const pushed = live.events.filter((f) => f.type === 'order_created').map((f) => f.order.id);
            for (const { id } of made)
                assert.ok(known.has(id) !== pushed.includes(id), `order ${id} is known exactly once`);
            await live.close();
        }
    });

    it('filters by station: whole orders, own tickets and items', async () => {
        const [s1, s2] = box.stations;
        const live = await box.live('kitchen', { query: { station: s1 } });
        await live.event('sync_state');
        assert.ok(live.sync.active_orders.every((o) => o.tickets.some((t) => t.station === s1)));
        const other = await box.send(s2);
        await box.kitchen.orderStatus(other.id, 'ready');
        const both = await box.send(s1, s2);
        await box.kitchen.orderStatus(both.id, 'preparing');
        await live.event('order_status_changed', (f) => f.order.id === both.id);
        const mine = live.events.filter((f) => f.order || f.order_id);
        assert.ok(mine.every((f) => (f.order?.id ?? f.order_id) === both.id));
        assert.deepEqual(
            mine.map((f) => f.type),
            ['order_created', 'item_status_changed', 'ticket_status_changed', 'order_status_changed'],
        );
        assert.equal(mine[0].order.items.length, 2, 'as the whole order');
        assert.deepEqual([mine[1].item.station, mine[2].ticket.station], [s1, s1]);
    });

    it('filters by status so that a view sees things come and leave', async () => {
        const live = await box.live('waiter', { query: { status: 'ready' } });
        await live.event('sync_state');
        assert.ok(live.sync.active_orders.every((o) => o.order_status === 'ready'));
        const order = await box.send();
        await box.kitchen.orderStatus(order.id, 'preparing');
        await box.kitchen.orderStatus(order.id, 'ready');
        await box.waiter.orderStatus(order.id, 'served');
        await box.waiter.patch(`/orders/${order.id}`, { note: 'gone from this view' });
        await live.event('order_status_changed', (f) => f.order.id === order.id && f.new_status === 'served');
        await live.settle();
        const mine = live.events.filter((f) => f.type.startsWith('order_') && f.order.id === order.id);
        assert.deepEqual(
            mine.map((f) => [f.type, f.new_status]),
            [
                ['order_status_changed', 'ready'],
                ['order_status_changed', 'served'],
            ],
        );
    });

    it('filters by station and status by the ticket there', async () => {
        const [s1, s2] = box.stations;
        const live = await box.live('kitchen', { query: { station: s1, status: 'ready' } });
        await live.event('sync_state');
        const order = await box.send(s1, s2);
        const at = (station) => order.tickets.find((t) => t.station === station).id;
        await box.kitchen.ticketStatus(at(s2), 'ready');
        await box.kitchen.ticketStatus(at(s1), 'ready');
        await live.event('order_status_changed', (f) => f.order.id === order.id);
        assert.deepEqual(
            live.events.filter((f) => f.type === 'ticket_status_changed').map((f) => f.ticket.id),
            [at(s1)],
        );
    });

    it('filters by topics, with the rest of the snapshot empty', async () => {
        const live = await box.live('waiter', { query: { topics: 'tables,menu' } });
        const sync = await live.event('sync_state');
        assert.deepEqual([sync.active_orders, sync.recent_orders, sync.devices, sync.metrics], [[], [], [], null]);
        assert.equal(sync.tables.length, 14);
        await box.send();
        const table = await box.freeTable();
        await box.waiter.order(box.dineIn(table));
        await live.event('table_update', (f) => f.table.id === table.id);
        assert.deepEqual([...new Set(live.events.map((f) => f.type))], ['table_update']);
    });

    it('refuses filters that make no sense on the upgrade', async () => {
        const token = await box.server.token('waiter');
        for (const query of [{ topics: 'gossip' }, { status: 'boiling' }, { since: 'x' }, { since: '-1' }])
            refused(await upgradeRefused(box.server, { token, query }), 422, 'VALIDATION_ERROR');
    });

    it('takes orders, and acknowledges with exactly the HTTP body', async () => {
        const live = await box.live('waiter');
        const answer = await live.request({
            type: 'submit_order',
            idempotency_key: key(),
            order: box.takeout(...box.stations),
        });
        assert.equal(answer.type, 'ack');
        assert.deepEqual(await box.waiter.orderNow(answer.result.id), answer.result);
        const event = await live.event('order_created', (f) => f.order.id === answer.result.id);
        assert.deepEqual(event.order, answer.result);
        assert.ok(answer.seq >= event.seq);
    });

    it('sets status at all three levels', async () => {
        const live = await box.live('manager');
        const order = await box.send();
        const [a] = order.items;
        const bumped = await live.ask({ type: 'set_status', item_id: a.id, status: 'preparing' });
        assert.equal(bumped.items[0].item_status, 'preparing');
        assert.equal(
            (await live.ask({ type: 'set_status', ticket_id: order.tickets[0].id, status: 'ready' })).tickets[0]
                .ticket_status,
            'ready',
        );
        assert.equal(
            (await live.ask({ type: 'set_status', order_id: order.id, status: 'served' })).order_status,
            'served',
        );
        const wrong = await live.request({ type: 'set_status', order_id: order.id, status: 'pending' });
        assert.deepEqual([wrong.type, wrong.code], ['error', 'INVALID_TRANSITION']);
        const nobody = await live.request({ type: 'set_status', order_id: 9_999_999, status: 'ready' });
        assert.equal(nobody.type, 'error');
        assert.ok(['VALIDATION_ERROR', 'NOT_FOUND'].includes(nobody.code));
    });

    it('answers pings, syncs on request and takes what screens tell', async () => {
        const live = await box.live('kitchen');
        await live.event('sync_state');
        const pong = await live.request({ type: 'ping' });
        assert.equal(pong.type, 'pong');
        const order = await box.send();
        const ticket_ids = order.tickets.map((t) => t.id);
        const sync = await live.request({ type: 'sync' });
        assert.deepEqual([sync.type, sync.reason], ['sync_state', 'requested']);
        assert.ok(sync.active_orders.some((o) => o.id === order.id));
        for (const type of ['painted', 'touched']) assert.equal((await live.request({ type, ticket_ids })).type, 'ack');
        const from = live.frames.length;
        live.send({ type: 'painted', ticket_ids });
        await live.settle();
        assert.deepEqual(
            live.frames.slice(from).filter((f) => f.type === 'ack' || f.type === 'error'),
            [],
            'without a request_id: errors only',
        );
    });

    it('answers what it cannot use with an error and stays open', async () => {
        const live = await box.live('waiter');
        await live.event('sync_state');
        const cases = [
            ['{', 'MALFORMED_JSON'],
            ['', 'MALFORMED_JSON'],
            ['{"type":"ping","type":"ping"}', 'MALFORMED_JSON'],
            ['{"type":"ping","request_id":"\\ud800"}', 'MALFORMED_JSON'],
            ['{"type":"dance"}', 'VALIDATION_ERROR'],
            ['{"type":5}', 'VALIDATION_ERROR'],
            ['{}', 'VALIDATION_ERROR'],
            ['{"type":"ping","extra":1}', 'VALIDATION_ERROR'],
        ];
        for (const [text, code] of cases) {
            const from = live.frames.length;
            live.send(text);
            const error = await live.waitFor((f) => f.type === 'error', { from });
            assert.equal(error.code, code, text);
            assert.ok(error.detail);
        }
        assert.equal((await live.settle()).type, 'pong');
        await live.close();
    });

    it('checks orders as HTTP does', async () => {
        const live = await box.live('waiter');
        const line = box.takeout().items[0];
        const cases = [
            [
                { order_type: 'takeout', items: [{ ...line, quantity: '2' }] },
                'order.items[0].quantity',
                'items[0].quantity',
            ],
            [{ ...box.takeout(), notes: 'no nuts' }, 'order.notes', 'notes'],
            [{ order_type: 'dine_in', items: [line] }, 'order.table_id', 'table_id'],
        ];
        for (const [order, ...fields] of cases) {
            const error = await live.request({ type: 'submit_order', order });
            assert.deepEqual([error.type, error.code], ['error', 'VALIDATION_ERROR']);
            assert.ok(fields.includes(error.field), error.field);
        }
        const typo = await live.request({ type: 'submit_order', order: box.takeout(), idempotencykey: 'x' });
        assert.deepEqual([typo.type, typo.code], ['error', 'VALIDATION_ERROR']);
        for (const frame of [
            { type: 'set_status', status: 'ready' },
            { type: 'set_status', status: 'ready', order_id: 1, item_id: 1 },
            { type: 'painted', ticket_ids: 'x' },
            { action: 'dance' },
            { actions: [] },
            { actions: 'x' },
        ])
            assert.equal((await live.request(frame)).code, 'VALIDATION_ERROR', JSON.stringify(frame));
    });

    it('closes after ten bad frames at once', async () => {
        const live = await Live.open(box.server, { token: await box.server.token('waiter') });
        await live.next();
        for (let n = 0; n < 12; n++) live.send('{');
        const { code } = await live.closed;
        assert.ok(code >= 1000, String(code));
        assert.ok(live.frames.filter((f) => f.type === 'error').length >= 1);
    });

    it('closes with 1009 on a frame over 256 KiB, 1007 on bad UTF-8, and refuses binary', async () => {
        const token = await box.server.token('waiter');
        const open = async () => {
            const live = await Live.open(box.server, { token });
            await live.next();
            return live;
        };
        const big = await open();
        big.send(JSON.stringify({ type: 'ping', pad: 'x'.repeat(257 * 1024) }));
        assert.equal((await big.closed).code, 1009);
        const latin = await open();
        latin.socket.send(Buffer.from([0x7b, 0xff, 0xfe, 0x7d]), { binary: false });
        assert.equal((await latin.closed).code, 1007);
        const binary = await open();
        binary.socket.send(Buffer.from([1, 2, 3]), { binary: true });
        await Promise.race([binary.closed, binary.event('error').catch(() => binary.closed)]);
        binary.socket.terminate();
        const fits = await open();
        const answer = await fits.request({ type: 'ping', request_id: 'x', pad: 'x'.repeat(200 * 1024) });
        assert.equal(answer.code, 'VALIDATION_ERROR');
        await fits.close();
    });

    it('puts a frame together that comes in parts', async () => {
        const live = await box.live('waiter');
        await live.event('sync_state');
        const text = JSON.stringify({ type: 'ping', request_id: 'in parts' });
        for (let at = 0; at < text.length; at += 7)
            live.socket.send(text.slice(at, at + 7), { fin: at + 7 >= text.length });
        assert.equal((await live.waitFor((f) => f.request_id === 'in parts')).type, 'pong');
    });

    it('answers WebSocket pings', async () => {
        const live = await box.live('waiter');
        const pong = new Promise((resolve) => live.socket.once('pong', (data) => resolve(data.toString())));
        live.socket.ping('are you there?');
        const awake = setTimeout(() => {}, 60_000); /* the socket alone does not keep a test alive */
        assert.equal(await pong, 'are you there?');
        clearTimeout(awake);
    });

    it('refuses an upgrade that is none', async () => {
        const token = await box.server.token('waiter');
        const answer = await box.waiter.get('/ws/orders/live');
        assert.ok(answer.status >= 400 && answer.status < 500, String(answer.status));
        const old = await upgradeRefused(box.server, { token, headers: { 'Sec-WebSocket-Version': '8' } }).catch(
            (error) => error,
        );
        assert.ok(old, 'an old version is not accepted');
    });

    it('tells the manager who is connected, and lets them drop one', async () => {
        const live = await Live.open(box.server, {
            token: await box.server.token('kitchen', { name: 'Grill tablet' }),
        });
        const { client_id } = await live.next();
        const { connections } = await box.manager.read('/ws/orders/live/connections');
        const mine = connections.find((c) => c.client_id === client_id);
        assert.deepEqual([mine.role, mine.who.name, mine.address], ['kitchen', 'Grill tablet', '127.0.0.1']);
        const status = await box.manager.read('/ws/orders/live/status');
        assert.equal(status.connections, connections.length);
        assert.deepEqual([status.max_sockets, status.max_sockets_per_token], [64, 20]);
        assert.equal((await box.manager.delete(`/ws/orders/live/connections/${client_id}`)).status, 204);
        assert.equal((await live.closed).code, 4403);
        refused(await box.manager.delete(`/ws/orders/live/connections/${client_id}`), 404, 'NOT_FOUND');
        const after = await box.manager.read('/ws/orders/live/connections');
        assert.ok(after.connections.every((c) => c.client_id !== client_id));
    });

    it('pushes the day’s figures to those who may see them', async () => {
        const live = await box.live('manager');
        const sync = await live.event('sync_state');
        const order = await box.send();
        const { metrics } = await live.event(
            'metrics_update',
            (f) => f.metrics.orders_today > sync.metrics.orders_today,
        );
        assert.equal(metrics.revenue_today, sync.metrics.revenue_today + order.total_price);
        assert.equal(metrics.customers_today, sync.metrics.customers_today + 1);
        assert.equal(metrics.paid_today, sync.metrics.paid_today);
    });
});

describe('the limits of sockets', () => {
    const box = demoBox({ args: ['--max-sockets', '6', '--max-sockets-per-token', '3'] });

    it('hold for a token and for the restaurant, and places become free again', async () => {
        const token = (name) => box.server.token('waiter', { name });
        const open = async (name) => {
            const live = await Live.open(box.server, { token: await token(name) });
            await live.next();
            return live;
        };
        const a = [await open('a'), await open('a'), await open('a')];
        const full = await upgradeRefused(box.server, { token: await token('a') });
        assert.ok([429, 503].includes(full.status), full.text);
        const b = [await open('b'), await open('b'), await open('b')];
        refused(await upgradeRefused(box.server, { token: await token('c') }), 503, 'UNAVAILABLE');
        assert.equal((await box.anybody.get('/health')).status, 200);
        await b.pop().close();
        let c;
        for (let n = 0; !c; n++) {
            c = await open('c').catch((error) => {
                if (n > 100) throw error;
            });
        }
        const status = await box.manager.read('/ws/orders/live/status');
        assert.deepEqual([status.connections, status.max_sockets, status.max_sockets_per_token], [6, 6, 3]);
        for (const live of [...a, ...b, c]) await live.close();
    });
});
