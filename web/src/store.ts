/* SPDX-License-Identifier: MIT */
/** What this device knows of the restaurant, and how frames change it. Pure: the pages put it into a signal. */
import type { Alert, Device, Metrics, Order, OrderItem, StateFrame, SyncState, Table, Ticket } from './types';

export interface State {
    orders: ReadonlyMap<number, Order>;
    /** The log position each order was last told in full, against which ticket and item events are judged. */
    toldAt: ReadonlyMap<number, number>;
    tables: ReadonlyMap<number, Table>;
    devices: ReadonlyMap<number, Device>;
    alerts: ReadonlyMap<number, Alert>;
    menuVersion: number | null;
    metrics: Metrics | null;
    synced: boolean;
}

export const emptyState: State = {
    orders: new Map(),
    toldAt: new Map(),
    tables: new Map(),
    devices: new Map(),
    alerts: new Map(),
    menuVersion: null,
    metrics: null,
    synced: false,
};

/** Finished orders kept for recall and for the running list; a Saturday must not fill a tablet's memory. */
const KEEP_FINISHED = 200;

interface Draft {
    orders: Map<number, Order>;
    toldAt: Map<number, number>;
    tables: Map<number, Table>;
    devices: Map<number, Device>;
    alerts: Map<number, Alert>;
    menuVersion: number | null;
    metrics: Metrics | null;
    synced: boolean;
}

/** Applies a batch; the state handed in stays as it was. */
export function applyFrames(state: State, frames: readonly StateFrame[]): State {
    const draft: Draft = {
        ...state,
        orders: new Map(state.orders),
        toldAt: new Map(state.toldAt),
        tables: new Map(state.tables),
        devices: new Map(state.devices),
        alerts: new Map(state.alerts),
    };
    for (const frame of frames) applyFrame(draft, frame);
    prune(draft);
    return draft;
}

/** An Order that came as the answer to a call; `seq` where the answer named one. */
export function applyOrder(state: State, order: Order, seq: number | null = null): State {
    const draft: Draft = { ...(state as Draft), orders: new Map(state.orders), toldAt: new Map(state.toldAt) };
    putOrder(draft, order, seq);
    return draft;
}

/** Tables that came as the answer to a call. */
export function applyTables(state: State, tables: readonly Table[]): State {
    const next = new Map(state.tables);
    for (const table of tables) putNewer(next, table);
    return { ...state, tables: next };
}

function applyFrame(draft: Draft, frame: StateFrame): void {
    switch (frame.type) {
        case 'sync_state':
            applySnapshot(draft, frame);
            break;
        case 'order_created':
        case 'order_updated':
        case 'order_status_changed':
            putOrder(draft, frame.order, frame.seq);
            break;
        case 'ticket_status_changed':
            patchOrder(draft, frame.order_id, frame.seq, (order) => withTicket(order, frame.ticket));
            break;
        case 'item_status_changed':
            patchOrder(draft, frame.order_id, frame.seq, (order) => withItem(order, frame.item));
            break;
        case 'table_update':
            putNewer(draft.tables, frame.table);
            break;
        case 'tables_snapshot':
            draft.tables = new Map(frame.tables.map((table) => [table.id, table]));
            break;
        case 'menu_updated':
            draft.menuVersion = frame.version;
            break;
        case 'device_update':
            draft.devices.set(frame.device.id, frame.device);
            break;
        case 'alert_raised':
            draft.alerts.set(frame.alert.id, frame.alert);
            break;
        case 'alert_cleared':
            draft.alerts.delete(frame.id);
            break;
        case 'metrics_update':
            draft.metrics = frame.metrics;
            break;
        default:
            break;
    }
}

/** A snapshot is the whole truth at its `seq`: what it does not name is gone, and old versions mean nothing any more. */
function applySnapshot(draft: Draft, frame: SyncState): void {
    const orders = [...(frame.recent_orders ?? []), ...(frame.active_orders ?? [])];
    draft.orders = new Map(orders.map((order) => [order.id, order]));
    draft.toldAt = new Map(orders.map((order) => [order.id, frame.seq]));
    draft.tables = new Map((frame.tables ?? []).map((table) => [table.id, table]));
    draft.devices = new Map((frame.devices ?? []).map((device) => [device.id, device]));
    draft.alerts = new Map((frame.alerts ?? []).map((alert) => [alert.id, alert]));
    draft.menuVersion = frame.menu_version ?? draft.menuVersion;
    draft.metrics = frame.metrics ?? null;
    draft.synced = true;
}

function putNewer<T extends { id: number; version: number }>(into: Map<number, T>, object: T): boolean {
    const held = into.get(object.id);
    if (held && held.version > object.version) return false;
    into.set(object.id, object);
    return true;
}

function putOrder(draft: Draft, order: Order, seq: number | null): void {
    if (!putNewer(draft.orders, order) || seq === null) return;
    draft.toldAt.set(order.id, Math.max(seq, draft.toldAt.get(order.id) ?? 0));
}

function patchOrder(draft: Draft, id: number, seq: number, patch: (order: Order) => Order): void {
    const order = draft.orders.get(id);
    if (!order || seq <= (draft.toldAt.get(id) ?? 0)) return;
    draft.orders.set(id, patch(order));
}

function withTicket(order: Order, ticket: Ticket): Order {
    const known = order.tickets.some((held) => held.id === ticket.id);
    return {
        ...order,
        tickets: known ? order.tickets.map((held) => (held.id === ticket.id ? ticket : held)) : [...order.tickets, ticket],
    };
}

function withItem(order: Order, item: OrderItem): Order {
    const known = order.items.some((held) => held.id === item.id);
    return {
        ...order,
        items: known ? order.items.map((held) => (held.id === item.id ? item : held)) : [...order.items, item],
    };
}

export function isFinished(order: Order): boolean {
    return order.order_status === 'served' || order.order_status === 'cancelled';
}

function prune(draft: Draft): void {
    const finished = [...draft.orders.values()].filter(isFinished);
    if (finished.length <= KEEP_FINISHED) return;
    finished.sort((a, b) => a.id - b.id);
    for (const order of finished.slice(0, finished.length - KEEP_FINISHED)) {
        draft.orders.delete(order.id);
        draft.toldAt.delete(order.id);
    }
}

export interface TicketView {
    order: Order;
    ticket: Ticket;
}

export function isNotice(ticket: Ticket): boolean {
    return ticket.kind === 'void' || ticket.kind === 'move' || ticket.kind === 'recall';
}

/** The same view as before for the same order and ticket, so that a card that has not changed is not drawn again. */
const views = new WeakMap<Ticket, TicketView>();

function viewOf(order: Order, ticket: Ticket): TicketView {
    const held = views.get(ticket);
    if (held && held.order === order) return held;
    const view = { order, ticket };
    views.set(ticket, view);
    return view;
}

function isAtWork(ticket: Ticket): boolean {
    return ticket.ticket_status === 'pending' || ticket.ticket_status === 'preparing';
}

/** What a station has to do or has ready, oldest first. */
export function stationTickets(state: State, station: string): TicketView[] {
    const found: TicketView[] = [];
    for (const order of state.orders.values())
        for (const ticket of order.tickets)
            if (ticket.station === station && (isAtWork(ticket) || (ticket.ticket_status === 'ready' && !isNotice(ticket))))
                found.push(viewOf(order, ticket));
    return found.sort((a, b) => a.ticket.id - b.ticket.id);
}

/** What a station still has to do, oldest first. */
export function openTickets(state: State, station: string): TicketView[] {
    return stationTickets(state, station).filter(({ ticket }) => isAtWork(ticket));
}

/** What a station bumped lately and may want back, newest first. */
export function bumpedTickets(state: State, station: string, limit = 20): TicketView[] {
    const found: TicketView[] = [];
    for (const order of state.orders.values())
        for (const ticket of order.tickets)
            if (ticket.station === station && !isNotice(ticket) && (ticket.ticket_status === 'ready' || ticket.ticket_status === 'served'))
                found.push(viewOf(order, ticket));
    return found
        .sort((a, b) => b.order.updated_at.localeCompare(a.order.updated_at) || b.ticket.id - a.ticket.id)
        .slice(0, limit);
}

/** How many of each dish the open tickets still ask for, most first. */
export function allDay(views: readonly TicketView[]): { name: string; quantity: number }[] {
    const sums = new Map<string, number>();
    for (const { order, ticket } of views) {
        if (isNotice(ticket)) continue;
        const items = new Map(order.items.map((item) => [item.id, item]));
        for (const line of ticket.lines) {
            const item = items.get(line.item_id);
            if (!item || line.change === 'remove' || (item.item_status !== 'pending' && item.item_status !== 'preparing')) continue;
            const name = item.kitchen_name || item.name;
            sums.set(name, (sums.get(name) ?? 0) + item.quantity);
        }
    }
    return [...sums].map(([name, quantity]) => ({ name, quantity })).sort((a, b) => b.quantity - a.quantity);
}

export function ordersAt(state: State, place: { tableId: number } | { type: 'takeout' | 'delivery' }): Order[] {
    return [...state.orders.values()]
        .filter((order) => ('tableId' in place ? order.table_id === place.tableId : order.order_type === place.type))
        .filter((order) => !isFinished(order) || ('tableId' in place && order.payment_status === 'pending' && order.order_status === 'served'))
        .sort((a, b) => b.id - a.id);
}
