/* SPDX-License-Identifier: MIT */
import { useComputed } from '@preact/signals';
import { Check, Clock, Flame, TriangleAlert, Undo2 } from 'lucide-preact';
import { now, restaurant } from '../app';
import { type MessageKey, t, timeText } from '../i18n';
import { memo } from '../memo';
import { placeOf } from '../order-view';
import { isNotice, type TicketView } from '../store';
import { type AgeLevel, ageSeconds, elapsedText } from '../time';
import { type CardLine, cardLines, type Changes, enteredLate, nextStep, otherStations, splitLines } from '../ticket-view';
import type { Order, Ticket } from '../types';

interface CardProps {
    view: TicketView;
    /** The number key that presses the big button; 0: none. */
    slot: number;
    chosen: boolean;
    busy: boolean;
    fresh: boolean;
    changes: Changes | null;
    /** How much a column holds; Infinity: the card is as long as it needs. */
    room: number;
    levelOf: (age: number) => AgeLevel;
    onStep: (view: TicketView) => void;
    onItem: (view: TicketView, line: CardLine) => void;
    onTouch: (view: TicketView) => void;
}

const LEVEL_ICONS = { calm: null, amber: Clock, late: Flame } as const;

/** One ticket: a card, or several beside each other where it is longer than a column. */
export const TicketCard = memo(function TicketCard(props: CardProps) {
    const { view, slot, chosen, fresh, changes, room, levelOf, onTouch } = props;
    const { order, ticket } = view;
    // The age turns every second and the level hardly ever: only a turn of the level draws the card again.
    const level = useComputed(() => levelOf(ageSeconds(ticket.created_at, now.value))).value;
    const rush = order.priority === 'rush';
    const parts = splitLines(cardLines(order, ticket), room);
    const look = [`age-${level}`, `kind-${ticket.kind}`, rush && 'rush', fresh && 'fresh', changes && 'changed', chosen && 'chosen'];
    const step = nextStep(ticket);
    return (
        <>
            {parts.map((lines, part) => (
                <article
                    key={part}
                    class={`card ${look.filter(Boolean).join(' ')}`}
                    data-testid={part === 0 ? `ticket-${ticket.id}` : `ticket-${ticket.id}-${part + 1}`}
                    data-status={ticket.ticket_status}
                    data-kind={ticket.kind}
                    data-level={level}
                    aria-label={`${placeOf(order)}, ${t('kitchen_kot', { n: ticket.kot_number })}`}
                    onPointerDown={() => onTouch(view)}
                >
                    {part === 0 ? <CardHead view={view} level={level} slot={slot} /> : <CardMore view={view} part={part + 1} of={parts.length} />}
                    {part === 0 && <Flags view={view} changes={changes} />}
                    {part === 0 && order.note && <NoteBox text={order.note} />}
                    <ul class="card-lines">
                        {lines.map((line) => (
                            <Line
                                key={line.item.id}
                                line={line}
                                changed={changes?.items.has(line.item.id) ?? false}
                                onItem={() => props.onItem(view, line)}
                                frozen={isNotice(ticket)}
                            />
                        ))}
                    </ul>
                    {part < parts.length - 1 ? (
                        <p class="card-goes-on">{t('kitchen_goes_on')}</p>
                    ) : (
                        <button
                            type="button"
                            class={`bump bump-${step.label === 'kitchen_back_again' ? 'back' : step.to}`}
                            data-testid={`bump-${ticket.id}`}
                            data-next={step.to}
                            disabled={props.busy}
                            onClick={() => props.onStep(view)}
                        >
                            {props.busy ? t('kitchen_busy') : t(step.label)}
                        </button>
                    )}
                </article>
            ))}
        </>
    );
});

/** Draws itself every second, and nothing else does. */
function Age({ since }: { since: string }) {
    return <span class="card-age num">{elapsedText(ageSeconds(since, now.value))}</span>;
}

function CardHead({ view, level, slot }: { view: TicketView; level: AgeLevel; slot: number }) {
    const { order, ticket } = view;
    const others = otherStations(order, ticket.station);
    const LevelIcon = LEVEL_ICONS[level];
    const place = placeOf(order);
    const facts = [
        t('kitchen_kot', { n: ticket.kot_number }),
        order.order_type === 'dine_in' ? (order.guests ? t('kitchen_guests', { n: order.guests }) : null) : t(order.order_type === 'delivery' ? 'order_delivery' : 'order_takeout'),
        order.created_by?.name,
        others.length ? t('kitchen_also', { stations: others.join(', ') }) : null,
        enteredLate(order) ? t('kitchen_entered', { time: timeText(order.client_created_at!, restaurant.value?.time_zone) }) : null,
    ];
    return (
        <header class="card-head">
            <div class="card-top">
                <b class={`card-table ${place.length > 5 ? 'card-table-long' : ''}`}>{place}</b>
                <span class="card-time">
                    {LevelIcon && <LevelIcon size={30} aria-hidden="true" />}
                    <Age since={ticket.created_at} />
                </span>
            </div>
            <p class="card-facts">
                {slot > 0 && <kbd>{slot % 10}</kbd>} {level === 'late' && <b>{t('kitchen_is_late')} · </b>}
                {facts.filter(Boolean).join(' · ')}
            </p>
        </header>
    );
}

function CardMore({ view, part, of }: { view: TicketView; part: number; of: number }) {
    return (
        <header class="card-head card-head-more">
            <b>{placeOf(view.order)}</b> <span>{t('kitchen_part', { n: view.ticket.kot_number, part, of })}</span>
        </header>
    );
}

function baseKot(order: Order, ticket: Ticket): number | null {
    const first = order.tickets.find((other) => other.station === ticket.station && other.kind === 'new');
    return first && first.id !== ticket.id ? first.kot_number : null;
}

function Flags({ view: { order, ticket }, changes }: { view: TicketView; changes: Changes | null }) {
    const kind = ticket.kind === 'new' ? null : t(`kitchen_kind_${ticket.kind}` as MessageKey);
    const base = kind ? baseKot(order, ticket) : null;
    const rush = order.priority === 'rush';
    if (!kind && !rush && !changes) return null;
    return (
        <p class="card-flags">
            {rush && <b class="flag flag-rush">{t('kitchen_rush')}</b>}
            {kind && (
                <b class={`flag flag-${ticket.kind}`}>
                    {kind}
                    {base !== null && <span class="flag-to"> · {t('kitchen_kot', { n: base })}</span>}
                </b>
            )}
            {changes && (
                <b class="flag flag-changed" role="status">
                    {[
                        t('kitchen_changed'),
                        changes.place && t('kitchen_changed_place', { place: placeOf(order) }),
                        changes.note && t('kitchen_changed_note'),
                        changes.rush && t('kitchen_changed_rush'),
                    ]
                        .filter(Boolean)
                        .join(' · ')}
                </b>
            )}
        </p>
    );
}

function NoteBox({ text }: { text: string }) {
    return (
        <p class="card-note">
            <TriangleAlert size={26} aria-hidden="true" /> <span>{text}</span>
        </p>
    );
}

interface LineProps {
    line: CardLine;
    changed: boolean;
    frozen: boolean;
    onItem: () => void;
}

function Line({ line, changed, onItem, frozen }: LineProps) {
    const { item, mark } = line;
    const shown = item.kitchen_name || item.name;
    const label = mark === 'void' ? 'kitchen_item_void' : mark === 'held' ? 'kitchen_item_held' : mark === 'done' ? 'kitchen_item_back' : 'kitchen_item_ready';
    return (
        <li class={`card-line mark-${mark} ${changed ? 'line-changed' : ''}`}>
            {line.course !== null && (
                <p class="card-course">{t(mark === 'held' ? 'kitchen_course_held' : 'kitchen_course', { n: line.course })}</p>
            )}
            <button
                type="button"
                class="card-item"
                data-testid={`kitchen-item-${item.id}`}
                data-status={item.item_status}
                disabled={frozen || mark === 'void' || mark === 'held' || item.item_status === 'served'}
                aria-label={t(label, { name: shown, n: line.quantity })}
                onClick={onItem}
            >
                <span class="card-name">
                    <span class={`num qty ${line.quantity > 1 ? 'qty-many' : ''}`}>{line.quantity}</span>
                    <span class="dish">{shown}</span>
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
            {!item.note && item.seat && <p class="card-seat">{t('kitchen_seat', { n: item.seat })}</p>}
        </li>
    );
}

/** Stays where the card was for two seconds, so that nothing slides under a finger and a slip can be taken back. */
export const Gap = memo(function Gap({ view, onUndo }: { view: TicketView; onUndo: (view: TicketView) => void }) {
    return (
        <div class="card gap" role="status">
            <p>{t('kitchen_bumped', { n: view.ticket.kot_number })}</p>
            {!isNotice(view.ticket) && (
                <button type="button" class="button" data-testid={`undo-${view.ticket.id}`} onClick={() => onUndo(view)}>
                    <Undo2 size={26} aria-hidden="true" /> {t('undo')}
                </button>
            )}
        </div>
    );
});
