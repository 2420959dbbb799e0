// SPDX-License-Identifier: MIT
/** Plays a day of orders as waiters and cooks would, and says what was accepted, painted, printed and rung. */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { ordersOfDay, parseCsv } from './csv.mjs';
import { openHouse } from './house.mjs';

const HELP = `scripts/replay --menu FILE.csv --orders FILE.csv [--day 2019-05-18] [--speed 300] [--screens 3] [--paper]
  Imports the menu (columns category, item, price) into a house of its own and plays one day of the orders (columns order,
  ordered_at, item, quantity, unit_price; the busiest day unless named) through it, --speed times faster than it was.
  Four waiters send, a cook bumps each ticket when it would be done, screens paint what they see, the bell rings until a
  ticket is touched. --paper adds a real print service and a printer that keeps what it burns: each ticket must come out
  dot for dot as it is shown. Ends with 1 when anything is missing.`;

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const quantile = (list, q) => (list.length ? list.sort((a, b) => a - b)[Math.min(list.length - 1, Math.floor(list.length * q))] : NaN);

function settings() {
    const { values } = parseArgs({
        options: {
            menu: { type: 'string' }, orders: { type: 'string' }, day: { type: 'string' }, speed: { type: 'string', default: '300' },
            screens: { type: 'string', default: '3' }, paper: { type: 'boolean', default: false }, help: { type: 'boolean', default: false },
        },
    });
    if (values.help || !values.menu || !values.orders) {
        console.log(HELP);
        process.exit(values.help ? 0 : 2);
    }
    return { ...values, speed: Number(values.speed), screens: Number(values.screens) };
}

/** A screen that paints each ticket once, says so, and notes when. */
async function openScreen(house, day) {
    const live = await house.screen();
    const screen = { live, painted: new Map(), twice: 0 };
    const paint = (order) => {
        const fresh = order.tickets.filter((t) => !screen.painted.has(t.id));
        for (const ticket of fresh) screen.painted.set(ticket.id, Date.now());
        if (fresh.length) live.send({ type: 'painted', ticket_ids: fresh.map((t) => t.id) });
    };
    const receive = live.receive.bind(live);
    live.receive = (data, binary) => {
        const before = live.frames.length;
        receive(data, binary);
        for (const frame of live.frames.slice(before)) {
            if (frame.type === 'order_created' && screen.painted.has(frame.order.tickets[0]?.id)) screen.twice += 1;
            if (frame.order) paint(frame.order);
            if (frame.type === 'device_update' && frame.device.kind === 'bell') day.bell(frame.device);
        }
    };
    live.socket.removeAllListeners('message');
    live.socket.on('message', (data, binary) => live.receive(data, binary));
    return screen;
}

/** Cooks: touches a ticket soon, has it ready after its usual time, and a waiter serves it. */
async function cook(house, order, speed) {
    const { kitchen, waiter } = house.api;
    await pause(20_000 / speed);
    for (const ticket of order.tickets) await kitchen.ticketStatus(ticket.id, 'preparing');
    await pause(((order.estimated_time ?? 10) * 60_000) / speed);
    for (const ticket of order.tickets) await kitchen.ticketStatus(ticket.id, 'ready');
    await waiter.orderStatus(order.id, 'served');
}

class Day {
    constructor(house, menu, speed) {
        this.house = house;
        this.items = new Map(menu.items.map((i) => [i.name, i]));
        this.station = menu.items[0].station;
        this.speed = speed;
        this.accepted = [];
        this.refused = [];
        this.cooking = [];
        this.rings = 0;
        this.lit = new Map();
    }

    bell(device) {
        if (device.lit && !this.lit.get(device.id)) this.rings += 1;
        this.lit.set(device.id, device.lit);
    }

    line({ item, quantity, price }) {
        const known = this.items.get(item);
        if (known) return { menu_item_id: known.id, quantity };
        return { open_name: item.slice(0, 80), open_price: price, station: this.station, quantity };
    }

    async send(order) {
        const began = Date.now();
        const body = { order_type: 'takeout', items: order.lines.map((l) => this.line(l)) };
        const answer = await this.house.api.waiter.post('/orders', body, { idempotency: `replay-${order.id}` });
        if (answer.status !== 201) {
            this.refused.push({ id: order.id, text: answer.text });
            return;
        }
        this.accepted.push({ order: answer.body, began, took: Date.now() - began });
        this.cooking.push(cook(this.house, answer.body, this.speed));
    }

    async play(orders) {
        const start = Date.now(), first = orders[0].at;
        let shown = 0;
        for (const [n, order] of orders.entries()) {
            const due = start + (order.at - first) / this.speed;
            if (due > Date.now()) await pause(due - Date.now());
            this.sending = [...(this.sending ?? []), this.send(order)];
            const tenth = Math.floor(((n + 1) * 10) / orders.length);
            if (tenth > shown) {
                shown = tenth;
                const clock = new Date(order.at).toISOString().slice(11, 16);
                console.log(`${clock}  ${'#'.repeat(tenth)}${'.'.repeat(10 - tenth)}  ${n + 1} of ${orders.length} orders`);
            }
        }
        await Promise.all(this.sending);
        await Promise.all(this.cooking);
    }
}

async function printsLeft(house) {
    const { text } = await house.api.manager.get('/metrics', { absolute: true });
    const count = (state) => Number(new RegExp(`servery_prints\\{state="${state}"\\} (\\d+)`).exec(text)?.[1] ?? 0);
    return { open: count('queued') + count('sending') + count('sent'), confirmed: count('confirmed'), failed: count('failed') };
}

async function settle(house, tickets) {
    let prints;
    for (let n = 0; n < 600; n++) {
        prints = await printsLeft(house);
        if (!prints.open) break;
        await pause(50);
    }
    const papers = house.paper ? await comparePaper(house, tickets) : null;
    return { prints, papers };
}

/** Tickets that did not come out exactly once as they are shown. */
async function comparePaper(house, tickets) {
    const { decodePng } = await import('../paper/lib/png.mjs');
    const out = new Map();
    const key = (t) => `${t.width}x${t.height}:${t.bits.toString('base64')}`;
    for (const ticket of house.paper.tickets) out.set(key(ticket), (out.get(key(ticket)) ?? 0) + 1);
    const wrong = [];
    for (const ticket of tickets) {
        const { buffer } = await house.api.waiter.get(`/tickets/${ticket.id}/image.png`);
        const times = out.get(key(decodePng(buffer))) ?? 0;
        if (times !== 1) wrong.push({ id: ticket.id, times });
    }
    return { out: house.paper.tickets.length, wrong, faults: house.paper.faults };
}

function gaps(tickets) {
    const numbers = new Map();
    for (const t of tickets) numbers.set(t.station, [...(numbers.get(t.station) ?? []), t.kot_number]);
    return [...numbers.values()].some((list) => list.sort((a, b) => a - b).some((n, i) => n !== i + 1));
}

function report(day, orders, screens, tickets, { prints, papers }) {
    const delays = day.accepted.flatMap(({ order, began }) =>
        order.tickets.flatMap((t) => screens.map((s) => s.painted.get(t.id)).filter(Boolean).map((at) => at - began)));
    const painted = screens.map((s) => tickets.filter((t) => s.painted.has(t.id)).length);
    const printers = papers ? 2 : 1;
    const lines = [
        ['orders played', orders.length],
        ['accepted', `${day.accepted.length}, refused ${day.refused.length}`],
        ['tickets', `${tickets.length}, KOT numbers ${gaps(tickets) ? 'WITH GAPS' : 'without gaps'}`],
        ['painted', `${painted.join(', ')} on ${screens.length} screens, twice ${screens.reduce((n, s) => n + s.twice, 0)}`],
        ['sent to painted', `p50 ${quantile(delays, 0.5)} ms, p99 ${quantile(delays, 0.99)} ms`],
        ['printed', `${prints.confirmed} of ${tickets.length * printers}, open ${prints.open}, failed ${prints.failed}`],
        ...(papers ? [['on paper', `${papers.out}, not exactly once as shown ${papers.wrong.length}, not understood ${papers.faults.length}`]] : []),
        ['bell', `rang ${day.rings} times, still on ${[...day.lit.values()].filter(Boolean).length}`],
    ];
    for (const [what, figure] of lines) console.log(`${what.padEnd(16)} ${figure}`);
    return day.refused.length === 0 && day.accepted.length === orders.length && painted.every((n) => n === tickets.length) &&
        screens.every((s) => !s.twice) && !gaps(tickets) && prints.confirmed === tickets.length * printers && !prints.open &&
        (!papers || (papers.wrong.length === 0 && papers.faults.length === 0)) && day.rings > 0 && ![...day.lit.values()].some(Boolean);
}

async function main() {
    const options = settings();
    const awake = setInterval(() => {}, 1000);
    const { day: date, orders } = ordersOfDay(parseCsv(readFileSync(options.orders, 'utf8')), options.day);
    if (!orders.length) throw new Error('there is no order on that day');
    const house = await openHouse(options);
    try {
        const menu = await house.api.manager.must('POST', '/menu/import', { raw: readFileSync(options.menu), type: 'text/csv' });
        console.log(`${menu.items.length} items imported; playing ${orders.length} orders of ${date}, ${options.speed} times as fast`);
        const day = new Day(house, menu, options.speed);
        const screens = [];
        for (let n = 0; n < options.screens; n++) screens.push(await openScreen(house, day));
        await day.play(orders);
        const tickets = day.accepted.flatMap(({ order }) => order.tickets);
        const settled = await settle(house, tickets);
        await Promise.all(screens.map((s) => s.live.settle()));
        for (const refusal of day.refused.slice(0, 5)) console.log(`refused: order ${refusal.id}: ${refusal.text}`);
        const good = report(day, orders, screens, tickets, settled);
        console.log(good ? 'Nothing is missing.' : 'SOMETHING IS MISSING.');
        process.exitCode = good ? 0 : 1;
        for (const screen of screens) await screen.live.close();
    } finally {
        await house.close();
        clearInterval(awake);
    }
}

await main();
