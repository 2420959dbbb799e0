/* SPDX-License-Identifier: MIT */
/** How this page hears from the box, in colour, icon and word; unsent orders; the way back. */
import { RefreshCw, Radio, Timer, WifiOff } from 'lucide-preact';
import { useState } from 'preact/hooks';
import { freshAge, isStale, now, reconnect, status, store, unsent } from '../app';
import { agoText, type MessageKey, t, tn } from '../i18n';
import type { LiveState } from '../live';
import { MANY } from '../outbox';
import { elapsedText } from '../time';

const ICONS = { live: Radio, connecting: RefreshCw, polling: Timer, offline: WifiOff } as const;

const word = (state: LiveState) => t(`conn_${state}` as MessageKey);

export function Connection() {
    const [open, setOpen] = useState(false);
    const state = status.value?.state ?? 'connecting';
    const waiting = unsent.value.filter((entry) => entry.state === 'waiting').length;
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
    const age = freshAge.value;
    const missed = status.value?.missedHeartbeats ?? 0;
    return (
        <div class="conn-panel" data-testid="conn-panel">
            {age !== null && <p class="num" data-testid="conn-age">{t('conn_age', { ago: agoText(age) })}</p>}
            {missed > 0 && <p>{tn('conn_missed', missed)}</p>}
            <button type="button" class="button" data-testid="reconnect" onClick={() => (reconnect(), onClose())}>
                <RefreshCw size={20} aria-hidden="true" /> {t('conn_reconnect')}
            </button>
        </div>
    );
}

/** Says out loud that the page may be behind, and what to do. Nothing while all is well. */
export function StaleBanner() {
    const waiting = unsent.value.filter((entry) => entry.state === 'waiting');
    const many = waiting.length > MANY;
    const never = status.value?.state === 'offline' && !store.value.synced && !status.value.signedOut;
    if (!isStale.value && !never && !many) return null;
    const oldest = waiting.reduce((at, entry) => Math.min(at, entry.created), Infinity);
    return (
        <div class="banner banner-warn" role="alert" data-testid="stale">
            <WifiOff size={22} aria-hidden="true" />
            <div class="banner-text">
                {isStale.value && <p>{t('conn_stale', { age: elapsedText(freshAge.value ?? 0) })}</p>}
                {never && <p>{t('conn_never')}</p>}
                {many && <p>{t('conn_many', { n: waiting.length, age: elapsedText(Math.round((now.value - oldest) / 1000)) })}</p>}
            </div>
            <button type="button" class="button" onClick={reconnect}>
                {t('conn_reconnect')}
            </button>
        </div>
    );
}
