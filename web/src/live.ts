/* SPDX-License-Identifier: MIT */
/**
 * The one connection to the box: a socket while it can be had, long polls while it cannot. It knows nothing about pages;
 * state frames go to `onFrames` in batches (at most one a frame), everything it must touch comes in by LiveEnv.
 */
import { ApiError } from './api';
import { ServerClock } from './time';
import type { ConnectionEstablished, EventsPage, ServerFrame, StateFrame } from './types';

export type LiveState = 'live' | 'connecting' | 'polling' | 'offline';

export interface SocketLike {
    send(text: string): void;
    close(code?: number): void;
    onopen: (() => void) | null;
    onmessage: ((event: { data: unknown }) => void) | null;
    onclose: ((event: { code: number }) => void) | null;
}

export interface LiveEnv {
    openSocket(query: URLSearchParams): SocketLike;
    poll(query: URLSearchParams, signal: AbortSignal): Promise<EventsPage>;
    /** Milliseconds that only ever go forward. */
    monotonic(): number;
    wall(): number;
    setTimer(fn: () => void, ms: number): unknown;
    clearTimer(handle: unknown): void;
    nextFrame(fn: () => void): void;
    random(): number;
}

export interface LiveStatus {
    state: LiveState;
    rttMs: number | null;
    missedHeartbeats: number;
    /** Monotonic time of the last proof that what is shown is current; null before the first. */
    freshAt: number | null;
    signedOut: boolean;
    forbidden: boolean;
    role: string | null;
    reconnects: number;
}

export interface LiveOptions {
    filters?: Record<string, string>;
    onFrames(frames: StateFrame[]): void;
    onStatus(status: LiveStatus): void;
    /** The box can be reached again, by whatever way: time to send what waits. */
    onReachable?(): void;
}

/** Why a request over the socket has no result: the box said no (`code`), or nobody knows (`LOST`). */
export class LiveError extends Error {
    constructor(
        readonly code: string,
        detail: string,
        readonly field: string | null = null,
    ) {
        super(detail);
        this.name = 'LiveError';
    }
}

const FIRST_MS = 1000;
const LONGEST_MS = 30_000;
const REQUEST_MS = 10_000;
const CONNECT_MS = 10_000;
const MISSED_LIMIT = 2;
const POLL_WAIT_S = 25;
const POLL_PAGE = 500;
const POLL_GAP_MS = 1000;
const PROBE_MS = 4000;

/** 1, 2, 4 ... 30 s, each spread over its upper half so that twenty tablets do not come back in one instant. */
export function backoffMs(failures: number, random: number): number {
    const full = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.max(0, Math.min(failures - 1, 10)));
    return Math.round(full / 2 + (full / 2) * random);
}

interface Waiting {
    resolve(answer: { result: unknown; seq: number | null }): void;
    reject(error: LiveError): void;
    timer: unknown;
}

export class Live {
    readonly clock: ServerClock;
    private status: LiveStatus = {
        state: 'connecting',
        rttMs: null,
        missedHeartbeats: 0,
        freshAt: null,
        signedOut: false,
        forbidden: false,
        role: null,
        reconnects: 0,
    };
    private socket: SocketLike | null = null;
    private established = false;
    private synced = false;
    private everEstablished = false;
    private failures = 0;
    private pollFailures = 0;
    private reconnectTimer: unknown = null;
    private connectTimer: unknown = null;
    private heartbeatTimer: unknown = null;
    private pollTimer: unknown = null;
    private probeTimer: unknown = null;
    private polling: AbortController | null = null;
    private heartbeatMs = 15_000;
    private heardSinceBeat = true;
    private pingSentAt = new Map<string, number>();
    private lastSeq: number | null = null;
    private logId: string | null = null;
    private inbox: StateFrame[] = [];
    private flushAsked = false;
    private waiting = new Map<string, Waiting>();
    private requestCount = 0;
    private stopped = true;

    constructor(
        private readonly env: LiveEnv,
        private readonly options: LiveOptions,
    ) {
        this.clock = new ServerClock(env.monotonic, env.wall);
    }

    start(): void {
        if (!this.stopped) return;
        this.stopped = false;
        this.connect();
    }

    stop(): void {
        this.stopped = true;
        this.clearTimers();
        this.stopPolling();
        this.dropSocket(1000);
        this.failWaiting();
    }

    get current(): LiveStatus {
        return this.status;
    }

    get seq(): number | null {
        return this.lastSeq;
    }

    /** The page woke up, the network came back or a finger asked: try now instead of after the backoff. */
    wake(): void {
        if (this.stopped || this.status.signedOut) return;
        if (this.established) {
            this.probe();
            return;
        }
        if (this.socket) return;
        this.failures = 0;
        this.connect();
    }

    /** After a sleep a socket may look open and be long dead: it must answer soon or be replaced. */
    private probe(): void {
        const socket = this.socket;
        if (!socket) return;
        this.heardSinceBeat = false;
        this.ping();
        this.cancel('probeTimer');
        this.probeTimer = this.env.setTimer(() => {
            if (this.socket !== socket || this.heardSinceBeat) return;
            this.dropSocket(4000);
            this.failWaiting();
            this.connect();
        }, PROBE_MS);
    }

    /** A finger on Reconnect: whatever the socket believes about itself, start over. */
    reconnect(): void {
        if (this.stopped) return;
        this.dropSocket(1000);
        this.failWaiting();
        this.failures = 0;
        this.set({ forbidden: false });
        this.stopPolling();
        this.connect();
    }

    /** After a new PIN: same place in the log, new credentials. */
    signedIn(): void {
        this.set({ signedOut: false, forbidden: false });
        this.stopped = false;
        this.reconnect();
    }

    signedOut(): void {
        if (this.status.signedOut) return;
        this.clearTimers();
        this.stopPolling();
        this.dropSocket(1000);
        this.failWaiting();
        this.set({ signedOut: true, state: 'offline', rttMs: null });
    }

    /** True if the frame went to the socket; that it arrived, only a request can tell. */
    send(frame: Record<string, unknown>): boolean {
        if (!this.socket || !this.established) return false;
        try {
            this.socket.send(JSON.stringify(frame));
            return true;
        } catch {
            return false;
        }
    }

    request(frame: Record<string, unknown>): Promise<{ result: unknown; seq: number | null }> {
        const requestId = `r${++this.requestCount}`;
        return new Promise((resolve, reject) => {
            const lose = () => {
                this.waiting.delete(requestId);
                reject(new LiveError('LOST', 'no answer over the socket'));
            };
            const timer = this.env.setTimer(lose, REQUEST_MS);
            this.waiting.set(requestId, { resolve, reject, timer });
            if (!this.send({ ...frame, request_id: requestId })) {
                this.env.clearTimer(timer);
                lose();
            }
        });
    }

    private set(change: Partial<LiveStatus>): void {
        this.status = { ...this.status, ...change };
        this.options.onStatus(this.status);
    }

    private query(): URLSearchParams {
        const query = new URLSearchParams(this.options.filters);
        if (this.lastSeq !== null) {
            query.set('since', String(this.lastSeq));
            if (this.logId) query.set('log', this.logId);
        }
        return query;
    }

    private connect(): void {
        this.cancel('reconnectTimer');
        if (this.stopped || this.socket) return;
        if (!this.polling && this.status.state !== 'offline') this.set({ state: 'connecting' });
        let socket: SocketLike;
        try {
            socket = this.env.openSocket(this.query());
        } catch {
            this.lost(1006);
            return;
        }
        this.socket = socket;
        this.established = false;
        this.synced = false;
        // A path that swallows packets never closes by itself, so waiting has an end.
        this.connectTimer = this.env.setTimer(() => this.abandon(socket), CONNECT_MS);
        socket.onmessage = (event) => {
            if (this.socket === socket && typeof event.data === 'string') this.receive(event.data);
        };
        socket.onclose = (event) => {
            if (this.socket !== socket) return;
            this.socket = null;
            this.lost(event.code);
        };
    }

    private abandon(socket: SocketLike): void {
        if (this.socket !== socket) return;
        this.dropSocket(4000);
        this.lost(1006);
    }

    private dropSocket(code: number): void {
        const socket = this.socket;
        this.socket = null;
        this.established = false;
        this.synced = false;
        this.cancel('connectTimer');
        this.cancel('heartbeatTimer');
        this.cancel('probeTimer');
        if (!socket) return;
        socket.onopen = socket.onmessage = socket.onclose = null;
        try {
            socket.close(code);
        } catch {
            // Closing what never opened may throw; it is gone either way.
        }
    }

    private lost(code: number): void {
        this.established = false;
        this.synced = false;
        this.cancel('connectTimer');
        this.cancel('heartbeatTimer');
        this.failWaiting();
        this.flush();
        if (this.stopped) return;
        if (code === 4401) {
            this.signedOut();
            return;
        }
        if (code === 4403) this.set({ forbidden: true });
        this.failures++;
        this.set({ rttMs: null, ...(this.polling ? {} : { state: this.status.state === 'offline' ? 'offline' : 'connecting' }) });
        this.cancel('reconnectTimer');
        this.reconnectTimer = this.env.setTimer(() => this.connect(), backoffMs(this.failures, this.env.random()));
        // A refused upgrade shows no status to a page, so the poll is also how a 401 or 403 is found out.
        if (this.failures >= 2 || !this.everEstablished) this.startPolling();
    }

    private receive(text: string): void {
        let frame: ServerFrame;
        try {
            frame = JSON.parse(text) as ServerFrame;
        } catch {
            return;
        }
        this.heardSinceBeat = true;
        if (this.status.missedHeartbeats) this.set({ missedHeartbeats: 0 });
        switch (frame.type) {
            case 'connection_established':
                this.welcome(frame);
                break;
            case 'ack':
                this.settle(frame.request_id, (w) => w.resolve({ result: frame.result, seq: frame.seq ?? null }));
                break;
            case 'error':
                if (frame.request_id)
                    this.settle(frame.request_id, (w) => w.reject(new LiveError(frame.code, frame.detail, frame.field ?? null)));
                break;
            case 'pong':
                this.pong(frame.request_id, frame.server_time);
                break;
            default:
                this.take(frame);
                if (frame.type === 'sync_state' && !this.synced) this.caughtUp();
        }
        this.touch();
    }

    private welcome(frame: ConnectionEstablished): void {
        this.cancel('connectTimer');
        this.established = true;
        // A number of another log means nothing in this one; the snapshot that follows brings the new one.
        if (this.logId !== frame.log_id) this.lastSeq = null;
        this.logId = frame.log_id;
        this.heartbeatMs = (frame.heartbeat_s || 15) * 1000;
        this.clock.forget();
        this.clock.learn(frame.server_time, 1000);
        this.set({ role: frame.role, missedHeartbeats: 0, forbidden: false, reconnects: this.status.reconnects + (this.everEstablished ? 1 : 0) });
        this.everEstablished = true;
        this.beat();
        // When nothing was missed no event follows, so the pong of this ping is what says that all has come.
        this.ping();
    }

    private caughtUp(): void {
        this.synced = true;
        this.failures = 0;
        this.stopPolling();
        this.set({ state: 'live' });
        this.options.onReachable?.();
    }

    private pong(requestId: string | undefined, serverTime: string): void {
        const sent = requestId === undefined ? undefined : this.pingSentAt.get(requestId);
        if (requestId !== undefined && sent !== undefined) {
            this.pingSentAt.delete(requestId);
            const rtt = Math.max(0, this.env.monotonic() - sent);
            this.clock.learn(serverTime, rtt);
            this.set({ rttMs: Math.round(rtt) });
        }
        if (!this.synced) this.caughtUp();
    }

    private ping(): void {
        const requestId = `p${++this.requestCount}`;
        // Pings without an answer are of no use later; only the newest few can still be in flight.
        if (this.pingSentAt.size > 4) this.pingSentAt.clear();
        this.pingSentAt.set(requestId, this.env.monotonic());
        this.send({ type: 'ping', request_id: requestId });
    }

    private beat(): void {
        this.cancel('heartbeatTimer');
        this.heardSinceBeat = true;
        const socket = this.socket;
        const tick = () => {
            if (!socket || this.socket !== socket) return;
            if (this.heardSinceBeat) {
                if (this.status.missedHeartbeats) this.set({ missedHeartbeats: 0 });
            } else {
                const missed = this.status.missedHeartbeats + 1;
                this.set({ missedHeartbeats: missed });
                if (missed >= MISSED_LIMIT) {
                    this.abandon(socket);
                    return;
                }
            }
            this.heardSinceBeat = false;
            this.ping();
            this.heartbeatTimer = this.env.setTimer(tick, this.heartbeatMs);
        };
        this.heartbeatTimer = this.env.setTimer(tick, this.heartbeatMs);
    }

    private take(frame: StateFrame): void {
        if (frame.type === 'sync_state') this.lastSeq = frame.seq;
        else if (frame.type !== 'metrics_update') this.lastSeq = Math.max(this.lastSeq ?? 0, frame.seq);
        if (frame.type === 'sync_state' && frame.request_id)
            this.settle(frame.request_id, (w) => w.resolve({ result: null, seq: frame.seq }));
        this.inbox.push(frame);
        if (this.flushAsked) return;
        this.flushAsked = true;
        this.env.nextFrame(() => this.flush());
    }

    private flush(): void {
        this.flushAsked = false;
        if (this.inbox.length === 0) return;
        const frames = this.inbox;
        this.inbox = [];
        this.options.onFrames(frames);
    }

    /** Not told to the page, which reads the age once a second: a burst of frames must not draw the bar a hundred times. */
    private touch(): void {
        this.status = { ...this.status, freshAt: this.env.monotonic() };
    }

    private startPolling(): void {
        if (this.polling || this.stopped || this.status.signedOut) return;
        this.polling = new AbortController();
        this.pollFailures = 0;
        void this.pollLoop(this.polling);
    }

    private stopPolling(): void {
        const polling = this.polling;
        this.polling = null;
        this.cancel('pollTimer');
        polling?.abort();
    }

    private async pollLoop(me: AbortController): Promise<void> {
        let first = true;
        while (this.polling === me) {
            const query = this.query();
            // The first answer comes at once, so that the page says "polling" before half a minute has gone.
            if (!first) query.set('wait_s', String(POLL_WAIT_S));
            const asked = this.env.monotonic();
            try {
                const page = await this.env.poll(query, me.signal);
                if (this.polling !== me) return;
                this.polled(page, first);
                // A box that answers an empty poll at once must not be asked a thousand times a second.
                if (!first && page.events.length === 0 && this.env.monotonic() - asked < POLL_GAP_MS) await this.pause(POLL_GAP_MS, me);
                first = false;
            } catch (error) {
                if (this.polling !== me) return;
                if (!(await this.pollFailed(error, me))) return;
                first = true;
            }
        }
    }

    private polled(page: EventsPage, first: boolean): void {
        this.pollFailures = 0;
        for (const frame of page.events) this.take(frame);
        // A full page may not be the last one, so only a short one says that everything up to `seq` was seen.
        if (page.events.length < POLL_PAGE && this.lastSeq !== null) this.lastSeq = Math.max(this.lastSeq, page.seq);
        this.set({ state: 'polling', forbidden: false, missedHeartbeats: 0 });
        this.touch();
        if (first) this.options.onReachable?.();
    }

    /** False ends the loop. */
    private async pollFailed(error: unknown, me: AbortController): Promise<boolean> {
        if (error instanceof ApiError && error.status === 401) {
            this.signedOut();
            return false;
        }
        this.set({ forbidden: error instanceof ApiError && error.status === 403, state: 'offline' });
        this.pollFailures++;
        await this.pause(backoffMs(this.pollFailures, this.env.random()), me);
        return this.polling === me;
    }

    private pause(ms: number, me: AbortController): Promise<void> {
        return new Promise((resolve) => {
            me.signal.addEventListener('abort', () => resolve());
            this.pollTimer = this.env.setTimer(() => resolve(), ms);
        });
    }

    private settle(requestId: string, act: (waiting: Waiting) => void): void {
        const waiting = this.waiting.get(requestId);
        if (!waiting) return;
        this.waiting.delete(requestId);
        this.env.clearTimer(waiting.timer);
        act(waiting);
    }

    private failWaiting(): void {
        for (const requestId of [...this.waiting.keys()])
            this.settle(requestId, (w) => w.reject(new LiveError('LOST', 'the connection broke before the answer')));
    }

    private cancel(name: 'reconnectTimer' | 'connectTimer' | 'heartbeatTimer' | 'pollTimer' | 'probeTimer'): void {
        if (this[name] !== null) this.env.clearTimer(this[name]);
        this[name] = null;
    }

    private clearTimers(): void {
        this.cancel('reconnectTimer');
        this.cancel('connectTimer');
        this.cancel('heartbeatTimer');
        this.cancel('pollTimer');
        this.cancel('probeTimer');
    }
}
