/* SPDX-License-Identifier: MIT */
/** Orders and tables as the event log alone tells them. */
import assert from 'node:assert/strict';

/** What an order says of itself apart from how often it was changed: see Rebuild. */
export function substance(order) {
    const { version: _version, updated_at: _updated, ...rest } = order;
    return rest;
}

/** A table without what is counted at the moment of reading. */
export function furniture(table) {
    const { idle_s: _idle, ...rest } = table;
    return rest;
}

/** An object with its keys in order, as text: equal for equal content. */
export function canonical(value) {
    return JSON.stringify(value, (_, v) =>
        v && typeof v === 'object' && !Array.isArray(v)
            ? Object.fromEntries(Object.entries(v).sort(([a], [b]) => (a < b ? -1 : 1)))
            : v,
    );
}

/**
 * Folds events, in order. A change of an item or ticket that leaves the order's status alone is logged as just that: it
 * carries no version, so between two whole orders the version is only known to have risen.
 */
export class Rebuild {
    constructor({ seq = 0, orders = [], tables = [] } = {}) {
        this.seq = seq;
        this.orders = new Map(orders.map((o) => [o.id, { order: structuredClone(o), whole: true }]));
        this.tables = new Map(tables.map((t) => [t.id, structuredClone(t)]));
    }

    /** Returns the order that the event changed, as it then was, or undefined. */
    apply(event) {
        assert.equal(event.seq, this.seq + 1, 'the log counts by one');
        this.seq = event.seq;
        switch (event.type) {
            case 'order_created':
                assert.ok(!this.orders.has(event.order.id), `order ${event.order.id} is created once`);
                return this.keep(event, event.order);
            case 'order_updated':
            case 'order_status_changed':
                assert.ok(this.orders.has(event.order.id), `order ${event.order.id} was created before it changed`);
                return this.keep(event, event.order);
            case 'item_status_changed':
                return this.part(event, 'items', event.item);
            case 'ticket_status_changed':
                return this.part(event, 'tickets', event.ticket);
            case 'table_update':
                this.tables.set(event.table.id, event.table);
                return undefined;
            case 'tables_snapshot':
                this.tables = new Map(event.tables.map((t) => [t.id, t]));
                return undefined;
            default:
                return undefined;
        }
    }

    keep(event, order) {
        const before = this.orders.get(order.id);
        if (before) assert.ok(order.version >= before.order.version, `the version of order ${order.id} does not go back`);
        assert.equal(order.updated_at, event.timestamp, 'an order changes when its event happens');
        this.orders.set(order.id, { order: structuredClone(order), whole: true });
        return order;
    }

    part(event, list, thing) {
        const known = this.orders.get(event.order_id);
        assert.ok(known, `the order of ${list} ${thing.id} is known`);
        const at = known.order[list].findIndex((t) => t.id === thing.id);
        assert.ok(at >= 0, `${list} ${thing.id} is known`);
        known.order[list][at] = structuredClone(thing);
        known.order.updated_at = event.timestamp;
        known.whole = false;
        return known.order;
    }

    /** Fails unless the server shows this order as the log tells it. */
    assertOrder(shown) {
        const known = this.orders.get(shown.id);
        assert.ok(known, `order ${shown.id} is in the log`);
        assert.deepEqual(substance(shown), substance(known.order), `order ${shown.id} is as the log tells it`);
        assert.equal(shown.updated_at, known.order.updated_at, `order ${shown.id} changed last when the log says so`);
        if (known.whole) assert.equal(shown.version, known.order.version);
        else assert.ok(shown.version > known.order.version, 'a change counts');
    }

    assertTable(shown) {
        const known = this.tables.get(shown.id);
        assert.ok(known, `table ${shown.id} is known`);
        assert.deepEqual(furniture(shown), furniture(known), `table ${shown.id} is as the log tells it`);
    }
}
