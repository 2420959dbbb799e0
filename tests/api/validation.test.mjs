/* SPDX-License-Identifier: MIT */
/** Bad input gets the contract's error, changes nothing, breaks nothing. */
import assert from 'node:assert/strict';
import net from 'node:net';
import { before, describe, it } from 'node:test';
import { demoBox } from '../lib/box.mjs';
import { refused } from '../lib/client.mjs';

describe('bad input', () => {
    const box = demoBox();
    let start;
    let orders;
    const raw = (text, options = {}) => box.waiter.post('/orders', undefined, { raw: text, ...options });
    const good = () => box.takeout();
    /** The text of a good order with `fragment` put in front of its first field. */
    const withField = (fragment) => JSON.stringify(good()).replace('{', `{${fragment},`);
    const withNote = (inside) => withField(`"note":"${inside}"`);

    before(async () => {
        start = await box.logEnd();
        orders = (await box.manager.read('/orders')).orders.length;
    });

    it('that is not JSON is malformed', async () => {
        const text = JSON.stringify(good());
        for (const bad of [
            '',
            ' ',
            '{',
            text.slice(0, -1),
            `${text}x`,
            `${text}${text}`,
            text.replaceAll('"', "'"),
            `\ufeff${text}`,
            text.replace('}', ',}'),
            withField('"note":undefined'),
            withField('"note":NaN'),
            withField('"guests":01'),
            withField('"guests":+1'),
            withField('"guests":.5'),
            withField('"guests":1.'),
            withField('"guests":0x10'),
            withField('"guests":1e'),
            withField('"guests":Infinity'),
            withField('note:"x"'),
            `/* hello */${text}`,
            '\u0000',
            'nul',
            'tru',
            '"',
            '[',
            '{"a"}',
            '{"a":}',
            '{,}',
            withNote('a\nb'),
            withNote('a\tb'),
            withNote('\\x41'),
            withNote('\\u12'),
        ])
            refused(await raw(bad), 400, 'MALFORMED_JSON');
    });

    it('that is not an object is refused', async () => {
        for (const bad of ['null', '[]', '"text"', '7', 'true', '[{}]']) {
            const answer = await raw(bad);
            assert.ok([400, 422].includes(answer.status), `${bad}: ${answer.status}`);
        }
    });

    it('that is not UTF-8 is malformed', async () => {
        const around = JSON.stringify({ ...good(), note: '@' }).split('@');
        for (const bytes of [
            [0xff],
            [0xc3],
            [0xc0, 0xaf],
            [0xe2, 0x82],
            [0xed, 0xa0, 0x80],
            [0xf4, 0x90, 0x80, 0x80],
            [0xf8, 0x88, 0x80, 0x80, 0x80],
        ])
            refused(
                await raw(Buffer.concat([Buffer.from(around[0]), Buffer.from(bytes), Buffer.from(around[1])])),
                400,
                'MALFORMED_JSON',
            );
    });

    it('with a key twice is malformed, at any depth', async () => {
        refused(await raw(withField('"note":"no nuts","note":"nuts"')), 400, 'MALFORMED_JSON');
        refused(await raw(withField('"note":"a","n\\u006fte":"b"')), 400, 'MALFORMED_JSON');
        const id = box.item().id;
        refused(
            await raw(`{"order_type":"takeout","items":[{"menu_item_id":${id},"quantity":1,"quantity":9}]}`),
            400,
            'MALFORMED_JSON',
        );
    });

    it('nested deeper than 32 is malformed, however deep', async () => {
        for (const depth of [33, 100, 5000, 100_000])
            refused(await raw(withField(`"note":${'['.repeat(depth)}${']'.repeat(depth)}`)), 400, 'MALFORMED_JSON');
        for (const depth of [33, 5000])
            refused(await raw('{"a":'.repeat(depth) + '1' + '}'.repeat(depth)), 400, 'MALFORMED_JSON');
        refused(await raw(withField(`"note":${'['.repeat(20)}${']'.repeat(20)}`)), 422, 'VALIDATION_ERROR', 'note');
    });

    it('with NUL, lone surrogates or control characters is refused', async () => {
        for (const inside of [
            'a\\u0000b',
            '\\u0000',
            '\\ud800',
            '\\udc00',
            'a\\ud83dx',
            '\\udf4b\\ud83c',
            '\\u0001',
            '\\u0007',
            '\\u001b[31m',
            '\\b',
            '\\f',
            '\\u000b',
        ]) {
            const answer = await raw(withNote(inside));
            refused(answer, 400, 'MALFORMED_JSON');
        }
        const inKey = await raw(withField('"no\\u0000te":"x"'));
        assert.ok([400, 422].includes(inKey.status));
        const pair = await raw(withNote('\\ud83c\\udf4b'));
        assert.deepEqual([pair.status, pair.body.note], [201, '🍋']);
    });

    it('is strict about integers: 2 and 2.0, not "2", 1.5 or true', async () => {
        const id = box.item().id;
        const order = (quantity) =>
            raw(`{"order_type":"takeout","items":[{"menu_item_id":${id},"quantity":${quantity}}]}`);
        for (const fine of ['2', '2.0', '2e0', '0.2e1', '20E-1']) {
            const answer = await order(fine);
            assert.equal(answer.status, 201, fine);
            assert.equal(answer.body.items[0].quantity, 2);
        }
        for (const bad of [
            '"2"',
            '1.5',
            'true',
            'false',
            '[]',
            '{}',
            '"two"',
            '""',
            '-1',
            '-0.5',
            '0',
            '1000',
            '1e3',
            '1e400',
            '-1e400',
            '1e-400',
            '9007199254740993',
            '99999999999999999999999',
            '2147483648',
            '4294967298',
        ])
            refused(await order(bad), 422, 'VALIDATION_ERROR', 'items[0].quantity');
        refused(await order('null'), 422, 'VALIDATION_ERROR', 'items[0].quantity');
        for (const bad of ['"1"', '-1', '0', '1.5', 'true', '1e300', '9007199254740993'])
            refused(
                await raw(`{"order_type":"takeout","items":[{"menu_item_id":${bad},"quantity":1}]}`),
                422,
                'VALIDATION_ERROR',
                'items[0].menu_item_id',
            );
    });

    it('of the wrong type names its field', async () => {
        const cases = [
            ['order_type', 'eat_in'],
            ['order_type', 1],
            ['order_type', null],
            ['order_type', 'DINE_IN'],
            ['items', {}],
            ['items', 'x'],
            ['items', null],
            ['items', []],
            ['table_id', '5'],
            ['guests', '2'],
            ['guests', 0],
            ['guests', -1],
            ['customer_name', 5],
            ['customer_name', {}],
            ['customer_phone', 49],
            ['note', ['x']],
            ['note', false],
            ['payment_method', 'gold'],
            ['priority', 'urgent'],
            ['priority', true],
            ['notify', 'no'],
            ['notify', 0],
            ['print', 1],
            ['estimated_time', -1],
            ['estimated_time', '10'],
        ];
        for (const [name, value] of cases)
            refused(await box.waiter.post('/orders', { ...good(), [name]: value }), 422, 'VALIDATION_ERROR', name);
        const line = { menu_item_id: box.item().id, quantity: 1 };
        for (const [name, value] of [
            ['modifiers', 7],
            ['modifiers', ['7']],
            ['modifiers', [1.5]],
            ['note', 5],
            ['note', 'x'.repeat(281)],
            ['seat', 'A'],
            ['seat', -1],
            ['course', '2'],
            ['course', -1],
            ['course', 0],
        ]) {
            const problem = refused(
                await box.waiter.post('/orders', { order_type: 'takeout', items: [line, { ...line, [name]: value }] }),
                422,
                'VALIDATION_ERROR',
            );
            assert.ok(problem.field.startsWith(`items[1].${name}`), problem.field);
        }
        for (const bad of [null, 5, 'x', [], true])
            refused(await box.waiter.post('/orders', { order_type: 'takeout', items: [bad] }), 422, 'VALIDATION_ERROR');
    });

    it('with a field that the contract does not know is refused, so that no typo loses "no nuts"', async () => {
        const line = { menu_item_id: box.item().id, quantity: 1 };
        refused(await box.waiter.post('/orders', { ...good(), notes: 'no nuts' }), 422, 'VALIDATION_ERROR', 'notes');
        refused(
            await box.waiter.post('/orders', { order_type: 'takeout', items: [{ ...line, notes: 'no nuts' }] }),
            422,
            'VALIDATION_ERROR',
            'items[0].notes',
        );
        refused(await box.waiter.post('/orders', { ...good(), Note: 'no nuts' }), 422, 'VALIDATION_ERROR', 'Note');
        refused(await box.waiter.post('/orders', { ...good(), '': 1 }), 422, 'VALIDATION_ERROR');
        refused(
            await box.waiter.post('/orders', { ...good(), __proto__x: 1, ['k'.repeat(5000)]: 1 }),
            422,
            'VALIDATION_ERROR',
        );
    });

    it('with required fields missing says which', async () => {
        refused(await box.waiter.post('/orders', {}), 422, 'VALIDATION_ERROR');
        refused(await box.waiter.post('/orders', { order_type: 'takeout' }), 422, 'VALIDATION_ERROR', 'items');
        refused(await box.waiter.post('/orders', { items: good().items }), 422, 'VALIDATION_ERROR', 'order_type');
        refused(
            await box.waiter.post('/orders', { order_type: 'takeout', items: [{ quantity: 1 }] }),
            422,
            'VALIDATION_ERROR',
        );
        refused(
            await box.waiter.post('/orders', { order_type: 'takeout', items: [{ menu_item_id: box.item().id }] }),
            422,
            'VALIDATION_ERROR',
            'items[0].quantity',
        );
    });

    it('that is null where nothing is required is as good as absent', async () => {
        const nothing = Object.fromEntries(
            [
                'table_id',
                'guests',
                'customer_name',
                'customer_phone',
                'payment_method',
                'priority',
                'note',
                'estimated_time',
                'client_created_at',
                'notify',
                'print',
            ].map((k) => [k, null]),
        );
        const line = {
            ...good().items[0],
            modifiers: null,
            note: null,
            seat: null,
            course: null,
            open_name: null,
            open_price: null,
            station: null,
        };
        const order = await box.waiter.order({ ...good(), ...nothing, items: [line] });
        assert.deepEqual([order.note, order.priority, order.customer_name], ['', 'normal', null]);
    });

    it('of 201 or 10,000 lines is refused whole', async () => {
        const line = good().items[0];
        for (const count of [201, 5000])
            refused(
                await box.waiter.post('/orders', { order_type: 'takeout', items: Array(count).fill(line) }),
                422,
                'VALIDATION_ERROR',
                'items',
            );
        const text = `{"order_type":"takeout","items":[${Array(10_000).fill('{}').join(',')}]}`;
        refused(await raw(text), 422, 'VALIDATION_ERROR');
        const answer = await box.waiter.post('/orders', { order_type: 'takeout', items: Array(10_000).fill(line) });
        assert.ok([413, 422].includes(answer.status));
        refused(
            await box.waiter.post('/orders', {
                order_type: 'takeout',
                items: [{ ...line, modifiers: Array.from({ length: 10_000 }, (_, n) => n + 1) }],
            }),
            422,
            'VALIDATION_ERROR',
        );
    });

    it('with ids that nobody has is 422 in a body and 404 in a path', async () => {
        const line = good().items[0];
        refused(
            await box.waiter.post('/orders', {
                order_type: 'takeout',
                items: [line, { menu_item_id: 9_999_999, quantity: 1 }],
            }),
            422,
            'VALIDATION_ERROR',
            'items[1].menu_item_id',
        );
        const order = await box.send();
        refused(
            await box.waiter.post(`/orders/${order.id}/void`, { items: [{ item_id: 9_999_999 }], reason: 'x' }),
            422,
            'VALIDATION_ERROR',
            'items[0].item_id',
        );
        for (const [path, body] of [
            ['/orders/9999999/status', { status: 'ready' }],
            ['/tickets/9999999/status', { status: 'ready' }],
            ['/items/9999999/status', { status: 'ready' }],
            ['/orders/9999999/void', { items: [{ item_id: 1 }], reason: 'x' }],
            ['/orders/9999999/fire', { course: 2 }],
            ['/tables/9999999/open', {}],
        ])
            refused(await box.waiter.post(path, body), 404, 'NOT_FOUND');
        for (const path of ['/orders/9999999', '/tickets/9999999/image.png'])
            refused(await box.waiter.get(path), 404, 'NOT_FOUND');
    });

    it('with an item of another order is not found in this one', async () => {
        const mine = await box.send();
        const other = await box.send();
        refused(
            await box.waiter.post(`/orders/${mine.id}/void`, { items: [{ item_id: other.items[0].id }], reason: 'x' }),
            422,
            'VALIDATION_ERROR',
            'items[0].item_id',
        );
    });

    it('over 256 KiB is too large, and the answer arrives', async () => {
        const fits = await raw(withField(`"pad":"${'x'.repeat(250 * 1024)}"`));
        refused(fits, 422, 'VALIDATION_ERROR', 'pad');
        for (const size of [257 * 1024, 1024 * 1024, 1900 * 1024])
            refused(await raw(withField(`"pad":"${'x'.repeat(size)}"`)), 413, 'PAYLOAD_TOO_LARGE');
    });

    it('over 2 MiB is cut off, and the next request is served', async () => {
        const outcome = await raw(withField(`"pad":"${'x'.repeat(8 * 1024 * 1024)}"`)).then(
            (a) => a.status,
            () => 'closed',
        );
        assert.ok(outcome === 413 || outcome === 'closed', String(outcome));
        assert.equal((await box.anybody.get('/health')).status, 200);
    });

    it('in query strings is refused', async () => {
        for (const query of [
            'limit=0',
            'limit=201',
            'limit=-1',
            'limit=ten',
            'limit=1.5',
            'limit=99999999999999999999',
            'table_id=x',
            'status=boiling',
            'day=tomorrow',
            'day=2026-13-40',
            'cursor=nonsense',
            'cursor=%00',
            'q=%ff',
        ])
            refused(await box.waiter.get(`/orders?${query}`), 422, 'VALIDATION_ERROR');
        for (const query of [
            'since=-1',
            'since=x',
            'wait_s=26',
            'wait_s=-1',
            'limit=501',
            'limit=0',
            'topics=gossip',
            'status=boiling',
        ])
            refused(await box.waiter.get(`/events?${query}`), 422, 'VALIDATION_ERROR');
    });

    it('in an Idempotency-Key is refused', async () => {
        for (const idempotency of ['k'.repeat(65), 'schlüssel']) {
            const headers = { 'Idempotency-Key': Buffer.from(idempotency, 'utf8').toString('latin1') };
            refused(await box.waiter.post('/orders', good(), { headers }), 422, 'VALIDATION_ERROR');
        }
        {
            /* The HTTP library below refuses control characters in headers, before anybody knows what they are for. */
            const headers = { 'Idempotency-Key': 'tab\tinside' };
            assert.equal((await box.waiter.post('/orders', good(), { headers })).status, 400);
        }
    });

    it('below HTTP does not stop the server', async () => {
        const { host, port } = box.server;
        const say = (bytes) =>
            new Promise((resolve) => {
                const socket = net.connect(port, host, () => socket.end(bytes));
                socket.on('error', () => resolve());
                socket.on('close', () => resolve());
                socket.resume();
                setTimeout(() => socket.destroy(), 3000).unref();
            });
        await Promise.all(
            [
                '\x00\x00\x00',
                'GET',
                'GET / HTTP/9.9\r\n\r\n',
                `GET /${'a'.repeat(70_000)} HTTP/1.1\r\nHost: localhost\r\n\r\n`,
                'POST /api/v1/orders HTTP/1.1\r\nHost: localhost\r\nContent-Length: -5\r\n\r\n',
                'POST /api/v1/orders HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999999999999999\r\n\r\n',
                'GET /api/v1/health HTTP/1.1\r\n\r\n',
                `GET /api/v1/health HTTP/1.1\r\n${'X: y\r\n'.repeat(500)}\r\n`,
                'GET /../../etc/passwd HTTP/1.1\r\nHost: localhost\r\n\r\n',
                'GET /%2e%2e/%2e%2e/etc/passwd HTTP/1.1\r\nHost: localhost\r\n\r\n',
                'POST /api/v1/orders HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n',
            ].map(say),
        );
        assert.equal((await box.anybody.get('/health')).status, 200);
    });

    it('has changed nothing but what was accepted', async () => {
        const events = await box.eventsSince(start);
        const now = (await box.manager.read('/orders?limit=200')).orders;
        assert.equal(now.length - orders, events.filter((e) => e.type === 'order_created').length);
        for (const order of now) assert.ok(order.items.length > 0 && order.total_price > 0);
    });
});
