// SPDX-License-Identifier: MIT
/** A receipt printer on a TCP port that keeps what it burns, and takes nothing that it does not know. */
import net from 'node:net';
import { once } from 'node:events';

/** Bytes of one connection as tickets: {width, height, bits}, cut by cut. Throws at the first unknown byte. */
export function decodeTickets(bytes) {
    const tickets = [];
    let slices = [];
    const need = (at, count) => {
        if (at + count > bytes.length) throw new Error(`the data ends inside a command at ${at}`);
    };
    for (let at = 0; at < bytes.length;) {
        need(at, 2);
        const command = bytes.toString('latin1', at, at + 2);
        if (command === '\x1b@') {
            at += 2;
        } else if (command === '\x1dv') {
            need(at, 8);
            const [stride, rows] = [bytes.readUInt16LE(at + 4), bytes.readUInt16LE(at + 6)];
            if (bytes[at + 2] !== 0x30 || bytes[at + 3] !== 0) throw new Error(`a raster of another kind at ${at}`);
            need(at + 8, stride * rows);
            slices.push({ stride, rows, bits: bytes.subarray(at + 8, at + 8 + stride * rows) });
            at += 8 + stride * rows;
        } else if (command === '\x1dV') {
            need(at, 4);
            if (bytes[at + 2] !== 66) throw new Error(`a cut of another kind at ${at}`);
            const stride = slices[0]?.stride ?? 0;
            if (slices.some((s) => s.stride !== stride)) throw new Error('slices of different widths');
            tickets.push({
                width: stride * 8,
                height: slices.reduce((sum, s) => sum + s.rows, 0),
                bits: Buffer.concat(slices.map((s) => s.bits)),
            });
            slices = [];
            at += 4;
        } else {
            throw new Error(`unknown byte ${bytes[at].toString(16)} ${bytes[at + 1]?.toString(16)} at ${at}`);
        }
    }
    if (slices.length) throw new Error('a ticket that was not cut off');
    return tickets;
}

export class RecordingPrinter {
    constructor() {
        this.tickets = [];
        this.faults = [];
        this.connections = new Set();
        this.port = 0;
    }

    /** On, at the port it had before, if any. */
    async on() {
        this.server = net.createServer((socket) => this.take(socket));
        this.server.listen(this.port, '127.0.0.1');
        await once(this.server, 'listening');
        this.port = this.server.address().port;
    }

    take(socket) {
        const chunks = [];
        this.connections.add(socket);
        socket.on('data', (data) => chunks.push(data));
        socket.on('error', () => {});
        socket.on('end', () => {
            try {
                this.tickets.push(...decodeTickets(Buffer.concat(chunks)));
            } catch (error) {
                this.faults.push(error);
            }
            socket.end();
        });
        socket.on('close', () => this.connections.delete(socket));
    }

    /** Its plug is pulled. */
    async off() {
        for (const socket of this.connections) socket.resetAndDestroy();
        if (!this.server) return;
        this.server.close();
        this.server = null;
    }
}
