/* SPDX-License-Identifier: MIT */
import { useSignal } from '@preact/signals';
import { Bell, BellOff, RotateCcw, Store, X } from 'lucide-preact';
import { useEffect, useRef } from 'preact/hooks';
import { soundOn, toggleSound } from '../alerting';
import { base, restaurant, store } from '../app';
import { boot } from '../boot';
import { Empty, Frame, Skeleton } from '../components/Frame';
import { Gap, placeOf, TicketCard } from '../components/TicketCard';
import { t } from '../i18n';
import { announceNewWork, board, bringBack, bumped, busy, keepTitle, late, levelOf, open, reportPainted, station, step, toggleItem, totals, touch, touched } from './kitchen-model';
import '../styles/kitchen.css';

function Chooser() {
    const facts = restaurant.value;
    if (!facts) return <Skeleton count={3} />;
    if (facts.stations.length === 0) return <Empty>{t('kitchen_no_stations')}</Empty>;
    return (
        <nav class="stations" aria-label={t('kitchen_choose')}>
            <h2>{t('kitchen_choose')}</h2>
            {facts.stations.map(({ name }) => (
                <a key={name} class="button station" data-testid={`station-${name}`} href={`${base.prefix}/kitchen?station=${encodeURIComponent(name)}`}>
                    {name}
                </a>
            ))}
        </nav>
    );
}

function RecallList({ onClose }: { onClose: () => void }) {
    const dialog = useRef<HTMLDialogElement>(null);
    useEffect(() => dialog.current?.showModal(), []);
    return (
        <dialog ref={dialog} class="sheet" aria-labelledby="recall-title" data-testid="recall-list" onClose={onClose}>
            <header class="sheet-head">
                <h2 id="recall-title">{t('kitchen_recall_title')}</h2>
                <button type="button" class="icon-button" aria-label={t('close')} onClick={onClose}>
                    <X size={26} aria-hidden="true" />
                </button>
            </header>
            <ul class="sheet-body recall">
                {bumped.value.length === 0 && <Empty>{t('kitchen_recall_none')}</Empty>}
                {bumped.value.map((view) => (
                    <li key={view.ticket.id}>
                        <span>
                            <b>{placeOf(view.order)}</b> · {t('kitchen_kot', { n: view.ticket.kot_number })}
                        </span>
                        <button type="button" class="button" data-testid={`recall-${view.ticket.id}`} disabled={busy.value.has(view.ticket.id)} onClick={() => void bringBack(view)}>
                            <RotateCcw size={22} aria-hidden="true" /> {t('kitchen_back_again')}
                        </button>
                    </li>
                ))}
            </ul>
        </dialog>
    );
}

/** Number keys and bump bars: 1 to 9 press the big button of the card of that place. */
function onKey(event: KeyboardEvent): void {
    if (event.ctrlKey || event.altKey || event.metaKey || document.querySelector('dialog[open], .cover')) return;
    if (event.target instanceof HTMLInputElement || !/^[1-9]$/.test(event.key)) return;
    const slot = board.value[Number(event.key) - 1];
    if (slot && !slot.gone) void step(slot.view);
}

function Board() {
    useEffect(() => {
        const stops = [reportPainted(), announceNewWork(), keepTitle()];
        addEventListener('keydown', onKey);
        return () => {
            for (const stop of stops) stop();
            removeEventListener('keydown', onKey);
        };
    }, []);
    if (!store.value.synced) return <Skeleton count={6} kind="card" />;
    if (board.value.length === 0) return <Empty>{t('kitchen_empty')}</Empty>;
    return (
        <div class="board" data-testid="board">
            {board.value.map(({ view, gone }, index) =>
                gone ? (
                    <Gap key={view.ticket.id} view={view} onUndo={() => void bringBack(view)} />
                ) : (
                    <TicketCard
                        key={view.ticket.id}
                        view={view}
                        index={index}
                        busy={busy.value.has(view.ticket.id)}
                        fresh={!touched.value.has(view.ticket.id) && view.ticket.ticket_status === 'pending'}
                        levelOf={levelOf}
                        onStep={() => void step(view)}
                        onItem={(line) => void toggleItem(view, line)}
                        onTouch={() => touch(view.ticket.id)}
                    />
                ),
            )}
        </div>
    );
}

function Tools({ onRecall }: { onRecall: () => void }) {
    const Sound = soundOn.value ? Bell : BellOff;
    return (
        <>
            <p class="counts num" data-testid="counts">
                <span data-testid="open-count">{t('kitchen_open', { n: open.value.length })}</span>
                {late.value > 0 && <b class="count-late">{t('kitchen_late', { n: late.value })}</b>}
            </p>
            <p class="all-day">
                {totals.value.length > 0 && <span class="muted">{t('kitchen_all_day')}: </span>}
                {totals.value.map((entry) => (
                    <span key={entry.name} class="all-day-item">
                        {entry.name} <b class="num">{entry.quantity}</b>
                    </span>
                ))}
            </p>
            <button type="button" class="button quiet" data-testid="sound" aria-pressed={soundOn.value} onClick={toggleSound}>
                <Sound size={22} aria-hidden="true" /> <span class="wide-only">{soundOn.value ? t('kitchen_sound_on') : t('kitchen_sound_off')}</span>
                <span class="sr narrow-only">{soundOn.value ? t('kitchen_sound_on') : t('kitchen_sound_off')}</span>
            </button>
            <button type="button" class="button quiet" data-testid="recall" onClick={onRecall}>
                <RotateCcw size={22} aria-hidden="true" /> <span class="wide-only">{t('kitchen_recall')}</span>
                <span class="sr narrow-only">{t('kitchen_recall')}</span>
            </button>
            <a class="button quiet" data-testid="change-station" href={`${base.prefix}/kitchen`}>
                <Store size={22} aria-hidden="true" /> <span class="wide-only">{t('kitchen_change')}</span>
                <span class="sr narrow-only">{t('kitchen_change')}</span>
            </a>
        </>
    );
}

function Kitchen() {
    const recalling = useSignal(false);
    if (!station)
        return (
            <Frame title={t('nav_kitchen')}>
                <Chooser />
            </Frame>
        );
    return (
        <Frame title={<span data-testid="station">{station}</span>} extra={<Tools onRecall={() => (recalling.value = true)} />}>
            <Board />
            {recalling.value && <RecallList onClose={() => (recalling.value = false)} />}
        </Frame>
    );
}

boot(Kitchen, station ? { filters: { station } } : {});
