/* SPDX-License-Identifier: MIT */
/* Menus that people bring: CSV by its grammar, then as rows of a menu; the same as JSON. */
#include "drivers/text_utf8proc/text_utf8proc.h"
#include "hub/csv.h"
#include "hub/json.h"
#include "hub/menu_import.h"
#include "hub/utf8.h"
#include "tests/fuzz/fuzz.h"

enum { ROOM = 8 };

static void check_rows(const struct menu_rows *rows)
{
    for (size_t i = 0; i < rows->count; i++) {
        const struct menu_row *row = &rows->rows[i];
        FUZZ_HOLDS(row->category && *row->category && row->item && *row->item);
        FUZZ_HOLDS(utf8_valid(row->category, strlen(row->category)) && utf8_valid(row->item, strlen(row->item)));
        FUZZ_HOLDS(row->price >= 0 && row->course >= 0);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = fuzz_rest(data, size);
    struct arena arena;
    struct csv csv;
    struct fault fault = {0};
    struct menu_rows rows = {0};
    const char *fields[ROOM];
    size_t count = 0;
    arena_init(&arena);
    csv_init(&csv, text, size);
    while (csv_row(&csv, &arena, fields, ROOM, &count)) {
        FUZZ_HOLDS(count >= 1 && count <= ROOM);
        for (size_t i = 0; i < count; i++)
            FUZZ_HOLDS(strlen(fields[i]) <= size);
    }
    for (int decimals = 0; decimals <= 3; decimals++) {
        rows = (struct menu_rows){0};
        if (menu_rows_from_csv(text, size, decimals, text_utf8proc(), &arena, &rows, &fault) == HUB_OK)
            check_rows(&rows);
        fault_finish(&fault);
        fault = (struct fault){0};
    }
    cJSON *tree = json_parse(text, size, &fault);
    fault_finish(&fault);
    fault = (struct fault){0};
    rows = (struct menu_rows){0};
    if (cJSON_IsObject(tree) && menu_rows_from_json(tree, text_utf8proc(), &arena, &rows, &fault) == HUB_OK)
        check_rows(&rows);
    fault_finish(&fault);
    cJSON_Delete(tree);
    arena_finish(&arena);
    free(text);
    return 0;
}
