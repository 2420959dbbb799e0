/* SPDX-License-Identifier: MIT */
/** Server time, told from the server's own stamps and a monotonic counter: a tablet's clock may be years off. */
export class ServerClock {
    private offset: number | null = null;
    private best = Infinity;

    constructor(
        private readonly monotonic: () => number,
        private readonly wall: () => number,
    ) {}

    /** `rttMs` is how long the question and its answer took; the tightest measurement of a connection wins. */
    learn(serverTime: string, rttMs: number): void {
        const at = Date.parse(serverTime);
        if (Number.isNaN(at) || rttMs > this.best) return;
        this.best = rttMs;
        this.offset = at + rttMs / 2 - this.monotonic();
    }

    /** A new connection may follow a sleep during which the counter stood still, so old measurements count no more. */
    forget(): void {
        this.best = Infinity;
    }

    get known(): boolean {
        return this.offset !== null;
    }

    now(): number {
        return this.offset === null ? this.wall() : this.monotonic() + this.offset;
    }
}

export function ageSeconds(stamp: string, nowMs: number): number {
    const at = Date.parse(stamp);
    return Number.isNaN(at) ? 0 : Math.max(0, Math.floor((nowMs - at) / 1000));
}

/** 07:42, and 1:07:42 beyond an hour. */
export function elapsedText(seconds: number): string {
    const two = (n: number) => String(n).padStart(2, '0');
    const hours = Math.floor(seconds / 3600);
    const rest = `${two(Math.floor((seconds % 3600) / 60))}:${two(seconds % 60)}`;
    return hours > 0 ? `${hours}:${rest}` : rest;
}

export type AgeLevel = 'calm' | 'amber' | 'late';

export function ageLevel(seconds: number, amberAt = 600, lateAt = 1200): AgeLevel {
    if (seconds >= lateAt) return 'late';
    return seconds >= amberAt ? 'amber' : 'calm';
}
