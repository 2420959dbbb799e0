// SPDX-License-Identifier: MIT
/** A restaurant with a print service and printers of its own, for stories of paper. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { Box } from '../../lib/box.mjs';
import { BINARY, run } from '../../lib/server.mjs';
import { Cups } from './cups.mjs';
import { picture, same, until } from './look.mjs';
import { readTicket } from './ocr.mjs';
import { RecordingPrinter } from './printer.mjs';

const built = (name) => [join(dirname(BINARY), 'drivers/escpos_backend', name), join(dirname(BINARY), name)].find(existsSync);
export const BACKEND = built('escpos');
export const FILTER = built('servery-escpos');

const LEDGER = 'import sqlite3,sys,json; db=sqlite3.connect("file:"+sys.argv[1]+"?mode=ro",uri=True); db.row_factory=sqlite3.Row;'
    + ' print(json.dumps([dict(r) for r in db.execute("SELECT p.*, d.name AS printer FROM print_jobs p JOIN devices d'
    + ' ON d.id=p.device_id WHERE d.driver=\'cups\' ORDER BY p.id")]))';

export class PaperHouse {
    constructor() {
        this.box = new Box();
        this.cups = new Cups({ backend: BACKEND, filter: FILTER });
        this.printers = [];
    }

    /** Opens all; `printers`: {name: {args, language, uri}} with more words for `servery printer add`. */
    async open(printers) {
        assert.ok(BACKEND, 'the backend is built beside the server');
        this.awake = setInterval(() => {}, 1000); /* servers that are waited for do not keep a test alive by themselves */
        await this.cups.start();
        await this.box.open();
        for (const [name, options] of Object.entries(printers)) await this.add(name, options);
        await this.restart();
    }

    /** A printer of that name, in the print service and in the house. Called again it is set up anew. */
    async add(name, { args = [], language = 'escpos', queue = (port) => this.cups.addUri(name, `escpos://127.0.0.1:${port}`) } = {}) {
        if (!this[name]) {
            this[name] = new RecordingPrinter(language);
            this.printers.push(this[name]);
            await this[name].on();
            await queue(this[name].port);
        }
        await this.set(name, ...args);
    }

    /** servery printer add, with these words more. */
    async set(name, ...args) {
        await this.servery('printer', 'add', '--name', name, '--driver', 'cups', '--address', `${name}@${this.cups.socket}`, ...args);
    }

    async servery(...words) {
        const { code, stdout, stderr } = await run([words[0], words[1], '--data', this.box.server.data, ...words.slice(2)]);
        assert.equal(code, 0, stderr);
        return stdout;
    }

    async restart(how) {
        await this.box.server.restart(how);
        await this.box.connect();
    }

    async close() {
        try {
            await this.box.close();
        } finally {
            await this.cups.stop();
            for (const printer of this.printers) await printer.off();
            clearInterval(this.awake);
        }
        for (const printer of this.printers) assert.deepEqual(printer.faults, [], 'nothing but what a printer understands');
    }

    get station() {
        return this.box.stations[0];
    }

    device = async (name) => (await this.box.waiter.read('/devices')).devices.find((d) => d.name === name);
    alerts = async () => (await this.box.waiter.read('/alerts')).alerts;
    alert = async (code) => (await this.alerts()).find((a) => a.code === code);
    raised = (code) => until(`the alert ${code}`, () => this.alert(code), 800);
    cleared = (code) => until(`the end of the alert ${code}`, async () => !(await this.alert(code)), 800);
    state = (name, ...wanted) =>
        until(`${name} to be ${wanted}`, async () => wanted.includes((await this.device(name)).state), 800);

    /** The ledger's rows of real printers, oldest first. */
    async ledger() {
        const { stdout } = await promisify(execFile)('python3', ['-c', LEDGER, join(this.box.server.data, 'restaurant-main.db')]);
        return JSON.parse(stdout);
    }

    /** Until nothing is under way any more. */
    settled = () =>
        until('an empty ledger', async () => !(await this.ledger()).some((row) => ['queued', 'sending', 'sent'].includes(row.state)), 1600);

    /** Until that printer has so many tickets; the newest ones are returned. */
    async printed(name, count, since = 0) {
        const { tickets } = this[name];
        await until(`${count} tickets of ${name}, which has ${tickets.length - since}`, () => tickets.length - since >= count, 1200);
        return tickets.slice(since);
    }

    /** What the newest ticket of a printer says. */
    async said(name, language) {
        return (await readTicket(this[name].tickets.at(-1), language)).replace(/\s+/g, ' ');
    }

    /** How a ticket came out at a printer: how often as it is shown, and how often so under the backend's mark. */
    async out(name, ticket) {
        const shown = await picture(this.box.waiter, ticket);
        const exact = this[name].tickets.filter((t) => same(t, shown));
        return { clean: exact.filter((t) => !t.marked).length, marked: exact.filter((t) => t.marked).length };
    }

    once = (name, order) => until('the ticket', async () => (await this.out(name, order.tickets[0])).clean === 1, 1200);
}

/** Words that OCR must have read, whatever it made of the rest. */
export function says(read, ...words) {
    const text = read.replace(/\s+/g, ' ');
    for (const word of words) {
        if (word instanceof RegExp) assert.match(text, word);
        else assert.ok(text.includes(word), `"${word}" on the ticket: ${text}`);
    }
}
