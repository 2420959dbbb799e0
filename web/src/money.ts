/* SPDX-License-Identifier: MIT */
import { locale as deviceLocale } from './i18n';
/** Money is integer minor units everywhere; only the last step, for the eye, makes text of it. */

export function fractionDigits(currency: string): number {
    try {
        return new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
    } catch {
        return 2;
    }
}

/** The amount as a decimal string ("12.75", "-0.05", "1275" for a currency without minor units), without floats. */
export function decimalText(minor: number, digits: number): string {
    const sign = minor < 0 ? '-' : '';
    const text = String(Math.abs(minor)).padStart(digits + 1, '0');
    return digits === 0 ? sign + text : `${sign}${text.slice(0, -digits)}.${text.slice(-digits)}`;
}

export function formatMoney(minor: number, currency: string, locale = deviceLocale()): string {
    const digits = fractionDigits(currency);
    const plain = decimalText(minor, digits);
    try {
        return new Intl.NumberFormat(locale, { style: 'currency', currency }).format(Number(plain));
    } catch {
        return `${plain} ${currency}`;
    }
}

/** "12.75" or "12,75" as minor units; null when it is no amount of that currency. */
export function parseMoney(text: string, currency: string): number | null {
    const digits = fractionDigits(currency);
    const match = /^(\d{1,7})(?:[.,](\d*))?$/.exec(text.trim());
    const fraction = match?.[2] ?? '';
    if (!match || fraction.length > digits) return null;
    return Number(match[1]! + fraction.padEnd(digits, '0'));
}

export interface Priced {
    unit_price: number;
    quantity: number;
    modifiers: { price: number }[];
}

export function lineTotal(line: Priced): number {
    return line.quantity * line.modifiers.reduce((sum, modifier) => sum + modifier.price, line.unit_price);
}

export function cartTotal(lines: readonly Priced[]): number {
    return lines.reduce((sum, line) => sum + lineTotal(line), 0);
}
