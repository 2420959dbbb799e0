/* SPDX-License-Identifier: MIT */
/** A first start that is cut off: the next one finds all or nothing of the sample restaurant, and goes on. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Api } from '../lib/client.mjs';
import { Server } from '../lib/server.mjs';
import { dice } from './load.mjs';

const ROUNDS = Math.ceil(Number(process.env.SERVERY_CRASH_ROUNDS ?? 30) / 2);
const SEED = Number(process.env.SERVERY_CRASH_SEED ?? Math.floor(Math.random() * 2 ** 31));

describe(`a first start that is cut off (SERVERY_CRASH_SEED=${SEED})`, () => {
    const roll = dice(SEED);
    let whole;
    let awake;
    let longest;

    before(async () => {
        awake = setInterval(() => {}, 1000); /* a server that is ending keeps nobody waiting by itself */
        const began = performance.now();
        const server = await Server.start({ demo: true });
        longest = performance.now() - began;
        whole = await contents(server);
        await server.dispose();
    });
    after(() => clearInterval(awake));

    async function contents(server) {
        const api = new Api(server, { token: await server.token('manager') });
        const [menu, { tables }, { devices }, { staff }] = [
            await api.read('/menu'),
            await api.read('/tables'),
            await api.read('/devices'),
            await api.read('/staff/names'),
        ];
        return {
            items: menu.items.map((i) => [i.id, i.name, i.price, i.station, i.modifier_groups.length]),
            tables: tables.map((t) => [t.id, t.name, t.status]),
            devices: devices.filter((d) => d.kind === 'printer').map((d) => d.name),
            staff: staff.map((s) => s.name).sort(),
        };
    }

    it(`is made good ${ROUNDS} times`, { timeout: 120_000 + ROUNDS * 20_000 }, async () => {
        let early = 0;
        for (let round = 0; round < ROUNDS; round++) {
            const server = new Server({ demo: true });
            const boot = server.boot().then(
                () => true,
                () => false,
            );
            await new Promise((resolve) => setTimeout(resolve, roll.below(Math.ceil(longest))));
            server.child.kill('SIGKILL');
            if (!(await boot)) early += 1;
            await server.exited;
            await server.boot();
            assert.deepEqual(await contents(server), whole);
            const api = new Api(server, { token: await server.token('waiter') });
            const { order_number } = await api.order({ order_type: 'takeout', items: [{ menu_item_id: whole.items[0][0], quantity: 1 }] });
            assert.match(order_number, /-001$/);
            await server.dispose();
        }
        assert.ok(early > 0, 'some were cut off before they were ready');
    });
});
