/* SPDX-License-Identifier: MIT */
/** What a browser allows only where the page came in safely: to be installed, to open without the box, to keep awake. */
export const secure = isSecureContext;

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
        } catch {
            // A low battery may say no; the screen then sleeps as it would have.
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
