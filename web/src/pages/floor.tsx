/* SPDX-License-Identifier: MIT */
/** The floor: every table where it stands, what it wants, and what can be done with it. */
import { computed, effect, signal, useSignal } from '@preact/signals';
import { ArrowRightLeft, Ban, BellRing, CheckSquare, CircleCheck, DoorOpen, History, LayoutGrid, List, Merge, Moon, Receipt, ShoppingBag, Users, Utensils } from 'lucide-preact';
import { useEffect } from 'preact/hooks';
import { soundOn, switchSound, unlockAtFirstTouch } from '../alerting';
import { ApiError } from '../api';
import { api, base, changeTables, currency, explain, isManager, now, store } from '../app';
import { boot } from '../boot';
import { Empty, fail, Frame, Skeleton } from '../components/Frame';
import { StatusChip } from '../components/StatusChip';
import { Sheet } from '../components/Sheet';
import { remember, remembered } from '../device';
import { announceFood, serveReady } from '../food';
import { type MessageKey, t, tn } from '../i18n';
import { formatMoney } from '../money';
import { numberOf, pieces, readyItems } from '../order-view';
import { ageSeconds, elapsedText } from '../time';
import type { Order, Table } from '../types';
import { actsFor, areasOf, mapOf, type TableAct, type TableView, viewOf } from './floor-model';
import '../styles/floor.css';

type Tables = { tables: Table[] };

const look = signal(remembered('floor-look', ['map', 'list'] as const));
effect(() => remember('floor-look', look.value));
const area = signal(new URLSearchParams(location.search).get('area') ?? '');
/** Several at once; null: a touch opens the one it touches. */
const selection = signal<ReadonlySet<number> | null>(null);
const opened = signal<number | null>(null);
/** Where the next touch says where to: the guests of this table move or join. */
const carrying = signal<{ from: number; act: 'move' | 'merge' } | null>(null);

const areas = computed(() => areasOf(store.value.tables.values(), t('other_area')));
const current = computed(() => areas.value.find(([name]) => name === area.value) ?? areas.value[0]);
/** Turned every ten seconds: idle times need no more. */
const slowNow = computed(() => Math.floor(now.value / 10_000) * 10_000);

const ICONS: Record<TableAct, typeof Users> = {
    open: Users,
    bill: Receipt,
    close: DoorOpen,
    restore: History,
    disable: Ban,
    enable: CircleCheck,
    move: ArrowRightLeft,
    merge: Merge,
};

async function act(what: TableAct, tables: readonly Table[], body: Record<string, unknown> = {}): Promise<void> {
    for (const table of tables) {
        try {
            await changeTables((key) => api.post<Tables>(`/tables/${table.id}/${what}`, body, key));
        } catch (error) {
            if (what === 'close' && error instanceof ApiError && error.code === 'TABLE_BUSY' && isManager.value && !body.force) {
                if (confirm(t('floor_force', { name: table.name, detail: error.message }))) await act('close', [table], { force: true });
                continue;
            }
            fail(t('floor_failed', { name: table.name, detail: explain(error) }));
        }
    }
}

function touchTable(table: Table): void {
    const load = carrying.peek();
    if (load) {
        const from = store.peek().tables.get(load.from);
        carrying.value = null;
        opened.value = null;
        if (from && from.id !== table.id) void act(load.act, [from], load.act === 'move' ? { to_table_id: table.id } : { into_table_id: table.id });
        return;
    }
    const chosen = selection.peek();
    if (!chosen) {
        opened.value = table.id;
        return;
    }
    const next = new Set(chosen);
    if (!next.delete(table.id)) next.add(table.id);
    selection.value = next;
}

const describe = (view: TableView) =>
    [
        t('order_table', { name: view.table.name }),
        t(`table_${view.table.status}` as MessageKey),
        view.table.guests ? tn('floor_guests', view.table.guests) : null,
        view.want ? t(`floor_want_${view.want}` as MessageKey) : null,
    ]
        .filter(Boolean)
        .join(', ');

function Want({ view }: { view: TableView }) {
    if (!view.want) return null;
    const Icon = { food: Utensils, bill: Receipt, idle: Moon }[view.want];
    return (
        <span class={`want want-${view.want}`} data-testid={`want-${view.table.id}`} data-want={view.want}>
            <Icon size={18} aria-hidden="true" /> {view.want === 'food' ? view.ready : ''}
            <span class="sr">{t(`floor_want_${view.want}` as MessageKey)}</span>
        </span>
    );
}

function tableClass(view: TableView): string {
    const { table, want } = view;
    return `floor-table table-${table.status} shape-${table.shape} ${want ? `wants-${want}` : ''} ${selection.value?.has(table.id) ? 'picked' : ''} ${carrying.value?.from === table.id ? 'carried' : ''}`;
}

function TableShape({ view, place }: { view: TableView; place?: { left: string; top: string } }) {
    const { table } = view;
    const seated = table.status === 'occupied' || table.status === 'bill';
    return (
        <button
            type="button"
            class={tableClass(view)}
            style={place}
            data-testid={`table-${table.id}`}
            data-status={table.status}
            aria-label={describe(view)}
            aria-pressed={selection.value ? selection.value.has(table.id) : undefined}
            onClick={() => touchTable(table)}
        >
            <b class="floor-name">{table.name}</b>
            {seated ? (
                <>
                    <span class="floor-facts num">
                        <Users size={15} aria-hidden="true" /> {table.guests ?? '?'} · {elapsedMinutes(table)}
                    </span>
                    {!!table.total_price && <span class="floor-total num">{formatMoney(table.total_price, currency.value)}</span>}
                </>
            ) : (
                <span class="floor-facts">{table.status === 'disabled' ? t('table_disabled_short') : t('floor_seats', { n: table.seats })}</span>
            )}
            <Want view={view} />
        </button>
    );
}

function elapsedMinutes(table: Table): string {
    return table.opened_at ? t('floor_minutes', { n: Math.floor(ageSeconds(table.opened_at, slowNow.value) / 60) }) : '';
}

function TableRow({ view }: { view: TableView }) {
    const { table } = view;
    return (
        <button type="button" class={`floor-row ${tableClass(view)}`} data-testid={`table-${table.id}`} data-status={table.status} aria-label={describe(view)} onClick={() => touchTable(table)}>
            <b class="floor-name">{table.name}</b>
            <span>{t(`table_${table.status}` as MessageKey)}</span>
            <span class="num">{table.guests ? tn('floor_guests', table.guests) : t('floor_seats', { n: table.seats })}</span>
            <span class="num">{elapsedMinutes(table)}</span>
            <span class="num floor-sum">{table.total_price ? formatMoney(table.total_price, currency.value) : ''}</span>
            <Want view={view} />
        </button>
    );
}

function Room() {
    if (!store.value.synced) return <Skeleton count={12} />;
    if (!current.value) return <Empty>{t('floor_empty')}</Empty>;
    const tables = current.value[1];
    const views = new Map(tables.map((table) => [table.id, viewOf(store.value, table, slowNow.value)]));
    const spots = look.value === 'map' ? mapOf(tables) : null;
    if (spots)
        return (
            <div class="floor-map" data-testid="floor-map">
                {spots.map(({ table, left, top }) => (
                    <TableShape key={table.id} view={views.get(table.id)!} place={{ left: `${left}%`, top: `${top}%` }} />
                ))}
            </div>
        );
    if (look.value === 'map')
        return (
            <div class="floor-grid" data-testid="floor-grid">
                {tables.map((table) => (
                    <TableShape key={table.id} view={views.get(table.id)!} />
                ))}
            </div>
        );
    return (
        <div class="floor-list" data-testid="floor-list">
            {tables.map((table) => (
                <TableRow key={table.id} view={views.get(table.id)!} />
            ))}
        </div>
    );
}

function AreaTabs() {
    if (areas.value.length < 2) return null;
    return (
        <div class="segments" role="group" aria-label={t('floor_areas')}>
            {areas.value.map(([name, tables]) => {
                const wants = tables.filter((table) => viewOf(store.value, table, slowNow.value).want === 'food').length;
                return (
                    <button key={name} type="button" class="segment" aria-pressed={current.value?.[0] === name} data-testid={`area-${name}`} onClick={() => (area.value = name)}>
                        {name} {wants > 0 && <b class="area-wants num">{wants}</b>}
                    </button>
                );
            })}
        </div>
    );
}

/** Waiters carry what is ready; "served" is one touch here. */
function OrderOf({ order }: { order: Order }) {
    const ready = readyItems(order);
    const serve = async () => {
        try {
            await serveReady(order);
        } catch (error) {
            fail(explain(error));
        }
    };
    return (
        <article class="floor-order" data-testid={`floor-order-${order.id}`}>
            <p class="ran-head">
                <b class="num">{numberOf(order)}</b>
                <StatusChip status={order.order_status} />
                <span class="num">{formatMoney(order.total_price ?? 0, currency.value)}</span>
            </p>
            <ul>
                {order.items
                    .filter((item) => item.item_status !== 'voided')
                    .map((item) => (
                        <li key={item.id} class="ran-item">
                            <span>
                                <b class="num">{item.quantity}</b> {item.name}
                            </span>
                            <StatusChip status={item.item_status} />
                        </li>
                    ))}
            </ul>
            {ready.length > 0 && (
                <button type="button" class="button primary" data-testid={`floor-serve-${order.id}`} onClick={() => void serve()}>
                    <Utensils size={20} aria-hidden="true" /> {tn('floor_serve', pieces(ready))}
                </button>
            )}
        </article>
    );
}

function Guests({ table, onDone }: { table: Table; onDone: () => void }) {
    const most = Math.max(8, table.seats + 2);
    return (
        <fieldset class="guests">
            <legend>{t('floor_how_many')}</legend>
            {Array.from({ length: Math.min(12, most) }, (_, i) => i + 1).map((n) => (
                <button key={n} type="button" class="button num" data-testid={`guests-${n}`} onClick={() => (void act('open', [table], { guests: n }), onDone())}>
                    {n}
                </button>
            ))}
        </fieldset>
    );
}

function TableSheet({ id }: { id: number }) {
    const seating = useSignal(false);
    const table = store.value.tables.get(id);
    const close = () => (opened.value = null);
    if (!table) return null;
    const view = viewOf(store.value, table, now.value);
    const acts = actsFor([table], isManager.value).filter((name) => name !== 'open');
    const start = (name: TableAct) => {
        if (name === 'move' || name === 'merge') {
            carrying.value = { from: id, act: name };
            close();
        } else void act(name, [table]);
    };
    return (
        <Sheet title={`${t('order_table', { name: table.name })} · ${t(`table_${table.status}` as MessageKey)}`} testid="table-sheet" onClose={close}>
            <p class="muted num">
                {[
                    table.area,
                    table.guests ? tn('floor_guests', table.guests) : t('floor_seats', { n: table.seats }),
                    table.opened_at ? t('floor_since', { age: elapsedText(ageSeconds(table.opened_at, now.value)) }) : null,
                    view.idleS !== null ? t('floor_idle', { age: elapsedText(view.idleS) }) : null,
                    table.total_price ? formatMoney(table.total_price, currency.value) : null,
                ]
                    .filter(Boolean)
                    .join(' · ')}
            </p>
            {table.status !== 'disabled' && (
                <a class="button primary wide" data-testid="take-order" href={`${base.prefix}/order?table=${table.id}`}>
                    <Receipt size={22} aria-hidden="true" /> {t(view.orders.length ? 'floor_order_more' : 'floor_order')}
                </a>
            )}
            {table.status === 'free' &&
                (seating.value ? (
                    <Guests table={table} onDone={close} />
                ) : (
                    <button type="button" class="button wide" data-testid="act-open" onClick={() => (seating.value = true)}>
                        <Users size={22} aria-hidden="true" /> {t('floor_act_open')}
                    </button>
                ))}
            {view.orders.map((order) => (
                <OrderOf key={order.id} order={order} />
            ))}
            <div class="acts">
                {acts.map((name) => {
                    const Icon = ICONS[name];
                    return (
                        <button key={name} type="button" class="button" data-testid={`act-${name}`} onClick={() => start(name)}>
                            <Icon size={20} aria-hidden="true" /> {t(`floor_act_${name}` as MessageKey)}
                        </button>
                    );
                })}
            </div>
        </Sheet>
    );
}

/** With several tables picked: what can be done with all of them. */
function SelectionBar() {
    const ids = selection.value;
    if (!ids) return null;
    const tables = [...ids].map((id) => store.value.tables.get(id)).filter((table): table is Table => !!table);
    const acts = tables.length > 1 ? actsFor(tables, isManager.value) : actsFor(tables, isManager.value).filter((name) => name !== 'move' && name !== 'merge');
    return (
        <div class="selection-bar" role="toolbar" aria-label={t('floor_several')} data-testid="selection-bar">
            <b class="num">{tn('floor_picked', tables.length)}</b>
            {acts.map((name) => {
                const Icon = ICONS[name];
                return (
                    <button key={name} type="button" class="button" data-testid={`all-${name}`} onClick={() => (void act(name, tables), (selection.value = new Set()))}>
                        <Icon size={20} aria-hidden="true" /> {t(`floor_act_${name}` as MessageKey)}
                    </button>
                );
            })}
            <button type="button" class="button quiet" data-testid="selection-end" onClick={() => (selection.value = null)}>
                {t('floor_several_end')}
            </button>
        </div>
    );
}

function CarryBar() {
    const load = carrying.value;
    const from = load && store.value.tables.get(load.from);
    if (!load || !from) return null;
    return (
        <div class="banner banner-warn" role="status" data-testid="carry-bar">
            <p class="banner-text">{t(load.act === 'move' ? 'floor_move_where' : 'floor_merge_where', { name: from.name })}</p>
            <button type="button" class="button" onClick={() => (carrying.value = null)}>
                {t('cancel')}
            </button>
        </div>
    );
}

function Tools() {
    const other = look.value === 'map' ? 'list' : 'map';
    const OtherIcon = other === 'list' ? List : LayoutGrid;
    return (
        <>
            <button type="button" class="button quiet" data-testid="floor-look" aria-label={t(`floor_look_${other}` as MessageKey)} title={t(`floor_look_${other}` as MessageKey)} onClick={() => (look.value = other)}>
                <OtherIcon size={22} aria-hidden="true" />
            </button>
            <button type="button" class="button quiet" data-testid="floor-several" aria-pressed={selection.value !== null} aria-label={t('floor_several')} title={t('floor_several')} onClick={() => (selection.value = selection.peek() ? null : new Set())}>
                <CheckSquare size={22} aria-hidden="true" />
            </button>
            <button type="button" class="button quiet" data-testid="sound" aria-pressed={soundOn.value} aria-label={soundOn.value ? t('kitchen_sound_on') : t('kitchen_sound_off')} onClick={() => void switchSound(!soundOn.peek())}>
                <BellRing size={22} aria-hidden="true" />
            </button>
            <a class="button" data-testid="takeaway" href={`${base.prefix}/order?type=takeout`} aria-label={t('order_takeout')}>
                <ShoppingBag size={22} aria-hidden="true" /> <span class="wide-only">{t('order_takeout')}</span>
            </a>
        </>
    );
}

function Floor() {
    useEffect(() => {
        const stops = [announceFood('nav_floor'), unlockAtFirstTouch()];
        return () => stops.forEach((stop) => stop());
    }, []);
    return (
        <Frame title={t('nav_floor')} extra={<Tools />}>
            <CarryBar />
            <AreaTabs />
            <Room />
            <SelectionBar />
            {opened.value !== null && <TableSheet key={opened.value} id={opened.value} />}
        </Frame>
    );
}

void boot(Floor);
