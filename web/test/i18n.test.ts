/* SPDX-License-Identifier: MIT */
import { describe, expect, it } from 'vitest';
import { fill, LANGUAGES, type Catalogue } from '../src/i18n';
import { ar } from '../src/locales/ar';
import { en } from '../src/locales/en';
import { es } from '../src/locales/es';
import { hi } from '../src/locales/hi';
import { zh } from '../src/locales/zh';

const catalogues: Record<string, Catalogue> = { en, es, hi, zh, ar };
const holes = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(([hole]) => hole).sort();

describe('catalogues', () => {
    it('are there for every language that is offered', () => {
        expect(Object.keys(catalogues).sort()).toEqual(Object.keys(LANGUAGES).sort());
    });

    for (const [language, words] of Object.entries(catalogues)) {
        it(`${language} leaves nothing empty`, () => {
            for (const [key, text] of Object.entries(words)) expect(text.trim(), key).not.toBe('');
        });

        it(`${language} names nothing that is not filled in`, () => {
            for (const [key, text] of Object.entries(words)) {
                const own = /_(zero|one|two|few|many|other)$/.exec(key);
                const base = (key in en ? key : key.replace(/_(zero|two|few|many)$/, '_other')) as keyof typeof en;
                const allowed = new Set([...holes(en[base]), ...(own ? ['{n}'] : [])]);
                for (const hole of holes(text)) expect(allowed, `${key}: ${hole}`).toContain(hole);
                // A word may hide in a plural form ("two dishes"), nowhere else.
                if (!own) expect(holes(text), key).toEqual(holes(en[base]));
            }
        });

        it(`${language} says every plural that its language has, or one that does for all`, () => {
            const forms = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
            for (const key of Object.keys(en).filter((k) => k.endsWith('_other'))) {
                const stem = key.slice(0, -'_other'.length);
                for (const form of forms) {
                    const text = (words as Record<string, string>)[`${stem}_${form}`] ?? words[key as keyof typeof en];
                    expect(fill(text, { n: 7, age: '', where: '' }), `${stem}_${form}`).not.toContain('{n}');
                }
            }
        });
    }

    it('differ from English where they are another language', () => {
        for (const [language, words] of Object.entries(catalogues)) {
            if (language === 'en') continue;
            const same = Object.keys(en).filter((key) => words[key as keyof typeof en] === en[key as keyof typeof en] && /[a-z]{4}/i.test(en[key as keyof typeof en].replace(/\{\w+\}/g, '')));
            // Some words are the same: the product's name, "normal" in Spanish.
            expect(same.length, `${language}: ${same}`).toBeLessThan(5);
        }
    });
});
