/* SPDX-License-Identifier: MIT */
/** Paper again: each ticket once more, headed COPY, and the bill where there is a printer for bills. */
import { useSignal } from '@preact/signals';
import { Check, Printer, ReceiptText } from 'lucide-preact';
import { api, explain, persist } from '../app';
import { t } from '../i18n';
import { placeOf } from '../order-view';
import type { TicketView } from '../store';
import type { Order } from '../types';
import { Empty, fail } from './Frame';
import { Sheet } from './Sheet';

interface PaperSheetProps {
    tickets: TicketView[];
    /** Whose bill can be printed from here; null: nobody's. */
    bill: Order | null;
    onClose: () => void;
}

export function PaperSheet({ tickets, bill, onClose }: PaperSheetProps) {
    const asked = useSignal<ReadonlySet<string>>(new Set());
    const ask = async (what: string, call: (key: string) => Promise<Order>) => {
        asked.value = new Set(asked.peek()).add(what);
        try {
            await persist(call);
        } catch (error) {
            fail(explain(error));
            const still = new Set(asked.peek());
            still.delete(what);
            asked.value = still;
        }
    };
    return (
        <Sheet title={t('paper_title')} testid="paper-sheet" onClose={onClose}>
            {tickets.length === 0 && <Empty>{t('paper_none')}</Empty>}
            <ul class="paper-list">
                {tickets.map(({ order, ticket }) => (
                    <li key={ticket.id}>
                        <span>
                            <b class="num">{t('kitchen_kot', { n: ticket.kot_number })}</b> · {ticket.station} · {placeOf(order)}
                        </span>
                        <Again
                            testid={`reprint-${ticket.id}`}
                            done={asked.value.has(`${ticket.id}`)}
                            label={t('paper_again', { n: ticket.kot_number })}
                            onAsk={() => void ask(`${ticket.id}`, (key) => api.reprint(ticket.id, key))}
                        />
                    </li>
                ))}
            </ul>
            {bill && (
                <button type="button" class="button wide" data-testid="print-bill" disabled={asked.value.has('bill')} onClick={() => void ask('bill', (key) => api.printBill(bill.id, key))}>
                    <ReceiptText size={20} aria-hidden="true" /> {t(asked.value.has('bill') ? 'paper_asked' : 'paper_bill')}
                </button>
            )}
        </Sheet>
    );
}

function Again({ testid, done, label, onAsk }: { testid: string; done: boolean; label: string; onAsk: () => void }) {
    const Icon = done ? Check : Printer;
    return (
        <button type="button" class="button" data-testid={testid} aria-label={label} disabled={done} onClick={onAsk}>
            <Icon size={20} aria-hidden="true" /> {t(done ? 'paper_asked' : 'paper_print')}
        </button>
    );
}
