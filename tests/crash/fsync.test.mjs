/* SPDX-License-Identifier: MIT */
/**
 * A pulled plug takes more than the process: what the kernel had not written yet. So nothing is answered before the log of
 * the data file was synced with the change in it. Watched from outside, by strace.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { Box } from '../lib/box.mjs';
import { key } from '../lib/client.mjs';
import { BINARY, removeFolder, temporaryFolder } from '../lib/server.mjs';

const CALLS = 'write,writev,pwrite64,pwritev,sendto,sendmsg,fsync,fdatasync';

function whyNot() {
    const tried = spawnSync('strace', ['-f', '-y', '-e', 'trace=write', '-o', '/dev/null', 'true']);
    if (tried.error) return 'strace is not installed';
    return tried.status === 0 ? false : 'processes may not be traced here';
}

/** A program that is the server under strace: it takes the server's arguments. */
function tracer(folder) {
    const program = join(folder, 'traced-servery');
    const trace = join(folder, 'trace');
    /* It is the server that gets the process id (-D), and the signals with it. Leaks cannot be looked for under a tracer. */
    writeFileSync(
        program,
        `#!/bin/sh\nASAN_OPTIONS="detect_leaks=0:$ASAN_OPTIONS" exec strace -D -f -y -s 8192 -e trace=${CALLS} -e signal=none -o '${trace}' '${BINARY}' "$@" --web '${folder}'\n`,
    );
    chmodSync(program, 0o755);
    return { program, trace };
}

/** The trace as calls in the order of their ends: {name, target, text}. Those cut in two by others are put together. */
function readTrace(file) {
    const begun = new Map();
    const calls = [];
    for (const line of readFileSync(file, 'latin1').split('\n')) {
        const parts = /^(\d+)\s+(.*)$/.exec(line);
        if (!parts) continue;
        const [, thread, rest] = parts;
        if (rest.endsWith('<unfinished ...>')) {
            begun.set(thread, rest.slice(0, -'<unfinished ...>'.length));
            continue;
        }
        const resumed = /^<\.\.\. \w+ resumed>(.*)$/.exec(rest);
        const text = resumed ? `${begun.get(thread) ?? ''}${resumed[1]}` : rest;
        const call = /^(\w+)\(\d+<([^>]*)>/.exec(text);
        if (call) calls.push({ name: call[1], target: call[2], text });
    }
    return calls;
}

/**
 * For a change that holds `mark`: the bytes went to the write-ahead log, then the log was synced, then something with `answer`
 * left. A send that began early but ended late would be forgiven; the test sends one thing at a time, so there is none.
 */
function assertSynced(calls, mark, answer) {
    const wal = (call) => call.target.endsWith('-wal');
    const written = calls.findIndex((c) => wal(c) && c.name.includes('write') && c.text.includes(mark));
    assert.ok(written >= 0, `${mark} was written to the log`);
    const answered = calls.findIndex((c) => /socket|TCP/i.test(c.target) && c.text.includes(answer) && c.text.includes(mark));
    assert.ok(answered >= 0, `${mark} was answered`);
    assert.ok(written < answered, `${mark} was written before it was answered`);
    const synced = calls.slice(written, answered).some((c) => wal(c) && /^f(data)?sync$/.test(c.name) && /= 0$/.test(c.text.trim()));
    assert.ok(synced, `the log was synced after ${mark} was in it and before it was answered`);
}

describe('a 2xx and an ack', { skip: whyNot() }, () => {
    it('leave when what they promise is on disk', { timeout: 240_000 }, async () => {
        const folder = temporaryFolder();
        const { program, trace } = tracer(folder);
        const box = new Box({ bin: program });
        const marks = [];
        try {
            await box.open();
            for (let n = 0; n < 3; n++) {
                const note = `mark ${key()}`;
                await box.waiter.order({ ...box.takeout(), note }, n ? key() : undefined);
                marks.push({ note, answer: '201 Created' });
            }
            const live = await box.live('waiter');
            for (let n = 0; n < 3; n++) {
                const note = `mark ${key()}`;
                await live.ask({ type: 'submit_order', idempotency_key: key(), order: { ...box.takeout(), note } });
                marks.push({ note, answer: '\\"type\\":\\"ack\\"' });
            }
        } finally {
            await box.close();
        }
        const calls = readTrace(trace);
        for (const { note, answer } of marks) assertSynced(calls, note, answer);
        removeFolder(folder);
    });
});
