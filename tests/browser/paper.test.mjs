// SPDX-License-Identifier: MIT
/** Paper from the screens: a ticket once more, and what is to become of those that waited too long. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { PaperHouse, says } from '../paper/lib/house.mjs';
import { until } from '../paper/lib/look.mjs';
import { Windows } from './browser.mjs';

describe('paper on the screens', () => {
    const house = new PaperHouse();
    const { box } = house;
    const windows = new Windows(box);
    let wall, phone;
    const at = (page, id) => page.getByTestId(id);

    before(async () => {
        await house.open({ grill: {}, till: { args: ['--no-tickets', '--bills'] } });
        await house.set('grill', '--station', house.station);
        await windows.open();
        wall = await windows.as('kitchen', 'wall', `/kitchen?station=${house.station}`);
        phone = await windows.as('waiter', 'phone', '/order?type=takeout');
    });
    after(async () => {
        await windows.close();
        await house.close();
        assert.deepEqual(windows.complaints, []);
    });

    it('the cook prints a ticket again: headed COPY, with who and when', async () => {
        const order = await box.send(house.station);
        await house.once('grill', order);
        await at(wall, `ticket-${order.tickets[0].id}`).waitFor();
        await at(wall, 'paper').click();
        await windows.look(wall, 'kitchen-paper');
        await windows.accessible(wall, 'kitchen paper');
        const since = house.grill.tickets.length;
        await at(wall, `reprint-${order.tickets[0].id}`).click();
        await house.printed('grill', 1, since);
        says(await house.said('grill'), 'COPY', box.server.person('kitchen').name.split(' ')[0], `KOT ${order.tickets[0].kot_number}`);
        await at(wall, `reprint-${order.tickets[0].id}`).getByText('Asked for').waitFor();
        await at(wall, 'paper-sheet-close').click();
    });

    it('a waiter prints the bill, and a ticket again', async () => {
        const order = await box.send(house.station);
        await at(phone, 'review').click();
        await at(phone, `paper-${order.id}`).click();
        await windows.look(phone, 'order-paper');
        await windows.accessible(phone, 'order paper');
        await at(phone, 'print-bill').click();
        await house.printed('till', 1);
        says(await house.said('till'), 'BILL', 'TOTAL');
        const since = house.grill.tickets.length;
        await at(phone, `reprint-${order.tickets[0].id}`).click();
        await house.printed('grill', 1, since);
        await at(phone, 'paper-sheet-close').click();
    });

    it('the kitchen is asked about tickets that waited too long, and says which', async () => {
        await house.set('grill', '--station', house.station, '--stale-after', '1');
        house.grill.set({ paper: 'out' });
        const orders = [];
        for (let n = 0; n < 3; n++) orders.push(await box.send(house.station));
        await house.raised('TICKETS_HELD');
        await until('all three', async () => {
            const { id } = await house.device('grill');
            return (await box.kitchen.read(`/devices/${id}/held`)).tickets.length === 3;
        }, 800);
        await house.set('grill', '--station', house.station);
        house.grill.set({ paper: 'ok' });
        await house.cleared('PRINTER_NOT_READY');
        await at(wall, 'alert-held').click();
        const row = (order) => at(wall, `held-${order.tickets[0].id}`);
        for (const order of orders) assert.ok(await row(order).isChecked());
        await windows.look(wall, 'kitchen-held');
        await windows.accessible(wall, 'kitchen held');
        await row(orders[1]).uncheck();
        await row(orders[2]).uncheck();
        await at(wall, 'held-print').click();
        await house.once('grill', orders[0]);
        await row(orders[0]).waitFor({ state: 'detached' });
        await at(wall, 'held-discard').click();
        await at(wall, 'held-sheet').waitFor({ state: 'detached' });
        await house.cleared('TICKETS_HELD');
        await house.settled();
        assert.deepEqual(await house.out('grill', orders[1].tickets[0]), { clean: 0, marked: 0 });
    });
});
