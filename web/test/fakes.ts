/* SPDX-License-Identifier: MIT */
import { ApiError } from '../src/api';
import type { LiveEnv, SocketLike } from '../src/live';
import type { EventsPage, Order, OrderItem, SyncState, Ticket } from '../src/types';

/** Timers that go off only when the test lets time pass. */
export class FakeTime {
    now = 0;
    private timers: { at: number; fn: () => void; id: number }[] = [];
    private last = 0;

    set = (fn: () => void, ms: number): number => {
        this.timers.push({ at: this.now + ms, fn, id: ++this.last });
        return this.last;
    };

    clear = (id: unknown): void => {
        this.timers = this.timers.filter((timer) => timer.id !== id);
    };

    get delays(): number[] {
        return this.timers.map((timer) => timer.at - this.now).sort((a, b) => a - b);
    }

    async pass(ms: number): Promise<void> {
        const end = this.now + ms;
        await settle();
        for (;;) {
            const due = this.timers.filter((timer) => timer.at <= end).sort((a, b) => a.at - b.at || a.id - b.id)[0];
            if (!due) break;
            this.clear(due.id);
            this.now = due.at;
            due.fn();
            await settle();
        }
        this.now = end;
    }
}

export async function settle(): Promise<void> {
    for (let i = 0; i < 20; i++) await Promise.resolve();
}

export class FakeSocket implements SocketLike {
    sent: Record<string, unknown>[] = [];
    closedWith: number | undefined;
    onopen: (() => void) | null = null;
    onmessage: ((event: { data: unknown }) => void) | null = null;
    onclose: ((event: { code: number }) => void) | null = null;

    constructor(readonly query: URLSearchParams) {}

    send(text: string): void {
        this.sent.push(JSON.parse(text) as Record<string, unknown>);
    }

    close(code?: number): void {
        this.closedWith = code;
    }

    say(frame: unknown): void {
        this.onmessage?.({ data: JSON.stringify(frame) });
    }

    break(code = 1006): void {
        this.onclose?.({ code });
    }

    welcome(logId = 'log-a', serverTime = '2026-11-20T10:00:00.000Z'): void {
        this.say({ type: 'connection_established', restaurant_id: 'main', role: 'waiter', client_id: 'c', protocol: 1, heartbeat_s: 15, server_time: serverTime, log_id: logId });
    }

    sentOf(type: string): Record<string, unknown>[] {
        return this.sent.filter((frame) => frame.type === type);
    }

    pong(): void {
        const ping = this.sentOf('ping').at(-1)!;
        this.say({ type: 'pong', request_id: ping.request_id, server_time: '2026-11-20T10:00:00.000Z' });
    }
}

export class FakeEnv implements LiveEnv {
    time = new FakeTime();
    sockets: FakeSocket[] = [];
    polls: { query: URLSearchParams; answer: (page: EventsPage) => void; fail: (status: number) => void; signal: AbortSignal }[] = [];
    frames: (() => void)[] = [];

    openSocket = (query: URLSearchParams): FakeSocket => {
        const socket = new FakeSocket(query);
        this.sockets.push(socket);
        return socket;
    };

    poll = (query: URLSearchParams, signal: AbortSignal): Promise<EventsPage> =>
        new Promise((resolve, reject) => {
            this.polls.push({ query, signal, answer: resolve, fail: (status) => reject(new ApiError(status, 'X', 'x')) });
        });

    monotonic = () => this.time.now;
    wall = () => 5_000_000 + this.time.now;
    setTimer = this.time.set;
    clearTimer = this.time.clear;
    nextFrame = (fn: () => void): void => void this.frames.push(fn);
    random = () => 1;

    get socket(): FakeSocket {
        return this.sockets.at(-1)!;
    }

    drawFrame(): void {
        for (const fn of this.frames.splice(0)) fn();
    }
}

export function sync(seq: number, change: Partial<SyncState> = {}): SyncState {
    return { type: 'sync_state', seq, reason: 'initial', active_orders: [], recent_orders: [], tables: [], devices: [], alerts: [], menu_version: 1, metrics: null, ...change };
}

export function item(id: number, change: Partial<OrderItem> = {}): OrderItem {
    return { id, menu_item_id: 3, name: 'Dal', kitchen_name: null, quantity: 1, unit_price: 100, modifiers: [], note: '', seat: null, course: 1, station: 'grill', item_status: 'pending', ticket_id: 31, ...change };
}

export function ticket(id: number, change: Partial<Ticket> = {}): Ticket {
    return { id, station: 'grill', kot_number: id, previous_kot_number: null, kind: 'new', ticket_status: 'pending', lines: [{ item_id: 41, quantity: 1, change: 'add' }], created_at: '2026-11-20T10:00:00.000Z', ...change };
}

export function order(id: number, change: Partial<Order> = {}): Order {
    return {
        id, order_number: `ORD-${id}`, restaurant_id: 'main', order_type: 'dine_in', table_id: 5, table_name: '5', guests: 2, customer_name: null, customer_phone: null, payment_method: null, order_status: 'pending', payment_status: 'pending',
        priority: 'normal', source: 'pos', note: '', currency: 'EUR', subtotal: 100, discount: 0, service_charge: 0, tax: 0, total_price: 100, estimated_time: 15, created_at: '2026-11-20T10:00:00.000Z', client_created_at: null,
        updated_at: '2026-11-20T10:00:00.000Z', created_by: { kind: 'staff', id: 3, name: 'Maria' }, version: 1, items: [item(41)], tickets: [ticket(31)], ...change,
    };
}
