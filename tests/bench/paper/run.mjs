#!/usr/bin/env node
/* SPDX-License-Identifier: MIT */
// Measures paper: from the answer to the printer's first byte, tickets a second, drawing, memory, how soon a trouble is
// told. Started by scripts/bench --paper. The floor beside each: the same bytes by lp to a stock queue of the same CUPS.
import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { PaperHouse } from '../../paper/lib/house.mjs';
import { pause, until } from '../../paper/lib/look.mjs';
import { RecordingPrinter } from '../../paper/lib/printer.mjs';
import { temporaryFolder } from '../../lib/server.mjs';

const run = promisify(execFile);
const [draw] = process.argv.slice(2);
const sorted = (list) => [...list].sort((a, b) => a - b);
const at = (list, share) => sorted(list)[Math.floor((list.length - 1) * share)];
const say = (list) => `median ${at(list, 0.5).toFixed(1)} ms, 90 of 100 within ${at(list, 0.9).toFixed(1)} ms, most ${at(list, 1).toFixed(1)} ms`;

const house = new PaperHouse();
const { box } = house;
await house.open({ grill: {} });
await house.set('grill', '--station', house.station);
await box.send(house.station);
await house.printed('grill', 1);

async function firstBytes(count) {
    const took = [];
    for (let n = 0; n < count; n++) {
        house.grill.firstBytes.length = 0;
        await box.send(house.station);
        const start = performance.now();
        while (!house.grill.firstBytes.length) await pause(1);
        took.push(house.grill.firstBytes[0] - start);
        await pause(100);
    }
    return took;
}

/** lp of a file to CUPS' own socket backend: what is unavoidable, and a program's start besides. */
async function floorBytes(count) {
    const stock = new RecordingPrinter();
    await stock.on();
    await house.cups.addQueue('stock', stock.port);
    const file = join(temporaryFolder(), 'ticket');
    const { width, height, bits } = house.grill.tickets[0];
    const slices = [Buffer.from('\x1b@', 'latin1')];
    for (let y = 0; y < height; y += 255) {
        const rows = Math.min(255, height - y);
        slices.push(Buffer.from([0x1d, 0x76, 0x30, 0, width / 8, 0, rows, 0]), bits.subarray((y * width) / 8, ((y + rows) * width) / 8));
    }
    writeFileSync(file, Buffer.concat([...slices, Buffer.from([0x1d, 0x56, 66, 96])]));
    const took = [];
    for (let n = 0; n < count; n++) {
        stock.firstBytes.length = 0;
        const start = performance.now();
        await run('lp', ['-d', 'stock', '-o', 'raw', file], { env: house.cups.env });
        while (!stock.firstBytes.length) await pause(1);
        took.push(stock.firstBytes[0] - start);
        await pause(100);
    }
    await stock.off();
    return took;
}

async function rate(count) {
    const since = house.grill.tickets.length;
    const order = box.takeout(house.station);
    const start = performance.now();
    await Promise.all(Array.from({ length: 4 }, async () => {
        for (let n = 0; n < count / 4; n++) await box.waiter.order(order);
    }));
    while (house.grill.tickets.length < since + count) await pause(5);
    return (count / (performance.now() - start)) * 1000;
}

/** Seconds from the trouble until the device says so to everybody. */
async function noticed(begin, state, printing) {
    house.grill.well();
    if (!house.grill.server) await house.grill.on();
    await house.state('grill', 'ok');
    await house.settled();
    await pause(printing ? 0 : Math.random() * 4000);
    if (printing) {
        house.grill.set({ bytesPerSecond: 60_000 });
        await box.send(house.station);
        await until('the first dots', () => [...house.grill.connections].some((line) => line.roll.slices.length > 0), 400);
    }
    const start = performance.now();
    await begin();
    while ((await house.device('grill')).state !== state) await pause(5);
    return performance.now() - start;
}

const memory = () => {
    const text = readFileSync(`/proc/${box.server.pid}/smaps_rollup`, 'utf8');
    return ['Rss', 'Pss'].map((key) => `${(Number(new RegExp(`^${key}: +(\\d+)`, 'm').exec(text)[1]) / 1024).toFixed(1)} MB ${key}`).join(', ');
};

const ours = await firstBytes(60);
const floor = await floorBytes(30);
console.log(`answer to the printer's first byte: ${say(ours)}`);
console.log(`  floor (lp, stock backend):        ${say(floor)}; ratio ${(at(ours, 0.5) / at(floor, 0.5)).toFixed(2)}`);
console.log(`tickets a second, one printer: ${(await rate(400)).toFixed(0)}`);
for (const name of ['पनीर', 'ডাল', 'தோசை', 'ไทย', 'شاورما', 'שקשוקה', '宫保鸡丁', '親子丼', '비빔밥', 'Борщ', 'Χωριάτικη', '🌶🥜'])
    await box.waiter.order({ order_type: 'takeout', items: [{ open_name: name, open_price: 100, station: house.station, quantity: 1 }] });
await house.settled();
console.log(`memory of the process, all scripts printed: ${memory()}`);
const p = house.grill;
for (const [what, begin, state, printing] of [
    ['paper out, printing', () => p.set({ paper: 'out' }), 'failed', true],
    ['cover open, printing', () => p.set({ cover: true }), 'failed', true],
    ['switched off, printing', () => p.off(), 'silent', true],
    ['paper out, idle', () => p.set({ paper: 'out' }), 'failed', false],
    ['switched off, idle', () => p.off(), 'silent', false],
]) {
    const took = [];
    for (let n = 0; n < 5; n++) took.push(await noticed(begin, state, printing));
    console.log(`noticed and told, ${what}: ${say(took)}`);
}
p.well();
if (!p.server) await p.on();
await house.settled();
await house.close();
if (draw) {
    const { stdout } = await run(draw);
    const d = JSON.parse(stdout);
    console.log(`a ticket drawn, 80 mm, five dishes with notes: ${d.warm_ms.toFixed(2)} ms warm (first one ${d.cold_ms.toFixed(0)} ms; lines alone ${d.floor_ms.toFixed(2)} ms; mixed scripts ${d.warm_scripts_ms.toFixed(2)} ms)`);
    console.log(`memory of a process that only draws: ${d.rss_kb.map((kb) => (kb / 1024).toFixed(1)).join(' MB, after Latin ')} MB after all scripts`.replace(/, after Latin ([\d.]+) MB, after Latin ([\d.]+)/, ', $1 MB after Latin, $2'));
}
process.exit(0);
