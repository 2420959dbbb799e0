/* SPDX-License-Identifier: MIT */
import { effect, useSignal } from '@preact/signals';
import { ArrowLeftRight, ListChecks, SendHorizontal } from 'lucide-preact';
import { currency, menu, store } from '../app';
import { boot } from '../boot';
import { type CartLine, withChoice } from '../cart';
import { CartPanel } from '../components/CartPanel';
import { Frame } from '../components/Frame';
import { MenuList } from '../components/MenuList';
import { ModifierSheet } from '../components/ModifierSheet';
import { PlacePicker } from '../components/PlacePicker';
import { NeedsAnswer, Running } from '../components/Running';
import { t, tn } from '../i18n';
import { cartTotal, formatMoney } from '../money';
import type { MenuItem } from '../types';
import { addItem, cart, change, keepDraft, type Place, place, placeName, ranOut, send, whereTo } from './order-model';
import '../styles/order.css';

effect(keepDraft);

function SendBar({ onReview, onSend, reviewing }: { onReview: () => void; onSend: () => void; reviewing: boolean }) {
    const count = cart.value.reduce((sum, line) => sum + line.quantity, 0);
    return (
        <div class="sendbar">
            <button type="button" class="button review" data-testid="review" aria-expanded={reviewing} onClick={onReview}>
                <ListChecks size={20} aria-hidden="true" /> {reviewing ? t('back') : t('cart_show')}
            </button>
            <p class="sendbar-sum num" data-testid="total">
                {tn('cart_items', count)} · {formatMoney(cartTotal(cart.value), currency.value)}
            </p>
            <button type="button" class="button primary send" data-testid="send" disabled={count === 0 || ranOut.value.length > 0} onClick={onSend}>
                <SendHorizontal size={22} aria-hidden="true" />
                {count === 0 ? t('send_empty') : t('send', { where: whereTo.value })}
            </button>
        </div>
    );
}

function Pad({ at }: { at: Place }) {
    const sheet = useSignal<{ item: MenuItem; line: CartLine | null } | null>(null);
    const reviewing = useSignal(false);
    // On a phone the list lies behind the menu, and whether the order was accepted is the next thing to know.
    const sendAndShow = () => {
        send();
        reviewing.value = true;
    };
    const edit = (line: CartLine) => {
        const item = menu.value?.items.find((candidate) => candidate.id === line.menu_item_id);
        if (item) sheet.value = { item, line };
    };
    return (
        <div class={`pad ${reviewing.value ? 'pad-reviewing' : ''}`}>
            <div class="pad-menu">
                <MenuList onAdd={(item) => addItem(item)} onChoose={(item) => (sheet.value = { item, line: null })} />
            </div>
            <aside class="pad-side">
                <CartPanel onEdit={edit} />
                <Running place={at} />
            </aside>
            <SendBar reviewing={reviewing.value} onReview={() => (reviewing.value = !reviewing.value)} onSend={sendAndShow} />
            {sheet.value && (
                <ModifierSheet
                    item={sheet.value.item}
                    line={sheet.value.line}
                    onClose={() => (sheet.value = null)}
                    onDone={(choice) => {
                        const { item, line } = sheet.value!;
                        if (line) change(withChoice(cart.value, line.uid, choice));
                        else addItem(item, choice);
                        sheet.value = null;
                    }}
                />
            )}
        </div>
    );
}

function OrderPage() {
    const at = place.value;
    const table = at?.type === 'dine_in' ? store.value.tables.get(at.tableId) : undefined;
    return (
        <Frame
            title={at ? <span data-testid="place">{placeName(at)}</span> : t('nav_order')}
            extra={
                at && (
                    <button type="button" class="button quiet" data-testid="change-place" onClick={() => (place.value = null)}>
                        <ArrowLeftRight size={20} aria-hidden="true" /> <span class="wide-only">{t('order_change_place')}</span>
                        <span class="sr narrow-only">{t('order_change_place')}</span>
                    </button>
                )
            }
        >
            <NeedsAnswer />
            {table?.status === 'disabled' && <p class="banner banner-warn">{t('table_disabled')}</p>}
            {at ? <Pad at={at} /> : <PlacePicker onPick={(picked) => (place.value = picked)} />}
        </Frame>
    );
}

boot(OrderPage, { withOutbox: true, withMenu: true });
