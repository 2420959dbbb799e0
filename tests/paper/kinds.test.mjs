// SPDX-License-Identifier: MIT
/** Printers of other kinds: needles, Star, behind stock backends and device files. All bytes are read strictly. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { after, before, beforeEach, describe, it } from 'node:test';
import { BACKEND, PaperHouse, says } from './lib/house.mjs';
import { until } from './lib/look.mjs';

assert.ok(BACKEND);

/** A device file that a printer on a TCP port hangs on: socat's pseudo terminal. */
async function deviceFile(port) {
    const child = spawn('socat', ['-d', '-d', 'PTY,rawer,mode=666', `TCP:127.0.0.1:${port}`], { stdio: ['ignore', 'ignore', 'pipe'] });
    const ended = once(child, 'exit');
    child.unref();
    process.once('exit', () => child.kill('SIGKILL'));
    let said = '';
    const path = await new Promise((resolve, reject) => {
        child.stderr.setEncoding('utf8').on('data', (text) => {
            said += text;
            const match = /PTY is (\S+)/.exec(said);
            if (match) resolve(match[1]);
        });
        ended.then(() => reject(new Error(said)));
    });
    return { path, stop: async () => { child.kill(); await ended; } };
}

describe('printers of other kinds', () => {
    const house = new PaperHouse();
    const { box } = house;
    let device, table;
    const proofOf = async (name) => (await house.ledger()).filter((row) => row.printer === name).at(-1)?.proof;
    const order = () => box.waiter.order({ ...box.dineIn(table, house.station), note: 'no onions please' });

    before(async () => {
        await house.open({
            needles: { args: ['--no-tickets', '--format', 'impact'] },
            star: {
                args: ['--no-tickets', '--format', 'star'], language: 'star',
                queue: (port) => house.cups.addUri('star', `escpos://127.0.0.1:${port}/?status=no`),
            },
            filtered: {
                args: ['--no-tickets'],
                queue: (port) => house.cups.addFiltered('filtered', `socket://127.0.0.1:${port}/?snmp=false`),
            },
            usb: {
                args: ['--no-tickets'],
                queue: async (port) => {
                    device = await deviceFile(port);
                    await house.cups.addUri('usb', `escpos-usb:${device.path}`);
                },
            },
            cheap: { args: ['--no-tickets'] },
        });
        table = await box.freeTable();
        await box.waiter.write(`/tables/${table.id}/open`, { guests: 2 });
    });
    beforeEach(() => house.printers.forEach((p) => p.well()));
    after(async () => {
        await device.stop();
        await house.close();
    });

    it('with needles: a layout of their own, that can be read', async () => {
        await house.set('needles', '--format', 'impact', '--station', house.station);
        const { tickets: [ticket] } = await order();
        const [paper] = await house.printed('needles', 1);
        assert.equal(paper.width, 200);
        await until('the proof', async () => (await proofOf('needles')) === 'confirmed_by_printer', 400);
        says(await house.said('needles'), `TABLE ${table.name}`, `KOT ${ticket.kot_number}`, 'no onions please');
        await house.set('needles', '--format', 'impact', '--no-tickets');
    });

    it("by Star's raster mode: dot for dot what all others print, and no more claimed than is known", async () => {
        await house.set('star', '--format', 'star', '--station', house.station);
        const accepted = await order();
        await house.once('star', accepted);
        await until('the grade', async () => (await proofOf('star')) === 'handed_over', 400);
        await house.set('star', '--format', 'star', '--no-tickets');
    });

    it("behind somebody else's backend: our filter asks, and waits for paper", async () => {
        await house.set('filtered', '--station', house.station);
        await house.once('filtered', await order());
        await until('the proof', async () => (await proofOf('filtered')) === 'confirmed_by_printer', 400);
        house.filtered.set({ paper: 'out' });
        const late = await order();
        await house.state('filtered', 'failed');
        await house.raised('PRINTER_NOT_READY');
        assert.deepEqual(await house.out('filtered', late.tickets[0]), { clean: 0, marked: 0 });
        house.filtered.set({ paper: 'ok' });
        await house.once('filtered', late);
        await house.cleared('PRINTER_NOT_READY');
        await house.set('filtered', '--no-tickets');
    });

    it('on a device file: the same dialogue as on the network', async () => {
        await house.set('usb', '--station', house.station);
        await house.once('usb', await order());
        await until('the proof', async () => (await proofOf('usb')) === 'confirmed_by_printer', 400);
        house.usb.set({ paper: 'out' });
        const late = await order();
        await house.state('usb', 'failed');
        house.usb.set({ paper: 'ok' });
        await house.once('usb', late);
        await house.set('usb', '--no-tickets');
    });

    it('of makers that do not say who they are: asked for nothing that they might print', async () => {
        house.cheap.set({ maker: null });
        await house.set('cheap', '--station', house.station);
        await house.once('cheap', await order());
        await until('the proof', async () => (await proofOf('cheap')) === 'confirmed_by_printer', 400);
        await house.set('cheap', '--no-tickets');
    });
});
