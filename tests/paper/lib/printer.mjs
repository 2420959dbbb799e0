// SPDX-License-Identifier: MIT
/** A receipt printer on a TCP port that keeps what it burns, takes nothing that it does not know, and can be in any trouble. */
import net from 'node:net';
import { once } from 'node:events';

const DUPLICATE = Buffer.from('*** POSSIBLE DUPLICATE ***\n');
const BURN_MS = 2;

/** Reads one language of printers: the command at that place, {name, length, ...}, or null when its end has not come yet. */
class Bytes {
    constructor(bytes, at) {
        Object.assign(this, { bytes, at, left: bytes.length - at });
    }

    is = (...codes) => codes.every((code, i) => i >= this.left || this.bytes[this.at + i] === code);
    whole = (length, command) => (this.left >= length ? { ...command, length } : null);
    slice = (from, to) => this.bytes.subarray(this.at + from, this.at + to);
    number = (from) => this.bytes.readUInt16LE(this.at + from);
    unknown() {
        throw new Error(`unknown bytes ${this.slice(0, 4).toString('hex')} at ${this.at}`);
    }
}

function escposAt(bytes, at) {
    const b = new Bytes(bytes, at);
    if (b.is(0x1b, 0x40)) return b.whole(2, { name: 'begin' });
    if (b.is(0x1b, 0x42)) return b.whole(4, { name: 'buzzer' });
    if (b.is(0x1b, 0x70)) return b.whole(5, { name: 'drawer' });
    if (b.is(0x1b, 0x33, 16)) return b.whole(3, { name: 'tight' });
    if (b.is(0x1b, 0x32)) return b.whole(2, { name: 'loose' });
    if (b.is(0x1b, 0x2a, 0)) {
        if (b.left < 5) return null;
        return b.whole(5 + b.number(3), { name: 'needles', columns: b.slice(5, 5 + b.number(3)) });
    }
    if (b.is(0x0a)) return b.whole(1, { name: 'line' });
    if (b.is(0x1d, 0x72, 1)) return b.whole(3, { name: 'paper?' });
    if (b.is(0x1d, 0x49, 66)) return b.whole(3, { name: 'maker?' });
    if (b.is(0x1d, 0x28, 0x48, 6, 0, 48, 48)) return b.whole(11, { name: 'process?', id: b.slice(7, 11) });
    if (b.is(0x1d, 0x76, 0x30, 0)) {
        if (b.left < 8) return null;
        const [stride, rows] = [b.number(4), b.number(6)];
        return b.whole(8 + stride * rows, { name: 'raster', stride, rows, bits: b.slice(8, 8 + stride * rows) });
    }
    if (b.is(0x1d, 0x56, 66)) return b.whole(4, { name: 'cut' });
    if (b.is(...DUPLICATE)) return b.whole(DUPLICATE.length, { name: 'duplicate' });
    return b.unknown();
}

const text = (words) => [...Buffer.from(words, 'latin1')];

function starAt(bytes, at) {
    const b = new Bytes(bytes, at);
    if (b.is(0x1b, 0x40)) return b.whole(2, { name: 'begin' });
    if (b.is(0x1b, ...text('*rA'))) return b.whole(4, { name: 'enter' });
    if (b.is(0x1b, ...text('*rP0\0'))) return b.whole(6, { name: 'length' });
    if (b.is(0x1b, ...text('*rE13\0'))) return b.whole(7, { name: 'end' });
    if (b.is(0x1b, ...text('*rB'))) return b.whole(4, { name: 'cut' });
    if (b.is(0x62)) {
        if (b.left < 3) return null;
        return b.whole(3 + b.number(1), { name: 'star', bits: b.slice(3, 3 + b.number(1)) });
    }
    return b.unknown();
}

export const LANGUAGES = { escpos: escposAt, star: starAt };

/** Eight dots below each other, a byte a column, as rows. */
function rowsOfNeedles(columns, stride) {
    const bits = Buffer.alloc(stride * 8);
    columns.forEach((dots, x) => {
        for (let y = 0; y < 8; y++) if (dots & (0x80 >> y)) bits[y * stride + (x >> 3)] |= 0x80 >> (x & 7);
    });
    return bits;
}

const NEEDLES_STRIDE = 25; /* 200 dots */
const STAR_STRIDE = 72;

/** Puts commands together to tickets: {width, height, bits, marked, buzzed, kicked}, cut by cut. */
class Roll {
    constructor() {
        this.fresh();
    }

    fresh() {
        Object.assign(this, { slices: [], marked: false, buzzed: false, kicked: false, columns: null });
    }

    add(stride, rows, bits) {
        if (this.slices.some((s) => s.stride !== stride)) throw new Error('slices of different widths');
        this.slices.push({ stride, rows, bits });
    }

    /** A line of needles is struck when it is fed; an empty one is only fed. */
    feed() {
        if ((this.columns?.length ?? 0) > NEEDLES_STRIDE * 8) throw new Error('more dots than needles reach');
        this.add(NEEDLES_STRIDE, 8, rowsOfNeedles(this.columns ?? [], NEEDLES_STRIDE));
        this.columns = null;
    }

    /** A ticket when this command cuts one off. */
    take(command) {
        if (command.name === 'duplicate') this.marked = true;
        if (command.name === 'buzzer') this.buzzed = true;
        if (command.name === 'drawer') this.kicked = true;
        if (command.name === 'raster') this.add(command.stride, command.rows, command.bits);
        if (command.name === 'needles') this.columns = command.columns;
        if (command.name === 'line') this.feed();
        if (command.name === 'star') this.add(STAR_STRIDE, 1, Buffer.concat([command.bits, Buffer.alloc(STAR_STRIDE - command.bits.length)]));
        if (command.name !== 'cut') return null;
        const { slices, marked, buzzed, kicked } = this;
        this.fresh();
        const height = slices.reduce((sum, s) => sum + s.rows, 0);
        return { width: (slices[0]?.stride ?? 0) * 8, height, bits: Buffer.concat(slices.map((s) => s.bits)), marked, buzzed, kicked };
    }
}

/** Bytes of one connection as tickets. Throws at the first unknown byte, and when they end in the middle. */
export function decodeTickets(bytes, language = 'escpos') {
    const commandAt = LANGUAGES[language];
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
    constructor(language = 'escpos') {
        this.language = language;
        this.firstBytes = []; /* when a connection's first byte of a ticket came, by performance.now() */
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
        this.maker = 'EPSON'; /* as it calls itself; null: it does not know the question */
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
            const command = LANGUAGES[this.printer.language](this.pending, 0);
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
        if (command.name === 'maker?' && printer.maker) this.say(0x5f, ...text(printer.maker), 0);
        if (command.name === 'process?' && printer.maker !== 'EPSON') throw new Error('a printer that does not know GS ( H prints it');
        if (command.name === 'begin') printer.firstBytes.push(performance.now());
        if (command.name === 'process?') this.say(0x37, 0x22, ...command.id, 0);
        if (!['raster', 'needles'].includes(command.name)) return;
        const ms = printer.bytesPerSecond === Infinity ? BURN_MS : (command.length / printer.bytesPerSecond) * 1000;
        this.timer = setTimeout(() => {
            this.timer = null;
            this.go();
        }, ms);
    }
}
