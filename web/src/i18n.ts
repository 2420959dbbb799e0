/* SPDX-License-Identifier: MIT */
/** Every word a page says. Another language is another catalogue of the same shape, fetched only where it is wanted. */
import { en } from './locales/en';

export type MessageKey = keyof typeof en;
/** Languages with more plural forms than English name them by the same stem. */
type MoreForms = { [form: `${string}_${'zero' | 'two' | 'few' | 'many'}`]: string };
export type Catalogue = Record<MessageKey, string> & MoreForms;

/** By the language's own name, as people look for it. */
export const LANGUAGES: Record<string, string> = {
    en: 'English',
    es: 'Español',
    hi: 'हिन्दी',
    zh: '中文',
    ar: 'العربية',
};
const RIGHT_TO_LEFT = new Set(['ar', 'fa', 'he', 'ur']);

const loaders: Record<string, () => Promise<Catalogue>> = {
    es: async () => (await import('./locales/es')).es,
    hi: async () => (await import('./locales/hi')).hi,
    zh: async () => (await import('./locales/zh')).zh,
    ar: async () => (await import('./locales/ar')).ar,
};

export function pickLanguage(wanted: readonly string[], available: readonly string[] = Object.keys(LANGUAGES)): string {
    for (const tag of wanted) {
        const language = tag.toLowerCase().split('-')[0]!;
        if (available.includes(language)) return language;
    }
    return 'en';
}

let current: Catalogue = en;
let language = 'en';
let formats = 'en';

/** Fetches and uses a catalogue; English where it cannot be had, since a page in the wrong language beats none. */
export async function useLanguage(tag: string, tags: readonly string[] = []): Promise<void> {
    const load = loaders[tag];
    try {
        current = load ? await load() : en;
        language = load ? tag : 'en';
    } catch {
        current = en;
        language = 'en';
    }
    // Of "de-AT, en-GB" and English words, en-GB says how dates look. Digits are Latin everywhere: tickets print them so.
    formats = `${tags.find((wanted) => wanted.toLowerCase().split('-')[0] === language) ?? language}-u-nu-latn`;
    document.documentElement.lang = language;
    document.documentElement.dir = RIGHT_TO_LEFT.has(language) ? 'rtl' : 'ltr';
}

export function currentLanguage(): string {
    return language;
}

/** For Intl: how numbers, money and dates are written on this device. */
export function locale(): string {
    return formats;
}

export function fill(template: string, values: Record<string, string | number>): string {
    return template.replace(/\{(\w+)\}/g, (whole, name: string) => (name in values ? String(values[name]) : whole));
}

export function t(key: MessageKey, values: Record<string, string | number> = {}): string {
    return fill(current[key], values);
}

type PluralKey = MessageKey extends infer K ? (K extends `${infer Stem}_other` ? Stem : never) : never;

/** Picks `key_one`, `key_few` ... by the rules of the language; `key_other` where it has no such form. */
export function tn(key: PluralKey, n: number, values: Record<string, string | number> = {}): string {
    const form = new Intl.PluralRules(language).select(n);
    const words = (current as Record<string, string>)[`${key}_${form}`] ?? current[`${key}_other` as MessageKey];
    return fill(words, { n, ...values });
}

/** Durations in words, for ages that people read rather than count: "just now", "40 s ago", "3 min ago". */
export function agoText(seconds: number): string {
    if (seconds < 5) return t('ago_now');
    if (seconds < 90) return t('ago_s', { n: seconds });
    if (seconds < 5400) return t('ago_min', { n: Math.round(seconds / 60) });
    return t('ago_h', { n: Math.round(seconds / 3600) });
}

/** "19:42", in the restaurant's time zone where it is known. */
export function timeText(stamp: string | number, timeZone?: string): string {
    const options: Intl.DateTimeFormatOptions = { hour: '2-digit', minute: '2-digit' };
    try {
        return new Intl.DateTimeFormat(formats, timeZone ? { ...options, timeZone } : options).format(new Date(stamp));
    } catch {
        return new Intl.DateTimeFormat('en', options).format(new Date(stamp));
    }
}
