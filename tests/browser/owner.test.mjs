// SPDX-License-Identifier: MIT
/** The owner's pages: today in figures, every order, and who is connected. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { Box } from '../lib/box.mjs';
import { Windows } from './browser.mjs';

describe('the owner’s pages', () => {
    const box = new Box();
    const windows = new Windows(box);
    const at = (id, page = desk) => page.getByTestId(id);
    const rows = () => desk.evaluate(() => [...document.querySelectorAll('[data-testid^="list-"]')].map((r) => r.dataset.testid).filter((id) => /^list-\d+$/.test(id)));
    const figure = (id) => at(id).locator('dd').first().textContent();
    let desk, awake, orders;

    before(async () => {
        awake = setInterval(() => {}, 1000);
        await box.open();
        orders = [];
        for (let n = 0; n < 60; n++) orders.push(await box.send(box.stations[n % 3]));
        await box.kitchen.orderStatus(orders[0].id, 'ready');
        await windows.open();
        desk = await windows.as('manager', 'laptop', '/dashboard');
    });
    after(async () => {
        await windows.close();
        await box.close();
        clearInterval(awake);
    });

    it('shows the day in figures as the box counts them, live', async () => {
        await windows.until(desk, 'the figures', () => document.querySelector('[data-testid="fig-orders"] dd')?.textContent === '60');
        const total = orders.reduce((sum, order) => sum + order.total_price, 0);
        assert.equal((await figure('fig-revenue')).replace(/[^\d.]/g, ''), (total / 100).toFixed(2));
        assert.equal(await figure('fig-open'), '60', 'what is ready and not carried out is open');
        await box.send('grill');
        await windows.until(desk, 'one more', () => document.querySelector('[data-testid="fig-orders"] dd')?.textContent === '61');
        await desk.locator('.chart canvas').first().waitFor();
        await windows.look(desk, 'dashboard-laptop');
        await windows.accessible(desk, 'dashboard');
        assert.ok((await desk.locator('.chart table tr').count()) > 2, 'the same figures as a table');
    });

    it('lists every order, page by page, newest first, and puts new ones on top', async () => {
        await windows.until(desk, 'a page', () => document.querySelectorAll('.order-row').length >= 50);
        await at('list-more').click();
        await windows.until(desk, 'all', () => document.querySelectorAll('.order-row').length === 61);
        const ids = (await rows()).map((id) => Number(id.slice(5)));
        assert.deepEqual(ids, [...ids].sort((a, b) => b - a));
        const fresh = await box.send('bar');
        await at(`list-${fresh.id}`).waitFor();
        assert.equal((await rows())[0], `list-${fresh.id}`);
    });

    it('keeps filters, page and open detail over a reload, and updates the detail in place', async () => {
        await at('q').fill(orders[5].order_number);
        await windows.until(desk, 'the one', () => document.querySelectorAll('.order-row').length === 1);
        await at(`list-${orders[5].id}`).click();
        await at('order-detail').waitFor();
        await desk.reload();
        await windows.live(desk);
        await at('order-detail').waitFor();
        assert.equal(await at('q').inputValue(), orders[5].order_number);
        await windows.look(desk, 'dashboard-detail');
        await windows.accessible(desk, 'order detail');
        await box.kitchen.orderStatus(orders[5].id, 'ready');
        await windows.until(desk, 'ready', () => document.querySelector('[data-testid="detail-status"]')?.dataset.status === 'ready');
        await at('order-detail-close').click();
        await at('q').fill('');
        await at('filter-status').selectOption('ready');
        await windows.until(desk, 'two', () => document.querySelectorAll('.order-row').length === 2);
        await at('filter-station').selectOption(box.stations[0]);
        await windows.until(desk, 'one', () => document.querySelectorAll('.order-row').length === 1);
        await at('q').fill('nothing like this');
        await desk.getByText('No order matches').waitFor();
        await at('q').fill('');
        await at('filter-status').selectOption('');
        await at('filter-station').selectOption('');
    });

    it('exports what is filtered, and no name becomes a formula', async () => {
        await box.waiter.order({ ...box.takeout('grill'), customer_name: '=1+1' });
        await at('q').fill('=1+1');
        await windows.until(desk, 'the one', () => document.querySelectorAll('.order-row').length === 1);
        const [download] = await Promise.all([desk.waitForEvent('download'), at('export').click()]);
        const lines = readFileSync(await download.path(), 'utf8').trim().split('\r\n');
        assert.match(lines[0], /^\ufeff?order_number,/);
        assert.equal(lines.length, 2);
        assert.match(lines[1], /,'=1\+1,/);
        await at('q').fill('');
        const all = await Promise.all([desk.waitForEvent('download'), at('export').click()]).then(([d]) => d.path());
        assert.equal(readFileSync(all, 'utf8').trim().split('\r\n').length, 1 + 63, 'all pages');
    });

    it('fits a phone and a dark wall', async () => {
        const phone = await windows.as('manager', 'phone', '/dashboard');
        await phone.locator('.chart canvas').first().waitFor();
        await windows.look(phone, 'dashboard-phone');
        await windows.accessible(phone, 'dashboard on a phone');
        await phone.context().close();
        const wall = await windows.as('owner', 'wall', '/dashboard', { colorScheme: 'dark' });
        await wall.locator('.chart canvas').first().waitFor();
        await windows.look(wall, 'dashboard-dark');
        await windows.accessible(wall, 'dashboard in the dark');
        await wall.context().close();
    });

    it('shows no money to those who may not see it', async () => {
        const cook = await windows.as('kitchen', 'laptop', '/dashboard');
        await cook.getByText('Your role sees no figures').waitFor();
        assert.ok(!/€/.test(await cook.locator('main').textContent()));
        await cook.context().close();
    });

    it('shows who is connected, and ends a connection', async () => {
        const page = await windows.as('manager', 'tablet', '/connections');
        const live = await box.live('kitchen', { name: 'cook' });
        await live.event('sync_state');
        const established = live.frames?.find((f) => f.type === 'connection_established') ?? live.established;
        const { connections } = await box.manager.read('/ws/orders/live/connections');
        const theirs = connections.find((c) => c.client_id === established?.client_id) ?? connections.find((c) => c.role === 'kitchen' && c.who.kind === 'token');
        await at(`client-${theirs.client_id}`, page).waitFor();
        await windows.look(page, 'connections');
        await windows.accessible(page, 'connections');
        await at(`end-${theirs.client_id}`, page).click();
        await windows.look(page, 'connections-end');
        await at('end-confirm', page).click();
        await at(`client-${theirs.client_id}`, page).waitFor({ state: 'detached' });
        assert.ok(!(await box.manager.read('/ws/orders/live/connections')).connections.some((c) => c.client_id === theirs.client_id));
        const waiter = await windows.as('waiter', 'phone', '/connections');
        await waiter.getByText('Only managers').waitFor();
    });

    it('raised no complaint of the browser', () => assert.deepEqual(windows.complaints, []));
});
