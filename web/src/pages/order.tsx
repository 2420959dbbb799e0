/* SPDX-License-Identifier: MIT */
import { effect, useSignal } from '@preact/signals';
import { ArrowLeftRight, LayoutGrid, ListChecks, SendHorizontal } from 'lucide-preact';
import { useEffect } from 'preact/hooks';
import { unlockAtFirstTouch } from '../alerting';
import { base, currency, menu, store } from '../app';
import { boot } from '../boot';
import { type CartLine, withChoice } from '../cart';
import { CartPanel } from '../components/CartPanel';
import { FoodReady } from '../components/FoodReady';
import { Frame } from '../components/Frame';
import { MenuList } from '../components/MenuList';
import { ModifierSheet } from '../components/ModifierSheet';
import { OpenItemSheet } from '../components/OpenItemSheet';
import { PlacePicker } from '../components/PlacePicker';
import { NeedsAnswer, Running } from '../components/Running';
import { announceFood } from '../food';
import { t, tn } from '../i18n';
import { cartTotal, formatMoney } from '../money';
import type { MenuItem } from '../types';
import { addItem, addOpen, apart, cart, change, goTo, keepDraft, type Place, place, placeName, ranOut, runningHere, send, whereTo } from './order-model';
import '../styles/order.css';

effect(keepDraft);

function SendBar({ onReview, onSend, reviewing }: { onReview: () => void; onSend: () => void; reviewing: boolean }) {
    const count = cart.value.reduce((sum, line) => sum + line.quantity, 0);
    const addsOn = !apart.value && runningHere.value !== null;
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
                {count === 0 ? t('send_empty') : t(addsOn ? 'send_more' : 'send', { where: whereTo.value })}
            </button>
        </div>
    );
}

type OpenSheet = { kind: 'item'; item: MenuItem; line: CartLine | null } | { kind: 'open' } | null;

function Pad({ at }: { at: Place }) {
    const sheet = useSignal<OpenSheet>(null);
    const reviewing = useSignal(false);
    const close = () => (sheet.value = null);
    // On a phone the list lies behind the menu, and whether the order was accepted is the next thing to know.
    const sendAndShow = () => {
        send();
        reviewing.value = true;
    };
    const edit = (line: CartLine) => {
        const item = menu.value?.items.find((candidate) => candidate.id === line.menu_item_id);
        if (item) sheet.value = { kind: 'item', item, line };
    };
    const open = sheet.value;
    return (
        <div class={`pad ${reviewing.value ? 'pad-reviewing' : ''}`}>
            <div class="pad-menu">
                <MenuList onAdd={(item) => addItem(item)} onChoose={(item) => (sheet.value = { kind: 'item', item, line: null })} onOpen={() => (sheet.value = { kind: 'open' })} />
            </div>
            <aside class="pad-side">
                <CartPanel onEdit={edit} />
                <Running place={at} />
            </aside>
            <SendBar reviewing={reviewing.value} onReview={() => (reviewing.value = !reviewing.value)} onSend={sendAndShow} />
            {open?.kind === 'item' && (
                <ModifierSheet
                    item={open.item}
                    line={open.line}
                    seats={at.type === 'dine_in' ? Math.max(store.value.tables.get(at.tableId)?.guests ?? 0, store.value.tables.get(at.tableId)?.seats ?? 0) : 0}
                    onClose={close}
                    onDone={(choice) => {
                        if (open.line) change(withChoice(cart.value, open.line.uid, choice));
                        else addItem(open.item, choice);
                        close();
                    }}
                />
            )}
            {open?.kind === 'open' && <OpenItemSheet onClose={close} onDone={(item) => (addOpen(item), close())} />}
        </div>
    );
}

function OrderPage() {
    useEffect(() => {
        const stops = [announceFood('nav_order'), unlockAtFirstTouch()];
        return () => stops.forEach((stop) => stop());
    }, []);
    const at = place.value;
    const table = at?.type === 'dine_in' ? store.value.tables.get(at.tableId) : undefined;
    return (
        <Frame
            title={at ? <span data-testid="place">{placeName(at)}</span> : t('nav_order')}
            extra={
                <>
                    {at && (
                        <button type="button" class="button quiet" data-testid="change-place" onClick={() => goTo(null)}>
                            <ArrowLeftRight size={20} aria-hidden="true" /> <span class="wide-only">{t('order_change_place')}</span>
                            <span class="sr narrow-only">{t('order_change_place')}</span>
                        </button>
                    )}
                    <a class="button quiet" data-testid="to-floor" href={`${base.prefix}/floor`} aria-label={t('nav_floor')}>
                        <LayoutGrid size={20} aria-hidden="true" /> <span class="wide-only">{t('nav_floor')}</span>
                    </a>
                </>
            }
        >
            <NeedsAnswer />
            <FoodReady />
            {table?.status === 'disabled' && <p class="banner banner-warn">{t('table_disabled')}</p>}
            {at ? <Pad key={at.type === 'dine_in' ? at.tableId : at.type} at={at} /> : <PlacePicker onPick={goTo} />}
        </Frame>
    );
}

void boot(OrderPage, { withOutbox: true, withMenu: true });
