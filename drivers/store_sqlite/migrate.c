/* SPDX-License-Identifier: MIT */
#include "drivers/store_sqlite/migration.h"

#include <stdio.h>

#include "drivers/store_sqlite/store_internal.h"
#include "hub/log.h"

static enum hub_err schema_version(struct store *store, int *version)
{
    sqlite3_stmt *statement = NULL;
    int code = sqlite3_prepare_v2(store->db, "PRAGMA user_version", -1, &statement, NULL);
    if (code == SQLITE_OK && (code = sqlite3_step(statement)) == SQLITE_ROW) {
        *version = sqlite3_column_int(statement, 0);
        code = SQLITE_OK;
    }
    sqlite3_finalize(statement);
    return code == SQLITE_OK ? HUB_OK : store_error(store, code, "PRAGMA user_version");
}

/* A copy beside the file before anything in it changes: `<file>.before-<version>`. */
static enum hub_err keep_copy(struct store *store, int version, struct fault *fault)
{
    char sql[1200], path[600];
    snprintf(path, sizeof path, "%s.before-%d", store->path, version);
    remove(path); /* a copy from a migration that was cut off; VACUUM INTO wants a new file */
    sqlite3_snprintf((int)sizeof sql, sql, "VACUUM INTO %Q", path);
    if (sqlite3_exec(store->db, sql, NULL, NULL, NULL) == SQLITE_OK) return HUB_OK;
    return fault_set(fault, HUB_UNAVAILABLE, NULL,
        "A copy of %s could not be made before updating it: %s. Make room and start again.", store->path,
        sqlite3_errmsg(store->db));
}

static enum hub_err apply(struct store *store, const struct migration *migration, struct fault *fault)
{
    char version[64];
    snprintf(version, sizeof version, "PRAGMA user_version = %d; COMMIT;", migration->number);
    if (sqlite3_exec(store->db, "BEGIN EXCLUSIVE", NULL, NULL, NULL) == SQLITE_OK &&
        sqlite3_exec(store->db, migration->text, NULL, NULL, NULL) == SQLITE_OK &&
        sqlite3_exec(store->db, version, NULL, NULL, NULL) == SQLITE_OK) {
        log_line(store->log, LOG_LEVEL_NOTICE, "store %s: schema %s applied", store->path, migration->name);
        return HUB_OK;
    }
    fault_set(fault, HUB_UNAVAILABLE, NULL, "The data file %s could not be brought up to date (%s): %s.", store->path,
        migration->name, sqlite3_errmsg(store->db));
    store_rollback(store);
    return HUB_UNAVAILABLE;
}

enum hub_err store_migrate(struct store *store, struct fault *fault)
{
    int version = 0, newest = migrations[migration_count - 1].number;
    if (schema_version(store, &version) != HUB_OK)
        return fault_set(fault, HUB_UNAVAILABLE, NULL, "%s is not a Servery data file, or it is damaged.", store->path);
    if (version > newest)
        return fault_set(fault, HUB_VALIDATION_ERROR, NULL,
            "The data file %s was made by a newer Servery (schema %d; this one knows %d). Update Servery, or restore "
            "the copy made before.",
            store->path, version, newest);
    if (version > 0 && version < newest) {
        enum hub_err err = keep_copy(store, version, fault);
        if (err) return err;
    }
    for (int i = 0; i < migration_count; i++) {
        if (migrations[i].number <= version) continue;
        enum hub_err err = apply(store, &migrations[i], fault);
        if (err) return err;
    }
    return HUB_OK;
}
