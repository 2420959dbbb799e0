/* SPDX-License-Identifier: MIT */
// The load generator's command line.
import { awaitLine, output, start } from './process.mjs';

function commandLine(running, access, options) {
    const words = ['--port', running.port, '--items', access.items.join(','), '--pid', running.pid];
    if (access.token) words.push('--token', access.token);
    for (const [name, value] of Object.entries(options)) words.push(`--${name}`, value);
    return words.map(String);
}

// Runs a load to its end: its figures.
export async function load(program, running, access, options) {
    return JSON.parse(await output(program, commandLine(running, access, options)));
}

// Connects screens that stay until the child is killed.
export async function holdScreens(program, running, access, screens) {
    const child = start(program, commandLine(running, access, { screens, hold: 3600 }));
    await awaitLine(child, /"screens":/, 60000);
    return child;
}
