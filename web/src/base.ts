/* SPDX-License-Identifier: MIT */
/** Where this page lives: pages of restaurant `slug` are under `/r/{slug}`, those of the default one at the root. */
export interface Base {
    slug: string;
    prefix: string;
    api: string;
}

export function baseOf(pathname: string): Base {
    const match = /^\/r\/([^/]+)(?:\/|$)/.exec(pathname);
    const prefix = match ? `/r/${match[1]}` : '';
    return { slug: match ? decodeURIComponent(match[1]!) : 'main', prefix, api: `${prefix}/api/v1` };
}

export function socketUrl(location: { protocol: string; host: string }, base: Base, query: URLSearchParams): string {
    const scheme = location.protocol === 'https:' ? 'wss:' : 'ws:';
    const text = query.toString();
    return `${scheme}//${location.host}${base.api}/ws/orders/live${text ? `?${text}` : ''}`;
}
