/* SPDX-License-Identifier: MIT */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { demoBox } from '../lib/box.mjs';
import { Api, Live, refused } from '../lib/client.mjs';
import { run } from '../lib/server.mjs';

describe('tokens', () => {
    const box = demoBox();

    it('are made by the owner, shown once, listed without their secret', async () => {
        const made = await box.owner.write('/tokens', { name: 'Delivery bridge', role: 'waiter' });
        assert.equal((await new Api(box.server, { token: made.token }).read('/session')).role, 'waiter');
        const answer = await box.owner.get('/tokens');
        const listed = answer.body.tokens.find((t) => t.id === made.id);
        assert.deepEqual([listed.name, listed.role], ['Delivery bridge', 'waiter']);
        assert.ok(!answer.text.includes(made.token));
    });

    it('sign what they do with their name', async () => {
        const made = await box.owner.write('/tokens', { name: 'Bestellbrücke', role: 'waiter' });
        const order = await new Api(box.server, { token: made.token }).order(box.takeout());
        assert.deepEqual(order.created_by, { kind: 'token', id: made.id, name: 'Bestellbrücke' });
    });

    it('end at once when revoked, with their sockets, and only theirs', async () => {
        const made = await box.owner.write('/tokens', { name: 'Old tablet', role: 'kitchen' });
        const live = await Live.open(box.server, { token: made.token });
        await live.next();
        const other = await box.live('kitchen');
        assert.equal((await box.owner.delete(`/tokens/${made.id}`)).status, 204);
        assert.equal((await live.closed).code, 4401);
        refused(await new Api(box.server, { token: made.token }).get('/session'), 401, 'UNAUTHENTICATED');
        await other.settle();
        refused(await box.owner.delete(`/tokens/${made.id}`), 404, 'NOT_FOUND');
        assert.ok((await box.owner.read('/tokens')).tokens.every((t) => t.id !== made.id));
    });

    it('need a name and a role that exists', async () => {
        refused(await box.owner.post('/tokens', { role: 'waiter' }), 422, 'VALIDATION_ERROR', 'name');
        refused(await box.owner.post('/tokens', { name: 'x' }), 422, 'VALIDATION_ERROR', 'role');
        refused(await box.owner.post('/tokens', { name: 'x', role: 'chef' }), 422, 'VALIDATION_ERROR', 'role');
        refused(
            await box.owner.post('/tokens', { name: 'n'.repeat(81), role: 'waiter' }),
            422,
            'VALIDATION_ERROR',
            'name',
        );
        refused(
            await box.owner.post('/tokens', { name: 'x', role: 'waiter', secret: 'mine' }),
            422,
            'VALIDATION_ERROR',
            'secret',
        );
    });

    it('of the command line work at once while the server runs, and outlive a restart', async () => {
        const token = await box.server.token('manager', { name: 'made while running' });
        assert.equal((await new Api(box.server, { token }).read('/session')).role, 'manager');
        await box.server.restart('SIGKILL');
        await box.connect();
        assert.equal((await new Api(box.server, { token }).read('/session')).role, 'manager');
    });

    it('of the command line are refused for roles and names that make no sense', async () => {
        for (const args of [
            ['--role', 'chef', '--name', 'x'],
            ['--name', 'x'],
            ['--role', 'waiter'],
            ['--role', 'waiter', '--name', 'n'.repeat(81)],
            ['--role', 'waiter', '--name', 'x', '--restaurant', '../up'],
        ]) {
            const { code, stdout, stderr } = await run(['token', 'create', '--data', box.server.data, ...args], {
                bin: box.server.bin,
            });
            assert.notEqual(code, 0, args.join(' '));
            assert.equal(stdout, '', args.join(' '));
            assert.notEqual(stderr.trim(), '', args.join(' '));
        }
    });
});
