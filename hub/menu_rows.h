/* SPDX-License-Identifier: MIT */
/* Rows of a menu out of a file that somebody wrote, checked one by one. Pure. */
#ifndef HUB_MENU_ROWS_H
#define HUB_MENU_ROWS_H

#include <cjson/cJSON.h>
#include <stddef.h>
#include <stdint.h>

#include "hub/arena.h"
#include "hub/err.h"

struct text_port;

struct menu_row {
    const char *category, *item;
    const char *kitchen_name, *station, *tax; /* NULL: not said, left as it is */
    int64_t price;                            /* minor units */
    int64_t course;                           /* 0: not said */
    size_t number;                            /* in the file; of CSV only */
};
struct menu_rows {
    struct menu_row *rows; /* in the arena */
    size_t count, room;
    const char *what; /* how faults call a row: "row 3" or "items[0]" */
};

/* From CSV with a head row. Faults are VALIDATION_ERROR (field: the column) or MALFORMED_JSON for text that is not
 * UTF-8. */
enum hub_err menu_rows_from_csv(const char *text, size_t length, int decimals, struct text_port *port,
    struct arena *arena, struct menu_rows *rows, struct fault *fault);
/* From {"items":[{"category","item","price" (minor units),"kitchen_name","station","tax","course"}]}. */
enum hub_err menu_rows_from_json(
    const cJSON *body, struct text_port *port, struct arena *arena, struct menu_rows *rows, struct fault *fault);

#endif
