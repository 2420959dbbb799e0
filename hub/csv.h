/* SPDX-License-Identifier: MIT */
/* Reads comma-separated values as people's programs write them (RFC 4180): quotes, CRLF or LF, a byte order mark. Pure.
 */
#ifndef HUB_CSV_H
#define HUB_CSV_H

#include <stdbool.h>
#include <stddef.h>

#include "hub/arena.h"

struct csv {
    const char *at, *end;
    size_t row;         /* number of the row last read, 1 = the head, as a spreadsheet counts */
    const char *broken; /* why reading stopped before the end; NULL when it did not */
};

/* `text` is borrowed; it need not end in NUL. */
void csv_init(struct csv *csv, const char *text, size_t length);

/*
 * Reads the next row that is not empty into fields[] (NUL-terminated, in the arena), at most `room` of them. False at
 * the end, when the row has more fields than room, an open quote or a NUL (csv->broken then says so), or memory is
 * short.
 */
bool csv_row(struct csv *csv, struct arena *arena, const char **fields, size_t room, size_t *count);

#endif
