/* SPDX-License-Identifier: MIT */
/* The connection behind struct store; for files of this folder only. */
#ifndef DRIVERS_STORE_SQLITE_STORE_INTERNAL_H
#define DRIVERS_STORE_SQLITE_STORE_INTERNAL_H

#include <sqlite3.h>
#include <stdbool.h>

#include "hub/port/store.h"

enum { STORE_STATEMENTS = 256 }; /* slots of the statement cache; a power of two, about twice the statements in use */

struct store {
    sqlite3 *db;
    struct log *log;
    struct {
        const char *text; /* the literal's address is the key */
        sqlite3_stmt *statement;
    } statements[STORE_STATEMENTS];
    char path[512];
};

/* Translates a SQLite result code and logs what went wrong, with the library's words. */
enum hub_err store_error(struct store *store, int code, const char *what);
/* Brings the schema up to date. */
enum hub_err store_migrate(struct store *store, struct fault *fault);

#endif
