// SPDX-License-Identifier: MIT
/**
 * A long service, fast: memory and nodes come back to where they were, two hundred tickets stay quick, twenty screens are
 * told alike. SERVERY_SERVICE_HOURS sets how long a service is simulated (60 orders an hour); figures are reported, and
 * only what must not grow is judged.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Box } from '../lib/box.mjs';
import { Windows } from './browser.mjs';

const HOURS = Number(process.env.SERVERY_SERVICE_HOURS ?? 1);
const ORDERS_AN_HOUR = 60;
const OPEN_AT_ONCE = 12;

describe('a long service', () => {
    const box = new Box({ args: ['--max-sockets', '64', '--max-sockets-per-token', '64'] });
    const windows = new Windows(box);
    const until = (...words) => windows.until(...words);
    let awake;

    before(async () => {
        awake = setInterval(() => {}, 1000);
        await box.open();
        await windows.open();
    });
    after(async () => {
        await windows.close();
        await box.close();
        clearInterval(awake);
    });

    const grown = async (cdp) => {
        for (let n = 0; n < 3; n++) await cdp.send('HeapProfiler.collectGarbage');
        const { metrics } = await cdp.send('Performance.getMetrics');
        const of = (name) => metrics.find((m) => m.name === name).value;
        return { heap: of('JSHeapUsedSize'), nodes: of('Nodes'), listeners: of('JSEventListeners'), script: of('ScriptDuration'), layout: of('LayoutDuration') };
    };
    const cards = (n) => [(wanted) => document.querySelectorAll('.card:not(.gap)').length === wanted, n];

    /** Orders come and are cooked, a dozen open at a time. */
    async function serve(count, page) {
        const open = [];
        for (let n = 0; n < count; n++) {
            open.push(await box.send('grill', 'cold', 'bar'));
            if (open.length > OPEN_AT_ONCE) await box.manager.orderStatus(open[0].id, 'ready').then(() => box.manager.orderStatus(open.shift().id, 'served'));
        }
        for (const { id } of open) await box.manager.orderStatus(id, 'ready').then(() => box.manager.orderStatus(id, 'served'));
        await until(page, 'an empty board', ...cards(0));
    }

    it(`leaves the kitchen page as it was after ${HOURS} h of orders`, async () => {
        const page = await windows.as('kitchen', 'wall', '/kitchen?station=grill');
        const cdp = await page.context().newCDPSession(page);
        await cdp.send('Performance.enable');
        // What is kept on purpose, the last 200 finished orders, is full after this.
        await serve(220, page);
        const before = await grown(cdp);
        const half = Math.ceil((HOURS * ORDERS_AN_HOUR) / 2);
        await serve(half, page);
        const middle = await grown(cdp);
        await serve(half, page);
        const end = await grown(cdp);
        const mb = (bytes) => (bytes / 2 ** 20).toFixed(2);
        console.log(`heap ${mb(before.heap)} → ${mb(middle.heap)} → ${mb(end.heap)} MB, nodes ${before.nodes} → ${middle.nodes} → ${end.nodes}, listeners ${before.listeners} → ${end.listeners}`);
        assert.ok(end.nodes < before.nodes * 1.2 + 100, 'no nodes are left behind');
        assert.ok(end.listeners < before.listeners * 1.2 + 50, 'no listeners are left behind');
        assert.ok(end.heap < before.heap * 1.25 + 2 ** 20, 'memory does not grow with what is done');
        await page.context().close();
    });

    it('stays quick with two hundred open tickets', async () => {
        const page = await windows.as('kitchen', 'wall', '/kitchen?station=grill');
        const sent = [];
        for (let n = 0; n < 200; n++) sent.push(await box.send('grill'));
        await until(page, 'two hundred', ...cards(200));
        const cdp = await page.context().newCDPSession(page);
        await cdp.send('Performance.enable');
        await cdp.send('Emulation.setCPUThrottlingRate', { rate: 4 });
        await page.waitForTimeout(1500);
        const bursts = [];
        for (let n = 0; n < 20; n++) {
            const before = await grown(cdp);
            await box.kitchen.must('POST', `/tickets/${sent[n].tickets[0].id}/status`, { body: { status: 'preparing' } });
            await until(page, 'it cooks', (id) => document.querySelector(`[data-testid="ticket-${id}"]`)?.dataset.status === 'preparing', sent[n].tickets[0].id);
            const then = await grown(cdp);
            bursts.push({ script: (then.script - before.script) * 1000, layout: (then.layout - before.layout) * 1000 });
        }
        const median = (name) => bursts.map((b) => b[name]).sort((a, b) => a - b)[10].toFixed(1);
        console.log(`200 open tickets at 4x slowdown, a burst of events: script ${median('script')} ms (all of it, the test's own questions too), layout ${median('layout')} ms`);
        await cdp.send('Emulation.setCPUThrottlingRate', { rate: 1 });
        await windows.look(page, 'kitchen-200');
        await box.kitchen.must('POST', `/tickets/${sent[30].tickets[0].id}/status`, { body: { status: 'ready' } });
        await until(page, 'one less', ...cards(199));
        for (const { id } of sent) await box.kitchen.orderStatus(id, 'ready');
        await page.context().close();
    });

    it('tells twenty screens alike, exactly once, over a restart of the box', async () => {
        const device = await windows.device('tablet');
        const pages = [];
        for (let n = 0; n < 20; n++) {
            const page = await windows.page(device, '/kitchen?station=grill');
            if (n === 0) await windows.signIn(page, 'kitchen');
            pages.push(page);
        }
        for (const page of pages) await windows.live(page);
        const { port } = box.server;
        const sent = [await box.send('grill'), await box.send('grill')];
        await box.server.kill();
        box.server.options.listen = `127.0.0.1:${port}`;
        await box.server.boot();
        await box.connect();
        sent.push(await box.send('grill'), await box.send('grill'));
        const wanted = sent.map((order) => `ticket-${order.tickets[0].id}`);
        for (const page of pages) {
            await page.bringToFront();
            await until(page, 'all four, once', (names) => JSON.stringify([...document.querySelectorAll('.card:not(.gap)')].map((c) => c.dataset.testid)) === names, JSON.stringify(wanted));
        }
        await device.close();
    });

    it('goes on when a socket is half open: silent, and never closed', async () => {
        const page = await windows.as('kitchen', 'wall', '/kitchen?station=bar');
        const cdp = await page.context().newCDPSession(page);
        await cdp.send('Network.enable');
        await cdp.send('Network.emulateNetworkConditions', { offline: true, latency: 0, downloadThroughput: 0, uploadThroughput: 0 });
        const sent = await box.send('bar');
        await cdp.send('Network.emulateNetworkConditions', { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: -1 });
        await page.evaluate(() => dispatchEvent(new Event('pageshow')));
        await page.getByTestId(`ticket-${sent.tickets[0].id}`).waitFor();
        await windows.live(page);
        await page.context().close();
    });

    it('raised no complaint of the browser', () => assert.deepEqual(windows.complaints, []));
});
