// SPDX-License-Identifier: MIT
/** The pass and the guests' board: whole orders, what they wait for, and numbers called out. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Box } from '../lib/box.mjs';
import { Windows } from './browser.mjs';

describe('the pass and the board', () => {
    const box = new Box();
    const windows = new Windows(box);
    const at = (id, page = pass) => page.getByTestId(id);
    const row = (order) => at(`row-${order.id}`);
    const cell = (order, station) => row(order).getByTestId(`cell-${station}`);
    const line = (station, nth = 0, more = {}) => ({ menu_item_id: box.item({ station, nth }).id, quantity: 1, ...more });
    const order = (items, more = {}) => box.waiter.order({ order_type: 'takeout', items, ...more });
    const orderOf = (id) => box.waiter.read(`/orders/${id}`);
    const state = (sent, station, wanted) =>
        windows.until(pass, `${station} ${wanted}`, ([id, name, word]) => document.querySelector(`[data-testid="row-${id}"] [data-testid="cell-${name}"]`)?.dataset.state === word, [sent.id, station, wanted]);
    let pass, board, awake;

    before(async () => {
        awake = setInterval(() => {}, 1000);
        await box.open();
        await windows.open();
        pass = await windows.as('waiter', 'wall', '/pass');
        board = await windows.as('manager', 'wall', '/board');
    });
    after(async () => {
        await windows.close();
        await box.close();
        clearInterval(awake);
    });

    it('is empty, and says what will come', async () => {
        await pass.getByText('Nothing to carry').waitFor();
        await windows.look(board, 'board-empty');
    });

    it('shows each order across its stations, and what it still waits for', async () => {
        const sent = await order([line('grill'), line('cold', 0, { quantity: 2 }), line('bar')], { note: 'corner table' });
        for (const station of ['grill', 'cold', 'bar']) assert.equal(await cell(sent, station).getAttribute('data-state'), 'pending');
        await box.kitchen.must('POST', `/tickets/${sent.tickets.find((t) => t.station === 'cold').id}/status`, { body: { status: 'ready' } });
        await state(sent, 'cold', 'ready');
        assert.match(await row(sent).textContent(), /waits for bar, grill/);
        assert.equal(await at(`serve-${sent.id}`).count(), 0, 'locked while a station cooks');
        assert.equal(await at(`serve-${sent.id}-ready`).count(), 0);
        for (let n = 0; n < 4; n++) await order([line('grill', n), line('cold', n)], { priority: n === 2 ? 'rush' : 'normal' });
        await windows.look(pass, 'pass');
        await windows.accessible(pass, 'pass');
        await at('pass-lock').click();
        await at(`serve-${sent.id}-ready`).click();
        await state(sent, 'cold', 'served');
        assert.equal((await orderOf(sent.id)).items.find((i) => i.station === 'cold').item_status, 'served');
        await at('pass-lock').click();
    });

    it('serves a complete order with one touch, and takes that back', async () => {
        const sent = await order([line('grill'), line('bar')]);
        await row(sent).waitFor();
        await box.kitchen.orderStatus(sent.id, 'ready');
        await at(`serve-${sent.id}`).waitFor();
        assert.equal(await row(sent).getAttribute('data-complete'), 'true');
        await windows.look(pass, 'pass-complete');
        await at(`serve-${sent.id}`).click();
        await at(`undo-${sent.id}`).waitFor();
        assert.equal((await orderOf(sent.id)).order_status, 'served');
        await at(`undo-${sent.id}`).click();
        await at(`serve-${sent.id}`).waitFor();
        assert.equal((await orderOf(sent.id)).order_status, 'ready');
        await at(`serve-${sent.id}`).click();
        await row(sent).waitFor({ state: 'detached' });
        await at(`undo-${sent.id}`).waitFor({ state: 'detached' });
        assert.equal((await orderOf(sent.id)).order_status, 'served');
    });

    it('serves course by course, and calls the next', async () => {
        const sent = await order([line('cold'), line('grill', 0, { course: 2 })]);
        await state(sent, 'grill', 'held');
        await at(`fire-${sent.id}`).click();
        await state(sent, 'grill', 'pending');
        await box.kitchen.must('POST', `/items/${sent.items[0].id}/status`, { body: { status: 'ready' } });
        await at(`serve-${sent.id}-course-1`).click();
        await state(sent, 'cold', 'served');
        assert.equal((await orderOf(sent.id)).items[1].item_status, 'pending');
    });

    it('makes an order a rush, on top and in the kitchen', async () => {
        const sent = await order([line('grill')]);
        await at(`rush-${sent.id}`).click();
        await windows.until(pass, 'rush', (id) => document.querySelector(`[data-testid="row-${id}"]`)?.classList.contains('row-is-rush'), sent.id);
        assert.equal((await orderOf(sent.id)).priority, 'rush');
    });

    it('fits a phone', async () => {
        const phone = await windows.as('waiter', 'phone', '/pass');
        await windows.look(phone, 'pass-phone');
        await windows.accessible(phone, 'pass on a phone');
        await phone.context().close();
    });

    it('calls numbers to guests: preparing, ready, gone', async () => {
        const sent = await order([line('bar')], { customer_name: 'Grace Hopper' });
        const number = sent.order_number.slice(-3);
        await at('board-preparing', board).getByText(number).waitFor();
        await box.kitchen.orderStatus(sent.id, 'ready');
        await at('board-ready', board).getByText(number).waitFor();
        await windows.look(board, 'board');
        await windows.accessible(board, 'board');
        const text = await board.locator('main').textContent();
        assert.ok(!text.includes('Grace'), 'no names');
        const dineIn = await box.waiter.order(box.dineIn(await box.freeTable(), 'bar'));
        await row(dineIn).waitFor();
        assert.equal(await at(`number-${dineIn.id}`, board).count(), 0, 'guests at tables are served there');
        await board.setViewportSize({ width: 1080, height: 1920 });
        await windows.look(board, 'board-portrait');
    });

    it('raised no complaint of the browser', () => assert.deepEqual(windows.complaints, []));
});
