/* SPDX-License-Identifier: MIT */
import { beforeEach, describe, expect, it } from 'vitest';
import { backoffMs, Live, LiveError, type LiveStatus } from '../src/live';
import type { StateFrame } from '../src/types';
import { FakeEnv, order, settle, sync } from './fakes';

let env: FakeEnv;
let live: Live;
let batches: StateFrame[][];
let status: LiveStatus;
let reachable: number;

beforeEach(() => {
    env = new FakeEnv();
    batches = [];
    reachable = 0;
    live = new Live(env, {
        filters: { station: 'grill' },
        onFrames: (frames) => batches.push(frames),
        onStatus: (next) => (status = next),
        onReachable: () => reachable++,
    });
});

function goLive(seq = 7): void {
    live.start();
    env.socket.welcome();
    env.socket.say(sync(seq));
    env.drawFrame();
}

const created = (seq: number) => ({ type: 'order_created', seq, timestamp: '2026-11-20T10:00:00.000Z', order: order(seq) });

describe('backoff', () => {
    it('doubles from one second to thirty', () => {
        expect([1, 2, 3, 4, 5, 6, 60].map((n) => backoffMs(n, 1))).toEqual([1000, 2000, 4000, 8000, 16000, 30000, 30000]);
    });

    it('spreads over the upper half', () => {
        expect(backoffMs(3, 0)).toBe(2000);
        expect(backoffMs(3, 0.5)).toBe(3000);
    });
});

describe('socket', () => {
    it('is live once the snapshot has come, and passes its filters on', () => {
        live.start();
        expect(status.state).toBe('connecting');
        expect(env.socket.query.toString()).toBe('station=grill');
        env.socket.welcome();
        expect(status.state).toBe('connecting');
        env.socket.say(sync(7));
        expect(status.state).toBe('live');
        expect(reachable).toBe(1);
    });

    it('hands a burst over once a frame', () => {
        goLive();
        batches.length = 0;
        for (let seq = 8; seq < 48; seq++) env.socket.say(created(seq));
        expect(batches).toHaveLength(0);
        env.drawFrame();
        expect(batches.map((batch) => batch.length)).toEqual([40]);
    });

    it('resumes with since and log', async () => {
        goLive();
        env.socket.say(created(8));
        env.socket.break(1001);
        await env.time.pass(1000);
        expect(env.sockets).toHaveLength(2);
        expect(env.socket.query.get('since')).toBe('8');
        expect(env.socket.query.get('log')).toBe('log-a');
    });

    it('is live again after a resume with nothing missed', async () => {
        goLive();
        env.socket.break();
        await env.time.pass(1000);
        env.socket.welcome();
        expect(status.state).toBe('connecting');
        env.socket.pong();
        expect(status.state).toBe('live');
    });

    it('never resumes a new log by the numbers of an old one', async () => {
        goLive();
        env.socket.break();
        await env.time.pass(1000);
        env.socket.welcome('log-b');
        env.socket.break();
        await env.time.pass(2000);
        expect(env.socket.query.has('since')).toBe(false);
    });

    it('follows a snapshot to a lower number', async () => {
        goLive(500);
        env.socket.say(sync(3, { reason: 'other_log' }));
        expect(live.seq).toBe(3);
    });

    it('does not lose frames that came just before the break', () => {
        goLive();
        batches.length = 0;
        env.socket.say(created(8));
        env.socket.break();
        expect(batches).toHaveLength(1);
    });

    it('waits longer after each failure and starts over at one second once live', async () => {
        goLive();
        for (const wait of [1000, 2000, 4000]) {
            const before = env.sockets.length;
            env.socket.break();
            await env.time.pass(wait - 1);
            expect(env.sockets).toHaveLength(before);
            await env.time.pass(1);
            expect(env.sockets).toHaveLength(before + 1);
        }
        env.socket.welcome();
        env.socket.pong();
        env.socket.break();
        await env.time.pass(1000);
        expect(env.sockets).toHaveLength(5);
    });

    it('connects at once when the page wakes', async () => {
        goLive();
        env.socket.break();
        live.wake();
        expect(env.sockets).toHaveLength(2);
        live.wake();
        expect(env.sockets).toHaveLength(2);
    });

    it('replaces a socket that went dead during sleep', async () => {
        goLive();
        env.socket.pong();
        live.wake();
        await env.time.pass(4000);
        expect(env.sockets).toHaveLength(2);
        expect(env.sockets[0]!.closedWith).toBe(4000);
    });

    it('gives up on an upgrade that is never answered', async () => {
        live.start();
        await env.time.pass(11_000);
        expect(env.sockets).toHaveLength(2);
    });

    it('counts missed heartbeats and replaces a silent socket', async () => {
        goLive();
        await env.time.pass(15_000);
        expect(status.missedHeartbeats).toBe(0);
        await env.time.pass(15_000);
        expect(status.missedHeartbeats).toBe(1);
        await env.time.pass(15_000);
        expect(env.sockets[0]!.closedWith).toBe(4000);
        await env.time.pass(1000);
        expect(env.sockets).toHaveLength(2);
    });

    it('measures the round trip and tells time by the server', async () => {
        live.start();
        env.socket.welcome('log-a', '2026-11-20T10:00:00.000Z');
        await env.time.pass(40);
        env.socket.pong();
        expect(status.rttMs).toBe(40);
        expect(live.clock.now()).toBe(Date.parse('2026-11-20T10:00:00.000Z') + 20);
    });

    it('stops for good until the PIN when credentials end', async () => {
        goLive(9);
        env.socket.break(4401);
        expect(status.signedOut).toBe(true);
        await env.time.pass(120_000);
        live.wake();
        expect(env.sockets).toHaveLength(1);
        live.signedIn();
        expect(env.sockets).toHaveLength(2);
        expect(env.socket.query.get('since')).toBe('9');
    });
});

describe('requests', () => {
    it('are answered by their own ack', async () => {
        goLive();
        const first = live.request({ type: 'set_status', ticket_id: 1, status: 'ready' });
        const second = live.request({ type: 'set_status', ticket_id: 2, status: 'ready' });
        const [a, b] = env.socket.sentOf('set_status');
        env.socket.say({ type: 'ack', request_id: b!.request_id, result: 'two', seq: 9 });
        env.socket.say({ type: 'ack', request_id: a!.request_id, result: 'one', seq: 8 });
        expect(await first).toEqual({ result: 'one', seq: 8 });
        expect(await second).toEqual({ result: 'two', seq: 9 });
    });

    it('fail with the code the box gave', async () => {
        goLive();
        const asked = live.request({ type: 'set_status', ticket_id: 1, status: 'ready' });
        const id = env.socket.sentOf('set_status')[0]!.request_id;
        env.socket.say({ type: 'error', request_id: id, code: 'INVALID_TRANSITION', detail: 'ready or served' });
        await expect(asked).rejects.toMatchObject({ code: 'INVALID_TRANSITION', message: 'ready or served' });
    });

    it('are lost, not refused, when the socket breaks or stays silent', async () => {
        goLive();
        const broken = live.request({ type: 'x' });
        env.socket.break();
        await expect(broken).rejects.toMatchObject({ code: 'LOST' });
        await expect(live.request({ type: 'x' })).rejects.toBeInstanceOf(LiveError);
        live.wake();
        env.socket.welcome();
        const silent = live.request({ type: 'x' }).catch((error: LiveError) => error.code);
        await env.time.pass(10_000);
        expect(await silent).toBe('LOST');
    });
});

describe('polling', () => {
    async function cannotConnect(): Promise<void> {
        live.start();
        env.socket.break();
        await settle();
    }

    it('takes over when the socket cannot be had, from the same place', async () => {
        goLive(7);
        env.socket.break();
        expect(env.polls).toHaveLength(0);
        await env.time.pass(1000);
        env.socket.break();
        await settle();
        expect(env.polls[0]!.query.toString()).toBe('station=grill&since=7&log=log-a');
        env.polls[0]!.answer({ events: [created(8) as StateFrame], seq: 8 });
        await settle();
        expect(status.state).toBe('polling');
        expect(env.polls[1]!.query.get('since')).toBe('8');
        expect(env.polls[1]!.query.get('wait_s')).toBe('25');
    });

    it('stops when the socket is back', async () => {
        await cannotConnect();
        env.polls[0]!.answer({ events: [sync(7)], seq: 7 });
        await env.time.pass(1000);
        env.socket.welcome();
        env.socket.pong();
        expect(status.state).toBe('live');
        expect(env.polls.at(-1)!.signal.aborted).toBe(true);
    });

    it('says offline while nothing answers and tries on', async () => {
        await cannotConnect();
        env.polls[0]!.fail(0);
        await settle();
        expect(status.state).toBe('offline');
        await env.time.pass(1000);
        expect(env.polls).toHaveLength(2);
        env.polls[1]!.answer({ events: [sync(7)], seq: 7 });
        await settle();
        expect(status.state).toBe('polling');
        expect(reachable).toBe(1);
    });

    it('finds out that a refused upgrade was about credentials', async () => {
        await cannotConnect();
        env.polls[0]!.fail(401);
        await settle();
        expect(status.signedOut).toBe(true);
        await env.time.pass(60_000);
        expect(env.sockets).toHaveLength(1);
    });

    it('does not race a box that answers empty polls at once', async () => {
        await cannotConnect();
        env.polls[0]!.answer({ events: [sync(7)], seq: 7 });
        await settle();
        env.polls[1]!.answer({ events: [], seq: 7 });
        await settle();
        expect(env.polls).toHaveLength(2);
        await env.time.pass(1000);
        expect(env.polls).toHaveLength(3);
    });

    it('does not skip past a full page', async () => {
        await cannotConnect();
        env.polls[0]!.answer({ events: [sync(1)], seq: 1 });
        await settle();
        env.polls[1]!.answer({ events: Array.from({ length: 500 }, (_, i) => created(i + 2) as StateFrame), seq: 9000 });
        await settle();
        expect(env.polls[2]!.query.get('since')).toBe('501');
    });
});
