/* SPDX-License-Identifier: MIT */
/* The floor: tables and their sessions. */
#ifndef HUB_PORT_STORE_TABLES_H
#define HUB_PORT_STORE_TABLES_H

#include "hub/port/store.h"
#include "hub/table.h"

enum hub_err store_table_load(
    struct store *store, struct arena *arena, int64_t id, struct table *table); /* NOT_FOUND */
/* All that are in use, by area and id, with their sessions' orders; in the arena. */
enum hub_err store_tables_load(struct store *store, struct arena *arena, struct table **tables, size_t *count);
enum hub_err store_table_save(struct store *store, struct table *table); /* version goes up */
enum hub_err store_table_add(struct store *store, const struct table *table);
enum hub_err store_session_add(struct store *store, int64_t id, int64_t table_id, int64_t guests, int64_t now_ms);
/* When a session began, and with how many. */
enum hub_err store_session_load(struct store *store, int64_t id, int64_t *opened_at, int64_t *guests);
enum hub_err store_session_close(struct store *store, int64_t id, int64_t now_ms); /* 0 reopens */
/* A session's orders go to another table and session. */
enum hub_err store_session_move(
    struct store *store, int64_t from_session, int64_t to_session, int64_t to_table, const char *to_name);

#endif
