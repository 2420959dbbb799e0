/* SPDX-License-Identifier: MIT */
/** Sending orders: prices, tax, modifiers, open items, stations, numbers, courses, add-ons. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { demoBox, eventsOf } from '../lib/box.mjs';
import { refused } from '../lib/client.mjs';

describe('sending an order', () => {
    const box = demoBox();
    const one = (item, more = {}) => ({
        order_type: 'takeout',
        items: [{ menu_item_id: item.id, quantity: 1, ...more }],
    });

    /** The contract's arithmetic, done independently: tax per rate, rounded half up. */
    function expectedTax(items) {
        const rates = new Map(box.restaurant.tax_rates.map((r) => [r.id, BigInt(r.basis_points)]));
        const sums = new Map();
        for (const { menu, line } of items) {
            const rate = menu.tax_rate_id === null ? 0n : rates.get(menu.tax_rate_id);
            sums.set(rate, (sums.get(rate) ?? 0n) + BigInt(line));
        }
        let tax = 0n;
        for (const [rate, sum] of sums) {
            const whole = box.restaurant.tax_inclusive ? 10_000n + rate : 10_000n;
            tax += (2n * sum * rate + whole) / (2n * whole);
        }
        return Number(tax);
    }

    it('takes prices, names and totals from the menu', async () => {
        const a = box.item({ station: box.stations[0] });
        const b = box.item({ station: box.stations[1] });
        const order = await box.send({ menu_item_id: a.id, quantity: 3 }, b);
        assert.deepEqual(
            order.items.map((i) => [i.menu_item_id, i.name, i.kitchen_name, i.unit_price, i.quantity]),
            [
                [a.id, a.name, a.kitchen_name, a.price, 3],
                [b.id, b.name, b.kitchen_name, b.price, 1],
            ],
        );
        assert.equal(order.subtotal, 3 * a.price + b.price);
        assert.equal(
            order.tax,
            expectedTax([
                { menu: a, line: 3 * a.price },
                { menu: b, line: b.price },
            ]),
        );
        assert.equal(order.total_price, order.subtotal + (box.restaurant.tax_inclusive ? 0 : order.tax));
        assert.deepEqual([order.discount, order.service_charge, order.version], [0, 0, 1]);
        assert.deepEqual(
            [order.order_status, order.payment_status, order.payment_method],
            ['pending', 'pending', null],
        );
        assert.equal(order.currency, box.restaurant.currency);
        assert.equal(order.restaurant_id, 'main');
        assert.ok(order.estimated_time >= 0);
        assert.deepEqual(await box.waiter.orderNow(order.id), order);
    });

    it('rounds tax per rate over the whole order, not per line', async () => {
        const taxed = box.menu.items.filter(
            (i) => i.tax_rate_id !== null && i.modifier_groups.every((g) => g.min === 0) && i.available,
        );
        const lines = taxed.slice(0, 12).map((i, n) => ({ menu: i, quantity: (n % 3) + 1 }));
        const order = await box.send(...lines.map(({ menu, quantity }) => ({ menu_item_id: menu.id, quantity })));
        assert.equal(
            order.tax,
            expectedTax(lines.map(({ menu, quantity }) => ({ menu, line: menu.price * quantity }))),
        );
        assert.ok(order.tax > 0, 'the demo taxes something');
    });

    it('adds the modifiers’ prices and checks how many may be chosen', async () => {
        const { item, group } = box.itemWithGroup(
            (g) => g.max >= 1 && g.modifiers.some((m) => m.price > 0 && m.available),
        );
        const priced = group.modifiers.find((m) => m.price > 0 && m.available);
        const rest = box.leastChoice(item, group);
        const filler = group.modifiers
            .filter((m) => m.id !== priced.id && m.available)
            .slice(0, Math.max(0, group.min - 1));
        const chosen = [priced, ...filler];
        const order = await box.waiter.order(
            one(item, { quantity: 2, modifiers: [...rest, ...chosen.map((m) => m.id)] }),
        );
        const [line] = order.items;
        const extra = line.modifiers.reduce((sum, m) => sum + m.price, 0);
        assert.ok(extra >= priced.price);
        assert.ok(line.modifiers.some((m) => m.id === priced.id && m.name === priced.name && m.price === priced.price));
        assert.equal(line.unit_price, item.price);
        assert.equal(order.subtotal, 2 * (item.price + extra));
        refused(
            await box.waiter.post('/orders', one(item, { modifiers: [...rest, priced.id, priced.id] })),
            422,
            'VALIDATION_ERROR',
        );
    });

    it('refuses too few and too many choices, choices of another item, and unknown ones', async () => {
        const few = box.itemWithGroup((g) => g.min > 0);
        const answer = refused(await box.waiter.post('/orders', one(few.item)), 422, 'VALIDATION_ERROR');
        assert.match(answer.field, /^items\[0\]\.modifiers/);
        const many = box.itemWithGroup((g) => g.modifiers.length > g.max);
        const tooMany = [
            ...box.leastChoice(many.item, many.group),
            ...many.group.modifiers.slice(0, many.group.max + 1).map((m) => m.id),
        ];
        assert.match(
            refused(await box.waiter.post('/orders', one(many.item, { modifiers: tooMany })), 422, 'VALIDATION_ERROR')
                .field,
            /^items\[0\]\.modifiers/,
        );
        const foreign = few.group.modifiers[0].id;
        const plain = box.menu.items.find((i) => i.modifier_groups.length === 0);
        refused(await box.waiter.post('/orders', one(plain, { modifiers: [foreign] })), 422, 'VALIDATION_ERROR');
        refused(await box.waiter.post('/orders', one(plain, { modifiers: [9_999_999] })), 422, 'VALIDATION_ERROR');
    });

    it('takes an open item with its own name and price, marked by having no menu item', async () => {
        const line = {
            open_name: 'Birthday cake, brought',
            open_price: 2500,
            station: box.stations[1],
            quantity: 2,
            note: 'candles',
        };
        const order = await box.waiter.order({ order_type: 'takeout', items: [line] });
        const [item] = order.items;
        assert.deepEqual(
            [item.menu_item_id, item.name, item.unit_price, item.station, item.note],
            [null, line.open_name, 2500, line.station, 'candles'],
        );
        assert.equal(order.subtotal, 5000);
        for (const broken of [
            { ...line, menu_item_id: box.item().id },
            { ...line, station: 'nowhere' },
            { ...line, open_price: -1 },
            { ...line, open_price: undefined },
            { ...line, open_name: undefined },
            { ...line, open_name: '' },
            { ...line, station: undefined },
        ])
            refused(
                await box.waiter.post('/orders', { order_type: 'takeout', items: [broken] }),
                422,
                'VALIDATION_ERROR',
            );
        refused(
            await box.waiter.post('/orders', one(box.item(), { station: box.stations[0] })),
            422,
            'VALIDATION_ERROR',
        );
    });

    it('refuses prices, names, totals, statuses and source from a client', async () => {
        const good = box.takeout();
        for (const [name, value] of Object.entries({
            total_price: 1,
            subtotal: 1,
            tax: 0,
            discount: 5,
            service_charge: 1,
            order_status: 'served',
            payment_status: 'paid',
            source: 'api',
            id: 7,
            order_number: 'ORD-20261120-001',
            created_at: '2026-11-20T10:30:45.123Z',
            table_name: '5',
            restaurant_id: 'main',
            version: 1,
        }))
            refused(await box.waiter.post('/orders', { ...good, [name]: value }), 422, 'VALIDATION_ERROR', name);
        for (const [name, value] of Object.entries({
            unit_price: 1,
            price: 1,
            name: 'Free',
            kitchen_name: 'x',
            item_status: 'served',
            ticket_id: 1,
            id: 1,
        }))
            refused(
                await box.waiter.post('/orders', one(box.item(), { [name]: value })),
                422,
                'VALIDATION_ERROR',
                `items[0].${name}`,
            );
    });

    it('gives each station one ticket with its lines and numbers without gaps', async () => {
        const [s1, s2] = box.stations;
        const first = await box.send({ menu_item_id: box.item({ station: s1 }).id, quantity: 2 }, s2, {
            menu_item_id: box.item({ station: s1, nth: 1 }).id,
            quantity: 1,
        });
        assert.deepEqual(
            first.tickets.map((t) => [t.station, t.kind, t.ticket_status]).sort(),
            [
                [s1, 'new', 'pending'],
                [s2, 'new', 'pending'],
            ].sort(),
        );
        for (const ticket of first.tickets) {
            const mine = first.items.filter((i) => i.station === ticket.station);
            assert.deepEqual(
                ticket.lines,
                mine.map((i) => ({ item_id: i.id, quantity: i.quantity, change: 'add' })),
            );
            assert.ok(mine.every((i) => i.ticket_id === ticket.id && i.item_status === 'pending'));
        }
        const last = new Map(first.tickets.map((t) => [t.station, t.kot_number]));
        for (let n = 0; n < 5; n++) {
            const order = await box.send(...(n % 2 ? [s1, s2] : [s1]));
            for (const ticket of order.tickets) {
                assert.equal(ticket.kot_number, last.get(ticket.station) + 1);
                assert.equal(ticket.previous_kot_number, last.get(ticket.station));
                last.set(ticket.station, ticket.kot_number);
            }
        }
    });

    it('numbers orders one after another within the business day', async () => {
        const numbers = [];
        for (let n = 0; n < 3; n++) numbers.push((await box.send()).order_number.split('-'));
        assert.equal(new Set(numbers.map((n) => n[1])).size, 1);
        const running = numbers.map((n) => Number(n[2]));
        assert.deepEqual(running, [running[0], running[0] + 1, running[0] + 2]);
    });

    it('starts a station’s numbers at 1 with none before', async () => {
        const untouched = box.stations[2];
        const order = await box.send(untouched);
        const [ticket] = order.tickets;
        assert.deepEqual([ticket.kot_number, ticket.previous_kot_number], [1, null]);
    });

    it('needs a table to eat in, and one that exists', async () => {
        const items = box.takeout().items;
        refused(
            await box.waiter.post('/orders', { order_type: 'dine_in', items }),
            422,
            'VALIDATION_ERROR',
            'table_id',
        );
        refused(
            await box.waiter.post('/orders', { order_type: 'dine_in', table_id: null, items }),
            422,
            'VALIDATION_ERROR',
            'table_id',
        );
        refused(
            await box.waiter.post('/orders', { order_type: 'dine_in', table_id: 999_999, items }),
            422,
            'VALIDATION_ERROR',
            'table_id',
        );
    });

    it('keeps what people said: names, phone, notes, seats, guests, priority', async () => {
        const table = await box.freeTable();
        const order = await box.waiter.order({
            ...box.dineIn(table, { menu_item_id: box.item().id, quantity: 1, note: 'no nuts', seat: 2 }),
            guests: 3,
            customer_name: 'Zoë',
            customer_phone: '+49 30 123456',
            payment_method: 'card',
            priority: 'rush',
            note: 'window',
            estimated_time: 25,
        });
        assert.deepEqual(
            [
                order.guests,
                order.customer_name,
                order.customer_phone,
                order.payment_method,
                order.priority,
                order.note,
                order.estimated_time,
            ],
            [3, 'Zoë', '+49 30 123456', 'card', 'rush', 'window', 25],
        );
        assert.deepEqual([order.items[0].note, order.items[0].seat], ['no nuts', 2]);
    });

    it('normalises text to NFC and counts characters, not bytes', async () => {
        const order = await box.waiter.order({ ...box.takeout(), customer_name: 'Zoe\u0308', note: '🍋'.repeat(280) });
        assert.equal(order.customer_name, 'Zo\u00eb');
        assert.equal(order.note, '🍋'.repeat(280));
        refused(
            await box.waiter.post('/orders', { ...box.takeout(), note: '🍋'.repeat(281) }),
            422,
            'VALIDATION_ERROR',
            'note',
        );
        refused(
            await box.waiter.post('/orders', { ...box.takeout(), customer_name: 'n'.repeat(81) }),
            422,
            'VALIDATION_ERROR',
            'customer_name',
        );
    });

    it('signs orders with who sent them and whence', async () => {
        const waiter = await box.signIn('waiter');
        const order = await waiter.order(box.takeout());
        assert.deepEqual(order.created_by, {
            kind: 'staff',
            id: waiter.session.staff.id,
            name: waiter.session.staff.name,
        });
        assert.equal(order.source, 'pos');
    });

    it('keeps when an offline order was taken', async () => {
        const client_created_at = new Date(Date.now() - 20 * 60_000).toISOString();
        const order = await box.waiter.order({ ...box.takeout(), client_created_at });
        assert.equal(order.client_created_at, client_created_at);
        assert.ok(order.created_at > client_created_at);
        for (const bad of ['yesterday', '2026-13-01T00:00:00Z', 1_700_000_000, '2026-11-20'])
            refused(
                await box.waiter.post('/orders', { ...box.takeout(), client_created_at: bad }),
                422,
                'VALIDATION_ERROR',
                'client_created_at',
            );
    });

    it('is one event, and a table’s if there is one, in that order', async () => {
        const table = await box.freeTable();
        const { result, events } = await eventsOf(box, () => box.waiter.order(box.dineIn(table, ...box.stations)));
        assert.deepEqual(
            events.map((e) => e.type),
            ['order_created', 'table_update'],
        );
        assert.deepEqual(events[0].order, result);
        assert.deepEqual(events[1].table.order_ids, [result.id]);
    });

    it('takes two hundred lines and keeps them all', async () => {
        const lines = Array.from({ length: 200 }, (_, n) => ({
            menu_item_id: box.item({ station: box.stations[n % 3] }).id,
            quantity: (n % 9) + 1,
        }));
        const order = await box.send(...lines);
        assert.deepEqual(
            order.items.map((i) => [i.menu_item_id, i.quantity]),
            lines.map((l) => [l.menu_item_id, l.quantity]),
        );
        assert.equal(order.tickets.length, 3);
        assert.equal(
            order.tickets.reduce((n, t) => n + t.lines.length, 0),
            200,
        );
    });

    it('prices 200 lines of 999 without losing a cent', async () => {
        const dearest = box.menu.items
            .filter((i) => i.available && i.modifier_groups.every((g) => g.min === 0))
            .sort((a, b) => b.price - a.price)[0];
        const order = await box.send(...Array(200).fill({ menu_item_id: dearest.id, quantity: 999 }));
        assert.equal(order.subtotal, 200 * 999 * dearest.price);
    });
});

describe('courses', () => {
    const box = demoBox();
    const lines = () => [
        { menu_item_id: box.item({ station: box.stations[1] }).id, quantity: 1, course: 1 },
        { menu_item_id: box.item({ station: box.stations[0] }).id, quantity: 2, course: 2 },
        { menu_item_id: box.item({ station: box.stations[2] }).id, quantity: 1, course: 3 },
    ];

    it('fire the lowest and hold the others until they are fired', async () => {
        const order = await box.send(...lines());
        assert.deepEqual(
            order.items.map((i) => [i.item_status, i.ticket_id === null]),
            [
                ['pending', false],
                ['held', true],
                ['held', true],
            ],
        );
        assert.equal(order.tickets.length, 1);
        const { result: fired, events } = await eventsOf(box, () =>
            box.waiter.write(`/orders/${order.id}/fire`, { course: 2 }),
        );
        assert.deepEqual(
            fired.items.map((i) => i.item_status),
            ['pending', 'pending', 'held'],
        );
        const ticket = fired.tickets.find((t) => t.id === fired.items[1].ticket_id);
        assert.deepEqual(
            [ticket.kind, ticket.station, ticket.lines],
            ['new', box.stations[0], [{ item_id: fired.items[1].id, quantity: 2, change: 'add' }]],
        );
        assert.ok(
            events.some((e) => e.type === 'order_updated'),
            'the order has a new ticket',
        );
        assert.equal(
            (await box.waiter.post(`/orders/${order.id}/fire`, { course: 2 })).body.code,
            'INVALID_TRANSITION',
        );
        refused(await box.waiter.post(`/orders/${order.id}/fire`, { course: 9 }), 409, 'INVALID_TRANSITION');
        refused(await box.waiter.post(`/orders/${order.id}/fire`, {}), 422, 'VALIDATION_ERROR', 'course');
        refused(await box.waiter.post(`/orders/${order.id}/fire`, { course: 0 }), 422, 'VALIDATION_ERROR', 'course');
    });

    it('fire the lowest even when that is not 1', async () => {
        const order = await box.send(...lines().slice(1));
        assert.deepEqual(
            order.items.map((i) => i.item_status),
            ['pending', 'held'],
        );
    });

    it('leave an order held between them', async () => {
        const order = await box.send(...lines().slice(0, 2));
        const [ticket] = order.tickets;
        for (const status of ['preparing', 'ready']) await box.kitchen.ticketStatus(ticket.id, status);
        const { body: between } = await box.waiter.ticketStatus(ticket.id, 'served');
        assert.deepEqual([between.order_status, between.tickets[0].ticket_status], ['held', 'served']);
        const fired = await box.waiter.write(`/orders/${order.id}/fire`, { course: 2 });
        assert.equal(fired.order_status, 'pending');
    });

    it('do not get cooked by a status call on the order', async () => {
        const order = await box.send(...lines().slice(0, 2));
        const { body } = await box.kitchen.orderStatus(order.id, 'preparing');
        assert.deepEqual(
            body.items.map((i) => i.item_status),
            ['preparing', 'held'],
        );
    });
});

describe('adding to an order', () => {
    const box = demoBox();

    it('makes add-on tickets and new totals', async () => {
        const [s1, s2] = box.stations;
        const order = await box.send(s1);
        const extra = box.item({ station: s2 });
        const { result, events } = await eventsOf(box, () =>
            box.waiter.write(`/orders/${order.id}/items`, { items: [{ menu_item_id: extra.id, quantity: 2 }] }),
        );
        assert.equal(result.items.length, 2);
        assert.equal(result.subtotal, order.subtotal + 2 * extra.price);
        assert.deepEqual(
            result.tickets.map((t) => [t.kind, t.station]),
            [
                ['new', s1],
                ['add_on', s2],
            ],
        );
        assert.ok(result.version > order.version);
        assert.deepEqual(
            events.map((e) => e.type),
            ['order_updated'],
        );
        assert.deepEqual(events[0].order, result);
    });

    it('takes a ready order back to pending', async () => {
        const order = await box.send();
        await box.kitchen.orderStatus(order.id, 'ready');
        const { result, events } = await eventsOf(box, () =>
            box.waiter.write(`/orders/${order.id}/items`, { items: box.takeout().items }),
        );
        assert.equal(result.order_status, 'pending');
        assert.deepEqual(
            result.items.map((i) => i.item_status),
            ['ready', 'pending'],
        );
        const change = events.find((e) => e.type === 'order_status_changed');
        assert.deepEqual([change.old_status, change.new_status], ['ready', 'pending']);
    });

    it('refuses what a new order would refuse, and cancelled orders', async () => {
        const order = await box.send();
        const path = `/orders/${order.id}/items`;
        refused(await box.waiter.post(path, {}), 422, 'VALIDATION_ERROR', 'items');
        refused(await box.waiter.post(path, { items: [] }), 422, 'VALIDATION_ERROR', 'items');
        refused(
            await box.waiter.post(path, { items: [{ menu_item_id: 999_999, quantity: 1 }] }),
            422,
            'VALIDATION_ERROR',
            'items[0].menu_item_id',
        );
        refused(await box.waiter.post(path, { ...box.takeout() }), 422, 'VALIDATION_ERROR', 'order_type');
        refused(await box.waiter.post('/orders/999999/items', { items: box.takeout().items }), 404, 'NOT_FOUND');
        assert.deepEqual(await box.waiter.orderNow(order.id), order);
        await box.waiter.orderStatus(order.id, 'cancelled');
        refused(await box.waiter.post(path, { items: box.takeout().items }), 409, 'INVALID_TRANSITION');
    });
});

describe('changing what is said about an order', () => {
    const box = demoBox();

    it('changes the note, priority, customer, guests and time, and nothing else', async () => {
        const order = await box.send();
        const body = {
            note: 'call first',
            priority: 'rush',
            customer_name: 'Ada',
            customer_phone: '123',
            guests: 4,
            estimated_time: 40,
        };
        const { result, events } = await eventsOf(box, () => box.waiter.must('PATCH', `/orders/${order.id}`, { body }));
        for (const [name, value] of Object.entries(body)) assert.deepEqual(result[name], value, name);
        assert.ok(result.version > order.version);
        assert.deepEqual(result.items, order.items);
        assert.deepEqual(
            events.map((e) => e.type),
            ['order_updated'],
        );
        for (const [name, value] of Object.entries({
            items: [],
            order_status: 'ready',
            total_price: 0,
            table_id: 1,
            order_type: 'delivery',
        }))
            refused(await box.waiter.patch(`/orders/${order.id}`, { [name]: value }), 422, 'VALIDATION_ERROR', name);
        refused(await box.waiter.patch('/orders/999999', { note: 'x' }), 404, 'NOT_FOUND');
    });
});

describe('printing a ticket again', () => {
    const box = demoBox();

    it('takes no number and changes nothing', async () => {
        const order = await box.send(box.stations[0]);
        await box.kitchen.write(`/tickets/${order.tickets[0].id}/reprint`, {});
        const next = await box.send(box.stations[0]);
        assert.equal(next.tickets[0].kot_number, order.tickets[0].kot_number + 1);
        assert.equal((await box.waiter.orderNow(order.id)).tickets.length, 1);
        refused(await box.kitchen.post('/tickets/999999/reprint', {}), 404, 'NOT_FOUND');
    });
});
