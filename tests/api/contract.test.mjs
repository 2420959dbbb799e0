/* SPDX-License-Identifier: MIT */
/** The contract against the server's own table of routes, in both directions. Answers are checked by every other test. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { expandRoles, operations } from '../lib/contract.mjs';
import { run } from '../lib/server.mjs';

const anonymous = (path) => path.replace(/\{[^}]+\}/g, '{}');
const roleText = (roles) => (roles === null ? '-' : [...roles].sort().join(','));

async function servedRoutes() {
    const { code, stdout } = await run(['routes']);
    assert.equal(code, 0);
    const routes = new Map();
    for (const line of stdout.trimEnd().split('\n')) {
        const [, method, path, roles] =
            /^(GET|PUT|POST|PATCH|DELETE) (\/\S*) (\S+)/.exec(line) ?? assert.fail(`not a route: ${line}`);
        const name = `${method} ${anonymous(path)}`;
        assert.ok(!routes.has(name), `${name} is there twice`);
        routes.set(name, roleText(roles === '-' ? null : expandRoles(roles.split(','))));
    }
    return routes;
}

describe('the contract and the server', () => {
    const promised = new Map(operations.map((o) => [`${o.method} ${anonymous(o.path)}`, o]));

    it('know the same routes: nothing is served that the contract does not name', async () => {
        for (const name of (await servedRoutes()).keys())
            assert.ok(promised.has(name), `${name} is not in openapi.yaml`);
    });

    it('know the same routes: nothing is promised that is not served', async () => {
        const served = await servedRoutes();
        for (const [name, { planned }] of promised) if (!planned) assert.ok(served.has(name), `${name} is not served`);
    });

    it('agree on who may do what', async () => {
        const served = await servedRoutes();
        for (const [name, { roles }] of promised)
            if (served.has(name)) assert.equal(served.get(name), roleText(expandRoles(roles)), name);
    });
});
