/* SPDX-License-Identifier: MIT */
/**
 * The promise: what was answered is there after the worst end, once, and the log tells the whole story. A server is killed
 * again and again under load, on one data folder. SERVERY_CRASH_ROUNDS sets how often (30), SERVERY_CRASH_SEED the choices.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Box } from '../lib/box.mjs';
import { Rebuild, canonical, substance } from '../lib/rebuild.mjs';
import { Hand, Voice, dice, work } from './load.mjs';

const ROUNDS = Number(process.env.SERVERY_CRASH_ROUNDS ?? 30);
const SEED = Number(process.env.SERVERY_CRASH_SEED ?? Math.floor(Math.random() * 2 ** 31));
const LOOK = fileURLToPath(new URL('look.py', import.meta.url));
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

describe(`after kill -9 under load (SERVERY_CRASH_SEED=${SEED})`, () => {
    const box = new Box();
    const roll = dice(SEED);
    const house = { roll, orders: [] };
    const rebuild = new Rebuild();
    /** Each order's states that the log tells, as text. */
    const told = new Map();
    const totals = { answered: 0, unanswered: 0, done: 0 };
    let waiter;
    let manager;
    let awake;

    before(async () => {
        awake = setInterval(() => {}, 1000); /* a server that is ending keeps nobody waiting by itself */
        await box.open();
        house.items = box.menu.items.filter((i) => i.available && i.modifier_groups.every((g) => g.min === 0));
        house.tables = (await box.waiter.read('/tables')).tables;
        rebuild.tables = new Map(house.tables.map((t) => [t.id, t]));
    });
    after(() => {
        clearInterval(awake);
        return box.close();
    });

    function hands() {
        waiter = new Hand(box.server, box.waiter.token);
        manager = new Hand(box.server, box.manager.token);
    }

    function look(...more) {
        const file = join(box.server.data, 'restaurant-main.db');
        const text = execFileSync('python3', [LOOK, file, String(rebuild.seq), ...more], { maxBuffer: 1 << 30 });
        return JSON.parse(text);
    }

    async function loadUntilKilled() {
        const memory = { answered: [], unanswered: [], broken: [] };
        const voices = await Promise.all([Voice.open(box.server, waiter.token), Voice.open(box.server, manager.token)]);
        const extra = [new Hand(box.server, box.waiter.token), new Hand(box.server, box.manager.token)];
        const clients = [{ hand: waiter }, { hand: manager }, ...voices.map((voice, n) => ({ voice, hand: extra[n] }))];
        const workers = clients.map((client) => work(house, client, memory));
        await pause(20 + roll.below(500));
        await box.server.kill();
        await Promise.all(workers);
        for (const client of clients) {
            client.hand.close();
            client.voice?.close();
        }
        assert.deepEqual(memory.broken, [], 'no answer blames the server');
        return memory;
    }

    /** Up again; now and then killed while it recovers. */
    async function rise() {
        while (roll.next() < 0.25) {
            const boot = box.server.boot().then(
                () => true,
                () => false,
            );
            await pause(roll.below(40));
            box.server.child.kill('SIGKILL');
            await boot;
            await box.server.exited;
        }
        await box.server.boot();
        hands();
    }

    /** What nobody was told is asked again with its key: done once, and the same answer from then on. */
    async function retry({ deed, bySocket }) {
        const first = await waiter.ask(deed);
        if (first.status >= 400) {
            assert.ok(first.status < 500, JSON.stringify(first));
            return;
        }
        totals.done += 1;
        const again = await manager.ask(deed);
        assert.equal(again.replayed, true, `${deed.kind} is remembered under its key`);
        assert.equal(again.status, first.status);
        assert.deepEqual(again.body, first.body);
        deed.done = true;
        if (bySocket) deed.crossed = true;
    }

    /** The log since the last look, folded; each order's states remembered. */
    function readLog(seen) {
        const [first, count, last] = seen.first_and_count;
        assert.deepEqual([first, count], [1, last], 'seq rises by one');
        const changed = new Set();
        for (const { seq, frame } of seen.events) {
            const event = JSON.parse(frame);
            assert.equal(event.seq, seq);
            const order = rebuild.apply(event);
            if (!order) continue;
            changed.add(order.id);
            if (!told.has(order.id)) told.set(order.id, new Set());
            told.get(order.id).add(canonical(substance(order)));
        }
        return changed;
    }

    function checkFile(seen) {
        assert.deepEqual(seen.bad_order_days, [], 'order numbers run without gaps');
        assert.deepEqual(seen.bad_kot_runs, [], 'KOT numbers run without gaps');
        assert.equal(seen.orphans, 0);
        for (const [note, count] of Object.entries({ ...seen.notes, ...seen.item_notes }))
            assert.equal(count, 1, `${note} was done once`);
    }

    function checkAnswered(memory, seen) {
        for (const { deed, answer } of memory.answered) {
            if (answer.status >= 300) continue;
            totals.done += 1;
            if (deed.note) assert.equal(seen.notes[deed.note], 1, `${deed.note} was accepted and is there`);
            if (deed.itemNote) assert.equal(seen.item_notes[deed.itemNote], 1, `${deed.itemNote} was accepted and is there`);
            if (deed.kind === 'table') continue;
            const states = told.get(answer.body.id);
            assert.ok(states, `order ${answer.body.id} was answered and is in the log`);
            assert.ok(
                states.has(canonical(substance(answer.body))),
                `the log knows the answer to ${deed.kind} ${deed.path}: ${JSON.stringify(answer.body)}`,
            );
        }
        for (const { deed } of memory.unanswered)
            if (deed.done && deed.note) assert.equal(seen.notes[deed.note], 1, `${deed.note} was accepted and is there`);
    }

    async function checkState(changed) {
        for (const id of changed) rebuild.assertOrder(await waiter.read(`/orders/${id}`));
        for (const table of (await waiter.read('/tables')).tables) rebuild.assertTable(table);
        for (let n = 0; n < 5 && house.orders.length; n++) {
            const { id, version } = roll.pick(house.orders);
            const now = await waiter.read(`/orders/${id}`);
            assert.ok(now.version >= version, `order ${id} is as answered or later`);
        }
    }

    async function checkReplay(memory) {
        const good = memory.answered.filter((a) => a.answer.status < 300);
        for (let n = 0; n < 3 && good.length; n++) {
            const { deed, answer } = roll.pick(good);
            const again = await waiter.ask(deed);
            assert.ok(again.replayed, 'an answer outlives the server');
            assert.deepEqual(again.body, answer.body);
        }
    }

    it(`holds for ${ROUNDS} rounds`, { timeout: 240_000 + ROUNDS * 20_000 }, async () => {
        hands();
        for (let round = 1; round <= ROUNDS; round++) {
            const memory = await loadUntilKilled();
            await rise();
            for (const question of memory.unanswered) await retry(question);
            await checkReplay(memory);
            const seen = look();
            checkFile(seen);
            const changed = readLog(seen);
            checkAnswered(memory, seen);
            await checkState(changed);
            totals.answered += memory.answered.length;
            totals.unanswered += memory.unanswered.length;
        }
        assert.ok(totals.done > ROUNDS, `the rounds did something: ${JSON.stringify(totals)}`);
        console.log(`${ROUNDS} rounds: ${JSON.stringify(totals)}, ${rebuild.orders.size} orders, ${rebuild.seq} events`);
    });

    it('leaves a whole file and nothing that the log does not know', { timeout: 240_000 }, async () => {
        const seen = look('--check');
        assert.deepEqual(seen.integrity, ['ok']);
        assert.equal(seen.foreign, 0);
        readLog(seen);
        assert.equal(seen.orders, rebuild.orders.size);
        let cursor = '';
        let count = 0;
        do {
            const page = await manager.read(`/orders?limit=200${cursor}`);
            for (const order of page.orders) rebuild.assertOrder(order);
            count += page.orders.length;
            cursor = page.next_cursor && `&cursor=${encodeURIComponent(page.next_cursor)}`;
        } while (cursor);
        assert.equal(count, rebuild.orders.size);
    });
});
