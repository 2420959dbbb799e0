/* SPDX-License-Identifier: MIT */
import { Ban, Check, Clock, CookingPot, HandPlatter, Hourglass } from 'lucide-preact';
import { type MessageKey, t } from '../i18n';

const ICONS = {
    held: Hourglass,
    pending: Clock,
    preparing: CookingPot,
    ready: Check,
    served: HandPlatter,
    voided: Ban,
    cancelled: Ban,
} as const;

export function StatusChip({ status, testid }: { status: keyof typeof ICONS; testid?: string }) {
    const Icon = ICONS[status];
    return (
        <span class={`chip chip-${status}`} data-testid={testid} data-status={status}>
            <Icon size={16} aria-hidden="true" /> {t(`status_${status}` as MessageKey)}
        </span>
    );
}
