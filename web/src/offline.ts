/* SPDX-License-Identifier: MIT */
/** What a browser allows only where the page came in safely: to be installed, to open without the box, to keep awake. */
import { signal } from '@preact/signals';

export const secure = isSecureContext;
/** 'held': the screen stays on. 'refused': it may go dark. 'none': this browser, or this address, cannot. */
export const wakeLock = signal<'none' | 'held' | 'refused'>('none');

export function keepForOffline(): void {
    if (!secure || !('serviceWorker' in navigator) || import.meta.env.DEV) return;
    // The page works without it; it is only about opening again while the box is away.
    navigator.serviceWorker.register('/sw.js').catch(() => undefined);
}

/** Asks for a screen that stays on, and again whenever the page comes back to the front. Returns how to stop. */
export function keepAwake(): () => void {
    if (!secure || !('wakeLock' in navigator)) return () => undefined;
    let held: WakeLockSentinel | null = null;
    let stopped = false;
    const ask = async () => {
        if (stopped || document.hidden) return;
        try {
            held = await navigator.wakeLock.request('screen');
            wakeLock.value = 'held';
            held.addEventListener('release', () => (wakeLock.value = 'refused'));
        } catch {
            wakeLock.value = 'refused';
        }
    };
    const again = () => void ask();
    document.addEventListener('visibilitychange', again);
    again();
    return () => {
        stopped = true;
        document.removeEventListener('visibilitychange', again);
        void held?.release();
    };
}
