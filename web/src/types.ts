/* SPDX-License-Identifier: MIT */
/**
 * The contract's objects as the pages name them. Their shapes are generated (`npm run types`); the frames of the socket,
 * which OpenAPI cannot describe, are written here after section 5 of the contract.
 */
import type { components } from './contract';

type Schemas = components['schemas'];

export type ItemStatus = Schemas['ItemStatus'];
export type OrderStatus = Schemas['OrderStatus'];
export type TicketKind = Schemas['TicketKind'];
export type OrderType = Schemas['OrderType'];
export type Role = Schemas['Role'];
export type Actor = Schemas['Actor'];
export type OrderItem = Schemas['OrderItem'];
export type TicketLine = Schemas['TicketLine'];
export type Ticket = Schemas['Ticket'];
export type Order = Schemas['Order'];
export type NewItem = Schemas['NewItem'];
export type NewOrder = Schemas['NewOrder'];
export type Table = Schemas['Table'];
export type Modifier = Schemas['Modifier'];
export type ModifierGroup = Schemas['ModifierGroup'];
export type MenuItem = Schemas['MenuItem'];
export type Category = Schemas['Category'];
export type Menu = Schemas['Menu'];
export type Device = Schemas['Device'];
export type Alert = Schemas['Alert'];
export type Station = Schemas['Station'];
export type Restaurant = Schemas['Restaurant'];
export type StripTicket = Schemas['StripTicket'];
export type HeldTicket = Schemas['HeldTicket'];
export type HeldTickets = Schemas['HeldTickets'];
export type Destination = Schemas['Destination'];
export type Session = Schemas['Session'];
export type Problem = Schemas['Problem'];
export type Metrics = Schemas['Metrics'];
export type Connection = Schemas['Connection'];
export type LiveFacts = Schemas['LiveStatus'];

export interface ConnectionEstablished {
    type: 'connection_established';
    restaurant_id: string;
    role: Role;
    client_id: string;
    protocol: number;
    heartbeat_s: number;
    server_time: string;
    log_id: string;
}

export interface SyncState {
    type: 'sync_state';
    request_id?: string;
    seq: number;
    reason: 'initial' | 'too_old' | 'ahead' | 'other_log' | 'requested';
    active_orders: Order[];
    recent_orders: Order[];
    tables: Table[];
    devices: Device[];
    alerts: Alert[];
    menu_version: number | null;
    metrics: Metrics | null;
}

interface Logged {
    seq: number;
    timestamp: string;
}

export type EventFrame = Logged &
    (
        | { type: 'order_created' | 'order_updated'; order: Order }
        | { type: 'order_status_changed'; order: Order; old_status: OrderStatus; new_status: OrderStatus; updated_by: Actor }
        | { type: 'ticket_status_changed'; order_id: number; ticket: Ticket; old_status: OrderStatus; new_status: OrderStatus }
        | { type: 'item_status_changed'; order_id: number; item: OrderItem; old_status: ItemStatus; new_status: ItemStatus }
        | { type: 'table_update'; table: Table }
        | { type: 'tables_snapshot'; tables: Table[] }
        | { type: 'menu_updated'; version: number }
        | { type: 'payment_recorded'; order_id: number; payment: unknown }
        | { type: 'device_update'; device: Device }
        | { type: 'alert_raised'; alert: Alert }
        | { type: 'alert_cleared'; id: number }
        | { type: 'passport_updated'; order_id: number; destination: Destination }
    );

/** No event: the latest figures, at most once a second. */
export interface MetricsUpdate {
    type: 'metrics_update';
    metrics: Metrics;
}

export type StateFrame = EventFrame | SyncState | MetricsUpdate;

export type AnswerFrame =
    | { type: 'ack'; request_id: string; result: unknown; seq: number | null }
    | { type: 'error'; request_id?: string; code: string; detail: string; field?: string }
    | { type: 'pong'; request_id?: string; server_time: string };

export type ServerFrame = ConnectionEstablished | StateFrame | AnswerFrame;

export interface EventsPage {
    events: StateFrame[];
    seq: number;
}
