/* SPDX-License-Identifier: MIT */
import { Check, TriangleAlert, Undo2 } from 'lucide-preact';
import { now } from '../app';
import { type MessageKey, t } from '../i18n';
import type { TicketView } from '../store';
import { type AgeLevel, ageSeconds, elapsedText } from '../time';
import { type CardLine, cardLines, enteredLate, nextStep, otherStations } from '../ticket-view';
import type { Order } from '../types';

interface CardProps {
    view: TicketView;
    index: number;
    busy: boolean;
    fresh: boolean;
    levelOf: (age: number) => AgeLevel;
    onStep: () => void;
    onItem: (line: CardLine) => void;
    onTouch: () => void;
}

export function placeOf(order: Order): string {
    if (order.table_name) return order.table_name;
    return order.customer_name ?? t(order.order_type === 'delivery' ? 'order_delivery' : 'order_takeout');
}

export function TicketCard({ view, index, busy, fresh, levelOf, onStep, onItem, onTouch }: CardProps) {
    const { order, ticket } = view;
    const age = ageSeconds(ticket.created_at, now.value);
    const level = levelOf(age);
    const step = nextStep(ticket);
    const kind = ticket.kind === 'new' ? null : t(`kitchen_kind_${ticket.kind}` as MessageKey);
    const rush = order.priority === 'rush';
    return (
        <article
            class={`card age-${level} kind-${ticket.kind} ${rush ? 'rush' : ''} ${fresh ? 'fresh' : ''}`}
            data-testid={`ticket-${ticket.id}`}
            data-status={ticket.ticket_status}
            data-kind={ticket.kind}
            aria-label={`${placeOf(order)}, ${t('kitchen_kot', { n: ticket.kot_number })}`}
            onPointerDown={onTouch}
        >
            <CardHead view={view} age={age} late={level === 'late'} index={index} />
            {(rush || kind) && (
                <p class="card-flags">
                    {rush && <b class="flag flag-rush">{t('kitchen_rush')}</b>}
                    {kind && <b class={`flag flag-${ticket.kind}`}>{kind}</b>}
                </p>
            )}
            {order.note && <NoteBox text={order.note} />}
            <ul class="card-lines">
                {cardLines(order, ticket).map((line) => (
                    <Line key={line.item.id} line={line} onItem={onItem} frozen={step.label === 'kitchen_seen'} />
                ))}
            </ul>
            <button
                type="button"
                class={`bump bump-${step.to}`}
                data-testid={`bump-${ticket.id}`}
                data-next={step.to}
                disabled={busy}
                onClick={onStep}
            >
                {busy ? t('kitchen_busy') : t(step.label)}
            </button>
        </article>
    );
}

function CardHead({ view, age, late, index }: { view: TicketView; age: number; late: boolean; index: number }) {
    const { order, ticket } = view;
    const others = otherStations(order, ticket.station);
    const facts = [
        late ? t('kitchen_is_late') : null,
        t('kitchen_kot', { n: ticket.kot_number }),
        order.created_by?.name,
        others.length ? t('kitchen_also', { stations: others.join(', ') }) : null,
        order.order_type === 'dine_in' ? null : t(order.order_type === 'delivery' ? 'order_delivery' : 'order_takeout'),
        enteredLate(order) ? t('kitchen_entered', { time: new Date(order.client_created_at!).toLocaleTimeString() }) : null,
    ];
    return (
        <header class="card-head">
            <div class="card-top">
                <b class={`card-table ${placeOf(order).length > 5 ? 'card-table-long' : ''}`}>{placeOf(order)}</b>
                <span class="card-age num">{elapsedText(age)}</span>
            </div>
            <p class="card-facts">
                {index < 9 && <kbd>{index + 1}</kbd>} {facts.filter(Boolean).join(' · ')}
            </p>
        </header>
    );
}

function NoteBox({ text }: { text: string }) {
    return (
        <p class="card-note">
            <TriangleAlert size={22} aria-hidden="true" /> {text}
        </p>
    );
}

function Line({ line, onItem, frozen }: { line: CardLine; onItem: (line: CardLine) => void; frozen: boolean }) {
    const { item, mark } = line;
    const shown = item.kitchen_name || item.name;
    return (
        <li class={`card-line mark-${mark}`}>
            <button
                type="button"
                class="card-item"
                data-testid={`kitchen-item-${item.id}`}
                data-status={item.item_status}
                disabled={frozen || mark === 'void' || item.item_status === 'served'}
                aria-label={t(mark === 'done' ? 'kitchen_item_back' : 'kitchen_item_ready', { name: item.name })}
                onClick={() => onItem(line)}
            >
                <span class="card-name">
                    <span class={`num qty ${line.quantity > 1 ? 'qty-many' : ''}`}>{line.quantity}</span> × <span class="dish">{shown}</span>
                    {mark === 'done' && (
                        <span class="card-done">
                            <Check size={24} aria-hidden="true" /> {t('kitchen_done')}
                        </span>
                    )}
                    {mark === 'void' && <b class="card-void">{t('kitchen_void')}</b>}
                </span>
                {item.modifiers.map((modifier, i) => (
                    <span class="card-mod" key={modifier.id ?? i}>
                        + {modifier.name}
                    </span>
                ))}
            </button>
            {item.note && <NoteBox text={item.seat ? `${item.note}, ${t('kitchen_seat', { n: item.seat })}` : item.note} />}
        </li>
    );
}

/** Stays where the card was for two seconds, so that nothing slides under a finger and a slip can be taken back. */
export function Gap({ view, onUndo }: { view: TicketView; onUndo: () => void }) {
    return (
        <div class="card gap" role="status">
            <p>{t('kitchen_bumped', { n: view.ticket.kot_number })}</p>
            <button type="button" class="button" data-testid={`undo-${view.ticket.id}`} onClick={onUndo}>
                <Undo2 size={22} aria-hidden="true" /> {t('undo')}
            </button>
        </div>
    );
}
