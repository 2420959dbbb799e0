/* SPDX-License-Identifier: MIT */
/** The frame around every page: bar, connection, sign-in when it is needed, what went wrong. */
import { signal } from '@preact/signals';
import { House, OctagonAlert, X } from 'lucide-preact';
import type { ComponentChildren } from 'preact';
import { base, isStale, loadError, loadFacts, needsPin, session, status } from '../app';
import { t } from '../i18n';
import { Alerts } from './Alerts';
import { Connection, StaleBanner } from './Connection';
import { SignIn } from './SignIn';

interface Notice {
    id: number;
    text: string;
}

const notices = signal<Notice[]>([]);
let lastNotice = 0;

/** A failure stays until somebody dismisses it. */
export function fail(text: string): void {
    if (notices.peek().some((notice) => notice.text === text)) return;
    notices.value = [...notices.peek(), { id: ++lastNotice, text }];
}

interface FrameProps {
    title: ComponentChildren;
    extra?: ComponentChildren;
    home?: boolean;
    /** Pages for guests' eyes keep the box's troubles to themselves. */
    alerts?: boolean;
    children: ComponentChildren;
}

export function Frame({ title, extra, home = true, alerts = true, children }: FrameProps) {
    return (
        <>
            <header class="bar">
                {home && (
                    <a class="icon-button" href={`${base.prefix}/`} aria-label={t('nav_home')} data-testid="home">
                        <House size={24} aria-hidden="true" />
                    </a>
                )}
                <h1 class="bar-title">{title}</h1>
                <div class="bar-extra">{extra}</div>
                <Connection />
            </header>
            <StaleBanner />
            {alerts && <Alerts />}
            {notices.value.map((notice) => (
                <div class="banner banner-danger" role="alert" key={notice.id} data-testid="failure">
                    <OctagonAlert size={22} aria-hidden="true" />
                    <p class="banner-text">{notice.text}</p>
                    <button
                        type="button"
                        class="icon-button"
                        aria-label={t('dismiss')}
                        onClick={() => (notices.value = notices.peek().filter((n) => n !== notice))}
                    >
                        <X size={22} aria-hidden="true" />
                    </button>
                </div>
            ))}
            {loadError.value && !needsPin.value && status.value?.state !== 'offline' && (
                <div class="banner banner-danger" role="alert">
                    <p class="banner-text">{loadError.value}</p>
                    <button type="button" class="button" onClick={() => void loadFacts()}>
                        {t('retry')}
                    </button>
                </div>
            )}
            <main class={isStale.value ? 'stale' : ''}>{children}</main>
            {needsPin.value && (
                <div class="cover">
                    <SignIn again={session.value !== null && session.value !== 'unknown'} />
                </div>
            )}
        </>
    );
}

/** Grey shapes where content will be; the word is for those who do not see them. */
export function Skeleton({ count = 6, kind = 'tile' }: { count?: number; kind?: 'tile' | 'card' }) {
    return (
        <div class={`skeletons skeletons-${kind}`} role="status" data-testid="loading">
            <span class="sr">{t('loading')}</span>
            {Array.from({ length: count }, (_, i) => (
                <div class="skeleton" key={i} aria-hidden="true" />
            ))}
        </div>
    );
}

export function Empty({ children }: { children: ComponentChildren }) {
    return (
        <p class="empty" data-testid="empty">
            {children}
        </p>
    );
}
