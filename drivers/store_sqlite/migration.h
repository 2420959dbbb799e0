/* SPDX-License-Identifier: MIT */
/* Numbered schema changes: run in order, each once, never edited after a release. */
#ifndef DRIVERS_STORE_SQLITE_MIGRATION_H
#define DRIVERS_STORE_SQLITE_MIGRATION_H

struct migration {
    int number;
    const char *name;
    const char *text;
};

extern const struct migration migrations[]; /* rising by number */
extern const int migration_count;

#endif
