/* SPDX-License-Identifier: MIT */
/** What the pass needs to know of an order: how far each station is, what each course still waits for. Pure. */
import { pieces } from '../order-view';
import { isFinished, type State } from '../store';
import type { Order, OrderItem } from '../types';

export type CellState = 'held' | 'pending' | 'preparing' | 'ready' | 'served';

export interface Cell {
    station: string;
    state: CellState;
    /** Pieces that are ready or out, of all that this station makes. */
    done: number;
    all: number;
    /** What it still owes, for the eye. */
    waiting: OrderItem[];
    ready: OrderItem[];
}

export interface Row {
    order: Order;
    cells: Cell[];
    /** Everything that was fired is ready: it can go out. */
    complete: boolean;
    /** Pieces that stand on the pass now. */
    readyNow: OrderItem[];
    /** Courses with something ready and nothing left to wait for, lowest first. */
    courses: number[];
    held: OrderItem[];
}

const STAGES: readonly CellState[] = ['held', 'pending', 'preparing', 'ready', 'served'];
const isReady = (item: OrderItem) => item.item_status === 'ready';
const isWaiting = (item: OrderItem) => item.item_status === 'pending' || item.item_status === 'preparing';

function cellOf(station: string, items: OrderItem[]): Cell {
    const fired = items.filter((item) => item.item_status !== 'held');
    const least = (fired.length ? fired : items).reduce((at, item) => Math.min(at, STAGES.indexOf(item.item_status as CellState)), STAGES.length - 1);
    const waiting = fired.filter(isWaiting);
    return { station, state: STAGES[Math.max(0, least)]!, done: pieces(fired) - pieces(waiting), all: pieces(fired), waiting, ready: fired.filter(isReady) };
}

export function rowOf(order: Order): Row {
    const live = order.items.filter((item) => item.item_status !== 'voided');
    const stations = [...new Set(live.map((item) => item.station))].sort();
    const fired = live.filter((item) => item.item_status !== 'held');
    const readyNow = live.filter(isReady);
    const courses = [...new Set(readyNow.map((item) => item.course))]
        .filter((course) => !fired.some((item) => item.course === course && isWaiting(item)))
        .sort((a, b) => a - b);
    return {
        order,
        cells: stations.map((station) => cellOf(station, live.filter((item) => item.station === station))),
        complete: readyNow.length > 0 && !fired.some(isWaiting),
        readyNow,
        courses,
        held: live.filter((item) => item.item_status === 'held'),
    };
}

/** Orders with something to cook or to carry: rush first, then the oldest. */
export function rows(state: State): Row[] {
    const rush = (row: Row) => Number(row.order.priority === 'rush');
    return [...state.orders.values()]
        .filter((order) => !isFinished(order))
        .map(rowOf)
        .filter((row) => row.cells.some((cell) => cell.state !== 'served'))
        .sort((a, b) => rush(b) - rush(a) || a.order.id - b.order.id);
}
