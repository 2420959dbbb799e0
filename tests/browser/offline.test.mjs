// SPDX-License-Identifier: MIT
/** A tablet while the box is away: pages open, orders are taken and kept, and all arrive once. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Box } from '../lib/box.mjs';
import { Windows } from './browser.mjs';

describe('while the box is away', () => {
    const box = new Box();
    const windows = new Windows(box);
    const at = (id) => page.getByTestId(id);
    let page, awake, port, item;
    const back = async () => {
        box.server.options.listen = `127.0.0.1:${port}`;
        await box.server.boot();
        await box.connect();
    };

    before(async () => {
        awake = setInterval(() => {}, 1000);
        await box.open();
        port = box.server.port;
        item = box.item({ station: 'grill' });
        await windows.open();
        page = await windows.as('waiter', 'tablet', '/order?table=1');
        await page.evaluate(() => navigator.serviceWorker.ready.then(() => true));
        /* The first visit was not the worker's yet. */
        await page.reload();
        await windows.live(page);
        await at(`category-${item.category_id}`).waitFor();
    });
    after(async () => {
        await windows.close();
        await box.close();
        clearInterval(awake);
    });

    it('a page opens from the device, with the menu, and takes orders', async () => {
        await box.server.kill();
        await page.reload();
        await page.locator('[data-testid="conn-state"][data-state="offline"]').waitFor();
        await at(`category-${item.category_id}`).click();
        for (let n = 0; n < 3; n++) {
            await at(`item-${item.id}`).click();
            await at('send').click();
        }
        await windows.until(page, 'three unsent', () => document.querySelectorAll('[data-testid="unsent"]').length === 3);
        assert.match(await at('conn-waiting').textContent(), /3/);
        await windows.look(page, 'offline-order');
        await windows.accessible(page, 'offline');
        await at('conn-state').click();
        await windows.look(page, 'offline-help');
        await page.keyboard.press('Escape');
    });

    it('keeps them over a reload without the box, and sends each exactly once when it is back', async () => {
        await page.reload();
        await windows.until(page, 'three unsent', () => document.querySelectorAll('[data-testid="unsent"]').length === 3);
        await back();
        await windows.until(page, 'none unsent', () => document.querySelectorAll('[data-testid="unsent"]').length === 0);
        await windows.live(page);
        const { orders } = await box.waiter.read('/orders?table_id=1');
        assert.equal(orders.flatMap((o) => o.items).reduce((sum, i) => sum + i.quantity, 0), 3);
        await windows.look(page, 'offline-back');
    });

    it('says what was refused, in words, until somebody dismisses it', async () => {
        await box.server.kill();
        await page.locator('[data-testid="conn-state"]:not([data-state="live"])').waitFor();
        await at(`category-${item.category_id}`).click();
        await at(`item-${item.id}`).click();
        await at('send').click();
        await at('unsent').waitFor();
        /* Before this tablet comes back, its box learns that the dish has run out. */
        await page.context().setOffline(true);
        await back();
        await box.waiter.must('PATCH', `/menu/items/${item.id}`, { body: { available: false } });
        await page.context().setOffline(false);
        await at('refused').waitFor();
        assert.match(await at('refused').textContent(), new RegExp(item.name));
        await windows.look(page, 'offline-refused');
        await windows.accessible(page, 'refused');
        await at('dismiss').click();
        await at('refused').waitFor({ state: 'detached' });
        await box.waiter.must('PATCH', `/menu/items/${item.id}`, { body: { available: true } });
    });

    it('comes back from sleep at once, not after a backoff', async () => {
        await page.context().setOffline(true);
        await page.evaluate(() => dispatchEvent(new Event('offline')));
        await page.waitForTimeout(300);
        await page.context().setOffline(false);
        await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
        await windows.live(page);
    });

    it('raised no complaint of the browser', () => {
        assert.deepEqual(windows.complaints.filter((text) => !/ServiceWorker|Failed to fetch/.test(text)), []);
    });
});
