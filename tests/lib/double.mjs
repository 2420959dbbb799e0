/* SPDX-License-Identifier: MIT */
/** A double of the server for harness.test.mjs: as small as can be, honest or lying as its first argument says. */
import http from 'node:http';
import { WebSocketServer } from 'ws';

const [mode, command, ...rest] = process.argv.slice(2);
if (mode === 'asan') process.stderr.write('==7==ERROR: AddressSanitizer: heap-use-after-free on address 0x1\n');
if (command === 'token') {
    process.stdout.write('0123456789abcdefghijklmnopqrstuvwxyzABCDEFG\n');
    process.exit(0);
}
if (mode === 'dead') {
    process.stderr.write('no luck today\n');
    process.exit(3);
}

const log_id = '6ba7b810-9dad-41d1-80b4-00c04fd430c8';
const lying = mode === 'liar';
const problem = (status, code) =>
    JSON.stringify({ type: 'about:blank', title: 'No', status, code, detail: 'Not here.' });

/** Path to [status, body]; anything else is a 404. */
const answers = {
    '/api/v1/health': [200, { status: lying ? 'fine' : 'ok', version: '1', log_id }],
    ...(lying && {
        '/api/v1/tables': [202, { tables: [] }],
        '/api/v1/nowhere': [200, {}],
        '/api/v1/orders/17': [404, {}],
    }),
};

/** An order that no schema of answers can fault, so that only the request is wrong. */
function accept(response) {
    const now = '2026-11-20T10:30:45.123Z';
    const none = Object.fromEntries(
        [
            'table_id',
            'table_name',
            'guests',
            'customer_name',
            'customer_phone',
            'payment_method',
            'client_created_at',
        ].map((k) => [k, null]),
    );
    const money = { subtotal: 1, discount: 0, service_charge: 0, tax: 0, total_price: 1 };
    const item = {
        id: 1,
        menu_item_id: 1,
        name: 'Tea',
        kitchen_name: null,
        quantity: 1,
        unit_price: 1,
        modifiers: [],
        note: '',
        seat: null,
        course: 1,
        station: 'bar',
        item_status: 'held',
        ticket_id: null,
    };
    const order = {
        id: 1,
        order_number: 'ORD-20261120-001',
        restaurant_id: 'main',
        order_type: 'takeout',
        order_status: 'held',
        payment_status: 'pending',
        priority: 'normal',
        source: 'api',
        note: '',
        currency: 'EUR',
        estimated_time: 1,
        created_at: now,
        updated_at: now,
        created_by: { kind: 'token', id: 1, name: 't' },
        version: 1,
        items: [item],
        tickets: [],
        ...none,
        ...money,
    };
    response.writeHead(201, { 'Content-Type': 'application/json', ETag: '"1"' }).end(JSON.stringify(order));
}

const server = http.createServer((request, response) => {
    request.resume();
    if (lying && request.method === 'POST') {
        accept(response);
        return;
    }
    const [status, body] = answers[request.url] ?? [404, null];
    if (body) response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
    else response.writeHead(404, { 'Content-Type': 'application/problem+json' }).end(problem(404, 'NOT_FOUND'));
});

const sockets = new WebSocketServer({ noServer: true });
server.on('upgrade', (request, socket, head) => {
    if (request.url.includes('token=bad')) {
        const body = problem(401, 'UNAUTHENTICATED');
        socket.end(
            `HTTP/1.1 401 Unauthorized\r\nContent-Type: application/problem+json\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`,
        );
        return;
    }
    sockets.handleUpgrade(request, socket, head, (ws) => {
        const server_time = new Date().toISOString();
        const hello = {
            type: 'connection_established',
            restaurant_id: 'main',
            role: 'waiter',
            client_id: 'c1',
            protocol: 1,
            heartbeat_s: 15,
            server_time,
            log_id,
        };
        if (lying) delete hello.log_id;
        ws.send(JSON.stringify(hello));
        ws.on('message', (text) =>
            ws.send(JSON.stringify({ type: 'pong', request_id: JSON.parse(text).request_id, server_time })),
        );
    });
});

process.on('SIGTERM', () => process.exit(mode === 'rude' ? 1 : 0));
server.listen(0, '127.0.0.1', () => {
    if (rest.includes('--demo'))
        process.stdout.write('The demo restaurant has these people:\n  Maria (waiter)  PIN 1234\n');
    process.stdout.write(`Servery is ready at http://127.0.0.1:${server.address().port}\n`);
});
