// SPDX-License-Identifier: MIT
/** Tickets through a real print service to a printer that keeps what it burns. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Box } from '../lib/box.mjs';
import { run } from '../lib/server.mjs';
import { Cups } from './lib/cups.mjs';
import { pause, picture, same, until as lookUntil } from './lib/look.mjs';
import { readTicket } from './lib/ocr.mjs';
import { RecordingPrinter } from './lib/printer.mjs';

const until = (what, look) => lookUntil(what, look, 480);

describe('paper', () => {
    const box = new Box();
    const cups = new Cups();
    const paper = new RecordingPrinter();
    let station;

    const printer = async () => (await box.waiter.read('/devices')).devices.find((d) => d.name === 'Kitchen printer');
    const alerts = async () => (await box.waiter.read('/alerts')).alerts.map((a) => a.code);
    /** How often a ticket came out just as it is shown. */
    const timesOut = async (ticket) => {
        const shown = await picture(box.waiter, ticket);
        return paper.tickets.filter((t) => same(t, shown)).length;
    };

    /** Out as it is shown, or marked as a possible duplicate: what cannot be known is said. */
    const outOrMarked = (ticket) =>
        until('the ticket, or a marked one', async () => {
            if (await timesOut(ticket)) return true;
            const texts = await Promise.all(paper.tickets.slice(-2).map((t) => readTicket(t)));
            return texts.some((t) => t.includes('DUPLICATE') && new RegExp(`KOT ${ticket.kot_number}\\b`).test(t));
        });

    let awake;
    before(async () => {
        awake = setInterval(() => {}, 1000); /* servers that are waited for do not keep a test alive by themselves */
        await paper.on();
        await cups.start();
        await cups.addQueue('kot', paper.port);
        await box.open();
        station = box.stations[0];
        const added = await run(['printer', 'add', '--data', box.server.data, '--name', 'Kitchen printer', '--driver', 'cups',
            '--address', `kot@${cups.socket}`, '--station', station]);
        assert.equal(added.code, 0, added.stderr);
        await box.server.restart();
        await box.connect();
    });
    after(async () => {
        try {
            await box.close();
        } finally {
            await cups.stop();
            await paper.off();
            clearInterval(awake);
        }
        assert.deepEqual(paper.faults, [], 'nothing but what a printer understands');
    });

    it('carries a ticket as it is shown, dot for dot, and it can be read', async () => {
        const item = box.menu.items.find((i) => i.station === station && !i.kitchen_name && i.modifier_groups.every((g) => !g.min));
        const order = await box.waiter.order({
            order_type: 'takeout', customer_name: 'Ada Lovelace', note: 'no onions please',
            items: [{ menu_item_id: item.id, quantity: 3, note: 'ALLERGY nuts' }],
        });
        await until('the ticket', async () => (await timesOut(order.tickets[0])) === 1);
        const text = (await readTicket(paper.tickets.at(-1))).replace(/\s+/g, ' ');
        for (const words of ['TAKEOUT', 'Ada Lovelace', item.name, 'ALLERGY nuts', 'no onions please', `KOT ${order.tickets[0].kot_number}`])
            assert.ok(text.includes(words), `"${words}" on the ticket: ${text}`);
        assert.equal((await printer()).state, 'ok');
    });

    it('brings what was asked for with print:false to no printer', async () => {
        const [silent] = [await box.waiter.order({ ...box.takeout(station), print: false })];
        const loud = await box.send(station);
        await until('the other ticket', async () => (await timesOut(loud.tickets[0])) === 1);
        assert.equal(await timesOut(silent.tickets[0]), 0);
    });

    it('goes on without the print service, says so, and prints once when it is back', async () => {
        await cups.stop();
        const order = await box.send(station);
        await until('the alarm', async () => (await alerts()).includes('PRINTER_NOT_READY'));
        const device = await printer();
        assert.equal(device.state, 'silent');
        assert.ok(device.detail && device.fix, 'in words');
        assert.equal(await timesOut(order.tickets[0]), 0);
        await cups.start();
        await until('the ticket', async () => (await timesOut(order.tickets[0])) === 1);
        await until('the all-clear', async () => !(await alerts()).includes('PRINTER_NOT_READY'));
        assert.equal((await printer()).state, 'ok');
        await pause(600);
        assert.equal(await timesOut(order.tickets[0]), 1, 'once');
    });

    it('waits for a printer that is off, and says so', async () => {
        await paper.off();
        const order = await box.send(station);
        await until('a word about it', async () => (await printer()).state !== 'ok');
        assert.ok((await alerts()).includes('PRINTER_NOT_READY'));
        await paper.on();
        await until('the ticket', async () => (await timesOut(order.tickets[0])) === 1);
        await until('the all-clear', async () => (await printer()).state === 'ok');
    });

    it('does not print again what a frozen print service took all the same', async () => {
        cups.freeze();
        const order = await box.send(station);
        await pause(5500); /* longer than the driver waits for an answer */
        cups.thaw();
        await outOrMarked(order.tickets[0]);
        await pause(1500);
        assert.ok((await timesOut(order.tickets[0])) <= 1, 'never twice unmarked');
    });

    it('looks a ticket up that was on its way when the hub was killed', async () => {
        cups.freeze();
        const order = await box.send(station);
        await pause(300);
        await box.server.kill();
        cups.thaw();
        await box.server.boot();
        await box.connect();
        await outOrMarked(order.tickets[0]);
        await pause(1500);
        assert.ok((await timesOut(order.tickets[0])) <= 1, 'never twice unmarked');
    });

    it('prints a copy when asked, headed COPY, under no new number', async () => {
        const order = await box.send(station);
        await until('the ticket', async () => (await timesOut(order.tickets[0])) === 1);
        const before = paper.tickets.length;
        const answer = await box.kitchen.write(`/tickets/${order.tickets[0].id}/reprint`, undefined, { idempotency: 'again, please' });
        assert.deepEqual(answer.tickets, order.tickets);
        const replay = await box.kitchen.post(`/tickets/${order.tickets[0].id}/reprint`, undefined, { idempotency: 'again, please' });
        assert.equal(replay.headers['idempotency-replayed'], 'true');
        await until('the copy', () => paper.tickets.length === before + 1);
        const text = await readTicket(paper.tickets.at(-1));
        assert.match(text, /COPY/);
        assert.match(text, new RegExp(`KOT ${order.tickets[0].kot_number}\\b`));
        await pause(500);
        assert.equal(paper.tickets.length, before + 1, 'a key asks once');
    });

    it('loses none and repeats none unmarked, however often the hub is killed', async () => {
        const orders = [];
        for (let round = 0; round < 5; round++) {
            for (let n = 0; n < 4; n++) orders.push(await box.send(station));
            await pause(Math.floor(Math.random() * 250));
            await box.server.kill();
            await box.server.boot();
            await box.connect();
        }
        await until('the ledger to be empty', async () => {
            const { text } = await box.manager.get('/metrics', { absolute: true });
            return !/servery_prints\{state="(queued|sending|sent)"\} [1-9]/.test(text);
        });
        const doubtful = [];
        for (const order of orders) {
            const times = await timesOut(order.tickets[0]);
            assert.ok(times <= 1, `ticket ${order.tickets[0].id} came out ${times} times unmarked`);
            if (times === 0) doubtful.push(order.tickets[0]);
        }
        for (const ticket of doubtful) {
            const texts = await Promise.all(paper.tickets.slice(-40).map((t) => readTicket(t)));
            const marked = texts.some((t) => t.includes('DUPLICATE') && new RegExp(`KOT ${ticket.kot_number}\\b`).test(t));
            assert.ok(marked, `ticket ${ticket.id} is on paper, marked`);
        }
        console.log(`${orders.length} tickets over 5 kills: ${doubtful.length} marked as possible duplicates`);
    });
});
