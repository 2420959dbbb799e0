/* SPDX-License-Identifier: MIT */
/** The pass: whole orders across all stations, oldest on top; what is complete goes out with one touch. */
import { computed, effect, signal, useComputed } from '@preact/signals';
import { Check, Clock, CookingPot, Flame, HandPlatter, Hourglass, Lock, LockOpen, TriangleAlert, Undo2 } from 'lucide-preact';
import { useEffect } from 'preact/hooks';
import { announce, setTitle, soundOn, switchSound, unlockAtFirstTouch } from '../alerting';
import { api, changeOrder, explain, now, restaurant, setStatus, store } from '../app';
import { boot } from '../boot';
import { Empty, fail, Frame, Skeleton } from '../components/Frame';
import { remember, remembered } from '../device';
import { type MessageKey, t } from '../i18n';
import { memo } from '../memo';
import { keepAwake } from '../offline';
import { numberOf, pieces, placeOf } from '../order-view';
import { ageLevel, ageSeconds, elapsedText } from '../time';
import type { Order, OrderItem } from '../types';
import { type Cell, rowOf, type Row, rows } from './pass-model';
import '../styles/pass.css';

const UNDO_MS = 4000;
const ICONS = { held: Hourglass, pending: Clock, preparing: CookingPot, ready: Check, served: HandPlatter } as const;

/** Locked: nothing goes out while a station still cooks for it. A choice of this pass. */
const lock = signal(remembered('pass-lock', ['locked', 'open'] as const));
effect(() => remember('pass-lock', lock.value));

const all = computed(() => rows(store.value));
const busy = signal<ReadonlySet<number>>(new Set());
/** Just served: the row leaves a gap with Undo in it. */
const gone = signal<ReadonlyMap<number, { order: Order; items: number[] }>>(new Map());

const shown = computed(() => {
    const here = new Set(all.value.map((row) => row.order.id));
    const gaps = [...gone.value.values()].filter(({ order }) => !here.has(order.id)).map(({ order }) => rowOf(order));
    return [...all.value, ...gaps].sort((a, b) => Number(b.order.priority === 'rush') - Number(a.order.priority === 'rush') || a.order.id - b.order.id);
});

const COLUMNS_MAX = 6;
const wide = matchMedia('(min-width: 901px)');
const isWide = signal(wide.matches);
wide.addEventListener('change', () => (isWide.value = wide.matches));

/** Each station in a column of its own, so that an eye runs down it; null where there is no room for all. */
const stationColumns = computed(() => {
    const names = (restaurant.value?.stations ?? []).map(({ name }) => name);
    return isWide.value && names.length > 0 && names.length <= COLUMNS_MAX ? names : null;
});

async function guarded(order: Order, act: () => Promise<void>): Promise<boolean> {
    if (busy.peek().has(order.id)) return false;
    busy.value = new Set(busy.peek()).add(order.id);
    try {
        await act();
        return true;
    } catch (error) {
        fail(t('pass_failed', { place: placeOf(order), detail: explain(error) }));
        return false;
    } finally {
        busy.value = new Set([...busy.peek()].filter((id) => id !== order.id));
    }
}

function forget(orderId: number): void {
    const next = new Map(gone.peek());
    next.delete(orderId);
    gone.value = next;
}

async function serve(row: Row, items: readonly OrderItem[]): Promise<void> {
    const { order } = row;
    const ids = items.map((item) => item.id);
    gone.value = new Map(gone.peek()).set(order.id, { order, items: ids });
    const done = await guarded(order, async () => {
        const everything = order.items.every((item) => ids.includes(item.id) || item.item_status === 'voided' || item.item_status === 'served');
        if (everything) await setStatus({ order_id: order.id }, 'served');
        else for (const id of ids) await setStatus({ item_id: id }, 'served');
    });
    if (done) setTimeout(() => forget(order.id), UNDO_MS);
    else forget(order.id);
}

async function takeBack(order: Order): Promise<void> {
    const served = gone.peek().get(order.id);
    if (!served) return;
    await guarded(order, async () => {
        for (const id of served.items) await setStatus({ item_id: id }, 'ready');
    });
    forget(order.id);
}

function rush(order: Order): void {
    const priority = order.priority === 'rush' ? 'normal' : 'rush';
    void guarded(order, async () => void (await changeOrder(() => api.patchOrder(order.id, { priority }))));
}

function Station({ cell, column, row }: { cell: Cell; column: number; row: number }) {
    const Icon = ICONS[cell.state];
    return (
        <section style={column > 0 ? { gridColumn: String(column), gridRow: String(row) } : {}} class={`cell cell-${cell.state}`} data-testid={`cell-${cell.station}`} data-state={cell.state} aria-label={`${cell.station}: ${t(`status_${cell.state}` as MessageKey)}`}>
            <h3>
                <Icon size={24} aria-hidden="true" /> {cell.station}
                <span class="cell-count num">{t('pass_count', { done: cell.done, all: cell.all })}</span>
            </h3>
            <ul>
                {cell.waiting.map((item) => (
                    <li key={item.id}>
                        {item.quantity} {item.kitchen_name || item.name}
                    </li>
                ))}
                {cell.ready.map((item) => (
                    <li key={item.id} class="cell-ready-item">
                        <Check size={18} aria-hidden="true" /> {item.quantity} {item.kitchen_name || item.name}
                    </li>
                ))}
            </ul>
        </section>
    );
}

function Head({ order }: { order: Order }) {
    const amber = Math.min(...(restaurant.value?.stations ?? []).map((s) => s.amber_s), 600);
    const red = Math.min(...(restaurant.value?.stations ?? []).map((s) => s.red_s), 1200);
    const level = useComputed(() => ageLevel(ageSeconds(order.created_at, now.value), amber, red)).value;
    return (
        <div class={`row-head age-${level}`} data-level={level}>
            <b class={placeOf(order).length > 5 ? 'row-place-long' : 'row-place'}>{placeOf(order)}</b>
            <span class="row-age num">
                {level === 'late' ? <Flame size={22} aria-label={t('kitchen_is_late')} /> : level === 'amber' ? <Clock size={22} aria-hidden="true" /> : null}
                <Elapsed since={order.created_at} />
            </span>
            <span class="row-facts">
                {order.table_name || order.customer_name ? `${numberOf(order)} · ` : ''}
                {order.order_type === 'dine_in' ? (order.created_by?.name ?? '') : t(order.order_type === 'delivery' ? 'order_delivery' : 'order_takeout')}
            </span>
            {order.priority === 'rush' && <b class="row-rush">{t('kitchen_rush')}</b>}
        </div>
    );
}

function Elapsed({ since }: { since: string }) {
    return <>{elapsedText(ageSeconds(since, now.value))}</>;
}

function Actions({ row, saving }: { row: Row; saving: boolean }) {
    const { order, complete, readyNow, courses } = row;
    const some = !complete && readyNow.length > 0 && lock.value === 'open';
    const waits = row.cells.filter((cell) => cell.waiting.length > 0).map((cell) => cell.station);
    return (
        <div class="row-actions">
            {complete && (
                <button type="button" class="button primary serve" data-testid={`serve-${order.id}`} disabled={saving} onClick={() => void serve(row, readyNow)}>
                    <HandPlatter size={28} aria-hidden="true" /> {saving ? t('kitchen_busy') : t('pass_serve')}
                </button>
            )}
            {!complete &&
                courses.map((course) => (
                    <button key={course} type="button" class="button serve-course" data-testid={`serve-${order.id}-course-${course}`} disabled={saving} onClick={() => void serve(row, readyNow.filter((item) => item.course === course))}>
                        {t('pass_serve_course', { n: course })}
                    </button>
                ))}
            {some && (
                <button type="button" class="button" data-testid={`serve-${order.id}-ready`} disabled={saving} onClick={() => void serve(row, readyNow)}>
                    {t('pass_serve_ready', { n: pieces(readyNow) })}
                </button>
            )}
            {!complete && waits.length > 0 && (
                <p class="row-waits">
                    {lock.value === 'locked' && readyNow.length > 0 && <Lock size={18} aria-hidden="true" />} {t('pass_waits', { stations: waits.join(', ') })}
                </p>
            )}
            {row.held.length > 0 && (
                <button type="button" class="button" data-testid={`fire-${order.id}`} disabled={saving} onClick={() => void guarded(order, async () => void (await changeOrder((key) => api.post<Order>(`/orders/${order.id}/fire`, { course: row.held.reduce((least, item) => Math.min(least, item.course), Infinity) }, key))))}>
                    <Flame size={22} aria-hidden="true" /> {t('pass_fire', { n: row.held.reduce((least, item) => Math.min(least, item.course), Infinity) })}
                </button>
            )}
            <button type="button" class="button quiet" data-testid={`rush-${order.id}`} aria-pressed={order.priority === 'rush'} disabled={saving} onClick={() => rush(order)}>
                <TriangleAlert size={22} aria-hidden="true" /> {t(order.priority === 'rush' ? 'pass_no_rush' : 'pass_rush')}
            </button>
        </div>
    );
}

const OrderRow = memo(function OrderRow({ order, saving, gap }: { order: Order; saving: boolean; gap: boolean }) {
    const row = rowOf(order);
    const columns = stationColumns.value;
    if (gap)
        return (
            <div class="row row-gap" role="status">
                <b>{t('pass_served', { place: placeOf(order) })}</b>
                <button type="button" class="button" data-testid={`undo-${order.id}`} disabled={saving} onClick={() => void takeBack(order)}>
                    <Undo2 size={24} aria-hidden="true" /> {t('undo')}
                </button>
            </div>
        );
    return (
        <article class={`row ${row.complete ? 'row-complete' : ''} ${order.priority === 'rush' ? 'row-is-rush' : ''}`} data-testid={`row-${order.id}`} data-complete={row.complete} aria-label={placeOf(order)}>
            <Head order={order} />
            <div class="cells" style={columns ? { gridTemplateColumns: `repeat(${columns.length}, minmax(0, 1fr))` } : {}}>
                {order.note && (
                    <p class="row-note">
                        <TriangleAlert size={20} aria-hidden="true" /> {order.note}
                    </p>
                )}
                {row.cells.map((cell) => (
                    <Station key={cell.station} cell={cell} column={columns ? columns.indexOf(cell.station) + 1 : 0} row={order.note ? 2 : 1} />
                ))}
            </div>
            <Actions row={row} saving={saving} />
        </article>
    );
});

/** Whatever has just become complete is called out. */
function announceComplete(): () => void {
    let known: Set<number> | null = null;
    return effect(() => {
        const complete = all.value.filter((row) => row.complete);
        if (!store.value.synced) return;
        const before = known;
        known = new Set(complete.map((row) => row.order.id));
        const fresh = before ? complete.filter((row) => !before.has(row.order.id)) : [];
        if (fresh[0]) announce('ready', t('pass_is_ready', { place: placeOf(fresh[0].order) }));
        setTitle(t('nav_pass'), complete.length);
    });
}

function Rows() {
    useEffect(() => {
        const stops = [announceComplete(), keepAwake(), unlockAtFirstTouch()];
        return () => stops.forEach((stop) => stop());
    }, []);
    if (!store.value.synced) return <Skeleton count={4} kind="card" />;
    if (shown.value.length === 0) return <Empty>{t('pass_empty')}</Empty>;
    const here = new Set(all.value.map((row) => row.order.id));
    return (
        <div class="rows">
            {shown.value.map(({ order }) => (
                <OrderRow key={order.id} order={order} saving={busy.value.has(order.id)} gap={!here.has(order.id)} />
            ))}
        </div>
    );
}

function Tools() {
    const locked = lock.value === 'locked';
    const LockIcon = locked ? Lock : LockOpen;
    const complete = all.value.filter((row) => row.complete).length;
    return (
        <>
            <p class="counts num" data-testid="pass-counts">
                {t('kitchen_open', { n: all.value.length })} {complete > 0 && <b class="count-ready">{t('pass_complete', { n: complete })}</b>}
            </p>
            <button type="button" class="button quiet" data-testid="pass-lock" aria-pressed={locked} title={t('pass_lock_what')} onClick={() => (lock.value = locked ? 'open' : 'locked')}>
                <LockIcon size={22} aria-hidden="true" /> <span class="wide-only">{t(locked ? 'pass_locked' : 'pass_unlocked')}</span>
                <span class="sr narrow-only">{t(locked ? 'pass_locked' : 'pass_unlocked')}</span>
            </button>
            <button type="button" class="button quiet" data-testid="sound" aria-pressed={soundOn.value} onClick={() => void switchSound(!soundOn.peek())}>
                {soundOn.value ? t('kitchen_sound_on') : t('kitchen_sound_off')}
            </button>
        </>
    );
}

function Pass() {
    return (
        <Frame title={t('nav_pass')} extra={<Tools />}>
            <Rows />
        </Frame>
    );
}

void boot(Pass, { dark: true });
