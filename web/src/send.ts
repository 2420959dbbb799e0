/* SPDX-License-Identifier: MIT */
/** One attempt to hand an unsent order to the box: over the socket, and by POST under the same key where that leaves doubt. */
import { type Api, ApiError } from './api';
import { type Live, LiveError } from './live';
import type { SendResult, Unsent } from './outbox';
import type { Order } from './types';

const COME_BACK = new Set(['RATE_LIMITED', 'UNAVAILABLE', 'STORAGE_FULL', 'INTERNAL']);

export function judge(code: string, detail: string, field: string | null, afterS: number | null = null, status = 0): SendResult {
    if (code === 'UNAUTHENTICATED') return { kind: 'signed_out' };
    if (COME_BACK.has(code) || status >= 500) return afterS === null ? { kind: 'later' } : { kind: 'later', afterMs: afterS * 1000 };
    return { kind: 'refused', code, detail, field };
}

export async function sendOrder(entry: Unsent, live: Pick<Live, 'request'>, api: Pick<Api, 'createOrder' | 'addItems'>): Promise<SendResult> {
    // Entries of an older version of this page have no such field.
    if (entry.addTo) return post(() => api.addItems(entry.addTo!, entry.order.items, entry.key));
    try {
        const answer = await live.request({ type: 'submit_order', idempotency_key: entry.key, order: entry.order });
        return { kind: 'accepted', order: answer.result as Order, seq: answer.seq };
    } catch (error) {
        if (!(error instanceof LiveError)) throw error;
        if (error.code !== 'LOST') return judge(error.code, error.message, error.field);
    }
    return post(() => api.createOrder(entry.order, entry.key));
}

async function post(call: () => Promise<Order>): Promise<SendResult> {
    try {
        return { kind: 'accepted', order: await call(), seq: null };
    } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        if (error.offline) return { kind: 'later' };
        return judge(error.code, error.message, error.field, error.retryAfterS, error.status);
    }
}
