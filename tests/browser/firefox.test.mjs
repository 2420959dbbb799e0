// SPDX-License-Identifier: MIT
/** The main path in another browser: what is ordered in Firefox is cooked in Firefox, over a restart of the box. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { Box } from '../lib/box.mjs';
import { Firefox } from './firefox.mjs';

const PROGRAM = process.env.FIREFOX ?? '/usr/bin/firefox-esr';

describe('in Firefox', { skip: !existsSync(PROGRAM) && 'Firefox is not installed' }, () => {
    const box = new Box();
    const firefox = new Firefox(PROGRAM);
    const id = (name) => `[data-testid="${name}"]`;
    const live = (tab) => tab.see('[data-testid="conn-state"][data-state="live"]');
    let awake, order, kitchen;

    async function signIn(tab, role) {
        const { name, pin } = box.server.person(role);
        await tab.see(id('sign-in'));
        await tab.until('the names', `[...document.querySelectorAll('.person')].some((b) => b.textContent.includes(${JSON.stringify(name)}))`);
        await tab.evaluate(`[...document.querySelectorAll('.person')].find((b) => b.textContent.includes(${JSON.stringify(name)})).click()`);
        for (const digit of pin) await tab.press(id(`pin-${digit}`));
        await tab.press(id('pin-submit'));
        await live(tab);
    }

    before(async () => {
        awake = setInterval(() => {}, 1000);
        await box.open();
        await firefox.open();
        order = await firefox.person(`${box.server.url}/order?table=1`);
        kitchen = await firefox.person(`${box.server.url}/kitchen?station=grill`);
    });
    after(async () => {
        await firefox.close();
        await box.close();
        clearInterval(awake);
    });

    it('signs in by PIN', async () => {
        await signIn(order, 'waiter');
        await signIn(kitchen, 'kitchen');
    });

    it('carries an order to the kitchen and the bump back', async () => {
        const item = box.item({ station: 'grill' });
        await order.press(id(`category-${item.category_id}`));
        await order.press(id(`item-${item.id}`));
        await order.press(id('send'));
        await kitchen.see('.card');
        const [sent] = (await box.waiter.read('/orders?table_id=1')).orders;
        const ticket = sent.tickets[0].id;
        await kitchen.press(id(`bump-${ticket}`));
        await order.see(`${id(`order-status-${sent.id}`)}[data-status="preparing"]`);
        await kitchen.until('it says Ready', `document.querySelector('${id(`bump-${ticket}`)}')?.dataset.next === 'ready'`);
        await kitchen.press(id(`bump-${ticket}`));
        await order.see(`${id(`order-status-${sent.id}`)}[data-status="ready"]`);
        await kitchen.until('an empty board', `!document.querySelector('.card')`);
    });

    it('keeps an order over a dead box and a reload, and sends it once', async () => {
        const item = box.item({ station: 'grill' });
        const { port } = box.server;
        await order.press(id(`item-${item.id}`));
        await box.server.kill();
        await order.see('[data-testid="conn-state"]:not([data-state="live"])');
        await order.press(id('send'));
        await order.see(id('unsent'));
        box.server.options.listen = `127.0.0.1:${port}`;
        await box.server.boot();
        await box.connect();
        await order.reload();
        await live(order);
        await order.until('it is sent', `!document.querySelector('${id('unsent')}')`);
        const tickets = (await box.waiter.read('/orders?table_id=1')).orders.flatMap((o) => o.tickets);
        assert.equal(tickets.length, 2);
        await kitchen.see(id(`ticket-${Math.max(...tickets.map((t) => t.id))}`));
    });
});
