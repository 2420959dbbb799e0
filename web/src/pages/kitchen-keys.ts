/* SPDX-License-Identifier: MIT */
/**
 * The kitchen without touching glass: number keys and USB bump bars, which type like keyboards. 1 to 9 and 0 press the big
 * button of the card in that place; arrows choose a card and Enter presses it; Backspace or R brings the last one back;
 * Page Up and Down turn the page.
 */
import { signal } from '@preact/signals';
import { board, layout, recallLast, step } from './kitchen-model';
import { touch } from './kitchen-notice';

/** The card that Enter means, by its ticket; null: none chosen yet. */
export const cursor = signal<number | null>(null);

function press(index: number): void {
    const place = board.peek()[index];
    if (!place || place.gone) return;
    touch(place.view.ticket.id);
    void step(place.view);
}

function move(by: number): void {
    const places = board.peek().filter(({ gone }) => !gone);
    if (places.length === 0) return;
    const at = places.findIndex(({ view }) => view.ticket.id === cursor.peek());
    const next = places[at < 0 ? 0 : Math.min(places.length - 1, Math.max(0, at + by))]!;
    cursor.value = next.view.ticket.id;
    requestAnimationFrame(() => document.querySelector('.card.chosen')?.scrollIntoView({ block: 'nearest', inline: 'nearest' }));
}

function turn(by: number): void {
    if (layout.peek() === 'rail') document.querySelector('.board')?.scrollBy({ left: innerWidth * 0.8 * by * (document.dir === 'rtl' ? -1 : 1) });
    else scrollBy({ top: innerHeight * 0.7 * by });
}

const KEYS: Record<string, () => void> = {
    ArrowRight: () => move(document.dir === 'rtl' ? -1 : 1),
    ArrowLeft: () => move(document.dir === 'rtl' ? 1 : -1),
    PageDown: () => turn(1),
    PageUp: () => turn(-1),
    Backspace: () => void recallLast(),
    r: () => void recallLast(),
};

export function onKey(event: KeyboardEvent): void {
    if (event.ctrlKey || event.altKey || event.metaKey || document.querySelector('dialog[open], .cover, .conn-panel')) return;
    const on = event.target as HTMLElement;
    if (on instanceof HTMLInputElement || on instanceof HTMLSelectElement) return;
    if (/^[0-9]$/.test(event.key)) {
        press((Number(event.key) + 9) % 10);
        return;
    }
    if (event.key === 'Enter' && cursor.peek() !== null && !(on instanceof HTMLButtonElement) && !(on instanceof HTMLAnchorElement)) {
        press(board.peek().findIndex(({ view, gone }) => !gone && view.ticket.id === cursor.peek()));
        return;
    }
    const act = KEYS[event.key];
    if (!act) return;
    event.preventDefault();
    act();
}
