/* SPDX-License-Identifier: MIT */
import { Minus, Pencil, Plus, Undo2 } from 'lucide-preact';
import { currency, store } from '../app';
import { byCourse, type CartLine, withQuantity } from '../cart';
import { t } from '../i18n';
import { formatMoney, lineTotal } from '../money';
import { numberOf } from '../order-view';
import { apart, canUndo, cart, change, customer, edit, guests, note, phone, place, ranOut, runningHere, rush, undo } from '../pages/order-model';

export function CartPanel({ onEdit }: { onEdit: (line: CartLine) => void }) {
    return (
        <section class="cart" aria-label={t('cart_title')} data-testid="cart">
            <div class="cart-head">
                <h2>{t('cart_title')}</h2>
                <button type="button" class="button quiet" data-testid="undo" disabled={!canUndo.value} onClick={undo}>
                    <Undo2 size={20} aria-hidden="true" /> {t('undo')}
                </button>
            </div>
            {cart.value.length === 0 && <p class="muted cart-empty">{t('cart_empty')}</p>}
            {byCourse(cart.value).map(([course, lines], i, all) => (
                <section key={course}>
                    {all.length > 1 && <h3 class="course">{t(i === 0 ? 'cart_course_first' : 'cart_course_held', { n: course })}</h3>}
                    <ul class="lines">
                        {lines.map((line) => (
                            <Line key={line.uid} line={line} onEdit={onEdit} />
                        ))}
                    </ul>
                </section>
            ))}
            {cart.value.length > 0 && <Extras />}
        </section>
    );
}

function Line({ line, onEdit }: { line: CartLine; onEdit: (line: CartLine) => void }) {
    const out = ranOut.value.includes(line);
    return (
        <li class={`line ${out ? 'line-out' : ''}`} data-testid={`line-${line.menu_item_id ?? 'open'}`}>
            <button type="button" class="line-main" aria-label={t('cart_edit', { name: line.name })} disabled={line.menu_item_id === null} onClick={() => onEdit(line)}>
                <span class="line-name">
                    {line.name} <Pencil size={14} aria-hidden="true" />
                </span>
                {line.modifiers.map((modifier) => (
                    <span class="line-mod" key={modifier.id}>
                        + {modifier.name}
                    </span>
                ))}
                {line.seat && <span class="muted">{t('kitchen_seat', { n: line.seat })}</span>}
                {line.note && <span class="note-box">{line.note}</span>}
                {out && <span class="error-text">{t('order_out_now', { name: line.name })}</span>}
            </button>
            <div class="line-side">
                <span class="num">{formatMoney(lineTotal(line), currency.value)}</span>
                <div class="line-steps">
                    <button type="button" class="icon-button" aria-label={t('cart_less', { name: line.name })} onClick={() => change(withQuantity(cart.value, line.uid, line.quantity - 1))}>
                        <Minus size={20} aria-hidden="true" />
                    </button>
                    <b class="num">{line.quantity}</b>
                    <button type="button" class="icon-button" aria-label={t('cart_more', { name: line.name })} onClick={() => change(withQuantity(cart.value, line.uid, line.quantity + 1))}>
                        <Plus size={20} aria-hidden="true" />
                    </button>
                </div>
            </div>
        </li>
    );
}

function Extras() {
    const at = place.value;
    const dineIn = at?.type === 'dine_in';
    const running = runningHere.value;
    const seated = dineIn && !!store.value.tables.get(at.tableId)?.guests;
    return (
        <div class="extras">
            {!dineIn && (
                <>
                    <label class="field">
                        {t('order_customer')}
                        <input data-testid="customer" maxLength={80} value={customer.value} onInput={(e) => edit({ customer: e.currentTarget.value })} />
                    </label>
                    <label class="field">
                        {t('order_phone')}
                        <input data-testid="phone" type="tel" maxLength={40} value={phone.value} onInput={(e) => edit({ phone: e.currentTarget.value })} />
                    </label>
                </>
            )}
            {dineIn && !seated && !running && (
                <label class="field">
                    {t('order_guests')}
                    <input
                        data-testid="guests"
                        type="number"
                        inputMode="numeric"
                        min={1}
                        max={99}
                        value={guests.value ?? ''}
                        onInput={(e) => edit({ guests: Number.parseInt(e.currentTarget.value, 10) || null })}
                    />
                </label>
            )}
            {(!running || apart.value) && (
                <>
                    <label class="field">
                        {t('cart_order_note')}
                        <input data-testid="order-note" maxLength={280} value={note.value} onInput={(e) => edit({ note: e.currentTarget.value })} />
                    </label>
                    <label class="option">
                        <input type="checkbox" data-testid="rush" checked={rush.value} onChange={(e) => edit({ rush: e.currentTarget.checked })} />
                        <span>{t('cart_rush')}</span>
                    </label>
                </>
            )}
            {running && (
                <label class="option">
                    <input type="checkbox" data-testid="apart" checked={apart.value} onChange={(e) => edit({ apart: e.currentTarget.checked })} />
                    <span>{t('cart_apart', { number: numberOf(running) })}</span>
                </label>
            )}
        </div>
    );
}
