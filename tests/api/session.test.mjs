/* SPDX-License-Identifier: MIT */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ROLES, demoBox } from '../lib/box.mjs';
import { Api, Live, refused, upgradeRefused } from '../lib/client.mjs';

function wrongPin(box) {
    const taken = new Set(box.server.people.map((p) => p.pin));
    for (let n = 0; n < 10_000; n++) {
        const pin = String(n).padStart(4, '0');
        if (!taken.has(pin)) return pin;
    }
    return assert.fail('every PIN is taken');
}

describe('signing in', () => {
    const box = demoBox();

    it('names everybody who may sign in, without credentials', async () => {
        const { staff } = await box.anybody.read('/staff/names');
        assert.deepEqual(staff.map((s) => s.name).sort(), box.server.people.map((p) => p.name).sort());
    });

    it('works by PIN alone and says who it is', async () => {
        for (const { role, name } of box.server.people) {
            const api = await box.signIn(role);
            assert.equal(api.session.role, role);
            assert.equal(api.session.staff.name, name);
            assert.ok(Date.parse(api.session.expires_at) > Date.now());
            const me = await api.read('/session');
            assert.deepEqual([me.role, me.staff.name], [role, name]);
        }
    });

    it('works by name and PIN, and not with another one’s PIN', async () => {
        const waiter = box.server.person('waiter');
        const manager = box.server.person('manager');
        const { staff } = await box.anybody.read('/staff/names');
        const staff_id = staff.find((s) => s.name === waiter.name).id;
        const api = new Api(box.server, { jar: new Map() });
        assert.equal((await api.post('/session', { staff_id, pin: waiter.pin })).status, 201);
        refused(await new Api(box.server).post('/session', { staff_id, pin: manager.pin }), 401, 'UNAUTHENTICATED');
    });

    it('sets a cookie that scripts and other sites cannot use, and gives a token that works too', async () => {
        const { pin } = box.server.person('waiter');
        const answer = await box.anybody.post('/session', { pin });
        const cookie = answer.headers['set-cookie'].find((c) => c.includes(answer.body.token) || /HttpOnly/i.test(c));
        assert.match(cookie, /;\s*HttpOnly/i);
        assert.match(cookie, /;\s*SameSite=Strict/i);
        const byToken = new Api(box.server, { token: answer.body.token });
        assert.equal((await byToken.read('/session')).role, 'waiter');
    });

    it('says who it is to named tokens as well', async () => {
        for (const role of ROLES) assert.equal((await box[role].read('/session')).role, role);
        refused(await box.anybody.get('/session'), 401, 'UNAUTHENTICATED');
        refused(await new Api(box.server, { token: 'x'.repeat(43) }).get('/session'), 401, 'UNAUTHENTICATED');
    });

    it('refuses bodies that make no sense', async () => {
        for (const body of [
            {},
            { pin: 1234 },
            { pin: null },
            { pin: '' },
            { pin: '1', role: 'owner' },
            { staff_id: '1', pin: '1' },
        ])
            assert.equal((await box.anybody.post('/session', body)).status, 422, JSON.stringify(body));
    });

    it('ends when signed out, and closes its sockets with 4401', async () => {
        const api = await box.signIn('waiter');
        const live = await Live.open(box.server, { token: api.session.token });
        await live.next();
        const other = await box.signIn('waiter');
        const otherLive = await box.live(null, { token: other.session.token });
        assert.equal((await api.delete('/session')).status, 204);
        assert.equal((await live.closed).code, 4401);
        refused(await new Api(box.server, { token: api.session.token }).get('/session'), 401, 'UNAUTHENTICATED');
        await otherLive.settle();
        assert.equal((await other.read('/session')).role, 'waiter');
    });

    it('gives a ticket that opens one socket, once', async () => {
        const api = await box.signIn('kitchen');
        const { ticket } = await api.write('/session/ticket');
        const live = await Live.open(box.server, { query: { ticket } });
        assert.equal((await live.next()).role, 'kitchen');
        await live.close();
        const again = await upgradeRefused(box.server, { query: { ticket } });
        refused(again, 401, 'UNAUTHENTICATED');
    });

    it('makes a socket of a ticket end with the session that asked for it', async () => {
        const api = await box.signIn('kitchen');
        const { ticket } = await api.write('/session/ticket');
        const live = await Live.open(box.server, { query: { ticket } });
        await live.next();
        await api.delete('/session');
        assert.equal((await live.closed).code, 4401);
    });

    it('opens a socket by ?token= and by header, and refuses a bad token on the upgrade itself', async () => {
        const token = await box.server.token('waiter');
        const live = await Live.open(box.server, { query: { token } });
        assert.equal((await live.next()).role, 'waiter');
        await live.close();
        refused(await upgradeRefused(box.server, { query: { token: 'nonsense' } }), 401, 'UNAUTHENTICATED');
        refused(await upgradeRefused(box.server, {}), 401, 'UNAUTHENTICATED');
    });

    it('never writes PINs, tokens or names to the log', async () => {
        const api = await box.signIn('waiter');
        const live = await Live.open(box.server, { query: { token: api.session.token } });
        await live.next();
        await live.close();
        await api.delete('/session');
        const { stderr } = box.server;
        assert.ok(!stderr.includes(api.session.token), 'a token in the log');
        for (const { name, pin } of box.server.people) {
            assert.ok(!stderr.includes(name), `the name ${name} in the log`);
            assert.ok(
                !new RegExp(`\\b${pin}\\b`).test(stderr.replace(/^.*?\] /gm, '').replace(/[\d.]+:\d+/g, '')),
                'a PIN in the log',
            );
        }
    });

    it('slows and then locks a device that guesses, but not one that has signed in before', async () => {
        const pin = wrongPin(box);
        const known = new Map();
        const before = await box.signIn('waiter', known);
        await before.delete('/session');
        const guesser = new Api(box.server, { jar: new Map() });
        let locked = null;
        for (let n = 0; n < 60 && !locked; n++) {
            const answer = await guesser.post('/session', { pin });
            if (answer.status === 429) locked = answer;
            else refused(answer, 401, 'UNAUTHENTICATED');
        }
        assert.ok(locked, 'sixty wrong PINs were all answered');
        refused(locked, 429, 'RATE_LIMITED');
        refused(await guesser.post('/session', { pin: box.server.person('waiter').pin }), 429, 'RATE_LIMITED');
        const back = await box.signIn('waiter', known);
        assert.equal(back.session.role, 'waiter');
    });
});
