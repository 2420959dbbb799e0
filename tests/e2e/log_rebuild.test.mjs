/* SPDX-License-Identifier: MIT */
/** A whole day, every kind of action in it: what the event log tells is what orders and tables are. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Hand, dice, nextDeed } from '../crash/load.mjs';
import { demoBox } from '../lib/box.mjs';
import { key } from '../lib/client.mjs';
import { Rebuild } from '../lib/rebuild.mjs';

const SEED = Number(process.env.SERVERY_DAY_SEED ?? 20261120);
const DEEDS = 400;

describe(`a day (SERVERY_DAY_SEED=${SEED})`, () => {
    const box = demoBox();
    const types = new Set();
    let rebuild;
    let hand;

    before(async () => {
        const live = await box.live('manager');
        const { seq, tables } = await live.event('sync_state');
        await live.close();
        rebuild = new Rebuild({ seq, tables });
        hand = new Hand(box.server, box.manager.token);
    });
    after(() => hand.close());

    /** Folds what happened since; fails unless the server shows just that. */
    async function holds() {
        for (const event of await box.eventsSince(rebuild.seq)) {
            types.add(event.type);
            rebuild.apply(event);
        }
        const shown = [];
        let cursor = '';
        do {
            const page = await box.manager.read(`/orders?limit=200${cursor}`);
            shown.push(...page.orders);
            cursor = page.next_cursor && `&cursor=${encodeURIComponent(page.next_cursor)}`;
        } while (cursor);
        const { tables } = await box.manager.read('/tables');
        for (const order of shown) rebuild.assertOrder(order);
        for (const table of tables) rebuild.assertTable(table);
        assert.equal(shown.length, rebuild.orders.size);
        assert.equal(tables.length, rebuild.tables.size);
    }

    async function good(promise) {
        const answer = await promise;
        assert.ok(answer.status < 300, `${answer.status} ${answer.text}`);
        return answer.body;
    }

    it('of orders of every kind', async () => {
        const table = await box.freeTable();
        const { item, group } = box.itemWithGroup((g) => g.max > 0);
        const modifiers = [...box.leastChoice(item, group), group.modifiers[0].id];
        await box.waiter.order({ ...box.dineIn(table), guests: 3, customer_name: 'Ana', note: 'birthday', priority: 'rush' }, key());
        await box.waiter.order({ ...box.takeout(), items: [{ menu_item_id: item.id, quantity: 2, modifiers, note: 'hot', seat: 2 }] });
        await box.waiter.order({ ...box.takeout(), order_type: 'delivery', customer_phone: '+34 600 000 000', payment_method: 'cash' });
        await box.waiter.order({
            ...box.takeout(),
            items: [{ open_name: 'Cake', open_price: 500, station: box.stations[0], quantity: 1 }],
            notify: false,
            print: false,
        });
        await holds();
    });

    it('of what is changed, added, voided, fired', async () => {
        const first = box.item();
        const order = await box.waiter.order({
            ...box.takeout(),
            items: [
                { menu_item_id: first.id, quantity: 3 },
                { menu_item_id: first.id, quantity: 1, course: 2 },
                { menu_item_id: first.id, quantity: 1, course: 3 },
            ],
        });
        await good(box.waiter.patch(`/orders/${order.id}`, { note: 'soon', priority: 'rush', guests: 4, customer_name: 'Bo', estimated_time: 30 }));
        await holds();
        await good(box.waiter.post(`/orders/${order.id}/items`, { items: [{ menu_item_id: first.id, quantity: 1 }] }));
        await good(box.waiter.post(`/orders/${order.id}/void`, { items: [{ item_id: order.items[0].id, quantity: 1 }], reason: 'one too many' }));
        await holds();
        await good(box.waiter.post(`/orders/${order.id}/fire`, { course: 2 }));
        await good(box.waiter.itemStatus(order.items[2].id, 'pending'));
        await good(box.waiter.post(`/orders/${order.id}/void`, { items: [{ item_id: order.items[0].id }], reason: 'gone' }));
        await holds();
        await good(box.waiter.orderStatus(order.id, 'cancelled'));
        await holds();
    });

    it('of plates on their way, there and back', async () => {
        const order = await box.send(...box.stations);
        await good(box.kitchen.itemStatus(order.items[0].id, 'preparing'));
        await holds();
        for (const ticket of order.tickets) await good(box.kitchen.ticketStatus(ticket.id, 'ready'));
        await holds();
        await good(box.waiter.orderStatus(order.id, 'served'));
        const back = await good(box.waiter.itemStatus(order.items[1].id, 'ready'));
        await holds();
        const recall = back.tickets.find((t) => t.kind === 'recall');
        await good(box.waiter.ticketStatus(recall.id, 'served'));
        await good(box.kitchen.itemStatus(order.items[1].id, 'preparing'));
        await holds();
        const live = await box.live('kitchen');
        await live.ask({ type: 'painted', ticket_ids: order.tickets.map((t) => t.id) });
        await live.ask({ type: 'touched', ticket_ids: order.tickets.map((t) => t.id) });
        await good(box.waiter.post(`/tickets/${order.tickets[0].id}/reprint`, {}));
        await holds();
    });

    it('of tables and those who sit at them', async () => {
        const [one, two] = [await box.freeTable(), (await box.waiter.read('/tables')).tables.filter((t) => t.status === 'free')[3]];
        await good(box.waiter.post(`/tables/${one.id}/open`, { guests: 2 }));
        const kept = await box.waiter.order(box.dineIn(one, ...box.stations));
        const gone = await box.waiter.order(box.dineIn(one));
        await good(box.waiter.orderStatus(gone.id, 'cancelled'));
        await good(box.waiter.post(`/tables/${one.id}/move`, { to_table_id: two.id }));
        await holds();
        assert.equal((await box.waiter.orderNow(kept.id)).table_id, two.id);
        assert.equal((await box.waiter.orderNow(gone.id)).table_id, one.id, 'what was cancelled stays where it was');
        await box.waiter.order(box.dineIn(one));
        await good(box.waiter.post(`/tables/${one.id}/merge`, { into_table_id: two.id }));
        await holds();
        await good(box.waiter.post(`/tables/${two.id}/bill`));
        await good(box.manager.post(`/tables/${two.id}/close`, { force: true }));
        await good(box.waiter.post(`/tables/${two.id}/restore`));
        await holds();
        const live = await box.live('manager');
        await live.ask({
            actions: [
                { action: 'move_table', from_table_id: two.id, to_table_id: one.id },
                { action: 'disable_table', table_id: two.id },
                { action: 'enable_table', table_id: two.id },
            ],
        });
        await good(box.manager.post(`/tables/${two.id}/disable`));
        await holds();
        await good(box.manager.post(`/tables/${two.id}/enable`));
        await good(box.manager.post(`/tables/${one.id}/close`, { force: true }));
        await holds();
    });

    it('of more than a hundred orders at one table', async () => {
        const [from, to] = (await box.waiter.read('/tables')).tables.filter((t) => t.status === 'free');
        const sent = [];
        for (let n = 0; n < 105; n++) sent.push(await box.waiter.order(box.dineIn(from, 'bar')));
        assert.equal((await box.table(from.id)).total_price, sent.reduce((sum, o) => sum + o.total_price, 0));
        await holds();
        await good(box.waiter.post(`/tables/${from.id}/move`, { to_table_id: to.id }));
        assert.equal((await box.table(to.id)).order_ids.length, sent.length);
        await holds();
        await good(box.manager.post(`/tables/${to.id}/close`, { force: true }));
        await holds();
    });

    it('of what is refused or asked twice, which is nothing', async () => {
        const order = await box.waiter.order(box.takeout(), 'the same');
        await holds();
        const before = rebuild.seq;
        await box.waiter.order(box.takeout(), 'the same');
        assert.equal((await box.waiter.orderStatus(order.id, 'served')).status, 409);
        assert.equal((await box.waiter.orderStatus(order.id, order.order_status)).status, 200);
        assert.equal((await box.waiter.post('/orders', { order_type: 'takeout', items: [] })).status, 422);
        await holds();
        const orders = (await box.eventsSince(before)).filter((e) => e.type.startsWith('order') || e.type.startsWith('table'));
        assert.deepEqual(orders, []);
    });

    it(`of ${DEEDS} things that come to mind`, async () => {
        const roll = dice(SEED);
        const items = box.menu.items.filter((i) => i.available && i.modifier_groups.every((g) => g.min === 0));
        const house = { roll, items, orders: [], tables: (await box.waiter.read('/tables')).tables };
        let done = 0;
        for (let n = 0; n < DEEDS; n++) {
            const deed = nextDeed(house);
            const { status, body } = await hand.ask(deed);
            assert.ok(status < 500, `${deed.kind} ${deed.path}: ${JSON.stringify(body)}`);
            if (status >= 300) continue;
            done += 1;
            if (deed.kind === 'create') house.orders.push(body);
            if (n % 50 === 0) await holds();
        }
        assert.ok(done > DEEDS / 3, `${done} were done`);
        await holds();
        for (const type of ['order_created', 'order_updated', 'order_status_changed', 'ticket_status_changed', 'item_status_changed', 'table_update'])
            assert.ok(types.has(type), `${type} was among them`);
    });
});
