/* SPDX-License-Identifier: MIT */
/** A small restaurant for design work: long names, several scripts, required and optional choices, an item that ran out. */
const spice = { id: 1, name: 'How hot?', min: 1, max: 1, modifiers: [mod(1, 'Mild'), mod(2, 'Medium'), mod(3, 'Extra hot')] };
const extras = { id: 2, name: 'Extras', min: 0, max: 3, modifiers: [mod(4, 'Extra cheese', 150), mod(5, 'No coriander'), mod(6, 'Gluten free', 100), mod(7, 'Truffle', 400, false)] };
const sides = { id: 3, name: 'Two sides', min: 2, max: 2, modifiers: [mod(8, 'Rice'), mod(9, 'Chips', 50), mod(10, 'Salad'), mod(11, 'Daal', 80)] };
const ice = { id: 4, name: 'Ice', min: 0, max: 1, modifiers: [mod(12, 'No ice'), mod(13, 'Extra ice')] };

function mod(id, name, price = 0, available = true) {
    return { id, name, price, available };
}

const rows = [
    ['Starters', 'cold', ['Onion Bhajee', 395, 'प्याज़ भजिया'], ['Meat Samosa', 395, 'समोसा'], ['Papadum', 80], ['Mint Sauce', 60], ['Prawn Cocktail', 750, null, [], false], ['Garden Salad', 450]],
    ['Tandoori', 'grill', ['Tandoori Chicken (Half, on the Bone)', 995, 'तंदूरी मुर्ग़', [spice]], ['Lamb Chops', 1295, null, [spice, extras]], ['Mixed Grill Royal Platter for Two', 2450, null, [spice, sides]], ['Paneer Tikka', 895, 'पनीर टिक्का', [extras]]],
    ['Curries', 'grill', ['Dal Tadka', 1275, 'दाल तड़का', [extras]], ['Chicken Tikka Masala', 1150, null, [spice]], ['King Prawn Bhuna', 1395], ['Saag Aloo', 595], ['دجاج بالكاري', 1150]],
    ['Breads', 'grill', ['Garlic Naan', 295], ['Plain Naan', 260], ['Chapati', 195]],
    ['Drinks', 'bar', ['Mango Lassi', 350, null, [ice]], ['Coke', 280, null, [ice]], ['Sparkling Water', 250], ['Masala Chai', 220], ['Lager, Pint', 480]],
];

export function sampleMenu() {
    const categories = [];
    const items = [];
    for (const [name, station, ...dishes] of rows) {
        const category = { id: categories.length + 1, name, position: categories.length, station };
        categories.push(category);
        for (const [dish, price, kitchenName = null, groups = [], available = true] of dishes)
            items.push({ id: items.length + 1, category_id: category.id, name: dish, kitchen_name: kitchenName, price, tax_rate_id: 1, station, available, course: 1, modifier_groups: groups });
    }
    return { version: 1, categories, items };
}

export function sampleTables() {
    return Array.from({ length: 14 }, (_, i) => ({
        id: i + 1, name: String(i + 1), area: i < 9 ? 'Inside' : 'Terrace', seats: 4, x: 0, y: 0, shape: 'square', status: i === 13 ? 'disabled' : 'free', session_id: null,
        opened_at: null, last_activity_at: null, idle_s: 0, guests: null, order_ids: [], total_price: 0, version: 1,
    }));
}

export const sampleStaff = [
    { id: 1, name: 'Olu', role: 'owner', pin: '1111' },
    { id: 2, name: 'Mina', role: 'manager', pin: '2222' },
    { id: 3, name: 'Maria', role: 'waiter', pin: '3333' },
    { id: 4, name: 'Kofi', role: 'kitchen', pin: '4444' },
];
