/* SPDX-License-Identifier: MIT */
/** Wires one page: the connection, the store, the outbox and the session, as signals the components read. */
import { batch, computed, signal } from '@preact/signals';
import { Api, ApiError, type StatusTarget } from './api';
import { baseOf, socketUrl } from './base';
import { t } from './i18n';
import { Live, type LiveEnv, LiveError, type LiveStatus, type SocketLike } from './live';
import { browserStorage, Outbox, randomKey, type Unsent } from './outbox';
import { sendOrder } from './send';
import { applyFrames, applyOrder, applyTables, emptyState, type State } from './store';
import type { Menu, Order, Restaurant, Session, StateFrame, Table } from './types';

export const base = baseOf(location.pathname);
export const api = new Api(base.api);

export const store = signal<State>(emptyState);
export const status = signal<LiveStatus | null>(null);
export const session = signal<Session | null | 'unknown'>('unknown');
/** Who is signed in; null while that is not known, or nobody is. */
export const person = computed(() => (session.value === 'unknown' ? null : session.value));
export const isManager = computed(() => person.value?.role === 'manager' || person.value?.role === 'owner');
export const needsPin = signal(false);
export const menu = signal<Menu | null>(null);
export const restaurant = signal<Restaurant | null>(null);
export const loadError = signal<string | null>(null);
export const unsent = signal<readonly Unsent[]>([]);
export const sendingKey = signal<string | null>(null);
/** Server time in milliseconds, turned once a second: what every age on the page is counted from. */
export const now = signal(Date.now());
/** Taps that wait for the box to come back: each is done once it does. */
export const waitingTaps = signal(0);
export const freshAge = signal<number | null>(null);
export const currency = computed(() => restaurant.value?.currency ?? 'EUR');
export const isStale = computed(() => {
    const state = status.value?.state;
    return store.value.synced && (state === 'offline' || state === 'connecting') && (freshAge.value ?? 0) >= 5;
});

const listeners = new Set<(frames: StateFrame[]) => void>();

/** Calls back with every batch of state frames; returns how to stop. */
export function onFrames(listener: (frames: StateFrame[]) => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
}

const env: LiveEnv = {
    openSocket: (query) => new WebSocket(socketUrl(location, base, query)) as unknown as SocketLike,
    poll: (query, signal) => api.events(query, signal),
    monotonic: () => performance.now(),
    wall: () => Date.now(),
    setTimer: (fn, ms) => setTimeout(fn, ms),
    clearTimer: (handle) => clearTimeout(handle as ReturnType<typeof setTimeout>),
    // Hidden pages get no animation frames, and their title and sound must still follow.
    nextFrame: (fn) => {
        if (document.hidden) setTimeout(fn, 50);
        else requestAnimationFrame(fn);
    },
    random: Math.random,
};

let live: Live | null = null;
let outbox: Outbox | null = null;

function requireLive(): Live {
    if (!live) throw new Error('the page is not connected yet');
    return live;
}

export interface StartOptions {
    filters?: Record<string, string>;
    withOutbox?: boolean;
    withMenu?: boolean;
}

/** Signs in if need be, then connects. Called once a page. */
export async function start(options: StartOptions = {}): Promise<void> {
    api.onUnauthenticated = askForPin;
    setInterval(tick, 1000);
    try {
        session.value = await api.session();
    } catch (error) {
        session.value = null;
        if (error instanceof ApiError && error.status === 401) needsPin.value = true;
    }
    connect(options);
    if (options.withOutbox) await openOutbox();
    if (!needsPin.value) await loadFacts(options);
    startOptions = options;
}

let startOptions: StartOptions = {};

function connect(options: StartOptions): void {
    live = new Live(env, {
        filters: options.filters ?? {},
        onFrames: takeFrames,
        onStatus: (next) => {
            if (next.signedOut && !needsPin.peek()) askForPin();
            status.value = next;
        },
        onReachable: () => {
            for (const goOn of reachable.splice(0)) goOn();
            void outbox?.drain();
            // After an answer that never came, what is shown may be the device's memory of it.
            if (loadError.peek() || !restaurant.peek() || (startOptions.withMenu && !menu.peek())) void loadFacts(startOptions);
        },
    });
    if (!needsPin.value) live.start();
    const wake = () => {
        if (!document.hidden) live?.wake();
    };
    document.addEventListener('visibilitychange', wake);
    addEventListener('pageshow', wake);
    addEventListener('online', wake);
    addEventListener('offline', wake);
}

function takeFrames(frames: StateFrame[]): void {
    batch(() => {
        store.value = applyFrames(store.peek(), frames);
        const wanted = store.peek().menuVersion;
        if (startOptions.withMenu && menu.peek() && wanted !== null && wanted !== menu.peek()!.version) void loadMenu();
        for (const listener of listeners) listener(frames);
    });
}

async function openOutbox(): Promise<void> {
    const storage = await browserStorage(base.slug);
    outbox = new Outbox({
        storage,
        send: (entry) => sendOrder(entry, requireLive(), api),
        now: () => requireLive().clock.now(),
        newKey: () => randomKey(),
        setTimer: (fn, ms) => setTimeout(fn, ms),
        onChange: (entries, sending) => {
            unsent.value = entries;
            sendingKey.value = sending;
        },
        onAccepted: (_entry, order, seq) => {
            store.value = applyOrder(store.peek(), order, seq);
        },
    });
    await outbox.load();
}

export function getOutbox(): Outbox {
    if (!outbox) throw new Error('this page has no outbox');
    return outbox;
}

async function loadMenu(): Promise<void> {
    try {
        menu.value = await api.menu();
        keepFacts();
    } catch {
        // The old menu stays; the next frame or reconnect asks again.
    }
}

export async function loadFacts(options: StartOptions = startOptions): Promise<void> {
    loadError.value = null;
    try {
        const [facts, list, who] = await Promise.all([
            api.restaurant(),
            options.withMenu ? api.menu() : null,
            session.peek() ? null : api.session(),
        ]);
        batch(() => {
            if (who) session.value = who;
            restaurant.value = facts;
            if (list) menu.value = list;
        });
        keepFacts();
    } catch (error) {
        loadError.value = explain(error);
        if (error instanceof ApiError && error.offline) recallFacts(options);
    }
}

const FACTS_KEY = `servery-facts-${base.slug}`;

/** Kept on the device, so that a page that is opened while the box is away can take orders all the same. */
function keepFacts(): void {
    try {
        localStorage.setItem(FACTS_KEY, JSON.stringify({ restaurant: restaurant.peek(), ...(menu.peek() ? { menu: menu.peek() } : {}) }));
    } catch {
        // Without storage the page waits for the box.
    }
}

function recallFacts(options: StartOptions): void {
    try {
        const kept = JSON.parse(localStorage.getItem(FACTS_KEY) ?? '{}') as { restaurant?: Restaurant; menu?: Menu };
        batch(() => {
            restaurant.value ??= kept.restaurant ?? null;
            if (options.withMenu) menu.value ??= kept.menu ?? null;
        });
    } catch {
        // A broken memory is none.
    }
}

function tick(): void {
    if (!live) return;
    now.value = live.clock.now();
    const at = live.current.freshAt;
    freshAge.value = at === null ? null : Math.floor((env.monotonic() - at) / 1000);
}

function askForPin(): void {
    needsPin.value = true;
    live?.signedOut();
}

/** After the PIN: the page goes on where it was, with its queue and its place in the log. */
export async function signedIn(who: Session): Promise<void> {
    batch(() => {
        session.value = who;
        needsPin.value = false;
    });
    live?.signedIn();
    await loadFacts();
    void outbox?.drain();
}

export async function signOut(): Promise<void> {
    try {
        await api.signOut();
    } finally {
        session.value = null;
        location.assign(`${base.prefix}/`);
    }
}

export function reconnect(): void {
    live?.reconnect();
    void outbox?.drain();
}

export function tell(frame: Record<string, unknown>): boolean {
    return live?.send(frame) ?? false;
}

const reachable: (() => void)[] = [];
const RETRY_MS = 5000;
const GIVE_UP_MS = 10 * 60_000;

function untilReachable(): Promise<void> {
    return new Promise((resolve) => {
        const timer = setTimeout(resolve, RETRY_MS);
        reachable.push(() => (clearTimeout(timer), resolve()));
    });
}

function isAway(error: unknown): boolean {
    return (error instanceof ApiError && (error.offline || error.status === 503)) || (error instanceof LiveError && error.code === 'LOST');
}

/**
 * Does what a finger asked for, and goes on trying while the box is away: `attempt` gets the same key each time, so that
 * it acts once. Gives up, and throws, after ten minutes, or at once when the box refuses.
 */
export async function persist<T>(attempt: (key: string) => Promise<T>): Promise<T> {
    const key = randomKey();
    const until = env.monotonic() + GIVE_UP_MS;
    let waits = false;
    try {
        for (;;) {
            try {
                return await attempt(key);
            } catch (error) {
                if (!isAway(error) || env.monotonic() > until) throw error;
            }
            if (!waits) waitingTaps.value++;
            waits = true;
            await untilReachable();
        }
    } finally {
        if (waits) waitingTaps.value--;
    }
}

/** Sets a status over the socket, by POST where the socket is away. The answer is the whole order. */
export function setStatus(target: StatusTarget, to: string): Promise<void> {
    return persist(async (key) => {
        let answer: { result: unknown; seq: number | null };
        try {
            answer = await requireLive().request({ type: 'set_status', ...target, status: to });
        } catch (error) {
            if (!(error instanceof LiveError) || error.code !== 'LOST') throw error;
            answer = { result: await api.setStatus(target, to, key), seq: null };
        }
        store.value = applyOrder(store.peek(), answer.result as Order, answer.seq);
    });
}

/** A call that answers with an order, which is then known at once and not only when its event comes. */
export async function changeOrder(call: (key: string) => Promise<Order>): Promise<Order> {
    const order = await persist(call);
    store.value = applyOrder(store.peek(), order);
    return order;
}

/** A call about tables that answers with those changed. */
export async function changeTables(call: (key: string) => Promise<{ tables: Table[] }>): Promise<void> {
    const { tables } = await persist(call);
    store.value = applyTables(store.peek(), tables);
}

/** What went wrong, in words for the person in front of the page. */
export function explain(error: unknown): string {
    const code = error instanceof ApiError || error instanceof LiveError ? error.code : '';
    if (code === 'FORBIDDEN') return t('fail_forbidden');
    if (code === 'NETWORK' || code === 'LOST' || !(error instanceof Error)) return t('fail_network');
    return error.message;
}
