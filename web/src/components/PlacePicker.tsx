/* SPDX-License-Identifier: MIT */
import { Bike, ShoppingBag } from 'lucide-preact';
import { store } from '../app';
import { Empty, Skeleton } from './Frame';
import { type MessageKey, t } from '../i18n';
import { areasOf } from '../pages/floor-model';
import { isUnfinished, type Place } from '../pages/order-model';

export function PlacePicker({ onPick }: { onPick: (place: Place) => void }) {
    if (!store.value.synced) return <Skeleton count={8} />;
    const groups = areasOf(store.value.tables.values(), t('other_area'));
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
                                <span class="table-status">
                                    {isUnfinished({ type: 'dine_in', tableId: table.id, name: table.name }) ? t('order_unfinished') : t(`table_${table.status}` as MessageKey)}
                                </span>
                            </button>
                        ))}
                    </div>
                </section>
            ))}
        </div>
    );
}
