/* SPDX-License-Identifier: MIT */
/** Today at a glance: four numbers, tonight against a usual day, and every order. */
import { computed, signal } from '@preact/signals';
import { Download, RefreshCw, Search } from 'lucide-preact';
import { useEffect } from 'preact/hooks';
import { api, currency, now, person, restaurant, store } from '../app';
import { boot } from '../boot';
import { Chart } from '../components/Chart';
import { Empty, Frame, Skeleton } from '../components/Frame';
import { Sheet } from '../components/Sheet';
import { StatusChip } from '../components/StatusChip';
import { locale, type MessageKey, t, timeText, tn } from '../i18n';
import { formatMoney, fractionDigits } from '../money';
import { numberOf, placeOf } from '../order-view';
import type { Metrics, Order } from '../types';
import { averageHours, businessDay, dayBefore, hasMoney, type Hour, hoursOf, minutesText, runningSums, STATUSES } from './dashboard-model';
import { detail, exportCsv, exporting, filter, filters, keepList, load, loading, news, nextCursor, openOrder, shown } from './dashboard-orders';
import '../styles/dashboard.css';

const WEEKS = 4;
/** null: not read yet; empty: there is no day to compare with. */
const usual = signal<readonly Hour[] | null>(null);
const measure = signal<'orders' | 'revenue'>('orders');
const zone = computed(() => restaurant.value?.time_zone ?? 'UTC');
const closing = computed(() => restaurant.value?.closing_hour ?? 4);

async function dayOrders(day: string): Promise<Order[]> {
    const orders: Order[] = [];
    let cursor: string | null = null;
    do {
        const page: { orders: Order[]; next_cursor: string | null } = await api.call(
            `/orders?day=${day}&limit=200${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`,
        );
        orders.push(...page.orders);
        cursor = page.next_cursor;
    } while (cursor && orders.length < 2000);
    return orders;
}

/** The last four of this weekday, once a visit: they do not change any more. */
async function readUsual(): Promise<void> {
    try {
        const today = businessDay(now.peek(), zone.peek(), closing.peek());
        const days: Order[][] = [];
        for (let week = 1; week <= WEEKS; week++) days.push(await dayOrders(dayBefore(today, 7 * week)));
        usual.value = averageHours(days, zone.peek());
    } catch {
        usual.value = [];
    }
}

function Figure({ label, value, note, testid, alarm = false }: { label: string; value: string; note?: string | undefined; testid: string; alarm?: boolean }) {
    return (
        <div class={`figure ${alarm ? 'figure-alarm' : ''}`} data-testid={testid}>
            <dt>{label}</dt>
            <dd class="num">{value}</dd>
            {note && <dd class="figure-note">{note}</dd>}
        </div>
    );
}

function Figures({ metrics }: { metrics: Metrics }) {
    const since = t('dash_since', { time: timeText(Date.UTC(2000, 0, 1, closing.value), 'UTC') });
    const money = hasMoney(metrics);
    return (
        <>
            <dl class="figures figures-main">
                <Figure testid="fig-orders" label={t('dash_orders')} value={String(metrics.orders_today)} note={since} />
                <Figure testid="fig-revenue" label={t('dash_revenue')} value={money ? formatMoney(metrics.revenue_today, currency.value) : '–'} note={money ? since : t('dash_no_money')} />
                <Figure testid="fig-customers" label={t('dash_customers')} value={String(metrics.customers_today)} note={since} />
                <Figure testid="fig-open" label={t('dash_open')} value={String(metrics.open_orders)} note={t('dash_now')} />
            </dl>
            <dl class="figures">
                <Figure testid="fig-average" label={t('dash_average')} value={minutesText(metrics.average_prep_s)} note={t('dash_min_s')} />
                <Figure testid="fig-p90" label={t('dash_p90')} value={minutesText(metrics.p90_prep_s)} note={t('dash_min_s')} />
                <Figure testid="fig-oldest" label={t('dash_oldest')} value={minutesText(metrics.oldest_pending_s)} note={t('dash_min_s')} />
                <Figure testid="fig-late" label={t('dash_late')} value={String(metrics.late_orders)} note={t('dash_now')} alarm={metrics.late_orders > 0} />
                <Figure testid="fig-tables" label={t('dash_tables')} value={String(metrics.tables_occupied)} note={tn('dash_of_tables', store.value.tables.size)} />
            </dl>
        </>
    );
}

function Tonight({ metrics }: { metrics: Metrics }) {
    const money = hasMoney(metrics);
    const by = money ? measure.value : 'orders';
    const past = usual.value ?? [];
    const hours = hoursOf(metrics.by_hour, past, closing.value);
    if (hours.length === 0) return <Empty>{t('dash_no_orders')}</Empty>;
    const scale = by === 'revenue' ? 10 ** fractionDigits(currency.value) : 1;
    const pick = (hour: Hour) => (by === 'revenue' ? hour.revenue : hour.orders) / scale;
    const number = new Intl.NumberFormat(locale(), { maximumFractionDigits: by === 'revenue' ? 0 : 1 });
    const weekday = new Intl.DateTimeFormat(locale(), { weekday: 'long', timeZone: 'UTC' }).format(new Date(`${businessDay(now.peek(), zone.value, closing.value)}T12:00:00Z`));
    const place = (hour: number) => (hour - closing.value + 24) % 24;
    const latest = Math.max(-1, ...metrics.by_hour.map(({ hour }) => place(hour)));
    const today = runningSums(hours, metrics.by_hour, pick).map((sum, i) => (place(hours[i]!) <= latest ? sum : null));
    return (
        <>
            <div class="segments" role="group" aria-label={t('dash_measure')}>
                {(money ? (['orders', 'revenue'] as const) : (['orders'] as const)).map((each) => (
                    <button key={each} type="button" class="segment" data-testid={`measure-${each}`} aria-pressed={by === each} onClick={() => (measure.value = each)}>
                        {t(`dash_${each}` as MessageKey)}
                    </button>
                ))}
            </div>
            <Chart
                title={t('dash_tonight', { weekday })}
                labels={hours.map((hour) => String(hour).padStart(2, '0'))}
                format={(value) => number.format(value)}
                series={[
                    ...(past.length ? [{ label: t('dash_usual', { weekday }), color: '--muted', values: runningSums(hours, past, pick), look: 'dashed' as const }] : []),
                    { label: t('dash_today'), color: '--accent', values: today, look: 'line' as const },
                ]}
            />
            {usual.value !== null && past.length === 0 && <p class="muted">{t('dash_no_usual', { weekday })}</p>}
            <Chart
                title={t(by === 'revenue' ? 'dash_by_hour_revenue' : 'dash_by_hour')}
                labels={hours.map((hour) => String(hour).padStart(2, '0'))}
                format={(value) => number.format(value)}
                height={180}
                series={[{ label: t('dash_today'), color: '--accent', values: hours.map((hour) => metrics.by_hour.filter((each) => each.hour === hour).reduce((sum, each) => sum + pick(each), 0)), look: 'bars' }]}
            />
        </>
    );
}

function Preparation({ metrics }: { metrics: Metrics }) {
    const steps = metrics.prep_times;
    if (!steps.some(({ orders }) => orders > 0)) return null;
    const minutes = (at: number) => Math.round((steps[at]?.under_s ?? 0) / 60);
    const labels = steps.map(({ under_s }, i) => (under_s === null ? `> ${minutes(i - 1)}` : `${i ? minutes(i - 1) : 0}–${minutes(i)}`));
    return <Chart title={t('dash_prep')} labels={labels} format={(value) => String(Math.round(value))} height={180} series={[{ label: t('dash_orders'), color: '--accent', values: steps.map(({ orders }) => orders), look: 'bars' }]} />;
}

function TopItems({ metrics }: { metrics: Metrics }) {
    const most = metrics.top_items[0]?.quantity ?? 0;
    if (most === 0) return null;
    return (
        <figure class="chart">
            <figcaption>{t('dash_top')}</figcaption>
            <ol class="top-items">
                {metrics.top_items.map((item) => (
                    <li key={`${item.menu_item_id} ${item.name}`}>
                        <span class="top-name">{item.name}</span>
                        <meter class="top-bar" min={0} max={most} value={item.quantity} aria-hidden="true" />
                        <b class="num">{item.quantity}</b>
                    </li>
                ))}
            </ol>
        </figure>
    );
}

function FilterBar() {
    const held = filters.value;
    return (
        <form class="filters" role="search" onSubmit={(event) => event.preventDefault()}>
            <label class="search">
                <Search size={20} aria-hidden="true" />
                <input type="search" data-testid="q" aria-label={t('dash_search')} placeholder={t('dash_search')} value={held.q} onInput={(event) => filter({ q: event.currentTarget.value })} />
            </label>
            <select aria-label={t('dash_status')} data-testid="filter-status" value={held.status} onChange={(event) => filter({ status: STATUSES.find((each) => each === event.currentTarget.value) ?? '' })}>
                {STATUSES.map((status) => (
                    <option key={status} value={status}>
                        {status === '' ? t('dash_any_status') : status === 'active' ? t('dash_active') : t(`status_${status}` as MessageKey)}
                    </option>
                ))}
            </select>
            <select aria-label={t('dash_station')} data-testid="filter-station" value={held.station} onChange={(event) => filter({ station: event.currentTarget.value })}>
                <option value="">{t('dash_any_station')}</option>
                {(restaurant.value?.stations ?? []).map(({ name }) => (
                    <option key={name} value={name}>
                        {name}
                    </option>
                ))}
            </select>
            <input type="date" aria-label={t('dash_day')} data-testid="filter-day" value={held.day} onInput={(event) => filter({ day: event.currentTarget.value })} />
            <button type="button" class="button" data-testid="export" disabled={exporting.value !== null} onClick={() => void exportCsv()}>
                <Download size={20} aria-hidden="true" /> {exporting.value === null ? t('dash_export') : t('dash_exporting', { n: exporting.value })}
            </button>
        </form>
    );
}

function OrderTable() {
    if (loading.value && shown.value.length === 0) return <Skeleton count={6} />;
    if (shown.value.length === 0) return <Empty>{t('dash_none_match')}</Empty>;
    return (
        <div class="order-table" role="table" aria-label={t('dash_orders')} data-testid="order-table">
            {shown.value.map((order) => (
                <button key={order.id} type="button" role="row" class="order-row" data-testid={`list-${order.id}`} data-status={order.order_status} onClick={() => (openOrder.value = order.id)}>
                    <b role="cell" class="num">
                        {numberOf(order)}
                    </b>
                    <span role="cell" class="num">
                        {timeText(order.created_at, zone.value)}
                    </span>
                    <span role="cell" class="order-place">
                        {order.order_type === 'dine_in' ? t('order_table', { name: placeOf(order) }) : placeOf(order)}
                    </span>
                    <span role="cell" class="order-what">
                        {order.items.filter((item) => item.item_status !== 'voided').map((item) => `${item.quantity} × ${item.name}`).join(', ')}
                    </span>
                    <span role="cell">
                        <StatusChip status={order.order_status} />
                    </span>
                    <b role="cell" class="num order-total">
                        {order.total_price === null ? '' : formatMoney(order.total_price, currency.value)}
                    </b>
                </button>
            ))}
        </div>
    );
}

function Detail({ order }: { order: Order }) {
    return (
        <Sheet title={order.order_number} testid="order-detail" onClose={() => (openOrder.value = null)}>
            <p class="ran-head">
                <b>{placeOf(order)}</b>
                <span class="num">{timeText(order.created_at, zone.value)}</span>
                <span>{order.created_by?.name}</span>
                <StatusChip status={order.order_status} testid="detail-status" />
            </p>
            {order.note && <p class="note-box">{order.note}</p>}
            <table class="detail-items">
                <tbody>
                    {order.items.map((item) => (
                        <tr key={item.id} class={item.item_status === 'voided' ? 'struck' : ''}>
                            <td class="num">{item.quantity}</td>
                            <th scope="row">
                                {item.name}
                                {item.modifiers.map((modifier) => ` + ${modifier.name}`).join('')}
                                {item.note && <span class="note-box">{item.note}</span>}
                            </th>
                            <td>
                                <StatusChip status={item.item_status} />
                            </td>
                            <td class="num">{item.unit_price === null ? '' : formatMoney(item.quantity * item.modifiers.reduce((sum, m) => sum + (m.price ?? 0), item.unit_price), currency.value)}</td>
                        </tr>
                    ))}
                </tbody>
            </table>
            <p class="muted">{order.tickets.map((ticket) => `${ticket.station} ${t('kitchen_kot', { n: ticket.kot_number })}`).join(' · ')}</p>
            {order.total_price !== null && <p class="detail-total num">{formatMoney(order.total_price, currency.value)}</p>}
        </Sheet>
    );
}

function Orders() {
    useEffect(keepList, []);
    return (
        <section class="orders">
            <h2>{t('dash_orders')}</h2>
            <FilterBar />
            {news.value > 0 && (
                <button type="button" class="button wide" data-testid="list-news" onClick={() => void load()}>
                    <RefreshCw size={20} aria-hidden="true" /> {tn('dash_news', news.value)}
                </button>
            )}
            <OrderTable />
            {nextCursor.value && (
                <button type="button" class="button wide" data-testid="list-more" disabled={loading.value} onClick={() => void load(true)}>
                    {t(loading.value ? 'loading' : 'dash_more')}
                </button>
            )}
            {detail.value && <Detail order={detail.value} />}
        </section>
    );
}

function Dashboard() {
    const metrics = store.value.metrics;
    const known = restaurant.value !== null && person.value !== null;
    useEffect(() => {
        if (known) void readUsual();
    }, [known]);
    return (
        <Frame title={t('nav_dashboard')}>
            {!store.value.synced || !known ? (
                <Skeleton count={8} />
            ) : (
                <div class="dashboard">
                    {metrics ? (
                        <>
                            <Figures metrics={metrics} />
                            <section class="charts">
                                <Tonight metrics={metrics} />
                            </section>
                            <section class="charts">
                                <TopItems metrics={metrics} />
                                <Preparation metrics={metrics} />
                            </section>
                        </>
                    ) : (
                        <Empty>{t('dash_no_metrics')}</Empty>
                    )}
                    <Orders />
                </div>
            )}
        </Frame>
    );
}

void boot(Dashboard);
