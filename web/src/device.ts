/* SPDX-License-Identifier: MIT */
/** What belongs to this device alone: language, light or dark, how loud. Kept in the browser, never on the box. */
import { effect, signal } from '@preact/signals';

export type Theme = 'auto' | 'light' | 'dark';

interface Kept {
    language: string | null;
    theme: Theme;
    volume: number;
    sound: boolean;
    [page: string]: unknown;
}

const KEY = 'servery-device';
const fresh: Kept = { language: null, theme: 'auto', volume: 0.7, sound: false };

function read(): Kept {
    try {
        return { ...fresh, ...(JSON.parse(localStorage.getItem(KEY) ?? '{}') as Partial<Kept>) };
    } catch {
        return fresh;
    }
}

function write(change: Partial<Kept>): void {
    try {
        localStorage.setItem(KEY, JSON.stringify({ ...read(), ...change }));
    } catch {
        // Without storage a choice lives as long as the page.
    }
}

const kept = read();
export const chosenLanguage = signal<string | null>(kept.language);
export const theme = signal<Theme>(kept.theme);
export const volume = signal(kept.volume);
export const wantsSound = signal(kept.sound);

/** A page's own choice ("kitchen-view": "rail"), remembered on this device. */
export function remembered<T extends string>(name: string, choices: readonly T[]): T {
    const value = read()[name];
    return choices.find((choice) => choice === value) ?? choices[0]!;
}

export function remember(name: string, value: string): void {
    write({ [name]: value });
}

/** The language is read once a load: every word of a page is of one catalogue. */
export function chooseLanguage(language: string): void {
    write({ language });
    location.reload();
}

/** Keeps `data-theme` true to the choice, to the system, and to the page's own idea where nobody chose. */
export function applyDevice(darkByDefault: boolean): void {
    const system = matchMedia('(prefers-color-scheme: dark)');
    const systemDark = signal(system.matches);
    system.addEventListener('change', (event) => (systemDark.value = event.matches));
    effect(() => {
        const dark = theme.value === 'auto' ? darkByDefault || systemDark.value : theme.value === 'dark';
        document.documentElement.dataset.theme = dark ? 'dark' : 'light';
        write({ theme: theme.value, volume: volume.value, sound: wantsSound.value });
    });
}
