/* SPDX-License-Identifier: MIT */
/** `npm run mock [-- PORT]`: serves dist/ and the contract from memory, with the strict CSP of the real server. */
import { createReadStream, existsSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { dirname, extname, join, normalize } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { WebSocketServer } from 'ws';
import { Box, now, Refusal } from './box.mjs';
import { sampleStaff } from './menu.mjs';

const DIST = join(dirname(fileURLToPath(import.meta.url)), '..', 'dist');
const CSP = "default-src 'self'; img-src 'self' data: blob:; connect-src 'self' ws: wss:; style-src 'self'; script-src 'self'";
const TYPES = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml' };
const PAGES = { '/': 'index.html', '/order': 'order.html', '/kitchen': 'kitchen.html', '/strip': 'strip.html' };

/** `faults`: `noSocket` refuses upgrades, `deaf` accepts orders but never acks, `refuse` names the next order's error. */
export async function startMock({ port = 0, box = new Box() } = {}) {
    const mock = { box, faults: { noSocket: false, deaf: false, refuse: null }, sessions: new Map(), sockets: new Set(), posts: 0 };
    const server = createServer((req, res) => handle(mock, req, res).catch((error) => problem(res, error)));
    const wss = new WebSocketServer({ noServer: true });
    server.on('upgrade', (req, socket, head) => {
        const who = whoIs(mock, req);
        if (!who || mock.faults.noSocket) {
            socket.end(`HTTP/1.1 ${who ? 503 : 401} No\r\nConnection: close\r\n\r\n`);
            return;
        }
        wss.handleUpgrade(req, socket, head, (ws) => converse(mock, ws, who, new URL(req.url, 'http://x').searchParams));
    });
    await new Promise((resolve) => server.listen(port, '127.0.0.1', resolve));
    mock.url = `http://127.0.0.1:${server.address().port}`;
    mock.close = () => {
        for (const ws of mock.sockets) ws.terminate();
        server.closeAllConnections();
        return new Promise((resolve) => server.close(resolve));
    };
    mock.endSessions = () => {
        mock.sessions.clear();
        for (const ws of mock.sockets) ws.close(4401);
    };
    return mock;
}

function whoIs(mock, req) {
    return mock.sessions.get(/servery=(\w+)/.exec(req.headers.cookie ?? '')?.[1]);
}

function converse(mock, ws, who, query) {
    const { box } = mock;
    const station = query.get('station');
    mock.sockets.add(ws);
    const say = (frame) => ws.send(JSON.stringify(frame));
    const hear = (frame) => box.matches(frame, station) && say(frame);
    say({ type: 'connection_established', restaurant_id: 'main', role: who.role, client_id: `c${Math.random()}`, protocol: 1, heartbeat_s: 15, server_time: now(), log_id: box.logId });
    for (const frame of box.since(query.has('since') ? Number(query.get('since')) : null, query.get('log'), station)) say(frame);
    box.listeners.add(hear);
    ws.on('close', () => (mock.sockets.delete(ws), box.listeners.delete(hear)));
    ws.on('message', (data) => {
        const frame = JSON.parse(String(data));
        try {
            const answer = answerTo(mock, frame, who, station);
            if (answer) say({ ...answer, request_id: frame.request_id });
        } catch (error) {
            say({ type: 'error', request_id: frame.request_id, code: error.code ?? 'INTERNAL', detail: error.message, field: error.field ?? null });
        }
    });
}

function answerTo(mock, frame, who, station) {
    const { box } = mock;
    if (frame.type === 'ping') return { type: 'pong', server_time: now() };
    if (frame.type === 'sync') return box.snapshot('requested', station);
    if (frame.type === 'painted' || frame.type === 'touched') {
        for (const id of frame.ticket_ids) box[frame.type].add(id);
        return null;
    }
    if (frame.type === 'set_status') return { type: 'ack', result: box.setStatus(frame, frame.status, who), seq: box.log.length };
    if (frame.type === 'submit_order') {
        const { order } = submit(mock, frame.order, frame.idempotency_key, who);
        return mock.faults.deaf ? null : { type: 'ack', result: order, seq: box.log.length };
    }
    throw new Refusal(422, 'VALIDATION_ERROR', `There is no frame "${frame.type}".`, 'type');
}

function submit(mock, order, key, who) {
    const { refuse } = mock.faults;
    mock.faults.refuse = null;
    if (refuse) throw new Refusal(refuse.status, refuse.code, refuse.detail);
    return mock.box.submit(order, key, who);
}

function json(res, body, status = 200, headers = {}) {
    res.writeHead(status, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store', ...headers });
    res.end(JSON.stringify(body));
}

function problem(res, error) {
    const status = error.status ?? 500;
    const body = { type: 'about:blank', title: 'Problem', status, code: error.code ?? 'INTERNAL', detail: error.message, field: error.field };
    json(res, body, status, { 'Content-Type': 'application/problem+json' });
}

async function bodyOf(req) {
    const chunks = [];
    for await (const chunk of req) chunks.push(chunk);
    return chunks.length ? JSON.parse(Buffer.concat(chunks).toString('utf8')) : {};
}

async function handle(mock, req, res) {
    const url = new URL(req.url, 'http://x');
    const path = url.pathname.replace(/^\/r\/main(?=\/|$)/, '') || '/';
    if (!path.startsWith('/api/v1/')) {
        serveFile(path, res);
        return;
    }
    const route = path.slice('/api/v1'.length);
    if (await openRoute(mock, req, res, route)) return;
    const who = whoIs(mock, req);
    if (!who) throw new Refusal(401, 'UNAUTHENTICATED', 'Sign in first.');
    await staffRoute(mock, req, res, route, url.searchParams, who);
}

async function openRoute(mock, req, res, route) {
    if (route === '/health') json(res, { status: 'ok', version: 'mock', log_id: mock.box.logId });
    else if (route === '/staff/names') json(res, { staff: sampleStaff.map(({ id, name }) => ({ id, name })) });
    else if (route === '/session' && req.method === 'POST') {
        const { staff_id: id, pin } = await bodyOf(req);
        const person = sampleStaff.find((p) => p.id === id && p.pin === pin);
        if (!person) throw new Refusal(401, 'UNAUTHENTICATED', 'This PIN is not right.');
        const token = Math.random().toString(36).slice(2);
        mock.sessions.set(token, person);
        json(res, sessionOf(person), 200, { 'Set-Cookie': `servery=${token}; Path=/; HttpOnly; SameSite=Strict` });
    } else return false;
    return true;
}

const sessionOf = (person) => ({ role: person.role, staff: { id: person.id, name: person.name }, expires_at: '2030-01-01T00:00:00.000Z' });

async function staffRoute(mock, req, res, route, query, who) {
    const { box } = mock;
    const status = /^\/(orders|tickets|items)\/(\d+)\/status$/.exec(route);
    if (route === '/session') {
        if (req.method === 'DELETE') {
            mock.sessions.clear();
            res.writeHead(204).end();
        } else json(res, sessionOf(who));
    } else if (route === '/restaurant') json(res, { name: 'Spice Corner', currency: 'EUR', locale: 'en-IE', time_zone: 'Europe/Dublin', stations: box.stations.map((name, position) => ({ name, position, amber_s: 600, red_s: 1200 })) });
    else if (route === '/menu') json(res, box.menu);
    else if (route === '/tables') json(res, { tables: [...box.tables.values()] });
    else if (route === '/strip') json(res, { tickets: box.strip.slice(0, Number(query.get('limit') ?? 20)) });
    else if (/^\/tickets\/\d+\/image\.png$/.test(route)) drawTicket(box, Number(route.split('/')[2]), res);
    else if (route === '/orders' && req.method === 'POST') {
        mock.posts++;
        const { order, replayed } = submit(mock, await bodyOf(req), req.headers['idempotency-key'], who);
        json(res, order, 201, replayed ? { 'Idempotency-Replayed': 'true' } : {});
    } else if (status && req.method === 'POST') {
        const key = { orders: 'order_id', tickets: 'ticket_id', items: 'item_id' }[status[1]];
        json(res, box.setStatus({ [key]: Number(status[2]) }, (await bodyOf(req)).status, who));
    } else if (route === '/events') await poll(box, query, req, res);
    else throw new Refusal(404, 'NOT_FOUND', `There is no ${route}.`);
}

async function poll(box, query, req, res) {
    const station = query.get('station');
    const ask = () => box.since(query.has('since') ? Number(query.get('since')) : null, query.get('log'), station);
    let events = ask();
    if (events.length === 0 && query.has('wait_s'))
        events = await new Promise((resolve) => {
            const done = () => {
                clearTimeout(timer);
                box.listeners.delete(done);
                resolve(ask());
            };
            const timer = setTimeout(done, Number(query.get('wait_s')) * 1000);
            box.listeners.add(done);
            req.on('close', done);
        });
    json(res, { events: events.slice(0, 500), seq: box.log.length });
}

/** A drawing that stands for the printed ticket; the real box sends a PNG of the real layout. */
function drawTicket(box, id, res) {
    const order = [...box.orders.values()].find((o) => o.tickets.some((t) => t.id === id));
    if (!order) throw new Refusal(404, 'NOT_FOUND', 'There is no such ticket.');
    const ticket = order.tickets.find((t) => t.id === id);
    const lines = ticket.lines.map((line) => `${line.quantity} x ${order.items.find((item) => item.id === line.item_id).name}`);
    const texts = [`KOT ${ticket.kot_number}  ${ticket.station.toUpperCase()}`, `Table ${order.table_name ?? '-'}  ${order.order_number}`, ...lines];
    const rows = texts.map((text, i) => `<text x="16" y="${48 + i * 40}" font-size="${i ? 24 : 34}" font-family="monospace">${text.replace(/[<&]/g, '')}</text>`);
    const height = 70 + texts.length * 40;
    res.writeHead(200, { 'Content-Type': 'image/svg+xml' });
    res.end(`<svg xmlns="http://www.w3.org/2000/svg" width="576" height="${height}"><rect width="576" height="${height}" fill="#fff"/>${rows.join('')}</svg>`);
}

function serveFile(path, res) {
    const file = normalize(join(DIST, PAGES[path] ?? path));
    if (!file.startsWith(DIST) || !existsSync(file) || !statSync(file).isFile()) throw new Refusal(404, 'NOT_FOUND', 'There is no such page.');
    res.writeHead(200, { 'Content-Type': TYPES[extname(file)] ?? 'application/octet-stream', 'Content-Security-Policy': CSP, 'Referrer-Policy': 'no-referrer' });
    createReadStream(file).pipe(res);
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
    const mock = await startMock({ port: Number(process.argv[2] ?? 5080) });
    console.log(`Mock of Servery at ${mock.url}`);
    for (const { name, role, pin } of sampleStaff) console.log(`  ${name} (${role}): PIN ${pin}`);
}
