/* SPDX-License-Identifier: MIT */
/** A dialog: in the middle of a screen, at the bottom of a phone. Escape and its cross close it. */
import { X } from 'lucide-preact';
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { t } from '../i18n';

interface SheetProps {
    title: string;
    testid: string;
    onClose: () => void;
    foot?: ComponentChildren;
    children: ComponentChildren;
}

export function Sheet({ title, testid, onClose, foot, children }: SheetProps) {
    const dialog = useRef<HTMLDialogElement>(null);
    useEffect(() => dialog.current?.showModal(), []);
    return (
        <dialog ref={dialog} class="sheet" aria-label={title} data-testid={testid} onClose={onClose}>
            <header class="sheet-head">
                <h2>{title}</h2>
                <button type="button" class="icon-button" aria-label={t('close')} data-testid={`${testid}-close`} onClick={onClose}>
                    <X size={24} aria-hidden="true" />
                </button>
            </header>
            <div class="sheet-body">{children}</div>
            {foot && <footer class="sheet-foot">{foot}</footer>}
        </dialog>
    );
}
