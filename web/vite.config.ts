/* SPDX-License-Identifier: MIT */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { defineConfig, type Plugin } from 'vite';

const PAGES = ['index', 'floor', 'order', 'kitchen', 'pass', 'dashboard', 'board', 'connections', 'strip'] as const;
const BUDGET = 90 * 1024;

function filesBelow(dir: string): string[] {
    return readdirSync(dir, { withFileTypes: true }).flatMap((entry) => {
        const path = join(dir, entry.name);
        return entry.isDirectory() ? filesBelow(path) : [path];
    });
}

/** Follows static imports from a chunk, because that is what a page really loads. */
function chunkClosure(dist: string, html: string): string[] {
    const seen = new Set<string>();
    const queue = [...html.matchAll(/(?:src|href)="\/(assets\/[^"]+)"/g)].map((m) => m[1]!);
    for (let file = queue.pop(); file; file = queue.pop()) {
        if (seen.has(file)) continue;
        seen.add(file);
        if (!file.endsWith('.js')) continue;
        const code = readFileSync(join(dist, file), 'utf8');
        for (const m of code.matchAll(/from\s*"\.\/([^"]+\.js)"/g)) queue.push(`assets/${m[1]}`);
    }
    return [...seen];
}

/** Writes a .gz twin beside every text asset and prints what each page weighs; a page over budget fails the build. */
function precompress(): Plugin {
    let dist = 'dist';
    return {
        name: 'servery-precompress',
        apply: 'build',
        configResolved(config) {
            dist = config.build.outDir;
        },
        closeBundle() {
            const packed = new Map<string, number>();
            for (const path of filesBelow(dist)) {
                if (!/\.(js|css|html|svg)$/.test(path)) continue;
                const gz = gzipSync(readFileSync(path), { level: 9 });
                writeFileSync(`${path}.gz`, gz);
                packed.set(path, gz.length);
            }
            for (const page of PAGES) {
                const html = join(dist, `${page}.html`);
                const parts = [html, ...chunkClosure(dist, readFileSync(html, 'utf8')).map((f) => join(dist, f))];
                const total = parts.reduce((sum, path) => sum + (packed.get(path) ?? 0), 0);
                console.log(`${page.padEnd(8)} ${(total / 1024).toFixed(1).padStart(6)} KB gzipped in ${parts.length} files`);
                if (total > BUDGET) throw new Error(`${page} weighs ${total} bytes gzipped, over the budget of ${BUDGET}`);
            }
        },
    };
}

export default defineConfig({
    base: '/',
    esbuild: { jsx: 'automatic', jsxImportSource: 'preact', legalComments: 'none' },
    build: {
        target: 'es2020',
        outDir: 'dist',
        assetsInlineLimit: 0,
        // The polyfill would be the only inline script, and the CSP has no room for it.
        modulePreload: { polyfill: false },
        rollupOptions: {
            input: Object.fromEntries(PAGES.map((page) => [page, `${page}.html`])),
            output: {
                entryFileNames: 'assets/[name].[hash].js',
                chunkFileNames: 'assets/[name].[hash].js',
                assetFileNames: 'assets/[name].[hash].[ext]',
            },
        },
    },
    plugins: [precompress()],
    server: {
        proxy: { '/api': { target: process.env.SERVERY_URL ?? 'http://127.0.0.1:8080', ws: true } },
    },
    test: { include: ['test/**/*.test.ts'], environment: 'node' },
} as Parameters<typeof defineConfig>[0]);
