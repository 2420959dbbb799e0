// SPDX-License-Identifier: MIT
/** Just enough PNG for tickets: one bit a dot in, black or white out. */
import zlib from 'node:zlib';

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

const TABLE = Array.from({ length: 256 }, (_, n) => {
    for (let k = 0; k < 8; k++) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1;
    return n >>> 0;
});

function crc32(bytes) {
    let crc = 0xffffffff;
    for (const byte of bytes) crc = TABLE[(crc ^ byte) & 0xff] ^ (crc >>> 8);
    return (crc ^ 0xffffffff) >>> 0;
}

function chunk(type, data) {
    const head = Buffer.concat([Buffer.from(type, 'latin1'), data]);
    const out = Buffer.alloc(head.length + 8);
    out.writeUInt32BE(data.length, 0);
    head.copy(out, 4);
    out.writeUInt32BE(crc32(head), head.length + 4);
    return out;
}

/** `bits`: rows of whole bytes, 1 = black. A grey 1-bit PNG. */
export function encodePng({ width, height, bits }) {
    const stride = Math.ceil(width / 8);
    const raw = Buffer.alloc((stride + 1) * height);
    for (let y = 0; y < height; y++)
        for (let x = 0; x < stride; x++) raw[y * (stride + 1) + 1 + x] = ~bits[y * stride + x] & 0xff;
    const head = Buffer.alloc(13);
    head.writeUInt32BE(width, 0);
    head.writeUInt32BE(height, 4);
    head[8] = 1;
    return Buffer.concat([SIGNATURE, chunk('IHDR', head), chunk('IDAT', zlib.deflateSync(raw)), chunk('IEND', Buffer.alloc(0))]);
}

function unfilter(raw, height, stride, pixel) {
    const out = Buffer.alloc(stride * height);
    for (let y = 0; y < height; y++) {
        const kind = raw[y * (stride + 1)];
        for (let x = 0; x < stride; x++) {
            const left = x >= pixel ? out[y * stride + x - pixel] : 0;
            const up = y ? out[(y - 1) * stride + x] : 0;
            const corner = y && x >= pixel ? out[(y - 1) * stride + x - pixel] : 0;
            let guess = 0;
            if (kind === 1) guess = left;
            else if (kind === 2) guess = up;
            else if (kind === 3) guess = (left + up) >> 1;
            else if (kind === 4) {
                const [a, b, c] = [left, up, corner].map((v) => Math.abs(left + up - corner - v));
                guess = a <= b && a <= c ? left : b <= c ? up : corner;
            }
            out[y * stride + x] = (raw[y * (stride + 1) + 1 + x] + guess) & 0xff;
        }
    }
    return out;
}

/** An 8-bit RGB or grey PNG as {width, height, bits}. */
export function decodePng(buffer) {
    const data = [];
    let width, height, channels;
    for (let at = 8; at < buffer.length;) {
        const length = buffer.readUInt32BE(at);
        const type = buffer.toString('latin1', at + 4, at + 8);
        const body = buffer.subarray(at + 8, at + 8 + length);
        if (type === 'IHDR') {
            [width, height] = [body.readUInt32BE(0), body.readUInt32BE(4)];
            channels = { 0: 1, 2: 3, 6: 4 }[body[9]];
            if (body[8] !== 8 || !channels) throw new Error(`a PNG of depth ${body[8]}, colour ${body[9]}`);
        }
        if (type === 'IDAT') data.push(body);
        at += length + 12;
    }
    const pixels = unfilter(zlib.inflateSync(Buffer.concat(data)), height, width * channels, channels);
    const stride = Math.ceil(width / 8);
    const bits = Buffer.alloc(stride * height);
    for (let y = 0; y < height; y++)
        for (let x = 0; x < width; x++)
            if (pixels[(y * width + x) * channels] < 128) bits[y * stride + (x >> 3)] |= 0x80 >> (x & 7);
    return { width, height, bits };
}

/** What encodePng() wrote. */
export function decodeBits(buffer) {
    const [width, height] = [buffer.readUInt32BE(16), buffer.readUInt32BE(20)];
    const data = [];
    for (let at = 8; at < buffer.length;) {
        const length = buffer.readUInt32BE(at);
        if (buffer.toString('latin1', at + 4, at + 8) === 'IDAT') data.push(buffer.subarray(at + 8, at + 8 + length));
        at += length + 12;
    }
    if (buffer[24] !== 1 || buffer[25] !== 0) throw new Error('not a picture of single dots');
    const stride = Math.ceil(width / 8);
    const bits = unfilter(zlib.inflateSync(Buffer.concat(data)), height, stride, 1);
    for (let i = 0; i < bits.length; i++) bits[i] = ~bits[i] & 0xff;
    return { width, height, bits };
}
