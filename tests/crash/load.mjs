/* SPDX-License-Identifier: MIT */
/** A busy restaurant's clients, by HTTP and socket, who remember what they were told and what they were not. */
import { randomUUID } from 'node:crypto';
import http from 'node:http';
import WebSocket from 'ws';

/** Small and good enough: the same choices for the same seed. */
export function dice(seed) {
    let state = seed >>> 0;
    const next = () => {
        state = (state + 0x6d2b79f5) >>> 0;
        let t = Math.imul(state ^ (state >>> 15), state | 1);
        t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
        return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
    };
    return {
        next,
        below: (n) => Math.floor(next() * n),
        pick: (list) => list[Math.floor(next() * list.length)],
    };
}

export class Unanswered extends Error {}

/** HTTP on kept connections. */
export class Hand {
    constructor(server, token) {
        this.server = server;
        this.token = token;
        this.agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    }

    /** {status, body, replayed}; throws Unanswered when the connection ended before the whole answer was there. */
    ask({ method = 'POST', path, body, key }) {
        return new Promise((resolve, reject) => {
            const text = body === undefined ? undefined : JSON.stringify(body);
            const headers = { Authorization: `Bearer ${this.token}` };
            if (text !== undefined) {
                headers['Content-Type'] = 'application/json';
                headers['Content-Length'] = Buffer.byteLength(text);
            }
            if (key) headers['Idempotency-Key'] = key;
            const lost = (error) => reject(new Unanswered(error.message));
            const request = http.request({
                host: this.server.host,
                port: this.server.port,
                agent: this.agent,
                method,
                path: `/api/v1${path}`,
                headers,
            });
            request.on('error', lost);
            request.on('response', (response) => {
                const chunks = [];
                response.on('data', (c) => chunks.push(c));
                response.on('error', lost);
                response.on('aborted', () => lost(new Error('aborted')));
                response.on('end', () => {
                    const answer = Buffer.concat(chunks).toString('utf8');
                    resolve({
                        status: response.statusCode,
                        body: answer ? JSON.parse(answer) : undefined,
                        replayed: response.headers['idempotency-replayed'] === 'true',
                    });
                });
            });
            request.end(text);
        });
    }

    async read(path) {
        const { status, body } = await this.ask({ method: 'GET', path });
        if (status !== 200) throw new Error(`GET ${path}: ${status} ${JSON.stringify(body)}`);
        return body;
    }

    close() {
        this.agent.destroy();
    }
}

/** The same requests by socket: those that have a frame. */
export class Voice {
    static open(server, token) {
        return new Promise((resolve, reject) => {
            const voice = new Voice();
            voice.waiting = new Map();
            voice.socket = new WebSocket(`ws://${server.host}:${server.port}/api/v1/ws/orders/live?topics=tables`, {
                headers: { Authorization: `Bearer ${token}` },
                perMessageDeflate: false,
            });
            voice.socket.on('open', () => resolve(voice));
            voice.socket.on('error', reject);
            voice.socket.on('message', (data) => voice.hear(JSON.parse(data.toString('utf8'))));
            voice.socket.on('close', () => {
                for (const { lost } of voice.waiting.values()) lost(new Unanswered('closed'));
                voice.waiting.clear();
            });
        });
    }

    hear(frame) {
        const waiter = this.waiting.get(frame.request_id);
        if (!waiter || (frame.type !== 'ack' && frame.type !== 'error')) return;
        this.waiting.delete(frame.request_id);
        if (frame.type === 'ack') waiter.told({ status: 200, body: frame.result });
        else waiter.told({ status: 400, body: frame });
    }

    ask({ frame, key }) {
        return new Promise((told, lost) => {
            if (this.socket.readyState !== WebSocket.OPEN) {
                lost(new Unanswered('closed'));
                return;
            }
            const request_id = randomUUID();
            this.waiting.set(request_id, { told, lost });
            this.socket.send(JSON.stringify({ ...frame, request_id, idempotency_key: key }));
        });
    }

    close() {
        this.socket.terminate();
    }
}

const line = (item, more = {}) => ({ menu_item_id: item.id, quantity: 1, ...more });

/** Thinks of things to do: each {kind, path, body, key, frame?}; `house` holds items, tables, orders, and the dice. */
export function nextDeed(house) {
    const { roll, items, tables, orders } = house;
    const key = randomUUID();
    const note = `key ${key}`;
    const order = orders.length && roll.pick(orders.slice(-40));
    const chance = order ? roll.next() : 0;
    if (chance < 0.4) {
        const lines = Array.from({ length: 1 + roll.below(3) }, () => line(roll.pick(items), { quantity: 1 + roll.below(3) }));
        if (roll.next() < 0.4) lines.push(line(roll.pick(items), { course: 2 }));
        const body = { order_type: 'takeout', items: lines, note };
        if (roll.next() < 0.5) Object.assign(body, { order_type: 'dine_in', table_id: roll.pick(tables).id, guests: 2 });
        return { kind: 'create', path: '/orders', body, key, note, frame: { type: 'submit_order', order: body } };
    }
    if (chance < 0.52)
        return { kind: 'add', path: `/orders/${order.id}/items`, body: { items: [line(roll.pick(items), { note })] }, key, itemNote: note };
    if (chance < 0.6) {
        const item = roll.pick(order.items);
        return { kind: 'void', path: `/orders/${order.id}/void`, body: { items: [{ item_id: item.id, quantity: 1 }], reason: 'changed mind' }, key };
    }
    if (chance < 0.68) return { kind: 'fire', path: `/orders/${order.id}/fire`, body: { course: 2 }, key };
    if (chance < 0.86) {
        const ticket = roll.pick(order.tickets);
        const status = roll.pick(['preparing', 'ready', 'served', 'pending']);
        return { kind: 'bump', path: `/tickets/${ticket.id}/status`, body: { status }, key, frame: { type: 'set_status', ticket_id: ticket.id, status } };
    }
    if (chance < 0.93) {
        const status = roll.pick(['preparing', 'ready', 'served', 'cancelled']);
        return { kind: 'bump', path: `/orders/${order.id}/status`, body: { status }, key, frame: { type: 'set_status', order_id: order.id, status } };
    }
    const [table, other] = [roll.pick(tables), roll.pick(tables)];
    const verb = roll.pick(['move', 'move', 'merge', 'close', 'bill', 'open', 'restore']);
    const body = { move: { to_table_id: other.id }, merge: { into_table_id: other.id }, close: { force: true } }[verb] ?? {};
    return { kind: 'table', path: `/tables/${table.id}/${verb}`, body, key };
}

/** Asks until the server is gone. Answers and open questions end in `memory`. */
export async function work(house, { hand, voice }, memory) {
    for (;;) {
        const deed = nextDeed(house);
        const bySocket = voice !== undefined && deed.frame !== undefined;
        try {
            const answer = await (bySocket ? voice.ask(deed) : hand.ask(deed));
            memory.answered.push({ deed, answer, bySocket });
            if (answer.status >= 500) memory.broken.push({ deed, answer });
            if (answer.status < 300 && deed.kind !== 'table') {
                const at = house.orders.findIndex((o) => o.id === answer.body.id);
                if (at < 0) house.orders.push(answer.body);
                else if (house.orders[at].version < answer.body.version) house.orders[at] = answer.body;
            }
        } catch (error) {
            if (!(error instanceof Unanswered)) throw error;
            memory.unanswered.push({ deed, bySocket });
            return;
        }
    }
}
