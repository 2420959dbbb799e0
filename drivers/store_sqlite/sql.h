/* SPDX-License-Identifier: MIT */
/*
 * Inside the SQLite driver: prepared statements made once per connection, and one error path for binding and stepping.
 *
 *     struct sql q = sql_begin(store, "SELECT name FROM staff WHERE id = ?1");
 *     sql_bind_int(&q, 1, id);
 *     if (sql_row(&q)) name = sql_text(&q, 0, arena);
 *     return sql_end(&q);        // HUB_OK, or the first error of all the above, translated and logged
 */
#ifndef DRIVERS_STORE_SQLITE_SQL_H
#define DRIVERS_STORE_SQLITE_SQL_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "hub/arena.h"
#include "hub/err.h"
#include "hub/port/store.h"

struct sql {
    struct store *store;
    sqlite3_stmt *statement; /* NULL after a failed prepare */
    int code;                /* first SQLite error, or SQLITE_OK */
};

/* `text` must be a string literal: statements are cached by its address. Not reentrant per literal. */
struct sql sql_begin(struct store *store, const char *text);
void sql_bind_int(struct sql *q, int index, int64_t value);
void sql_bind_int_or_null(struct sql *q, int index, int64_t value); /* 0 binds NULL */
void sql_bind_text(struct sql *q, int index, const char *value);    /* NULL binds NULL; must live until sql_end */
void sql_bind_text_n(struct sql *q, int index, const char *value, size_t length);
void sql_bind_blob(struct sql *q, int index, const void *value, size_t size);
/* Steps: true when there is a row. */
bool sql_row(struct sql *q);
int64_t sql_int(struct sql *q, int column); /* NULL reads 0 */
bool sql_is_null(struct sql *q, int column);
const char *sql_text(struct sql *q, int column, struct arena *arena); /* arena copy; NULL reads NULL */
/* The place of a stored word in a NULL-terminated list; `otherwise` where it is NULL or not there. */
int sql_name_index(const char *const *names, const char *name, int otherwise);
/* Bytes of a text or blob, valid until the next step; *size set. */
const void *sql_bytes(struct sql *q, int column, size_t *size);
/* Resets the statement; the first error of this use, translated. Calling sql_row() first is not needed for writes: */
enum hub_err sql_end(struct sql *q);
/* For INSERT, UPDATE, DELETE: steps once and ends. */
enum hub_err sql_run(struct sql *q);
int64_t sql_last_id(struct sql *q);
int sql_changes(struct store *store);

#endif
