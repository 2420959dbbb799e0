/* SPDX-License-Identifier: MIT */
/** What this place has ordered: accepted orders with the kitchen's word on each dish, and those nobody has accepted yet. */
import { useSignal } from '@preact/signals';
import { Ban, CircleDashed, Flame, HandPlatter, OctagonAlert, Printer, TriangleAlert } from 'lucide-preact';
import { api, changeOrder, currency, explain, getOutbox, isStale, needsPin, now, sendingKey, store, unsent } from '../app';
import { serveReady } from '../food';
import { agoText, t, tn } from '../i18n';
import { formatMoney } from '../money';
import { pieces, readyItems } from '../order-view';
import { mustAsk, type Unsent } from '../outbox';
import type { Place } from '../pages/order-model';
import { ordersAt } from '../store';
import { ageSeconds } from '../time';
import type { Order, OrderItem } from '../types';
import { fail } from './Frame';
import { PaperSheet } from './PaperSheet';
import { StatusChip } from './StatusChip';
import { VoidSheet } from './VoidSheet';

export function belongsTo(entry: Unsent, place: Place): boolean {
    return place.type === 'dine_in' ? entry.order.table_id === place.tableId : entry.order.order_type === place.type;
}

function discard(entry: Unsent): void {
    getOutbox().discard(entry.key).catch(() => fail(t('fail_network')));
}

/** Refused orders and those too old to send unasked are everybody's business: shown whatever place is open. */
export function NeedsAnswer() {
    const entries = unsent.value.filter((entry) => entry.state === 'refused' || mustAsk(entry, now.value));
    return (
        <>
            {entries.map((entry) => (
                <div class="banner banner-danger" role="alert" key={entry.key} data-testid={entry.state === 'refused' ? 'refused' : 'ask'}>
                    <OctagonAlert size={22} aria-hidden="true" />
                    <div class="banner-text">
                        <p>
                            <b>
                                {entry.place}:{' '}
                                {entry.state === 'refused'
                                    ? t('unsent_refused')
                                    : t('unsent_ask', { age: agoText(Math.floor((now.value - entry.created) / 1000)) })}
                            </b>
                        </p>
                        <p>{entry.lines.join(', ')}</p>
                        {entry.error && <p>{entry.error.detail}</p>}
                    </div>
                    {entry.state === 'waiting' && (
                        <button type="button" class="button" onClick={() => void getOutbox().confirm(entry.key)}>
                            {t('unsent_send_now')}
                        </button>
                    )}
                    <button type="button" class="button" data-testid="dismiss" onClick={() => discard(entry)}>
                        {entry.state === 'refused' ? t('dismiss') : t('unsent_discard')}
                    </button>
                </div>
            ))}
        </>
    );
}

function Waiting({ entry }: { entry: Unsent }) {
    return (
        <article class="ran ran-unsent" data-testid="unsent">
            <p class="ran-head">
                <CircleDashed size={18} aria-hidden="true" />
                <b>{entry.key === sendingKey.value ? t('unsent_sending') : t('unsent_waiting')}</b>
                {needsPin.value && <span>{t('unsent_signin')}</span>}
            </p>
            <ul>
                {entry.lines.map((line, i) => (
                    <li key={i}>{line}</li>
                ))}
            </ul>
        </article>
    );
}

export function Running({ place }: { place: Place }) {
    const orders = ordersAt(store.value, place.type === 'dine_in' ? { tableId: place.tableId } : { type: place.type });
    const waiting = unsent.value.filter((entry) => entry.state === 'waiting');
    const here = waiting.filter((entry) => belongsTo(entry, place));
    const elsewhere = waiting.length - here.length;
    return (
        <section class="running" aria-label={t('running_title')} data-testid="running">
            <h2>{t('running_title')}</h2>
            {elsewhere > 0 && <p class="error-text">{tn('unsent_elsewhere', elsewhere)}</p>}
            {here.map((entry) => (
                <Waiting key={entry.key} entry={entry} />
            ))}
            {orders.length === 0 && here.length === 0 && <p class="muted">{t('running_none')}</p>}
            {orders.map((order) => (
                <RunningOrder key={order.id} order={order} />
            ))}
        </section>
    );
}

async function guarded(order: Order, act: () => Promise<unknown>): Promise<void> {
    try {
        await act();
    } catch (error) {
        fail(`${order.order_number}: ${explain(error)}`);
    }
}

function RunningOrder({ order }: { order: Order }) {
    const voiding = useSignal(false);
    const paper = useSignal(false);
    const held = order.items.filter((item) => item.item_status === 'held');
    const course = held.reduce((least, item) => Math.min(least, item.course), Infinity);
    const ready = readyItems(order);
    const live = order.items.some((item) => item.item_status !== 'voided' && item.item_status !== 'served');
    const rush = order.priority === 'rush';
    return (
        <article class={`ran ${isStale.value ? 'stale' : ''}`} data-testid={`order-${order.id}`} data-status={order.order_status}>
            <p class="ran-head">
                <b class="num">{order.order_number}</b>
                <span class="muted num">{agoText(ageSeconds(order.created_at, now.value))}</span>
                {rush && <b class="tag tag-danger">{t('kitchen_rush')}</b>}
                <StatusChip status={order.order_status} testid={`order-status-${order.id}`} />
            </p>
            <ul>
                {order.items.map((item) => (
                    <RunningItem key={item.id} item={item} />
                ))}
            </ul>
            <p class="ran-foot num">
                <span class="muted">{[...new Set(order.tickets.map((ticket) => `${ticket.station} ${ticket.kot_number}`))].join(' · ')}</span>
                <b>{formatMoney(order.total_price ?? 0, currency.value)}</b>
            </p>
            {live && (
                <div class="ran-acts">
                    {ready.length > 0 && (
                        <button type="button" class="button primary" data-testid={`served-${order.id}`} onClick={() => void guarded(order, () => serveReady(order))}>
                            <HandPlatter size={20} aria-hidden="true" /> {tn('floor_serve', pieces(ready))}
                        </button>
                    )}
                    {held.length > 0 && (
                        <button type="button" class="button" data-testid={`fire-${order.id}`} onClick={() => void guarded(order, () => changeOrder((key) => api.post<Order>(`/orders/${order.id}/fire`, { course }, key)))}>
                            <Flame size={20} aria-hidden="true" /> {t('pass_fire', { n: course })}
                        </button>
                    )}
                    <button type="button" class="button quiet" data-testid={`rush-${order.id}`} aria-pressed={rush} onClick={() => void guarded(order, () => changeOrder(() => api.patchOrder(order.id, { priority: rush ? 'normal' : 'rush' })))}>
                        <TriangleAlert size={20} aria-hidden="true" /> {t(rush ? 'pass_no_rush' : 'pass_rush')}
                    </button>
                    <button type="button" class="button quiet" data-testid={`paper-${order.id}`} onClick={() => (paper.value = true)}>
                        <Printer size={20} aria-hidden="true" /> {t('paper_button')}
                    </button>
                    <button type="button" class="button quiet" data-testid={`void-${order.id}`} onClick={() => (voiding.value = true)}>
                        <Ban size={20} aria-hidden="true" /> {t('void_button')}
                    </button>
                </div>
            )}
            {paper.value && <PaperSheet tickets={order.tickets.map((ticket) => ({ order, ticket }))} bill={order} onClose={() => (paper.value = false)} />}
            {voiding.value && <VoidSheet order={order} onClose={() => (voiding.value = false)} />}
        </article>
    );
}

function RunningItem({ item }: { item: OrderItem }) {
    return (
        <li class={`ran-item ${item.item_status === 'voided' ? 'struck' : ''}`}>
            <span class="ran-name">
                <b class="num">{item.quantity}</b> × {item.name}
                {item.modifiers.map((modifier) => ` + ${modifier.name}`).join('')}
                {item.note && <span class="note-box">{item.note}</span>}
            </span>
            <StatusChip status={item.item_status} testid={`item-status-${item.id}`} />
        </li>
    );
}
