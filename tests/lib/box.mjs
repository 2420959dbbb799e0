/* SPDX-License-Identifier: MIT */
/** A running demo restaurant for one group of tests: clients for every role, and things to order. */
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { Api, Live } from './client.mjs';
import { Server } from './server.mjs';

export const ROLES = ['owner', 'manager', 'waiter', 'kitchen', 'display'];

export class Box {
    constructor(options) {
        this.options = options;
        this.openLives = [];
    }

    async open() {
        this.server = await Server.start({ demo: true, ...this.options });
        await this.connect();
    }

    /** Clients and menu; again after a restart, when the port has changed. */
    async connect() {
        for (const role of ROLES) this[role] = new Api(this.server, { token: await this.server.token(role) });
        this.anybody = new Api(this.server);
        this.menu = await this.waiter.read('/menu');
        this.restaurant = await this.waiter.read('/restaurant');
        this.stations = this.restaurant.stations.map((s) => s.name);
    }

    /** A signed-in person's client with a cookie jar of its own. */
    async signIn(role, jar = new Map()) {
        const api = new Api(this.server, { jar });
        const { pin } = this.server.person(role);
        const { status, body } = await api.post('/session', { pin });
        assert.equal(status, 201);
        api.session = body;
        return api;
    }

    /** A socket that is closed, and checked, at the end of the group. */
    async live(role, options = {}) {
        const live = await Live.open(this.server, { token: role && (await this.server.token(role)), ...options });
        this.openLives.push(live);
        return live;
    }

    async resume(live, options = {}) {
        const next = await live.resume(this.server, options);
        this.openLives.push(next);
        return next;
    }

    /** A menu item that needs no choice, of that station if given; `nth` gives others. */
    item({ station, nth = 0 } = {}) {
        const plain = this.menu.items.filter(
            (i) => i.available && (!station || i.station === station) && i.modifier_groups.every((g) => g.min === 0),
        );
        assert.ok(plain.length > nth, `the demo menu has too few plain items${station ? ` at ${station}` : ''}`);
        return plain[nth];
    }

    /** A menu item with a modifier group that the predicate likes: {item, group}. */
    itemWithGroup(likes) {
        for (const item of this.menu.items)
            for (const group of item.modifier_groups) if (item.available && likes(group, item)) return { item, group };
        return assert.fail('the demo menu has no such modifier group');
    }

    /** The least choice that an item's groups ask for: modifier ids. */
    leastChoice(item, except) {
        return item.modifier_groups
            .filter((g) => g !== except)
            .flatMap((g) => g.modifiers.slice(0, g.min).map((m) => m.id));
    }

    /** A takeout order's request: one line for each argument, an item, a station's name or a whole line. */
    takeout(...lines) {
        const list = lines.length ? lines : [this.item()];
        return {
            order_type: 'takeout',
            items: list.map((line) => {
                if (typeof line === 'string') return { menu_item_id: this.item({ station: line }).id, quantity: 1 };
                return line.quantity ? line : { menu_item_id: line.id, quantity: 1 };
            }),
        };
    }

    /** An accepted takeout order. */
    send = (...lines) => this.waiter.order(this.takeout(...lines));

    /** A free table; when all are taken, the manager clears one. */
    async freeTable() {
        const { tables } = await this.waiter.read('/tables');
        const free = tables.find((t) => t.status === 'free');
        if (free) return free;
        const taken = tables.find((t) => t.status === 'occupied' || t.status === 'bill');
        await this.manager.write(`/tables/${taken.id}/close`, { force: true });
        return this.table(taken.id);
    }

    async table(id) {
        const { tables } = await this.waiter.read('/tables');
        const table = tables.find((t) => t.id === id);
        assert.ok(table, `table ${id} is listed`);
        return table;
    }

    dineIn(table, ...lines) {
        return { ...this.takeout(...lines), order_type: 'dine_in', table_id: table.id };
    }

    /** The seq that the log has reached. */
    async logEnd() {
        return (await this.manager.read('/events?limit=1')).seq;
    }

    /** Events since then, whole and in order. */
    async eventsSince(seq, api = this.manager) {
        const all = [];
        for (;;) {
            const page = await api.read(`/events?since=${seq}`);
            assert.ok(
                page.events.every((e) => e.type !== 'sync_state'),
                'the log still has these events',
            );
            if (page.events.length === 0) return all;
            all.push(...page.events);
            seq = page.seq;
        }
    }

    async close() {
        const ended = await Promise.allSettled(this.openLives.map((live) => live.close()));
        if (this.server) await this.server.dispose();
        const broken = ended.find((e) => e.status === 'rejected');
        if (broken) throw broken.reason;
    }
}

/** Inside describe(): one demo server for its tests. */
export function demoBox(options) {
    const box = new Box(options);
    before(() => box.open());
    after(() => box.close());
    return box;
}

/** Runs a story against the log: the events it made. */
export async function eventsOf(box, story) {
    const start = await box.logEnd();
    const result = await story();
    /* Bells and printers report when they get to it: stories about orders do not wait for them. */
    const events = (await box.eventsSince(start)).filter((e) => e.type !== 'device_update');
    return { result, events };
}
