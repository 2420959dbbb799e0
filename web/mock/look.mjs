/* SPDX-License-Identifier: MIT */
/** `npm run look -- FOLDER`: drives the built pages in Chromium against the mock, checks what they do, leaves pictures in FOLDER. */
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { startMock } from './server.mjs';

const out = process.argv[2];
if (!out) {
    console.error('usage: npm run look -- FOLDER');
    process.exit(2);
}
mkdirSync(out, { recursive: true });

const SIZES = [
    ['phone', 390, 844],
    ['tablet', 820, 1180],
    ['wall', 1920, 1080],
];
const mock = await startMock();
const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});
const complaints = [];

async function open(context, path) {
    const page = await context.newPage();
    page.on('console', (message) => {
        // Chromium logs every 401 and every refused socket; those are on purpose here, a broken CSP is not.
        if (/Content Security Policy|Uncaught|TypeError/.test(message.text())) complaints.push(`${path}: ${message.text()}`);
    });
    page.on('pageerror', (error) => complaints.push(`${path}: ${error.message}`));
    await page.goto(mock.url + path);
    return page;
}

const at = (page, id) => page.getByTestId(id);

async function signIn(page, staffId, pin) {
    await at(page, `staff-${staffId}`).click();
    await at(page, 'pin-input').fill(pin);
    await at(page, 'pin-submit').click();
    await at(page, 'pin-input').waitFor({ state: 'detached' });
}

async function noSideScroll(page, name) {
    const [wide, seen] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
    if (wide > seen) complaints.push(`${name}: ${wide} px wide on a screen of ${seen}`);
}

async function look(page, name) {
    await page.waitForTimeout(350);
    await noSideScroll(page, name);
    await page.screenshot({ path: join(out, `${name}.png`) });
}

async function smallTargets(page, name, least) {
    const small = await page.evaluate((px) => {
        const found = [];
        for (const el of document.querySelectorAll('button, a, input:not([type=checkbox]):not([type=radio])')) {
            const box = el.getBoundingClientRect();
            if (box.width && box.height && (box.height < px - 0.5 || box.width < px - 0.5)) found.push(`${el.dataset.testid ?? el.textContent} ${Math.round(box.width)}x${Math.round(box.height)}`);
        }
        return found;
    }, least);
    for (const target of small) complaints.push(`${name}: small target ${target}`);
}

async function story(size, width, height, scheme) {
    const name = `${size}-${scheme}`;
    const context = await browser.newContext({ viewport: { width, height }, colorScheme: scheme, hasTouch: size !== 'wall' });
    const home = await open(context, '/');
    await at(home, 'staff-3').waitFor();
    await look(home, `${name}-1-names`);
    await at(home, 'staff-3').click();
    await look(home, `${name}-2-pin`);
    await at(home, 'pin-input').fill('0000');
    await at(home, 'pin-submit').click();
    await home.getByText('not right').waitFor();
    for (const digit of '3333') await at(home, `pin-${digit}`).click();
    await at(home, 'pin-submit').click();
    await at(home, 'whoami').waitFor();
    await look(home, `${name}-3-home`);
    await smallTargets(home, `${name} home`, 48);

    const kitchen = await open(context, '/kitchen?station=grill');
    const strip = await open(context, '/strip');
    const order = await open(context, '/r/main/order');
    await at(order, 'table-5').waitFor();
    await look(order, `${name}-4-places`);
    await at(order, 'table-5').click();
    await at(order, 'item-1').waitFor();
    await look(order, `${name}-5-menu`);
    await takeOrder(order, name);
    await followOrder(order, kitchen, strip, name);
    await troubles(order, kitchen, name);
    await context.close();
}

async function takeOrder(order, name) {
    await at(order, 'item-1').click();
    await at(order, 'item-1').click();
    assert.equal(await at(order, 'item-5').isDisabled(), true);
    await at(order, 'category-2').click();
    await at(order, 'item-9').click();
    await at(order, 'sheet').waitFor();
    assert.equal(await at(order, 'sheet-done').isDisabled(), true);
    await at(order, 'modifier-3').check();
    await at(order, 'modifier-8').check();
    await at(order, 'modifier-9').check();
    await at(order, 'modifier-10').click({ force: true });
    assert.equal(await at(order, 'modifier-10').isChecked(), false);
    await at(order, 'note').fill('NUT ALLERGY, seat 3');
    await look(order, `${name}-6-sheet`);
    await smallTargets(order, `${name} sheet`, 48);
    await at(order, 'sheet-done').click();
    await at(order, 'category-4').click();
    await at(order, 'item-16').click();
    await at(order, 'item-17').click();
    if (await at(order, 'review').isVisible()) await at(order, 'review').click();
    await at(order, 'undo').click();
    await look(order, `${name}-7-cart`);
    await smallTargets(order, `${name} order`, 48);
    assert.match(await at(order, 'send').innerText(), /Send: cold 2 · grill 2/);
}

async function followOrder(order, kitchen, strip, name) {
    const before = mock.box.orders.size;
    await at(order, 'send').click();
    await order.locator('[data-testid^="order-status-"]').first().waitFor();
    assert.equal(mock.box.orders.size, before + 1);
    const placed = [...mock.box.orders.values()].at(-1);
    const ticket = placed.tickets.find((t) => t.station === 'grill');
    await at(kitchen, `ticket-${ticket.id}`).waitFor();
    await kitchen.bringToFront();
    await look(kitchen, `${name}-8-kitchen`);
    assert.ok(mock.box.painted.has(ticket.id), 'the kitchen page says what it has painted');
    await strip.bringToFront();
    await strip.locator('[data-testid="lamp-grill"][data-lit="true"]').waitFor();
    await at(strip, `strip-${ticket.id}`).waitFor();
    await look(strip, `${name}-9-strip`);
    await kitchen.bringToFront();
    await at(kitchen, `bump-${ticket.id}`).click();
    await kitchen.locator(`[data-testid="bump-${ticket.id}"][data-next="ready"]`).waitFor();
    assert.ok(mock.box.touched.has(ticket.id), 'the kitchen page says what was touched');
    await strip.locator('[data-testid="lamp-grill"][data-lit="false"]').waitFor();
    await at(kitchen, `kitchen-item-${ticket.lines[0].item_id}`).click();
    await kitchen.locator(`[data-testid="kitchen-item-${ticket.lines[0].item_id}"][data-status="ready"]`).waitFor();
    await at(kitchen, `bump-${ticket.id}`).click();
    await at(kitchen, `undo-${ticket.id}`).waitFor();
    await look(kitchen, `${name}-10-bumped`);
    await at(kitchen, `undo-${ticket.id}`).waitFor({ state: 'detached' });
    await at(kitchen, 'recall').click();
    await at(kitchen, `recall-${ticket.id}`).click();
    await kitchen.keyboard.press('Escape');
    await at(kitchen, `ticket-${ticket.id}`).waitFor();
    await order.bringToFront();
    await look(order, `${name}-11-running`);
}

async function troubles(order, kitchen, name) {
    mock.faults.refuse = { status: 409, code: 'ITEM_UNAVAILABLE', detail: 'Garlic Naan has run out. Take it off the order and send again.' };
    if (await at(order, 'item-16').isHidden()) await at(order, 'review').click();
    await at(order, 'item-16').click();
    await at(order, 'send').click();
    await at(order, 'refused').waitFor();
    if (await at(order, 'item-16').isHidden()) await at(order, 'review').click();
    // A socket that takes the order and never answers: the POST under the same key must not make a second one.
    mock.faults.deaf = true;
    const before = mock.box.orders.size;
    await at(order, 'item-16').click();
    await at(order, 'send').click();
    await order.locator('[data-testid="unsent"]').first().waitFor({ state: 'attached' });
    await look(order, `${name}-12-unsent`);
    await order.locator('[data-testid="unsent"]').first().waitFor({ state: 'detached', timeout: 20_000 });
    assert.equal(mock.box.orders.size, before + 1);
    mock.faults.deaf = false;
    await at(order, 'dismiss').click();
    mock.faults.noSocket = true;
    for (const ws of mock.sockets) ws.terminate();
    await order.locator('[data-testid="conn-state"][data-state="polling"]').waitFor({ timeout: 20_000 });
    mock.box.create({ order_type: 'dine_in', table_id: 5, items: [{ menu_item_id: 16, quantity: 7 }] }, { id: 3, name: 'Maria' });
    await at(order, `order-${mock.box.ids.order}`).waitFor({ state: 'attached' });
    await look(order, `${name}-13-polling`);
    mock.faults.noSocket = false;
    await at(order, 'conn-state').click();
    await at(order, 'reconnect').click();
    await order.locator('[data-testid="conn-state"][data-state="live"]').waitFor();
    mock.endSessions();
    await at(order, 'sign-in').waitFor();
    await signIn(order, 3, '3333');
    await order.locator('[data-testid="conn-state"][data-state="live"]').waitFor();
    assert.equal(await at(order, 'place').innerText(), 'Table 5');
    await kitchen.bringToFront();
    await signIn(kitchen, 4, '4444').catch(() => undefined);
    const crowd = mock.box.ids.order;
    for (let i = 0; i < 11; i++) {
        const wanted = { order_type: i % 4 ? 'dine_in' : 'takeout', ...(i % 4 ? { table_id: 1 + (i % 12) } : { customer_name: 'Anna-Maria Schmidt' }), priority: i === 3 ? 'rush' : 'normal', note: i === 5 ? 'Birthday: all together please' : '',
            items: [{ menu_item_id: 7 + (i % 9), quantity: 1 + (i % 4), modifiers: i % 9 < 3 ? [3] : [] }, { menu_item_id: 16, quantity: 2 }, { menu_item_id: 11, quantity: 1, modifiers: [5], note: i % 3 ? '' : 'no onions' }] };
        const made = mock.box.create(wanted, { id: 3, name: 'Maria' });
        mock.box.age(made.id, (11 - i) * 2.3);
    }
    mock.box.void(mock.box.orders.get(crowd + 2).items[1].id, { id: 2, name: 'Mina' });
    for (const ws of mock.sockets) ws.terminate();
    mock.box.log.length = 0;
    await kitchen.reload();
    await at(kitchen, 'board').waitFor();
    await look(kitchen, `${name}-14-full`);
    await smallTargets(kitchen, `${name} kitchen`, 48);
    mock.box.orders.clear();
    mock.box.strip.length = 0;
    mock.box.ring();
    await kitchen.goto(`${mock.url}/kitchen`);
    await at(kitchen, 'station-grill').waitFor();
    await look(kitchen, `${name}-15-stations`);
}

for (const [size, width, height] of SIZES) {
    await story(size, width, height, 'light');
    console.log(`${size} done`);
}
await story('tablet', 820, 1180, 'dark');
await browser.close();
await mock.close();
for (const complaint of new Set(complaints)) console.log(complaint);
process.exitCode = complaints.length ? 1 : 0;
