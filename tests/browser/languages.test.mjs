// SPDX-License-Identifier: MIT
/** Every page in every language, narrow and wide: nothing runs over its edge, right to left is right to left. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Box } from '../lib/box.mjs';
import { Windows } from './browser.mjs';

const LANGUAGES = { es: 'es-ES', hi: 'hi-IN', zh: 'zh-CN', ar: 'ar-EG' };
const PAGES = ['/', '/floor', '/order?table=1', '/kitchen?station=grill', '/pass', '/dashboard', '/board', '/connections', '/strip'];

describe('in every language', () => {
    const box = new Box();
    const windows = new Windows(box);
    let awake;

    before(async () => {
        awake = setInterval(() => {}, 1000);
        await box.open();
        const table = await box.table(1);
        for (let n = 0; n < 4; n++) await box.waiter.order({ ...box.dineIn(table, 'grill', 'cold'), note: 'no nuts' });
        await box.send('grill', 'bar');
        await windows.open();
    });
    after(async () => {
        await windows.close();
        await box.close();
        clearInterval(awake);
    });

    for (const [language, locale] of Object.entries(LANGUAGES))
        it(`${language}: nothing runs over, is left in English, or keeps somebody out`, async () => {
            const device = await windows.device('narrow', { locale });
            const page = await windows.page(device, '/');
            await windows.signIn(page, 'owner');
            for (const path of PAGES) {
                await page.goto(box.server.url + path);
                await windows.live(page);
                await page.locator('[data-testid="loading"]').first().waitFor({ state: 'detached' });
                const name = `${language}${path.replace(/\W+/g, '-')}`;
                const { dir, lang } = await page.evaluate(() => ({ dir: document.documentElement.dir, lang: document.documentElement.lang }));
                assert.deepEqual([lang, dir], [language, language === 'ar' ? 'rtl' : 'ltr']);
                await page.setViewportSize({ width: 320, height: 640 });
                await windows.look(page, `${name}-narrow`);
                await page.setViewportSize({ width: 1920, height: 1080 });
                await windows.look(page, `${name}-wide`);
                await windows.accessible(page, name);
            }
            await device.close();
        });

    it('is chosen on the device, and kept', async () => {
        const page = await windows.as('waiter', 'laptop', '/floor');
        await page.getByTestId('conn-state').click();
        await page.getByTestId('language').selectOption('ar');
        await page.locator('html[lang="ar"][dir="rtl"]').waitFor();
        await page.goto(`${box.server.url}/order`);
        await page.locator('html[lang="ar"][dir="rtl"]').waitFor();
        await page.context().close();
    });

    it('raised no complaint of the browser', () => assert.deepEqual(windows.complaints, []));
});
