/* SPDX-License-Identifier: MIT */
// Child processes, and what /proc tells about them.
import { spawn } from 'node:child_process';
import fs from 'node:fs';

const running = new Set();

export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

// Starts a program; `errorFile` gets its standard error. Forgotten children die with the bench.
export function start(command, args, { env = {}, errorFile } = {}) {
    const errors = errorFile ? fs.openSync(errorFile, 'a') : 'inherit';
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', errors], env: { ...process.env, ...env } });
    if (errorFile) fs.closeSync(errors);
    child.ended = new Promise((resolve, reject) => {
        child.once('error', reject);
        child.once('close', (code, signal) => resolve({ code, signal }));
    });
    child.ended.catch(() => {}); // whoever waits sees it; nobody waiting is no crash
    running.add(child);
    child.once('close', () => running.delete(child));
    return child;
}

export function killAll() {
    for (const child of running) child.kill('SIGKILL');
}

// The first match of `pattern` on standard output; the rest of it is read and dropped, so that no pipe fills up.
export function awaitLine(child, pattern, timeoutMs) {
    return new Promise((resolve, reject) => {
        let text = '';
        const timer = setTimeout(() => reject(new Error(`nothing like ${pattern} within ${timeoutMs} ms`)), timeoutMs);
        const finish = (act, value) => {
            clearTimeout(timer);
            act(value);
        };
        child.stdout.on('data', (chunk) => {
            if (text === null) return;
            text += chunk;
            const match = pattern.exec(text);
            if (!match) return;
            text = null;
            finish(resolve, match);
        });
        child.ended.then(
            ({ code, signal }) => finish(reject, new Error(`it ended (${signal ?? code}) before it was ready`)),
            (error) => finish(reject, error),
        );
    });
}

// All of standard output once the program has ended well.
export async function output(command, args, options = {}) {
    const child = start(command, args, options);
    let text = '';
    child.stdout.on('data', (chunk) => (text += chunk));
    const { code, signal } = await child.ended;
    if (code !== 0) throw new Error(`${command} ${args.slice(0, 3).join(' ')} ... ended with ${signal ?? code}`);
    return text;
}

export async function stop(child, { gently = true, timeoutMs = 15000 } = {}) {
    if (child.exitCode !== null || child.signalCode !== null) return child.ended;
    child.kill(gently ? 'SIGTERM' : 'SIGKILL');
    const late = sleep(timeoutMs).then(() => 'late');
    if ((await Promise.race([child.ended, late])) === 'late') {
        child.kill('SIGKILL');
        await child.ended;
        throw new Error(`it did not end within ${timeoutMs} ms of SIGTERM`);
    }
    return child.ended;
}

// Context switches of all threads so far: each wake-up of a sleeping thread ends in one.
export function contextSwitches(pid) {
    let sum = 0;
    for (const task of fs.readdirSync(`/proc/${pid}/task`)) {
        const status = fs.readFileSync(`/proc/${pid}/task/${task}/status`, 'utf8');
        for (const match of status.matchAll(/ctxt_switches:\s+(\d+)/g)) sum += Number(match[1]);
    }
    return sum;
}

function megabytes(file, name) {
    const match = new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(fs.readFileSync(file, 'utf8'));
    return match ? Number(match[1]) / 1024 : NaN;
}

export const pssMb = (pid) => megabytes(`/proc/${pid}/smaps_rollup`, 'Pss');
export const peakRssMb = (pid) => megabytes(`/proc/${pid}/status`, 'VmHWM');
