/* SPDX-License-Identifier: MIT */
/** Sound, vibration, title and notification for new work. Sound needs a finger first; browsers insist. */
import { signal } from '@preact/signals';

export const soundOn = signal(false);
let audio: AudioContext | null = null;

function note(frequency: number, at: number, seconds: number): void {
    if (!audio) return;
    const tone = audio.createOscillator();
    const volume = audio.createGain();
    tone.frequency.value = frequency;
    volume.gain.setValueAtTime(0.0001, audio.currentTime + at);
    volume.gain.exponentialRampToValueAtTime(0.3, audio.currentTime + at + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.0001, audio.currentTime + at + seconds);
    tone.connect(volume).connect(audio.destination);
    tone.start(audio.currentTime + at);
    tone.stop(audio.currentTime + at + seconds);
}

export function toggleSound(): void {
    soundOn.value = !soundOn.peek();
    if (!soundOn.peek()) return;
    audio ??= new AudioContext();
    void audio.resume();
    announce('new', '');
    if ('Notification' in window && isSecureContext && Notification.permission === 'default') void Notification.requestPermission();
}

/** Two notes for new work, one for a change. */
export function announce(what: 'new' | 'changed', text: string): void {
    if (soundOn.peek()) {
        note(660, 0, 0.25);
        if (what === 'new') note(880, 0.2, 0.35);
    }
    navigator.vibrate?.(what === 'new' ? [200, 100, 200] : 200);
    if (text && document.hidden && 'Notification' in window && isSecureContext && Notification.permission === 'granted')
        new Notification(text, { tag: 'servery-ticket' });
}

export function setTitle(title: string, waiting: number): void {
    document.title = waiting > 0 ? `(${waiting}) ${title}` : title;
    const badge = navigator as Navigator & { setAppBadge?: (n: number) => Promise<void> };
    void badge.setAppBadge?.(waiting).catch(() => undefined);
}
