/* SPDX-License-Identifier: MIT */
#include "hub/demo.h"

#include <string.h>

#include "hub/credentials.h"
#include "hub/device.h"
#include "hub/hub.h"
#include "hub/kitchen.h"
#include "hub/port/store.h"
#include "hub/port/store_credentials.h"
#include "hub/port/store_menu.h"
#include "hub/port/store_tables.h"
#include "hub/printer_settings.h"
#include "hub/restaurant.h"
#include "hub/table.h"
#include "hub/tx.h"

struct dish {
    const char *category, *station, *name, *kitchen_name;
    int64_t price;
    const char *group; /* of modifiers, or NULL */
};

static const struct dish dishes[] = {
    {"Starters", "cold", "Onion Bhajee", "प्याज भजिया", 395, NULL},
    {"Starters", "cold", "Vegetable Samosa", "समोसा", 395, NULL},
    {"Starters", "cold", "Papadum", "पापड़", 80, NULL},
    {"Starters", "cold", "Greek Salad", "Χωριάτικη", 790, "Dressing"},
    {"Starters", "cold", "Hummus", "حمص", 550, NULL},
    {"Starters", "cold", "Borscht", "Борщ", 650, NULL},
    {"Starters", "cold", "Spring Rolls", "春卷", 490, NULL},
    {"Grill", "grill", "Chicken Tikka", "चिकन टिक्का", 1090, "Heat"},
    {"Grill", "grill", "Lamb Chops", "மட்டன் சாப்ஸ்", 1690, "Doneness"},
    {"Grill", "grill", "Sirloin Steak", NULL, 2190, "Doneness"},
    {"Grill", "grill", "Sea Bass", NULL, 1850, NULL},
    {"Grill", "grill", "Mushroom Burger", NULL, 1290, "Extras"},
    {"Grill", "grill", "Beef Burger", NULL, 1390, "Extras"},
    {"Grill", "grill", "Shashlik", "Шашлык", 1590, NULL},
    {"Curries", "grill", "Dal Tadka", "दाल तड़का", 1275, "Heat"},
    {"Curries", "grill", "Palak Paneer", "पालक पनीर", 1195, "Heat"},
    {"Curries", "grill", "Butter Chicken", "बटर चिकन", 1395, NULL},
    {"Curries", "grill", "Prawn Curry", "இறால் கறி", 1590, "Heat"},
    {"Curries", "grill", "Green Curry", "แกงเขียวหวาน", 1490, NULL},
    {"Curries", "grill", "Mapo Tofu", "麻婆豆腐", 1290, NULL},
    {"Breads and Rice", "grill", "Garlic Naan", "लहसुन नान", 295, NULL},
    {"Breads and Rice", "grill", "Chapati", "चपाती", 195, NULL},
    {"Breads and Rice", "grill", "Pilau Rice", "पुलाव", 350, NULL},
    {"Breads and Rice", "grill", "Chips", NULL, 395, NULL},
    {"Desserts", "cold", "Gulab Jamun", "गुलाब जामुन", 490, NULL},
    {"Desserts", "cold", "Crème Brûlée", NULL, 690, NULL},
    {"Desserts", "cold", "Mochi", "餅", 550, NULL},
    {"Drinks", "bar", "Mango Lassi", "लस्सी", 450, NULL},
    {"Drinks", "bar", "Sparkling Water", NULL, 290, NULL},
    {"Drinks", "bar", "Cola", NULL, 320, "Ice"},
    {"Drinks", "bar", "Draught Beer", NULL, 480, NULL},
    {"Drinks", "bar", "House Red", NULL, 590, NULL},
    {"Drinks", "bar", "Masala Chai", "चाय", 350, NULL},
    {"Drinks", "bar", "Espresso", NULL, 270, NULL},
};

static const struct {
    const char *name;
    int64_t min, max;
    struct {
        const char *name;
        int64_t price;
    } modifiers[4];
} groups[] = {
    {"Heat", 0, 1, {{"Mild", 0}, {"Hot", 0}, {"Extra hot", 0}}},
    {"Doneness", 1, 1, {{"Rare", 0}, {"Medium", 0}, {"Well done", 0}}},
    {"Extras", 0, 3, {{"Cheese", 120}, {"Bacon", 180}, {"Fried egg", 150}, {"Onion rings", 200}}},
    {"Dressing", 0, 1, {{"Oil and vinegar", 0}, {"Yoghurt", 50}}},
    {"Ice", 0, 1, {{"No ice", 0}, {"Lemon", 0}}},
};

static enum hub_err fill_groups(struct store *store)
{
    enum hub_err err = HUB_OK;
    for (size_t g = 0; g < sizeof groups / sizeof *groups && !err; g++) {
        int64_t id;
        err = store_group_put(store, groups[g].name, groups[g].min, groups[g].max, &id);
        for (size_t m = 0; m < 4 && groups[g].modifiers[m].name && !err; m++)
            err = store_modifier_put(store, id, groups[g].modifiers[m].name, groups[g].modifiers[m].price);
    }
    return err;
}

static enum hub_err attach_group(struct store *store, int64_t item_id, const char *name)
{
    int64_t id;
    for (size_t g = 0; name && g < sizeof groups / sizeof *groups; g++) {
        if (strcmp(groups[g].name, name) != 0) continue;
        enum hub_err err = store_group_put(store, name, groups[g].min, groups[g].max, &id);
        return err ? err : store_item_group_put(store, item_id, id);
    }
    return HUB_OK;
}

static enum hub_err fill_menu(struct store *store)
{
    int64_t tax, drinks_tax;
    enum hub_err err = store_station_put(store, "grill");
    if (!err) err = store_station_put(store, "cold");
    if (!err) err = store_station_put(store, "bar");
    if (!err) err = store_tax_rate_put(store, "Food", 1000, &tax);
    if (!err) err = store_tax_rate_put(store, "Drinks", 2000, &drinks_tax);
    if (!err) err = fill_groups(store);
    for (size_t i = 0; i < sizeof dishes / sizeof *dishes && !err; i++) {
        const struct dish *d = &dishes[i];
        struct menu_item item = {.name = d->name,
            .kitchen_name = d->kitchen_name,
            .price = d->price,
            .course = 1,
            .tax_rate_id = strcmp(d->station, "bar") == 0 ? drinks_tax : tax};
        int64_t id;
        err = store_category_put(store, d->category, d->station, &item.category_id);
        if (!err) err = store_menu_item_put(store, &item, d->station, &id);
        if (!err) err = attach_group(store, id, d->group);
    }
    return err;
}

static enum hub_err fill_tables(struct store *store)
{
    enum hub_err err = HUB_OK;
    for (int i = 1; i <= 14 && !err; i++) {
        char name[8];
        snprintf(name, sizeof name, "%d", i);
        int place = i <= 9 ? i - 1 : i - 10;
        struct table table = {.name = name,
            .area = i <= 9 ? "Dining room" : "Terrace",
            .seats = i % 3 ? 4 : 2,
            .x = place % 3 * 120 + 60,
            .y = place / 3 * 120 + 60,
            .shape = i % 3 ? "square" : "round"};
        err = store_table_add(store, &table);
    }
    return err;
}

/* `text` gets a line for each. */
static enum hub_err fill_staff(struct restaurant *r, char *text, size_t size)
{
    static const struct {
        const char *name;
        enum role role;
    } people[] = {{"Olga", ROLE_OWNER}, {"Mateo", ROLE_MANAGER}, {"Maria", ROLE_WAITER}, {"Arjun", ROLE_KITCHEN}};
    enum { PEOPLE = sizeof people / sizeof *people };
    uint32_t pins[PEOPLE];
    enum hub_err err = HUB_OK;
    for (size_t i = 0; i < PEOPLE && !err; i++) {
        bool used;
        do {
            r->hub->crypto->ops->random(r->hub->crypto, &pins[i], sizeof pins[i]);
            pins[i] = 1000 + pins[i] % 9000;
            used = false;
            for (size_t j = 0; j < i; j++)
                used = used || pins[j] == pins[i];
        } while (used);
        char pin[12];
        uint8_t hash[CRYPTO_HASH_BYTES];
        int64_t id;
        snprintf(pin, sizeof pin, "%u", pins[i]);
        if (!credentials_pin_hash(r->credentials, pin, hash)) return HUB_UNAVAILABLE;
        err = store_staff_add(r->store, people[i].name, people[i].role, hash, &id);
        size_t used_text = strlen(text);
        snprintf(
            text + used_text, size - used_text, "  %s (%s)  PIN %s\n", people[i].name, role_name(people[i].role), pin);
    }
    return err;
}

/* Tickets come out on a page: no paper needed. */
static enum hub_err fill_printer(struct tx *tx)
{
    struct device strip = {.kind = DEVICE_PRINTER,
        .name = "Paper strip",
        .state = DEVICE_OK,
        .detail = "",
        .fix = "",
        .driver = "strip",
        .address = "",
        .width = 576};
    struct printer_station all;
    const struct printer_settings settings = printer_settings_default(NULL, &all);
    int64_t id;
    return printer_settings_put(tx, &strip, &settings, &id);
}

struct fill {
    struct command base; /* first */
    char people[400];    /* a line each, with their PINs */
    bool made;
};

/* The PINs of the sample's people are kept in clear, so that whoever starts it again can sign in: there is no secret in
 * it. */
static const char people_key[] = "demo_people";

static enum hub_err run(struct command *command, struct tx *tx)
{
    struct fill *fill = (struct fill *)command;
    struct restaurant *r = tx->restaurant;
    if (r->kitchen->menu->item_count) {
        (void)store_meta_get(
            tx->store, people_key, fill->people, sizeof fill->people); /* a house that is not the sample has none */
        return HUB_OK;
    }
    fill->made = true;
    enum hub_err err = store_meta_set(tx->store, "name", "Servery Demo");
    if (!err) err = fill_menu(tx->store);
    if (!err) err = fill_tables(tx->store);
    if (!err) err = fill_printer(tx);
    if (!err) err = fill_staff(r, fill->people, sizeof fill->people);
    if (!err) err = store_meta_set(tx->store, people_key, fill->people);
    if (!err) err = kitchen_reload_menu(r->kitchen, tx->store);
    r->kitchen->menu_changed = true;
    return err;
}

enum hub_err demo_fill(struct restaurant *restaurant, FILE *out)
{
    struct fill fill = {.base = {.run = run}};
    enum hub_err err = writer_run(restaurant->writer, &fill.base);
    fault_finish(&fill.base.fault);
    if (!err && fill.people[0])
        fprintf(out, "%sSign in as:\n%s",
            fill.made ? "A sample restaurant was made. " : "The sample restaurant is open. ", fill.people);
    return err;
}
