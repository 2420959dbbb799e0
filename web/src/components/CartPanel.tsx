/* SPDX-License-Identifier: MIT */
import { Minus, Pencil, Plus, Undo2 } from 'lucide-preact';
import { currency } from '../app';
import { type CartLine, withQuantity } from '../cart';
import { t } from '../i18n';
import { formatMoney, lineTotal } from '../money';
import { canUndo, cart, change, customer, note, place, ranOut, rush, undo } from '../pages/order-model';

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
            <ul class="lines">
                {cart.value.map((line) => (
                    <Line key={line.uid} line={line} onEdit={onEdit} />
                ))}
            </ul>
            {cart.value.length > 0 && <Extras />}
        </section>
    );
}

function Line({ line, onEdit }: { line: CartLine; onEdit: (line: CartLine) => void }) {
    const out = ranOut.value.includes(line);
    return (
        <li class={`line ${out ? 'line-out' : ''}`} data-testid={`line-${line.menu_item_id}`}>
            <button type="button" class="line-main" aria-label={t('cart_edit', { name: line.name })} onClick={() => onEdit(line)}>
                <span class="line-name">
                    {line.name} <Pencil size={14} aria-hidden="true" />
                </span>
                {line.modifiers.map((modifier) => (
                    <span class="line-mod" key={modifier.id}>
                        + {modifier.name}
                    </span>
                ))}
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
    return (
        <div class="extras">
            {place.value?.type !== 'dine_in' && (
                <label class="field">
                    {t('order_customer')}
                    <input data-testid="customer" maxLength={80} value={customer.value} onInput={(e) => (customer.value = e.currentTarget.value)} />
                </label>
            )}
            <label class="field">
                {t('cart_order_note')}
                <input data-testid="order-note" maxLength={280} value={note.value} onInput={(e) => (note.value = e.currentTarget.value)} />
            </label>
            <label class="option">
                <input type="checkbox" data-testid="rush" checked={rush.value} onChange={(e) => (rush.value = e.currentTarget.checked)} />
                <span>{t('cart_rush')}</span>
            </label>
        </div>
    );
}
