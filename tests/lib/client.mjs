/* SPDX-License-Identifier: MIT */
/** Clients that speak to a server and hold every answer and frame against the contract. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import http from 'node:http';
import WebSocket from 'ws';
import { checkAccepted, checkExchange, checkFrame } from './contract.mjs';

const PATIENCE_MS = Number(process.env.SERVERY_PATIENCE_MS ?? 60_000);

export const key = () => randomUUID();

/** Sends one HTTP request exactly as told: {status, headers, body, text, buffer}. JSON answers are parsed. */
export function exchange(server, { method = 'GET', path, headers = {}, payload }) {
    return new Promise((resolve, reject) => {
        const request = http.request({
            host: server.host,
            port: server.port,
            method,
            path,
            headers,
            agent: false,
            timeout: PATIENCE_MS,
        });
        request.on('timeout', () => request.destroy(new Error(`${method} ${path}: no answer`)));
        request.on('error', reject);
        request.on('response', (response) => {
            const chunks = [];
            response.on('data', (chunk) => chunks.push(chunk));
            response.on('error', reject);
            response.on('end', () => {
                try {
                    resolve(readResponse(response, Buffer.concat(chunks)));
                } catch (error) {
                    reject(new Error(`${method} ${path}: ${error.message}`));
                }
            });
        });
        if (payload !== undefined) request.write(payload);
        request.end();
    });
}

function readResponse(response, buffer) {
    const type = response.headers['content-type'] ?? '';
    const text = /json|text/.test(type) ? buffer.toString('utf8') : undefined;
    let body = text ?? buffer;
    if (/json/.test(type)) body = JSON.parse(text);
    if (buffer.length === 0) body = undefined;
    return { status: response.statusCode, headers: response.headers, body, text, buffer };
}

/** HTTP as one person or program: a token, or a cookie jar, or neither. */
export class Api {
    constructor(server, { token, slug, jar, origin } = {}) {
        this.server = server;
        this.token = token;
        this.slug = slug;
        this.jar = jar;
        this.origin = origin;
    }

    get base() {
        return `${this.slug ? `/r/${this.slug}` : ''}/api/v1`;
    }

    cookies() {
        return this.jar ? [...this.jar].map(([name, value]) => `${name}=${value}`).join('; ') : '';
    }

    keepCookies(headers) {
        for (const line of headers['set-cookie'] ?? []) {
            const [pair, ...attributes] = line.split(';');
            const at = pair.indexOf('=');
            const gone = attributes.some((a) => /^\s*max-age=0\s*$/i.test(a));
            if (gone) this.jar.delete(pair.slice(0, at));
            else this.jar.set(pair.slice(0, at), pair.slice(at + 1));
        }
    }

    headersFor(method, { body, raw, type, idempotency, ifMatch, headers }) {
        const all = { Accept: 'application/json' };
        if (this.token) all.Authorization = `Bearer ${this.token}`;
        if (this.jar?.size) all.Cookie = this.cookies();
        if (this.jar && method !== 'GET') all.Origin = this.origin ?? this.server.url;
        if (body !== undefined || raw !== undefined) all['Content-Type'] = type ?? 'application/json';
        if (idempotency) all['Idempotency-Key'] = idempotency;
        if (ifMatch) all['If-Match'] = ifMatch;
        Object.assign(all, headers);
        for (const [name, value] of Object.entries(all)) if (value === undefined) delete all[name];
        return all;
    }

    /**
     * Options: `body` (sent as JSON) or `raw` (bytes or text as they are, `type` for the content type), `idempotency`, `ifMatch`,
     * `headers` (undefined leaves one out), `absolute` (the path is not below /api/v1).
     */
    async call(method, path, options = {}) {
        const { body, raw, absolute = false } = options;
        const full = absolute ? path : this.base + path;
        const payload = raw ?? (body === undefined ? undefined : JSON.stringify(body));
        const headers = this.headersFor(method, options);
        if (payload !== undefined) headers['Content-Length'] = Buffer.byteLength(payload);
        const answer = await exchange(this.server, { method, path: full, headers, payload });
        if (this.jar) this.keepCookies(answer.headers);
        checkExchange({ method, path: full, ...answer, sent: body });
        return answer;
    }

    get = (path, options) => this.call('GET', path, options);
    post = (path, body, options) => this.call('POST', path, { body, ...options });
    put = (path, body, options) => this.call('PUT', path, { body, ...options });
    patch = (path, body, options) => this.call('PATCH', path, { body, ...options });
    delete = (path, options) => this.call('DELETE', path, options);

    /** The body of an answer that must be a 2xx. */
    async must(method, path, options) {
        const answer = await this.call(method, path, options);
        assert.ok(answer.status >= 200 && answer.status < 300, `${method} ${path}: ${answer.status} ${answer.text}`);
        return answer.body;
    }

    read = (path) => this.must('GET', path);
    write = (path, body, options) => this.must('POST', path, { body, ...options });

    order = (order, idempotency) => this.write('/orders', order, { idempotency });
    orderNow = (id) => this.read(`/orders/${id}`);
    orderStatus = (id, status, more = {}) => this.post(`/orders/${id}/status`, { status, ...more });
    ticketStatus = (id, status, more = {}) => this.post(`/tickets/${id}/status`, { status, ...more });
    itemStatus = (id, status, more = {}) => this.post(`/items/${id}/status`, { status, ...more });
}

/** Asserts on a refusal and hands it back. */
export function refused(answer, status, code, field) {
    assert.equal(answer.status, status, `${answer.status} instead of ${status} ${code}: ${answer.text}`);
    assert.equal(answer.body.code, code, answer.text);
    if (field !== undefined) assert.equal(answer.body.field, field, answer.text);
    return answer.body;
}

/** An upgrade that was answered with something else than 101. */
export class UpgradeRefused extends Error {
    constructor(answer) {
        super(`upgrade refused: ${answer.status} ${answer.text}`);
        this.answer = answer;
    }
}

/** One WebSocket with everything that came over it. */
export class Live {
    /** Opens one. Options: `token`, `slug`, `query` (object), `headers`, `origin`, `lenient` (frames are not checked). */
    static open(server, options = {}) {
        return new Live(server, options).opened;
    }

    constructor(server, { token, slug, query = {}, headers = {}, origin, lenient = false } = {}) {
        this.server = server;
        this.options = { token, slug, query, headers, origin, lenient };
        this.frames = [];
        this.cursor = 0;
        this.waiting = new Set();
        this.failure = null;
        this.requests = 0;
        const search = new URLSearchParams(Object.entries(query).filter(([, v]) => v !== undefined));
        const path = `${slug ? `/r/${slug}` : ''}/api/v1/ws/orders/live${`${search}` ? `?${search}` : ''}`;
        this.path = path;
        const all = { ...(token ? { Authorization: `Bearer ${token}` } : {}), ...headers };
        this.socket = new WebSocket(`ws://${server.host}:${server.port}${path}`, {
            headers: all,
            origin,
            perMessageDeflate: false,
        });
        this.ended = new Promise((resolve) => {
            this.socket.on('close', (code, reason) => {
                this.end = { code, reason: reason.toString() };
                resolve(this.end);
                this.wakeAll();
            });
        });
        this.opened = this.handshake();
        this.socket.on('message', (data, binary) => this.receive(data, binary));
    }

    handshake() {
        return new Promise((resolve, reject) => {
            this.socket.on('open', () => {
                this.socket._socket.unref(); /* a failed test ends although its sockets are open */
                resolve(this);
            });
            this.socket.on('error', reject);
            this.socket.on('unexpected-response', (request, response) => {
                const chunks = [];
                response.on('data', (chunk) => chunks.push(chunk));
                response.on('end', () => {
                    const answer = readResponse(response, Buffer.concat(chunks));
                    try {
                        checkExchange({ method: 'GET', path: this.path, ...answer });
                        reject(new UpgradeRefused(answer));
                    } catch (error) {
                        reject(error);
                    }
                    request.destroy();
                });
            });
        });
    }

    receive(data, binary) {
        try {
            assert.equal(binary, false, 'a binary frame from the server');
            const frame = JSON.parse(data.toString('utf8'));
            if (!this.options.lenient) checkFrame(frame);
            this.frames.push(frame);
        } catch (error) {
            this.failure ??= error;
        }
        this.wakeAll();
    }

    /** {code, reason} once it is closed. Whoever waits for it keeps the test alive; the socket itself does not. */
    get closed() {
        let timer;
        const late = new Promise((_, reject) => {
            timer = setTimeout(() => reject(new Error('waited in vain for the socket to close')), PATIENCE_MS);
        });
        return Promise.race([this.ended, late]).finally(() => clearTimeout(timer));
    }

    wakeAll() {
        for (const wake of [...this.waiting]) wake();
    }

    /** The first frame from index `from` on that the predicate likes; waits for it. */
    waitFor(predicate, { from = 0, what = 'a frame' } = {}) {
        return new Promise((resolve, reject) => {
            let at = from;
            const finish = (settle, value) => {
                clearTimeout(timer);
                this.waiting.delete(look);
                settle(value);
            };
            const look = () => {
                for (; at < this.frames.length; at++)
                    if (predicate(this.frames[at])) return finish(resolve, this.frames[at]);
                if (this.failure) return finish(reject, this.failure);
                if (this.end) return finish(reject, new Error(`closed (${this.end.code}) while waiting for ${what}`));
                return undefined;
            };
            const timer = setTimeout(
                () =>
                    finish(
                        reject,
                        new Error(`waited in vain for ${what}; got ${this.frames.map((f) => f.type).join(' ')}`),
                    ),
                PATIENCE_MS,
            );
            this.waiting.add(look);
            look();
        });
    }

    /** The next frame that next() has not given yet. */
    async next() {
        const frame = await this.waitFor(() => true, { from: this.cursor, what: 'the next frame' });
        this.cursor = this.frames.indexOf(frame) + 1;
        return frame;
    }

    event(type, matches = () => true, options = {}) {
        return this.waitFor((f) => f.type === type && matches(f), { what: type, ...options });
    }

    send(frame) {
        this.socket.send(typeof frame === 'string' || Buffer.isBuffer(frame) ? frame : JSON.stringify(frame));
    }

    /** Sends a frame with a request_id and waits for its answer (ack, error, pong or sync_state). */
    async request(frame) {
        const request_id = frame.request_id ?? `t${++this.requests}`;
        const full = { ...frame, request_id };
        const from = this.frames.length;
        this.send(full);
        const answer = await this.waitFor((f) => f.request_id === request_id, {
            from,
            what: `the answer to ${JSON.stringify(frame).slice(0, 100)}`,
        });
        if (answer.type !== 'error') checkAccepted(full);
        return answer;
    }

    /** The ack's result of a request that must be accepted. */
    async ask(frame) {
        const answer = await this.request(frame);
        assert.equal(
            answer.type,
            'ack',
            `${JSON.stringify(frame).slice(0, 200)} got ${JSON.stringify(answer).slice(0, 300)}`,
        );
        return answer.result;
    }

    /** All that was sent before has been dealt with when this resolves. */
    settle = () => this.request({ type: 'ping' });

    get events() {
        return this.frames.filter((f) => f.seq !== undefined && f.timestamp !== undefined);
    }

    get first() {
        return this.frames.find((f) => f.type === 'connection_established');
    }

    get sync() {
        return this.frames.find((f) => f.type === 'sync_state');
    }

    /** The last seq this client has seen, of an event or inside a snapshot. */
    get seq() {
        return Math.max(
            ...this.frames.filter((f) => f.type === 'sync_state' || f.timestamp !== undefined).map((f) => f.seq),
        );
    }

    /** A new socket that goes on where this one ended. */
    resume(server = this.server, options = {}) {
        const query = { ...this.options.query, since: this.seq, log: this.first.log_id, ...options.query };
        return Live.open(server, { ...this.options, ...options, query });
    }

    /** Closes from this side, and fails if any frame broke the contract. */
    async close() {
        if (!this.end) this.socket.close(1000);
        const timer = setTimeout(() => this.socket.terminate(), PATIENCE_MS);
        await this.closed;
        clearTimeout(timer);
        if (this.failure) throw this.failure;
    }
}

/** The refusal of an upgrade that must be refused. */
export async function upgradeRefused(server, options) {
    try {
        const live = await Live.open(server, options);
        await live.close();
    } catch (error) {
        if (error instanceof UpgradeRefused) return error.answer;
        throw error;
    }
    return assert.fail('the upgrade was accepted');
}
