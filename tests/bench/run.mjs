#!/usr/bin/env node
/* SPDX-License-Identifier: MIT */
// Runs the bench: interleaved rounds of floor and product, then the table. Started by scripts/bench.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { killAll } from './driver/process.mjs';
import { print, tableRows } from './driver/report.mjs';
import * as scenarios from './driver/scenarios.mjs';
import { Floor, Servery } from './driver/servers.mjs';

const PER_ROUND = ['throughputMemory', 'throughputSlow', 'latency20', 'latency200', 'latencyStuck', 'idle'];
const SMALL = 1000, LARGE = 100000, HUGE = 1000000;

function readSettings() {
    const { values } = parseArgs({
        options: {
            rounds: { type: 'string', default: '5' },
            quick: { type: 'boolean', default: false },
            deep: { type: 'boolean', default: false },
            'floor-only': { type: 'boolean', default: false },
            only: { type: 'string' },
            tools: { type: 'string' },
            servery: { type: 'string' },
            results: { type: 'string' },
            scratch: { type: 'string', default: '/dev/shm' },
        },
    });
    const rounds = Number(values.rounds);
    if (!Number.isInteger(rounds) || rounds < 1) throw new Error('--rounds takes a number from 1 up');
    const known = [...PER_ROUND, 'ready', 'instructions'];
    const only = values.only?.split(',') ?? known;
    for (const name of only) if (!known.includes(name)) throw new Error(`--only takes ${known.join(', ')}`);
    return {
        ...values, rounds, only,
        floor: path.join(values.tools, 'servery-floor'),
        loadgen: path.join(values.tools, 'servery-loadgen'),
        slowsync: path.join(values.tools, 'libslowsync.so'),
        scratch: fs.mkdtempSync(path.join(values.scratch, 'servery-bench-')),
    };
}

function machine() {
    const [cpu] = os.cpus();
    return {
        cpu: cpu?.model, cores: os.cpus().length, memory_gb: Math.round(os.totalmem() / 2 ** 30),
        kernel: os.release(), arch: os.arch(), node: process.version,
    };
}

// Round by round; who goes first changes, so that neither side always gets the warmer machine.
async function runRounds(settings, servers, results) {
    const chosen = PER_ROUND.filter((name) => settings.only.includes(name));
    for (let round = 0; round < settings.rounds; round++) {
        for (const name of chosen) {
            const sequence = round % 2 ? [...servers].reverse() : servers;
            for (const server of sequence) {
                process.stderr.write(`round ${round + 1} of ${settings.rounds}: ${name}, ${server.name}\n`);
                const figures = await scenarios[name](server, settings);
                ((results.rounds[name] ??= {})[server.name] ??= []).push(figures);
            }
        }
    }
}

async function measureReady(settings, servers, stores, results) {
    const count = stores.get(servers[0]).count;
    const times = (results.ready[count] ??= {});
    for (let round = 0; round < settings.rounds; round++)
        for (const server of servers)
            (times[server.name] ??= []).push(await scenarios.readyTime(server, stores.get(server)));
}

async function measureInstructions(settings, servers, stores, results) {
    for (const server of servers) {
        const store = stores.get(server);
        process.stderr.write(`instructions an order, ${store.count} stored, ${server.name}\n`);
        (results.instructions[store.count] ??= {})[server.name] =
            await scenarios.instructionsPerOrder(server, settings, store);
    }
}

async function runStores(settings, servers, results) {
    const ready = settings.only.includes('ready'), instructions = settings.only.includes('instructions');
    const stores = new Map();
    if (!ready && !instructions) return;
    for (const count of settings.deep ? [SMALL, LARGE, HUGE] : [SMALL, settings.quick ? LARGE / 10 : LARGE]) {
        for (const server of servers) {
            const folder = path.join(settings.scratch, `${server.name}-stored`);
            process.stderr.write(`storing ${count} orders, ${server.name}\n`);
            const store = await scenarios.prepare(server, settings, folder, count, stores.get(server)?.count ?? 0);
            stores.set(server, store);
            results.preparation.push({ server: server.name, count, took_s: store.took_s });
        }
        if (ready && count > SMALL) await measureReady(settings, servers, stores, results);
        if (instructions) await measureInstructions(settings, servers, stores, results);
    }
}

function saveResults(settings, results, rows) {
    fs.mkdirSync(settings.results, { recursive: true });
    const file = path.join(settings.results, `${results.started_at.replaceAll(/[:.]/g, '-')}.json`);
    fs.writeFileSync(file, JSON.stringify({ ...results, rows }, null, 1) + '\n');
    return file;
}

async function main() {
    const settings = readSettings();
    const { rounds, quick, deep, only } = settings;
    const clean = () => {
        killAll();
        fs.rmSync(settings.scratch, { recursive: true, force: true });
    };
    for (const signal of ['SIGINT', 'SIGTERM'])
        process.once(signal, () => {
            clean();
            process.exit(130);
        });
    const results = {
        started_at: new Date().toISOString(), machine: machine(), settings: { rounds, quick, deep, only },
        rounds: {}, preparation: [], ready: {}, instructions: {},
    };
    try {
        const servers = [new Floor(settings), ...(settings['floor-only'] ? [] : [new Servery(settings)])];
        await runRounds(settings, servers, results);
        await runStores(settings, servers, results);
    } finally {
        // Whatever ended it, half an hour of figures is not thrown away.
        const rows = tableRows(results).filter(({ floor, servery }) => floor || servery);
        if (rows.length) {
            print(results, rows);
            console.log(`All figures: ${path.relative(process.cwd(), saveResults(settings, results, rows))}`);
        }
        clean();
    }
}

main().catch((error) => {
    console.error(`bench: ${error.message}`);
    process.exitCode = 1;
});
