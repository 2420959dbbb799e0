/* SPDX-License-Identifier: MIT */
/** How this page hears from the box, in colour, icon and word; what waits; the way back; this device's own settings. */
import { RefreshCw, Radio, Timer, WifiOff } from 'lucide-preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { freshAge, isStale, now, reconnect, status, store, unsent, waitingTaps } from '../app';
import { agoText, type MessageKey, t, tn } from '../i18n';
import type { LiveState } from '../live';
import { MANY } from '../outbox';
import { elapsedText } from '../time';
import { DeviceSettings } from './DeviceSettings';

const ICONS = { live: Radio, connecting: RefreshCw, polling: Timer, offline: WifiOff } as const;

const word = (state: LiveState) => t(`conn_${state}` as MessageKey);

const waitingOrders = () => unsent.value.filter((entry) => entry.state === 'waiting').length;

export function Connection() {
    const [open, setOpen] = useState(false);
    const state = status.value?.state ?? 'connecting';
    const waiting = waitingOrders() + waitingTaps.value;
    const Icon = ICONS[state];
    const rtt = state === 'live' ? status.value?.rttMs : null;
    return (
        <div class="conn">
            <button
                type="button"
                class={`conn-badge conn-${state}`}
                data-testid="conn-state"
                data-state={state}
                aria-expanded={open}
                aria-label={`${t('conn_label')}: ${word(state)}${waiting ? `, ${tn('conn_waiting', waiting)}` : ''}`}
                onClick={() => setOpen(!open)}
            >
                <Icon size={18} aria-hidden="true" />
                <span class="conn-word">{word(state)}</span>
                {rtt != null && <span class="num conn-rtt" data-testid="conn-rtt">{t('conn_rtt', { n: rtt })}</span>}
                {waiting > 0 && <span class="conn-waiting" data-testid="conn-waiting">{tn('conn_waiting', waiting)}</span>}
            </button>
            <span class="sr" role="status">{word(state)}</span>
            {open && <Details onClose={() => setOpen(false)} />}
        </div>
    );
}

function Details({ onClose }: { onClose: () => void }) {
    const panel = useRef<HTMLDivElement>(null);
    useEffect(() => {
        const away = (event: Event) => {
            if (event instanceof KeyboardEvent ? event.key === 'Escape' : !panel.current?.parentElement?.contains(event.target as Node)) onClose();
        };
        addEventListener('pointerdown', away);
        addEventListener('keydown', away);
        return () => {
            removeEventListener('pointerdown', away);
            removeEventListener('keydown', away);
        };
    }, []);
    return (
        <div ref={panel} class="conn-panel" data-testid="conn-panel">
            <Facts />
            <button type="button" class="button" data-testid="reconnect" onClick={() => (reconnect(), onClose())}>
                <RefreshCw size={20} aria-hidden="true" /> {t('conn_reconnect')}
            </button>
            <DeviceSettings />
        </div>
    );
}

function Facts() {
    const age = freshAge.value;
    const { state = 'connecting', rttMs = null, missedHeartbeats: missed = 0 } = status.value ?? {};
    const orders = waitingOrders();
    return (
        <ul class="conn-facts">
            <li>{t(`conn_${state}_what` as MessageKey)}</li>
            {age !== null && <li class="num" data-testid="conn-age">{t('conn_age', { ago: agoText(age) })}</li>}
            {state === 'live' && rttMs !== null && <li class="num">{t('conn_rtt_long', { n: rttMs })}</li>}
            {missed > 0 && <li>{tn('conn_missed', missed)}</li>}
            {orders > 0 && <li>{tn('conn_orders_wait', orders)}</li>}
            {waitingTaps.value > 0 && <li>{tn('conn_taps_wait', waitingTaps.value)}</li>}
            {state === 'offline' && <li class="conn-help">{t('conn_help')}</li>}
        </ul>
    );
}

/** Says out loud that the page may be behind, and what to do. Nothing while all is well. */
export function StaleBanner() {
    const waiting = unsent.value.filter((entry) => entry.state === 'waiting');
    const many = waiting.length > MANY;
    const never = status.value?.state === 'offline' && !store.value.synced && !status.value.signedOut;
    if (!isStale.value && !never && !many) return null;
    const oldest = waiting.reduce((at, entry) => Math.min(at, entry.created), Infinity);
    const age = freshAge.value ?? 0;
    return (
        <div class="banner banner-warn" role="alert" data-testid="stale">
            <WifiOff size={22} aria-hidden="true" />
            <div class="banner-text">
                {isStale.value && <p>{t('conn_stale', { age: elapsedText(age) })}</p>}
                {isStale.value && age > 60 && <p>{t('conn_help')}</p>}
                {never && <p>{t('conn_never')}</p>}
                {many && <p>{t('conn_many', { n: waiting.length, age: elapsedText(Math.round((now.value - oldest) / 1000)) })}</p>}
            </div>
            <button type="button" class="button" onClick={reconnect}>
                {t('conn_reconnect')}
            </button>
        </div>
    );
}
