/* SPDX-License-Identifier: MIT */
/** Starting, stopping, and what stands in the way: ports, folders, versions. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { demoBox } from '../lib/box.mjs';
import { Api, Live } from '../lib/client.mjs';
import { Server, run, temporaryFolder } from '../lib/server.mjs';

const serve = (data, ...more) => run(['serve', '--data', data, '--listen', '127.0.0.1:0', ...more]);

describe('the command line', () => {
    it('explains itself and says its version', async () => {
        const help = await run(['--help']);
        assert.equal(help.code, 0);
        for (const word of ['serve', 'token', '--data', '--listen', '--demo'])
            assert.ok(help.stdout.includes(word), word);
        const version = await run(['--version']);
        assert.equal(version.code, 0);
        assert.match(version.stdout, /\d+\.\d+\.\d+/);
    });

    it('refuses what it does not know', async () => {
        for (const args of [
            [],
            ['dance'],
            ['serve', '--dance'],
            ['serve', '--listen'],
            ['serve', '--data', temporaryFolder(), '--listen', 'nonsense'],
            ['serve', '--data', temporaryFolder(), '--listen', '127.0.0.1:99999'],
            ['serve', '--data', temporaryFolder(), '--max-sockets', 'many'],
        ]) {
            const { code, stderr } = await run(args);
            assert.notEqual(code, 0, args.join(' '));
            assert.notEqual(stderr.trim(), '', args.join(' '));
        }
    });
});

describe('starting', () => {
    it('says where it is once it answers', async () => {
        const server = await Server.start({ demo: true });
        assert.match(server.stdout, /^Servery is ready at http:\/\/127\.0\.0\.1:\d+$/m);
        assert.equal((await new Api(server).get('/health')).status, 200);
        assert.deepEqual(
            server.people.map((p) => p.role).sort(),
            [...new Set(server.people.map((p) => p.role))].sort(),
        );
        for (const role of ['owner', 'manager', 'waiter', 'kitchen']) assert.ok(server.person(role).pin);
        await server.dispose();
    });

    it('fills an empty folder once and changes nothing in a used one', async () => {
        const server = await Server.start({ demo: true });
        const api = new Api(server, { token: await server.token('manager') });
        const menu = await api.read('/menu');
        const order = await api.order({
            order_type: 'takeout',
            items: [
                { menu_item_id: menu.items.find((i) => i.modifier_groups.every((g) => g.min === 0)).id, quantity: 1 },
            ],
        });
        await server.restart();
        assert.deepEqual(await api.read('/menu'), menu);
        assert.deepEqual(await api.orderNow(order.id), order);
        const pins = /PIN \d+/g;
        assert.deepEqual(server.stdout.match(pins), server.allStdout.match(pins).slice(0, 4), 'whoever starts it again can sign in');
        await server.dispose();
    });

    it('without --demo is an empty house that answers', async () => {
        const server = await Server.start();
        const api = new Api(server, { token: await server.token('owner') });
        assert.deepEqual((await api.read('/orders')).orders, []);
        assert.equal((await api.read('/restaurant')).restaurant_id, 'main');
        await server.dispose();
    });

    it('leaves files in its folder alone that are not its own', async () => {
        const data = temporaryFolder();
        writeFileSync(join(data, 'notes.txt'), 'buy milk');
        mkdirSync(join(data, 'photos'));
        writeFileSync(join(data, 'other.db'), 'not a database');
        const server = await Server.start({ data, demo: true });
        await server.stop();
        assert.equal(readFileSync(join(data, 'notes.txt'), 'utf8'), 'buy milk');
        assert.equal(readFileSync(join(data, 'other.db'), 'utf8'), 'not a database');
        assert.ok(readdirSync(data).includes('photos'));
    });

    it('is refused on a folder that another one uses, in words', async () => {
        const server = await Server.start({ demo: true });
        const { code, stdout, stderr } = await serve(server.data);
        assert.notEqual(code, 0);
        assert.ok(!stdout.includes('ready'));
        assert.match(stderr, /another|already|in use/i);
        assert.ok(stderr.includes(server.data), 'names the folder');
        assert.equal((await new Api(server).get('/health')).status, 200);
        await server.dispose();
    });

    it('is refused on a taken port, in words', async () => {
        const taken = net.createServer().listen(0, '127.0.0.1').unref();
        await new Promise((resolve) => taken.once('listening', resolve));
        const { port } = taken.address();
        const { code, stdout, stderr } = await run([
            'serve',
            '--data',
            temporaryFolder(),
            '--listen',
            `127.0.0.1:${port}`,
        ]);
        taken.close();
        assert.notEqual(code, 0);
        assert.ok(!stdout.includes('ready'));
        assert.ok(stderr.includes(String(port)), stderr);
        assert.match(stderr, /in use|taken|already/i);
    });

    it('is refused on a folder that cannot be written, in words', async () => {
        const parent = temporaryFolder();
        const file = join(parent, 'a file');
        writeFileSync(file, '');
        const cases = [join(file, 'below')];
        if (process.getuid() !== 0) {
            const locked = join(parent, 'locked');
            mkdirSync(locked);
            chmodSync(locked, 0o555);
            cases.push(locked);
        }
        for (const data of cases) {
            const { code, stderr } = await serve(data);
            assert.notEqual(code, 0);
            assert.ok(stderr.includes(data), stderr);
        }
    });

    it('is refused on the data of a newer version, which it leaves as it is', async () => {
        const server = await Server.start({ demo: true });
        const data = server.data;
        server.ownsData = false;
        await server.stop();
        const file = join(data, 'restaurant-main.db');
        await sqlite(file, 'PRAGMA user_version = 9999');
        const before = readFileSync(file);
        const { code, stdout, stderr } = await serve(data);
        assert.notEqual(code, 0);
        assert.ok(!stdout.includes('ready'));
        assert.match(stderr, /newer/i);
        assert.ok(readFileSync(file).equals(before), 'nothing was written');
    });

    it('is refused on a file that is no database', async () => {
        const data = temporaryFolder();
        writeFileSync(
            join(data, 'restaurant-main.db'),
            'this is no database, but it is long enough to look at'.repeat(100),
        );
        const { code, stderr } = await serve(data);
        assert.notEqual(code, 0);
        assert.ok(stderr.includes('restaurant-main.db'), stderr);
    });
});

/** Runs a statement on a database file with Python's own SQLite. */
function sqlite(file, statement) {
    return new Promise((resolve, reject) => {
        const program =
            'import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute(sys.argv[2]); c.commit(); c.close()';
        execFile('python3', ['-c', program, file, statement], (error, _, stderr) =>
            error ? reject(new Error(stderr)) : resolve(),
        );
    });
}

describe('SIGTERM', () => {
    const box = demoBox();

    it('closes sockets with 1001 and ends with 0', async () => {
        const lives = [];
        for (const role of ['waiter', 'kitchen', 'display'])
            lives.push(await Live.open(box.server, { token: await box.server.token(role) }));
        await Promise.all(lives.map((live) => live.event('sync_state')));
        const idle = net.connect(box.server.port, box.server.host);
        idle.unref().on('error', () => {});
        await box.server.stop();
        for (const live of lives) assert.equal((await live.closed).code, 1001);
        idle.destroy();
        await box.server.boot();
        await box.connect();
    });

    it('answers what it has taken on, and takes nothing that it does not answer', async () => {
        const answered = [];
        const senders = Array.from({ length: 4 }, async () => {
            for (;;) {
                try {
                    const answer = await box.waiter.post('/orders', box.takeout());
                    if (answer.status !== 201) return;
                    answered.push(answer.body);
                } catch {
                    return;
                }
            }
        });
        let over = false;
        Promise.all(senders).then(() => (over = true));
        while (answered.length < 10) {
            assert.ok(!over, 'the server takes no orders');
            await new Promise((resolve) => setTimeout(resolve, 5));
        }
        await box.server.stop();
        await Promise.all(senders);
        await box.server.boot();
        await box.connect();
        for (const order of answered) assert.deepEqual(await box.waiter.orderNow(order.id), order);
    });
});
