// SPDX-License-Identifier: MIT
/** A receipt printer on a TCP port that keeps what it burns, takes nothing that it does not know, and can be in any trouble. */
import net from 'node:net';
import { once } from 'node:events';

const DUPLICATE = Buffer.from('*** POSSIBLE DUPLICATE ***\n');
const BURN_MS = 2;

/** The command at that place: {name, length, ...}, or null when its end has not come yet. Throws at an unknown byte. */
function commandAt(bytes, at) {
    const left = bytes.length - at;
    const is = (...codes) => codes.every((code, i) => i >= left || bytes[at + i] === code);
    const whole = (length, command) => (left >= length ? { ...command, length } : null);
    if (is(0x1b, 0x40)) return whole(2, { name: 'begin' });
    if (is(0x1b, 0x42)) return whole(4, { name: 'buzzer' });
    if (is(0x1b, 0x70)) return whole(5, { name: 'drawer' });
    if (is(0x1d, 0x72, 1)) return whole(3, { name: 'paper?' });
    if (is(0x1d, 0x28, 0x48, 6, 0, 48, 48)) return whole(11, { name: 'process?', id: bytes.subarray(at + 7, at + 11) });
    if (is(0x1d, 0x76, 0x30, 0)) {
        if (left < 8) return null;
        const [stride, rows] = [bytes.readUInt16LE(at + 4), bytes.readUInt16LE(at + 6)];
        return whole(8 + stride * rows, { name: 'raster', stride, rows, bits: bytes.subarray(at + 8, at + 8 + stride * rows) });
    }
    if (is(0x1d, 0x56, 66)) return whole(4, { name: 'cut' });
    if (is(...DUPLICATE)) return whole(DUPLICATE.length, { name: 'duplicate' });
    throw new Error(`unknown bytes ${bytes.subarray(at, at + 4).toString('hex')} at ${at}`);
}

/** Puts commands together to tickets: {width, height, bits, marked}, cut by cut. */
class Roll {
    constructor() {
        this.slices = [];
        this.marked = false;
    }

    /** A ticket when this command cuts one off. */
    take(command) {
        if (command.name === 'duplicate') this.marked = true;
        if (command.name === 'raster') this.slices.push(command);
        if (command.name !== 'cut') return null;
        const stride = this.slices[0]?.stride ?? 0;
        if (this.slices.some((s) => s.stride !== stride)) throw new Error('slices of different widths');
        const ticket = {
            width: stride * 8,
            height: this.slices.reduce((sum, s) => sum + s.rows, 0),
            bits: Buffer.concat(this.slices.map((s) => s.bits)),
            marked: this.marked,
        };
        this.slices = [];
        this.marked = false;
        return ticket;
    }
}

/** Bytes of one connection as tickets. Throws at the first unknown byte, and when they end in the middle. */
export function decodeTickets(bytes) {
    const tickets = [];
    const roll = new Roll();
    for (let at = 0; at < bytes.length;) {
        const command = commandAt(bytes, at);
        if (!command) throw new Error(`the data ends inside a command at ${at}`);
        const ticket = roll.take(command);
        if (ticket) tickets.push(ticket);
        at += command.length;
    }
    if (roll.slices.length) throw new Error('a ticket that was not cut off');
    return tickets;
}

export class RecordingPrinter {
    constructor() {
        this.tickets = [];
        this.faults = [];
        this.breaks = 0; /* connections that it has reset in the middle */
        this.connections = new Set();
        this.port = 0;
        this.well();
    }

    /** All troubles are over. */
    well() {
        this.paper = 'ok'; /* near, out */
        this.cover = false; /* open */
        this.mute = false; /* answers nothing */
        this.stalled = false; /* accepts, and never reads */
        this.bytesPerSecond = Infinity;
        this.resetAfter = Infinity; /* bytes of one connection */
        this.single = false; /* one connection at a time: others wait unanswered */
        this.lies = false; /* answers with bytes that mean nothing */
        for (const line of this.connections) line.go();
    }

    set(trouble) {
        Object.assign(this, trouble);
        for (const line of this.connections) line.go();
    }

    get blocked() {
        return this.stalled || this.cover || this.paper === 'out';
    }

    /** On, at the port it had before, if any. */
    async on() {
        this.server = net.createServer({ allowHalfOpen: true }, (socket) => new Line(this, socket));
        this.server.listen(this.port, '127.0.0.1');
        await once(this.server, 'listening');
        this.port = this.server.address().port;
    }

    /** Its plug is pulled. */
    async off() {
        for (const line of this.connections) line.socket.resetAndDestroy();
        if (!this.server) return;
        this.server.close();
        this.server = null;
    }

    /** The answer to DLE EOT: Epson's fixed bits, and what is wrong. */
    status(kind) {
        if (this.lies) return 0xa5;
        const out = this.paper === 'out';
        if (kind === 1) return 0x12 | (out || this.cover ? 0x08 : 0);
        if (kind === 2) return 0x12 | (this.cover ? 0x04 : 0) | (out ? 0x20 : 0);
        if (kind === 4) return 0x12 | (this.paper === 'ok' ? 0 : 0x0c) | (out ? 0x60 : 0);
        return 0x12;
    }
}

/** One connection: real-time questions are answered as they come, all else in its order, as fast as it burns. */
class Line {
    constructor(printer, socket) {
        Object.assign(this, { printer, socket, pending: Buffer.alloc(0), seen: 0, roll: new Roll(), ended: false, timer: null });
        printer.connections.add(this);
        socket.on('data', (data) => this.hear(data));
        socket.on('error', () => {});
        socket.on('end', () => {
            this.ended = true;
            this.go();
        });
        socket.on('close', () => {
            clearTimeout(this.timer);
            printer.connections.delete(this);
            for (const line of printer.connections) line.go(); /* the next one's turn */
        });
        this.go();
    }

    say(...bytes) {
        if (!this.printer.mute && this.socket.writable) this.socket.write(Buffer.from(bytes));
    }

    hear(data) {
        this.seen += data.length;
        if (this.seen >= this.printer.resetAfter) {
            this.printer.breaks++;
            this.socket.resetAndDestroy();
            return;
        }
        /* A question may come in two pieces: its beginning waits for the rest. */
        let bytes = Buffer.concat([this.held ?? Buffer.alloc(0), data]);
        this.held = null;
        const parts = [];
        for (;;) {
            const at = bytes.indexOf(Buffer.from([0x10, 0x04]));
            if (at < 0 || at + 2 >= bytes.length) break;
            parts.push(bytes.subarray(0, at));
            this.say(this.printer.status(bytes[at + 2]));
            bytes = bytes.subarray(at + 3);
        }
        const half = bytes.at(-1) === 0x10 ? 1 : bytes.at(-2) === 0x10 && bytes.at(-1) === 0x04 ? 2 : 0;
        if (half) {
            this.held = bytes.subarray(bytes.length - half);
            bytes = bytes.subarray(0, bytes.length - half);
            setTimeout(() => this.unhold(), 50);
        }
        this.pending = Buffer.concat([this.pending, ...parts, bytes]);
        this.go();
    }

    /** What looked like a question and was picture. */
    unhold() {
        if (!this.held) return;
        this.pending = Buffer.concat([this.pending, this.held]);
        this.held = null;
        this.go();
    }

    /** Only the oldest connection is served by a printer that knows one. */
    get waits() {
        return this.printer.single && [...this.printer.connections][0] !== this;
    }

    go() {
        if (this.printer.stalled || this.waits) this.socket.pause();
        else this.socket.resume();
        if (this.timer || this.printer.blocked || this.waits) return;
        try {
            this.burn();
        } catch (error) {
            this.printer.faults.push(error);
            this.pending = Buffer.alloc(0);
            this.socket.destroy();
        }
    }

    burn() {
        while (this.pending.length && !this.timer) {
            const command = commandAt(this.pending, 0);
            if (!command) break;
            this.pending = this.pending.subarray(command.length);
            this.obey(command);
        }
        if (!this.ended || this.timer) return;
        if (this.pending.length) throw new Error('the data ends inside a command');
        this.socket.end();
    }

    obey(command) {
        const { printer } = this;
        const ticket = this.roll.take(command);
        if (ticket) printer.tickets.push(ticket);
        if (command.name === 'paper?') this.say(printer.paper === 'near' ? 0x03 : 0x00);
        if (command.name === 'process?') this.say(0x37, 0x22, ...command.id, 0);
        if (command.name !== 'raster') return;
        const ms = printer.bytesPerSecond === Infinity ? BURN_MS : (command.length / printer.bytesPerSecond) * 1000;
        this.timer = setTimeout(() => {
            this.timer = null;
            this.go();
        }, ms);
    }
}
