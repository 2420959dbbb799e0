// SPDX-License-Identifier: MIT
/** What stories of paper look for, and how long. */
import assert from 'node:assert/strict';
import { decodePng } from './png.mjs';

export const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** What `look` finds, asked every 25 ms, so many times. */
export async function until(what, look, times) {
    for (let n = 0; n < times; n++) {
        const found = await look();
        if (found) return found;
        await pause(25);
    }
    return assert.fail(`waited in vain: ${what}`);
}

/** A ticket as the hub shows it. */
export const picture = async (api, ticket) => decodePng((await api.get(`/tickets/${ticket.id}/image.png`)).buffer);

/** Dot for dot. */
export const same = (a, b) => a.width === b.width && a.height === b.height && a.bits.equals(b.bits);
