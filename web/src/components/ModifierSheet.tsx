/* SPDX-License-Identifier: MIT */
import { Ban, CircleCheck, Minus, Plus, X } from 'lucide-preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { api, currency, explain, persist } from '../app';
import { type CartLine, type Choice, COURSES, missingGroups, toggleModifier } from '../cart';
import { t } from '../i18n';
import { formatMoney, lineTotal } from '../money';
import type { MenuItem, ModifierGroup } from '../types';
import { fail } from './Frame';

interface SheetProps {
    item: MenuItem;
    line: CartLine | null;
    /** How many seats to offer; 0: none, it is no table. */
    seats: number;
    onDone: (choice: Choice) => void;
    onClose: () => void;
}

function rule(group: ModifierGroup): string {
    if (group.min === group.max) return t('sheet_choose_exactly', { n: group.min });
    if (group.min === 0) return t('sheet_choose_most', { max: group.max });
    return t('sheet_choose_between', { min: group.min, max: group.max });
}

export function ModifierSheet({ item, line, seats, onDone, onClose }: SheetProps) {
    const dialog = useRef<HTMLDialogElement>(null);
    const [chosen, setChosen] = useState<ReadonlySet<number>>(new Set(line?.modifiers.map((m) => m.id)));
    const [note, setNote] = useState(line?.note ?? '');
    const [quantity, setQuantity] = useState(line?.quantity ?? 1);
    const [seat, setSeat] = useState<number | null>(line?.seat ?? null);
    const [course, setCourse] = useState(line?.course ?? item.course ?? 1);
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
                <Segments label={t('sheet_course')} testid="course" options={COURSES.map((n) => [n, String(n)])} value={course} onPick={setCourse} />
                {seats > 0 && (
                    <Segments
                        label={t('sheet_seat')}
                        testid="seat"
                        options={[[null, t('sheet_seat_any')], ...Array.from({ length: Math.min(12, seats) }, (_, i): [number, string] => [i + 1, String(i + 1)])]}
                        value={seat}
                        onPick={setSeat}
                    />
                )}
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
                    disabled={missing.length > 0 || !item.available}
                    onClick={() => onDone({ modifiers, note: note.trim(), quantity, seat, course })}
                >
                    {line ? t('sheet_save', { price }) : t('sheet_add', { n: quantity, price })}
                </button>
                {!line && <Availability item={item} onDone={onClose} />}
            </footer>
        </dialog>
    );
}

interface SegmentsProps<T> {
    label: string;
    testid: string;
    options: readonly (readonly [T, string])[];
    value: T;
    onPick: (value: T) => void;
}

function Segments<T extends number | null>({ label, testid, options, value, onPick }: SegmentsProps<T>) {
    return (
        <div class="choice">
            <span class="choice-label">{label}</span>
            <div class="segments" role="group" aria-label={label}>
                {options.map(([option, word]) => (
                    <button key={String(option)} type="button" class="segment num" data-testid={`${testid}-${option ?? 'any'}`} aria-pressed={option === value} onClick={() => onPick(option)}>
                        {word}
                    </button>
                ))}
            </div>
        </div>
    );
}

/** "86" for everybody at once, and back. */
function Availability({ item, onDone }: { item: MenuItem; onDone: () => void }) {
    const turn = async () => {
        onDone();
        try {
            await persist(() => api.setAvailable(item.id, !item.available));
        } catch (error) {
            fail(`${item.name}: ${explain(error)}`);
        }
    };
    const Icon = item.available ? Ban : CircleCheck;
    return (
        <button type="button" class="button quiet wide" data-testid="availability" onClick={() => void turn()}>
            <Icon size={20} aria-hidden="true" /> {t(item.available ? 'sheet_86' : 'sheet_86_back')}
        </button>
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
