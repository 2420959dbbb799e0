/* SPDX-License-Identifier: MIT */
#include "hub/csv.h"

#include <string.h>

void csv_init(struct csv *csv, const char *text, size_t length)
{
    static const char mark[] = "\xef\xbb\xbf";
    *csv = (struct csv){.at = text, .end = text + length};
    if (length >= 3 && memcmp(text, mark, 3) == 0) csv->at += 3;
}

static bool at_line_end(const struct csv *csv)
{
    return csv->at == csv->end || *csv->at == '\n' ||
           (*csv->at == '\r' && (csv->at + 1 == csv->end || csv->at[1] == '\n'));
}

static void skip_line_end(struct csv *csv)
{
    if (csv->at < csv->end && *csv->at == '\r') csv->at++;
    if (csv->at < csv->end && *csv->at == '\n') csv->at++;
}

/* A quoted field; doubled quotes stand for one. */
static const char *quoted(struct csv *csv, struct arena *arena)
{
    const char *start = ++csv->at;
    size_t doubled = 0;
    for (;; csv->at++) {
        if (csv->at == csv->end) {
            csv->broken = "a quote is opened and never closed";
            return NULL;
        }
        if (*csv->at != '"') continue;
        if (csv->at + 1 == csv->end || csv->at[1] != '"') break;
        csv->at++;
        doubled++;
    }
    size_t length = (size_t)(csv->at - start);
    char *out = arena_alloc(arena, length - doubled + 1), *to = out;
    for (const char *from = start; out && from < start + length; from++) {
        *to++ = *from;
        if (*from == '"') from++;
    }
    csv->at++;
    if (csv->at < csv->end && *csv->at != ',' && !at_line_end(csv)) {
        csv->broken = "there is text behind a closing quote";
        return NULL;
    }
    return out;
}

static const char *plain(struct csv *csv, struct arena *arena)
{
    const char *start = csv->at;
    while (csv->at < csv->end && *csv->at != ',' && !at_line_end(csv))
        csv->at++;
    return arena_strndup(arena, start, (size_t)(csv->at - start));
}

bool csv_row(struct csv *csv, struct arena *arena, const char **fields, size_t room, size_t *count)
{
    *count = 0;
    do {
        csv->row++;
        if (csv->at == csv->end || !at_line_end(csv)) break;
        skip_line_end(csv);
    } while (csv->at < csv->end);
    if (csv->at == csv->end || csv->broken) return false;
    for (;;) {
        const char *start = csv->at;
        const char *field = csv->at < csv->end && *csv->at == '"' ? quoted(csv, arena) : plain(csv, arena);
        if (field && memchr(start, '\0', (size_t)(csv->at - start))) csv->broken = "there is a NUL character";
        if (*count == room) csv->broken = "there are more fields than columns";
        if (!field || csv->broken) return false;
        fields[(*count)++] = field;
        if (csv->at == csv->end || *csv->at != ',') break;
        csv->at++;
    }
    skip_line_end(csv);
    return true;
}
