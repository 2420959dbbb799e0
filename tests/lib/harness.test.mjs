/* SPDX-License-Identifier: MIT */
/** The harness itself: it must catch what it is there to catch. Runs against a small double of the server. */
import assert from 'node:assert/strict';
import { chmodSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Api, Live, refused, upgradeRefused } from './client.mjs';
import {
    check,
    expandRoles,
    fits,
    frameRef,
    frames,
    openapi,
    operationOf,
    operations,
    schemaRef,
} from './contract.mjs';
import { Server, assertClean, run, temporaryFolder } from './server.mjs';

function double(mode) {
    const path = join(temporaryFolder(), 'servery');
    const script = fileURLToPath(new URL('./double.mjs', import.meta.url));
    writeFileSync(path, `#!/bin/sh\nexec "${process.execPath}" "${script}" ${mode} "$@"\n`);
    chmodSync(path, 0o755);
    return path;
}

const order = {
    id: 17,
    order_number: 'ORD-20261120-007',
    restaurant_id: 'main',
    order_type: 'dine_in',
    table_id: 5,
    table_name: '5',
    guests: 2,
    customer_name: null,
    customer_phone: null,
    order_status: 'pending',
    payment_status: 'pending',
    payment_method: null,
    priority: 'normal',
    source: 'pos',
    note: '',
    currency: 'EUR',
    subtotal: 2550,
    discount: 0,
    service_charge: 0,
    tax: 232,
    total_price: 2550,
    estimated_time: 15,
    created_at: '2026-11-20T10:30:45.123Z',
    client_created_at: null,
    updated_at: '2026-11-20T10:30:45.123Z',
    created_by: { kind: 'staff', id: 3, name: 'Maria' },
    version: 1,
    items: [
        {
            id: 41,
            menu_item_id: 3,
            name: 'Dal Tadka',
            kitchen_name: 'दाल तड़का',
            quantity: 2,
            unit_price: 1275,
            modifiers: [{ id: 7, name: 'Extra hot', price: 0 }],
            note: 'no coriander',
            seat: null,
            course: 1,
            station: 'grill',
            item_status: 'pending',
            ticket_id: 31,
        },
    ],
    tickets: [
        {
            id: 31,
            station: 'grill',
            kot_number: 18,
            previous_kot_number: 17,
            kind: 'new',
            ticket_status: 'pending',
            lines: [{ item_id: 41, quantity: 2, change: 'add' }],
            created_at: '2026-11-20T10:30:45.123Z',
        },
    ],
};

describe('the contract files', () => {
    it('compile, every schema and every frame', () => {
        for (const name of Object.keys(openapi.components.schemas))
            assert.equal(typeof fits(schemaRef(name), null), 'boolean', name);
        for (const name of Object.keys(frames.$defs)) assert.equal(typeof fits(frameRef(name), null), 'boolean', name);
        assert.equal(typeof fits(frames.$id, null), 'boolean');
    });

    it('compile, every request and answer in place', () => {
        const escape = (key) => key.replaceAll('~', '~0').replaceAll('/', '~1');
        let count = 0;
        for (const { op, pointer } of operations) {
            const bodies = [
                ['requestBody', op.requestBody],
                ...Object.entries(op.responses).map(([s, r]) => [`responses/${s}`, r]),
            ];
            for (const [where, holder] of bodies)
                for (const type of Object.keys(holder?.content ?? {})) {
                    if (holder.content[type].schema) fits(`${pointer}/${where}/content/${escape(type)}/schema`, null);
                    count++;
                }
        }
        assert.ok(count > 20);
    });

    it('name every operation once, with roles and a problem answer', () => {
        const ids = operations.map((o) => o.op.operationId);
        assert.equal(new Set(ids).size, ids.length);
        for (const { op, roles, path, method } of operations) {
            assert.ok(Array.isArray(roles), `${method} ${path} has x-servery-role`);
            assert.equal(op.responses.default.$ref, '#/components/responses/Problem', `${method} ${path}`);
            for (const role of roles)
                assert.ok(['any', 'owner', 'manager', 'waiter', 'kitchen', 'display', 'guest'].includes(role));
            assert.equal(roles.length === 0, op.security?.length === 0, `${method} ${path}: security and role agree`);
        }
    });

    it('offer Idempotency-Key on every POST but signing in', () => {
        for (const { method, path, op } of operations) {
            if (method !== 'POST' || path === '/session') continue;
            const has = (op.parameters ?? []).some((p) => p.$ref === '#/components/parameters/IdempotencyKey');
            assert.ok(has, `POST ${path}`);
        }
    });

    it('refuse unknown fields in every request body', () => {
        for (const { op, method, path, planned } of operations) {
            const schema = op.requestBody?.content['application/json']?.schema;
            if (!schema || planned) continue;
            const name = schema.$ref.split('/').pop();
            assert.equal(openapi.components.schemas[name].additionalProperties, false, `${method} ${path}`);
        }
        for (const { $ref } of frames.$defs.client_frame.oneOf)
            assert.equal(frames.$defs[$ref.split('/').pop()].additionalProperties, false, $ref);
    });

    it('accept the example order, and not a broken one', () => {
        check(schemaRef('Order'), order, 'example');
        for (const broken of [
            { ...order, total_price: '2550' },
            { ...order, created_at: '2026-11-20T10:30:45Z' },
            { ...order, order_status: 'done' },
            { ...order, items: [{ ...order.items[0], item_status: 'cancelled' }] },
            { ...order, tickets: undefined },
        ])
            assert.throws(
                () => check(schemaRef('Order'), JSON.parse(JSON.stringify(broken)), 'broken'),
                /breaks the contract/,
            );
    });

    it('accept the order requests of the contract, and not nonsense', () => {
        const line = { menu_item_id: 3, quantity: 2 };
        const good = [
            { order_type: 'takeout', items: [line] },
            {
                order_type: 'dine_in',
                table_id: 5,
                items: [{ ...line, modifiers: [7], note: 'no coriander', seat: 1, course: 2 }],
            },
            {
                order_type: 'takeout',
                items: [{ open_name: 'Birthday cake', open_price: 2500, station: 'cold', quantity: 1 }],
            },
            { order_type: 'delivery', items: [line], note: null, priority: 'rush', notify: false, print: false },
        ];
        const bad = [
            { order_type: 'dine_in', items: [line] },
            { order_type: 'dine_in', table_id: null, items: [line] },
            { order_type: 'takeout', items: [] },
            { order_type: 'takeout', items: [{ ...line, price: 1 }] },
            { order_type: 'takeout', items: [{ ...line, quantity: 0 }] },
            { order_type: 'takeout', items: [{ ...line, quantity: 1000 }] },
            { order_type: 'takeout', items: [{ ...line, open_name: 'Cake', open_price: 1, station: 'cold' }] },
            { order_type: 'takeout', items: [{ open_name: 'Cake', quantity: 1 }] },
            { order_type: 'takeout', items: [line], total_price: 1 },
            { order_type: 'takeout', items: Array(201).fill(line) },
        ];
        for (const request of good) check(schemaRef('NewOrder'), request, 'good');
        for (const request of bad)
            assert.equal(fits(schemaRef('NewOrder'), request), false, JSON.stringify(request).slice(0, 100));
    });

    it('accept the frames of the contract, and tell them apart', () => {
        const good = [
            { type: 'ping' },
            { type: 'ping', request_id: 'a' },
            {
                type: 'submit_order',
                request_id: 'a',
                idempotency_key: 'k',
                order: { order_type: 'takeout', items: [{ menu_item_id: 3, quantity: 1 }] },
            },
            { type: 'set_status', ticket_id: 31, status: 'ready' },
            { type: 'sync' },
            { type: 'painted', ticket_ids: [31] },
            { type: 'touched', ticket_ids: [31] },
            { action: 'close_table', table_id: 12 },
            { action: 'move_table', from_table_id: 5, to_table_id: 9 },
            {
                actions: [
                    { action: 'disable_table', table_id: 1 },
                    { action: 'enable_table', table_id: 1 },
                ],
                request_id: 'b',
            },
        ];
        const bad = [
            { type: 'pong' },
            { type: 'ping', extra: 1 },
            { type: 'set_status', status: 'ready' },
            { type: 'set_status', status: 'ready', order_id: 1, ticket_id: 2 },
            { type: 'painted', ticket_ids: [] },
            { action: 'move_table', table_id: 1 },
            { action: 'close_table', table_id: 1, type: 'ping' },
            { actions: [] },
            { actions: [{ action: 'close_table', table_id: 1, request_id: 'x' }] },
        ];
        for (const frame of good) check(frameRef('client_frame'), frame, 'good');
        for (const frame of bad) assert.equal(fits(frameRef('client_frame'), frame), false, JSON.stringify(frame));
        check(
            frameRef('server_frame'),
            {
                type: 'order_status_changed',
                seq: 9,
                timestamp: order.created_at,
                order,
                old_status: 'pending',
                new_status: 'ready',
                updated_by: order.created_by,
            },
            'event',
        );
        const sync = {
            type: 'sync_state',
            seq: 9,
            reason: 'initial',
            active_orders: [order],
            recent_orders: [],
            tables: [],
            devices: [],
            alerts: [],
            menu_version: null,
            metrics: null,
        };
        check(frameRef('state_frame'), sync, 'snapshot');
        delete sync.metrics;
        assert.equal(fits(frameRef('state_frame'), sync), false);
    });

    it('are found by concrete paths', () => {
        assert.equal(operationOf('GET', '/api/v1/orders/17').path, '/orders/{id}');
        assert.equal(operationOf('GET', '/r/second/api/v1/orders?limit=1').path, '/orders');
        assert.equal(operationOf('GET', '/api/v1/tickets/3/image.png').path, '/tickets/{id}/image.png');
        assert.equal(operationOf('GET', '/api/v1/ws/orders/live/status').path, '/ws/orders/live/status');
        assert.equal(operationOf('GET', '/metrics').path, '/metrics');
        assert.equal(operationOf('GET', '/api/v1/metrics'), undefined);
        assert.equal(operationOf('GET', '/api/v1/nothing'), undefined);
    });

    it('expand roles to all they let in', () => {
        assert.equal(expandRoles([]), null);
        assert.deepEqual([...expandRoles(['kitchen', 'waiter'])].sort(), ['kitchen', 'manager', 'owner', 'waiter']);
        assert.deepEqual([...expandRoles(['any', 'guest'])].length, 6);
    });
});

describe('the server helper', () => {
    it('starts, makes tokens, restarts, stops and cleans up', async () => {
        const server = await Server.start({ bin: double('good'), demo: true });
        assert.deepEqual(server.people, [{ name: 'Maria', role: 'waiter', pin: '1234' }]);
        assert.equal(await server.token('waiter'), await server.token('waiter'));
        const before = server.pid;
        await server.restart('SIGKILL');
        assert.notEqual(server.pid, before);
        await server.dispose();
        assert.equal(existsSync(server.data), false);
    });

    it('says why a server did not come up', async () => {
        await assert.rejects(Server.start({ bin: double('dead') }), /ended \(3\) before it was ready\n.*no luck/s);
    });

    it('fails on sanitizer reports, however the server ends', async () => {
        const server = await Server.start({ bin: double('asan') });
        await assert.rejects(server.dispose(), /AddressSanitizer/);
        await assert.rejects(run(['token', 'create'], { bin: double('asan') }), /AddressSanitizer/);
        for (const text of [
            '==1==ERROR: LeakSanitizer: detected memory leaks',
            'WARNING: ThreadSanitizer: data race',
            'x.c:3:4: runtime error: shift',
        ])
            assert.throws(() => assertClean(text));
        assertClean('order 17 accepted');
    });

    it('fails when SIGTERM does not end in 0', async () => {
        const server = await Server.start({ bin: double('rude') });
        await assert.rejects(server.dispose(), /SIGTERM ends it with 0/);
    });
});

describe('the clients', () => {
    it('let answers through that keep the contract', async () => {
        const server = await Server.start({ bin: double('good') });
        const api = new Api(server, { token: 't' });
        assert.equal((await api.get('/health')).status, 200);
        refused(await api.get('/orders/17'), 404, 'NOT_FOUND');
        const live = await Live.open(server, { token: 't' });
        assert.equal((await live.next()).type, 'connection_established');
        assert.equal((await live.settle()).type, 'pong');
        await live.close();
        const refusal = await upgradeRefused(server, { query: { token: 'bad' } });
        assert.equal(refusal.status, 401);
        await server.dispose();
    });

    it('catch answers and frames that break it', async () => {
        const server = await Server.start({ bin: double('liar') });
        const api = new Api(server, { token: 't' });
        await assert.rejects(api.get('/health'), /health -> 200 breaks the contract/);
        await assert.rejects(api.get('/orders/17'), /content type of a problem/);
        await assert.rejects(api.get('/tables'), /status not documented/);
        await assert.rejects(api.get('/nowhere'), /not in the contract, yet answered/);
        await assert.rejects(
            api.post('/orders', { order_type: 'takeout', items: [], typo: 1 }),
            /accepted request breaks the contract/,
        );
        const live = await Live.open(server, { token: 't' });
        await assert.rejects(live.next(), /connection_established breaks the contract/);
        await assert.rejects(live.close(), /breaks the contract/);
        await server.dispose();
    });
});
