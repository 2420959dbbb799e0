/* SPDX-License-Identifier: MIT */
/** What the box calls for help about: where people are, in words, until somebody says that they have seen it. */
import { signal } from '@preact/signals';
import { BellRing, TriangleAlert } from 'lucide-preact';
import { api, explain, now, persist, person, store } from '../app';
import { agoText, t } from '../i18n';
import { ageSeconds } from '../time';
import type { Alert } from '../types';
import { fail } from './Frame';
import { HeldSheet } from './HeldSheet';

/** Seen on this device. The alert itself goes when its cause has gone, and a new one is shown anew. */
const seen = signal<ReadonlySet<number>>(new Set());
/** The printer whose held tickets somebody is looking at. */
const deciding = signal<number | null>(null);
const DECIDERS = new Set(['owner', 'manager', 'waiter', 'kitchen']);

async function acknowledge(alert: Alert): Promise<void> {
    seen.value = new Set(seen.peek()).add(alert.id);
    try {
        await persist(() => api.acknowledge(alert.id));
    } catch (error) {
        fail(explain(error));
    }
}

/** The worst first, then the oldest. */
export function shownAlerts(alerts: Iterable<Alert>, hidden: ReadonlySet<number>): Alert[] {
    const weight = (alert: Alert) => (alert.severity === 'critical' ? 0 : 1);
    return [...alerts].filter((alert) => !hidden.has(alert.id)).sort((a, b) => weight(a) - weight(b) || a.id - b.id);
}

/** The list stays open when its alert has gone, or another one has come before it. */
export function Alerts() {
    const id = deciding.value;
    return (
        <>
            <FirstAlert />
            {id !== null && <HeldSheet deviceId={id} printer={store.value.devices.get(id)?.name ?? ''} onClose={() => (deciding.value = null)} />}
        </>
    );
}

function FirstAlert() {
    const alerts = shownAlerts(store.value.alerts.values(), seen.value);
    const [first] = alerts;
    if (!first || !person.value) return null;
    const critical = first.severity === 'critical';
    const Icon = critical ? BellRing : TriangleAlert;
    const place = first.device_id ? store.value.devices.get(first.device_id)?.name : undefined;
    return (
        <div class={`banner ${critical ? 'banner-danger' : 'banner-warn'}`} role="alert" data-testid="alert" data-code={first.code}>
            <Icon size={22} aria-hidden="true" />
            <div class="banner-text">
                <p>
                    {place && <b>{place}: </b>}
                    {first.detail}
                </p>
                {first.fix && <p class="alert-fix">{first.fix}</p>}
                <p class="alert-since num">
                    {agoText(ageSeconds(first.since, now.value))}
                    {alerts.length > 1 && ` · ${t('alert_more', { n: alerts.length - 1 })}`}
                </p>
            </div>
            {first.code === 'TICKETS_HELD' && first.device_id && DECIDERS.has(person.value.role) && (
                <button type="button" class="button primary" data-testid="alert-held" onClick={() => (deciding.value = first.device_id)}>
                    {t('held_choose')}
                </button>
            )}
            <button type="button" class="button" data-testid="alert-seen" onClick={() => void acknowledge(first)}>
                {t('alert_seen')}
            </button>
        </div>
    );
}
