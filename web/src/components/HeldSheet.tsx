/* SPDX-License-Identifier: MIT */
/** Tickets that waited too long for their printer: people say which of them to print now, and which not. */
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { api, explain, persist, restaurant } from '../app';
import { t, timeText, tn } from '../i18n';
import type { HeldTicket } from '../types';
import { Empty, fail } from './Frame';
import { Sheet } from './Sheet';

const placeOf = (ticket: HeldTicket) =>
    ticket.order_type === 'dine_in' ? t('order_table', { name: ticket.table_name ?? '?' }) : t(ticket.order_type === 'delivery' ? 'order_delivery' : 'order_takeout');

/** What is cooked and gone needs no paper any more. */
const stillCooking = (ticket: HeldTicket) => ticket.order_status !== 'served' && ticket.order_status !== 'cancelled';

export function HeldSheet({ deviceId, printer, onClose }: { deviceId: number; printer: string; onClose: () => void }) {
    const held = useSignal<HeldTicket[] | null>(null);
    const chosen = useSignal<ReadonlySet<number>>(new Set());
    useEffect(() => {
        api.held(deviceId).then(
            ({ tickets }) => {
                held.value = tickets;
                chosen.value = new Set(tickets.filter(stillCooking).map((ticket) => ticket.ticket_id));
            },
            (error: unknown) => fail(explain(error)),
        );
    }, [deviceId]);
    const decide = async (action: 'print' | 'discard') => {
        try {
            const { tickets } = await persist((key) => api.decideHeld(deviceId, action, [...chosen.peek()], key));
            held.value = tickets;
            chosen.value = new Set(tickets.map((ticket) => ticket.ticket_id));
            if (tickets.length === 0) onClose();
        } catch (error) {
            fail(explain(error));
        }
    };
    const toggle = (id: number) => {
        const next = new Set(chosen.peek());
        if (!next.delete(id)) next.add(id);
        chosen.value = next;
    };
    const count = chosen.value.size;
    return (
        <Sheet
            title={t('held_title', { printer })}
            testid="held-sheet"
            onClose={onClose}
            foot={
                <div class="held-acts">
                    <button type="button" class="button" data-testid="held-discard" disabled={count === 0} onClick={() => void decide('discard')}>
                        {t('held_discard')}
                    </button>
                    <button type="button" class="button primary" data-testid="held-print" disabled={count === 0} onClick={() => void decide('print')}>
                        {tn('held_print', count)}
                    </button>
                </div>
            }
        >
            <p>{t('held_why')}</p>
            {held.value?.length === 0 && <Empty>{t('held_none')}</Empty>}
            <ul class="held-list">
                {held.value?.map((ticket) => (
                    <li key={ticket.ticket_id}>
                        <label class="held-row">
                            <input type="checkbox" data-testid={`held-${ticket.ticket_id}`} checked={chosen.value.has(ticket.ticket_id)} onChange={() => toggle(ticket.ticket_id)} />
                            <span class="held-what">
                                <b>{placeOf(ticket)}</b>
                                <span>
                                    {t('kitchen_kot', { n: ticket.kot_number })} · {ticket.station}
                                    {!stillCooking(ticket) && ` · ${t('held_gone')}`}
                                </span>
                            </span>
                            <span class="num">{timeText(ticket.created_at, restaurant.value?.time_zone)}</span>
                        </label>
                    </li>
                ))}
            </ul>
        </Sheet>
    );
}
