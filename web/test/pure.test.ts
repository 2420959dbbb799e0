/* SPDX-License-Identifier: MIT */
import { describe, expect, it } from 'vitest';
import { baseOf, socketUrl } from '../src/base';
import { addToCart, destinations, missingGroups, plainChoice, toggleModifier, toItems, withQuantity } from '../src/cart';
import { agoText, fill, pickLanguage, tn } from '../src/i18n';
import { cartTotal, decimalText, formatMoney, lineTotal } from '../src/money';
import { ageLevel, ageSeconds, elapsedText, ServerClock } from '../src/time';
import type { MenuItem, ModifierGroup } from '../src/types';

describe('base', () => {
    it('is derived from where the page lives', () => {
        expect(baseOf('/order')).toEqual({ slug: 'main', prefix: '', api: '/api/v1' });
        expect(baseOf('/r/pizza-2/kitchen')).toEqual({ slug: 'pizza-2', prefix: '/r/pizza-2', api: '/r/pizza-2/api/v1' });
        expect(baseOf('/r/pizza')).toMatchObject({ slug: 'pizza' });
        expect(baseOf('/restaurant')).toMatchObject({ slug: 'main' });
    });

    it('gives the socket the scheme of the page', () => {
        const query = new URLSearchParams({ since: '4' });
        expect(socketUrl({ protocol: 'http:', host: 'box:80' }, baseOf('/'), query)).toBe('ws://box:80/api/v1/ws/orders/live?since=4');
        expect(socketUrl({ protocol: 'https:', host: 'box' }, baseOf('/r/a/'), new URLSearchParams())).toBe('wss://box/r/a/api/v1/ws/orders/live');
    });
});

describe('money', () => {
    it('is split by the digits of its currency, without floats', () => {
        expect(decimalText(1275, 2)).toBe('12.75');
        expect(decimalText(5, 2)).toBe('0.05');
        expect(decimalText(-5, 2)).toBe('-0.05');
        expect(decimalText(1275, 0)).toBe('1275');
        expect(decimalText(1275, 3)).toBe('1.275');
    });

    it('reads as its currency does', () => {
        expect(formatMoney(1275, 'EUR', 'en-IE')).toBe('€12.75');
        expect(formatMoney(1275, 'JPY', 'en')).toBe('¥1,275');
        expect(formatMoney(1275, 'KWD', 'en').replace(/\s/g, ' ')).toBe('KWD 1.275');
        expect(formatMoney(1275, 'nonsense')).toBe('12.75 nonsense');
    });

    it('multiplies the modifiers too', () => {
        const line = { unit_price: 1000, quantity: 3, modifiers: [{ price: 150 }, { price: -50 }] };
        expect(lineTotal(line)).toBe(3300);
        expect(cartTotal([line, { unit_price: 1, quantity: 2, modifiers: [] }])).toBe(3302);
    });
});

describe('time', () => {
    it('tells server time whatever the tablet believes', () => {
        let counter = 1000;
        const clock = new ServerClock(() => counter, () => 0);
        expect(clock.known).toBe(false);
        clock.learn('2026-11-20T10:00:00.000Z', 100);
        counter += 5000;
        expect(new Date(clock.now()).toISOString()).toBe('2026-11-20T10:00:05.050Z');
    });

    it('trusts the tightest measurement of a connection', () => {
        const clock = new ServerClock(() => 0, () => 0);
        clock.learn('2026-11-20T10:00:00.000Z', 10);
        clock.learn('2026-11-20T11:00:00.000Z', 900);
        expect(clock.now()).toBe(Date.parse('2026-11-20T10:00:00.005Z'));
        clock.forget();
        clock.learn('2026-11-20T11:00:00.000Z', 900);
        expect(clock.now()).toBe(Date.parse('2026-11-20T11:00:00.450Z'));
    });

    it('never shows a negative age', () => {
        expect(ageSeconds('2026-11-20T10:00:05.000Z', Date.parse('2026-11-20T10:00:00.000Z'))).toBe(0);
        expect(ageSeconds('2026-11-20T10:00:00.000Z', Date.parse('2026-11-20T10:07:42.900Z'))).toBe(462);
    });

    it('counts minutes, then hours', () => {
        expect([0, 59, 462, 3600, 4062].map(elapsedText)).toEqual(['00:00', '00:59', '07:42', '1:00:00', '1:07:42']);
    });

    it('has two thresholds', () => {
        expect([599, 600, 1199, 1200].map((s) => ageLevel(s))).toEqual(['calm', 'amber', 'amber', 'late']);
    });
});

describe('words', () => {
    it('are filled in, and an unknown name stays visible', () => {
        expect(fill('{n} of {all}', { n: 2 })).toBe('2 of {all}');
    });

    it('follow the plural of the language', () => {
        expect(tn('cart_items', 1)).toBe('1 item');
        expect(tn('cart_items', 3)).toBe('3 items');
    });

    it('are picked by what the browser asks for', () => {
        expect(pickLanguage(['hi-IN', 'ar'], ['en', 'ar'])).toBe('ar');
        expect(pickLanguage(['xx'])).toBe('en');
    });

    it('tell ages', () => {
        expect([0, 40, 180, 7200].map(agoText)).toEqual(['just now', '40 s ago', '3 min ago', '2 h ago']);
    });
});

describe('cart', () => {
    const group = (id: number, min: number, max: number): ModifierGroup => ({
        id, name: `g${id}`, min, max, modifiers: [1, 2, 3].map((n) => ({ id: id * 10 + n, name: `m${n}`, price: 50, available: true })),
    });
    const dish = (id: number, station: string, groups: ModifierGroup[] = []): MenuItem => ({
        id, category_id: 1, name: `dish ${id}`, kitchen_name: null, price: 300, tax_rate_id: null, station, available: true, course: 1, modifier_groups: groups,
    });

    it('joins the same wish and keeps different ones apart', () => {
        const naan = dish(1, 'grill');
        let cart = addToCart([], naan, plainChoice);
        cart = addToCart(cart, naan, plainChoice);
        cart = addToCart(cart, naan, { ...plainChoice, note: 'no butter' });
        expect(cart.map((line) => [line.quantity, line.note])).toEqual([[2, ''], [1, 'no butter']]);
    });

    it('drops a line at nothing and stops at 999', () => {
        const cart = addToCart([], dish(1, 'grill'), plainChoice);
        expect(withQuantity(cart, 1, 0)).toEqual([]);
        expect(withQuantity(cart, 1, 5000)[0]!.quantity).toBe(999);
    });

    it('names where it goes', () => {
        let cart = addToCart([], dish(1, 'grill'), { ...plainChoice, quantity: 2 });
        cart = addToCart(cart, dish(2, 'bar'), plainChoice);
        expect(destinations(cart)).toBe('grill 2 · bar 1');
    });

    it('sends only the fields the contract knows', () => {
        const cart = addToCart([], dish(1, 'grill', [group(1, 0, 3)]), { ...plainChoice, modifiers: [group(1, 0, 3).modifiers[0]!] });
        expect(toItems(cart)).toEqual([{ menu_item_id: 1, quantity: 1, modifiers: [11], course: 1 }]);
    });

    it('holds to the least and the most of a group', () => {
        const two = group(1, 2, 2);
        let chosen = toggleModifier(two, new Set(), 11);
        expect(missingGroups(dish(1, 'grill', [two]), chosen)).toHaveLength(1);
        chosen = toggleModifier(two, chosen, 12);
        expect(missingGroups(dish(1, 'grill', [two]), chosen)).toHaveLength(0);
        expect([...toggleModifier(two, chosen, 13)]).toEqual([11, 12]);
    });

    it('swaps where one is allowed, and lets go only where none may be chosen', () => {
        expect([...toggleModifier(group(1, 1, 1), new Set([11]), 12)]).toEqual([12]);
        expect([...toggleModifier(group(1, 1, 1), new Set([11]), 11)]).toEqual([11]);
        expect([...toggleModifier(group(1, 0, 1), new Set([11]), 11)]).toEqual([]);
    });
});
