/* SPDX-License-Identifier: MIT */
/** What every page does first: language, styles, the component, the connection. */
import { type ComponentType, h, render } from 'preact';
import { start, type StartOptions } from './app';
import { pickLanguage, useLanguage } from './i18n';
import './styles/base.css';

export function boot(Page: ComponentType, options: StartOptions = {}): void {
    const language = pickLanguage(navigator.languages ?? [navigator.language]);
    useLanguage(language);
    document.documentElement.lang = language;
    render(h(Page, null), document.getElementById('app')!);
    void start(options);
}
