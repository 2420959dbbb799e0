/* SPDX-License-Identifier: MIT */
/** Who is connected: every page and client with a socket, how far behind it is, and a way to end one. */
import { signal } from '@preact/signals';
import { ChefHat, MonitorSmartphone, Plug, ShieldCheck, Unplug } from 'lucide-preact';
import { useEffect } from 'preact/hooks';
import { api, explain, isManager, now, person, restaurant } from '../app';
import { boot } from '../boot';
import { Empty, fail, Frame, Skeleton } from '../components/Frame';
import { Sheet } from '../components/Sheet';
import { type MessageKey, t, timeText, tn } from '../i18n';
import { ageSeconds, elapsedText } from '../time';
import type { Connection, LiveFacts } from '../types';
import '../styles/connections.css';

const EVERY_MS = 2000;
/** Frames that a healthy screen may have waiting for a moment; more says that its network does not keep up. */
const LAG_SLOW = 20;

const list = signal<readonly Connection[] | null>(null);
const facts = signal<LiveFacts | null>(null);
const readAt = signal(0);
const trouble = signal<string | null>(null);
const ending = signal<Connection | null>(null);

async function read(): Promise<void> {
    try {
        const [connections, status] = await Promise.all([
            api.call<{ connections: Connection[] }>('/ws/orders/live/connections'),
            api.call<LiveFacts>('/ws/orders/live/status'),
        ]);
        list.value = [...connections.connections].sort((a, b) => a.since.localeCompare(b.since) || a.client_id.localeCompare(b.client_id));
        facts.value = status;
        readAt.value = now.peek();
        trouble.value = null;
    } catch (error) {
        trouble.value = explain(error);
    }
}

async function end(connection: Connection): Promise<void> {
    ending.value = null;
    try {
        await api.call<void>(`/ws/orders/live/connections/${encodeURIComponent(connection.client_id)}`, { method: 'DELETE' });
    } catch (error) {
        fail(explain(error));
    }
    await read();
}

const nameOf = ({ who, role }: Connection) => who.name || t(`role_${role}` as MessageKey);

function Row({ connection }: { connection: Connection }) {
    const { client_id, role, address, since, lag } = connection;
    const Icon = role === 'kitchen' || role === 'display' ? ChefHat : role === 'manager' || role === 'owner' ? ShieldCheck : MonitorSmartphone;
    const slow = lag >= LAG_SLOW;
    return (
        <li class={`connection ${slow ? 'connection-slow' : ''}`} data-testid={`client-${client_id}`}>
            <Icon size={28} aria-hidden="true" />
            <div class="connection-who">
                <b>{nameOf(connection)}</b>
                <span class="muted">
                    {t(`role_${role}` as MessageKey)} · {address}
                </span>
            </div>
            <div class="connection-since num">
                <span>{t('conns_for', { age: elapsedText(ageSeconds(since, now.value)) })}</span>
                <span class="muted">{t('conns_since', { time: timeText(since, restaurant.value?.time_zone) })}</span>
            </div>
            <div class="connection-lag">
                <meter min={0} max={100} high={LAG_SLOW} optimum={0} value={Math.min(100, lag)} aria-label={t('conns_lag')} />
                <span class="num">{lag === 0 ? t('conns_up_to_date') : tn('conns_behind', lag)}</span>
            </div>
            <button type="button" class="button" data-testid={`end-${client_id}`} onClick={() => (ending.value = connection)}>
                <Unplug size={20} aria-hidden="true" /> {t('conns_end')}
            </button>
        </li>
    );
}

function Confirm({ connection }: { connection: Connection }) {
    const close = () => (ending.value = null);
    return (
        <Sheet
            title={t('conns_end_title', { name: nameOf(connection) })}
            testid="end-sheet"
            onClose={close}
            foot={
                <>
                    <button type="button" class="button danger wide" data-testid="end-confirm" onClick={() => void end(connection)}>
                        <Unplug size={20} aria-hidden="true" /> {t('conns_end')}
                    </button>
                    <button type="button" class="button wide" onClick={close}>
                        {t('cancel')}
                    </button>
                </>
            }
        >
            <p>{t('conns_end_what')}</p>
        </Sheet>
    );
}

function Connections() {
    const known = person.value !== null;
    const allowed = isManager.value;
    useEffect(() => {
        if (!allowed) return;
        void read();
        const timer = setInterval(() => {
            if (!document.hidden) void read();
        }, EVERY_MS);
        return () => clearInterval(timer);
    }, [allowed]);
    const connections = list.value;
    return (
        <Frame title={t('nav_connections')}>
            {known && !allowed && <Empty>{t('conns_managers')}</Empty>}
            {allowed && trouble.value && <p class="banner banner-warn" role="alert">{t('conns_stale', { age: elapsedText(Math.round((now.value - readAt.value) / 1000)), detail: trouble.value })}</p>}
            {(!known || (allowed && !connections)) && <Skeleton count={6} />}
            {allowed && connections && (
                <div class="connections">
                    {facts.value && (
                        <p class="connections-sum" data-testid="conns-sum">
                            <Plug size={22} aria-hidden="true" />
                            <b class="num">{tn('conns_open', connections.length)}</b>
                            <meter min={0} max={facts.value.max_sockets} high={facts.value.max_sockets * 0.8} optimum={0} value={connections.length} aria-label={t('conns_room')} />
                            <span class="num muted">{t('conns_of', { most: facts.value.max_sockets, polls: facts.value.polls })}</span>
                        </p>
                    )}
                    <ul>
                        {connections.map((connection) => (
                            <Row key={connection.client_id} connection={connection} />
                        ))}
                    </ul>
                    {connections.length === 0 && <Empty>{t('conns_none')}</Empty>}
                </div>
            )}
            {ending.value && <Confirm connection={ending.value} />}
        </Frame>
    );
}

void boot(Connections);
