/* SPDX-License-Identifier: MIT */
/**
 * Lets a page open while the box is away. Pages come from the network when it answers within two seconds, else from the
 * last copy; assets carry their content's hash in their name, so a copy is as good as the original. Nothing of the API
 * is ever kept.
 */
const STORE = 'servery-pages-1';
const PATIENCE_MS = 2000;

self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', (event) =>
    event.waitUntil(
        (async () => {
            for (const name of await caches.keys()) if (name !== STORE) await caches.delete(name);
            await self.clients.claim();
        })(),
    ),
);

async function asset(request) {
    const kept = await caches.match(request);
    if (kept) return kept;
    const answer = await fetch(request);
    if (answer.ok) await (await caches.open(STORE)).put(request, answer.clone());
    return answer;
}

async function page(request) {
    const address = request.url.split(/[?#]/)[0];
    const kept = await caches.match(address);
    const network = fetch(request).then(async (answer) => {
        if (answer.ok) await (await caches.open(STORE)).put(address, answer.clone());
        return answer;
    });
    if (!kept) return network;
    network.catch(() => undefined);
    const patience = new Promise((resolve) => setTimeout(() => resolve(kept), PATIENCE_MS));
    return Promise.race([network, patience]).catch(() => kept);
}

self.addEventListener('fetch', (event) => {
    const { request } = event;
    const { origin, pathname } = new URL(request.url);
    if (request.method !== 'GET' || origin !== self.location.origin) return;
    if (pathname.startsWith('/assets/')) event.respondWith(asset(request));
    else if (request.mode === 'navigate') event.respondWith(page(request));
});
