/* SPDX-License-Identifier: MIT */
/** Starts, watches and ends real servers for the tests. SERVERY_BIN names another binary than build/release/servery. */
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const BINARY = process.env.SERVERY_BIN ?? fileURLToPath(new URL('../../build/release/servery', import.meta.url));

/** How long a server may take before a test gives up on it; generous, sanitizers on a busy box are slow. */
const PATIENCE_MS = Number(process.env.SERVERY_PATIENCE_MS ?? 60_000);
const SANITIZER = /ERROR: \w*Sanitizer|WARNING: ThreadSanitizer|runtime error:|SUMMARY: \w+Sanitizer/;
const PERSON = /^\s+(.+) \((owner|manager|waiter|kitchen|display)\)\s+PIN (\d+)/;

const running = new Set();
const folders = new Set();
process.on('exit', () => {
    for (const child of running) child.kill('SIGKILL');
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/* The test runner ends a file that takes too long by a signal, which skips 'exit'. */
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));

/** A fresh folder that is gone when the test process ends. */
export function temporaryFolder() {
    const folder = mkdtempSync(join(tmpdir(), 'servery-test-'));
    folders.add(folder);
    return folder;
}

/** Removes a folder of temporaryFolder() now. */
export function removeFolder(folder) {
    rmSync(folder, { recursive: true, force: true });
    folders.delete(folder);
}

/** Fails on a report of AddressSanitizer, UndefinedBehaviorSanitizer, LeakSanitizer or ThreadSanitizer. */
export function assertClean(stderr) {
    const at = stderr.search(SANITIZER);
    if (at >= 0) assert.fail(`the server's sanitizer speaks up:\n${stderr.slice(at, at + 4000)}`);
}

function within(promise, what, details) {
    let timer;
    const late = new Promise((_, reject) => {
        timer = setTimeout(
            () => reject(new Error(`waited ${PATIENCE_MS} ms in vain for ${what}\n${details()}`)),
            PATIENCE_MS,
        );
    });
    return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/** Runs the binary to its end: {code, stdout, stderr}. A sanitizer report fails. */
export function run(args, { env = {}, bin = BINARY } = {}) {
    return new Promise((resolve, reject) => {
        execFile(
            bin,
            args,
            { env: { ...process.env, ...env }, timeout: PATIENCE_MS, killSignal: 'SIGKILL' },
            (error, stdout, stderr) => {
                if (error && typeof error.code !== 'number') {
                    reject(new Error(`${bin} ${args.join(' ')}: ${error.message}\n${stderr}`));
                    return;
                }
                try {
                    assertClean(stderr);
                    resolve({ code: error ? error.code : 0, stdout, stderr });
                } catch (report) {
                    reject(report);
                }
            },
        );
    });
}

export class Server {
    /**
     * Starts one and waits until it says that it is ready. Options: `data` (else a fresh folder, removed by dispose()), `demo`,
     * `listen`, `args`, `env`, `bin`.
     */
    static async start(options = {}) {
        const server = new Server(options);
        await server.boot();
        return server;
    }

    constructor({ data, demo = false, listen = '127.0.0.1:0', args = [], env = {}, bin = BINARY } = {}) {
        this.ownsData = data === undefined;
        this.data = data ?? temporaryFolder();
        this.options = { demo, listen, args, env };
        this.bin = bin;
        this.tokens = new Map();
        this.allStderr = '';
        this.allStdout = '';
    }

    /** Starts it (again) on the same data folder. */
    async boot() {
        assert.ok(existsSync(this.bin), `${this.bin} is missing: run scripts/build, or set SERVERY_BIN`);
        const { demo, listen, args, env } = this.options;
        const full = ['serve', '--data', this.data, '--listen', listen, ...(demo ? ['--demo'] : []), ...args];
        this.stdout = '';
        this.stderr = '';
        this.child = spawn(this.bin, full, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
        const child = this.child;
        running.add(child);
        /* A test that failed half-way must not be kept alive by the server it left behind; 'exit' above ends that one. */
        for (const handle of [child, child.stdout, child.stderr]) handle.unref();
        this.exited = once(child, 'close').then(([code, signal]) => {
            running.delete(child);
            this.exit = { code, signal };
            return this.exit;
        });
        this.exit = null;
        child.stdout.setEncoding('utf8').on('data', (text) => {
            this.stdout += text;
            this.allStdout += text;
        });
        child.stderr.setEncoding('utf8').on('data', (text) => {
            this.stderr += text;
            this.allStderr += text;
        });
        await this.ready();
    }

    async ready() {
        const said = new Promise((resolve, reject) => {
            const look = () => {
                const match = /Servery is ready at (http:\/\/\S+)/.exec(this.stdout);
                if (match) resolve(match[1]);
            };
            this.child.stdout.on('data', look);
            this.child.on('error', reject);
            this.exited.then(({ code, signal }) =>
                reject(
                    new Error(`the server ended (${signal ?? code}) before it was ready\n${this.stdout}${this.stderr}`),
                ),
            );
        });
        try {
            this.url = (await within(said, 'the ready line', () => this.stdout + this.stderr)).replace(/\/$/, '');
        } catch (error) {
            await this.kill();
            throw error;
        }
        this.host = new URL(this.url).hostname;
        this.port = Number(new URL(this.url).port);
    }

    get pid() {
        return this.child.pid;
    }

    /** What --demo printed about its people: [{name, role, pin}]. */
    get people() {
        return this.allStdout
            .split('\n')
            .map((line) => PERSON.exec(line))
            .filter(Boolean)
            .map(([, name, role, pin]) => ({ name, role, pin }));
    }

    person(role) {
        const person = this.people.find((p) => p.role === role);
        assert.ok(person, `--demo printed nobody with the role ${role}:\n${this.allStdout}`);
        return person;
    }

    /** A token of that role, made by the command line; the same one again for the same role, name and restaurant. */
    async token(role, { name = `test ${role}`, restaurant } = {}) {
        const key = JSON.stringify([role, name, restaurant]);
        if (!this.tokens.has(key)) this.tokens.set(key, this.makeToken(role, name, restaurant));
        return this.tokens.get(key);
    }

    async makeToken(role, name, restaurant) {
        const args = ['token', 'create', '--data', this.data, '--role', role, '--name', name];
        const { code, stdout, stderr } = await run(restaurant ? [...args, '--restaurant', restaurant] : args, {
            bin: this.bin,
            env: this.options.env,
        });
        assert.equal(code, 0, `servery token create failed: ${stderr}`);
        assert.match(stdout, /^\S{20,}\n$/, 'the token alone on standard output');
        return stdout.trim();
    }

    /** Sends SIGKILL, waits for the end. */
    async kill() {
        this.child.kill('SIGKILL');
        await within(this.exited, 'the end after SIGKILL', () => this.stderr);
        assertClean(this.stderr);
    }

    /** Sends SIGTERM, waits, checks for a clean end. Returns {code, signal}. */
    async stop() {
        if (!this.exit) this.child.kill('SIGTERM');
        const ended = await within(this.exited, 'the end after SIGTERM', () => this.stderr).catch(async (error) => {
            this.child.kill('SIGKILL');
            await this.exited;
            throw error;
        });
        assertClean(this.stderr);
        assert.deepEqual(ended, { code: 0, signal: null }, `SIGTERM ends it with 0\n${this.stderr.slice(-2000)}`);
        return ended;
    }

    /** Ends it (`how`: 'SIGTERM' or 'SIGKILL') and starts it again on the same data; the port may change. */
    async restart(how = 'SIGTERM') {
        if (how === 'SIGKILL') await this.kill();
        else await this.stop();
        await this.boot();
    }

    /** The end of a test: stops it if it runs, removes its data. */
    async dispose() {
        try {
            if (!this.exit) await this.stop();
        } finally {
            if (this.ownsData) removeFolder(this.data);
        }
    }
}
