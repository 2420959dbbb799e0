/* SPDX-License-Identifier: MIT */
/** What the kitchen page tells the box and the cook: drawn, touched, new, changed. */
import { effect, signal } from '@preact/signals';
import { status, store, tell } from '../app';
import { announce, repeat, setTitle } from '../alerting';
import { t } from '../i18n';
import { isNotice, type TicketView } from '../store';
import { type Changes, changesSince, type Remembered, rememberTicket } from '../ticket-view';
import { open, station } from './kitchen-model';

const REPEAT_MS = 6000;

export const touched = signal<ReadonlySet<number>>(new Set());
/** What is different on a ticket since somebody last touched it. */
export const changed = signal<ReadonlyMap<number, Changes>>(new Map());
const lastSeen = new Map<number, Remembered>();

export function touch(ticketId: number): void {
    if (changed.peek().has(ticketId)) {
        const next = new Map(changed.peek());
        next.delete(ticketId);
        changed.value = next;
        lastSeen.delete(ticketId);
        look(open.peek());
    }
    if (touched.peek().has(ticketId)) return;
    touched.value = new Set(touched.peek()).add(ticketId);
    tell({ type: 'touched', ticket_ids: [ticketId] });
}

/** Tells the box what this screen has really drawn, and again after every reconnect, since the first word may be lost. */
export function reportPainted(): () => void {
    const told = new Set<number>();
    let connection = -1;
    return effect(() => {
        const ids = open.value.map((view) => view.ticket.id);
        const live = status.value?.state === 'live';
        const reconnects = status.value?.reconnects ?? 0;
        if (!live) return;
        if (reconnects !== connection) told.clear();
        connection = reconnects;
        const fresh = ids.filter((id) => !told.has(id));
        if (fresh.length === 0) return;
        for (const id of fresh) told.add(id);
        // The second frame begins only after the first, with these cards in it, has been drawn.
        requestAnimationFrame(() => requestAnimationFrame(() => paint(fresh, told)));
    });
}

function paint(ids: number[], told: Set<number>): void {
    const drawn = ids.filter((id) => document.querySelector(`[data-testid="ticket-${id}"]`)?.getClientRects().length);
    for (const id of ids) if (!drawn.includes(id)) told.delete(id);
    if (drawn.length > 0 && !tell({ type: 'painted', ticket_ids: drawn })) for (const id of drawn) told.delete(id);
}

function isUntouched({ ticket }: TicketView): boolean {
    return !touched.peek().has(ticket.id) && (ticket.ticket_status === 'pending' || isNotice(ticket));
}

/** New work makes itself heard, again and again until somebody touches it; what was there when the page opened, once. */
export function announceNewWork(): () => void {
    let known: Set<number> | null = null;
    const stop = effect(() => {
        const views = open.value;
        if (!store.value.synced) return;
        const before = known;
        known = new Set(views.map((view) => view.ticket.id));
        const fresh = before ? views.filter((view) => !before.has(view.ticket.id)) : [];
        if (fresh.length > 0)
            announce(fresh.some((view) => !isNotice(view.ticket)) ? 'new' : 'changed', `${station}: ${t('kitchen_kot', { n: fresh[0]!.ticket.kot_number })}`);
    });
    const stopRepeating = repeat('new', () => open.peek().some(isUntouched), REPEAT_MS);
    const alarming = () => [...store.peek().alerts.values()].some((alert) => alert.severity === 'critical');
    const stopAlarm = repeat('alarm', alarming, REPEAT_MS * 2);
    return () => (stop(), stopRepeating(), stopAlarm());
}

function look(views: readonly TicketView[]): boolean {
    let news = false;
    const marks = new Map(changed.peek());
    for (const { order, ticket } of views) {
        if (isNotice(ticket)) continue;
        const facts = rememberTicket(order, ticket);
        const before = lastSeen.get(ticket.id);
        if (!before) {
            lastSeen.set(ticket.id, facts);
            continue;
        }
        const changes = changesSince(before, facts);
        const held = marks.get(ticket.id);
        if (!changes ? !held : held && changes.items.size === held.items.size && changes.note === held.note && changes.place === held.place && changes.rush === held.rush)
            continue;
        if (changes) marks.set(ticket.id, changes);
        else marks.delete(ticket.id);
        news ||= !!changes;
        changed.value = marks;
    }
    return news;
}

/** A ticket that says something else than when it was last touched flashes, and its changes are listed. */
export function watchChanges(): () => void {
    return effect(() => {
        const views = open.value;
        if (!store.value.synced) return;
        const here = new Set(views.map((view) => view.ticket.id));
        for (const id of lastSeen.keys()) if (!here.has(id)) lastSeen.delete(id);
        if (look(views)) announce('changed', '');
    });
}

export function keepTitle(): () => void {
    return effect(() => {
        const seen = touched.value;
        const waiting = open.value.filter((view) => !seen.has(view.ticket.id)).length;
        setTitle(`${station} · ${t('nav_kitchen')}`, waiting);
    });
}
