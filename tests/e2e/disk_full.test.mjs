/* SPDX-License-Identifier: MIT */
/** A full card: refused, not lost; told, not hidden; and it goes on by itself. On a small disk of its own, 8 MB of memory. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { closeSync, openSync, rmSync, statfsSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { Box } from '../lib/box.mjs';
import { key, refused } from '../lib/client.mjs';
import { removeFolder, temporaryFolder } from '../lib/server.mjs';

const disk = temporaryFolder();
const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', disk], { encoding: 'utf8' });
const cannot = mounted.status === 0 ? false : `a small disk cannot be mounted here: ${mounted.stderr || mounted.error}`;
/* Also when this process is ended early: a mount point cannot be removed. */
process.prependListener('exit', () => spawnSync('umount', ['-l', disk]));

/** Takes every byte that is left. */
function fillDisk() {
    const file = openSync(join(disk, 'filler'), 'a');
    try {
        for (let size = 65536; size >= 1; ) {
            try {
                if (writeSync(file, Buffer.alloc(size)) < size) size = Math.floor(size / 2);
            } catch (error) {
                assert.equal(error.code, 'ENOSPC');
                size = Math.floor(size / 2);
            }
        }
    } finally {
        closeSync(file);
    }
}

const makeRoom = () => rmSync(join(disk, 'filler'));
const pause = () => new Promise((resolve) => setTimeout(resolve, 50));

/** Asks until it is so; gives up after a number of tries that no box needs. */
async function until(what, ask) {
    for (let tries = 0; tries < 1200; tries++) {
        const answer = await ask();
        if (answer) return answer;
        await pause();
    }
    return assert.fail(`in vain: ${what}`);
}

describe('a full card', { skip: cannot }, () => {
    const box = new Box({ data: disk });
    const accepted = [];
    const seen = [];
    let screen;
    let alert;
    const lateKey = key();

    before(() => box.open());
    after(async () => {
        await box.close();
        spawnSync('umount', [disk]);
        removeFolder(disk);
    });

    /** Files that are there already have room for some orders yet: those that were accepted. */
    async function sendUntilRefused() {
        const taken = [];
        for (;;) {
            const answer = await box.waiter.post('/orders', box.takeout(...box.stations), { idempotency: key() });
            if (answer.status !== 201) {
                refused(answer, 507, 'STORAGE_FULL');
                assert.match(answer.body.detail, /card is full/);
                return taken;
            }
            taken.push(answer.body);
            assert.ok(taken.length < 5000, 'the disk is never full');
        }
    }

    async function fullAlert() {
        return (await box.display.read('/alerts')).alerts.find((a) => a.code === 'DISK_FULL');
    }

    async function allOrders() {
        const all = [];
        let cursor = '';
        do {
            const page = await box.waiter.read(`/orders?limit=200${cursor}`);
            all.push(...page.orders);
            cursor = page.next_cursor && `&cursor=${encodeURIComponent(page.next_cursor)}`;
        } while (cursor);
        return all;
    }

    it('is no matter while there is room', async () => {
        accepted.push(await box.send());
        assert.deepEqual((await box.waiter.read('/alerts')).alerts, []);
        seen.push((screen = await box.live('waiter')));
        await screen.event('sync_state');
    });

    it('refuses orders with STORAGE_FULL, and says so on screens that are connected', async () => {
        fillDisk();
        accepted.push(...(await sendUntilRefused()));
        const picture = await screen.event('sync_state', (f) => f.alerts.length > 0);
        alert = picture.alerts.find((a) => a.code === 'DISK_FULL');
        assert.equal(alert.severity, 'critical');
        assert.equal(picture.devices.find((d) => d.kind === 'box').state, 'failed');
    });

    it('goes on refusing, whatever is asked, and accepts nothing of it', async () => {
        refused(await box.waiter.post('/orders', box.takeout(), { idempotency: lateKey }), 507, 'STORAGE_FULL');
        const first = accepted[0];
        refused(await box.kitchen.post(`/orders/${first.id}/status`, { status: 'ready' }), 507, 'STORAGE_FULL');
        assert.deepEqual(await box.waiter.orderNow(first.id), first);
        refused(await box.waiter.post(`/alerts/${alert.id}/acknowledge`), 507, 'STORAGE_FULL');
    });

    it('lets everything be read', async () => {
        for (const path of ['/menu', '/tables', '/restaurant', '/devices', '/events?limit=5']) await box.waiter.read(path);
        assert.equal((await allOrders()).length, accepted.length);
        const later = await box.live('manager');
        const picture = await later.event('sync_state');
        assert.equal(picture.alerts.find((a) => a.code === 'DISK_FULL').id, alert.id);
        assert.equal(picture.metrics.orders_today, accepted.length);
    });

    it('is told by /health, /alerts and /devices', async () => {
        refused(await box.anybody.get('/health'), 503, 'UNAVAILABLE');
        assert.deepEqual(await fullAlert(), alert);
        const { devices } = await box.display.read('/devices');
        assert.equal(devices.find((d) => d.kind === 'box').state, 'failed');
    });

    it('does not keep the box from starting', async () => {
        await screen.close().catch(() => {});
        await box.server.restart('SIGKILL');
        assert.deepEqual((await allOrders()).map((o) => o.id).sort((a, b) => a - b), accepted.map((o) => o.id));
        refused(await box.waiter.post('/orders', box.takeout(), { idempotency: lateKey }), 507, 'STORAGE_FULL');
        refused(await box.anybody.get('/health'), 503, 'UNAVAILABLE');
        const found = await until('the alert', fullAlert);
        assert.equal(found.id, alert.id, 'the row kept ready is the same');
        seen.push((screen = await box.live('waiter')));
        await screen.event('sync_state');
    });

    it('ends by itself when there is room, and the log tells that it was', async () => {
        makeRoom();
        await until('health', async () => (await box.anybody.get('/health')).status === 200);
        const raised = await screen.event('alert_raised', (f) => f.alert.code === 'DISK_FULL');
        assert.equal(raised.alert.id, alert.id);
        assert.equal((await screen.event('alert_cleared')).id, alert.id);
        await until('no alert', async () => (await box.display.read('/alerts')).alerts.length === 0);
        const ok = async () => (await box.display.read('/devices')).devices.find((d) => d.kind === 'box').state === 'ok';
        await until('a box that is well', ok);
    });

    it('is told again when it comes again, and is another alert', async () => {
        let from = screen.frames.length;
        fillDisk();
        accepted.push(...(await sendUntilRefused()));
        const { alerts } = await screen.event('sync_state', (f) => f.alerts.length > 0, { from });
        assert.equal(alerts.length, 1);
        assert.notEqual(alerts[0].id, alert.id);
        from = screen.frames.length;
        makeRoom();
        await until('health', async () => (await box.anybody.get('/health')).status === 200);
        const raised = await screen.event('alert_raised', () => true, { from });
        assert.deepEqual(raised.alert, alerts[0]);
        assert.equal((await screen.event('alert_cleared', () => true, { from })).id, alerts[0].id);
    });

    it('goes on with the next order that finds room, without anybody asking for its health', async () => {
        fillDisk();
        accepted.push(...(await sendUntilRefused()));
        const from = screen.frames.length;
        makeRoom();
        accepted.push(await box.send());
        await screen.event('alert_raised', () => true, { from });
        await screen.event('alert_cleared', () => true, { from });
        assert.equal((await box.anybody.get('/health')).status, 200);
    });

    it('has lost nothing that was accepted and kept nothing that was refused', async () => {
        const late = await box.waiter.post('/orders', box.takeout(), { idempotency: lateKey });
        assert.equal(late.status, 201);
        assert.equal(late.headers['idempotency-replayed'], undefined);
        accepted.push(late.body);
        const orders = (await allOrders()).reverse();
        assert.deepEqual(orders, accepted);
        assert.deepEqual(
            orders.map((o) => Number(o.order_number.split('-')[2])),
            orders.map((_, n) => n + 1),
            'numbers have no gaps',
        );
        await box.server.restart();
        assert.deepEqual((await allOrders()).reverse(), accepted);
    });

    it('leaves log and state agreeing', async () => {
        const shown = seen.flatMap((live) => live.frames.filter((f) => f.type === 'order_created').map((f) => f.order));
        const named = (order) => accepted.find((a) => a.id === order.id);
        for (const order of shown) assert.deepEqual(order, named(order), 'what was pushed is what was kept');
        const start = Math.max(0, (await box.logEnd()) - 900);
        const events = await box.eventsSince(start); /* bells and printers may still add to it */
        assert.deepEqual(
            events.map((e) => e.seq),
            events.map((_, n) => start + 1 + n),
            'the log has no gaps',
        );
        const made = events.filter((e) => e.type === 'order_created').map((e) => e.order);
        assert.ok(made.length > 1);
        assert.deepEqual(made, accepted.slice(-made.length));
    });
});

describe('a card that is nearly full', { skip: cannot }, () => {
    const small = temporaryFolder();
    const box = new Box({ data: small });

    before(async () => {
        spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', small]);
        process.prependListener('exit', () => spawnSync('umount', ['-l', small]));
        await box.open();
    });
    after(async () => {
        await box.close();
        spawnSync('umount', [small]);
        removeFolder(small);
    });

    /* It is looked at after commits, every half minute at most, and at the start, which is what a test can wait for. */
    it('is an alert while orders still go on', async () => {
        assert.deepEqual((await box.display.read('/alerts')).alerts, []);
        await box.server.stop();
        const { bavail, bsize } = statfsSync(small);
        writeFileSync(join(small, 'filler'), Buffer.alloc(bavail * bsize - 390_000));
        await box.server.boot();
        const { alerts } = await box.display.read('/alerts');
        assert.deepEqual(
            alerts.map((a) => [a.code, a.severity, a.acknowledged_at, a.acknowledged_by]),
            [['DISK_NEARLY_FULL', 'warning', null, null]],
        );
        const { devices } = await box.display.read('/devices');
        assert.equal(devices.find((d) => d.kind === 'box').state, 'warning');
        await box.send();
    });

    it('is acknowledged by kitchen or waiter, once and for all, and everybody is told', async () => {
        const [alert] = (await box.waiter.read('/alerts')).alerts;
        const path = `/alerts/${alert.id}/acknowledge`;
        refused(await box.display.post(path), 403, 'FORBIDDEN');
        refused(await box.waiter.post(path, { note: 'on it' }), 422, 'VALIDATION_ERROR', 'note');
        const screen = await box.live('waiter');
        const wall = await box.live('display');
        await screen.event('sync_state');
        await wall.event('sync_state');
        const idempotency = key();
        const answer = await box.kitchen.post(path, {}, { idempotency });
        assert.equal(answer.status, 200);
        assert.equal(answer.body.acknowledged_by.name, 'test kitchen');
        assert.deepEqual((await screen.event('alert_raised')).alert, answer.body);
        const again = await box.kitchen.post(path, undefined, { idempotency });
        assert.deepEqual([again.status, again.body], [200, answer.body]);
        assert.equal(again.headers['idempotency-replayed'], 'true');
        assert.deepEqual((await box.waiter.write(path)).acknowledged_by, answer.body.acknowledged_by);
        const shown = (await wall.event('alert_raised')).alert;
        assert.deepEqual([shown.acknowledged_by.kind, shown.acknowledged_by.name], ['token', null], 'no names on displays');
        assert.equal((await box.display.read('/alerts')).alerts[0].acknowledged_by.name, null);
        refused(await box.waiter.post('/alerts/4711/acknowledge'), 404, 'NOT_FOUND');
    });

    it('is over when there is room', async () => {
        rmSync(join(small, 'filler'));
        await box.server.restart();
        assert.deepEqual((await box.display.read('/alerts')).alerts, []);
        const { devices } = await box.display.read('/devices');
        assert.equal(devices.find((d) => d.kind === 'box').state, 'ok');
    });
});
