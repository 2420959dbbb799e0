// SPDX-License-Identifier: MIT
/** A waiter's evening: tables on the floor, orders on the pad, what is taken back, moved and served. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Box } from '../lib/box.mjs';
import { Windows } from './browser.mjs';

describe('the floor and the order pad', () => {
    const box = new Box();
    const windows = new Windows(box);
    const at = (id, page = phone) => page.getByTestId(id);
    const plain = (station, nth = 0) => box.item({ station, nth });
    const status = (page, id) => page.evaluate((one) => document.querySelector(`[data-testid="${one}"]`)?.dataset.status, id);
    const becomes = (page, id, wanted) =>
        windows.until(page, `${id} ${wanted}`, ([one, word]) => document.querySelector(`[data-testid="${one}"]`)?.dataset.status === word, [id, wanted]);
    const ordersOf = async (table) => (await box.waiter.read(`/orders?table_id=${table}`)).orders;
    const soon = async (what, look) => {
        for (let n = 0; n < 400; n++) {
            const found = await look();
            if (found) return found;
            await new Promise((resolve) => setTimeout(resolve, 25));
        }
        return assert.fail(`waited in vain: ${what}`);
    };
    const add = async (page, item) => {
        if (!(await at(`category-${item.category_id}`, page).isVisible())) await at('review', page).click();
        await at(`category-${item.category_id}`, page).click();
        await at(`item-${item.id}`, page).click();
    };
    const send = async (page) => {
        if (await at('review', page).isVisible()) await at('review', page).click();
        await at('send', page).click();
        await page.locator('[data-testid="unsent"]').first().waitFor({ state: 'detached' });
    };
    let phone, other, awake, tables;

    before(async () => {
        awake = setInterval(() => {}, 1000);
        await box.open();
        ({ tables } = await box.waiter.read('/tables'));
        await windows.open();
        phone = await windows.as('waiter', 'phone', '/floor');
        other = await windows.as('manager', 'tablet', '/floor');
    });
    after(async () => {
        await windows.close();
        await box.close();
        clearInterval(awake);
    });

    it('shows every table where it stands, by area', async () => {
        await at('floor-map').waitFor();
        const area = tables[0].area;
        const here = tables.filter((t) => t.area === area);
        for (const { id } of here) await at(`table-${id}`).waitFor();
        await windows.look(phone, 'floor-phone');
        await windows.accessible(phone, 'floor');
        const away = tables.find((t) => t.area !== area);
        await at(`area-${away.area}`).click();
        await at(`table-${away.id}`).waitFor();
        await at(`area-${area}`).click();
    });

    it('seats guests with two touches, seen on every other floor', async () => {
        await at('table-1').click();
        await windows.look(phone, 'floor-sheet');
        await windows.accessible(phone, 'table sheet');
        await at('act-open').click();
        await at('guests-4').click();
        await becomes(other, 'table-1', 'occupied');
        assert.equal((await box.table(1)).guests, 4);
    });

    it('takes an order with courses, a seat, and something that is not on the menu', async () => {
        const [first, second] = [plain('cold'), plain('grill')];
        await at('table-1').click();
        await at('take-order').click();
        await windows.live(phone);
        await at('place').waitFor();
        await add(phone, first);
        await at(`category-${second.category_id}`).click();
        await at(`options-${second.id}`).click();
        await at('course-2').click();
        await at('seat-3').click();
        await at('note').fill('no onions');
        await windows.look(phone, 'order-sheet');
        await windows.accessible(phone, 'dish sheet');
        await at('sheet-done').click();
        await at('open-item-button').click();
        await at('open-name').fill('Birthday cake');
        await at('open-price').fill('12,5');
        await windows.look(phone, 'order-open-item');
        await at('open-station-cold').click();
        await at('open-done').click();
        await at('review').click();
        await phone.getByText('waits until you call it').waitFor();
        await windows.look(phone, 'order-courses');
        assert.match(await at('send').textContent(), /cold 2 · grill 1/);
        await at('send').click();
        const [order] = await soon('the order', () => ordersOf(1).then((list) => list.length && list));
        assert.deepEqual(
            order.items.map((i) => [i.name, i.item_status, i.course, i.seat, i.unit_price]),
            [
                [first.name, 'pending', 1, null, first.price],
                [second.name, 'held', 2, 3, second.price],
                ['Birthday cake', 'pending', 1, null, 1250],
            ],
        );
        assert.equal(order.items[1].note, 'no onions');
        await at(`fire-${order.id}`).click();
        await becomes(phone, `item-status-${order.items[1].id}`, 'pending');
    });

    it('adds to the order that runs, and keeps another draft for another table', async () => {
        const item = plain('bar');
        await add(phone, item);
        await at('change-place').click();
        await at('table-2').click();
        await add(phone, plain('grill', 1));
        await at('change-place').click();
        await at('table-1').getByText('not sent yet').waitFor();
        await at('table-1').click();
        assert.match(await at('send').textContent(), /Add and send: bar 1/);
        await send(phone);
        const orders = await ordersOf(1);
        assert.equal(orders.length, 1);
        assert.equal(orders[0].tickets.at(-1).kind, 'add_on');
        assert.deepEqual(await ordersOf(2), [], 'the other table waits');
        await phone.reload();
        await windows.live(phone);
        await at('change-place').click();
        await at('table-2').getByText('not sent yet').waitFor();
        await at('table-1').click();
    });

    it('takes a dish back with a reason, and the kitchen hears of it', async () => {
        const [order] = await ordersOf(1);
        const item = order.items.find((i) => i.station === 'bar');
        await at('review').click();
        await at(`void-${order.id}`).click();
        await at(`void-more-${item.id}`).click();
        await at('void_reason_guest').click();
        await windows.look(phone, 'order-void');
        await windows.accessible(phone, 'void sheet');
        await at('void-done').click();
        await becomes(phone, `item-status-${item.id}`, 'voided');
        const now = (await ordersOf(1))[0];
        assert.equal(now.tickets.at(-1).kind, 'void');
        assert.equal(now.tickets.at(-1).station, 'bar');
    });

    it('takes a dish off the menu for everybody, and puts it back', async () => {
        const item = plain('cold', 1);
        const page = await windows.as('waiter', 'laptop', '/order?table=3');
        await at(`category-${item.category_id}`, page).click();
        await at(`options-${item.id}`, page).click();
        await at('availability', page).click();
        await windows.until(page, 'greyed', (id) => document.querySelector(`[data-testid="item-${id}"]`)?.disabled, item.id);
        assert.equal((await box.waiter.read('/menu')).items.find((i) => i.id === item.id).available, false);
        await at(`options-${item.id}`, page).click();
        await at('availability', page).click();
        await windows.until(page, 'back', (id) => !document.querySelector(`[data-testid="item-${id}"]`)?.disabled, item.id);
        await windows.look(page, 'order-laptop');
        await windows.accessible(page, 'order pad');
        await page.context().close();
    });

    it('calls the waiter when food is ready, and serves it from there', async () => {
        const [order] = await ordersOf(1);
        const dish = order.items.find((i) => i.item_status === 'pending');
        await box.kitchen.must('POST', `/items/${dish.id}/status`, { body: { status: 'ready' } });
        await at('food-ready').getByText('Table 1').waitFor();
        await windows.until(phone, 'the title', () => document.title.startsWith('(1)'));
        await windows.look(phone, 'order-food-ready');
        await at('food-ready').click();
        await windows.live(phone);
        await at('want-1').waitFor();
        await at('want-1', other).waitFor();
        assert.equal(await at('want-1').getAttribute('data-want'), 'food');
        await windows.look(phone, 'floor-food');
        await at('table-1').click();
        await at(`floor-serve-${order.id}`).click();
        await at('want-1').waitFor({ state: 'detached' });
        assert.equal((await ordersOf(1))[0].items.find((i) => i.id === dish.id).item_status, 'served');
        await at('table-sheet-close').click();
    });

    it('moves guests to a table that is touched, joins tables, and brings guests back', async () => {
        await at('table-1').click();
        await at('act-move').click();
        await at('carry-bar').waitFor();
        await windows.look(phone, 'floor-carry');
        await at('table-4').click();
        await becomes(phone, 'table-4', 'occupied');
        await becomes(phone, 'table-1', 'free');
        assert.equal((await ordersOf(4)).length, 1);
        await box.waiter.must('POST', '/tables/5/open', { body: { guests: 2 } });
        await becomes(phone, 'table-5', 'occupied');
        await at('table-5').click();
        await at('act-merge').click();
        await at('table-4').click();
        await becomes(phone, 'table-5', 'free');
        assert.equal((await box.table(4)).status, 'occupied');
        await box.waiter.must('POST', '/tables/6/open', { body: { guests: 3 } });
        await becomes(phone, 'table-6', 'occupied');
        await at('table-6').click();
        await at('act-close').click();
        await at('table-sheet-close').click();
        await becomes(phone, 'table-6', 'free');
        await at('table-6').click();
        await at('act-restore').click();
        await at('table-sheet-close').click();
        await becomes(phone, 'table-6', 'occupied');
        assert.equal((await box.table(6)).guests, 3);
    });

    it('does not close on unpaid orders, unless a manager insists', async () => {
        await at('table-4').click();
        await at('act-close').click();
        await at('table-sheet-close').click();
        await at('failure').getByText('not paid').waitFor();
        await at('failure').getByRole('button').click();
        assert.equal(await status(phone, 'table-4'), 'occupied');
        other.once('dialog', (dialog) => dialog.accept());
        await at('table-4', other).click();
        await at('act-close', other).click();
        await becomes(phone, 'table-4', 'free');
        await at('table-sheet-close', other).click();
    });

    it('does one thing to several tables', async () => {
        await at('floor-several', other).click();
        for (const id of [7, 8, 9]) await at(`table-${id}`, other).click();
        await windows.look(other, 'floor-several');
        await windows.accessible(other, 'several tables');
        await at('all-disable', other).click();
        for (const id of [7, 8, 9]) await becomes(phone, `table-${id}`, 'disabled');
        for (const id of [7, 8, 9]) await at(`table-${id}`, other).click();
        await at('all-enable', other).click();
        for (const id of [7, 8, 9]) await becomes(phone, `table-${id}`, 'free');
        await at('selection-end', other).click();
    });

    it('is a list too, for those who do not look or have little room', async () => {
        const narrow = await windows.as('waiter', 'narrow', '/floor');
        await windows.look(narrow, 'floor-narrow');
        await at('floor-look', narrow).click();
        await at('floor-list', narrow).waitFor();
        await windows.look(narrow, 'floor-list-narrow');
        await windows.accessible(narrow, 'floor as a list');
        await narrow.keyboard.press('Tab');
        await at('table-1', narrow).focus();
        await narrow.keyboard.press('Enter');
        await at('table-sheet', narrow).waitFor();
        await narrow.keyboard.press('Escape');
        await at('table-sheet', narrow).waitFor({ state: 'detached' });
        await narrow.context().close();
    });

    it('raised no complaint of the browser', () => assert.deepEqual(windows.complaints, []));
});
