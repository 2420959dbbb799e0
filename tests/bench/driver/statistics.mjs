/* SPDX-License-Identifier: MIT */
export function median(values) {
    const sorted = [...values].sort((a, b) => a - b);
    const middle = Math.floor(sorted.length / 2);
    return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

export function summary(values) {
    if (!values.length) return null;
    return { median: median(values), least: Math.min(...values), most: Math.max(...values) };
}

// Round by round, so that what slows the machine for a while slows both sides of a ratio.
export function ratios(over, under) {
    return over.map((value, i) => value / under[i]).filter(Number.isFinite);
}
