// SPDX-License-Identifier: MIT
/** What a ticket says, read by machine. */
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { temporaryFolder } from '../../lib/server.mjs';
import { encodePng } from './png.mjs';

const run = promisify(execFile);

export async function readTicket(ticket, language = 'eng') {
    const file = join(temporaryFolder(), 'ticket.png');
    writeFileSync(file, encodePng(ticket));
    const { stdout } = await run('tesseract', [file, '-', '--psm', '4', '--dpi', '203', '-l', language]);
    return stdout;
}
