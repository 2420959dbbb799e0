/* SPDX-License-Identifier: MIT */
/** The kitchen page's own state: which station and view, what is being saved, what just left, what a finger is near. */
import { computed, effect, signal } from '@preact/signals';
import { explain, now, restaurant, setStatus, store } from '../app';
import type { StatusTarget } from '../api';
import { fail } from '../components/Frame';
import { remember, remembered } from '../device';
import { t } from '../i18n';
import { allDay, bumpedTickets, isNotice, stationTickets, type TicketView } from '../store';
import { ageLevel, type AgeLevel, ageSeconds } from '../time';
import { type CardLine, nextStep } from '../ticket-view';
import { arrange, type Placed } from './kitchen-board';

export const station = new URLSearchParams(location.search).get('station') ?? '';
export const VIEWS = ['open', 'pending', 'preparing', 'ready'] as const;
export type View = (typeof VIEWS)[number];
export const LAYOUTS = ['columns', 'rail'] as const;
export const SIZES = ['normal', 'large', 'larger'] as const;

export const view = signal<View>(remembered(`kitchen-view-${station}`, VIEWS));
export const layout = signal(remembered(`kitchen-layout-${station}`, LAYOUTS));
export const size = signal(remembered(`kitchen-size-${station}`, SIZES));
effect(() => {
    remember(`kitchen-view-${station}`, view.value);
    remember(`kitchen-layout-${station}`, layout.value);
    remember(`kitchen-size-${station}`, size.value);
});

const GAP_MS = 2000;
/** Cards may move when no finger has been near for so long. */
const CALM_MS = 1500;

/** Each station has its own idea of late. */
export function levelOf(age: number): AgeLevel {
    const own = restaurant.value?.stations.find(({ name }) => name === station);
    return ageLevel(age, own?.amber_s, own?.red_s);
}

const all = computed(() => stationTickets(store.value, station));
export const open = computed(() => all.value.filter(({ ticket }) => ticket.ticket_status !== 'ready'));
export const counts = computed<Record<View, number>>(() => {
    const of = (status: string) => all.value.filter(({ ticket }) => ticket.ticket_status === status).length;
    return { open: open.value.length, pending: of('pending'), preparing: of('preparing'), ready: of('ready') };
});
export const bumped = computed(() => bumpedTickets(store.value, station, 20));
export const totals = computed(() => allDay(open.value));
export const late = computed(
    () => open.value.filter(({ ticket }) => levelOf(ageSeconds(ticket.created_at, now.value)) === 'late').length,
);
const wanted = computed(() =>
    view.value === 'open' ? open.value : all.value.filter(({ ticket }) => ticket.ticket_status === view.value),
);

export const busy = signal<ReadonlySet<number>>(new Set());
const leaving = signal<ReadonlyMap<number, TicketView>>(new Map());

/** What stands on the board, in its places. See keepBoard(). */
export const board = signal<readonly Placed[]>([]);
let lastTouch = -Infinity;

export function fingerNear(): void {
    lastTouch = performance.now();
}

/**
 * Keeps the board true to the store. New cards come in at the end and bumped ones leave a gap at once; gaps close and
 * rush moves to the front only when no finger has been near for a while. Returns how to stop.
 */
export function keepBoard(): () => void {
    let timer: ReturnType<typeof setTimeout> | null = null;
    const settle = () => {
        timer = null;
        const rest = CALM_MS - (performance.now() - lastTouch);
        const next = arrange(board.peek(), wanted.peek(), leaving.peek(), rest <= 0);
        if (next.placed !== board.peek()) board.value = next.placed;
        if (next.unsettled) timer = setTimeout(settle, Math.max(50, rest));
    };
    const stop = effect(() => {
        void wanted.value;
        void leaving.value;
        if (timer !== null) clearTimeout(timer);
        settle();
    });
    return () => {
        stop();
        if (timer !== null) clearTimeout(timer);
    };
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

/** Does this step take the card off the view that is open? */
function leaves(to: string): boolean {
    return to === 'served' || (view.peek() === 'open' ? to === 'ready' : to !== view.peek());
}

export async function step(of: TicketView): Promise<void> {
    const { to } = nextStep(of.ticket);
    const id = of.ticket.id;
    if (busy.peek().has(id)) return;
    // Put up before the answer, because the frame that takes the card away may come first.
    if (leaves(to)) leaving.value = new Map(leaving.peek()).set(id, of);
    const done = await change(of, { ticket_id: id }, to);
    if (!leaves(to)) return;
    if (done) setTimeout(() => forget(id), GAP_MS);
    else forget(id);
}

function forget(ticketId: number): void {
    const next = new Map(leaving.peek());
    next.delete(ticketId);
    leaving.value = next;
}

/** From "ready" back to work; what was only put off from "new" to "cooking" goes back to "new". */
export async function bringBack(of: TicketView): Promise<void> {
    const id = of.ticket.id;
    if (isNotice(of.ticket)) return forget(id);
    const status = store.peek().orders.get(of.order.id)?.tickets.find((ticket) => ticket.id === id)?.ticket_status;
    // One step back at a time, says the contract; what was put off to "cooking" by mistake was new before.
    if (status === 'served') await change(of, { ticket_id: id }, 'ready');
    await change(of, { ticket_id: id }, status === 'preparing' ? 'pending' : 'preparing');
    forget(id);
}

export async function recallLast(): Promise<void> {
    const [last] = bumped.peek();
    if (last) await bringBack(last);
}

export async function toggleItem(of: TicketView, line: CardLine): Promise<void> {
    await change(of, { item_id: line.item.id }, line.mark === 'done' ? 'preparing' : 'ready');
}
