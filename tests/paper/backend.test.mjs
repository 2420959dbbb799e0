// SPDX-License-Identifier: MIT
/** Printers that answer for themselves: each trouble is told while it lasts, and a ticket is on paper once, or marked. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { Box } from '../lib/box.mjs';
import { BINARY, run } from '../lib/server.mjs';
import { Cups } from './lib/cups.mjs';
import { pause, picture, same, until as lookUntil } from './lib/look.mjs';
import { RecordingPrinter } from './lib/printer.mjs';

const BACKEND = [join(dirname(BINARY), 'drivers/escpos_backend/escpos'), join(dirname(BINARY), 'escpos')].find(existsSync);
const until = (what, look) => lookUntil(what, look, 800);

/** What the ledger says was proved, of each job in order. */
async function proofs(box) {
    const file = join(box.server.data, 'restaurant-main.db');
    const script = 'import sqlite3,sys,json; db=sqlite3.connect("file:"+sys.argv[1]+"?mode=ro",uri=True);'
        + ' print(json.dumps([r[0] for r in db.execute("SELECT p.proof FROM print_jobs p JOIN devices d ON d.id=p.device_id'
        + ' WHERE d.driver=\'cups\' ORDER BY p.id")]))';
    const { stdout } = await promisify(execFile)('python3', ['-c', script, file]);
    return JSON.parse(stdout);
}

describe('paper that is proved', () => {
    const box = new Box();
    const cups = new Cups({ backend: BACKEND });
    const paper = new RecordingPrinter();
    let station, awake;

    const printer = async () => (await box.waiter.read('/devices')).devices.find((d) => d.name === 'Kitchen printer');
    const alerts = async () => (await box.waiter.read('/alerts')).alerts.map((a) => a.code);
    /** What came out for a ticket: how often as it is shown, and how often under a mark of the backend or the hub. */
    const out = async (ticket) => {
        const shown = await picture(box.waiter, ticket);
        const exact = paper.tickets.filter((t) => same(t, shown));
        return { clean: exact.filter((t) => !t.marked).length, marked: exact.filter((t) => t.marked).length };
    };
    const once = (order) => until('the ticket', async () => (await out(order.tickets[0])).clean === 1);
    const state = (wanted, words) =>
        until(`a printer that is ${wanted}`, async () => {
            const device = await printer();
            return device.state === wanted && (!words || words.test(device.detail));
        });
    const well = async () => {
        await state('ok');
        await until('no alarm', async () => !(await alerts()).includes('PRINTER_NOT_READY'));
    };

    before(async () => {
        assert.ok(BACKEND, 'the backend is built beside the server');
        awake = setInterval(() => {}, 1000);
        await paper.on();
        await cups.start();
        await cups.addUri('kot', `escpos://127.0.0.1:${paper.port}`);
        await box.open();
        station = box.stations[0];
        const added = await run(['printer', 'add', '--data', box.server.data, '--name', 'Kitchen printer', '--driver', 'cups',
            '--address', `kot@${cups.socket}`, '--station', station]);
        assert.equal(added.code, 0, added.stderr);
        await box.server.restart();
        await box.connect();
    });
    beforeEach(() => paper.well());
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

    it('is confirmed by the printer, not by the print service', async () => {
        const order = await box.send(station);
        await once(order);
        await until('the proof', async () => (await proofs(box))[0] === 'confirmed_by_printer');
        await well();
    });

    it('waits for paper, says so while it prints, and goes on by itself', async () => {
        paper.set({ paper: 'out' });
        const order = await box.send(station);
        await state('failed', /out of paper/);
        assert.ok((await alerts()).includes('PRINTER_NOT_READY'));
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
        assert.ok(!(await alerts()).includes('PRINTER_NOT_READY'), 'a warning is no alarm');
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
    const box = new Box();
    const cups = new Cups({ backend: BACKEND });
    const paper = new RecordingPrinter();
    let awake;

    before(async () => {
        awake = setInterval(() => {}, 1000);
        await paper.on();
        paper.set({ mute: true });
        await cups.start();
        await cups.addUri('kot', `escpos://127.0.0.1:${paper.port}`);
        await box.open();
        const added = await run(['printer', 'add', '--data', box.server.data, '--name', 'Old printer', '--driver', 'cups',
            '--address', `kot@${cups.socket}`, '--station', box.stations[0]]);
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
        assert.deepEqual(paper.faults, []);
    });

    it('comes out of a printer that never answers, as handed over and no more', async () => {
        await box.send(box.stations[0]);
        await until('the ticket', () => paper.tickets.length === 1);
        await until('the ledger', async () => (await proofs(box))[0] === 'handed_over');
    });
});
