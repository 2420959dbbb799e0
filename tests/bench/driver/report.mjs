/* SPDX-License-Identifier: MIT */
// The table: one row a figure, floor and product side by side, with the aim it is measured towards.
import { ratios, summary } from './statistics.mjs';

const AIMS = [
    ['Durable orders/s, memory-backed', 'throughputMemory', 'orders_per_s', '0.6 of the floor'],
    ['  CPU s per 1000 orders', 'throughputMemory', 'cpu_s_per_1000', '2.5 x or less'],
    ['  reply p50 ms', 'throughputMemory', 'reply_p50_ms', ''],
    ['  reply p99 ms', 'throughputMemory', 'reply_p99_ms', ''],
    ['  order to screen p50 ms', 'throughputMemory', 'screen_p50_ms', ''],
    ['  order to screen p99 ms', 'throughputMemory', 'screen_p99_ms', ''],
    ['  bytes a frame', 'throughputMemory', 'bytes_per_frame', ''],
    ['Durable orders/s, syncs + 10 ms', 'throughputSlow', 'orders_per_s', '0.8 of the floor'],
    ['  CPU s per 1000 orders', 'throughputSlow', 'cpu_s_per_1000', ''],
    ['Order to screen p50 ms, 20 screens', 'latency20', 'p50_ms', '1.5 x or less'],
    ['Order to screen p99 ms, 20 screens', 'latency20', 'p99_ms', '2 x or less'],
    ['  CPU s per 1000 orders', 'latency20', 'cpu_s_per_1000', ''],
    ['  peak RSS MB', 'latency20', 'peak_rss_mb', ''],
    ['Order to screen p50 ms, 200 screens', 'latency200', 'p50_ms', '1.5 x or less'],
    ['Order to screen p99 ms, 200 screens', 'latency200', 'p99_ms', '2 x or less'],
    ['One stuck of 21: p50 ms', 'latencyStuck', 'p50_ms', 'as without'],
    ['One stuck of 21: p99 ms', 'latencyStuck', 'p99_ms', 'as without'],
    ['  peak RSS MB', 'latencyStuck', 'peak_rss_mb', 'bounded'],
    ['Idle, 20 screens: wake-ups/s', 'idle', 'wakeups_per_s', 'under 2'],
    ['Idle, 20 screens: PSS MB', 'idle', 'pss_mb', 'under 12'],
];

const SCENARIOS = [...new Set(AIMS.map(([, scenario]) => scenario))];

function digits(value) {
    if (!Number.isFinite(value)) return '-';
    const size = Math.abs(value);
    return value.toFixed(size >= 1000 ? 0 : size >= 100 ? 1 : size >= 1 ? 2 : 3);
}

const spread = (stats) => (stats ? `${digits(stats.median)} (${digits(stats.least)}..${digits(stats.most)})` : '-');

function row(name, floor, servery, aim) {
    return { name, floor: summary(floor), servery: summary(servery), ratio: summary(ratios(servery, floor)), aim };
}

const column = (results, server, scenario, field) =>
    (results.rounds[scenario]?.[server] ?? []).map((figures) => figures[field]);

// With and without the stuck screen, each server against itself.
function stuckRows(results) {
    return ['p50_ms', 'p99_ms', 'peak_rss_mb'].map((field) => {
        const by = (server) =>
            ratios(column(results, server, 'latencyStuck', field), column(results, server, 'latency20', field));
        const name = `  ${field.replace('_ms', '').replaceAll('_', ' ')} with stuck / without`;
        return { name, floor: summary(by('floor')), servery: summary(by('servery')), ratio: null, aim: '1.0 within noise' };
    });
}

function storeRows(results) {
    const rows = [];
    for (const [count, ready] of Object.entries(results.ready))
        rows.push(row(`Ready ms, ${count} orders stored`, ready.floor ?? [], ready.servery ?? [], 'under 100'));
    const counted = Object.entries(results.instructions);
    for (const [count, by] of counted)
        rows.push(row(`1000 instructions an order, ${count} stored`, kilo(by.floor), kilo(by.servery), ''));
    for (const [count, by] of counted.slice(1)) {
        const growth = (server) => ratios([by[server]], [counted[0][1][server]]);
        const name = `  ${count} / ${counted[0][0]} stored`;
        rows.push({ name, floor: summary(growth('floor')), servery: summary(growth('servery')), ratio: null, aim: '1.2 x or less' });
    }
    return rows;
}

const kilo = (value) => (value ? [value / 1000] : []);

export function tableRows(results) {
    const rows = [];
    for (const [name, scenario, field, aim] of AIMS) {
        rows.push(row(name, column(results, 'floor', scenario, field), column(results, 'servery', scenario, field), aim));
        if (scenario === 'latencyStuck' && field === 'peak_rss_mb') rows.push(...stuckRows(results));
    }
    return [...rows, ...storeRows(results)];
}

// What must not happen at all; it makes the figures beside it worthless.
export function faultLines(results) {
    const lines = [];
    for (const scenario of SCENARIOS)
        for (const server of ['floor', 'servery'])
            for (const field of ['refused', 'missing', 'duplicates', 'screens_lost']) {
                const sum = column(results, server, scenario, field).reduce((a, b) => a + (b ?? 0), 0);
                if (sum) lines.push(`${server}, ${scenario}: ${field.replace('_', ' ')}: ${sum}`);
            }
    return lines;
}

export function print(results, rows) {
    const cells = [['', 'floor', 'Servery', 'ratio to the floor', 'aim']];
    for (const { name, floor, servery, ratio, aim } of rows)
        cells.push([name, spread(floor), spread(servery), spread(ratio), aim]);
    const widths = cells[0].map((_, i) => Math.max(...cells.map((line) => line[i].length)));
    console.log(`\nMedians (least..most) of ${results.settings.rounds} interleaved rounds; ratios are taken round by round.`);
    for (const line of cells) console.log(line.map((cell, i) => cell.padEnd(widths[i])).join('  ').trimEnd());
    const faults = faultLines(results);
    console.log(faults.length ? `\nFAULTS, which spoil the figures beside them:\n${faults.join('\n')}`
        : '\nNo order was refused, no frame was missing or doubled, no screen was lost.');
}
