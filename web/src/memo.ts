/* SPDX-License-Identifier: MIT */
import { type Component, type ComponentType, h } from 'preact';

/** A component that is drawn again only when its properties differ: two hundred cards must not be, for one that changed. */
export function memo<P extends object>(Inner: ComponentType<P>): ComponentType<P> {
    const same = (a: P, b: P) => {
        const keys = Object.keys(a) as (keyof P)[];
        return keys.length === Object.keys(b).length && keys.every((key) => a[key] === b[key]);
    };
    return function Memoed(this: Component<P>, props: P) {
        this.shouldComponentUpdate = (next) => !same(this.props as P, next as P);
        return h(Inner as ComponentType<unknown>, props);
    } as unknown as ComponentType<P>;
}
