/* SPDX-License-Identifier: MIT */
/** Sound, vibration, title and notification for new work. Sound needs a finger first; browsers insist. */
import { signal } from '@preact/signals';
import { volume, wantsSound } from './device';

/** Sound is wanted and the browser lets it out. */
export const soundOn = signal(false);
let audio: AudioContext | null = null;

function note(frequency: number, at: number, seconds: number): void {
    if (!audio || volume.peek() === 0) return;
    const tone = audio.createOscillator();
    const loudness = audio.createGain();
    tone.frequency.value = frequency;
    loudness.gain.setValueAtTime(0.0001, audio.currentTime + at);
    loudness.gain.exponentialRampToValueAtTime(0.5 * volume.peek(), audio.currentTime + at + 0.02);
    loudness.gain.exponentialRampToValueAtTime(0.0001, audio.currentTime + at + seconds);
    tone.connect(loudness).connect(audio.destination);
    tone.start(audio.currentTime + at);
    tone.stop(audio.currentTime + at + seconds);
}

async function unlock(): Promise<boolean> {
    audio ??= new AudioContext();
    // Without a finger's permission this never resolves in some browsers, so the state is asked and not awaited.
    void audio.resume().then(() => (soundOn.value = wantsSound.peek() && audio?.state === 'running'));
    await Promise.resolve();
    soundOn.value = wantsSound.peek() && audio.state === 'running';
    return soundOn.peek();
}

/** Where sound was on before, the first touch of the page brings it back. Returns how to stop waiting for it. */
export function unlockAtFirstTouch(): () => void {
    const touch = () => {
        if (wantsSound.peek() && !soundOn.peek()) void unlock();
    };
    touch();
    addEventListener('pointerdown', touch);
    addEventListener('keydown', touch);
    return () => {
        removeEventListener('pointerdown', touch);
        removeEventListener('keydown', touch);
    };
}

export async function switchSound(on: boolean): Promise<void> {
    wantsSound.value = on;
    if (!on) {
        soundOn.value = false;
        return;
    }
    await unlock();
    // Heard at once, so that nobody finds out in the rush that the volume was down.
    setTimeout(() => sound('new'), 100);
    if ('Notification' in window && isSecureContext && Notification.permission === 'default') void Notification.requestPermission();
}

export type Sound = 'new' | 'changed' | 'ready' | 'alarm';

/** Two notes up for new work, one for a change, two down for food that is ready, five fast ones for an alarm. */
export function sound(what: Sound): void {
    if (!soundOn.peek()) return;
    if (what === 'alarm') for (let n = 0; n < 5; n++) note(1040, n * 0.16, 0.14);
    else {
        note(what === 'ready' ? 990 : 660, 0, 0.25);
        if (what === 'new') note(880, 0.2, 0.35);
        if (what === 'ready') note(740, 0.2, 0.35);
    }
}

export function announce(what: Sound, text: string): void {
    sound(what);
    navigator.vibrate?.(what === 'changed' ? 200 : [200, 100, 200]);
    if (text && document.hidden && 'Notification' in window && isSecureContext && Notification.permission === 'granted')
        new Notification(text, { tag: `servery-${what}` });
}

/** Again every `everyMs` while `wanted` says so; returns how to stop. */
export function repeat(what: Sound, wanted: () => boolean, everyMs: number): () => void {
    const timer = setInterval(() => {
        if (wanted()) sound(what);
    }, everyMs);
    return () => clearInterval(timer);
}

export function setTitle(title: string, waiting: number): void {
    document.title = waiting > 0 ? `(${waiting}) ${title}` : title;
    const badge = navigator as Navigator & { setAppBadge?: (n: number) => Promise<void> };
    void badge.setAppBadge?.(waiting).catch(() => undefined);
}
