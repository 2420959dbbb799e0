/* SPDX-License-Identifier: MIT */
/** The kitchen page's own state: which station, what was painted and touched, what is being saved, what just left. */
import { computed, effect, signal } from '@preact/signals';
import { explain, now, restaurant, setStatus, status, store, tell } from '../app';
import { announce, setTitle } from '../alerting';
import { fail } from '../components/Frame';
import { t } from '../i18n';
import { allDay, bumpedTickets, isNotice, openTickets, type TicketView } from '../store';
import { ageLevel, ageSeconds, type AgeLevel } from '../time';
import { type CardLine, nextStep } from '../ticket-view';
import type { StatusTarget } from '../api';

export const station = new URLSearchParams(location.search).get('station') ?? '';
const GAP_MS = 2000;

/** Each station has its own idea of late. */
export function levelOf(age: number): AgeLevel {
    const own = restaurant.value?.stations.find(({ name }) => name === station);
    return ageLevel(age, own?.amber_s, own?.red_s);
}

export const open = computed(() => openTickets(store.value, station));
export const bumped = computed(() => bumpedTickets(store.value, station));
export const totals = computed(() => allDay(open.value).slice(0, 8));
export const late = computed(
    () => open.value.filter((view) => levelOf(ageSeconds(view.ticket.created_at, now.value)) === 'late').length,
);
export const busy = signal<ReadonlySet<number>>(new Set());
export const touched = signal<ReadonlySet<number>>(new Set());
const leaving = signal<ReadonlyMap<number, TicketView>>(new Map());

/** Cards and the gaps of those just bumped, in one order, so that no card moves while a finger is near. */
export const board = computed(() => {
    const shown = open.value.map((view) => ({ view, gone: false }));
    const here = new Set(open.value.map((view) => view.ticket.id));
    for (const view of leaving.value.values()) if (!here.has(view.ticket.id)) shown.push({ view, gone: true });
    return shown.sort((a, b) => a.view.ticket.id - b.view.ticket.id);
});

export function touch(ticketId: number): void {
    if (touched.peek().has(ticketId)) return;
    touched.value = new Set(touched.peek()).add(ticketId);
    tell({ type: 'touched', ticket_ids: [ticketId] });
}

function without<T>(set: ReadonlySet<T>, value: T): Set<T> {
    const next = new Set(set);
    next.delete(value);
    return next;
}

async function change(view: TicketView, target: StatusTarget, to: string): Promise<boolean> {
    const id = view.ticket.id;
    if (busy.peek().has(id)) return false;
    busy.value = new Set(busy.peek()).add(id);
    try {
        await setStatus(target, to);
        return true;
    } catch (error) {
        fail(t('kitchen_failed', { n: view.ticket.kot_number, detail: explain(error) }));
        return false;
    } finally {
        busy.value = without(busy.peek(), id);
    }
}

export async function step(view: TicketView): Promise<void> {
    const { to } = nextStep(view.ticket);
    touch(view.ticket.id);
    // Put up before the answer, because the frame that takes the card away may come first.
    if (to === 'ready') leaving.value = new Map(leaving.peek()).set(view.ticket.id, view);
    const done = await change(view, { ticket_id: view.ticket.id }, to);
    if (to !== 'ready') return;
    if (done) setTimeout(() => forget(view.ticket.id), GAP_MS);
    else forget(view.ticket.id);
}

function forget(ticketId: number): void {
    const next = new Map(leaving.peek());
    next.delete(ticketId);
    leaving.value = next;
}

export async function bringBack(view: TicketView): Promise<void> {
    await change(view, { ticket_id: view.ticket.id }, 'preparing');
    forget(view.ticket.id);
}

export async function toggleItem(view: TicketView, line: CardLine): Promise<void> {
    touch(view.ticket.id);
    await change(view, { item_id: line.item.id }, line.mark === 'done' ? 'preparing' : 'ready');
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

/** New work makes itself heard; what was there when the page opened does not. */
export function announceNewWork(): () => void {
    let known: Set<number> | null = null;
    return effect(() => {
        const views = open.value;
        if (!store.value.synced) return;
        const before = known;
        known = new Set(views.map((view) => view.ticket.id));
        const fresh = before ? views.filter((view) => !before.has(view.ticket.id)) : [];
        if (fresh.length > 0)
            announce(
                fresh.some((view) => !isNotice(view.ticket)) ? 'new' : 'changed',
                `${station}: ${t('kitchen_kot', { n: fresh[0]!.ticket.kot_number })}`,
            );
    });
}

export function keepTitle(): () => void {
    return effect(() => {
        const waiting = open.value.filter((view) => !touched.value.has(view.ticket.id)).length;
        setTitle(`${station} · ${t('nav_kitchen')}`, waiting);
    });
}
