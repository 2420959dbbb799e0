// SPDX-License-Identifier: MIT
/**
 * Tickets as they were when somebody last looked at them and found them good. Fonts differ a little from Debian to
 * Debian: so a picture may differ in few dots, never in its lines. A ticket that looks otherwise fails, and leaves a
 * picture of both beside each other, with what is gone in grey, in build/golden/. SERVERY_GOLDEN=new keeps what comes
 * out now: look at it before it is committed.
 */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { PaperHouse } from './lib/house.mjs';
import { decodeBits, encodePng } from './lib/png.mjs';

const GOLDEN = fileURLToPath(new URL('golden', import.meta.url));
const LEFT = fileURLToPath(new URL('../../build/golden', import.meta.url));
const keep = process.env.SERVERY_GOLDEN === 'new';
const [CELL, CELL_DIFFERS, CELLS_MAX, HEIGHT_MAX] = [16, 0.25, 0.04, 0.03];

const dot = ({ width, height, bits }, x, y) => x < width && y < height && (bits[y * Math.ceil(width / 8) + (x >> 3)] >> (7 - (x & 7))) & 1;

/** Share of black in each cell of 16 by 16 dots. */
function shades(picture) {
    const [columns, rows] = [Math.ceil(picture.width / CELL), Math.ceil(picture.height / CELL)];
    const out = [];
    for (let row = 0; row < rows; row++)
        for (let column = 0; column < columns; column++) {
            let black = 0;
            for (let i = 0; i < CELL * CELL; i++) black += dot(picture, column * CELL + (i % CELL), row * CELL + Math.floor(i / CELL));
            out.push(black / CELL / CELL);
        }
    return out;
}

/** What a person would call another picture; null: the same. */
function difference(golden, now) {
    if (golden.width !== now.width) return `${now.width} dots wide, was ${golden.width}`;
    if (Math.abs(golden.height - now.height) > golden.height * HEIGHT_MAX) return `${now.height} dots long, was ${golden.height}`;
    const [a, b] = [shades(golden), shades(now)];
    const differing = a.filter((shade, i) => Math.abs(shade - (b[i] ?? 0)) > CELL_DIFFERS).length;
    const share = differing / a.length;
    return share > CELLS_MAX ? `${(share * 100).toFixed(1)} % of it looks otherwise` : null;
}

/** Both beside each other: left as it was, right as it is; between them, only what is gone or new. */
function sideBySide(golden, now) {
    const [height, width, gap] = [Math.max(golden.height, now.height), Math.max(golden.width, now.width), 16];
    const stride = Math.ceil((width * 3 + gap * 2) / 8);
    const bits = Buffer.alloc(stride * height);
    const put = (x, y) => { bits[y * stride + (x >> 3)] |= 0x80 >> (x & 7); };
    for (let y = 0; y < height; y++)
        for (let x = 0; x < width; x++) {
            const [was, is] = [dot(golden, x, y), dot(now, x, y)];
            if (was) put(x, y);
            if (was !== is) put(width + gap + x, y);
            if (is) put((width + gap) * 2 + x, y);
        }
    return encodePng({ width: width * 3 + gap * 2, height, bits });
}

describe('tickets look as they did', () => {
    const house = new PaperHouse();
    const { box } = house;
    let table;

    before(async () => {
        await house.open({ wide: {}, narrow: { args: ['--width', '384'] }, needles: { args: ['--format', 'impact'] }, till: { args: ['--no-tickets', '--bills'] } });
        table = await box.table(12);
        await box.waiter.write(`/tables/${table.id}/open`, { guests: 4 });
    });
    after(() => house.close());

    /* Times and dates are of today: so few dots of them differ that the comparison lets them pass. */
    function check(name, paper) {
        const file = join(GOLDEN, `${name}.png`);
        if (keep) {
            mkdirSync(GOLDEN, { recursive: true });
            writeFileSync(file, encodePng(paper));
            return;
        }
        assert.ok(existsSync(file), `${file} is missing: SERVERY_GOLDEN=new makes it`);
        const golden = decodeBits(readFileSync(file));
        const differs = difference(golden, paper);
        if (!differs) return;
        mkdirSync(LEFT, { recursive: true });
        writeFileSync(join(LEFT, `${name}.png`), sideBySide(golden, paper));
        assert.fail(`${name}: ${differs}; look at build/golden/${name}.png`);
    }

    const everything = () => ({
        ...box.dineIn(table), guests: 4, priority: 'rush', note: 'birthday, one candle',
        items: [
            { open_name: 'Crème brûlée à la vanille de Madagascar', open_price: 750, station: house.station, quantity: 12, note: 'no nuts please', seat: 2 },
            { open_name: 'पनीर टिक्का मसाला', open_price: 1050, station: house.station, quantity: 1, note: 'severe nut allergy' },
            { open_name: 'Soup of the day', open_price: 500, station: box.stations[1], quantity: 1 },
        ],
    });

    it('with everything on them, wide, narrow and by needles', async () => {
        await box.waiter.order(everything());
        await house.settled();
        for (const name of ['wide', 'narrow', 'needles']) check(`everything-${name}`, house[name].tickets[0]);
    });

    it('when something is taken back', async () => {
        const since = house.wide.tickets.length;
        const order = await box.waiter.order({ ...box.dineIn(table), items: everything().items.slice(0, 1) });
        await house.settled();
        await box.waiter.write(`/orders/${order.id}/void`, { items: [{ item_id: order.items[0].id, quantity: 5 }], reason: 'changed their mind' });
        await house.settled();
        check('void', house.wide.tickets[since + 1]);
    });

    it('in larger type, in other languages, and right to left', async () => {
        for (const language of ['es', 'hi', 'zh', 'ar']) {
            await house.set('wide', '--language', language, ...(language === 'es' ? ['--large'] : []));
            const since = house.wide.tickets.length;
            await box.waiter.order(everything());
            await house.settled();
            check(`language-${language}`, house.wide.tickets[since]);
        }
        await house.set('wide');
    });

    it('on a test slip and a bill', async () => {
        const since = house.wide.tickets.length;
        await house.servery('printer', 'test', '--name', 'wide');
        await house.settled();
        check('test', house.wide.tickets[since]);
        const order = await box.waiter.order(everything());
        await box.waiter.write(`/orders/${order.id}/bill`);
        await house.settled();
        check('bill', house.till.tickets[0]);
    });
});

describe('the comparison itself', () => {
    const blank = { width: 64, height: 160, bits: Buffer.alloc(8 * 160) };
    const inked = (rows) => ({ ...blank, bits: Buffer.concat([Buffer.alloc(8 * rows, 0xff), Buffer.alloc(8 * (160 - rows))]) });

    it('sees a line that is gone, and not a dot', () => {
        assert.equal(difference(inked(64), inked(64)), null);
        assert.equal(difference(inked(64), inked(65)), null);
        assert.match(difference(inked(64), inked(32)), /looks otherwise/);
        assert.match(difference(blank, { ...blank, height: 200, bits: Buffer.alloc(8 * 200) }), /long/);
        assert.ok(sideBySide(inked(64), inked(32)).length > 100);
    });
});
