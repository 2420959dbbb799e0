/* SPDX-License-Identifier: MIT */
/** Every word a page says. Another language is another catalogue of the same shape. */
import { en } from './locales/en';

export type Catalogue = Record<keyof typeof en, string>;
export type MessageKey = keyof typeof en;

const catalogues: Record<string, Catalogue> = { en };

export function pickLanguage(wanted: readonly string[], available: readonly string[] = Object.keys(catalogues)): string {
    for (const tag of wanted) {
        const language = tag.toLowerCase().split('-')[0]!;
        if (available.includes(language)) return language;
    }
    return 'en';
}

let current: Catalogue = en;
let language = 'en';

export function useLanguage(tag: string): void {
    current = catalogues[tag] ?? en;
    language = tag in catalogues ? tag : 'en';
}

export function fill(template: string, values: Record<string, string | number>): string {
    return template.replace(/\{(\w+)\}/g, (whole, name: string) => (name in values ? String(values[name]) : whole));
}

export function t(key: MessageKey, values: Record<string, string | number> = {}): string {
    return fill(current[key], values);
}

/** Picks `key_one` or `key_other` by the rules of the language. */
export function tn(key: PluralKey, n: number, values: Record<string, string | number> = {}): string {
    const form = new Intl.PluralRules(language).select(n) === 'one' ? 'one' : 'other';
    return t(`${key}_${form}` as MessageKey, { n, ...values });
}

type PluralKey = MessageKey extends infer K ? (K extends `${infer Stem}_other` ? Stem : never) : never;

/** Durations in words, for ages that people read rather than count: "just now", "40 s ago", "3 min ago". */
export function agoText(seconds: number): string {
    if (seconds < 5) return t('ago_now');
    if (seconds < 90) return t('ago_s', { n: seconds });
    if (seconds < 5400) return t('ago_min', { n: Math.round(seconds / 60) });
    return t('ago_h', { n: Math.round(seconds / 3600) });
}
