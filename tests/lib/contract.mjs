/* SPDX-License-Identifier: MIT */
/** The machine-readable contract, and checks of real traffic against it, in both directions. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { parse } from 'yaml';

const folder = new URL('../../hub/api/', import.meta.url);
export const openapi = parse(readFileSync(new URL('openapi.yaml', folder), 'utf8'));
export const frames = JSON.parse(readFileSync(new URL('frames.schema.json', folder), 'utf8'));

const METHODS = ['get', 'put', 'post', 'delete', 'patch'];
const OPENAPI = 'servery:/contract/openapi.yaml';

const ajv = new Ajv2020({ strict: false, allErrors: true, verbose: true });
addFormats.default(ajv);
ajv.addSchema(openapi, OPENAPI);
ajv.addSchema(frames);

const compiled = new Map();
function validator(ref) {
    if (!compiled.has(ref)) compiled.set(ref, ajv.compile({ $ref: ref }));
    return compiled.get(ref);
}

function explain(errors) {
    return errors
        .slice(0, 6)
        .map(
            (e) =>
                `${e.instancePath || '(top)'} ${e.message} ${JSON.stringify(e.params)}, got ${JSON.stringify(e.data)?.slice(0, 120)}`,
        )
        .join('\n  ');
}

/** Throws an AssertionError that names what is wrong when `value` does not fit the schema. */
export function check(ref, value, what) {
    const valid = validator(ref);
    if (!valid(value)) assert.fail(`${what} breaks the contract (${ref.split('#')[1]}):\n  ${explain(valid.errors)}`);
}

export const fits = (ref, value) => validator(ref)(value);
export const schemaRef = (name) => `${OPENAPI}#/components/schemas/${name}`;
export const frameRef = (name) => `${frames.$id}#/$defs/${name}`;

/** Every operation of the contract: {method, path, roles, planned, op, pointer}. */
export const operations = Object.entries(openapi.paths).flatMap(([path, item]) =>
    METHODS.filter((method) => item[method]).map((method) => ({
        method: method.toUpperCase(),
        path,
        roles: item[method]['x-servery-role'],
        planned: item[method]['x-servery-status'] === 'planned',
        atRoot: item.servers !== undefined,
        op: item[method],
        pointer: `${OPENAPI}#/paths/${path.replaceAll('~', '~0').replaceAll('/', '~1')}/${method}`,
    })),
);

const above = { owner: [], manager: ['owner'], waiter: ['manager', 'owner'], kitchen: ['manager', 'owner'] };
const ANY = ['owner', 'manager', 'waiter', 'kitchen', 'display'];

/** All roles that a list such as [kitchen, waiter] or [any, guest] lets in; null when no credentials are needed. */
export function expandRoles(list) {
    if (list.length === 0) return null;
    const all = new Set();
    for (const role of list) {
        if (role === 'any') ANY.forEach((r) => all.add(r));
        else [role, ...(above[role] ?? [])].forEach((r) => all.add(r));
    }
    return all;
}

const matchers = operations.map((operation) => ({
    operation,
    pattern: new RegExp(`^${operation.path.replaceAll('.', '\\.').replace(/\{[^}]+\}/g, '[^/]+')}$`),
}));

/** The operation behind a concrete request path such as /r/main/api/v1/orders/17, or undefined. */
export function operationOf(method, requestPath) {
    let path = requestPath.split('?')[0].replace(/^\/r\/[^/]+(?=\/)/, '');
    const underApi = path.startsWith('/api/v1/');
    if (underApi) path = path.slice('/api/v1'.length);
    return matchers
        .filter(
            ({ operation, pattern }) =>
                operation.method === method && operation.atRoot === !underApi && pattern.test(path),
        )
        .sort((a, b) => (a.operation.path.match(/\{/g) ?? []).length - (b.operation.path.match(/\{/g) ?? []).length)[0]
        ?.operation;
}

const STATUS_OF = {
    MALFORMED_JSON: 400,
    UNAUTHENTICATED: 401,
    FORBIDDEN: 403,
    NOT_FOUND: 404,
    INVALID_TRANSITION: 409,
    ITEM_UNAVAILABLE: 409,
    TABLE_DISABLED: 409,
    TABLE_BUSY: 409,
    VERSION_CONFLICT: 409,
    IDEMPOTENCY_MISMATCH: 409,
    PAYLOAD_TOO_LARGE: 413,
    VALIDATION_ERROR: 422,
    RATE_LIMITED: 429,
    UNAVAILABLE: 503,
    STORAGE_FULL: 507,
};

function checkProblem(what, { status, headers, body }) {
    assert.match(headers['content-type'] ?? '', /^application\/problem\+json\b/, `${what}: content type of a problem`);
    check(schemaRef('Problem'), body, what);
    assert.equal(body.status, status, `${what}: status in the problem and of the answer`);
    assert.equal(STATUS_OF[body.code], status, `${what}: ${body.code} goes with another status`);
    if (body.code === 'RATE_LIMITED') assert.match(headers['retry-after'] ?? '', /^[1-9]\d*$/, `${what}: Retry-After`);
    if (body.code === 'VERSION_CONFLICT') assert.ok(body.current, `${what}: the present object under current`);
}

function checkHeaders(what, documented, headers) {
    for (const [name, header] of Object.entries(documented.headers ?? {})) {
        const value = headers[name.toLowerCase()];
        if (name === 'ETag') assert.match(value ?? '', /^(W\/)?"[^"]+"$/, `${what}: ETag`);
        if (name === 'Idempotency-Replayed' && value !== undefined) assert.equal(value, 'true', `${what}: ${name}`);
        assert.ok(header, what);
    }
}

function resolve(object) {
    if (!object?.$ref) return object;
    return object.$ref
        .slice(2)
        .split('/')
        .reduce((at, key) => at[key], openapi);
}

/**
 * Checks one exchange: documented status, content type, headers, body; and that a request which was accepted is one that the
 * contract allows. `body` is parsed JSON (or text, or a Buffer); `sent` the parsed JSON that was sent, or undefined.
 */
export function checkExchange({ method, path, status, headers, body, sent }) {
    const what = `${method} ${path} -> ${status}`;
    const operation = operationOf(method, path);
    if (status >= 400) checkProblem(what, { status, headers, body });
    if (!operation) {
        assert.equal(status, 404, `${what}: not in the contract, yet answered`);
        return;
    }
    if (operation.planned) {
        if (status < 400) assert.fail(`${what}: marked as planned, yet answered`);
        return;
    }
    if (status >= 400) return;
    const documented = resolve(operation.op.responses[status]);
    assert.ok(documented, `${what}: status not documented`);
    checkHeaders(what, documented, headers);
    const type = (headers['content-type'] ?? '').split(';')[0].trim();
    if (!documented.content) {
        assert.ok(body === undefined || body.length === 0, `${what}: a body where there should be none`);
    } else {
        assert.ok(documented.content[type], `${what}: content type ${type || '(none)'} not documented`);
        if (type === 'application/json') checkBody(operation, status, documented, body, what);
    }
    if (sent !== undefined && operation.op.requestBody) {
        check(`${operation.pointer}/requestBody/content/application~1json/schema`, sent, `${what}: accepted request`);
    }
    if (operation.path === '/events') body.events.forEach((frame) => checkFrame(frame, `${what}: event`));
}

function checkBody(operation, status, documented, body, what) {
    const own = operation.op.responses[status].$ref;
    const base = own ? `${OPENAPI}${own}` : `${operation.pointer}/responses/${status}`;
    check(`${base}/content/application~1json/schema`, body, what);
    assert.ok(documented, what);
}

/** Checks a frame from the server. */
export function checkFrame(frame, what = 'frame from the server') {
    const known = frames.$defs.server_frame.oneOf.some(({ $ref }) => $ref === `#/$defs/${frame?.type}`);
    assert.ok(known, `${what}: type ${JSON.stringify(frame?.type)} is not in the contract`);
    check(frameRef(frame.type), frame, `${what} ${frame.type}`);
}

/** Checks that a frame which the server acknowledged is one that the contract allows. */
export function checkAccepted(frame) {
    const name = frame.type ?? frame.action ?? 'actions';
    check(frameRef(name), frame, `accepted frame ${name}`);
}
