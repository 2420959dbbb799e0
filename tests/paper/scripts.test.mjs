// SPDX-License-Identifier: MIT
/** Dishes in any script, read back from what the printer burned, at both widths; and the same as a page. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { PaperHouse } from './lib/house.mjs';
import { pause } from './lib/look.mjs';
import { readTicket } from './lib/ocr.mjs';

/* Name, the reader's language, a dish, a note. */
const DISHES = [
    ['Latin with accents', 'fra', 'Crème brûlée', 'à la vanille'],
    ['Polish', 'pol', 'Żurek łódzki', 'bez śmietany'],
    ['Cyrillic', 'rus', 'Борщ с пампушками', 'без сметаны'],
    ['Greek', 'ell', 'Χωριάτικη σαλάτα', 'χωρίς φέτα'],
    ['Devanagari', 'hin', 'पनीर टिक्का मसाला', 'कम मिर्च'],
    ['Bengali', 'ben', 'ডাল মাখানি', 'কম ঝাল'],
    ['Tamil', 'tam', 'மசாலா தோசை', 'காரம் குறைவு'],
    ['Thai', 'tha', 'ผัดไทยกุ้งสด', 'ไม่ใส่ถั่ว'],
    ['Arabic, right to left, with a number', 'ara', 'شاورما دجاج', 'بدون بصل'],
    ['Hebrew', 'heb', 'שקשוקה חריפה', 'בלי בצל'],
    ['Chinese', 'chi_sim', '宫保鸡丁', '不要花生'],
    ['Japanese', 'jpn', '親子丼', 'ねぎ抜き'],
    ['Korean', 'kor', '비빔밥', '고추장 조금'],
];

const letters = (text) => text.normalize('NFC').replace(/[\s\u200b-\u200f\u202a-\u202e\u2066-\u2069|]/gu, '');

/** How much of `wanted` is found in `text` in its order, letter by letter: 1 is all. */
function found(wanted, text) {
    const [a, b] = [[...letters(wanted)], [...letters(text)]];
    let row = new Array(b.length + 1).fill(0);
    for (const letter of a) {
        const next = [0];
        for (let j = 0; j < b.length; j++) next.push(letter === b[j] ? row[j] + 1 : Math.max(row[j + 1], next[j]));
        row = next;
    }
    return row.at(-1) / a.length;
}

/** The line of the ticket that has most of it, or the two: long names wrap. */
function best(wanted, text) {
    const lines = text.split('\n').filter((line) => line.trim());
    return Math.max(...lines.flatMap((line, i) => [found(wanted, line), found(wanted, line + (lines[i + 1] ?? ''))]));
}

/* Readers take single letters of small print for others; a missing or wrong script would leave nearly none. */
const ENOUGH = 0.7;

describe('any script', () => {
    const house = new PaperHouse();
    const { box } = house;

    before(() => house.open({ wide: {}, narrow: { args: ['--width', '384'] } }));
    after(() => house.close());

    for (const [name, language, dish, note] of DISHES)
        it(`${name}: is read from both widths of paper`, async () => {
            const since = house.wide.tickets.length;
            await box.waiter.order({
                order_type: 'takeout', items: [{ open_name: dish, open_price: 900, station: house.station, quantity: 2, note }],
            });
            const [wide] = await house.printed('wide', 1, since);
            const [narrow] = await house.printed('narrow', 1, since);
            for (const paper of [wide, narrow]) {
                const texts = [await readTicket(paper, language), await readTicket(paper, `${language}+eng`)];
                for (const words of [dish, note]) {
                    const share = Math.max(...texts.map((text) => best(words, text)));
                    assert.ok(share >= ENOUGH, `${words}: ${share.toFixed(2)} of it is on ${paper.width} dots: ${texts[0]}`);
                }
            }
            assert.equal(await house.alert('GLYPH_MISSING'), undefined, 'no letter was missing');
        });

    it('emoji are clear shapes of black, and no letter is missing', async () => {
        const since = house.wide.tickets.length;
        await box.waiter.order({
            order_type: 'takeout', items: [{ open_name: '🥜🐟🥛🌶⚠', open_price: 900, station: house.station, quantity: 1 }],
        });
        await house.printed('wide', 1, since);
        await pause(300);
        assert.equal(await house.alert('GLYPH_MISSING'), undefined);
    });
});
