/* SPDX-License-Identifier: MIT */
/** Those who say nothing, or too little, or hear nothing, cost the others nothing. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import net from 'node:net';
import { after, before, describe, it } from 'node:test';
import { Box } from '../lib/box.mjs';
import { Api, exchange, key } from '../lib/client.mjs';

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** A connection that does as the test says; its failing is nobody's failure. */
function connect(port) {
    return new Promise((resolve, reject) => {
        const socket = net.connect({ host: '127.0.0.1', port }, () => {
            socket.off('error', reject);
            socket.on('error', () => {});
            resolve(socket);
        });
        socket.once('error', reject);
    });
}

/** Resident memory of a process in bytes; null where a sanitizer keeps what was freed. */
function memoryOf(pid) {
    if (/lib[at]san/.test(readFileSync(`/proc/${pid}/maps`, 'utf8'))) return null;
    return Number(/^Rss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))[1]) * 1024;
}

/** The server's frames out of a raw stream: [{opcode, payload}], unmasked as a server's are. */
function framesOf(bytes) {
    const frames = [];
    let at = 0;
    while (bytes.length - at >= 2) {
        let length = bytes[at + 1] & 127;
        let head = 2;
        if (length === 126) {
            length = bytes.readUInt16BE(at + 2);
            head = 4;
        } else if (length === 127) {
            length = Number(bytes.readBigUInt64BE(at + 2));
            head = 10;
        }
        if (bytes.length - at < head + length) break;
        frames.push({ opcode: bytes[at] & 15, payload: bytes.subarray(at + head, at + head + length) });
        at += head + length;
    }
    return frames;
}

/** A screen on a raw socket that can stop reading: {socket, heard()}. */
async function rawScreen(server, token) {
    const socket = await connect(server.port);
    const chunks = [];
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.write(
        `GET /api/v1/ws/orders/live HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
            `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\n` +
            `Authorization: Bearer ${token}\r\n\r\n`,
    );
    const heard = () => {
        const all = Buffer.concat(chunks);
        const end = all.indexOf('\r\n\r\n');
        return end < 0 ? [] : framesOf(all.subarray(end + 4));
    };
    const greeting = () => heard().find((f) => f.payload.includes('connection_established'));
    while (!greeting()) {
        assert.ok(!socket.destroyed, Buffer.concat(chunks).toString('utf8').slice(0, 300));
        await pause(10);
    }
    return { socket, heard, clientId: JSON.parse(greeting().payload).client_id };
}

describe('silence', () => {
    const box = new Box({ args: ['--guest-listen', '127.0.0.1:0', '--max-sockets', '200', '--max-sockets-per-token', '200'] });
    const strangers = [];
    let guestPort;
    let awake;

    before(async () => {
        awake = setInterval(() => {}, 1000); /* sockets that wait for nothing keep nobody waiting by themselves */
        await box.open();
        const told = () => /Guests at http:\/\/[^:]+:(\d+)/.exec(box.server.stdout);
        while (!told()) await pause(5);
        guestPort = Number(told()[1]);
    });
    after(async () => {
        clearInterval(awake);
        for (const socket of strangers) socket.destroy();
        await box.close();
    });

    async function crowd(count, port, say) {
        const sockets = await Promise.all(Array.from({ length: count }, () => connect(port)));
        for (const socket of sockets) if (say) socket.write(say);
        strangers.push(...sockets);
    }

    function leave() {
        for (const socket of strangers.splice(0)) socket.destroy();
    }

    const guestMenu = () => exchange({ host: '127.0.0.1', port: guestPort }, { path: '/api/v1/health', headers: {} });

    it('of three hundred at each door leaves orders as they are', async () => {
        await crowd(300, box.server.port);
        await crowd(300, guestPort);
        const before = memoryOf(box.server.pid);
        for (let n = 0; n < 30; n++) await box.send();
        assert.equal((await guestMenu()).status, 200);
        const grown = memoryOf(box.server.pid) - before;
        assert.ok(before === null || grown < 32 << 20, `grew by ${grown} bytes`);
        leave();
    });

    it('in the midst of a request holds nobody up for good', async () => {
        await crowd(40, box.server.port, 'POST /api/v1/orders HTTP/1.1\r\nHost: loc');
        await crowd(40, guestPort, 'GET / HTTP/1.1\r\nHost: loc');
        for (let n = 0; n < 10; n++) await box.send();
        assert.equal((await guestMenu()).status, 200);
        leave();
    });

    it('at the guests’ door is the guests’ matter', async () => {
        await crowd(200, guestPort, 'GET / HTTP/1.1\r\nHost: loc');
        for (let n = 0; n < 10; n++) await box.send();
        leave();
    });

    it('of sixteen tablets that wait for news does not delay an order, and each hears all', async () => {
        const start = await box.logEnd();
        const wanted = 25;
        const tablets = Array.from({ length: 16 }, async () => {
            const api = new Api(box.server, { token: box.waiter.token });
            const seen = [];
            let seq = start;
            while (seen.length < wanted) {
                const page = await api.read(`/events?since=${seq}&wait_s=25&topics=orders`);
                seen.push(...page.events.filter((e) => e.type === 'order_created').map((e) => e.order.id));
                seq = page.seq;
            }
            return seen;
        });
        const sent = [];
        for (let n = 0; n < wanted; n++) sent.push((await box.send()).id);
        for (const seen of await Promise.all(tablets)) assert.deepEqual(seen, sent);
    });

    it('of a screen that hears nothing ends with 4408, and the others hear all', async () => {
        const others = await Promise.all(Array.from({ length: 8 }, () => box.live('waiter', { lenient: true })));
        for (const live of others) await live.event('sync_state');
        const stuck = await rawScreen(box.server, box.waiter.token);
        strangers.push(stuck.socket);
        stuck.socket.pause();
        const before = memoryOf(box.server.pid);
        const item = box.item();
        const large = () => ({
            ...box.takeout(),
            items: Array.from({ length: 150 }, () => ({ menu_item_id: item.id, quantity: 1, note: 'x'.repeat(280) })),
        });
        const connected = async () =>
            (await box.manager.read('/ws/orders/live/connections')).connections.some((c) => c.client_id === stuck.clientId);
        const sent = [];
        while (await connected()) {
            assert.ok(sent.length < 600, 'it is still waited for');
            sent.push((await box.waiter.post('/orders', large(), { idempotency: key() })).body.id);
        }
        stuck.socket.resume();
        while (!stuck.socket.readableEnded && !stuck.socket.destroyed) await pause(10);
        const last = stuck.heard().at(-1);
        assert.equal(last.opcode, 8, 'it is told');
        assert.equal(last.payload.readUInt16BE(0), 4408);
        const grown = memoryOf(box.server.pid) - before;
        assert.ok(before === null || grown < 48 << 20, `grew by ${grown} bytes`);
        for (const live of others) {
            await live.event('order_created', (f) => f.order.id === sent.at(-1));
            const seqs = live.events.map((e) => e.seq);
            assert.deepEqual(seqs, seqs.map((_, n) => seqs[0] + n), 'without a gap');
            const ids = live.frames.filter((f) => f.type === 'order_created').map((f) => f.order.id);
            assert.deepEqual(ids.slice(-sent.length), sent);
        }
        leave();
    });

    it('between the bytes of a body is cut short, by the clock of the door', async () => {
        const head =
            `POST /api/v1/orders HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${box.waiter.token}\r\n` +
            `Content-Type: application/json\r\nContent-Length: 100000\r\n\r\n{`;
        const drips = await Promise.all(Array.from({ length: 20 }, () => connect(box.server.port)));
        strangers.push(...drips);
        const answers = drips.map(
            (socket) =>
                new Promise((resolve) => {
                    let text = '';
                    socket.on('data', (data) => (text += data));
                    const timer = setInterval(() => socket.write(' '), 1000);
                    socket.on('close', () => {
                        clearInterval(timer);
                        resolve(text);
                    });
                }),
        );
        for (const socket of drips) socket.write(head);
        for (let n = 0; n < 5; n++) await box.send();
        for (const text of await Promise.all(answers)) assert.match(text, /^HTTP\/1\.1 408 |^$/);
        assert.match((await Promise.all(answers)).join(''), /408/, 'and somebody is told why');
        leave();
    });
});
