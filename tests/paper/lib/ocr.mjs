// SPDX-License-Identifier: MIT
/** What a ticket says, read by machine. */
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { temporaryFolder } from '../../lib/server.mjs';
import { encodePng } from './png.mjs';

const run = promisify(execFile);

/** Needles strike few dots: a reader that knows scans wants them larger. */
function enlarged({ width, height, bits }, times) {
    const [stride, wide] = [Math.ceil(width / 8), Math.ceil((width * times) / 8)];
    const out = Buffer.alloc(wide * height * times);
    for (let y = 0; y < height * times; y++)
        for (let x = 0; x < width * times; x++) {
            const from = Math.floor(y / times) * stride + (Math.floor(x / times) >> 3);
            if (bits[from] & (0x80 >> (Math.floor(x / times) & 7))) out[y * wide + (x >> 3)] |= 0x80 >> (x & 7);
        }
    return { width: width * times, height: height * times, bits: out };
}

export async function readTicket(printed, language = 'eng') {
    const ticket = printed.width < 300 ? enlarged(printed, 3) : printed;
    const file = join(temporaryFolder(), 'ticket.png');
    writeFileSync(file, encodePng(ticket));
    const { stdout } = await run('tesseract', [file, '-', '--psm', '4', '--dpi', '203', '-l', language]);
    return stdout;
}
