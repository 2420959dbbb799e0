/* SPDX-License-Identifier: MIT */
// What is measured. Each scenario takes a server and gives back plain numbers.
import fs from 'node:fs';
import path from 'node:path';
import { holdScreens, load } from './load.mjs';
import { contextSwitches, peakRssMb, pssMb, sleep, stop } from './process.mjs';

const CLIENTS = 16;
const SCREENS = 20;
const SLOW_MS = 10;
const RATE = 20;
const PING_TICK_S = 15;
const OPEN_ORDERS = 50; // of a prepared store: what a full kitchen has, whatever the history

// A server on a fresh folder for one scenario, gone afterwards.
async function withFresh(server, settings, options, measure) {
    const folder = fs.mkdtempSync(path.join(settings.scratch, `${server.name}-`));
    try {
        const running = await server.start(folder, options);
        try {
            return await measure(running, await server.access(folder, running));
        } finally {
            await running.stop({ gently: false });
        }
    } finally {
        fs.rmSync(folder, { recursive: true, force: true });
    }
}

const faults = (figures) => ({
    refused: figures.refused,
    missing: figures.missing,
    duplicates: figures.duplicates,
    screens_lost: figures.screens_lost,
});

async function throughput(server, settings, slowMs, counts) {
    return withFresh(server, settings, { slowMs }, async (running, access) => {
        const figures = await load(settings.loadgen, running, access, { clients: CLIENTS, screens: SCREENS, ...counts });
        return {
            orders_per_s: figures.orders_per_s,
            cpu_s_per_1000: (figures.server_cpu_s * 1000) / figures.orders,
            reply_p50_ms: figures.reply_ms.p50,
            reply_p99_ms: figures.reply_ms.p99,
            screen_p50_ms: figures.screen_ms.p50,
            screen_p99_ms: figures.screen_ms.p99,
            bytes_per_frame: figures.bytes / figures.frames,
            loadgen_cpu_share: figures.loadgen_cpu_s / figures.seconds,
            ...faults(figures),
        };
    });
}

export const throughputMemory = (server, settings) =>
    throughput(server, settings, 0, settings.quick ? { warmup: 1000, orders: 10000 } : { warmup: 4000, orders: 40000 });

export const throughputSlow = (server, settings) =>
    throughput(server, settings, SLOW_MS, settings.quick ? { warmup: 100, orders: 1000 } : { warmup: 400, orders: 4000 });

async function latency(server, settings, screens, stuck, burst) {
    return withFresh(server, settings, {}, async (running, access) => {
        const figures = await load(settings.loadgen, running, access, {
            clients: 4,
            screens,
            stuck,
            rate: RATE,
            warmup: RATE,
            orders: settings.quick ? 3 * RATE : 10 * RATE,
            burst,
        });
        return {
            p50_ms: figures.screen_ms.p50,
            p99_ms: figures.screen_ms.p99,
            worst_screen_p99_ms: figures.worst_screen_ms.p99,
            cpu_s_per_1000: (figures.server_cpu_s * 1000) / figures.orders,
            peak_rss_mb: peakRssMb(running.pid),
            ...faults(figures),
        };
    });
}

// After the measured orders a burst, by which a stuck screen's share of memory finds its bound; the same without one.
const BURST = 5000;
export const latency20 = (server, settings) => latency(server, settings, SCREENS, 0, BURST);
export const latencyStuck = (server, settings) => latency(server, settings, SCREENS, 1, BURST);
export const latency200 = (server, settings) => latency(server, settings, 200, 0, 0);

export async function idle(server, settings) {
    return withFresh(server, settings, {}, async (running, access) => {
        const screens = await holdScreens(settings.loadgen, running, access, SCREENS);
        await sleep(4000); // keep-alive connections of the preparation have ended
        const before = contextSwitches(running.pid);
        const began = process.hrtime.bigint();
        await sleep(PING_TICK_S * (settings.quick ? 1 : 2) * 1000);
        const seconds = Number(process.hrtime.bigint() - began) / 1e9;
        const figures = {
            wakeups_per_s: (contextSwitches(running.pid) - before) / seconds,
            pss_mb: pssMb(running.pid),
        };
        await stop(screens, { gently: false });
        return figures;
    });
}

// Fills a folder through the server itself; `have` are there already.
export async function prepare(server, settings, folder, count, have = 0) {
    const running = await server.start(folder, { timeoutMs: 120000 });
    const access = await server.access(folder, running);
    const began = Date.now();
    const open = have ? 0 : OPEN_ORDERS;
    const serve = server.canServe ? { serve: 1 } : {};
    const common = { clients: CLIENTS, timeout: 36000 };
    if (open) await load(settings.loadgen, running, access, { ...common, orders: open });
    const figures = await load(settings.loadgen, running, access, { ...common, ...serve, orders: count - have - open });
    if (figures.refused) throw new Error(`${server.name}: ${figures.refused} orders of the preparation were refused`);
    await running.stop({ timeoutMs: 120000 });
    return { folder, access, count, took_s: (Date.now() - began) / 1000 };
}

export async function readyTime(server, store) {
    const running = await server.start(store.folder, { timeoutMs: 120000 });
    await running.stop();
    return running.readyMs;
}

function totalInstructions(file) {
    const match = /^(?:summary|totals): (\d+)/m.exec(fs.readFileSync(file, 'utf8'));
    if (!match) throw new Error(`${file} holds no total`);
    return Number(match[1]);
}

async function countInstructions(server, settings, store, orders) {
    const file = path.join(settings.scratch, 'callgrind.out');
    const wrap = ['valgrind', '--quiet', '--tool=callgrind', `--callgrind-out-file=${file}`];
    fs.rmSync(file, { force: true });
    const running = await server.start(store.folder, { wrap, timeoutMs: 600000 });
    const options = { orders, timeout: 3600 };
    const figures = await load(settings.loadgen, { ...running, pid: process.pid }, store.access, options);
    await running.stop({ timeoutMs: 120000 });
    if (figures.refused) throw new Error(`${server.name}: ${figures.refused} orders were refused under callgrind`);
    return totalInstructions(file);
}

// Two runs that differ by some orders only: start, sign-in and warm-up cancel out.
export async function instructionsPerOrder(server, settings, store) {
    const few = 100, many = 600;
    const less = await countInstructions(server, settings, store, few);
    const more = await countInstructions(server, settings, store, many);
    return (more - less) / (many - few);
}
