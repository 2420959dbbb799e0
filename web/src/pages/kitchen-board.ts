/* SPDX-License-Identifier: MIT */
/** Where cards stand on the board, and when they may move. Pure. */
import type { TicketView } from '../store';

export interface Placed {
    view: TicketView;
    /** Bumped: a gap with Undo in it. */
    gone: boolean;
}

export interface Arranged {
    /** The very list that was handed in, where nothing changed. */
    placed: readonly Placed[];
    /** Something waits to move until no finger is near. */
    unsettled: boolean;
}

const isRush = (view: TicketView) => view.order.priority === 'rush';

/** Rush first, then the oldest. */
export function inOrder(views: readonly TicketView[]): TicketView[] {
    return [...views].sort((a, b) => Number(isRush(b)) - Number(isRush(a)) || a.ticket.id - b.ticket.id);
}

/**
 * The next board after `before`. Every card that stood keeps its place; those that left are gaps; new ones stand at the
 * end. Only when it is `calm` do gaps close (except those of the last two seconds, `leaving`) and cards take their order.
 */
export function arrange(
    before: readonly Placed[],
    wanted: readonly TicketView[],
    leaving: ReadonlyMap<number, TicketView>,
    calm: boolean,
): Arranged {
    const now = new Map(wanted.map((view) => [view.ticket.id, view]));
    const next: Placed[] = calm ? settled(now, leaving) : kept(before, now);
    if (!calm) {
        const stood = new Set(before.map(({ view }) => view.ticket.id));
        for (const view of inOrder(wanted)) if (!stood.has(view.ticket.id)) next.push({ view, gone: false });
    }
    const goal = calm ? next : settled(now, leaving);
    const unsettled = goal.length !== next.length || goal.some((place, i) => place.view.ticket.id !== next[i]!.view.ticket.id);
    const same = next.length === before.length && next.every((place, i) => place.view === before[i]!.view && place.gone === before[i]!.gone);
    return { placed: same ? before : next, unsettled };
}

function kept(before: readonly Placed[], now: ReadonlyMap<number, TicketView>): Placed[] {
    return before.map(({ view }) => {
        const still = now.get(view.ticket.id);
        return still ? { view: still, gone: false } : { view, gone: true };
    });
}

function settled(now: ReadonlyMap<number, TicketView>, leaving: ReadonlyMap<number, TicketView>): Placed[] {
    const gaps = [...leaving.values()].filter((view) => !now.has(view.ticket.id));
    return inOrder([...now.values(), ...gaps]).map((view) => ({ view, gone: !now.has(view.ticket.id) }));
}
