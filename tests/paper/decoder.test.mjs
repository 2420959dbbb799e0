// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decodePng, encodePng } from './lib/png.mjs';
import { decodeTickets } from './lib/printer.mjs';

const raster = (stride, rows, fill) =>
    Buffer.concat([Buffer.from([0x1d, 0x76, 0x30, 0, stride, 0, rows, 0]), Buffer.alloc(stride * rows, fill)]);
const cut = Buffer.from([0x1d, 0x56, 66, 96]);

describe('the recording printer', () => {
    it('puts slices together and cuts them apart', () => {
        const bytes = Buffer.concat([Buffer.from('\x1b@', 'latin1'), raster(2, 3, 0xff), raster(2, 1, 0), cut, raster(1, 1, 7), cut]);
        const [first, second] = decodeTickets(bytes);
        assert.deepEqual([first.width, first.height, first.bits.length], [16, 4, 8]);
        assert.deepEqual([second.width, second.height, second.bits[0]], [8, 1, 7]);
    });

    it('refuses what it does not know, and what is not whole', () => {
        for (const bytes of [
            Buffer.from('hello'),
            Buffer.from([0x10, 0x04, 1]),
            Buffer.from([0x1d, 0x76, 0x30, 1, 1, 0, 1, 0, 0]),
            raster(2, 2, 0).subarray(0, 10),
            raster(2, 2, 0),
            Buffer.concat([raster(1, 1, 0), raster(2, 1, 0), cut]),
            Buffer.from([0x1d, 0x56, 0]),
            Buffer.from([0x1b]),
        ])
            assert.throws(() => decodeTickets(bytes), /\w/);
    });

    it('reads needles and Star as strictly', () => {
        const needles = Buffer.from([0x1b, 0x40, 0x1b, 0x33, 16, 0x1b, 0x2a, 0, 2, 0, 0x80, 0x01, 0x0a, 0x0a, 0x1b, 0x32, 0x1d, 0x56, 66, 0]);
        const [struck] = decodeTickets(needles);
        assert.deepEqual([struck.width, struck.height, struck.bits[0], struck.bits[25 * 7]], [200, 16, 0x80, 0x40]);
        const star = Buffer.concat([Buffer.from('\x1b@\x1b*rA\x1b*rP0\0\x1b*rE13\0', 'latin1'), Buffer.from([0x62, 1, 0, 0xf0]), Buffer.from('\x1b*rB', 'latin1')]);
        const [burned] = decodeTickets(star, 'star');
        assert.deepEqual([burned.width, burned.height, burned.bits[0]], [576, 1, 0xf0]);
        assert.throws(() => decodeTickets(star), /unknown/);
        assert.throws(() => decodeTickets(needles, 'star'), /unknown/);
    });

    it('says what is wrong with any bytes, and never breaks over them', () => {
        const whole = Buffer.concat([Buffer.from('\x1b@', 'latin1'), raster(2, 3, 0x55), cut]);
        let seed = 7;
        const random = (n) => Math.floor(((seed = (seed * 1664525 + 1013904223) % 2 ** 32) / 2 ** 32) * n);
        let refused = 0;
        for (let round = 0; round < 3000; round++) {
            const bytes = Buffer.from(whole).subarray(0, whole.length - random(3));
            for (let n = random(4); n >= 0; n--) bytes[random(bytes.length)] = random(256);
            try {
                decodeTickets(bytes, round % 2 ? 'escpos' : 'star');
            } catch (error) {
                assert.match(error.message, /unknown bytes|ends inside|not cut off|different widths|more dots/);
                refused++;
            }
        }
        assert.ok(refused > 2000, `${refused} refused`);
    });

    it('writes pictures that can be looked at', () => {
        const png = encodePng({ width: 8, height: 2, bits: Buffer.from([0xaa, 0x55]) });
        assert.equal(png.subarray(1, 4).toString(), 'PNG');
        assert.throws(() => decodePng(png), /depth 1/);
    });
});
