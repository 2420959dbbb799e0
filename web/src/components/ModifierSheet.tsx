/* SPDX-License-Identifier: MIT */
import { Minus, Plus, X } from 'lucide-preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { currency } from '../app';
import { type CartLine, type Choice, missingGroups, toggleModifier } from '../cart';
import { t } from '../i18n';
import { formatMoney, lineTotal } from '../money';
import type { MenuItem, ModifierGroup } from '../types';

interface SheetProps {
    item: MenuItem;
    line: CartLine | null;
    onDone: (choice: Choice) => void;
    onClose: () => void;
}

function rule(group: ModifierGroup): string {
    if (group.min === group.max) return t('sheet_choose_exactly', { n: group.min });
    if (group.min === 0) return t('sheet_choose_most', { max: group.max });
    return t('sheet_choose_between', { min: group.min, max: group.max });
}

export function ModifierSheet({ item, line, onDone, onClose }: SheetProps) {
    const dialog = useRef<HTMLDialogElement>(null);
    const [chosen, setChosen] = useState<ReadonlySet<number>>(new Set(line?.modifiers.map((m) => m.id)));
    const [note, setNote] = useState(line?.note ?? '');
    const [quantity, setQuantity] = useState(line?.quantity ?? 1);
    useEffect(() => dialog.current?.showModal(), []);
    const modifiers = item.modifier_groups.flatMap((group) => group.modifiers).filter((modifier) => chosen.has(modifier.id));
    const missing = missingGroups(item, chosen);
    const price = formatMoney(lineTotal({ unit_price: item.price, quantity, modifiers }), currency.value);
    return (
        <dialog ref={dialog} class="sheet" aria-labelledby="sheet-title" data-testid="sheet" onClose={onClose}>
            <header class="sheet-head">
                <h2 id="sheet-title">{item.name}</h2>
                <button type="button" class="icon-button" aria-label={t('close')} onClick={onClose}>
                    <X size={24} aria-hidden="true" />
                </button>
            </header>
            <div class="sheet-body">
                {item.modifier_groups.map((group) => (
                    <Group key={group.id} group={group} chosen={chosen} onToggle={(id) => setChosen(toggleModifier(group, chosen, id))} />
                ))}
                <label class="field">
                    {t('cart_note')}
                    <textarea data-testid="note" rows={2} maxLength={280} value={note} onInput={(event) => setNote(event.currentTarget.value)} />
                </label>
                <div class="stepper" role="group" aria-label={t('sheet_quantity')}>
                    <button type="button" class="icon-button" data-testid="less" aria-label={t('cart_less', { name: item.name })} disabled={quantity <= 1} onClick={() => setQuantity(quantity - 1)}>
                        <Minus size={24} aria-hidden="true" />
                    </button>
                    <output class="num" data-testid="quantity">{quantity}</output>
                    <button type="button" class="icon-button" data-testid="more" aria-label={t('cart_more', { name: item.name })} disabled={quantity >= 999} onClick={() => setQuantity(quantity + 1)}>
                        <Plus size={24} aria-hidden="true" />
                    </button>
                </div>
            </div>
            <footer class="sheet-foot">
                <p class="muted" role="status">
                    {missing.length > 0 && t('sheet_missing', { names: missing.map((group) => group.name).join(', ') })}
                </p>
                <button
                    type="button"
                    class="button primary wide"
                    data-testid="sheet-done"
                    disabled={missing.length > 0}
                    onClick={() => onDone({ modifiers, note: note.trim(), quantity })}
                >
                    {line ? t('sheet_save', { price }) : t('sheet_add', { n: quantity, price })}
                </button>
            </footer>
        </dialog>
    );
}

function Group({ group, chosen, onToggle }: { group: ModifierGroup; chosen: ReadonlySet<number>; onToggle: (id: number) => void }) {
    const single = group.min === 1 && group.max === 1;
    return (
        <fieldset class="group">
            <legend>
                {group.name} <span class="muted">{rule(group)}</span>
            </legend>
            {group.modifiers.map((modifier) => (
                <label key={modifier.id} class="option">
                    <input
                        type={single ? 'radio' : 'checkbox'}
                        name={`group-${group.id}`}
                        data-testid={`modifier-${modifier.id}`}
                        checked={chosen.has(modifier.id)}
                        disabled={!modifier.available}
                        onChange={() => onToggle(modifier.id)}
                    />
                    <span>{modifier.name}</span>
                    <span class="num muted">
                        {modifier.available ? (modifier.price !== 0 ? `+ ${formatMoney(modifier.price, currency.value)}` : '') : t('order_out')}
                    </span>
                </label>
            ))}
        </fieldset>
    );
}
