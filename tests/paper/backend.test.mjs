// SPDX-License-Identifier: MIT
/** Printers that answer for themselves: each trouble is told while it lasts, and a ticket is on paper once, or marked. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { PaperHouse } from './lib/house.mjs';
import { pause, until as lookUntil } from './lib/look.mjs';

const until = (what, look) => lookUntil(what, look, 800);

describe('paper that is proved', () => {
    const house = new PaperHouse();
    const { box, cups } = house;
    let station, paper;

    const out = (ticket) => house.out('kitchen', ticket);
    const once = (order) => house.once('kitchen', order);
    const state = (wanted, words) =>
        until(`a printer that is ${wanted}`, async () => {
            const device = await house.device('kitchen');
            return device.state === wanted && (!words || words.test(device.detail));
        });
    const well = async () => {
        await state('ok');
        await house.cleared('PRINTER_NOT_READY');
    };

    before(async () => {
        await house.open({ kitchen: {} });
        station = house.station;
        paper = house.kitchen;
    });
    beforeEach(() => paper.well());
    after(() => house.close());

    it('is confirmed by the printer, not by the print service', async () => {
        const order = await box.send(station);
        await once(order);
        await until('the proof', async () => (await house.ledger())[0].proof === 'confirmed_by_printer');
        await well();
    });

    it('waits for paper, says so while it prints, and goes on by itself', async () => {
        paper.set({ paper: 'out' });
        const order = await box.send(station);
        await state('failed', /out of paper/);
        await house.raised('PRINTER_NOT_READY');
        assert.deepEqual(await out(order.tickets[0]), { clean: 0, marked: 0 });
        paper.set({ paper: 'ok' });
        await once(order);
        await well();
    });

    it('waits for an open cover in the middle of a ticket, and prints it once', async () => {
        paper.set({ bytesPerSecond: 60_000 });
        const order = await box.send(station);
        await until('the first dots', () => [...paper.connections].some((line) => line.roll.slices.length > 0));
        paper.set({ cover: true });
        await state('failed', /cover/);
        paper.set({ cover: false, bytesPerSecond: Infinity });
        await once(order);
        await well();
    });

    it('warns before the roll ends, and prints on', async () => {
        paper.set({ paper: 'near' });
        const order = await box.send(station);
        await once(order);
        await state('warning', /nearly/);
        assert.equal(await house.alert('PRINTER_NOT_READY'), undefined, 'a warning is no alarm');
        paper.set({ paper: 'ok' });
        await once(await box.send(station));
        await well();
    });

    it('notices an idle printer without paper, and without power', async () => {
        await well();
        paper.set({ paper: 'out' });
        await state('failed', /out of paper/);
        paper.set({ paper: 'ok' });
        await well();
        await paper.off();
        await state('silent');
        await paper.on();
        await well();
    });

    it('waits for a printer that is off', async () => {
        await paper.off();
        const order = await box.send(station);
        await state('silent');
        await paper.on();
        await once(order);
        await well();
    });

    it('prints again, marked, when the connection breaks in the middle', async () => {
        paper.set({ resetAfter: 20_000 });
        const order = await box.send(station);
        await until('the break', () => paper.breaks > 0);
        paper.well();
        const { clean, marked } = await until('the ticket', async () => {
            const now = await out(order.tickets[0]);
            return now.clean + now.marked > 0 && now;
        });
        assert.deepEqual({ clean, marked }, { clean: 0, marked: 1 }, 'what may be there in part is there again, marked');
        await well();
    });

    it('does not print again what was worked off when the print service was killed', async () => {
        const order = await box.send(station);
        await once(order);
        await cups.stop('SIGKILL');
        await cups.start();
        const next = await box.send(station);
        await once(next);
        await pause(1000);
        const { clean, marked } = await out(order.tickets[0]);
        assert.ok(clean === 1 && marked <= 1, 'never twice unmarked');
        await well();
    });

    it('takes a stuck printer for stuck, not for printed', async () => {
        paper.set({ stalled: true });
        const order = await box.send(station);
        await state('silent');
        assert.deepEqual(await out(order.tickets[0]), { clean: 0, marked: 0 });
        paper.set({ stalled: false });
        await until('the ticket', async () => {
            const now = await out(order.tickets[0]);
            return now.clean + now.marked > 0;
        });
        assert.ok((await out(order.tickets[0])).clean <= 1);
        await well();
    });

    it('believes no answer that is none', async () => {
        paper.set({ lies: true });
        const order = await box.send(station);
        await state('silent');
        paper.set({ lies: false });
        await once(order);
        await well();
    });

    it('comes to terms with a printer that knows one connection at a time', async () => {
        paper.set({ single: true });
        const orders = [];
        for (let n = 0; n < 5; n++) orders.push(await box.send(station));
        for (const order of orders) await once(order);
        await well();
    });
});

describe('paper that nobody proves', () => {
    const house = new PaperHouse();

    before(async () => {
        await house.open({ old: {} });
        house.old.set({ mute: true });
    });
    after(() => house.close());

    it('comes out of a printer that never answers, as handed over and no more', async () => {
        await house.box.send(house.station);
        await house.printed('old', 1);
        await until('the ledger', async () => (await house.ledger())[0].proof === 'handed_over');
    });
});
