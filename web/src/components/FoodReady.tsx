/* SPDX-License-Identifier: MIT */
/** On pages that show no floor: which of one's own tables have food on the pass. Goes by itself once it is served. */
import { Utensils } from 'lucide-preact';
import { base } from '../app';
import { mine, nameOf } from '../food';
import { t } from '../i18n';

const SHOWN = 4;

export function FoodReady() {
    const orders = mine.value;
    if (orders.length === 0) return null;
    const names = [...new Set(orders.map(nameOf))];
    return (
        <a class="banner banner-ready" role="status" data-testid="food-ready" href={`${base.prefix}/floor`}>
            <Utensils size={22} aria-hidden="true" />
            <span class="banner-text">
                {t('floor_food_ready', { place: names.slice(0, SHOWN).join(', ') })}
                {names.length > SHOWN && ` +${names.length - SHOWN}`}
            </span>
        </a>
    );
}
