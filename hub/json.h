/* SPDX-License-Identifier: MIT */
/*
 * JSON at the edge. Reading: a strict scan (PROTOCOL section 1), then cJSON, then a descriptor table into a struct;
 * below the codecs there is no JSON. Writing: a writer that appends text, because the same order is written on every
 * change and cJSON's number printing alone would cost more than the commit.
 */
#ifndef HUB_JSON_H
#define HUB_JSON_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "hub/arena.h"
#include "hub/err.h"

struct text_port;

enum { JSON_MAX_DEPTH = 32, JSON_MAX_BYTES = 256 * 1024 };

/* ---- reading ---------------------------------------------------------------------------------------------------- */

/*
 * Parses strictly: RFC 8259 grammar, valid UTF-8, at most JSON_MAX_DEPTH deep, no duplicate keys, no NUL, no lone
 * surrogates (escaped or not), no other control characters (U+0080 to U+009F are some) even when escaped, except \n, \r
 * and \t (a note may have lines), no number of more than 60 characters. Nothing may follow the value. Returns a tree
 * that the caller frees with cJSON_Delete(), or NULL with MALFORMED_JSON in the fault, its detail naming the line and
 * column.
 */
cJSON *json_parse(const char *text, size_t length, struct fault *fault);

enum json_kind {
    JSON_INT,     /* int64_t; written 2 or 2.0 */
    JSON_BOOL,    /* bool */
    JSON_TEXT,    /* const char *: NFC, trimmed of nothing, at most `max` characters (code points), at least `min` */
    JSON_NAME_OF, /* int: index into the NULL-terminated list `names` */
    JSON_IDS,     /* struct json_ids: array of positive integers, at most `max` */
    JSON_OBJECT,  /* const cJSON *: an object, for the caller to decode */
    JSON_ARRAY,   /* const cJSON *: an array of min..max elements, for the caller to decode */
    JSON_ANY      /* const cJSON * */
};

struct json_ids {
    const int64_t *ids;
    size_t count;
};

/* One row of a descriptor table. */
struct json_field {
    const char *name;
    enum json_kind kind;
    size_t offset;            /* of the value in the struct */
    int64_t min, max;         /* see the kind */
    const char *const *names; /* JSON_NAME_OF */
    bool required;
};

/*
 * Decodes an object. `path` prefixes field names in faults ("items[0]", or "" at the top). Absent and null fields leave
 * the struct as it was (so preset defaults). `present` (may be NULL) gets bit i for each field i that was there and not
 * null. Unknown fields, wrong types, out of range, unknown names, missing required: VALIDATION_ERROR with the field's
 * path and a sentence for people. At most 64 fields. Texts and ids live in the arena; JSON pointers in the tree.
 */
enum hub_err json_decode(const cJSON *object, const struct json_field *fields, size_t count, void *out,
    uint64_t *present, struct arena *arena, struct text_port *text, const char *path, struct fault *fault);

/* An integer as the contract writes it (2 or 2.0, below 2^53 either way, so that none was rounded); false when it is
 * anything else. */
bool json_integer(const cJSON *value, int64_t *out);

/*
 * Canonical bytes of a value, equal for equal parsed JSON and for no other (keys sorted, 2.0 as 2, members that are
 * null left out because null equals absent): what idempotency compares. Not JSON itself. Members whose name is in the
 * NULL-terminated list `skip` (may be NULL) are left out at the top level. malloc'ed, freed by the caller; NULL when
 * memory is short.
 */
char *json_canonical(const cJSON *value, const char *const *skip);

/* ---- writing ---------------------------------------------------------------------------------------------------- */

/* Appends JSON text; commas are put by the writer. After any failed allocation everything is ignored and `failed` set.
 */
struct json_writer {
    char *text; /* NUL-terminated when not NULL */
    size_t length, capacity;
    bool failed, comma;
};

void json_writer_init(struct json_writer *w);
void json_writer_finish(struct json_writer *w);
/* Empties it, keeping the memory. */
void json_writer_reset(struct json_writer *w);
/* Hands out the text, malloc'ed (the caller frees it) and inits the writer; NULL if it had failed. */
char *json_writer_take(struct json_writer *w, size_t *length);

void json_begin_object(struct json_writer *w);
void json_end_object(struct json_writer *w);
void json_begin_array(struct json_writer *w);
void json_end_array(struct json_writer *w);
void json_key(struct json_writer *w, const char *key);     /* key must need no escaping */
void json_string(struct json_writer *w, const char *utf8); /* NULL writes null */
void json_int(struct json_writer *w, int64_t value);
void json_bool(struct json_writer *w, bool value);
void json_null(struct json_writer *w);
void json_double(struct json_writer *w, double value); /* shortest of %.15g/%.17g; not finite writes null */
/* Already valid JSON text, copied as it is. NULL writes null. */
void json_raw(struct json_writer *w, const char *json, size_t length);
/* Already valid members without braces ("a":1,"b":2) of the object being written; nothing when length is 0. */
void json_raw_members(struct json_writer *w, const char *members, size_t length);
/* RFC 3339 UTC with milliseconds, "2026-11-20T10:30:45.123Z"; years 0 to 9999. */
void json_time(struct json_writer *w, int64_t wall_ms);
void json_time_or_null(struct json_writer *w, int64_t wall_ms); /* 0 writes null */
/* A cJSON tree. */
void json_tree(struct json_writer *w, const cJSON *value);

/* key and value in one. */
void json_put_string(struct json_writer *w, const char *key, const char *utf8);
void json_put_int(struct json_writer *w, const char *key, int64_t value);
void json_put_id_or_null(struct json_writer *w, const char *key, int64_t id); /* 0 writes null */
void json_put_bool(struct json_writer *w, const char *key, bool value);
void json_put_time_or_null(struct json_writer *w, const char *key, int64_t wall_ms);
void json_put_null(struct json_writer *w, const char *key);

#endif
