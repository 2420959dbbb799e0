/* SPDX-License-Identifier: MIT */
/** Printers and bells set up by the command line, and what is said when they are not there. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Box } from '../lib/box.mjs';
import { run, temporaryFolder } from '../lib/server.mjs';

describe('devices that are not there', () => {
    const box = new Box({ args: ['--gpio', temporaryFolder()] });
    let awake;
    const cli = async (words, code = 0) => {
        const answer = await run([...words, '--data', box.server.data]);
        assert.equal(answer.code, code, answer.stderr);
        return answer;
    };
    const device = async (name) => (await box.waiter.read('/devices')).devices.find((d) => d.name === name);
    const until = async (what, look) => {
        for (let n = 0; n < 400; n++) {
            const found = await look();
            if (found) return found;
            await new Promise((resolve) => setTimeout(resolve, 25));
        }
        return assert.fail(`waited in vain: ${what}`);
    };

    before(async () => {
        awake = setInterval(() => {}, 1000);
        await box.open();
    });
    after(async () => {
        await box.close();
        clearInterval(awake);
    });

    it('are refused by the command line when they make no sense', async () => {
        for (const words of [
            ['printer', 'add', '--driver', 'cups', '--address', 'q'],
            ['printer', 'add', '--name', 'P', '--driver', 'fax', '--address', 'q'],
            ['printer', 'add', '--name', 'P', '--driver', 'cups'],
            ['printer', 'add', '--name', 'P', '--driver', 'cups', '--address', 'q', '--width', '100'],
            ['printer', 'remove'],
            ['bell', 'set', '--line', 'GPIO17'],
        ]) {
            const { stderr } = await cli(words, 2);
            assert.match(stderr, /^servery: /);
        }
        assert.match((await cli(['bell', 'set', '--station', 'nowhere', '--line', 'GPIO17'], 3)).stderr, /no station nowhere/);
        assert.match((await cli(['printer', 'add', '--name', 'P', '--driver', 'strip', '--station', 'nowhere'], 3)).stderr, /no station nowhere/);
        assert.match((await cli(['printer', 'remove', '--name', 'P'], 3)).stderr, /no printer P/);
    });

    it('are shown as failed with a word how to mend it, and orders go on', async () => {
        await cli(['bell', 'set', '--station', 'grill', '--line', 'GPIO17']);
        await cli(['printer', 'add', '--name', 'Nowhere', '--driver', 'cups', '--address', 'kot@127.0.0.1:1', '--station', 'grill']);
        assert.match((await cli(['printer', 'list'])).stdout, /^Nowhere\tgrill\tcups\tkot@127\.0\.0\.1:1\t576\t/m);
        await box.server.restart();
        await box.connect();
        const order = await box.send('grill');
        assert.equal(order.order_status, 'pending');
        const bell = await until('the bell', async () => {
            const found = await device('Bell grill');
            return found?.state === 'failed' && found;
        });
        assert.ok(bell.detail && bell.fix);
        assert.equal(bell.lit, false);
        const printer = await until('the printer', async () => {
            const found = await device('Nowhere');
            return found?.state === 'silent' && found;
        });
        assert.ok(printer.detail && printer.fix);
        const alerts = await until('the alerts', async () => {
            const codes = (await box.kitchen.read('/alerts')).alerts.map((a) => a.code);
            return codes.includes('BELL_FAILED') && codes.includes('PRINTER_NOT_READY') && codes;
        });
        assert.equal(new Set(alerts).size, alerts.length, 'one alert a fault');
        assert.equal((await box.send('grill')).order_status, 'pending');
    });

    it('are gone when they are taken out of use, with what they owed', async () => {
        await cli(['printer', 'remove', '--name', 'Nowhere']);
        await cli(['bell', 'set', '--station', 'grill']);
        await box.server.restart();
        await box.connect();
        assert.equal(await device('Nowhere'), undefined);
        await until('an empty ledger', async () =>
            /servery_prints\{state="queued"\} 0/.test((await box.manager.get('/metrics', { absolute: true })).text));
        await cli(['bell', 'off'], 0);
    });
});
