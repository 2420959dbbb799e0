// SPDX-License-Identifier: MIT
/** Firefox by WebDriver BiDi, spoken straight over its socket: tabs of people with storage of their own. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import WebSocket from 'ws';
import { temporaryFolder } from '../lib/server.mjs';

const PATIENCE_MS = 60_000;

export class Firefox {
    constructor(program) {
        this.program = program;
        this.waiting = new Map();
        this.count = 0;
    }

    async open() {
        const home = temporaryFolder();
        this.child = spawn(this.program, ['--headless', '--no-remote', '--profile', home, '--remote-debugging-port', '0'], {
            stdio: ['ignore', 'ignore', 'pipe'],
            env: { ...process.env, HOME: home, MOZ_CRASHREPORTER_DISABLE: '1' },
        });
        this.ended = once(this.child, 'exit');
        process.once('exit', () => this.child.kill('SIGKILL'));
        const address = await new Promise((resolve, reject) => {
            let said = '';
            const late = setTimeout(() => reject(new Error(`Firefox does not listen: ${said}`)), PATIENCE_MS);
            this.child.stderr.setEncoding('utf8').on('data', (text) => {
                said += text;
                const found = /WebDriver BiDi listening on (ws:\S+)/.exec(said);
                if (found) resolve((clearTimeout(late), found[1]));
            });
        });
        this.socket = new WebSocket(`${address}/session`);
        await once(this.socket, 'open');
        this.socket.on('message', (data) => {
            const answer = JSON.parse(data);
            const waiting = this.waiting.get(answer.id);
            if (!waiting) return;
            this.waiting.delete(answer.id);
            if (answer.type === 'error') waiting.reject(new Error(`${waiting.method}: ${answer.error}: ${answer.message}`));
            else waiting.resolve(answer.result);
        });
        await this.send('session.new', { capabilities: {} });
    }

    send(method, params = {}) {
        const id = ++this.count;
        return new Promise((resolve, reject) => {
            this.waiting.set(id, { resolve, reject, method });
            this.socket.send(JSON.stringify({ id, method, params }));
        });
    }

    async close() {
        this.socket?.terminate();
        this.child.kill('SIGKILL');
        await this.ended;
    }

    /** A tab of somebody's own: cookies and storage apart from all others. */
    async person(url) {
        const { userContext } = await this.send('browser.createUserContext');
        const { context } = await this.send('browsingContext.create', { type: 'tab', userContext });
        await this.send('browsingContext.navigate', { context, url, wait: 'complete' });
        return new Tab(this, context);
    }
}

class Tab {
    constructor(firefox, context) {
        Object.assign(this, { firefox, context });
    }

    async evaluate(expression) {
        const answer = await this.firefox.send('script.evaluate', { expression, target: { context: this.context }, awaitPromise: true });
        if (answer.type === 'exception') throw new Error(`${expression}: ${answer.exceptionDetails.text}`);
        return answer.result.value;
    }

    reload = () => this.firefox.send('browsingContext.reload', { context: this.context, wait: 'complete' });

    async until(what, expression) {
        for (const end = Date.now() + PATIENCE_MS; Date.now() < end;) {
            if (await this.evaluate(expression)) return;
            await new Promise((resolve) => setTimeout(resolve, 50));
        }
        assert.fail(`waited in vain: ${what}`);
    }

    see = (selector) => this.until(selector, `!!document.querySelector(${JSON.stringify(selector)})`);

    /** A real press where the element is, as a finger makes it. */
    async press(selector) {
        await this.see(selector);
        const quoted = JSON.stringify(selector);
        await this.evaluate(`document.querySelector(${quoted}).scrollIntoView({ block: 'center' })`);
        const at = JSON.parse(await this.evaluate(`(() => { const r = document.querySelector(${quoted}).getBoundingClientRect(); return JSON.stringify([r.x + r.width / 2, r.y + r.height / 2]); })()`));
        const [x, y] = at.map(Math.round);
        await this.firefox.send('input.performActions', {
            context: this.context,
            actions: [{ type: 'pointer', id: 'finger', parameters: { pointerType: 'touch' }, actions: [
                { type: 'pointerMove', x, y }, { type: 'pointerDown', button: 0 }, { type: 'pause', duration: 40 }, { type: 'pointerUp', button: 0 }] }],
        });
    }
}
