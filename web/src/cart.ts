/* SPDX-License-Identifier: MIT */
/** The order being taken, before it is sent. Pure; the page keeps it in a signal and in session storage. */
import type { MenuItem, Modifier, ModifierGroup, NewItem } from './types';

export interface CartLine {
    uid: number;
    /** null: not on the menu, so it brings its own name, price and station. */
    menu_item_id: number | null;
    name: string;
    station: string;
    unit_price: number;
    quantity: number;
    modifiers: { id: number; name: string; price: number }[];
    note: string;
    seat: number | null;
    course: number;
}

export interface Choice {
    modifiers: Modifier[];
    note: string;
    quantity: number;
    seat: number | null;
    /** null: the dish's usual course. */
    course: number | null;
}

export interface OpenItem {
    name: string;
    price: number;
    station: string;
    quantity: number;
}

const MOST = 999;
export const COURSES = [1, 2, 3, 4] as const;

export const plainChoice: Choice = { modifiers: [], note: '', quantity: 1, seat: null, course: null };

const sameModifiers = (a: { id: number }[], b: { id: number }[]) =>
    a.length === b.length && a.every((modifier, i) => modifier.id === b[i]!.id);

const nextUid = (cart: readonly CartLine[]) => cart.reduce((max, line) => Math.max(max, line.uid), 0) + 1;

const plain = (modifiers: readonly Modifier[]) => modifiers.map(({ id, name, price }) => ({ id, name, price }));

/** The same dish asked for in the same way is one line with a higher quantity. */
export function addToCart(cart: readonly CartLine[], item: MenuItem, choice: Choice): CartLine[] {
    const course = choice.course ?? item.course ?? 1;
    const same = cart.find(
        (line) =>
            line.menu_item_id === item.id &&
            line.note === choice.note &&
            line.seat === choice.seat &&
            line.course === course &&
            sameModifiers(line.modifiers, choice.modifiers),
    );
    if (same) return withQuantity(cart, same.uid, same.quantity + choice.quantity);
    return [
        ...cart,
        {
            uid: nextUid(cart),
            menu_item_id: item.id,
            name: item.name,
            station: item.station,
            unit_price: item.price,
            quantity: choice.quantity,
            modifiers: plain(choice.modifiers),
            note: choice.note,
            seat: choice.seat,
            course,
        },
    ];
}

export function addOpenItem(cart: readonly CartLine[], open: OpenItem): CartLine[] {
    return [
        ...cart,
        {
            uid: nextUid(cart),
            menu_item_id: null,
            name: open.name,
            station: open.station,
            unit_price: open.price,
            quantity: open.quantity,
            modifiers: [],
            note: '',
            seat: null,
            course: 1,
        },
    ];
}

export function withQuantity(cart: readonly CartLine[], uid: number, quantity: number): CartLine[] {
    if (quantity <= 0) return cart.filter((line) => line.uid !== uid);
    return cart.map((line) => (line.uid === uid ? { ...line, quantity: Math.min(MOST, quantity) } : line));
}

export function withChoice(cart: readonly CartLine[], uid: number, choice: Choice): CartLine[] {
    return cart.map((line) =>
        line.uid === uid
            ? {
                  ...line,
                  note: choice.note,
                  quantity: choice.quantity,
                  seat: choice.seat,
                  course: choice.course ?? line.course,
                  modifiers: plain(choice.modifiers),
              }
            : line,
    );
}

export function needsSheet(item: MenuItem): boolean {
    return item.modifier_groups.some((group) => group.min > 0);
}

export function missingGroups(item: MenuItem, chosen: ReadonlySet<number>): ModifierGroup[] {
    return item.modifier_groups.filter((group) => group.modifiers.filter((m) => chosen.has(m.id)).length < group.min);
}

/** Ticks or unticks; a group that allows one choice swaps it, a full group takes no more. */
export function toggleModifier(group: ModifierGroup, chosen: ReadonlySet<number>, id: number): Set<number> {
    const next = new Set(chosen);
    if (next.has(id)) {
        if (!(group.min === 1 && group.max === 1)) next.delete(id);
        return next;
    }
    const inGroup = group.modifiers.filter((modifier) => next.has(modifier.id));
    if (group.max === 1) for (const modifier of inGroup) next.delete(modifier.id);
    else if (inGroup.length >= group.max) return next;
    return next.add(id);
}

/** "grill 2 · bar 1", in the order of the stations' first dish. */
export function destinations(cart: readonly CartLine[]): string {
    const sums = new Map<string, number>();
    for (const line of cart) sums.set(line.station, (sums.get(line.station) ?? 0) + line.quantity);
    return [...sums].map(([station, quantity]) => `${station} ${quantity}`).join(' · ');
}

/** In the order in which they are served; within a course as they were taken. */
export function byCourse(cart: readonly CartLine[]): [course: number, lines: CartLine[]][] {
    const groups = new Map<number, CartLine[]>();
    for (const line of cart) groups.set(line.course, [...(groups.get(line.course) ?? []), line]);
    return [...groups].sort(([a], [b]) => a - b);
}

export function toItems(cart: readonly CartLine[]): NewItem[] {
    return cart.map((line) => ({
        ...(line.menu_item_id === null
            ? { open_name: line.name, open_price: line.unit_price, station: line.station }
            : { menu_item_id: line.menu_item_id }),
        quantity: line.quantity,
        ...(line.modifiers.length ? { modifiers: line.modifiers.map((modifier) => modifier.id) } : {}),
        ...(line.note ? { note: line.note } : {}),
        ...(line.seat ? { seat: line.seat } : {}),
        course: line.course,
    }));
}
