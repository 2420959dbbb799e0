/* SPDX-License-Identifier: MIT */
/** What every page does first: language, theme, styles, the component, the connection. */
import { type ComponentType, h, render } from 'preact';
import { start, type StartOptions } from './app';
import { applyDevice, chosenLanguage } from './device';
import { pickLanguage, useLanguage } from './i18n';
import { keepForOffline } from './offline';
import './styles/base.css';

export interface BootOptions extends StartOptions {
    /** For walls in kitchens: dark unless somebody chose otherwise on this device. */
    dark?: boolean;
}

export async function boot(Page: ComponentType, options: BootOptions = {}): Promise<void> {
    const wanted = navigator.languages ?? [navigator.language];
    applyDevice(options.dark ?? false);
    await useLanguage(chosenLanguage.peek() ?? pickLanguage(wanted), wanted);
    render(h(Page, null), document.getElementById('app')!);
    keepForOffline();
    await start(options);
}
