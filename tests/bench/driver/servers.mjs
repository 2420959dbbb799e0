/* SPDX-License-Identifier: MIT */
// The two servers that are compared: how each is started, and what the load generator must know of it.
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { awaitLine, output, start, stop } from './process.mjs';

const READY = /ready at http:\/\/127\.0\.0\.1:(\d+)/;
const SCREENS_MAX = '300';

// A connection of its own, closed at once: a keep-alive one would hold a worker of the server under test.
function getJson(port, url, token) {
    const options = { port, path: url, agent: false, headers: { Authorization: `Bearer ${token}` } };
    return new Promise((resolve, reject) => {
        const request = http.get(options, (response) => {
            let text = '';
            response.on('data', (chunk) => (text += chunk));
            response.on('end', () => {
                if (response.statusCode === 200) resolve(JSON.parse(text));
                else reject(new Error(`GET ${url}: ${response.statusCode} ${text.slice(0, 200)}`));
            });
        });
        request.on('error', reject);
    });
}

// Items that can be ordered without a choice, arranged so that any three in a row are two of the largest station and
// one of another: an order then makes two tickets, as food and drinks do.
export function pickItems(menu) {
    const byStation = new Map();
    for (const item of menu.items) {
        if (!item.available || item.modifier_groups.some((group) => group.min > 0)) continue;
        byStation.set(item.station, [...(byStation.get(item.station) ?? []), item.id]);
    }
    const [main, ...others] = [...byStation.values()].sort((a, b) => b.length - a.length);
    if (!main) throw new Error('the menu has no item that can be ordered without a choice');
    const rest = others.flat();
    const ids = [];
    for (let i = 0; i < 10; i++) {
        ids.push(main[(2 * i) % main.length], main[(2 * i + 1) % main.length]);
        ids.push(rest.length ? rest[i % rest.length] : main[i % main.length]);
    }
    return ids;
}

class Server {
    constructor(name, settings) {
        this.name = name;
        this.settings = settings;
    }

    // The folder is made when it is not there. `slowMs`: every sync takes so much longer; `wrap`: run under that program.
    async start(folder, { slowMs = 0, wrap = [], timeoutMs = 30000 } = {}) {
        fs.mkdirSync(folder, { recursive: true });
        const [command, ...args] = [...wrap, ...this.commandLine(folder)];
        const env = slowMs ? { LD_PRELOAD: this.settings.slowsync, SLOWSYNC_MS: String(slowMs) } : {};
        const errorFile = path.join(this.settings.scratch, `${this.name}.log`);
        const began = process.hrtime.bigint();
        const child = start(command, args, { env, errorFile });
        let port;
        try {
            port = Number((await awaitLine(child, READY, timeoutMs))[1]);
        } catch (error) {
            child.kill('SIGKILL');
            throw new Error(`${this.name} did not start: ${error.message}\n${tail(errorFile)}`);
        }
        const readyMs = Number(process.hrtime.bigint() - began) / 1e6;
        return { child, pid: child.pid, port, readyMs, stop: (options) => stop(child, options) };
    }
}

function tail(file) {
    return fs.readFileSync(file, 'utf8').split('\n').slice(-15).join('\n');
}

export class Floor extends Server {
    constructor(settings) {
        super('floor', settings);
    }

    commandLine(folder) {
        return [this.settings.floor, '--data', folder, '--listen', '127.0.0.1:0'];
    }

    async access() {
        return { items: Array.from({ length: 30 }, (_, i) => i + 1) };
    }

    // It knows no status, so nothing is to be served.
    get canServe() {
        return false;
    }
}

export class Servery extends Server {
    constructor(settings) {
        super('servery', settings);
    }

    commandLine(folder) {
        const limits = ['--max-sockets', SCREENS_MAX, '--max-sockets-per-token', SCREENS_MAX];
        return [this.settings.servery, 'serve', '--data', folder, '--listen', '127.0.0.1:0', '--demo', ...limits];
    }

    async access(folder, running) {
        const args = ['token', 'create', '--data', folder, '--role', 'manager', '--name', 'bench'];
        const token = (await output(this.settings.servery, args)).trim();
        return { token, items: pickItems(await getJson(running.port, '/api/v1/menu', token)) };
    }

    get canServe() {
        return true;
    }
}
