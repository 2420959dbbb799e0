/* SPDX-License-Identifier: MIT */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { demoBox, eventsOf } from '../lib/box.mjs';
import { refused } from '../lib/client.mjs';

const importCsv = (api, rows) =>
    api.post('/menu/import', undefined, { raw: rows.join('\r\n') + '\r\n', type: 'text/csv' });

/** The menu as rows that an import can give back; the demo's prices have two decimals. */
function rowsOf(menu) {
    const category = new Map(menu.categories.map((c) => [c.id, c.name]));
    const quote = (text) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
    return menu.items.map((i) =>
        [category.get(i.category_id), i.name, (i.price / 100).toFixed(2), i.kitchen_name ?? '', i.station, i.course]
            .map((v) => quote(String(v)))
            .join(','),
    );
}
const HEAD = 'category,item,price,kitchen_name,station,course';

describe('the demo menu', () => {
    const box = demoBox();

    it('has thirty items and more, at three stations, with choices and kitchen names in several scripts', async () => {
        const { items, categories } = box.menu;
        assert.ok(items.length >= 30);
        assert.deepEqual([...box.stations].sort(), ['bar', 'cold', 'grill']);
        for (const station of box.stations) assert.ok(box.item({ station }).id);
        assert.ok(items.some((i) => i.modifier_groups.length > 0));
        const scripts = [
            /\p{Script=Latin}/u,
            /\p{Script=Devanagari}/u,
            /\p{Script=Han}/u,
            /\p{Script=Arabic}/u,
            /\p{Script=Cyrillic}/u,
            /\p{Script=Thai}/u,
        ];
        const used = scripts.filter((s) => items.some((i) => s.test(i.kitchen_name ?? '')));
        assert.ok(used.length >= 2, 'kitchen names in several scripts');
        for (const item of items) {
            assert.ok(categories.some((c) => c.id === item.category_id));
            assert.ok(box.stations.includes(item.station));
        }
    });

    it('answers 304 to whoever has it already, until it changes', async () => {
        const first = await box.waiter.get('/menu');
        const headers = { 'If-None-Match': first.headers.etag };
        const again = await box.waiter.get('/menu', { headers });
        assert.equal(again.status, 304);
        assert.equal(again.headers.etag, first.headers.etag);
        assert.equal((await box.waiter.get('/menu', { headers: { 'If-None-Match': '"other"' } })).status, 200);
        await box.waiter.must('PATCH', `/menu/items/${box.item().id}`, { body: { available: false } });
        const changed = await box.waiter.get('/menu', { headers });
        assert.equal(changed.status, 200);
        assert.notEqual(changed.headers.etag, first.headers.etag);
        assert.ok(changed.body.version > first.body.version);
        await box.waiter.must('PATCH', `/menu/items/${box.item().id}`, { body: { available: true } });
    });

    it('has an item 86’d everywhere at once by kitchen or waiter, and brought back', async () => {
        const item = box.item({ station: box.stations[0] });
        const { events } = await eventsOf(box, async () => {
            const answer = await box.kitchen.patch(`/menu/items/${item.id}`, { available: false });
            assert.equal(answer.body.available, false);
        });
        assert.deepEqual(
            events.map((e) => e.type),
            ['menu_updated'],
        );
        const order = {
            order_type: 'takeout',
            items: [
                { menu_item_id: box.item({ nth: 1 }).id, quantity: 1 },
                { menu_item_id: item.id, quantity: 1 },
            ],
        };
        const answer = refused(await box.waiter.post('/orders', order), 409, 'ITEM_UNAVAILABLE');
        assert.match(answer.field, /^items\[1\]/);
        await box.waiter.must('PATCH', `/menu/items/${item.id}`, { body: { available: true } });
        assert.equal((await box.waiter.post('/orders', order)).status, 201);
    });

    it('refuses changes to an item that make no sense', async () => {
        const { id } = box.item();
        for (const body of [
            {},
            { available: 'no' },
            { available: 1 },
            { available: null },
            { available: true, price: 1 },
        ])
            refused(await box.waiter.patch(`/menu/items/${id}`, body), 422, 'VALIDATION_ERROR');
        refused(await box.waiter.patch('/menu/items/999999', { available: true }), 404, 'NOT_FOUND');
    });
});

describe('importing a menu', () => {
    const box = demoBox();

    it('keeps ids of what is there, adds what is new, retires what is missing', async () => {
        const before = await box.manager.read('/menu');
        const gone = before.items[0];
        const rows = rowsOf(before).slice(1);
        const [first] = rows[0].split(',');
        const answer = await importCsv(box.manager, [
            HEAD,
            ...rows,
            `${first},Brand new dish,12.34,नया,${box.stations[0]},2`,
        ]);
        assert.equal(answer.status, 200);
        const after = await box.manager.read('/menu');
        assert.deepEqual(after.items.length, before.items.length);
        assert.ok(
            after.items.every((i) => i.id !== gone.id),
            'what is missing is retired',
        );
        for (const item of before.items.slice(1)) {
            const same = after.items.find((i) => i.id === item.id);
            assert.deepEqual(
                [same.name, same.price, same.station, same.course],
                [item.name, item.price, item.station, item.course],
            );
            assert.deepEqual(same.modifier_groups, item.modifier_groups, 'choices stay with their item');
        }
        const fresh = after.items.find((i) => i.name === 'Brand new dish');
        assert.deepEqual(
            [fresh.price, fresh.kitchen_name, fresh.station, fresh.course, fresh.available],
            [1234, 'नया', box.stations[0], 2, true],
        );
        assert.ok(fresh.id > Math.max(...before.items.map((i) => i.id)));
        const order = { order_type: 'takeout', items: [{ menu_item_id: gone.id, quantity: 1 }] };
        refused(await box.waiter.post('/orders', order), 422, 'VALIDATION_ERROR', 'items[0].menu_item_id');
    });

    it('gives a retired item its old id when it comes back', async () => {
        const before = await box.manager.read('/menu');
        const item = before.items[3];
        const rows = rowsOf(before);
        await importCsv(box.manager, [HEAD, ...rows.filter((_, n) => n !== 3)]);
        assert.ok((await box.manager.read('/menu')).items.every((i) => i.id !== item.id));
        await importCsv(box.manager, [HEAD, ...rows]);
        assert.equal((await box.manager.read('/menu')).items.find((i) => i.id === item.id).name, item.name);
    });

    it('names a bad row and imports nothing', async () => {
        const before = await box.manager.get('/menu');
        const good = rowsOf(before.body);
        const start = await box.logEnd();
        const bad = [
            ['Soups,Broken,abc,,,', 'price'],
            ['Soups,Broken,-1.00,,,', 'price'],
            ['Soups,Broken,1.234,,,', 'price'],
            ['Soups,Broken,,,,', 'price'],
            ['Soups,,1.00,,,', 'item'],
            [',Broken,1.00,,,', 'category'],
            ['Soups,Broken,1.00,,nowhere,', 'station'],
            ['Soups,Broken,1.00,,,first', 'course'],
            [`Soups,${'n'.repeat(81)},1.00,,,`, 'item'],
            [`${good[0]}`, 'twice'],
        ];
        for (const [row, what] of bad) {
            const answer = await importCsv(box.manager, [HEAD, ...good.slice(0, 2), row, ...good.slice(2)]);
            const problem = refused(answer, 422, 'VALIDATION_ERROR');
            assert.match(`${problem.detail} ${problem.field ?? ''}`, /\b(3|4)\b/, `${what}: the row is named`);
        }
        for (const head of ['category,item', 'category,item,price,colour', 'item,item,price'])
            refused(await importCsv(box.manager, [head, ...good]), 422, 'VALIDATION_ERROR');
        assert.equal((await box.manager.get('/menu')).headers.etag, before.headers.etag);
        assert.equal(await box.logEnd(), start, 'no event');
    });

    it('reads the forms of CSV that people have: BOM, LF, quotes, columns in any order', async () => {
        const text = '\ufeffprice,item,category\n10,"Fish, fried","Fish ""n"" chips"\n9.5,"Two\nlines",Plain\n';
        const answer = await box.manager.post('/menu/import', undefined, { raw: text, type: 'text/csv' });
        if (answer.status === 422)
            assert.match(answer.body.detail, /line|control|row/i); /* a line break in a name may be refused */
        const plain = text.replace('"Two\nlines"', 'Two lines');
        await box.manager.must('POST', '/menu/import', { raw: plain, type: 'text/csv' });
        const { items, categories } = await box.manager.read('/menu');
        assert.deepEqual(items.map((i) => [i.name, i.price]).sort(), [
            ['Fish, fried', 1000],
            ['Two lines', 950],
        ]);
        assert.ok(categories.some((c) => c.name === 'Fish "n" chips'));
    });

    it('takes JSON too', async () => {
        const items = [
            { category: 'Soups', item: 'Borscht', price: 650, kitchen_name: 'борщ', course: 1 },
            { category: 'Soups', item: 'Goulash', price: 700 },
        ];
        const { events } = await eventsOf(box, () => box.manager.must('POST', '/menu/import', { body: { items } }));
        assert.deepEqual(
            events.map((e) => e.type),
            ['menu_updated'],
        );
        const menu = await box.manager.read('/menu');
        assert.deepEqual(menu.items.map((i) => [i.name, i.price]).sort(), [
            ['Borscht', 650],
            ['Goulash', 700],
        ]);
        refused(
            await box.manager.post('/menu/import', { items: [{ category: 'A', item: 'B', price: '6.50' }] }),
            422,
            'VALIDATION_ERROR',
        );
        refused(
            await box.manager.post('/menu/import', { items: [{ category: 'A', item: 'B', price: 1, colour: 'red' }] }),
            422,
            'VALIDATION_ERROR',
        );
    });

    it('refuses what is not UTF-8', async () => {
        const raw = Buffer.from('category,item,price\nSoups,Caf\xe9,1.00\n', 'latin1');
        const answer = await box.manager.post('/menu/import', undefined, { raw, type: 'text/csv' });
        assert.ok([400, 422].includes(answer.status));
    });
});

describe('replacing the menu', () => {
    const box = demoBox();

    it('needs If-Match, and the right one', async () => {
        const { body, headers } = await box.manager.get('/menu');
        refused(await box.manager.put('/menu', body), 422, 'VALIDATION_ERROR');
        const conflict = refused(
            await box.manager.put('/menu', body, { ifMatch: '"no such version"' }),
            409,
            'VERSION_CONFLICT',
        );
        assert.equal(conflict.current.version, body.version);
        const renamed = {
            ...body,
            items: body.items.map((i, n) => (n === 0 ? { ...i, name: 'Renamed', price: i.price + 100 } : i)),
        };
        const answer = await box.manager.put('/menu', renamed, { ifMatch: headers.etag });
        assert.equal(answer.status, 200);
        const item = answer.body.items.find((i) => i.id === body.items[0].id);
        assert.deepEqual([item.name, item.price], ['Renamed', body.items[0].price + 100]);
        refused(await box.manager.put('/menu', renamed, { ifMatch: headers.etag }), 409, 'VERSION_CONFLICT');
    });

    it('retires what is left out, and leaves old orders as they were', async () => {
        const { body, headers } = await box.manager.get('/menu');
        const item = body.items.find((i) => i.id === box.item().id);
        const order = await box.send(item);
        const without = { ...body, items: body.items.filter((i) => i.id !== item.id) };
        await box.manager.must('PUT', '/menu', { body: without, ifMatch: headers.etag });
        assert.deepEqual(await box.waiter.orderNow(order.id), order);
        refused(await box.waiter.post('/orders', box.takeout(item)), 422, 'VALIDATION_ERROR', 'items[0].menu_item_id');
    });
});
