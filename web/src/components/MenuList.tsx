/* SPDX-License-Identifier: MIT */
import { useSignal } from '@preact/signals';
import { PenLine, Search, SlidersHorizontal, Star } from 'lucide-preact';
import { currency, menu, store } from '../app';
import { needsSheet } from '../cart';
import { t } from '../i18n';
import { formatMoney } from '../money';
import { cart } from '../pages/order-model';
import type { Menu, MenuItem } from '../types';
import { Empty, Skeleton } from './Frame';

interface MenuListProps {
    onAdd: (item: MenuItem) => void;
    onChoose: (item: MenuItem) => void;
    onOpen: () => void;
}

/** The category of what sells most today. */
const OFTEN = 0;

function often(list: Menu): MenuItem[] {
    const items = new Map(list.items.map((item) => [item.id, item]));
    return (store.value.metrics?.top_items ?? []).map(({ menu_item_id }) => items.get(menu_item_id ?? -1)).filter((item): item is MenuItem => !!item);
}

function matching(list: Menu, categoryId: number | null, query: string): MenuItem[] {
    const wanted = query.trim().toLocaleLowerCase();
    if (wanted)
        return list.items.filter((item) => `${item.name} ${item.kitchen_name ?? ''}`.toLocaleLowerCase().includes(wanted));
    return categoryId === OFTEN ? often(list) : list.items.filter((item) => item.category_id === categoryId);
}

export function MenuList({ onAdd, onChoose, onOpen }: MenuListProps) {
    const chosen = useSignal<number | null>(null);
    const query = useSignal('');
    const list = menu.value;
    if (!list) return <Skeleton count={9} />;
    if (list.items.length === 0) return <Empty>{t('order_no_menu')}</Empty>;
    const categories = [...list.categories].sort((a, b) => a.position - b.position);
    const current = chosen.value ?? categories[0]?.id ?? null;
    const items = matching(list, current, query.value);
    return (
        <>
            <div class="search">
                <Search size={20} aria-hidden="true" />
                <input
                    type="search"
                    data-testid="search"
                    aria-label={t('order_search')}
                    placeholder={t('order_search')}
                    value={query.value}
                    onInput={(event) => (query.value = event.currentTarget.value)}
                />
            </div>
            <nav class="categories" aria-label={t('order_categories')}>
                {often(list).length > 3 && (
                    <button type="button" class="category" data-testid="category-often" aria-pressed={!query.value && current === OFTEN} onClick={() => ((chosen.value = OFTEN), (query.value = ''))}>
                        <Star size={16} aria-hidden="true" /> {t('order_often')}
                    </button>
                )}
                {categories.map((category) => (
                    <button
                        key={category.id}
                        type="button"
                        class="category"
                        data-testid={`category-${category.id}`}
                        aria-pressed={!query.value && category.id === current}
                        onClick={() => ((chosen.value = category.id), (query.value = ''))}
                    >
                        {category.name}
                    </button>
                ))}
                <button type="button" class="category" data-testid="open-item-button" onClick={onOpen}>
                    <PenLine size={16} aria-hidden="true" /> {t('order_open_item')}
                </button>
            </nav>
            <div class="items">
                {items.length === 0 && <Empty>{t('order_no_items', { q: query.value })}</Empty>}
                {items.map((item) => (
                    <ItemTile key={item.id} item={item} onAdd={onAdd} onChoose={onChoose} />
                ))}
            </div>
        </>
    );
}

function ItemTile({ item, onAdd, onChoose }: { item: MenuItem } & Omit<MenuListProps, 'onOpen'>) {
    const inCart = cart.value.filter((line) => line.menu_item_id === item.id).reduce((sum, line) => sum + line.quantity, 0);
    return (
        <div class={`item ${item.available ? '' : 'item-out'}`}>
            <button
                type="button"
                class="item-main"
                data-testid={`item-${item.id}`}
                disabled={!item.available}
                onClick={() => (needsSheet(item) ? onChoose(item) : onAdd(item))}
            >
                <span class="item-name">{item.name}</span>
                <span class="item-price num">{item.available ? formatMoney(item.price, currency.value) : t('order_out')}</span>
                {inCart > 0 && <b class="item-count num">{inCart}</b>}
                {needsSheet(item) && <span class="item-hint">{t('order_choices')}</span>}
            </button>
            <button type="button" class="item-options" data-testid={`options-${item.id}`} aria-label={`${item.name}: ${t('order_choices')}`} onClick={() => onChoose(item)}>
                <SlidersHorizontal size={20} aria-hidden="true" />
            </button>
        </div>
    );
}
