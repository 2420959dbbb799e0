/* SPDX-License-Identifier: MIT */
import { signal } from '@preact/signals';
import { BellOff, BellRing, CircleHelp } from 'lucide-preact';
import { useEffect, useState } from 'preact/hooks';
import { api, explain, needsPin, onFrames, status, store } from '../app';
import { boot } from '../boot';
import { Empty, Frame, Skeleton } from '../components/Frame';
import { t } from '../i18n';
import type { Device, StateFrame, StripTicket } from '../types';
import '../styles/strip.css';

const tickets = signal<StripTicket[] | null>(null);
const error = signal('');
let loading = false;
let again = false;

/** One request at a time; what changes meanwhile is fetched by one more. */
async function reload(): Promise<void> {
    if (loading) {
        again = true;
        return;
    }
    loading = true;
    try {
        do {
            again = false;
            tickets.value = (await api.strip(20)).tickets;
            error.value = '';
        } while (again);
    } catch (problem) {
        error.value = explain(problem);
    } finally {
        loading = false;
    }
}

function concernsPaper(frame: StateFrame): boolean {
    // New tickets come with what happened to their order.
    if (frame.type === 'order_created' || frame.type === 'order_updated' || frame.type === 'sync_state') return true;
    return frame.type === 'passport_updated' && frame.destination.kind === 'printer';
}

function Lamp({ bell }: { bell: Device }) {
    const state = bell.state === 'failed' || bell.lit === undefined ? 'unknown' : bell.lit ? 'on' : 'off';
    const Icon = state === 'on' ? BellRing : state === 'off' ? BellOff : CircleHelp;
    const station = bell.station ?? bell.name;
    return (
        <div class={`lamp lamp-${state}`} data-testid={`lamp-${station}`} data-lit={state === 'on'} role="status">
            <span class="lamp-bulb">
                <Icon size={40} aria-hidden="true" />
            </span>
            <span class="lamp-station">{station}</span>
            <span class="lamp-word">{state === 'on' ? t('lamp_on') : state === 'off' ? t('lamp_off') : t('lamp_unknown')}</span>
            {bell.state === 'failed' && bell.detail && <span class="lamp-why">{bell.detail}</span>}
        </div>
    );
}

function Paper({ ticket }: { ticket: StripTicket }) {
    const [broken, setBroken] = useState(false);
    return (
        <li class="paper" data-testid={`strip-${ticket.ticket_id}`}>
            <p class="paper-head">
                <span>
                    {ticket.station} · KOT <b class="num">{ticket.kot_number}</b>
                </span>
                {ticket.copy && <b class="tag tag-info">{t('strip_copy')}</b>}
                {ticket.doubtful && <b class="tag tag-danger">{t('strip_doubtful')}</b>}
            </p>
            {broken ? (
                <p class="error-text">{t('strip_image_failed')}</p>
            ) : (
                <img
                    src={api.ticketImage(ticket.ticket_id)}
                    alt={t('strip_alt', { station: ticket.station, n: ticket.kot_number })}
                    onError={() => setBroken(true)}
                />
            )}
        </li>
    );
}

function Strip() {
    const reconnects = status.value?.reconnects;
    useEffect(() => onFrames((frames) => void (frames.some(concernsPaper) && reload())), []);
    useEffect(() => {
        if (store.value.synced && !needsPin.value) void reload();
    }, [reconnects, needsPin.value]);
    const bells = [...store.value.devices.values()].filter((device) => device.kind === 'bell');
    return (
        <Frame title={t('strip_title')}>
            <section class="lamps" aria-label={t('lamp')}>
                {bells.map((bell) => (
                    <Lamp key={bell.id} bell={bell} />
                ))}
                {bells.length === 0 && store.value.synced && <p class="muted">{t('lamp_none')}</p>}
            </section>
            {error.value && (
                <div class="banner banner-danger" role="alert">
                    <p class="banner-text">{error.value}</p>
                    <button type="button" class="button" onClick={() => void reload()}>
                        {t('retry')}
                    </button>
                </div>
            )}
            {!tickets.value && !error.value && <Skeleton count={3} kind="card" />}
            {tickets.value?.length === 0 && <Empty>{t('strip_empty')}</Empty>}
            <ol class="papers">
                {tickets.value?.map((ticket) => (
                    <Paper key={`${ticket.ticket_id} ${ticket.printed_at}`} ticket={ticket} />
                ))}
            </ol>
        </Frame>
    );
}

void boot(Strip);
