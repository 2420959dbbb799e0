/* SPDX-License-Identifier: MIT */
/** Takes dishes back from the kitchen: which, how many, and why. The kitchen must confirm each on its screen. */
import { Minus, Plus } from 'lucide-preact';
import { useState } from 'preact/hooks';
import { api, changeOrder, explain } from '../app';
import { t, tn } from '../i18n';
import { numberOf } from '../order-view';
import type { Order, OrderItem } from '../types';
import { fail } from './Frame';
import { Sheet } from './Sheet';

const REASONS = ['void_reason_guest', 'void_reason_mistake', 'void_reason_out', 'void_reason_late'] as const;

export function VoidSheet({ order, onClose }: { order: Order; onClose: () => void }) {
    const [counts, setCounts] = useState<ReadonlyMap<number, number>>(new Map());
    const [reason, setReason] = useState('');
    const items = order.items.filter((item) => item.item_status !== 'voided' && item.item_status !== 'served');
    const total = [...counts.values()].reduce((sum, n) => sum + n, 0);
    const set = (item: OrderItem, n: number) => setCounts(new Map(counts).set(item.id, Math.min(item.quantity, Math.max(0, n))));
    const send = async () => {
        const body = { items: [...counts].filter(([, n]) => n > 0).map(([item_id, quantity]) => ({ item_id, quantity })), reason: reason.trim() };
        onClose();
        try {
            await changeOrder((key) => api.post<Order>(`/orders/${order.id}/void`, body, key));
        } catch (error) {
            fail(`${order.order_number}: ${explain(error)}`);
        }
    };
    return (
        <Sheet
            title={t('void_title', { number: numberOf(order) })}
            testid="void-sheet"
            onClose={onClose}
            foot={
                <button type="button" class="button danger wide" data-testid="void-done" disabled={total === 0 || reason.trim() === ''} onClick={() => void send()}>
                    {total === 0 ? t('void_choose') : reason.trim() === '' ? t('void_why') : tn('void_do', total)}
                </button>
            }
        >
            <ul class="void-items">
                {items.map((item) => (
                    <li key={item.id} class="void-item">
                        <span>
                            <b class="num">{item.quantity}</b> × {item.name}
                        </span>
                        <span class="line-steps">
                            <button type="button" class="icon-button" aria-label={t('cart_less', { name: item.name })} disabled={!counts.get(item.id)} onClick={() => set(item, (counts.get(item.id) ?? 0) - 1)}>
                                <Minus size={20} aria-hidden="true" />
                            </button>
                            <b class="num">{counts.get(item.id) ?? 0}</b>
                            <button type="button" class="icon-button" data-testid={`void-more-${item.id}`} aria-label={t('void_one', { name: item.name })} disabled={counts.get(item.id) === item.quantity} onClick={() => set(item, (counts.get(item.id) ?? 0) + 1)}>
                                <Plus size={20} aria-hidden="true" />
                            </button>
                        </span>
                    </li>
                ))}
            </ul>
            <div class="reasons">
                {REASONS.map((key) => (
                    <button key={key} type="button" class="segment" data-testid={key} aria-pressed={reason === t(key)} onClick={() => setReason(t(key))}>
                        {t(key)}
                    </button>
                ))}
            </div>
            <label class="field">
                {t('void_reason')}
                <input data-testid="void-reason" maxLength={120} value={reason} onInput={(event) => setReason(event.currentTarget.value)} />
            </label>
        </Sheet>
    );
}
