// SPDX-License-Identifier: MIT
/** Rows of a CSV file as objects, by its head row. */
export function parseCsv(text) {
    const rows = [];
    let row = [''], quoted = false;
    const body = text.replace(/^\ufeff/, '');
    for (let at = 0; at < body.length; at++) {
        const c = body[at];
        if (quoted) {
            if (c !== '"') row[row.length - 1] += c;
            else if (body[at + 1] === '"') row[row.length - 1] += body[at++];
            else quoted = false;
        } else if (c === '"') quoted = true;
        else if (c === ',') row.push('');
        else if (c === '\n') {
            rows.push(row);
            row = [''];
        } else if (c !== '\r') row[row.length - 1] += c;
    }
    if (row.length > 1 || row[0]) rows.push(row);
    const [head, ...rest] = rows;
    return rest.map((cells) => Object.fromEntries(head.map((name, i) => [name, cells[i] ?? ''])));
}

/** The orders of one day (the busiest unless named), each with its lines, in order of time: {id, at, lines}. */
export function ordersOfDay(rows, day) {
    const orders = new Map();
    for (const row of rows) {
        const order = orders.get(row.order) ?? { id: row.order, at: Date.parse(`${row.ordered_at}:00Z`), lines: [] };
        order.lines.push({ item: row.item, quantity: Number(row.quantity), price: Math.round(Number(row.unit_price) * 100) });
        orders.set(row.order, order);
    }
    const days = new Map();
    for (const order of orders.values()) {
        const name = new Date(order.at).toISOString().slice(0, 10);
        days.set(name, [...(days.get(name) ?? []), order]);
    }
    const chosen = day ?? [...days].sort((a, b) => b[1].length - a[1].length)[0]?.[0];
    return { day: chosen, orders: (days.get(chosen) ?? []).sort((a, b) => a.at - b.at) };
}
