/* SPDX-License-Identifier: MIT */
/** What the dashboard works out: the hours of a day, a usual day, filters, CSV. Pure. */
import type { Metrics, Order, OrderStatus } from '../types';

export interface Hour {
    hour: number;
    orders: number;
    revenue: number;
}

/** The hours from the first to the last that had orders on either day, in the order of the business day. */
export function hoursOf(today: readonly Hour[], usual: readonly Hour[], closing: number): number[] {
    const place = (hour: number) => (hour - closing + 24) % 24;
    const seen = [...today, ...usual].map(({ hour }) => place(hour));
    if (seen.length === 0) return [];
    const [first, last] = [Math.min(...seen), Math.max(...seen)];
    return Array.from({ length: last - first + 1 }, (_, i) => (first + i + closing) % 24);
}

/** The local hour of a stamp in that time zone. */
export function hourOf(stamp: string, timeZone: string): number {
    try {
        return Number(new Intl.DateTimeFormat('en', { hour: '2-digit', hourCycle: 'h23', timeZone }).format(new Date(stamp)));
    } catch {
        return new Date(stamp).getHours();
    }
}

/** Orders by hour, each hour divided by how many days they are of. */
export function averageHours(days: readonly (readonly Order[])[], timeZone: string): Hour[] {
    const hours = new Map<number, Hour>();
    const counted = days.filter((orders) => orders.length > 0);
    for (const order of counted.flat()) {
        const hour = hourOf(order.created_at, timeZone);
        const held = hours.get(hour) ?? { hour, orders: 0, revenue: 0 };
        const revenue = order.order_status === 'cancelled' ? 0 : (order.total_price ?? 0);
        hours.set(hour, { hour, orders: held.orders + 1, revenue: held.revenue + revenue });
    }
    return [...hours.values()].map(({ hour, orders, revenue }) => ({ hour, orders: orders / counted.length, revenue: revenue / counted.length }));
}

/** Summed up hour by hour, as the eye compares evenings. */
export function runningSums(hours: readonly number[], of: readonly Hour[], pick: (hour: Hour) => number): number[] {
    let sum = 0;
    return hours.map((hour) => (sum += of.filter((each) => each.hour === hour).reduce((total, each) => total + pick(each), 0)));
}

/** The business day as the contract writes it, so many days before. */
export function dayBefore(day: string, days: number): string {
    const at = new Date(`${day}T12:00:00Z`);
    at.setUTCDate(at.getUTCDate() - days);
    return at.toISOString().slice(0, 10);
}

/** The business day that a stamp belongs to, in that time zone. */
export function businessDay(stampMs: number, timeZone: string, closing: number): string {
    const shifted = new Date(stampMs - closing * 3_600_000);
    try {
        return new Intl.DateTimeFormat('sv-SE', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(shifted);
    } catch {
        return shifted.toISOString().slice(0, 10);
    }
}

export interface Filters {
    status: OrderStatus | 'active' | '';
    station: string;
    day: string;
    q: string;
}

const ACTIVE = 'held,pending,preparing,ready';
export const STATUSES: readonly Filters['status'][] = ['', 'active', 'held', 'pending', 'preparing', 'ready', 'served', 'cancelled'];

export function filtersOf(query: URLSearchParams): Filters {
    const status = STATUSES.find((each) => each === query.get('status')) ?? '';
    return { status, station: query.get('station') ?? '', day: query.get('day') ?? '', q: query.get('q') ?? '' };
}

/** For the address bar: what is set, so that a reload and a shared link show the same. */
export function toQuery(filters: Filters, extra: Record<string, string> = {}): string {
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries({ ...filters, ...extra })) if (value) query.set(name, value);
    const text = query.toString();
    return text ? `?${text}` : '';
}

/** For the box. */
export function toRequest(filters: Filters, limit: number, cursor: string | null): string {
    const query = new URLSearchParams({ limit: String(limit) });
    if (filters.status) query.set('status', filters.status === 'active' ? ACTIVE : filters.status);
    if (filters.station) query.set('station', filters.station);
    if (filters.day) query.set('day', filters.day);
    if (filters.q.trim()) query.set('q', filters.q.trim());
    if (cursor) query.set('cursor', cursor);
    return `/orders?${query}`;
}

/** A spreadsheet runs what begins with these as a formula, and a guest may choose their name. */
const FORMULA = /^[=+\-@\t\r]/;

export function csvCell(value: string | number): string {
    if (typeof value === 'number') return String(value);
    const safe = FORMULA.test(value) ? `'${value}` : value;
    return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Amounts as plain decimals, since a spreadsheet adds those. */
export function toCsv(orders: readonly Order[], amount: (minor: number) => string): string {
    const head = ['order_number', 'created_at', 'order_type', 'table', 'customer', 'waiter', 'status', 'payment', 'items', 'total', 'tax'];
    const lines = orders.map((order) => [
        order.order_number,
        order.created_at,
        order.order_type,
        order.table_name ?? '',
        order.customer_name ?? '',
        order.created_by?.name ?? '',
        order.order_status,
        order.payment_status,
        order.items.filter((item) => item.item_status !== 'voided').map((item) => `${item.quantity} x ${item.name}`).join('; '),
        Number(amount(order.total_price ?? 0)),
        Number(amount(order.tax ?? 0)),
    ]);
    return [head, ...lines].map((line) => line.map(csvCell).join(',')).join('\r\n') + '\r\n';
}

export function minutesText(seconds: number | null): string {
    return seconds === null ? '–' : `${Math.floor(seconds / 60)}:${String(Math.round(seconds % 60)).padStart(2, '0')}`;
}

/** Money shows only where somebody may see it. */
export function hasMoney(metrics: Metrics): boolean {
    return (metrics as { revenue_today: number | null }).revenue_today !== null;
}
