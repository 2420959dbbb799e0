/* SPDX-License-Identifier: MIT */
/** A restaurant in memory that speaks enough of the contract to design and test the pages against. */
import { sampleMenu, sampleTables } from './menu.mjs';

const STEPS = ['held', 'pending', 'preparing', 'ready', 'served'];

export class Refusal extends Error {
    constructor(status, code, detail, field) {
        super(detail);
        Object.assign(this, { status, code, field });
    }
}

export class Box {
    constructor(logId = 'mock-log') {
        this.logId = logId;
        this.menu = sampleMenu();
        this.tables = new Map(sampleTables().map((table) => [table.id, table]));
        this.stations = ['grill', 'cold', 'bar'];
        this.orders = new Map();
        this.log = [];
        this.kot = new Map();
        this.answers = new Map();
        this.strip = [];
        this.ids = { order: 0, item: 0, ticket: 0 };
        this.listeners = new Set();
        this.painted = new Set();
        this.touched = new Set();
        this.devices = new Map(
            this.stations.map((station, i) => [
                i + 1,
                { id: i + 1, kind: 'bell', name: `${station} lamp`, station, state: 'ok', detail: null, fix: null, since: now(), lit: false },
            ]),
        );
    }

    emit(type, body) {
        const frame = { type, seq: this.log.length + 1, timestamp: now(), ...structuredClone(body) };
        this.log.push(frame);
        for (const listener of this.listeners) listener(frame);
    }

    snapshot(reason, station) {
        const orders = [...this.orders.values()].filter((order) => !station || order.tickets.some((t) => t.station === station));
        return {
            type: 'sync_state', seq: this.log.length, reason,
            active_orders: orders.filter((order) => !['served', 'cancelled'].includes(order.order_status)),
            recent_orders: orders.slice(-10).reverse(),
            tables: [...this.tables.values()], devices: [...this.devices.values()], alerts: [],
            menu_version: this.menu.version, metrics: null,
        };
    }

    since(seq, log, station) {
        if (log && log !== this.logId) return [this.snapshot('other_log', station)];
        if (seq === null) return [this.snapshot('initial', station)];
        if (seq > this.log.length) return [this.snapshot('ahead', station)];
        if (this.log.length - seq > 1000) return [this.snapshot('too_old', station)];
        return this.log.slice(seq).filter((frame) => this.matches(frame, station));
    }

    matches(frame, station) {
        if (!station) return true;
        if (frame.ticket) return frame.ticket.station === station;
        if (frame.item) return frame.item.station === station;
        return !frame.order || frame.order.tickets.some((ticket) => ticket.station === station);
    }

    submit(order, key, who) {
        const text = JSON.stringify(order);
        const before = key ? this.answers.get(key) : undefined;
        if (before) {
            if (before.text !== text) throw new Refusal(409, 'IDEMPOTENCY_MISMATCH', 'This key was used for another order.');
            return { order: before.order, replayed: true };
        }
        const created = this.create(order, who);
        if (key) this.answers.set(key, { text, order: structuredClone(created) });
        return { order: created, replayed: false };
    }

    create(wanted, who) {
        const table = wanted.table_id ? this.tables.get(wanted.table_id) : null;
        if (wanted.order_type === 'dine_in' && !table) throw new Refusal(422, 'VALIDATION_ERROR', 'Pick a table.', 'table_id');
        if (table?.status === 'disabled') throw new Refusal(409, 'TABLE_DISABLED', `Table ${table.name} is out of use.`);
        const items = wanted.items.map((line, i) => this.item(line, i));
        const id = ++this.ids.order;
        const order = {
            id, order_number: `ORD-20261120-${String(id).padStart(3, '0')}`, restaurant_id: 'main', order_type: wanted.order_type,
            table_id: table?.id ?? null, table_name: table?.name ?? null, guests: null, customer_name: wanted.customer_name ?? null, customer_phone: null,
            order_status: 'pending', payment_status: 'pending', payment_method: null, priority: wanted.priority ?? 'normal', source: 'pos', note: wanted.note ?? '',
            currency: 'EUR', subtotal: 0, discount: 0, service_charge: 0, tax: 0, total_price: 0, estimated_time: 15, created_at: now(),
            client_created_at: wanted.client_created_at ?? null, updated_at: now(), created_by: { kind: 'staff', id: who.id, name: who.name }, version: 1, items, tickets: [],
        };
        for (const item of items) order.subtotal += item.quantity * item.modifiers.reduce((sum, m) => sum + m.price, item.unit_price);
        order.total_price = order.subtotal;
        for (const station of new Set(items.map((item) => item.station))) this.ticket(order, station, 'new', items.filter((item) => item.station === station));
        this.orders.set(id, order);
        this.emit('order_created', { order });
        if (table) {
            Object.assign(table, { status: 'occupied', order_ids: [...table.order_ids, id], last_activity_at: now(), version: table.version + 1 });
            this.emit('table_update', { table });
        }
        this.ring();
        return order;
    }

    item(line, index) {
        const dish = this.menu.items.find((item) => item.id === line.menu_item_id);
        if (!dish) throw new Refusal(422, 'VALIDATION_ERROR', 'This dish is not on the menu.', `items[${index}].menu_item_id`);
        if (!dish.available) throw new Refusal(409, 'ITEM_UNAVAILABLE', `${dish.name} has run out. Take it off the order and send again.`, `items[${index}]`);
        const options = new Map(dish.modifier_groups.flatMap((group) => group.modifiers).map((m) => [m.id, m]));
        return {
            id: ++this.ids.item, menu_item_id: dish.id, name: dish.name, kitchen_name: dish.kitchen_name, quantity: line.quantity, unit_price: dish.price,
            modifiers: (line.modifiers ?? []).map((id) => ({ id, name: options.get(id).name, price: options.get(id).price })),
            note: line.note ?? '', seat: null, course: 1, station: dish.station, item_status: 'pending', ticket_id: null,
        };
    }

    ticket(order, station, kind, items, change = 'add') {
        const number = (this.kot.get(station) ?? 0) + 1;
        this.kot.set(station, number);
        const ticket = {
            id: ++this.ids.ticket, station, kot_number: number, previous_kot_number: number > 1 ? number - 1 : null, kind, ticket_status: 'pending',
            lines: items.map((item) => ({ item_id: item.id, quantity: item.quantity, change })), created_at: now(),
        };
        if (kind === 'new') for (const item of items) item.ticket_id = ticket.id;
        order.tickets.push(ticket);
        this.strip.unshift({ ticket_id: ticket.id, order_id: order.id, station, kot_number: number, kind, copy: false, doubtful: false, printed_at: now() });
        setTimeout(() => this.emit('passport_updated', { order_id: order.id, destination: { ticket_id: ticket.id, kind: 'printer', state: 'confirmed' } }), 30);
        return ticket;
    }

    find(target) {
        for (const order of this.orders.values()) {
            if (target.order_id === order.id) return { order, items: order.items };
            const ticket = order.tickets.find((t) => t.id === target.ticket_id);
            if (ticket) return { order, ticket, items: order.items.filter((item) => item.ticket_id === ticket.id) };
            const item = order.items.find((i) => i.id === target.item_id);
            if (item) return { order, items: [item] };
        }
        throw new Refusal(404, 'NOT_FOUND', 'There is no such order, ticket or item.');
    }

    setStatus(target, to, who) {
        const { order, ticket, items } = this.find(target);
        const old = new Map(order.tickets.map((t) => [t.id, t.ticket_status]));
        const oldOrder = order.order_status;
        if (ticket && ['void', 'move', 'recall'].includes(ticket.kind)) ticket.ticket_status = to;
        else {
            const live = items.filter((item) => item.item_status !== 'voided');
            const least = Math.min(...live.map((item) => STEPS.indexOf(item.item_status)));
            const wanted = STEPS.indexOf(to);
            if (wanted < 0 || wanted < least - 1) throw new Refusal(409, 'INVALID_TRANSITION', `From ${STEPS[least]} it may go to ${STEPS[least + 1] ?? STEPS[least - 1]}.`);
            for (const item of live) {
                const at = STEPS.indexOf(item.item_status);
                if (at < wanted || (wanted < least && at === least)) this.setItem(order, item, to, who);
            }
        }
        this.derive(order);
        order.version++;
        order.updated_at = now();
        for (const t of order.tickets)
            if (old.get(t.id) !== t.ticket_status)
                this.emit('ticket_status_changed', { order_id: order.id, ticket: t, old_status: old.get(t.id), new_status: t.ticket_status, updated_by: actor(who) });
        if (order.order_status !== oldOrder) this.emit('order_status_changed', { order, old_status: oldOrder, new_status: order.order_status, updated_by: actor(who) });
        this.ring();
        return order;
    }

    setItem(order, item, to, who) {
        const from = item.item_status;
        item.item_status = to;
        this.emit('item_status_changed', { order_id: order.id, item, old_status: from, new_status: to, updated_by: actor(who) });
    }

    void(itemId, who) {
        const { order, items } = this.find({ item_id: itemId });
        this.setItem(order, items[0], 'voided', who);
        this.ticket(order, items[0].station, 'void', items, 'remove');
        this.derive(order);
        order.version++;
        this.emit('order_updated', { order });
    }

    derive(order) {
        const least = (items) => {
            const live = items.filter((item) => item.item_status !== 'voided');
            return live.length ? STEPS[Math.min(...live.map((item) => STEPS.indexOf(item.item_status)))] : 'cancelled';
        };
        for (const ticket of order.tickets)
            if (ticket.kind === 'new' || ticket.kind === 'add_on') ticket.ticket_status = least(order.items.filter((item) => item.ticket_id === ticket.id));
        order.order_status = least(order.items);
    }

    ring() {
        for (const device of this.devices.values()) {
            const lit = [...this.orders.values()].some((order) => order.tickets.some((t) => t.station === device.station && t.ticket_status === 'pending'));
            if (lit === device.lit) continue;
            Object.assign(device, { lit, since: now() });
            this.emit('device_update', { device });
        }
    }

    setAvailable(itemId, available) {
        this.menu = { ...this.menu, version: this.menu.version + 1, items: this.menu.items.map((item) => (item.id === itemId ? { ...item, available } : item)) };
        this.emit('menu_updated', { version: this.menu.version });
    }

    /** Moves an order's stamps into the past, to look at ages. */
    age(orderId, minutes) {
        const order = this.orders.get(orderId);
        const at = new Date(Date.now() - minutes * 60_000).toISOString();
        order.created_at = at;
        for (const ticket of order.tickets) ticket.created_at = at;
    }
}

export function now() {
    return new Date().toISOString();
}

const actor = (who) => ({ kind: 'staff', id: who.id, name: who.name });
