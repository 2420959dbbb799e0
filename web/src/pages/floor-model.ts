/* SPDX-License-Identifier: MIT */
/** What the floor shows of each table, worked out apart from how it looks. Pure. */
import { pieces, readyItems } from '../order-view';
import { isFinished, type State } from '../store';
import type { Order, Table } from '../types';

/** Why a table wants somebody, the most pressing first. */
export type Want = 'food' | 'bill' | 'idle' | null;

export interface TableView {
    table: Table;
    orders: Order[];
    /** Pieces that stand on the pass for this table. */
    ready: number;
    want: Want;
    idleS: number | null;
}

/** Guests who have waited this long without anybody at their table. */
export const IDLE_S = 20 * 60;

export function viewOf(state: State, table: Table, nowMs: number): TableView {
    const orders = table.order_ids.map((id) => state.orders.get(id)).filter((order): order is Order => !!order && order.order_status !== 'cancelled');
    const ready = pieces(orders.filter((order) => !isFinished(order)).flatMap(readyItems));
    const seated = table.status === 'occupied' || table.status === 'bill';
    const idleS = seated && table.last_activity_at ? Math.max(0, Math.floor((nowMs - Date.parse(table.last_activity_at)) / 1000)) : null;
    const want = ready > 0 ? 'food' : table.status === 'bill' ? 'bill' : idleS !== null && idleS >= IDLE_S ? 'idle' : null;
    return { table, orders, ready, want, idleS };
}

const byName = new Intl.Collator(undefined, { numeric: true }).compare;

export function areasOf(tables: Iterable<Table>, nameless: string): [area: string, tables: Table[]][] {
    const groups = new Map<string, Table[]>();
    for (const table of tables) {
        const area = table.area || nameless;
        groups.set(area, [...(groups.get(area) ?? []), table]);
    }
    for (const list of groups.values()) list.sort((a, b) => byName(a.name, b.name));
    return [...groups].sort(([a], [b]) => byName(a, b));
}

export interface Spot {
    table: Table;
    /** Of the width and height of the map, in percent: the middle of the table. */
    left: number;
    top: number;
}

/**
 * Where tables stand: their own places, stretched to the map. Null where that would be no map: nobody has placed them
 * (all on one spot), or two stand on each other.
 */
export function mapOf(tables: readonly Table[]): Spot[] | null {
    if (tables.length === 0) return null;
    const xs = tables.map((table) => table.x);
    const ys = tables.map((table) => table.y);
    const [left, top] = [Math.min(...xs), Math.min(...ys)];
    const [width, height] = [Math.max(...xs) - left, Math.max(...ys) - top];
    const places = new Set(tables.map((table) => `${table.x},${table.y}`));
    if (tables.length > 1 && (places.size < tables.length || (width === 0 && height === 0))) return null;
    const along = (at: number, from: number, size: number) => (size === 0 ? 50 : 12 + ((at - from) / size) * 76);
    return tables.map((table) => ({ table, left: along(table.x, left, width), top: along(table.y, top, height) }));
}

export type TableAct = 'open' | 'bill' | 'close' | 'restore' | 'disable' | 'enable' | 'move' | 'merge';

/** What can be done with one table, or with all of several, by a person of that standing. */
export function actsFor(tables: readonly Table[], manager: boolean): TableAct[] {
    const every = (...statuses: Table['status'][]) => tables.length > 0 && tables.every((table) => statuses.includes(table.status));
    const one = tables.length === 1;
    const acts: TableAct[] = [];
    if (every('free')) acts.push('open');
    if (every('occupied')) acts.push('bill');
    if (every('occupied', 'bill')) acts.push('close');
    if (one && every('occupied', 'bill')) acts.push('move', 'merge');
    if (one && every('free')) acts.push('restore');
    if (manager && every('free')) acts.push('disable');
    if (manager && every('disabled')) acts.push('enable');
    return acts;
}
