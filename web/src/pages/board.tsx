/* SPDX-License-Identifier: MIT */
/** For guests who wait at the counter: the numbers being prepared, and those that are ready. No names, no money. */
import { computed, effect, signal } from '@preact/signals';
import { Check, CookingPot } from 'lucide-preact';
import { useEffect } from 'preact/hooks';
import { now, restaurant, store } from '../app';
import { boot } from '../boot';
import { Frame, Skeleton } from '../components/Frame';
import { t } from '../i18n';
import { keepAwake } from '../offline';
import { numberOf } from '../order-view';
import type { Order } from '../types';
import { numbers } from './board-model';
import '../styles/board.css';

const PULSE_MS = 20_000;
const slowNow = computed(() => Math.floor(now.value / 5000) * 5000);
const shown = computed(() => numbers(store.value, slowNow.value));
/** Ready since so shortly that it still pulses. */
const fresh = signal<ReadonlySet<number>>(new Set());

function keepFresh(): () => void {
    let known: Set<number> | null = null;
    return effect(() => {
        const ids = shown.value.ready.map((order) => order.id);
        if (!store.value.synced) return;
        const before = known;
        known = new Set(ids);
        const added = before ? ids.filter((id) => !before.has(id)) : [];
        if (added.length === 0) return;
        fresh.value = new Set([...fresh.peek(), ...added]);
        setTimeout(() => (fresh.value = new Set([...fresh.peek()].filter((id) => !added.includes(id)))), PULSE_MS);
    });
}

function Column({ name, title, orders, icon: Icon }: { name: string; title: string; orders: readonly Order[]; icon: typeof Check }) {
    return (
        <section class={`numbers numbers-${name}`} data-testid={`board-${name}`}>
            <h2>
                <Icon size={48} aria-hidden="true" /> {title}
            </h2>
            <ul aria-live={name === 'ready' ? 'polite' : 'off'}>
                {orders.map((order) => (
                    <li key={order.id} class={`number num ${order.order_status === 'served' ? 'number-out' : ''} ${fresh.value.has(order.id) && order.order_status === 'ready' ? 'number-fresh' : ''}`} data-testid={`number-${order.id}`}>
                        {numberOf(order)}
                    </li>
                ))}
            </ul>
            {orders.length === 0 && <p class="numbers-none">{t('board_none')}</p>}
        </section>
    );
}

function Board() {
    useEffect(() => {
        const stops = [keepFresh(), keepAwake()];
        return () => stops.forEach((stop) => stop());
    }, []);
    return (
        <Frame title={restaurant.value?.name ?? t('nav_board')} alerts={false}>
            {!store.value.synced ? (
                <Skeleton count={8} />
            ) : (
                <div class="guest-board">
                    <Column name="preparing" title={t('board_preparing')} orders={shown.value.preparing} icon={CookingPot} />
                    <Column name="ready" title={t('board_ready')} orders={shown.value.ready} icon={Check} />
                </div>
            )}
        </Frame>
    );
}

void boot(Board, { dark: true });
