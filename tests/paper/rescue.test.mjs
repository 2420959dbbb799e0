// SPDX-License-Identifier: MIT
/** What becomes of tickets that their printer cannot print in time, and of printers that need more than paper. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { PaperHouse, says } from './lib/house.mjs';
import { readTicket } from './lib/ocr.mjs';
import { pause, until } from './lib/look.mjs';

describe('tickets that wait', () => {
    const house = new PaperHouse();
    const { box } = house;
    const held = async () => (await box.kitchen.read(`/devices/${(await house.device('grill')).id}/held`)).tickets;
    const decide = async (body) => box.kitchen.write(`/devices/${(await house.device('grill')).id}/held`, body);

    before(() => house.open({ grill: {}, bar: {} }));
    beforeEach(async () => {
        for (const printer of house.printers) {
            printer.well();
            if (!printer.server) await printer.on();
        }
        await house.set('grill', '--station', house.station);
        await house.set('bar', '--station', box.stations[1]);
        await house.state('grill', 'ok');
        await house.settled();
    });
    after(() => house.close());

    it('go to the backup printer, headed so, and back to their own when it is well', async () => {
        await house.set('grill', '--station', house.station, '--backup', 'bar', '--backup-after', '2');
        house.grill.set({ paper: 'out' });
        const orders = [await box.send(house.station), await box.send(house.station)];
        await house.raised('PRINTER_NOT_READY');
        const papers = await house.printed('bar', 2);
        for (const paper of papers) says(await readTicket(paper), 'BACKUP FROM grill', /KOT \d+/);
        for (const paper of papers) assert.ok(!(await readTicket(paper)).includes('DUPLICATE'), 'nothing was begun');
        house.grill.set({ paper: 'ok' });
        await house.cleared('PRINTER_NOT_READY');
        const next = await box.send(house.station);
        await house.once('grill', next);
        await pause(500);
        for (const order of orders) assert.deepEqual(await house.out('grill', order.tickets[0]), { clean: 0, marked: 0 }, 'once, at the other one');
        const { destinations } = await box.waiter.read(`/orders/${orders[0].id}/passport`);
        assert.deepEqual(destinations.filter((d) => d.name !== 'Paper strip').map((d) => [d.name, d.state]), [['grill', 'rerouted'], ['bar', 'confirmed']]);
    });

    it('say that they may be on paper when the printer had begun', async () => {
        await house.set('grill', '--station', house.station, '--backup', 'bar', '--backup-after', '2');
        house.grill.set({ bytesPerSecond: 60_000 });
        const since = house.bar.tickets.length;
        const order = await box.send(house.station);
        await until('the first dots', () => [...house.grill.connections].some((line) => line.roll.slices.length > 0), 400);
        await house.grill.off();
        const [paper] = await house.printed('bar', 1, since);
        says(await readTicket(paper), 'BACKUP FROM grill', `POSSIBLE DUPLICATE OF KOT ${order.tickets[0].kot_number}`);
        await house.grill.on();
        await house.settled();
    });

    it('do not go to a backup printer that cannot print either', async () => {
        await house.set('grill', '--station', house.station, '--backup', 'bar', '--backup-after', '1');
        house.bar.set({ paper: 'out' });
        await house.state('bar', 'failed');
        house.grill.set({ paper: 'out' });
        const order = await box.send(house.station);
        await house.state('grill', 'failed');
        await pause(2500);
        house.grill.set({ paper: 'ok' });
        await house.once('grill', order);
        house.bar.set({ paper: 'ok' });
        await house.state('bar', 'ok');
    });

    it('are not spewed out when they are old: one slip tells of them, and people are asked', async () => {
        await house.set('grill', '--station', house.station, '--stale-after', '2');
        house.grill.set({ paper: 'out' });
        const since = house.grill.tickets.length;
        const orders = [];
        for (let n = 0; n < 3; n++) orders.push(await box.send(house.station));
        const alert = await house.raised('TICKETS_HELD');
        assert.equal(alert.severity, 'critical');
        await until('all three', async () => (await held()).length === 3, 800);
        house.grill.set({ paper: 'ok' });
        await house.printed('grill', 1, since);
        says(await house.said('grill'), 'NOT PRINTED', 'kitchen screen', `KOT ${orders[0].tickets[0].kot_number}`, `KOT ${orders[2].tickets[0].kot_number}`);
        const next = await box.send(house.station);
        await house.once('grill', next);
        assert.equal(house.grill.tickets.length - since, 2, 'the slip and what is new');

        const left = await decide({ action: 'print', ticket_ids: [orders[0].tickets[0].id] });
        assert.deepEqual(left.tickets.map((t) => t.ticket_id), orders.slice(1).map((o) => o.tickets[0].id));
        await house.once('grill', orders[0]);
        await decide({ action: 'discard' });
        await house.cleared('TICKETS_HELD');
        await house.settled();
        assert.deepEqual(await house.out('grill', orders[1].tickets[0]), { clean: 0, marked: 0 });
        assert.deepEqual(await held(), []);
    });

    it('refuse an answer that is none', async () => {
        const { id } = await house.device('grill');
        assert.equal((await box.kitchen.post(`/devices/${id}/held`, { action: 'burn' })).status, 422);
        assert.equal((await box.kitchen.post(`/devices/${id}/held`, {})).status, 422);
        assert.equal((await box.kitchen.get('/devices/999999/held')).status, 404);
    });

    it('go on by themselves when somebody has stopped the queue', async () => {
        await house.cups.pause('grill');
        const order = await box.send(house.station);
        await house.once('grill', order);
        await house.state('grill', 'ok');
    });

    it('say that a dish has letters that no font has', async () => {
        const order = await box.waiter.order({ order_type: 'takeout', items: [{ open_name: 'Soup \u{10ff00}\u{10ff01}', open_price: 500, station: house.station, quantity: 1 }] });
        const alert = await house.raised('GLYPH_MISSING');
        assert.match(alert.fix, /screen/);
        for (const status of ['ready', 'served']) assert.equal((await box.waiter.orderStatus(order.id, status)).status, 200);
        await house.cleared('GLYPH_MISSING');
    });

    it('say that the roll ends before it does', async () => {
        await house.set('grill', '--station', house.station, '--roll', '1');
        for (let n = 0; n < 10 && !(await house.alert('PAPER_LOW')); n++) {
            const order = await box.send(house.station);
            await house.once('grill', order);
        }
        const alert = await house.raised('PAPER_LOW');
        assert.equal(alert.severity, 'warning');
        assert.match(alert.detail, /\d+ m of paper are left, for some \d+ tickets/);
        house.grill.set({ cover: true });
        await house.state('grill', 'failed');
        house.grill.set({ cover: false });
        await house.cleared('PAPER_LOW');
    });
});
