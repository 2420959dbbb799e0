/* SPDX-License-Identifier: MIT */
#include "hub/menu_rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hub/csv.h"
#include "hub/json.h"
#include "hub/money.h"
#include "hub/port/text.h"
#include "hub/utf8.h"

enum { NAME_MAX_CHARS = 80, COURSE_MAX = 20, ROWS_MAX = 20000 };

enum column { COL_CATEGORY, COL_ITEM, COL_PRICE, COL_KITCHEN_NAME, COL_STATION, COL_TAX, COL_COURSE, COLUMNS };
static const char *const column_names[COLUMNS] = {
    "category", "item", "price", "kitchen_name", "station", "tax", "course"};

static struct menu_row *add_row(struct menu_rows *rows, struct arena *arena)
{
    if (rows->count == rows->room) {
        size_t room = rows->room ? rows->room * 2 : 256;
        struct menu_row *grown = arena_array(arena, room, sizeof *grown);
        if (!grown) return NULL;
        if (rows->count) memcpy(grown, rows->rows, rows->count * sizeof *grown);
        rows->rows = grown;
        rows->room = room;
    }
    return &rows->rows[rows->count++];
}

/* ---- CSV --------------------------------------------------------------------------------------------------------- */

/* NFC, without spaces around; NULL with the fault when it is no name. */
static const char *name(
    const char *raw, const char *column, size_t row, struct text_port *port, struct arena *arena, struct fault *fault)
{
    while (*raw == ' ')
        raw++;
    size_t length = strlen(raw);
    while (length && raw[length - 1] == ' ')
        length--;
    for (size_t i = 0; i < length; i++)
        if ((unsigned char)raw[i] < 0x20 || raw[i] == 0x7f) {
            fault_set(fault, HUB_VALIDATION_ERROR, column,
                "Row %zu: the %s has a line break or another control character.", row, column);
            return NULL;
        }
    char *plain = arena_strndup(arena, raw, length), *nfc = plain ? port->ops->nfc(port, plain) : NULL;
    const char *kept = arena_strdup(arena, nfc);
    free(nfc);
    if (!kept) fault_set(fault, HUB_UNAVAILABLE, NULL, "Out of memory. Try again.");
    if (kept && utf8_count(kept) > NAME_MAX_CHARS) {
        fault_set(fault, HUB_VALIDATION_ERROR, column, "Row %zu: the %s is longer than %d characters.", row, column,
            NAME_MAX_CHARS);
        return NULL;
    }
    return kept;
}

/* Which field holds which column; -1 = none. */
static enum hub_err read_head(
    struct csv *csv, struct arena *arena, int at[COLUMNS], size_t *columns, struct fault *fault)
{
    const char *fields[COLUMNS + 1];
    size_t count;
    for (int c = 0; c < COLUMNS; c++)
        at[c] = -1;
    if (!csv_row(csv, arena, fields, COLUMNS + 1, &count))
        return fault_set(fault, HUB_VALIDATION_ERROR, NULL,
            "Row 1: %s. It must name the columns: category, item, price.",
            csv->broken ? csv->broken : "the file is empty");
    *columns = count;
    for (size_t i = 0; i < count; i++) {
        int c = 0;
        while (c < COLUMNS && strcmp(fields[i], column_names[c]) != 0)
            c++;
        if (c == COLUMNS)
            return fault_set(fault, HUB_VALIDATION_ERROR, NULL,
                "Row 1: there is no column \"%.40s\". Columns are category, item, price, kitchen_name, station, tax, "
                "course.",
                fields[i]);
        if (at[c] >= 0)
            return fault_set(
                fault, HUB_VALIDATION_ERROR, column_names[c], "Row 1: the column %s is there twice.", column_names[c]);
        at[c] = (int)i;
    }
    for (int c = 0; c <= COL_PRICE; c++)
        if (at[c] < 0)
            return fault_set(
                fault, HUB_VALIDATION_ERROR, column_names[c], "Row 1: the column %s is missing.", column_names[c]);
    return HUB_OK;
}

static enum hub_err read_course(const char *text, size_t row, int64_t *course, struct fault *fault)
{
    char *end;
    *course = *text ? strtoll(text, &end, 10) : 0;
    if (!*text || (!*end && *course >= 1 && *course <= COURSE_MAX)) return HUB_OK;
    return fault_set(fault, HUB_VALIDATION_ERROR, "course", "Row %zu: the course must be a whole number from 1 to %d.",
        row, COURSE_MAX);
}

/* Texts of one row; an empty optional one is not said. */
static enum hub_err row_of_csv(const char *const text[COLUMNS], size_t row, int decimals, struct text_port *port,
    struct arena *arena, struct menu_row *out, struct fault *fault)
{
    const char **targets[COLUMNS] = {
        &out->category, &out->item, NULL, &out->kitchen_name, &out->station, &out->tax, NULL};
    for (int c = 0; c < COLUMNS; c++) {
        if (!targets[c]) continue;
        *targets[c] = name(text[c], column_names[c], row, port, arena, fault);
        if (!*targets[c]) return fault->code;
        if (**targets[c]) continue;
        if (c <= COL_ITEM)
            return fault_set(
                fault, HUB_VALIDATION_ERROR, column_names[c], "Row %zu: the %s is missing.", row, column_names[c]);
        *targets[c] = NULL;
    }
    if (!money_parse(text[COL_PRICE], decimals, &out->price))
        return fault_set(fault, HUB_VALIDATION_ERROR, "price",
            "Row %zu: the price \"%.20s\" must be written like 12.95, with at most %d digits behind the point.", row,
            text[COL_PRICE], decimals);
    return read_course(text[COL_COURSE], row, &out->course, fault);
}

enum hub_err menu_rows_from_csv(const char *text, size_t length, int decimals, struct text_port *port,
    struct arena *arena, struct menu_rows *rows, struct fault *fault)
{
    struct csv csv;
    int at[COLUMNS];
    const char *fields[COLUMNS];
    size_t count, columns = 0;
    *rows = (struct menu_rows){.what = "row"};
    if (!utf8_valid(text, length))
        return fault_set(fault, HUB_MALFORMED_JSON, NULL, "The file is not UTF-8. Save it again as \"CSV UTF-8\".");
    csv_init(&csv, text, length);
    enum hub_err err = read_head(&csv, arena, at, &columns, fault);
    while (!err && csv_row(&csv, arena, fields, columns, &count)) {
        const char *sorted[COLUMNS];
        for (int c = 0; c < COLUMNS; c++)
            sorted[c] = at[c] >= 0 && (size_t)at[c] < count ? fields[at[c]] : "";
        struct menu_row *row = rows->count < ROWS_MAX ? add_row(rows, arena) : NULL;
        if (!row) return fault_set(fault, HUB_VALIDATION_ERROR, NULL, "That is more than %d rows.", ROWS_MAX);
        row->number = csv.row;
        err = row_of_csv(sorted, csv.row, decimals, port, arena, row, fault);
    }
    if (!err && csv.broken) err = fault_set(fault, HUB_VALIDATION_ERROR, NULL, "Row %zu: %s.", csv.row, csv.broken);
    if (!err && arena->failed) err = fault_set(fault, HUB_UNAVAILABLE, NULL, "Out of memory. Try again.");
    if (!err && rows->count == 0) err = fault_set(fault, HUB_VALIDATION_ERROR, NULL, "There is no item in the file.");
    return err;
}

/* ---- JSON -------------------------------------------------------------------------------------------------------- */

enum hub_err menu_rows_from_json(
    const cJSON *body, struct text_port *port, struct arena *arena, struct menu_rows *rows, struct fault *fault)
{
    static const struct json_field top[] = {{"items", JSON_ARRAY, 0, 1, ROWS_MAX, NULL, true}};
    static const struct json_field fields[] = {
        {"category", JSON_TEXT, offsetof(struct menu_row, category), 1, NAME_MAX_CHARS, NULL, true},
        {"item", JSON_TEXT, offsetof(struct menu_row, item), 1, NAME_MAX_CHARS, NULL, true},
        {"price", JSON_INT, offsetof(struct menu_row, price), 0, INT64_C(1000000000000), NULL, true},
        {"kitchen_name", JSON_TEXT, offsetof(struct menu_row, kitchen_name), 0, NAME_MAX_CHARS, NULL, false},
        {"station", JSON_TEXT, offsetof(struct menu_row, station), 1, NAME_MAX_CHARS, NULL, false},
        {"tax", JSON_TEXT, offsetof(struct menu_row, tax), 1, NAME_MAX_CHARS, NULL, false},
        {"course", JSON_INT, offsetof(struct menu_row, course), 1, COURSE_MAX, NULL, false},
    };
    const cJSON *items = NULL, *one;
    *rows = (struct menu_rows){.what = "items"};
    enum hub_err err = json_decode(body, top, 1, &items, NULL, arena, port, "", fault);
    if (err) return err;
    cJSON_ArrayForEach(one, items)
    {
        char path[32];
        snprintf(path, sizeof path, "items[%zu]", rows->count);
        struct menu_row *row = add_row(rows, arena);
        if (!row) return fault_set(fault, HUB_UNAVAILABLE, NULL, "Out of memory. Try again.");
        err = json_decode(one, fields, sizeof fields / sizeof *fields, row, NULL, arena, port, path, fault);
        if (err) return err;
    }
    return HUB_OK;
}
