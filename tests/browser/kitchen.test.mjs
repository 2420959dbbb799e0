// SPDX-License-Identifier: MIT
/** The cook's screen: what stands where, what a finger or a bump bar does, and what is called out. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Box } from '../lib/box.mjs';
import { Windows } from './browser.mjs';

describe('the kitchen screen', () => {
    const box = new Box();
    const windows = new Windows(box);
    const at = (id) => wall.getByTestId(id);
    const card = (order, nth = 0) => at(`ticket-${order.tickets[nth].id}`);
    const pick = (n) => box.menu.items.filter((i) => i.station === 'grill' && i.modifier_groups.every((g) => !g.min))[n];
    const line = (n, more = {}) => ({ menu_item_id: pick(n).id, quantity: 1, ...more });
    const order = (items, more = {}) => box.waiter.order({ order_type: 'takeout', items, ...more });
    const orderOf = (id) => box.waiter.read(`/orders/${id}`);
    /** Which tickets stand on the board, in reading order of the page. */
    const standing = () =>
        wall.evaluate(() => [...document.querySelectorAll('.card')].map((c) => (c.classList.contains('gap') ? 'gap' : c.dataset.testid)));
    const tidy = async () => {
        for (const { id } of (await box.kitchen.read('/orders?status=pending,preparing&limit=200')).orders)
            await box.kitchen.orderStatus(id, 'ready');
        await windows.until(wall, 'an empty board', () => document.querySelectorAll('.card').length === 0);
    };
    let wall, awake;

    before(async () => {
        awake = setInterval(() => {}, 1000);
        await box.open();
        await windows.open();
        const device = await windows.device('wall');
        await device.addInitScript(() => {
            window.notes = 0;
            const start = OscillatorNode.prototype.start;
            OscillatorNode.prototype.start = function (...when) {
                window.notes++;
                return start.apply(this, when);
            };
        });
        wall = await windows.page(device, '/kitchen?station=grill');
        await windows.signIn(wall, 'kitchen');
        await windows.live(wall);
    });
    after(async () => {
        await windows.close();
        await box.close();
        clearInterval(awake);
    });

    it('is empty, and says that tickets come by themselves', async () => {
        await wall.getByText('All done').waitFor();
        await windows.look(wall, 'kitchen-empty');
    });

    it('shows the oldest first, a long ticket in parts, notes in full, and how much is further down', async () => {
        const first = await order([line(0, { note: 'NUT ALLERGY '.repeat(12).trim(), seat: 3 })]);
        const long = await order(Array.from({ length: 24 }, (_, n) => line(n % 8, { quantity: 1 + (n % 3) })));
        const others = [];
        for (let n = 0; n < 14; n++) others.push(await order([line(n % 6), line((n + 1) % 6)]));
        await card(others.at(-1)).waitFor();
        await at(`ticket-${long.tickets[0].id}-2`).waitFor();
        const names = await standing();
        assert.equal(names[0], `ticket-${first.tickets[0].id}`);
        assert.deepEqual(names.slice(1, 3), [`ticket-${long.tickets[0].id}`, `ticket-${long.tickets[0].id}-2`]);
        const cut = await wall.evaluate(() => [...document.querySelectorAll('.card-note')].some((n) => n.scrollWidth > n.clientWidth + 1));
        assert.equal(cut, false, 'no note is cut');
        await at('below').waitFor();
        assert.match(await at('below').textContent(), /^\+\d+ more$/);
        const small = await wall.evaluate(() => parseFloat(getComputedStyle(document.querySelector('.card-item')).fontSize));
        assert.ok(small >= 28, `dishes are ${small} px`);
        await windows.look(wall, 'kitchen-full');
        await windows.accessible(wall, 'kitchen');
        await wall.setViewportSize({ width: 1080, height: 1920 });
        await windows.look(wall, 'kitchen-portrait');
        await wall.setViewportSize({ width: 1920, height: 1080 });
        await tidy();
    });

    it('keeps every card in its place while a finger is near, and closes the gap afterwards', async () => {
        const [a, b, c] = [await order([line(0)]), await order([line(1)]), await order([line(2)])];
        await card(c).waitFor();
        await wall.waitForTimeout(400); /* cards slide in */
        const before = [await card(b).boundingBox(), await card(c).boundingBox()];
        await at(`bump-${a.tickets[0].id}`).click();
        await at(`bump-${a.tickets[0].id}`).getByText('Ready').waitFor();
        await at(`bump-${a.tickets[0].id}`).click();
        await at(`undo-${a.tickets[0].id}`).waitFor();
        const d = await order([line(3)], { priority: 'rush' });
        await card(d).waitFor();
        assert.deepEqual([await card(b).boundingBox(), await card(c).boundingBox()], before, 'nothing moved');
        await windows.look(wall, 'kitchen-gap');
        await windows.until(wall, 'the gap to close, rush in front', (id) => document.querySelector('.card')?.dataset.testid === id, `ticket-${d.tickets[0].id}`);
        assert.equal((await orderOf(a.id)).order_status, 'ready');
        await windows.look(wall, 'kitchen-rush-first');
        await tidy();
    });

    it('takes a bump back from the gap, and from the list of recalls', async () => {
        const sent = await order([line(0)]);
        const { id } = sent.tickets[0];
        await at(`bump-${id}`).click();
        await at(`bump-${id}`).getByText('Ready').waitFor();
        await at(`bump-${id}`).click();
        await at(`undo-${id}`).click();
        await card(sent).waitFor();
        await windows.until(wall, 'cooking', (one) => document.querySelector(`[data-testid="${one}"]`)?.dataset.status === 'preparing', `ticket-${id}`);
        await at(`bump-${id}`).click();
        await windows.until(wall, 'gone', (one) => !document.querySelector(`[data-testid="${one}"]`), `ticket-${id}`);
        await at('recall').click();
        await windows.look(wall, 'kitchen-recall');
        await at(`recall-${id}`).click();
        await at('recall-list-close').click();
        await card(sent).waitFor();
        await tidy();
    });

    it('is worked by number keys, arrows and a bump bar alone', async () => {
        const [a, b] = [await order([line(0)]), await order([line(1)])];
        await card(b).waitFor();
        await wall.locator('body').click({ position: { x: 5, y: 1070 } });
        await wall.keyboard.press('2');
        await windows.until(wall, 'the second cooks', (id) => document.querySelector(`[data-testid="${id}"]`)?.dataset.status === 'preparing', `ticket-${b.tickets[0].id}`);
        await wall.keyboard.press('ArrowRight');
        await wall.locator('.card.chosen').waitFor();
        await wall.keyboard.press('Enter');
        await windows.until(wall, 'the first cooks', (id) => document.querySelector(`[data-testid="${id}"]`)?.dataset.status === 'preparing', `ticket-${a.tickets[0].id}`);
        await wall.keyboard.press('1');
        await windows.until(wall, 'the first is gone', (id) => !document.querySelector(`[data-testid="${id}"]`), `ticket-${a.tickets[0].id}`);
        await wall.keyboard.press('Backspace');
        await card(a).waitFor();
        assert.equal((await orderOf(a.id)).order_status, 'preparing');
        await tidy();
    });

    it('flashes what has changed until it is touched, and has voids confirmed', async () => {
        const sent = await order([line(0, { quantity: 3 }), line(1)]);
        await card(sent).waitFor();
        await card(sent).locator('.card-head').click();
        await box.waiter.must('POST', `/orders/${sent.id}/void`, { body: { items: [{ item_id: sent.items[0].id, quantity: 2 }], reason: 'guest left' } });
        await windows.until(wall, 'the change', (id) => document.querySelector(`[data-testid="${id}"]`)?.classList.contains('changed'), `ticket-${sent.tickets[0].id}`);
        assert.match(await card(sent).textContent(), /CHANGED/);
        const now = await orderOf(sent.id);
        const notice = now.tickets.find((t) => t.kind === 'void');
        await at(`ticket-${notice.id}`).waitFor();
        await windows.look(wall, 'kitchen-changed');
        await card(sent).locator('.card-head').click();
        await windows.until(wall, 'calm', (id) => !document.querySelector(`[data-testid="${id}"]`)?.classList.contains('changed'), `ticket-${sent.tickets[0].id}`);
        await at(`bump-${notice.id}`).click();
        await windows.until(wall, 'the void is gone', (id) => !document.querySelector(`[data-testid="${id}"]`), `ticket-${notice.id}`);
        assert.equal((await orderOf(sent.id)).tickets.find((t) => t.id === notice.id).ticket_status, 'served');
        await tidy();
    });

    it('shows a held course dim, and brings it when it is called', async () => {
        const sent = await order([line(0), line(1, { course: 2 })]);
        await card(sent).locator('.mark-held').waitFor();
        assert.match(await card(sent).textContent(), /course 2, not yet/);
        await windows.look(wall, 'kitchen-held');
        await box.waiter.must('POST', `/orders/${sent.id}/fire`, { body: { course: 2 } });
        await windows.until(wall, 'the second card', () => document.querySelectorAll('.card').length === 2);
        assert.equal(await wall.locator('.mark-held').count(), 0);
        await tidy();
    });

    it('shows what is new, cooking and ready in views of their own', async () => {
        const [a, b] = [await order([line(0)]), await order([line(1)])];
        await card(b).waitFor();
        await box.kitchen.orderStatus(a.id, 'preparing');
        await at('view-preparing').click();
        await windows.until(wall, 'the one that cooks', (id) => document.querySelectorAll('.card').length === 1 && document.querySelector('.card').dataset.testid === id, `ticket-${a.tickets[0].id}`);
        await box.kitchen.orderStatus(a.id, 'ready');
        await at('view-ready').click();
        await card(a).waitFor();
        await wall.reload();
        await windows.live(wall);
        assert.equal(await at('view-ready').getAttribute('aria-pressed'), 'true', 'the view survives a reload');
        await card(a).waitFor();
        await at('view-open').click();
        await tidy();
    });

    it('counts all day, in larger letters and in one row too, in the light', async () => {
        for (let n = 0; n < 9; n++) await order([line(n % 4, { quantity: 2 }), line((n + 2) % 4)]);
        await windows.until(wall, 'nine cards', () => document.querySelectorAll('.card').length === 9);
        await at('all-day').click();
        assert.ok((await at('all-day-list').locator('tr').count()) >= 4);
        await windows.look(wall, 'kitchen-all-day');
        await at('all-day-list-close').click();
        await at('size').click();
        await at('layout').click();
        await windows.look(wall, 'kitchen-rail-large');
        await at('conn-state').click();
        await at('theme-light').click();
        await wall.keyboard.press('Escape');
        await windows.look(wall, 'kitchen-light');
        await windows.accessible(wall, 'kitchen in the light');
        await at('conn-state').click();
        await at('theme-dark').click();
        await wall.keyboard.press('Escape');
        await at('layout').click();
        await at('size').click();
        await at('size').click();
        await tidy();
    });

    it('rings again and again until somebody touches the ticket', async () => {
        await at('sound-start').click();
        await at('sound-bar').waitFor({ state: 'detached' });
        await wall.waitForTimeout(500);
        const before = await wall.evaluate(() => window.notes);
        assert.ok(before > 0, 'it is heard when it is switched on');
        const sent = await order([line(0)]);
        await card(sent).waitFor();
        await windows.until(wall, 'a second ring', (n) => window.notes >= n + 4, before);
        await card(sent).locator('.card-head').click();
        await wall.waitForTimeout(300);
        const touched = await wall.evaluate(() => window.notes);
        await wall.waitForTimeout(6500);
        assert.equal(await wall.evaluate(() => window.notes), touched, 'silent once touched');
        await tidy();
    });

    it('keeps a tap that is made while the box is away, and does it once', async () => {
        const sent = await order([line(0)]);
        await card(sent).waitFor();
        const { port } = box.server;
        await box.server.kill();
        await wall.locator('[data-testid="conn-state"]:not([data-state="live"])').waitFor();
        await at(`bump-${sent.tickets[0].id}`).click();
        await at('conn-waiting').waitFor();
        await windows.look(wall, 'kitchen-offline');
        box.server.options.listen = `127.0.0.1:${port}`;
        await box.server.boot();
        await box.connect();
        await windows.live(wall);
        await windows.until(wall, 'cooking', (id) => document.querySelector(`[data-testid="${id}"]`)?.dataset.status === 'preparing', `ticket-${sent.tickets[0].id}`);
        await at('conn-waiting').waitFor({ state: 'detached' });
        const { events } = await box.manager.read('/events?since=0&limit=500');
        const changes = events.filter((e) => e.type === 'ticket_status_changed' && e.ticket.id === sent.tickets[0].id && e.new_status === 'preparing');
        assert.equal(changes.length, 1, 'once');
        await tidy();
    });

    it('raised no complaint of the browser', () => assert.deepEqual(windows.complaints, []));
});
