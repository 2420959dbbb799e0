// SPDX-License-Identifier: MIT
/** Two windows of a real browser: what a waiter does on one is seen in the kitchen on the other, whatever happens between. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Box } from '../lib/box.mjs';
import { Windows } from './browser.mjs';

describe('in the browser', () => {
    const box = new Box();
    const windows = new Windows(box);
    const at = (page, id) => page.getByTestId(id);
    const { live } = windows;
    let awake, plain, phone, wall, order, kitchen, port;

    /** The orders of a table as the server knows them, newest first. */
    const ordersOf = async (table) => (await box.waiter.read(`/orders?table_id=${table}`)).orders;
    const ticketsOf = async (table) => (await ordersOf(table)).flatMap((o) => o.tickets).sort((a, b) => a.id - b.id);
    const until = (...words) => windows.until(...words);
    /** A phone shows the menu or the cart: "Back" leads from this to that. */
    const category = async (page, item) => {
        if (!(await at(page, `category-${item.category_id}`).isVisible())) await at(page, 'review').click();
        await at(page, `category-${item.category_id}`).click();
    };
    const tapItem = async (page, item) => {
        await category(page, item);
        await at(page, `item-${item.id}`).click();
    };
    const send = async (page) => {
        if (await at(page, 'review').isVisible()) await at(page, 'review').click();
        await at(page, 'send').click();
    };
    const ticketOf = async (table) => {
        for (let n = 0; n < 400; n++) {
            const [newest] = await ordersOf(table);
            if (newest) return newest.tickets.find((t) => t.station === 'grill');
            await new Promise((resolve) => setTimeout(resolve, 25));
        }
        return assert.fail('the order did not arrive');
    };

    before(async () => {
        awake = setInterval(() => {}, 1000);
        await box.open();
        port = box.server.port;
        plain = box.item({ station: 'grill' });
        await windows.open();
        phone = await windows.device('phone');
        wall = await windows.device('wall');
        order = await windows.page(phone, '/order');
        kitchen = await windows.page(wall, '/kitchen?station=grill');
    });
    after(async () => {
        await windows.close();
        await box.close();
        clearInterval(awake);
    });

    it('asks for a PIN first, and says when it is wrong', async () => {
        await at(order, 'sign-in').waitFor();
        await windows.look(order, 'phone-sign-in');
        await windows.accessible(order, 'sign-in');
        await order.getByTestId('sign-in').getByText(box.server.person('waiter').name, { exact: false }).first().click();
        await at(order, 'pin-input').fill('00000000');
        await at(order, 'pin-submit').click();
        await order.getByText('not right').waitFor();
        await order.reload();
        await windows.signIn(order, 'waiter');
        await windows.signIn(kitchen, 'kitchen');
        await live(order);
        await live(kitchen);
        await windows.look(order, 'phone-places');
        await windows.accessible(order, 'places');
    });

    it('carries an order with a choice and a note to the kitchen, and the bump back', async () => {
        const { item, group } = box.itemWithGroup((g, i) => i.station === 'grill' && g.min === 0);
        await at(order, 'table-5').click();
        await at(order, `category-${item.category_id}`).click();
        await windows.look(order, 'phone-menu');
        const options = at(order, `options-${item.id}`);
        await ((await options.count()) ? options : at(order, `item-${item.id}`)).click();
        await at(order, 'sheet').waitFor();
        await at(order, `modifier-${group.modifiers[0].id}`).check();
        await at(order, 'note').fill('no coriander');
        await windows.look(order, 'phone-sheet');
        await windows.accessible(order, 'sheet');
        await at(order, 'sheet-done').click();
        if (await at(order, 'review').isVisible()) await at(order, 'review').click();
        await windows.look(order, 'phone-cart');
        const clicked = Date.now();
        await at(order, 'send').click();
        const card = kitchen.locator('[data-testid^="ticket-"]').first();
        await card.waitFor();
        console.log(`from the click to the kitchen's card: ${Date.now() - clicked} ms`);
        const ticket = await ticketOf(5);
        const text = await at(kitchen, `ticket-${ticket.id}`).innerText();
        assert.match(text, /no coriander/);
        assert.ok(text.includes(group.modifiers[0].name));
        await windows.look(kitchen, 'wall-kitchen');
        await windows.accessible(kitchen, 'kitchen');
        await at(kitchen, `bump-${ticket.id}`).click();
        await kitchen.locator(`[data-testid="bump-${ticket.id}"][data-next="ready"]`).waitFor();
        await at(kitchen, `bump-${ticket.id}`).click();
        const [placed] = await ordersOf(5);
        await order.locator(`[data-testid="order-${placed.id}"][data-status="ready"]`).waitFor({ state: 'attached' });
        await windows.look(order, 'phone-ready');
    });

    it('brings a bumped ticket back', async () => {
        const ticket = await ticketOf(5);
        await at(kitchen, `ticket-${ticket.id}`).waitFor({ state: 'detached' });
        await at(kitchen, 'recall').click();
        await windows.look(kitchen, 'wall-recall');
        await at(kitchen, `recall-${ticket.id}`).click();
        await kitchen.keyboard.press('Escape');
        await at(kitchen, `ticket-${ticket.id}`).waitFor();
        assert.equal((await ordersOf(5))[0].order_status, 'preparing');
    });

    it('shows tickets as they print, and the lamp until somebody touches them', async () => {
        const strip = await windows.page(wall, '/strip');
        await live(strip);
        const sent = await box.send('grill');
        const ticket = sent.tickets[0];
        await strip.locator('[data-testid="lamp-grill"][data-lit="true"]').waitFor();
        const picture = at(strip, `strip-${ticket.id}`).locator('img');
        await picture.waitFor();
        await until(strip, 'the picture', (img) => img.complete && img.naturalWidth > 0, await picture.elementHandle());
        await windows.look(strip, 'wall-strip');
        await windows.accessible(strip, 'strip');
        await kitchen.bringToFront();
        await at(kitchen, `bump-${ticket.id}`).click();
        await strip.locator('[data-testid="lamp-grill"][data-lit="false"]').waitFor();
        await strip.close();
    });

    it('greys out what is 86’d, at once and everywhere', async () => {
        await category(order, plain);
        assert.equal(await at(order, `item-${plain.id}`).isDisabled(), false);
        await box.kitchen.must('PATCH', `/menu/items/${plain.id}`, { body: { available: false } });
        await until(order, 'grey', (id) => document.querySelector(`[data-testid="item-${id}"]`)?.disabled, plain.id);
        await box.kitchen.must('PATCH', `/menu/items/${plain.id}`, { body: { available: true } });
        await until(order, 'colour', (id) => !document.querySelector(`[data-testid="item-${id}"]`)?.disabled, plain.id);
    });

    it('keeps an order that is sent while the box is dead, over a reload, and sends it once', async () => {
        const before = (await ticketsOf(5)).length;
        await tapItem(order, plain);
        await box.server.kill();
        await order.locator('[data-testid="conn-state"]:not([data-state="live"])').waitFor();
        await send(order);
        await order.locator('[data-testid="unsent"]').first().waitFor({ state: 'attached' });
        await windows.look(order, 'phone-unsent');
        box.server.options.listen = `127.0.0.1:${port}`;
        await box.server.boot();
        await box.connect();
        await order.locator('[data-testid="unsent"]').first().waitFor({ state: 'detached', timeout: 60_000 });
        await live(kitchen);
        const now = await ticketsOf(5);
        assert.equal(now.length, before + 1, 'once');
        assert.equal(now.at(-1).kind, 'add_on', 'to the order that runs at the table');
        await at(kitchen, `ticket-${now.at(-1).id}`).waitFor();
    });

    it('goes on after the network was away', async () => {
        await phone.setOffline(true);
        const sent = await box.send('grill');
        await at(kitchen, `ticket-${sent.tickets[0].id}`).waitFor();
        await phone.setOffline(false);
        await live(order);
        const from = await box.waiter.order({ order_type: 'dine_in', table_id: 5, items: [{ menu_item_id: plain.id, quantity: 1 }] });
        await at(order, `order-${from.id}`).waitFor({ state: 'attached' });
    });

    it('asks for the PIN again when the session ends, and returns to the same place', async () => {
        await order.evaluate(() => fetch('/api/v1/session', { method: 'DELETE' }));
        await at(order, 'sign-in').waitFor();
        await windows.signIn(order, 'waiter');
        await live(order);
        assert.match(await at(order, 'place').innerText(), /5/);
    });

    it('shows each of two waiters what the other does at the table', async () => {
        const tablet = await windows.device('laptop');
        const second = await windows.page(tablet, '/r/main/order');
        await windows.signIn(second, 'manager');
        await live(second);
        await at(second, 'table-5').click();
        const [newest] = await ordersOf(5);
        await at(second, `order-${newest.id}`).waitFor({ state: 'attached' });
        await windows.look(second, 'tablet-order');
        await windows.accessible(second, 'order');
        const before = (await ordersOf(5)).flatMap((o) => o.items).length;
        await tapItem(second, plain);
        await send(second);
        const seen = (n) => document.querySelectorAll('[data-testid^="item-status-"]').length > n;
        await until(second, 'one more', seen, before);
        await until(order, 'one more on the phone', seen, before);
        assert.equal((await ordersOf(5)).flatMap((o) => o.items).length, before + 1);
        const home = await windows.page(tablet, '/');
        await at(home, 'link-kitchen').waitFor();
        await windows.look(home, 'tablet-home');
        await windows.accessible(home, 'home');
        await tablet.close();
    });

    it('paints every ticket of a rush on three screens, and says so', async () => {
        const extra = [await windows.page(wall, '/kitchen?station=grill'), await windows.page(wall, '/kitchen?station=grill')];
        for (const page of extra) await live(page);
        const delays = [];
        for (let n = 0; n < 25; n++) {
            const began = Date.now();
            const sent = await box.send('grill');
            await at(extra[1], `ticket-${sent.tickets[0].id}`).waitFor();
            delays.push(Date.now() - began);
        }
        delays.sort((a, b) => a - b);
        console.log(`from sending to the card being there: p50 ${delays[12]} ms, worst ${delays[24]} ms`);
        await windows.look(kitchen, 'wall-rush');
        for (const page of extra) await page.close();
    });

    it('raised no complaint of the browser', () => {
        assert.deepEqual(windows.complaints, []);
    });
});
