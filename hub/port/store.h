/* SPDX-License-Identifier: MIT */
/*
 * The store of one restaurant: one file, one writing connection (the writer thread's), several reading ones. This is a
 * port bound at link time: hub/ declares what it needs, noun by noun (store_*.h beside this file), drivers/store_sqlite
 * implements it. Every function returns HUB_OK, STORAGE_FULL, UNAVAILABLE (anything else the disk says; logged by the
 * driver with its cause) or what its comment says. A struct store is used by one thread at a time.
 */
#ifndef HUB_PORT_STORE_H
#define HUB_PORT_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "hub/err.h"

struct store;
struct log;

enum store_mode { STORE_WRITE /* creates and migrates */, STORE_READ };

/*
 * Opens the file at `path`. In STORE_WRITE mode a missing file is made and an older one migrated (after a copy beside
 * it). On failure *out is NULL and the fault says what to do: NOT_FOUND (STORE_READ of a missing file),
 * VALIDATION_ERROR (made by a newer version), UNAVAILABLE (unwritable, not a database, locked). The caller closes with
 * store_close().
 */
enum hub_err store_open(
    const char *path, enum store_mode mode, struct log *log, struct store **out, struct fault *fault);
void store_close(struct store *store); /* NULL is fine */

/* Transactions, writing connection only. */
enum hub_err store_begin(struct store *store);
enum hub_err store_commit(struct store *store); /* durable when it returns HUB_OK; rolled back otherwise */
void store_rollback(struct store *store);
enum hub_err store_savepoint(struct store *store);
enum hub_err store_release(struct store *store);
void store_rollback_to(struct store *store); /* undoes since the savepoint and drops it */

/* False when SQLite has rolled the whole transaction back by itself (it does when the disk is full). */
bool store_in_transaction(struct store *store);
/* Counts the rows that this connection has changed since it was opened, whether they came to be committed or not. */
int64_t store_rows_written(struct store *store);

/* A number that another one than this connection has written the file by: it differs when that happened since. */
enum hub_err store_foreign_version(struct store *store, int64_t *version);

/* A stable view for several reads on a reading connection. */
enum hub_err store_read_begin(struct store *store);
void store_read_end(struct store *store);

/* Small facts by name. `value` is copied into out (NUL-terminated); NOT_FOUND when absent, VALIDATION_ERROR when too
 * long. */
enum hub_err store_meta_get(struct store *store, const char *key, char *out, size_t size);
enum hub_err store_meta_set(struct store *store, const char *key, const char *value);

#endif
