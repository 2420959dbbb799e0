/* SPDX-License-Identifier: MIT */
/** A made-up evening, played through the whole chain by the tool that plays real ones. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { ordersOfDay, parseCsv } from '../replay/csv.mjs';
import { temporaryFolder } from '../lib/server.mjs';

const replay = fileURLToPath(new URL('../replay/replay.mjs', import.meta.url));

const MENU = 'category,item,price\nMains,Stew,9.50\nMains,"Pie, small",7.00\nSides,Bread,1.20\n';

function evening() {
    const rows = ['order,ordered_at,item,quantity,unit_price'];
    for (let n = 0; n < 12; n++) {
        const at = `2026-05-02T18:${String(n * 4).padStart(2, '0')}`;
        rows.push(`${n + 1},${at},Stew,${1 + (n % 3)},9.50`, `${n + 1},${at},"Pie, small",1,7.00`);
        if (n % 4 === 0) rows.push(`${n + 1},${at},Something off the menu,1,3.00`);
    }
    rows.push('99,2026-05-01T18:00,Stew,1,9.50');
    return `${rows.join('\n')}\n`;
}

describe('replaying a day', () => {
    it('reads quoted rows and picks the busiest day', () => {
        const { day, orders } = ordersOfDay(parseCsv(evening()));
        assert.deepEqual([day, orders.length], ['2026-05-02', 12]);
        assert.deepEqual(orders[0].lines[1], { item: 'Pie, small', quantity: 1, price: 700 });
        assert.equal(ordersOfDay(parseCsv(evening()), '2026-05-01').orders.length, 1);
    });

    it('sees every order accepted, painted, printed and rung', async () => {
        const folder = temporaryFolder();
        writeFileSync(join(folder, 'menu.csv'), MENU);
        writeFileSync(join(folder, 'orders.csv'), evening());
        const { stdout } = await promisify(execFile)(process.execPath,
            [replay, '--menu', join(folder, 'menu.csv'), '--orders', join(folder, 'orders.csv'), '--speed', '2000'], { timeout: 120_000 });
        assert.match(stdout, /accepted\s+12, refused 0/);
        assert.match(stdout, /painted\s+12, 12, 12 on 3 screens, twice 0/);
        assert.match(stdout, /Nothing is missing/);
    });
});
