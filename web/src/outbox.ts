/* SPDX-License-Identifier: MIT */
/**
 * Orders that the box has not answered yet. They live in durable storage from before the first attempt until the answer,
 * under one idempotency key each, so that however often an order is sent, the kitchen gets it once.
 */
import { openDB } from 'idb';
import type { NewOrder, Order } from './types';

export interface Unsent {
    key: string;
    order: NewOrder;
    /** An order that runs already: its items are added to that one. */
    addTo: number | null;
    /** Where it goes, in the words of the person who sent it. */
    place: string;
    lines: string[];
    created: number;
    state: 'waiting' | 'refused';
    error: { code: string; detail: string; field: string | null } | null;
    /** A person said that this late order is still wanted. */
    confirmed: boolean;
}

export interface OutboxStorage {
    all(): Promise<Unsent[]>;
    put(entry: Unsent): Promise<void>;
    delete(key: string): Promise<void>;
}

export type SendResult =
    | { kind: 'accepted'; order: Order; seq: number | null }
    | { kind: 'refused'; code: string; detail: string; field: string | null }
    /** Nobody knows, or the box asked to come back later: keep it and try again with the same key. */
    | { kind: 'later'; afterMs?: number }
    | { kind: 'signed_out' };

export interface OutboxEnv {
    storage: OutboxStorage;
    send(entry: Unsent): Promise<SendResult>;
    now(): number;
    newKey(): string;
    setTimer(fn: () => void, ms: number): unknown;
    onChange(entries: readonly Unsent[], sending: string | null): void;
    onAccepted(entry: Unsent, order: Order, seq: number | null): void;
}

export const ASK_AFTER_MS = 30 * 60_000;
export const MANY = 50;
const RETRY_MS = 3000;

export function mustAsk(entry: Unsent, now: number): boolean {
    return entry.state === 'waiting' && !entry.confirmed && now - entry.created > ASK_AFTER_MS;
}

export class Outbox {
    private entries: Unsent[] = [];
    private draining = false;
    private again = false;
    private sending: string | null = null;
    private retryAsked = false;

    constructor(private readonly env: OutboxEnv) {}

    get all(): readonly Unsent[] {
        return this.entries;
    }

    async load(): Promise<void> {
        const stored = await this.env.storage.all();
        const known = new Set(this.entries.map((entry) => entry.key));
        this.entries = [...stored.filter((entry) => !known.has(entry.key)), ...this.entries].sort((a, b) => a.created - b.created);
        this.changed();
        await this.drain();
    }

    /** Resolves once the order is in durable storage; sending goes on by itself. */
    async add(order: NewOrder, place: string, lines: string[], addTo: number | null = null): Promise<Unsent> {
        const entry: Unsent = {
            key: this.env.newKey(),
            order,
            addTo,
            place,
            lines,
            created: this.env.now(),
            state: 'waiting',
            error: null,
            confirmed: false,
        };
        // Seen at once, so that nobody presses Send twice while the storage thinks.
        this.entries = [...this.entries, entry];
        this.changed();
        // A full or broken storage must not keep an order from the kitchen; it is then held in memory alone.
        await this.env.storage.put(entry).catch(() => undefined);
        void this.drain();
        return entry;
    }

    async confirm(key: string): Promise<void> {
        const entry = this.entries.find((e) => e.key === key);
        if (!entry) return;
        await this.replace({ ...entry, confirmed: true });
        void this.drain();
    }

    /** Throws an order away: only ever on a person's word. */
    async discard(key: string): Promise<void> {
        if (key === this.sending) return;
        await this.remove(key);
    }

    /** Sends what may be sent, one after the other in the order of entry. Safe to call at any time and as often as wanted. */
    async drain(): Promise<void> {
        if (this.draining) {
            this.again = true;
            return;
        }
        this.draining = true;
        try {
            do {
                this.again = false;
                for (let next = this.next(); next; next = this.next()) if (!(await this.sendOne(next))) break;
            } while (this.again);
        } finally {
            this.draining = false;
        }
    }

    private next(): Unsent | undefined {
        return this.entries.find((entry) => entry.state === 'waiting' && !mustAsk(entry, this.env.now()));
    }

    private async sendOne(entry: Unsent): Promise<boolean> {
        this.sending = entry.key;
        this.changed();
        let result: SendResult;
        try {
            result = await this.env.send(entry);
        } catch {
            result = { kind: 'later' };
        }
        this.sending = null;
        switch (result.kind) {
            case 'accepted':
                this.env.onAccepted(entry, result.order, result.seq);
                await this.remove(entry.key);
                return true;
            case 'refused':
                await this.replace({
                    ...entry,
                    state: 'refused',
                    error: { code: result.code, detail: result.detail, field: result.field },
                });
                return true;
            case 'later':
                this.changed();
                this.retryIn(result.afterMs ?? RETRY_MS);
                return false;
            case 'signed_out':
                this.changed();
                return false;
        }
    }

    private retryIn(ms: number): void {
        if (this.retryAsked) return;
        this.retryAsked = true;
        this.env.setTimer(() => {
            this.retryAsked = false;
            void this.drain();
        }, ms);
    }

    private async replace(entry: Unsent): Promise<void> {
        this.entries = this.entries.map((held) => (held.key === entry.key ? entry : held));
        this.changed();
        await this.env.storage.put(entry);
    }

    private async remove(key: string): Promise<void> {
        this.entries = this.entries.filter((entry) => entry.key !== key);
        this.changed();
        await this.env.storage.delete(key);
    }

    private changed(): void {
        this.env.onChange(this.entries, this.sending);
    }
}

/** crypto.randomUUID wants HTTPS, which a box on the restaurant's own Wi-Fi does not have. */
export function randomKey(fillRandom: (bytes: Uint8Array) => Uint8Array = (bytes) => crypto.getRandomValues(bytes)): string {
    return [...fillRandom(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** One database a restaurant. Where the browser refuses storage (private windows do), memory must do, and `durable` says so. */
export async function browserStorage(slug: string): Promise<OutboxStorage & { durable: boolean }> {
    try {
        const db = await openDB(`servery-${slug}`, 1, {
            upgrade(fresh) {
                fresh.createObjectStore('unsent', { keyPath: 'key' });
            },
        });
        return {
            durable: true,
            all: () => db.getAll('unsent') as Promise<Unsent[]>,
            async put(entry) {
                const write = db.transaction('unsent', 'readwrite', { durability: 'strict' });
                await write.store.put(entry);
                await write.done;
            },
            delete: (key) => db.delete('unsent', key),
        };
    } catch {
        return { durable: false, ...memoryStorage() };
    }
}

export function memoryStorage(): OutboxStorage {
    const held = new Map<string, Unsent>();
    return {
        all: () => Promise.resolve([...held.values()]),
        put: (entry) => Promise.resolve(void held.set(entry.key, entry)),
        delete: (key) => Promise.resolve(void held.delete(key)),
    };
}
