// SPDX-License-Identifier: MIT
/** Printers as an owner sets them up: what of which station comes out where, how often and in which form. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { PaperHouse, says } from './lib/house.mjs';
import { pause, picture, same, until } from './lib/look.mjs';

describe('printers that are set up', () => {
    const house = new PaperHouse();
    const { box } = house;
    let other;

    before(async () => {
        await house.open({ grill: {} });
        other = box.stations[1];
        await house.set('grill', '--station', house.station);
    });
    after(() => house.close());

    it('print what is of their stations, and of the kinds that they are for', async () => {
        await house.add('expo', { args: ['--station', `${house.station}=void`, '--station', other] });
        await pause(5500); /* a hub that runs looks for new printers every five seconds */
        const order = await box.send(house.station, other);
        await house.printed('grill', 1);
        await house.printed('expo', 1);
        const mine = order.tickets.find((t) => t.station === other);
        assert.deepEqual(await house.out('expo', mine), { clean: 1, marked: 0 });
        const item = order.items.find((i) => i.station === house.station);
        await box.waiter.write(`/orders/${order.id}/void`, { items: [{ item_id: item.id, quantity: 1 }], reason: 'changed their mind' });
        await house.printed('grill', 2);
        await house.printed('expo', 2);
        says(await house.said('expo'), 'VOID', 'DO NOT MAKE', 'changed their mind');
        await house.settled();
        assert.equal(house.expo.tickets.length, 2, 'the new ticket of the other station is not for it');
    });

    it('bring a void and an add-on to the kitchen that came together', async () => {
        const order = await box.send(house.station, house.station);
        const since = house.grill.tickets.length;
        const item = box.item({ station: house.station, nth: 1 });
        await Promise.all([
            box.waiter.write(`/orders/${order.id}/void`, { items: [{ item_id: order.items[0].id, quantity: 1 }], reason: 'a mistake' }),
            box.waiter.write(`/orders/${order.id}/items`, { items: [{ menu_item_id: item.id, quantity: 2 }] }),
        ]);
        await house.settled();
        const { tickets } = await box.waiter.read(`/orders/${order.id}`);
        for (const ticket of tickets.slice(1)) assert.deepEqual(await house.out('grill', ticket), { clean: 1, marked: 0 }, ticket.kind);
        assert.ok(house.grill.tickets.length - since >= 2);
    });

    it('tell each kitchen of a table that moves, and from where', async () => {
        const from = await box.freeTable();
        await box.waiter.write(`/tables/${from.id}/open`, { guests: 2 });
        const order = await box.waiter.order(box.dineIn(from, house.station));
        await house.once('grill', order);
        const free = (await box.waiter.read('/tables')).tables.find((t) => t.status === 'free' && t.id !== from.id);
        const since = house.grill.tickets.length;
        await box.waiter.write(`/tables/${from.id}/move`, { to_table_id: free.id });
        await house.printed('grill', 1, since);
        says(await house.said('grill'), 'MOVED', `TABLE ${free.name}`, `was at ${from.name}`);
    });

    it('print as many copies as are wanted, and each line on a slip of its own', async () => {
        await house.set('grill', '--station', house.station, '--copies', '2');
        let since = house.grill.tickets.length;
        await box.send(house.station);
        const twice = await house.printed('grill', 2, since);
        assert.ok(same(twice[0], twice[1]));
        await house.set('grill', '--station', house.station, '--per-item');
        since = house.grill.tickets.length;
        await box.send(box.item({ station: house.station }), box.item({ station: house.station, nth: 1 }));
        await house.printed('grill', 2, since);
        says(await house.said('grill'), 'slip 2/2', box.item({ station: house.station, nth: 1 }).name);
        await house.settled();
        assert.equal(house.grill.tickets.length - since, 2);
    });

    it('print larger, on narrow paper, with a beep, in another language', async () => {
        await house.set('grill', '--station', house.station, '--large', '--buzzer', '--language', 'es');
        await pause(100);
        let since = house.grill.tickets.length;
        const order = await box.send(house.station);
        const [ticket] = await house.printed('grill', 1, since);
        assert.ok(ticket.buzzed);
        assert.ok(ticket.height > (await picture(box.waiter, order.tickets[0])).height);
        says(await house.said('grill'), 'PARA LLEVAR');
        await house.set('grill', '--station', house.station, '--width', '384');
        await pause(5500);
        since = house.grill.tickets.length;
        await box.send(house.station);
        const [narrow] = await house.printed('grill', 1, since);
        assert.equal(narrow.width, 384);
        assert.ok(!narrow.buzzed);
        await house.set('grill', '--station', house.station);
        await pause(5500);
    });

    it('prove themselves by a test slip, from the command line and from a page', async () => {
        const since = house.grill.tickets.length;
        await house.servery('printer', 'test', '--name', 'grill');
        await house.printed('grill', 1, since);
        says(await house.said('grill'), 'TEST', 'the printer works');
        const { id } = await house.device('grill');
        const device = await box.manager.write(`/devices/${id}/test`, undefined, { idempotency: 'test it' });
        assert.equal(device.name, 'grill');
        await box.manager.write(`/devices/${id}/test`, undefined, { idempotency: 'test it' });
        await house.settled();
        assert.equal(house.grill.tickets.length - since, 2, 'a key asks once');
        const missing = await box.manager.post('/devices/999999/test');
        assert.equal(missing.status, 404);
    });

    it('print bills in columns where they are for bills, and open the drawer for cash', async () => {
        const order = await box.waiter.order({ ...box.takeout(house.station), payment_method: 'cash' });
        await house.settled();
        const refused = await box.waiter.post(`/orders/${order.id}/bill`);
        assert.equal(refused.status, 503);
        await house.add('till', { args: ['--no-tickets', '--bills'] });
        await pause(5500);
        await box.waiter.write(`/orders/${order.id}/bill`);
        const [bill] = await house.printed('till', 1);
        assert.ok(bill.kicked);
        const price = (order.total_price / 100).toFixed(2);
        says(await house.said('till'), 'BILL', `TOTAL ${price}`, 'Thank you');
        await box.send(house.station);
        await house.settled();
        assert.equal(house.till.tickets.length, 1, 'no tickets there');
    });

    it('say of each piece of paper where it got to, in the passport and as it happens', async () => {
        const live = await box.live('manager');
        const order = await box.send(house.station);
        await house.once('grill', order);
        const event = await live.waitFor((f) => f.type === 'passport_updated' && f.order_id === order.id && f.destination.state === 'confirmed');
        assert.equal(event.destination.proof, 'confirmed_by_printer');
        const passport = await until('the whole order', async () => {
            const now = await box.waiter.read(`/orders/${order.id}/passport`);
            return now.complete && now;
        }, 400);
        const at = passport.destinations.find((d) => d.name === 'grill');
        assert.deepEqual([at.state, at.proof, at.attempts, at.ticket_id], ['confirmed', 'confirmed_by_printer', 1, order.tickets[0].id]);
    });

    it('are listed with how they are set up, and how far their rolls are', async () => {
        await house.set('grill', '--station', `${house.station}=new,void`, '--roll', '80');
        const line = (await house.servery('printer', 'list')).split('\n').find((l) => l.startsWith('grill'));
        says(line, `${house.station}=new,void`, 'cups', '576', /\d+\.\d m printed on this roll, about 7\d\.\d m left/);
    });
});
