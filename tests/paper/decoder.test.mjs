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

    it('writes pictures that can be looked at', () => {
        const png = encodePng({ width: 8, height: 2, bits: Buffer.from([0xaa, 0x55]) });
        assert.equal(png.subarray(1, 4).toString(), 'PNG');
        assert.throws(() => decodePng(png), /depth 1/);
    });
});
