/* SPDX-License-Identifier: MIT */
/** Status of items, tickets and orders: what may follow what, who may do it, what it makes of the rest. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { demoBox, eventsOf } from '../lib/box.mjs';
import { refused } from '../lib/client.mjs';

const UP = ['pending', 'preparing', 'ready', 'served'];

describe('status', () => {
    const box = demoBox();

    /** An order with one item, brought to that status. */
    async function orderAt(status, ...lines) {
        const order = await box.send(...lines);
        for (const step of UP.slice(1, UP.indexOf(status) + 1)) {
            const answer = await box.manager.orderStatus(order.id, step);
            assert.equal(answer.status, 200, answer.text);
        }
        return box.manager.orderNow(order.id);
    }

    const scopes = {
        order: {
            set: (api, order, status, more) => api.orderStatus(order.id, status, more),
            of: (order) => order.order_status,
            end: 'cancelled',
        },
        ticket: {
            set: (api, order, status, more) => api.ticketStatus(order.tickets[0].id, status, more),
            of: (order) => order.tickets[0].ticket_status,
            end: 'cancelled',
        },
        item: {
            set: (api, order, status, more) => api.itemStatus(order.items[0].id, status, more),
            of: (order) => order.items[0].item_status,
            end: 'voided',
        },
    };

    /* What may follow, for a manager, on an order whose items are all fired. */
    const follows = {
        pending: ['pending', 'preparing', 'ready', 'end'],
        preparing: ['preparing', 'pending', 'ready', 'end'],
        ready: ['ready', 'preparing', 'served', 'end'],
        served: ['served', 'ready'],
    };

    for (const [scope, { set, of, end }] of Object.entries(scopes))
        for (const [from, may] of Object.entries(follows))
            it(`of a ${scope} that is ${from} may become ${may.join(', ').replace('end', end)} and nothing else`, async () => {
                for (const target of [...UP, 'held', end]) {
                    const order = await orderAt(from);
                    const answer = await set(box.manager, order, target);
                    if (may.includes(target === end ? 'end' : target)) {
                        assert.equal(answer.status, 200, `${from} -> ${target}: ${answer.text}`);
                        assert.equal(of(answer.body), target);
                        assert.deepEqual(await box.manager.orderNow(order.id), answer.body);
                    } else {
                        const { detail } = refused(answer, 409, 'INVALID_TRANSITION');
                        for (const next of may)
                            if (next !== from && next !== 'end')
                                assert.ok(detail.includes(next), `${from} -> ${target}: "${detail}" lists ${next}`);
                        assert.deepEqual(await box.manager.orderNow(order.id), order, 'nothing changed');
                    }
                }
            });

    it('of what is cancelled or voided is final', async () => {
        const order = await box.send();
        await box.manager.orderStatus(order.id, 'cancelled');
        const dead = await box.manager.orderNow(order.id);
        for (const target of UP)
            for (const { set } of Object.values(scopes))
                refused(await set(box.manager, dead, target), 409, 'INVALID_TRANSITION');
        for (const { set, end } of Object.values(scopes)) assert.equal((await set(box.manager, dead, end)).status, 200);
        assert.deepEqual(await box.manager.orderNow(order.id), dead);
    });

    it('that is there already answers 200 and makes no event', async () => {
        for (const from of UP)
            for (const { set } of Object.values(scopes)) {
                const order = await orderAt(from);
                const { events, result } = await eventsOf(box, () => set(box.manager, order, from));
                assert.equal(result.status, 200);
                assert.deepEqual(events, []);
                assert.deepEqual(result.body, order);
            }
    });

    const rights = [
        /* role, from, target, allowed */
        ['kitchen', 'pending', 'preparing', true],
        ['kitchen', 'pending', 'ready', true],
        ['kitchen', 'preparing', 'ready', true],
        ['kitchen', 'preparing', 'pending', true],
        ['kitchen', 'ready', 'preparing', true],
        ['kitchen', 'served', 'ready', true],
        ['kitchen', 'ready', 'served', false],
        ['kitchen', 'pending', 'end', false],
        ['kitchen', 'preparing', 'end', false],
        ['kitchen', 'ready', 'end', false],
        ['waiter', 'pending', 'preparing', true],
        ['waiter', 'preparing', 'ready', true],
        ['waiter', 'ready', 'served', true],
        ['waiter', 'served', 'ready', true],
        ['waiter', 'pending', 'end', true],
        ['waiter', 'preparing', 'end', true],
        ['waiter', 'ready', 'end', false],
        ['manager', 'ready', 'end', true],
        ['owner', 'ready', 'end', true],
        ['display', 'pending', 'preparing', false],
        ['display', 'pending', 'end', false],
    ];
    for (const [scope, { set, of, end }] of Object.entries(scopes))
        it(`of a ${scope} is for those whose work it is`, async () => {
            for (const [role, from, to, allowed] of rights) {
                const target = to === 'end' ? end : to;
                const order = await orderAt(from);
                const answer = await set(box[role], order, target);
                if (allowed)
                    assert.deepEqual(
                        [answer.status, answer.body && of(answer.body)],
                        [200, target],
                        `${role}: ${from} -> ${target} ${answer.text}`,
                    );
                else {
                    refused(answer, 403, 'FORBIDDEN');
                    assert.deepEqual(await box.manager.orderNow(order.id), order);
                }
            }
        });

    it('of what is served cannot be voided by anybody', async () => {
        for (const role of ['waiter', 'manager', 'owner'])
            for (const { set, end } of Object.values(scopes)) {
                const order = await orderAt('served');
                refused(await set(box[role], order, end), 409, 'INVALID_TRANSITION');
            }
    });

    it('of an order moves what is behind forward and leaves what is past', async () => {
        const [s1, s2] = box.stations;
        const order = await box.send(s1, s2);
        const [one, two] = order.items;
        await box.kitchen.itemStatus(one.id, 'ready');
        const { body } = await box.kitchen.orderStatus(order.id, 'preparing');
        assert.deepEqual(
            body.items.map((i) => i.item_status),
            ['ready', 'preparing'],
        );
        assert.equal(body.order_status, 'preparing');
        await box.waiter.itemStatus(one.id, 'served');
        const { body: ready } = await box.kitchen.orderStatus(order.id, 'ready');
        assert.deepEqual(
            ready.items.map((i) => i.item_status),
            ['served', 'ready'],
        );
        assert.equal(ready.items[1].id, two.id);
    });

    it('of tickets and orders follows from their items', async () => {
        const [s1, s2] = box.stations;
        const order = await box.send(s1, box.item({ station: s1, nth: 1 }), s2);
        const ticketOf = (o, station) => o.tickets.find((t) => t.station === station);
        const [a, b, c] = order.items;
        let now = (await box.kitchen.itemStatus(a.id, 'ready')).body;
        assert.deepEqual([ticketOf(now, s1).ticket_status, now.order_status], ['pending', 'pending']);
        now = (await box.kitchen.itemStatus(b.id, 'preparing')).body;
        assert.deepEqual([ticketOf(now, s1).ticket_status, now.order_status], ['preparing', 'pending']);
        now = (await box.kitchen.ticketStatus(ticketOf(order, s2).id, 'ready')).body;
        assert.deepEqual([ticketOf(now, s2).ticket_status, now.order_status], ['ready', 'preparing']);
        now = (await box.kitchen.ticketStatus(ticketOf(order, s1).id, 'ready')).body;
        assert.equal(now.order_status, 'ready');
        now = (await box.waiter.itemStatus(c.id, 'served')).body;
        assert.deepEqual([ticketOf(now, s2).ticket_status, now.order_status], ['served', 'ready']);
    });

    it('changes tell items before tickets before orders, each with old, new and who', async () => {
        const order = await box.send();
        const { events } = await eventsOf(box, () => box.kitchen.ticketStatus(order.tickets[0].id, 'preparing'));
        assert.deepEqual(
            events.map((e) => e.type),
            ['item_status_changed', 'ticket_status_changed', 'order_status_changed'],
        );
        for (const e of events) {
            assert.deepEqual([e.old_status, e.new_status], ['pending', 'preparing']);
            assert.deepEqual([e.updated_by.kind, e.updated_by.name], ['token', 'test kitchen']);
        }
        assert.deepEqual(
            [events[0].order_id, events[0].item.id, events[1].order_id, events[1].ticket.id, events[2].order.id],
            [order.id, order.items[0].id, order.id, order.tickets[0].id, order.id],
        );
        assert.deepEqual(
            events.map((e) => e.seq),
            [events[0].seq, events[0].seq + 1, events[0].seq + 2],
        );
    });

    it('taken one step back recalls; a recall of what was served tells the station', async () => {
        const order = await orderAt('served');
        const { body } = await box.waiter.orderStatus(order.id, 'ready');
        assert.equal(body.order_status, 'ready');
        const recall = body.tickets.filter((t) => t.kind === 'recall');
        assert.equal(recall.length, 1);
        assert.deepEqual(
            recall[0].lines.map((l) => [l.item_id, l.quantity]),
            [[order.items[0].id, order.items[0].quantity]],
        );
        assert.deepEqual(
            [recall[0].ticket_status, recall[0].previous_kot_number],
            ['pending', recall[0].kot_number - 1],
        );
        const back = await orderAt('ready');
        const { body: cooking } = await box.kitchen.ticketStatus(back.tickets[0].id, 'preparing');
        assert.deepEqual(
            [cooking.order_status, cooking.tickets.length],
            ['preparing', 1],
            'no paper when nothing was served',
        );
    });

    it('taken back takes only those that are there', async () => {
        const [s1, s2] = box.stations;
        const order = await box.send(s1, s2);
        await box.kitchen.orderStatus(order.id, 'ready');
        await box.waiter.itemStatus(order.items[0].id, 'served');
        const { body } = await box.kitchen.orderStatus(order.id, 'preparing');
        assert.deepEqual(
            body.items.map((i) => i.item_status),
            ['served', 'preparing'],
        );
    });

    it('of void, move and recall tickets is seen, and never touches the order', async () => {
        const order = await box.send({ menu_item_id: box.item().id, quantity: 2 });
        const voided = await box.waiter.write(`/orders/${order.id}/void`, {
            items: [{ item_id: order.items[0].id, quantity: 1 }],
            reason: 'changed mind',
        });
        const slip = voided.tickets.find((t) => t.kind === 'void');
        refused(await box.kitchen.ticketStatus(slip.id, 'preparing'), 409, 'INVALID_TRANSITION');
        refused(await box.kitchen.ticketStatus(slip.id, 'ready'), 409, 'INVALID_TRANSITION');
        const { result, events } = await eventsOf(box, () => box.kitchen.ticketStatus(slip.id, 'served'));
        assert.equal(result.status, 200);
        assert.equal(result.body.tickets.find((t) => t.id === slip.id).ticket_status, 'served');
        assert.equal(result.body.order_status, 'pending');
        assert.deepEqual(
            events.map((e) => e.type),
            ['ticket_status_changed'],
        );
        refused(await box.kitchen.ticketStatus(slip.id, 'pending'), 409, 'INVALID_TRANSITION');
    });

    it('that nobody knows is refused', async () => {
        const order = await box.send();
        for (const status of ['done', '', 'PENDING', 5, null, ['ready']])
            for (const { set } of Object.values(scopes))
                refused(await set(box.manager, order, status), 422, 'VALIDATION_ERROR', 'status');
        refused(await box.manager.post(`/orders/${order.id}/status`, {}), 422, 'VALIDATION_ERROR', 'status');
        refused(
            await box.manager.post(`/orders/${order.id}/status`, { status: 'ready', reason: 'x' }),
            422,
            'VALIDATION_ERROR',
            'reason',
        );
    });

    it('of a held item is for waiters, and fires it', async () => {
        const order = await box.send(
            { menu_item_id: box.item().id, quantity: 1, course: 1 },
            { menu_item_id: box.item({ nth: 1 }).id, quantity: 1, course: 2 },
        );
        const held = order.items[1];
        refused(await box.kitchen.itemStatus(held.id, 'pending'), 403, 'FORBIDDEN');
        refused(await box.waiter.itemStatus(held.id, 'ready'), 409, 'INVALID_TRANSITION');
        const { body } = await box.waiter.itemStatus(held.id, 'pending');
        const fired = body.items.find((i) => i.id === held.id);
        assert.equal(fired.item_status, 'pending');
        assert.deepEqual(
            body.tickets.find((t) => t.id === fired.ticket_id).lines.map((l) => l.item_id),
            [held.id],
        );
    });
});

describe('voiding', () => {
    const box = demoBox();
    const voids = (api, order, items, reason = 'changed mind') =>
        api.post(`/orders/${order.id}/void`, { items, reason });

    it('part of a quantity splits the item and lowers the totals', async () => {
        const item = box.item();
        const order = await box.send({ menu_item_id: item.id, quantity: 5, note: 'no salt' });
        const { result, events } = await eventsOf(box, () =>
            voids(box.waiter, order, [{ item_id: order.items[0].id, quantity: 2 }]),
        );
        const { body } = result;
        assert.deepEqual(body.items.map((i) => [i.quantity, i.item_status, i.note]).sort(), [
            [2, 'voided', 'no salt'],
            [3, 'pending', 'no salt'],
        ]);
        assert.equal(
            body.items.find((i) => i.item_status === 'pending').id,
            order.items[0].id,
            'what stays keeps its id',
        );
        assert.equal(body.subtotal, 3 * item.price);
        const slip = body.tickets.find((t) => t.kind === 'void');
        assert.deepEqual(
            slip.lines.map((l) => [l.quantity, l.change]),
            [[2, 'remove']],
        );
        assert.equal(slip.previous_kot_number, slip.kot_number - 1);
        assert.ok(events.some((e) => e.type === 'order_updated'));
        assert.ok(events.every((e) => e.type !== 'order_status_changed'));
    });

    it('all of it leaves the item as voided, without its price', async () => {
        const [s1, s2] = box.stations;
        const order = await box.send(s1, s2);
        const { body } = await voids(box.waiter, order, [{ item_id: order.items[0].id }]);
        assert.deepEqual(
            body.items.map((i) => i.item_status),
            ['voided', 'pending'],
        );
        assert.equal(body.subtotal, order.items[1].unit_price);
        assert.deepEqual(
            body.tickets.filter((t) => t.kind === 'void').map((t) => t.station),
            [s1],
        );
        assert.equal(body.tickets.find((t) => t.station === s1 && t.kind === 'new').ticket_status, 'cancelled');
        assert.equal(body.order_status, 'pending');
    });

    it('everything cancels the order, with one void ticket a station', async () => {
        const [s1, s2] = box.stations;
        const order = await box.send(s1, box.item({ station: s1, nth: 1 }), s2);
        const { result, events } = await eventsOf(box, () => box.waiter.orderStatus(order.id, 'cancelled'));
        assert.deepEqual([result.body.order_status, result.body.total_price, result.body.tax], ['cancelled', 0, 0]);
        const slips = result.body.tickets.filter((t) => t.kind === 'void');
        assert.deepEqual(
            slips.map((t) => [t.station, t.lines.length]).sort(),
            [
                [s1, 2],
                [s2, 1],
            ].sort(),
        );
        const change = events.find((e) => e.type === 'order_status_changed');
        assert.deepEqual([change.old_status, change.new_status], ['pending', 'cancelled']);
    });

    it('a held course makes no paper', async () => {
        const order = await box.send(
            { menu_item_id: box.item().id, quantity: 1, course: 1 },
            { menu_item_id: box.item().id, quantity: 1, course: 2 },
        );
        const { body } = await voids(box.waiter, order, [{ item_id: order.items[1].id }]);
        assert.equal(body.items[1].item_status, 'voided');
        assert.equal(body.tickets.length, 1);
    });

    it('is a manager’s right once it is ready, and nobody’s once it is served', async () => {
        const order = await box.send();
        const items = [{ item_id: order.items[0].id }];
        refused(await voids(box.kitchen, order, items), 403, 'FORBIDDEN');
        await box.kitchen.orderStatus(order.id, 'ready');
        refused(await voids(box.waiter, order, items), 403, 'FORBIDDEN');
        assert.equal((await voids(box.manager, order, items)).status, 200);
        const eaten = await box.send();
        for (const status of ['ready', 'served']) await box.waiter.orderStatus(eaten.id, status);
        refused(await voids(box.owner, eaten, [{ item_id: eaten.items[0].id }]), 409, 'INVALID_TRANSITION');
    });

    it('is all or none', async () => {
        const order = await box.send(...box.stations);
        const [a, b, c] = order.items;
        await box.waiter.itemStatus(c.id, 'ready');
        await box.waiter.itemStatus(c.id, 'served');
        const before = await box.waiter.orderNow(order.id);
        refused(
            await voids(box.waiter, order, [{ item_id: a.id }, { item_id: b.id }, { item_id: c.id }]),
            409,
            'INVALID_TRANSITION',
        );
        refused(
            await voids(box.waiter, order, [{ item_id: a.id }, { item_id: b.id, quantity: 2 }]),
            422,
            'VALIDATION_ERROR',
            'items[1].quantity',
        );
        assert.deepEqual(await box.waiter.orderNow(order.id), before);
    });

    it('refuses what makes no sense', async () => {
        const order = await box.send({ menu_item_id: box.item().id, quantity: 2 });
        const item_id = order.items[0].id;
        const path = `/orders/${order.id}/void`;
        for (const body of [
            {},
            { items: [{ item_id }] },
            { items: [], reason: 'x' },
            { reason: 'x' },
            { items: [{ item_id }], reason: '' },
            { items: [{ item_id }], reason: 'r'.repeat(121) },
            { items: [{ item_id, quantity: 0 }], reason: 'x' },
            { items: [{ item_id, quantity: -1 }], reason: 'x' },
            { items: [{ item_id, quantity: 3 }], reason: 'x' },
            { items: [{ item_id, quantity: '1' }], reason: 'x' },
            { items: [{ quantity: 1 }], reason: 'x' },
            { items: [{ item_id, note: 'x' }], reason: 'x' },
            { items: [{ item_id }], reason: null },
        ])
            refused(await box.waiter.post(path, body), 422, 'VALIDATION_ERROR');
        assert.deepEqual(await box.waiter.orderNow(order.id), order);
        await box.waiter.write(path, { items: [{ item_id }], reason: 'x' });
        refused(await box.waiter.post(path, { items: [{ item_id }], reason: 'x' }), 409, 'INVALID_TRANSITION');
    });

    it('keeps served food when the rest of an order is cancelled', async () => {
        const [s1, s2] = box.stations;
        const order = await box.send(s1, s2);
        for (const status of ['ready', 'served']) await box.waiter.itemStatus(order.items[0].id, status);
        const { body } = await box.waiter.orderStatus(order.id, 'cancelled');
        assert.deepEqual(
            body.items.map((i) => i.item_status),
            ['served', 'voided'],
        );
        assert.equal(body.order_status, 'served');
        assert.equal(body.subtotal, order.items[0].unit_price);
    });
});
