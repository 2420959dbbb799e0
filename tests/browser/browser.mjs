// SPDX-License-Identifier: MIT
/** Windows of a real browser on a real server: one context a person, as on a device of their own. */
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export const SIZES = {
    phone: { width: 390, height: 844 },
    tablet: { width: 820, height: 1180 },
    laptop: { width: 1366, height: 768 },
    wall: { width: 1920, height: 1080 },
    portrait: { width: 1080, height: 1920 },
    narrow: { width: 320, height: 640 },
};

/** Pictures go here when it is set; they are for people to look at, no test compares them. */
const LOOKS = process.env.SERVERY_LOOKS;
if (LOOKS) mkdirSync(LOOKS, { recursive: true });

export class Windows {
    constructor(box) {
        this.box = box;
        this.complaints = [];
    }

    async open() {
        this.browser = await chromium.launch({
            executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
            args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
                '--disable-component-update', '--disable-sync'],
        });
    }

    close = () => this.browser.close();

    /** A device of somebody's own: cookies, storage, size. */
    device = (size, options = {}) =>
        this.browser.newContext({ viewport: SIZES[size], hasTouch: size !== 'wall', ...options });

    async page(device, path) {
        const page = await device.newPage();
        page.setDefaultTimeout(20_000);
        page.on('pageerror', (error) => this.complaints.push(`${path}: ${error.message}`));
        page.on('console', (message) => {
            if (/Content Security Policy|Uncaught|TypeError/.test(message.text())) this.complaints.push(`${path}: ${message.text()}`);
        });
        await page.goto(this.box.server.url + path);
        return page;
    }

    /** Signs a person in on whatever page asks for it. */
    async signIn(page, role) {
        const { name, pin } = this.box.server.person(role);
        await page.getByTestId('sign-in').getByText(name, { exact: false }).first().click();
        for (const digit of pin) await page.getByTestId(`pin-${digit}`).click();
        await page.getByTestId('pin-submit').click();
        await page.getByTestId('pin-input').waitFor({ state: 'detached' });
    }

    /** Somebody's device with one page open, signed in and live. */
    async as(role, size, path, options = {}) {
        const page = await this.page(await this.device(size, options), path);
        await this.signIn(page, role);
        await this.live(page);
        return page;
    }

    live = (page) => page.locator('[data-testid="conn-state"][data-state="live"]').waitFor();

    /** The page's own policy forbids waiting inside it (no eval): so it is asked again and again. */
    async until(page, what, look, argument) {
        for (let n = 0; n < 400; n++) {
            if (await page.evaluate(look, argument)) return;
            await page.waitForTimeout(25);
        }
        assert.fail(`waited in vain: ${what}`);
    }

    async look(page, name) {
        const measure = () => page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
        let [wide, seen] = await measure();
        /* What is drawn for its window (a chart) follows it some frames later. */
        for (let n = 0; n < 40 && wide > seen; n++) {
            await page.waitForTimeout(25);
            [wide, seen] = await measure();
        }
        assert.ok(wide <= seen, `${name} is ${wide} px wide on a screen of ${seen}`);
        if (!LOOKS) return;
        await page.waitForTimeout(350);
        await page.screenshot({ path: join(LOOKS, `${name}.png`) });
    }

    /** Nothing that keeps somebody out: axe-core's serious and critical findings. */
    async accessible(page, name) {
        /* What slides in is half transparent on its way, and nobody reads it then. */
        await page.emulateMedia({ reducedMotion: 'reduce' });
        await page.evaluate(axe);
        const { violations } = await page.evaluate(() => window.axe.run({ resultTypes: ['violations'] }));
        await page.emulateMedia({ reducedMotion: null });
        const grave = violations.filter((v) => ['serious', 'critical'].includes(v.impact));
        assert.deepEqual(grave.map((v) => `${v.id}: ${v.nodes[0].html.slice(0, 120)}`), [], name);
    }
}
