/* SPDX-License-Identifier: MIT */
/*
 * The whole menu anew (PUT /menu): what comes with an id is changed, what comes without is made, what is left out is
 * retired. Choices (modifier groups) are matched by name, and modifiers by name within their group.
 */
#ifndef HUB_MENU_REPLACE_H
#define HUB_MENU_REPLACE_H

#include <cjson/cJSON.h>

#include "hub/arena.h"
#include "hub/err.h"
#include "hub/menu.h"

struct text_port;
struct tx;

struct new_modifier {
    const char *name;
    int64_t id, price;
    bool available;
};
struct new_group {
    const char *name;
    int64_t id, min, max;
    struct new_modifier *modifiers;
    size_t count;
};
struct new_item {
    struct menu_item item; /* groups unused; station NULL: the category's */
    struct new_group *groups;
    size_t group_count;
    bool groups_given;
};
struct menu_replacement {
    struct category *categories; /* id 0: new */
    struct new_item *items;      /* item.id 0: new */
    size_t category_count, item_count;
};

/* Everything in the arena. VALIDATION_ERROR with the field's path. */
enum hub_err menu_replacement_decode(
    const cJSON *body, struct text_port *port, struct arena *arena, struct menu_replacement *out, struct fault *fault);
/* Writer thread: checks stations, taxes and ids, and stores it. menu_changed() is the caller's. */
enum hub_err menu_replace(struct tx *tx, const struct menu_replacement *replacement, struct fault *fault);

#endif
