/* SPDX-License-Identifier: MIT */
#include "hub/port/store.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "drivers/store_sqlite/sql.h"
#include "drivers/store_sqlite/store_internal.h"
#include "hub/log.h"

enum { BUSY_WAIT_MS = 5000 }; /* only `servery token create` writes beside us, for a moment */

enum hub_err store_error(struct store *store, int code, const char *what)
{
    int extended = store->db ? sqlite3_extended_errcode(store->db) : code;
    log_line(
        store->log, LOG_LEVEL_ERROR, "store %s: %s (%d) in %.160s", store->path, sqlite3_errstr(code), extended, what);
    int primary = code & 0xff;
    if (primary == SQLITE_FULL) return HUB_STORAGE_FULL;
    /* A full card may also show as a failed write or fsync; errno tells them apart. */
    if (primary == SQLITE_IOERR && store->db && sqlite3_system_errno(store->db) == ENOSPC) return HUB_STORAGE_FULL;
    return HUB_UNAVAILABLE;
}

static enum hub_err configure(struct store *store, enum store_mode mode, struct fault *fault)
{
    /* 10 ms fsyncs are the price of a commit; 1 MiB of pages serves a writer, a reader needs less. */
    static const char write_setup[] = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
                                      "PRAGMA cache_size=-2048; PRAGMA wal_autocheckpoint=1000;"
                                      "PRAGMA journal_size_limit=8388608; PRAGMA temp_store=MEMORY;";
    static const char read_setup[] = "PRAGMA query_only=ON; PRAGMA cache_size=-512; PRAGMA temp_store=MEMORY;";
    sqlite3_busy_timeout(store->db, BUSY_WAIT_MS);
    char *message = NULL;
    int code = sqlite3_exec(store->db, mode == STORE_WRITE ? write_setup : read_setup, NULL, NULL, &message);
    if (code == SQLITE_OK) return HUB_OK;
    enum hub_err err = code == SQLITE_FULL ? HUB_STORAGE_FULL : HUB_UNAVAILABLE;
    fault_set(fault, err, NULL,
        "The data file %s cannot be used: %s. Check that the folder may be written to and has room.", store->path,
        message ? message : sqlite3_errstr(code));
    sqlite3_free(message);
    return err;
}

/* SQLite's own settings are the process'. Without its memory statistics no allocation takes a lock. */
static pthread_once_t library_once = PTHREAD_ONCE_INIT;

static void set_library_up(void)
{
    (void)sqlite3_config(
        SQLITE_CONFIG_MEMSTATUS, 0); /* refused when somebody has used SQLite before: then it is as it was */
}

enum hub_err store_open(
    const char *path, enum store_mode mode, struct log *log, struct store **out, struct fault *fault)
{
    *out = NULL;
    if (mode == STORE_READ && access(path, F_OK) != 0)
        return fault_set(fault, HUB_NOT_FOUND, NULL, "There is no data file %s.", path);
    pthread_once(&library_once, set_library_up);
    struct store *store = calloc(1, sizeof *store);
    if (!store) return fault_set(fault, HUB_UNAVAILABLE, NULL, "Out of memory.");
    store->log = log;
    snprintf(store->path, sizeof store->path, "%s", path);
    /* Reading connections open for writing too (then query_only): a WAL reader must be able to make the -shm file. */
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | (mode == STORE_WRITE ? SQLITE_OPEN_CREATE : 0);
    int code = sqlite3_open_v2(path, &store->db, flags, NULL);
    enum hub_err err = HUB_OK;
    if (code != SQLITE_OK)
        err = fault_set(fault, HUB_UNAVAILABLE, NULL,
            "The data file %s cannot be opened: %s. Check the folder's owner and rights.", path,
            store->db ? sqlite3_errmsg(store->db) : sqlite3_errstr(code));
    if (!err) err = configure(store, mode, fault);
    if (!err && mode == STORE_WRITE) err = store_migrate(store, fault);
    if (err) {
        store_close(store);
        return err;
    }
    *out = store;
    return HUB_OK;
}

void store_close(struct store *store)
{
    if (!store) return;
    for (size_t i = 0; i < STORE_STATEMENTS; i++)
        sqlite3_finalize(store->statements[i].statement);
    if (sqlite3_close(store->db) != SQLITE_OK)
        log_line(store->log, LOG_LEVEL_ERROR, "store %s: closed with statements open", store->path);
    free(store);
}

enum hub_err store_begin(struct store *store)
{
    struct sql q = sql_begin(store, "BEGIN IMMEDIATE");
    return sql_run(&q);
}

enum hub_err store_commit(struct store *store)
{
    struct sql q = sql_begin(store, "COMMIT");
    enum hub_err err = sql_run(&q);
    if (err) store_rollback(store);
    return err;
}

void store_rollback(struct store *store)
{
    if (sqlite3_get_autocommit(store->db)) return; /* SQLite rolled back by itself, as it does when the disk is full */
    struct sql q = sql_begin(store, "ROLLBACK");
    (void)sql_run(&q);
}

enum hub_err store_savepoint(struct store *store)
{
    struct sql q = sql_begin(store, "SAVEPOINT command");
    return sql_run(&q);
}

enum hub_err store_release(struct store *store)
{
    struct sql q = sql_begin(store, "RELEASE command");
    return sql_run(&q);
}

void store_rollback_to(struct store *store)
{
    if (sqlite3_get_autocommit(store->db)) return;
    struct sql back = sql_begin(store, "ROLLBACK TO command");
    if (sql_run(&back) == HUB_OK) (void)store_release(store);
}

bool store_in_transaction(struct store *store)
{
    return !sqlite3_get_autocommit(store->db);
}

int64_t store_rows_written(struct store *store)
{
    return sqlite3_total_changes64(store->db);
}

enum hub_err store_foreign_version(struct store *store, int64_t *version)
{
    struct sql q = sql_begin(store, "PRAGMA data_version");
    *version = sql_row(&q) ? sql_int(&q, 0) : 0;
    return sql_end(&q);
}

enum hub_err store_read_begin(struct store *store)
{
    struct sql q = sql_begin(store, "BEGIN");
    return sql_run(&q);
}

void store_read_end(struct store *store)
{
    if (sqlite3_get_autocommit(store->db)) return;
    struct sql q = sql_begin(store, "COMMIT");
    if (sql_run(&q) != HUB_OK) store_rollback(store);
}

enum hub_err store_meta_get(struct store *store, const char *key, char *out, size_t size)
{
    struct sql q = sql_begin(store, "SELECT value FROM meta WHERE key = ?1");
    sql_bind_text(&q, 1, key);
    bool found = sql_row(&q);
    size_t length = 0;
    if (found) {
        const void *bytes = sql_bytes(&q, 0, &length);
        if (length < size) {
            memcpy(out, bytes ? bytes : "", length);
            out[length] = '\0';
        }
    }
    enum hub_err err = sql_end(&q);
    if (err) return err;
    if (!found) return HUB_NOT_FOUND;
    return length < size ? HUB_OK : HUB_VALIDATION_ERROR;
}

enum hub_err store_meta_set(struct store *store, const char *key, const char *value)
{
    struct sql q =
        sql_begin(store, "INSERT INTO meta (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = ?2");
    sql_bind_text(&q, 1, key);
    sql_bind_text(&q, 2, value);
    return sql_run(&q);
}
