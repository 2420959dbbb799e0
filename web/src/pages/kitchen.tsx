/* SPDX-License-Identifier: MIT */
import { effect, useSignal } from '@preact/signals';
import { Bell, BellOff, Columns3, GalleryHorizontalEnd, ListOrdered, Printer, RotateCcw, Store, Type } from 'lucide-preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { soundOn, switchSound, unlockAtFirstTouch } from '../alerting';
import { base, restaurant, store } from '../app';
import { boot } from '../boot';
import { Empty, Frame, Skeleton } from '../components/Frame';
import { PaperSheet } from '../components/PaperSheet';
import { Sheet } from '../components/Sheet';
import { Gap, TicketCard } from '../components/TicketCard';
import { volume, wantsSound } from '../device';
import { type MessageKey, t, tn } from '../i18n';
import { keepAwake } from '../offline';
import { placeOf } from '../order-view';
import type { TicketView } from '../store';
import type { CardLine } from '../ticket-view';
import { onKey, cursor } from './kitchen-keys';
import { board, bringBack, bumped, busy, counts, fingerNear, keepBoard, late, layout, levelOf, open, size, SIZES, station, step, toggleItem, totals, view, VIEWS } from './kitchen-model';
import { announceNewWork, changed, keepTitle, reportPainted, touch, touched, watchChanges } from './kitchen-notice';
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
    return (
        <Sheet title={t('kitchen_recall_title')} testid="recall-list" onClose={onClose}>
            <ul class="recall">
                {bumped.value.length === 0 && <Empty>{t('kitchen_recall_none')}</Empty>}
                {bumped.value.map((of) => (
                    <li key={of.ticket.id}>
                        <span>
                            <b>{placeOf(of.order)}</b> · {t('kitchen_kot', { n: of.ticket.kot_number })}
                        </span>
                        <button type="button" class="button" data-testid={`recall-${of.ticket.id}`} disabled={busy.value.has(of.ticket.id)} onClick={() => void bringBack(of)}>
                            <RotateCcw size={22} aria-hidden="true" /> {t('kitchen_back_again')}
                        </button>
                    </li>
                ))}
            </ul>
        </Sheet>
    );
}

function AllDay({ onClose }: { onClose: () => void }) {
    return (
        <Sheet title={t('kitchen_all_day')} testid="all-day-list" onClose={onClose}>
            <table class="all-day-table">
                <tbody>
                    {totals.value.map(({ name, quantity }) => (
                        <tr key={name}>
                            <td class="num">{quantity}</td>
                            <th scope="row">{name}</th>
                        </tr>
                    ))}
                </tbody>
            </table>
            {totals.value.length === 0 && <Empty>{t('kitchen_empty')}</Empty>}
        </Sheet>
    );
}

const onStep = (of: TicketView) => (touch(of.ticket.id), void step(of));
const onItem = (of: TicketView, line: CardLine) => (touch(of.ticket.id), void toggleItem(of, line));
const onTouch = (of: TicketView) => touch(of.ticket.id);
const onUndo = (of: TicketView) => void bringBack(of);

/** How many dish names a column holds, by the height that is left for the board; Infinity where cards scroll with the page. */
function useRoom(): [ref: preact.RefObject<HTMLDivElement>, room: number] {
    const ref = useRef<HTMLDivElement>(null);
    const [room, setRoom] = useState(Infinity);
    useEffect(() => {
        const measure = () => {
            const element = ref.current;
            if (!element || innerWidth < 700) return setRoom(Infinity);
            const line = parseFloat(getComputedStyle(element).getPropertyValue('--dish')) || 28;
            const chrome = 64 * 2 + 48 + 100; // head, button, notes
            const height = innerHeight - element.getBoundingClientRect().top - scrollY;
            setRoom(Math.max(6, Math.floor((height - chrome) / (line * 1.22))));
        };
        measure();
        const stop = effect(() => {
            void size.value;
            requestAnimationFrame(measure);
        });
        addEventListener('resize', measure);
        return () => (stop(), removeEventListener('resize', measure));
    }, []);
    return [ref, room];
}

const ROW_PX = 4;

/**
 * Fills the board without holes: rows are some pixels high and each card spans as many as it is tall, so that the next
 * card starts where a column is free, left to right.
 */
function usePacking(root: preact.RefObject<HTMLDivElement>): void {
    useEffect(() => {
        const element = root.current;
        if (!element || layout.value === 'rail') return;
        const sizes = new ResizeObserver((entries) => {
            for (const { target, borderBoxSize } of entries) {
                const card = target as HTMLElement;
                const height = borderBoxSize[0]?.blockSize ?? card.offsetHeight;
                card.style.gridRowEnd = `span ${Math.ceil((height + 12) / ROW_PX)}`;
            }
        });
        return eachCard(element, (card) => sizes.observe(card), () => sizes.disconnect());
    }, [layout.value]);
}

/** Calls back with every card that is there or comes; one that leaves needs no word. Returns how to stop. */
function eachCard(board: HTMLElement, added: (card: Element) => void, stopped: () => void): () => void {
    const come = (node: Node) => {
        if (node instanceof Element) added(node);
    };
    board.childNodes.forEach(come);
    const watcher = new MutationObserver((changes) => changes.forEach(({ addedNodes }) => addedNodes.forEach(come)));
    watcher.observe(board, { childList: true });
    return () => (watcher.disconnect(), stopped());
}

/** How many cards lie wholly or mostly outside what can be seen. */
function useBelow(root: preact.RefObject<HTMLDivElement>): number {
    const [below, setBelow] = useState(0);
    useEffect(() => {
        const element = root.current;
        if (!element) return;
        const hidden = new Set<Element>();
        const watcher = new IntersectionObserver(
            (entries) => {
                for (const { target, intersectionRatio, boundingClientRect: box } of entries)
                    if (intersectionRatio < 0.4 && (box.bottom > innerHeight || box.right > innerWidth || box.left < 0)) hidden.add(target);
                    else hidden.delete(target);
                // Those that left the board are told by nobody.
                for (const card of hidden) if (!card.isConnected) hidden.delete(card);
                setBelow(hidden.size);
            },
            { threshold: [0, 0.4, 0.8] },
        );
        return eachCard(element, (card) => watcher.observe(card), () => watcher.disconnect());
    }, [layout.value]);
    return below;
}

function Board() {
    const [ref, room] = useRoom();
    const below = useBelow(ref);
    usePacking(ref);
    const more = () => {
        const rail = layout.peek() === 'rail';
        const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
        const way = { behavior: calm ? ('auto' as const) : ('smooth' as const) };
        if (rail) ref.current?.scrollBy({ left: ref.current.clientWidth * 0.8 * (document.dir === 'rtl' ? -1 : 1), ...way });
        else scrollBy({ top: innerHeight * 0.7, ...way });
    };
    return (
        <>
            <div ref={ref} class={`board board-${layout.value} size-${size.value}`} data-testid="board" onPointerDown={fingerNear} onPointerUp={fingerNear} onScroll={fingerNear}>
                {board.value.map(({ view: of, gone }, index) =>
                    gone ? (
                        <Gap key={of.ticket.id} view={of} onUndo={onUndo} />
                    ) : (
                        <TicketCard
                            key={of.ticket.id}
                            view={of}
                            slot={index < 10 ? index + 1 : 0}
                            chosen={cursor.value === of.ticket.id}
                            busy={busy.value.has(of.ticket.id)}
                            fresh={!touched.value.has(of.ticket.id) && of.ticket.ticket_status === 'pending'}
                            changes={changed.value.get(of.ticket.id) ?? null}
                            room={room}
                            levelOf={levelOf}
                            onStep={onStep}
                            onItem={onItem}
                            onTouch={onTouch}
                        />
                    ),
                )}
            </div>
            {board.value.length === 0 && <Empty>{t(view.value === 'open' ? 'kitchen_empty' : 'kitchen_empty_view')}</Empty>}
            {below > 0 && (
                <button type="button" class="below" data-testid="below" onClick={more}>
                    {tn('kitchen_below', below)}
                </button>
            )}
        </>
    );
}

function Station() {
    useEffect(() => {
        const stops = [keepBoard(), reportPainted(), announceNewWork(), watchChanges(), keepTitle(), keepAwake(), unlockAtFirstTouch()];
        addEventListener('keydown', onKey);
        return () => {
            for (const stop of stops) stop();
            removeEventListener('keydown', onKey);
        };
    }, []);
    return store.value.synced ? <Board /> : <Skeleton count={6} kind="card" />;
}

function Views() {
    return (
        <div class="segments" role="group" aria-label={t('kitchen_views')}>
            {VIEWS.map((name) => (
                <button key={name} type="button" class="segment" data-testid={`view-${name}`} aria-pressed={view.value === name} onClick={() => (view.value = name)}>
                    {t(`kitchen_view_${name}` as MessageKey)} <b class="num">{counts.value[name]}</b>
                </button>
            ))}
        </div>
    );
}

/** Until a finger has let the sound out there is none, and a kitchen that waits for a sound must know. */
function SoundBar() {
    if (soundOn.value) return null;
    return (
        <div class="banner banner-warn sound-bar" data-testid="sound-bar">
            <BellOff size={26} aria-hidden="true" />
            <p class="banner-text">{t(wantsSound.value ? 'kitchen_sound_locked' : 'kitchen_sound_is_off')}</p>
            <button type="button" class="button primary" data-testid="sound-start" onClick={() => void switchSound(true)}>
                <Bell size={24} aria-hidden="true" /> {t('kitchen_sound_start')}
            </button>
        </div>
    );
}

function Tool({ testid, label, icon: Icon, onClick, pressed }: { testid: string; label: string; icon: typeof Bell; onClick: () => void; pressed?: boolean }) {
    return (
        <button type="button" class="button quiet tool" data-testid={testid} aria-label={label} title={label} {...(pressed === undefined ? {} : { 'aria-pressed': pressed })} onClick={onClick}>
            <Icon size={26} aria-hidden="true" />
        </button>
    );
}

function Tools({ onRecall, onAllDay, onPaper }: { onRecall: () => void; onAllDay: () => void; onPaper: () => void }) {
    const bigger = () => (size.value = SIZES[(SIZES.indexOf(size.peek()) + 1) % SIZES.length]!);
    const other = layout.value === 'columns' ? 'rail' : 'columns';
    return (
        <>
            <p class="counts num" data-testid="counts">
                <span data-testid="open-count">{t('kitchen_open', { n: open.value.length })}</span>
                {late.value > 0 && <b class="count-late">{t('kitchen_late', { n: late.value })}</b>}
            </p>
            <p class="all-day">
                {totals.value.slice(0, 8).map((entry) => (
                    <span key={entry.name} class="all-day-item">
                        <b class="num">{entry.quantity}</b> {entry.name}
                    </span>
                ))}
            </p>
            <Tool testid="recall" label={t('kitchen_recall')} icon={RotateCcw} onClick={onRecall} />
            <Tool testid="all-day" label={t('kitchen_all_day')} icon={ListOrdered} onClick={onAllDay} />
            <Tool testid="paper" label={t('paper_title')} icon={Printer} onClick={onPaper} />
            <Tool testid="size" label={t('kitchen_size', { size: t(`kitchen_size_${size.value}` as MessageKey) })} icon={Type} onClick={bigger} />
            <Tool testid="layout" label={t(`kitchen_layout_${other}` as MessageKey)} icon={other === 'rail' ? GalleryHorizontalEnd : Columns3} onClick={() => (layout.value = other)} />
            <Tool testid="sound" label={soundOn.value ? t('kitchen_sound_on') : t('kitchen_sound_off')} icon={soundOn.value ? Bell : BellOff} pressed={soundOn.value} onClick={() => void switchSound(!soundOn.peek())} />
            {soundOn.value && (
                <input class="volume" type="range" min="0" max="1" step="0.1" aria-label={t('kitchen_volume')} value={volume.value} onInput={(event) => (volume.value = Number(event.currentTarget.value))} />
            )}
            <a class="button quiet tool" data-testid="change-station" href={`${base.prefix}/kitchen`} aria-label={t('kitchen_change')} title={t('kitchen_change')}>
                <Store size={26} aria-hidden="true" />
            </a>
        </>
    );
}

function Kitchen() {
    const sheet = useSignal<'recall' | 'all-day' | 'paper' | null>(null);
    if (!station)
        return (
            <Frame title={t('nav_kitchen')}>
                <Chooser />
            </Frame>
        );
    return (
        <Frame title={<span data-testid="station">{station}</span>} extra={<Tools onRecall={() => (sheet.value = 'recall')} onAllDay={() => (sheet.value = 'all-day')} onPaper={() => (sheet.value = 'paper')} />}>
            <SoundBar />
            <Views />
            <Station />
            {sheet.value === 'recall' && <RecallList onClose={() => (sheet.value = null)} />}
            {sheet.value === 'paper' && <PaperSheet tickets={[...open.value, ...bumped.value]} bill={null} onClose={() => (sheet.value = null)} />}
            {sheet.value === 'all-day' && <AllDay onClose={() => (sheet.value = null)} />}
        </Frame>
    );
}

void boot(Kitchen, { dark: true, ...(station ? { filters: { station } } : {}) });
