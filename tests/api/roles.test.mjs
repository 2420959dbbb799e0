/* SPDX-License-Identifier: MIT */
/** Every route of the contract against every role: who gets in, who is told 403, who is told 401. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ROLES, demoBox } from '../lib/box.mjs';
import { Api, refused, upgradeRefused } from '../lib/client.mjs';
import { expandRoles, operations } from '../lib/contract.mjs';

/** Requests that do no harm even to somebody who may: ids that nobody has, bodies that say nothing. */
const UNKNOWN = '9007199254740991';
const SIGNS_OUT = 'DELETE /session';

function requestOf({ method, path }) {
    const concrete = path.replace(/\{[^}]+\}/g, path.startsWith('/setup') ? 'start' : UNKNOWN);
    const body = ['POST', 'PUT', 'PATCH'].includes(method) ? {} : undefined;
    return { concrete, options: { body, absolute: path === '/metrics' } };
}

describe('roles', () => {
    const box = demoBox();
    const built = operations.filter((o) => !o.planned && o.path !== '/ws/orders/live');

    for (const operation of built) {
        const name = `${operation.method} ${operation.path}`;
        const allowed = expandRoles(operation.roles);
        it(`${name} is for ${allowed ? operation.roles.join(', ') : 'everybody'}`, async () => {
            const { concrete, options } = requestOf(operation);
            const anonymous = await box.anybody.call(operation.method, concrete, options);
            if (!allowed) {
                assert.notEqual(anonymous.status, 403, name);
                return;
            }
            refused(anonymous, 401, 'UNAUTHENTICATED');
            for (const role of ROLES) {
                if (allowed.has(role) && name === SIGNS_OUT) continue;
                const answer = await box[role].call(operation.method, concrete, options);
                if (!allowed.has(role)) refused(answer, 403, 'FORBIDDEN');
                else assert.ok(![401, 403].includes(answer.status), `${role}: ${answer.status} ${answer.text}`);
            }
        });
    }

    for (const operation of operations.filter((o) => o.planned)) {
        it(`${operation.method} ${operation.path} is not built yet and says NOT_FOUND`, async () => {
            const { concrete, options } = requestOf(operation);
            refused(await box.owner.call(operation.method, concrete, options), 404, 'NOT_FOUND');
        });
    }

    it('open the socket for every role, and for nobody without one', async () => {
        for (const role of ROLES) {
            const live = await box.live(role);
            assert.equal((await live.next()).role, role);
        }
        refused(await upgradeRefused(box.server, {}), 401, 'UNAUTHENTICATED');
    });

    it('hold on the socket as well', async () => {
        const order = await box.send();
        const table = await box.freeTable();
        const ticket_id = order.tickets[0].id;
        const cases = [
            ['kitchen', { type: 'submit_order', order: box.takeout() }],
            ['display', { type: 'submit_order', order: box.takeout() }],
            ['kitchen', { type: 'set_status', ticket_id, status: 'served' }],
            ['kitchen', { type: 'set_status', order_id: order.id, status: 'cancelled' }],
            ['display', { type: 'set_status', ticket_id, status: 'ready' }],
            ['kitchen', { action: 'close_table', table_id: table.id }],
            ['waiter', { action: 'disable_table', table_id: table.id }],
            ['waiter', { action: 'enable_table', table_id: table.id }],
            ['kitchen', { action: 'move_table', from_table_id: table.id, to_table_id: table.id }],
        ];
        for (const [role, frame] of cases) {
            const live = await box.live(role);
            const answer = await live.request(frame);
            assert.deepEqual([answer.type, answer.code], ['error', 'FORBIDDEN'], `${role}: ${JSON.stringify(frame)}`);
            await live.close();
        }
        assert.equal((await box.waiter.orderNow(order.id)).version, order.version);
        assert.equal((await box.table(table.id)).status, 'free');
    });

    it('do not let open items be sent by the kitchen, nor closed tables be forced by waiters', async () => {
        const line = { open_name: 'Cake', open_price: 100, station: box.stations[0], quantity: 1 };
        refused(await box.kitchen.post('/orders', { order_type: 'takeout', items: [line] }), 403, 'FORBIDDEN');
        const table = await box.freeTable();
        await box.waiter.order(box.dineIn(table));
        refused(await box.waiter.post(`/tables/${table.id}/close`, { force: true }), 403, 'FORBIDDEN');
    });

    it('tell a credential of nobody apart from one of too low a role', async () => {
        const nobody = new Api(box.server, { token: 'n'.repeat(43) });
        refused(await nobody.post('/orders', box.takeout()), 401, 'UNAUTHENTICATED');
        refused(await box.display.post('/orders', box.takeout()), 403, 'FORBIDDEN');
    });
});
