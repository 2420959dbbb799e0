/* SPDX-License-Identifier: MIT */
/** Hosts and origins: what keeps other sites' pages and rebound names out. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { demoBox } from '../lib/box.mjs';
import { Api, Live, refused, upgradeRefused } from '../lib/client.mjs';

describe('hosts and origins', () => {
    const box = demoBox();

    it('answer for addresses, localhost and .local names', async () => {
        const { port } = box.server;
        for (const Host of [
            `127.0.0.1:${port}`,
            `localhost:${port}`,
            `LOCALHOST`,
            `servery.local:${port}`,
            '192.168.1.20',
            `[::1]:${port}`,
            '[fe80::1]',
        ])
            assert.equal((await box.anybody.get('/health', { headers: { Host } })).status, 200, Host);
    });

    it('refuse any other name', async () => {
        for (const Host of [
            'evil.example',
            'evil.example:80',
            'localhost.evil.example',
            '127.0.0.1.evil.example',
            'local',
            'a.local.evil.example',
        ]) {
            const answer = await box.waiter.get('/restaurant', { headers: { Host } });
            refused(answer, 403, 'FORBIDDEN');
        }
        refused(
            await upgradeRefused(box.server, {
                token: await box.server.token('waiter'),
                headers: { Host: 'evil.example' },
            }),
            403,
            'FORBIDDEN',
        );
    });

    it('refuse writes by cookie from another origin or from none', async () => {
        const api = await box.signIn('waiter');
        assert.equal((await api.post('/orders', box.takeout())).status, 201);
        for (const Origin of ['http://evil.example', `http://127.0.0.1:${box.server.port + 1}`, 'null', undefined])
            refused(await api.post('/orders', box.takeout(), { headers: { Origin } }), 403, 'FORBIDDEN');
        assert.equal((await api.get('/session', { headers: { Origin: 'http://evil.example' } })).status, 200);
    });

    it('let tokens write from anywhere', async () => {
        for (const Origin of ['http://evil.example', undefined])
            assert.equal((await box.waiter.post('/orders', box.takeout(), { headers: { Origin } })).status, 201);
    });

    it('refuse an upgrade from another origin, by cookie and by token', async () => {
        const api = await box.signIn('waiter');
        const origin = 'http://evil.example';
        refused(await upgradeRefused(box.server, { headers: { Cookie: api.cookies() }, origin }), 403, 'FORBIDDEN');
        refused(await upgradeRefused(box.server, { token: api.session.token, origin }), 403, 'FORBIDDEN');
        refused(await upgradeRefused(box.server, { query: { token: api.session.token }, origin }), 403, 'FORBIDDEN');
    });

    it('open the socket by cookie from the same origin only', async () => {
        const api = await box.signIn('waiter');
        const headers = { Cookie: api.cookies() };
        const live = await Live.open(box.server, { headers, origin: box.server.url });
        assert.equal((await live.next()).role, 'waiter');
        await live.close();
        const without = await upgradeRefused(box.server, { headers });
        assert.ok([401, 403].includes(without.status), 'a cookie without an origin');
    });

    it('do not answer pages of other sites with leave to read', async () => {
        const { headers } = await new Api(box.server).get('/health', { headers: { Origin: 'http://evil.example' } });
        assert.equal(headers['access-control-allow-origin'], undefined);
        assert.equal(headers['access-control-allow-credentials'], undefined);
    });
});
