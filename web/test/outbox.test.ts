/* SPDX-License-Identifier: MIT */
import 'fake-indexeddb/auto';
import { beforeEach, describe, expect, it } from 'vitest';
import { ApiError } from '../src/api';
import { LiveError } from '../src/live';
import { ASK_AFTER_MS, browserStorage, memoryStorage, Outbox, type OutboxStorage, randomKey, type SendResult, type Unsent } from '../src/outbox';
import { judge, sendOrder } from '../src/send';
import type { NewOrder } from '../src/types';
import { FakeTime, order, settle } from './fakes';

const wanted: NewOrder = { order_type: 'takeout', items: [{ menu_item_id: 3, quantity: 2 }] };
const later: SendResult = { kind: 'later' };

let time: FakeTime;
let storage: OutboxStorage;
let sent: string[];
let replies: SendResult[];
let entries: readonly Unsent[];
let accepted: string[];
let keys: number;

/** A box that remembers keys, as the contract says. */
function build(): Outbox {
    return new Outbox({
        storage,
        send: (entry) => {
            sent.push(entry.key);
            return Promise.resolve(replies.shift() ?? { kind: 'accepted', order: order(sent.length), seq: 1 });
        },
        now: () => time.now,
        newKey: () => `key-${++keys}`,
        setTimer: time.set,
        onChange: (next) => (entries = next),
        onAccepted: (entry) => accepted.push(entry.key),
    });
}

beforeEach(() => {
    time = new FakeTime();
    storage = memoryStorage();
    sent = [];
    replies = [];
    entries = [];
    accepted = [];
    keys = 0;
});

describe('outbox', () => {
    it('stores an order before it is sent and forgets it when accepted', async () => {
        let storedAtSend: Unsent[] = [];
        const box = new Outbox({
            storage,
            send: async () => {
                storedAtSend = await storage.all();
                return { kind: 'accepted', order: order(1), seq: 1 };
            },
            now: () => 0,
            newKey: () => 'k',
            setTimer: time.set,
            onChange: () => undefined,
            onAccepted: () => undefined,
        });
        await box.add(wanted, 'Table 5', ['2 × Dal']);
        await settle();
        expect(storedAtSend.map((entry) => entry.key)).toEqual(['k']);
        expect(await storage.all()).toEqual([]);
    });

    it('keeps the key over every retry', async () => {
        replies = [later, later];
        const box = build();
        await box.add(wanted, 'Takeaway', []);
        await time.pass(10_000);
        expect(sent).toEqual(['key-1', 'key-1', 'key-1']);
        expect(accepted).toEqual(['key-1']);
        expect(entries).toEqual([]);
    });

    it('sends each once though drained from all sides', async () => {
        const box = build();
        await box.add(wanted, 'a', []);
        await box.add(wanted, 'b', []);
        await Promise.all([box.drain(), box.drain(), box.drain()]);
        await settle();
        expect(sent).toEqual(['key-1', 'key-2']);
    });

    it('keeps the order of entry: nothing overtakes an order that must wait', async () => {
        replies = [later];
        const box = build();
        await box.add(wanted, 'a', []);
        await box.add(wanted, 'b', []);
        await time.pass(10_000);
        expect(accepted).toEqual(['key-1', 'key-2']);
    });

    it('goes on after a reload with the same key', async () => {
        replies = [later];
        await build().add(wanted, 'a', []);
        await settle();
        const reopened = build();
        await reopened.load();
        expect(sent).toEqual(['key-1', 'key-1']);
        expect(await storage.all()).toEqual([]);
    });

    it('keeps a refused order as an error, does not resend it and does not let it block others', async () => {
        replies = [{ kind: 'refused', code: 'ITEM_UNAVAILABLE', detail: 'Naan has run out.', field: 'items[0]' }];
        const box = build();
        await box.add(wanted, 'a', []);
        await settle();
        await box.add(wanted, 'b', []);
        await time.pass(60_000);
        expect(sent).toEqual(['key-1', 'key-2']);
        expect(entries.map((entry) => [entry.key, entry.state, entry.error?.detail])).toEqual([['key-1', 'refused', 'Naan has run out.']]);
        expect((await storage.all())[0]!.state).toBe('refused');
        await box.discard('key-1');
        expect(await storage.all()).toEqual([]);
    });

    it('asks a person before sending what is older than half an hour', async () => {
        replies = [later];
        await build().add(wanted, 'a', []);
        await settle();
        time.now = ASK_AFTER_MS + 1;
        const reopened = build();
        await reopened.load();
        expect(sent).toHaveLength(1);
        await reopened.confirm('key-1');
        await settle();
        expect(sent).toHaveLength(2);
    });

    it('waits for the PIN without losing anything', async () => {
        replies = [{ kind: 'signed_out' }];
        const box = build();
        await box.add(wanted, 'a', []);
        await time.pass(600_000);
        expect(sent).toHaveLength(1);
        expect(entries).toHaveLength(1);
        await box.drain();
        expect(accepted).toEqual(['key-1']);
    });

    it('sends from memory when the storage refuses', async () => {
        storage = { ...memoryStorage(), put: () => Promise.reject(new Error('quota')) };
        await build().add(wanted, 'a', []);
        await settle();
        expect(accepted).toEqual(['key-1']);
    });

    it('makes keys that differ and fit the contract', () => {
        expect(randomKey()).toMatch(/^[0-9a-f]{32}$/);
        expect(randomKey()).not.toBe(randomKey());
    });

    it('keeps restaurants apart in durable storage', async () => {
        const entry: Unsent = { key: 'k', order: wanted, addTo: null, place: 'a', lines: [], created: 1, state: 'waiting', error: null, confirmed: false };
        const one = await browserStorage('one');
        const two = await browserStorage('two');
        expect(one.durable).toBe(true);
        await one.put(entry);
        expect(await one.all()).toEqual([entry]);
        expect(await two.all()).toEqual([]);
        await one.delete('k');
        expect(await one.all()).toEqual([]);
    });
});

describe('one attempt', () => {
    const entry = { key: 'k', order: wanted } as Unsent;

    function wire(overSocket: () => Promise<unknown>, overHttp: () => Promise<unknown> = () => Promise.reject(new Error('no POST expected'))) {
        const posted: string[] = [];
        const live = { request: overSocket } as Parameters<typeof sendOrder>[1];
        const api = { createOrder: (_: unknown, key: string) => (posted.push(key), overHttp()) } as Parameters<typeof sendOrder>[2];
        return { posted, result: sendOrder(entry, live, api) };
    }

    it('takes the ack of the socket and posts nothing', async () => {
        const { posted, result } = wire(() => Promise.resolve({ result: order(4), seq: 12 }));
        expect(await result).toEqual({ kind: 'accepted', order: order(4), seq: 12 });
        expect(posted).toEqual([]);
    });

    it('posts under the same key when the ack is lost', async () => {
        const { posted, result } = wire(() => Promise.reject(new LiveError('LOST', '')), () => Promise.resolve(order(4)));
        expect((await result).kind).toBe('accepted');
        expect(posted).toEqual(['k']);
    });

    it('does not post what the box refused', async () => {
        const { posted, result } = wire(() => Promise.reject(new LiveError('ITEM_UNAVAILABLE', 'out')));
        expect((await result).kind).toBe('refused');
        expect(posted).toEqual([]);
    });

    it('keeps the order when nothing answers', async () => {
        const { result } = wire(() => Promise.reject(new LiveError('LOST', '')), () => Promise.reject(new ApiError(0, 'NETWORK', '')));
        expect(await result).toEqual({ kind: 'later' });
    });

    it('tells a full box, a slow-down and an ended session from a refusal', () => {
        expect(judge('STORAGE_FULL', '', null)).toEqual({ kind: 'later' });
        expect(judge('RATE_LIMITED', '', null, 5)).toEqual({ kind: 'later', afterMs: 5000 });
        expect(judge('HTTP_502', '', null, null, 502)).toEqual({ kind: 'later' });
        expect(judge('UNAUTHENTICATED', '', null)).toEqual({ kind: 'signed_out' });
        expect(judge('IDEMPOTENCY_MISMATCH', 'x', null).kind).toBe('refused');
    });
});
