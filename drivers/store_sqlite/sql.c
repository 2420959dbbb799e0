/* SPDX-License-Identifier: MIT */
#include "drivers/store_sqlite/sql.h"

#include <stdint.h>
#include <string.h>

#include "drivers/store_sqlite/store_internal.h"

static sqlite3_stmt **slot_of(struct store *store, const char *text)
{
    size_t mask = STORE_STATEMENTS - 1;
    size_t at = (size_t)(((uintptr_t)text >> 3) * 2654435761u) & mask;
    for (size_t tried = 0; tried < STORE_STATEMENTS; tried++, at = (at + 1) & mask) {
        if (!store->statements[at].text) store->statements[at].text = text;
        if (store->statements[at].text == text) return &store->statements[at].statement;
    }
    return NULL;
}

struct sql sql_begin(struct store *store, const char *text)
{
    struct sql q = {.store = store, .code = SQLITE_OK};
    sqlite3_stmt **slot = slot_of(store, text);
    if (!slot) {
        q.code = SQLITE_NOMEM; /* more statements than slots: STORE_STATEMENTS must grow */
        return q;
    }
    if (!*slot) q.code = sqlite3_prepare_v3(store->db, text, -1, SQLITE_PREPARE_PERSISTENT, slot, NULL);
    q.statement = *slot;
    return q;
}

/* Keeps the first error of the chain. */
static void keep(struct sql *q, int code)
{
    if (q->code == SQLITE_OK && code != SQLITE_OK) q->code = code;
}

void sql_bind_int(struct sql *q, int index, int64_t value)
{
    if (q->code == SQLITE_OK) keep(q, sqlite3_bind_int64(q->statement, index, value));
}

void sql_bind_int_or_null(struct sql *q, int index, int64_t value)
{
    if (q->code != SQLITE_OK) return;
    keep(q, value ? sqlite3_bind_int64(q->statement, index, value) : sqlite3_bind_null(q->statement, index));
}

void sql_bind_text(struct sql *q, int index, const char *value)
{
    if (q->code == SQLITE_OK) keep(q, sqlite3_bind_text(q->statement, index, value, -1, SQLITE_STATIC));
}

void sql_bind_text_n(struct sql *q, int index, const char *value, size_t length)
{
    if (q->code == SQLITE_OK) keep(q, sqlite3_bind_text(q->statement, index, value, (int)length, SQLITE_STATIC));
}

void sql_bind_blob(struct sql *q, int index, const void *value, size_t size)
{
    if (q->code == SQLITE_OK) keep(q, sqlite3_bind_blob(q->statement, index, value, (int)size, SQLITE_STATIC));
}

bool sql_row(struct sql *q)
{
    if (q->code != SQLITE_OK) return false;
    int code = sqlite3_step(q->statement);
    if (code == SQLITE_ROW) return true;
    if (code != SQLITE_DONE) keep(q, code);
    return false;
}

int64_t sql_int(struct sql *q, int column)
{
    return sqlite3_column_int64(q->statement, column);
}

bool sql_is_null(struct sql *q, int column)
{
    return sqlite3_column_type(q->statement, column) == SQLITE_NULL;
}

const char *sql_text(struct sql *q, int column, struct arena *arena)
{
    const unsigned char *text = sqlite3_column_text(q->statement, column);
    if (!text) return NULL;
    const char *copy = arena_strndup(arena, (const char *)text, (size_t)sqlite3_column_bytes(q->statement, column));
    if (!copy) keep(q, SQLITE_NOMEM);
    return copy;
}

const void *sql_bytes(struct sql *q, int column, size_t *size)
{
    const void *bytes = sqlite3_column_blob(q->statement, column);
    *size = (size_t)sqlite3_column_bytes(q->statement, column);
    return bytes;
}

enum hub_err sql_end(struct sql *q)
{
    enum hub_err err = HUB_OK;
    if (q->code != SQLITE_OK)
        err = store_error(q->store, q->code, q->statement ? sqlite3_sql(q->statement) : "prepare");
    if (q->statement) {
        sqlite3_reset(q->statement); /* its code repeats the step's */
        sqlite3_clear_bindings(q->statement);
    }
    return err;
}

enum hub_err sql_run(struct sql *q)
{
    while (sql_row(q)) {
    }
    return sql_end(q);
}

int64_t sql_last_id(struct sql *q)
{
    return sqlite3_last_insert_rowid(q->store->db);
}

int sql_name_index(const char *const *names, const char *name, int otherwise)
{
    for (int i = 0; name && names[i]; i++)
        if (strcmp(names[i], name) == 0) return i;
    return otherwise;
}

int sql_changes(struct store *store)
{
    return sqlite3_changes(store->db);
}
