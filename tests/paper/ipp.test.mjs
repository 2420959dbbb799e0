// SPDX-License-Identifier: MIT
/** An IPP printer with a roll: a page as long as the ticket, nothing scaled, nothing cut; and it is asked how it fares. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { PaperHouse, says } from './lib/house.mjs';
import { IppPrinter } from './lib/ipp_printer.mjs';
import { picture, until } from './lib/look.mjs';

const run = promisify(execFile);
const POINTS_A_MM = 72 / 25.4;

/** {width, height} in mm and the words of a PDF's only page. */
async function readPdf(file) {
    const { stdout: info } = await run('pdfinfo', [file]);
    const { stdout: text } = await run('pdftotext', ['-layout', file, '-']);
    const [, width, height] = /Page size:\s+([\d.]+) x ([\d.]+) pts/.exec(info);
    assert.match(info, /Pages:\s+1\n/);
    return { width: width / POINTS_A_MM, height: height / POINTS_A_MM, text };
}

const near = (a, b, by) => Math.abs(a - b) <= by;

describe('an IPP printer with a roll', () => {
    const house = new PaperHouse();
    const roll = new IppPrinter();
    const { box } = house;

    before(async () => {
        await roll.start();
        await house.open({});
        await house.cups.addEverywhere('roll', roll.uri);
        await house.set('roll', '--format', 'pdf', '--station', house.station);
        await house.restart();
    });
    after(async () => {
        await roll.stop();
        await house.close();
    });

    it('gets a page of the exact roll, with every word on it', async () => {
        const order = await box.waiter.order({
            order_type: 'takeout', customer_name: 'Ada Lovelace', note: 'पनीर टिक्का, please',
            items: [{ open_name: 'Crème brûlée', open_price: 700, station: house.station, quantity: 12, note: 'severe nut allergy' }],
        });
        await until('the page', () => roll.printed.length === 1, 1200);
        const page = await readPdf(roll.printed[0]);
        const shown = await picture(box.waiter, order.tickets[0]);
        assert.ok(near(page.width, 80, 0.5), `${page.width} mm wide`);
        assert.ok(near(page.height, shown.height / 8, 2), `${page.height} mm long for ${shown.height} dots`);
        says(page.text, 'TAKEOUT', 'Ada Lovelace', '12', 'Crème brûlée', 'ALLERGY', 'severe nut allergy', `KOT ${order.tickets[0].kot_number}`, 'टिक्का');
        await house.settled();
        assert.equal((await house.ledger()).at(-1).proof, 'processed', "the printer's own word, and no more");
    });

    it('says that it has no paper, printing or idle', async () => {
        roll.empty();
        const order = await box.send(house.station);
        await house.state('roll', 'failed', 'warning');
        rmSync(join(roll.folder, 'empty'));
        await until('the page', () => roll.printed.length === 2, 1200);
        says((await readPdf(roll.printed[1])).text, `KOT ${order.tickets[0].kot_number}`);
        await house.state('roll', 'ok');
        await house.settled();
        await roll.load(0);
        await house.state('roll', 'failed', 'warning');
        await roll.load(250);
        await house.state('roll', 'ok');
    });

    it('is missed when it is off', async () => {
        roll.off();
        await house.state('roll', 'silent');
        const order = await box.send(house.station);
        await roll.on();
        await until('the page', () => roll.printed.length === 3, 2400);
        says((await readPdf(roll.printed[2])).text, `KOT ${order.tickets[0].kot_number}`);
        await house.state('roll', 'ok');
    });
});
