/* SPDX-License-Identifier: MIT */
import { Bike, ShoppingBag } from 'lucide-preact';
import { store } from '../app';
import { Empty, Skeleton } from './Frame';
import { type MessageKey, t } from '../i18n';
import type { Place } from '../pages/order-model';
import type { Table } from '../types';

const byName = new Intl.Collator(undefined, { numeric: true }).compare;

function areas(tables: Iterable<Table>): [string, Table[]][] {
    const groups = new Map<string, Table[]>();
    for (const table of tables) {
        const area = table.area || t('other_area');
        groups.set(area, [...(groups.get(area) ?? []), table]);
    }
    for (const list of groups.values()) list.sort((a, b) => byName(a.name, b.name));
    return [...groups];
}

export function PlacePicker({ onPick }: { onPick: (place: Place) => void }) {
    if (!store.value.synced) return <Skeleton count={8} />;
    const groups = areas(store.value.tables.values());
    return (
        <div class="places">
            <h2>{t('order_pick')}</h2>
            <div class="tiles">
                <button type="button" class="button tile" data-testid="takeout" onClick={() => onPick({ type: 'takeout' })}>
                    <ShoppingBag size={26} aria-hidden="true" /> {t('order_takeout')}
                </button>
                <button type="button" class="button tile" data-testid="delivery" onClick={() => onPick({ type: 'delivery' })}>
                    <Bike size={26} aria-hidden="true" /> {t('order_delivery')}
                </button>
            </div>
            {groups.length === 0 && <Empty>{t('order_no_tables')}</Empty>}
            {groups.map(([area, tables]) => (
                <section key={area}>
                    <h3>{area}</h3>
                    <div class="tiles">
                        {tables.map((table) => (
                            <button
                                key={table.id}
                                type="button"
                                class={`button tile table table-${table.status}`}
                                data-testid={`table-${table.id}`}
                                disabled={table.status === 'disabled'}
                                onClick={() => onPick({ type: 'dine_in', tableId: table.id, name: table.name })}
                            >
                                <b class="table-name num">{table.name}</b>
                                <span class="table-status">{t(`table_${table.status}` as MessageKey)}</span>
                            </button>
                        ))}
                    </div>
                </section>
            ))}
        </div>
    );
}
