/* SPDX-License-Identifier: MIT */
/** HTTP calls of the contract. Every failure is an ApiError; status 0 means that no answer came. */
import type { EventsPage, HeldTickets, Menu, NewItem, Order, Problem, Restaurant, Session, StripTicket } from './types';

export class ApiError extends Error {
    constructor(
        readonly status: number,
        readonly code: string,
        detail: string,
        readonly field: string | null = null,
        readonly retryAfterS: number | null = null,
    ) {
        super(detail);
        this.name = 'ApiError';
    }

    get offline(): boolean {
        return this.status === 0;
    }
}

export interface CallOptions {
    method?: string;
    body?: unknown;
    key?: string;
    signal?: AbortSignal;
    timeoutMs?: number;
}

type Fetch = typeof fetch;

const TIMEOUT_MS = 15_000;

async function problemOf(response: Response): Promise<ApiError> {
    const after = Number(response.headers.get('Retry-After'));
    let problem: Partial<Problem> = {};
    try {
        problem = (await response.json()) as Partial<Problem>;
    } catch {
        // A proxy in between may answer with anything; the status alone must do then.
    }
    return new ApiError(
        response.status,
        problem.code ?? `HTTP_${response.status}`,
        problem.detail ?? response.statusText,
        problem.field ?? null,
        Number.isFinite(after) && after > 0 ? after : null,
    );
}

export class Api {
    /** Told about every 401, so that one place can ask for the PIN. */
    onUnauthenticated: () => void = () => {};

    constructor(
        readonly base: string,
        private readonly fetcher: Fetch = (input, init) => fetch(input, init),
    ) {}

    async call<T>(path: string, options: CallOptions = {}): Promise<T> {
        const abort = new AbortController();
        const timer = setTimeout(() => abort.abort(), options.timeoutMs ?? TIMEOUT_MS);
        options.signal?.addEventListener('abort', () => abort.abort());
        if (options.signal?.aborted) abort.abort();
        try {
            const headers: Record<string, string> = { Accept: 'application/json' };
            if (options.body !== undefined) headers['Content-Type'] = 'application/json';
            if (options.key) headers['Idempotency-Key'] = options.key;
            const response = await this.fetcher(this.base + path, {
                method: options.method ?? 'GET',
                headers,
                body: options.body === undefined ? null : JSON.stringify(options.body),
                credentials: 'same-origin',
                signal: abort.signal,
            });
            if (!response.ok) throw await problemOf(response);
            return (response.status === 204 ? undefined : await response.json()) as T;
        } catch (error) {
            if (!(error instanceof ApiError)) throw new ApiError(0, 'NETWORK', 'no answer');
            if (error.status === 401 && path !== '/session') this.onUnauthenticated();
            throw error;
        } finally {
            clearTimeout(timer);
        }
    }

    session = () => this.call<Session>('/session');
    signIn = (staffId: number | null, pin: string) =>
        this.call<Session>('/session', { method: 'POST', body: staffId === null ? { pin } : { staff_id: staffId, pin } });
    signOut = () => this.call<void>('/session', { method: 'DELETE' });
    staffNames = () => this.call<{ staff: { id: number; name: string }[] }>('/staff/names');
    restaurant = () => this.call<Restaurant>('/restaurant');
    menu = () => this.call<Menu>('/menu');
    strip = (limit: number) => this.call<{ tickets: StripTicket[] }>(`/strip?limit=${limit}`);
    ticketImage = (id: number) => `${this.base}/tickets/${id}/image.png`;
    createOrder = (order: unknown, key: string) => this.call<Order>('/orders', { method: 'POST', body: order, key });
    addItems = (orderId: number, items: NewItem[], key: string) => this.post<Order>(`/orders/${orderId}/items`, { items }, key);
    patchOrder = (id: number, change: Record<string, unknown>) => this.call<Order>(`/orders/${id}`, { method: 'PATCH', body: change });
    setAvailable = (itemId: number, available: boolean) =>
        this.call<unknown>(`/menu/items/${itemId}`, { method: 'PATCH', body: { available } });
    acknowledge = (alertId: number) => this.post<unknown>(`/alerts/${alertId}/acknowledge`, {});
    reprint = (ticketId: number, key: string) => this.post<Order>(`/tickets/${ticketId}/reprint`, {}, key);
    printBill = (orderId: number, key: string) => this.post<Order>(`/orders/${orderId}/bill`, {}, key);
    /** Tickets that a printer did not print in time, and what is to become of them; none named: all. */
    held = (deviceId: number) => this.call<HeldTickets>(`/devices/${deviceId}/held`);
    decideHeld = (deviceId: number, action: 'print' | 'discard', ticketIds: number[], key: string) =>
        this.post<HeldTickets>(`/devices/${deviceId}/held`, { action, ticket_ids: ticketIds }, key);
    /** A call that may be made again under the same key without acting twice. */
    post = <T>(path: string, body: unknown, key?: string) => this.call<T>(path, { method: 'POST', body, ...(key ? { key } : {}) });
    setStatus = (target: StatusTarget, status: string, key: string) =>
        this.call<Order>(statusPath(target), { method: 'POST', body: { status }, key });
    events = (query: URLSearchParams, signal: AbortSignal) =>
        this.call<EventsPage>(`/events?${query}`, { signal, timeoutMs: 40_000 });
}

export type StatusTarget = { order_id: number } | { ticket_id: number } | { item_id: number };

function statusPath(target: StatusTarget): string {
    if ('order_id' in target) return `/orders/${target.order_id}/status`;
    return 'ticket_id' in target ? `/tickets/${target.ticket_id}/status` : `/items/${target.item_id}/status`;
}
