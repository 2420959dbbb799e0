/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "drivers/store_sqlite/sql.h"
#include "hub/port/store_print.h"

/* ---- bells ------------------------------------------------------------------------------------------------------- */

enum hub_err store_station_rings(struct store *store, const char *station, bool *rings)
{
    struct sql q = sql_begin(store, "SELECT 1 FROM tickets WHERE rings = 1 AND station = ?1 LIMIT 1");
    sql_bind_text(&q, 1, station);
    *rings = sql_row(&q);
    return sql_end(&q);
}

enum hub_err store_station_hush(struct store *store, const char *station, int64_t now_ms)
{
    struct sql q = sql_begin(store, "UPDATE tickets SET rings = 0, touched_at = ?2 WHERE rings = 1 AND station = ?1");
    sql_bind_text(&q, 1, station);
    sql_bind_int(&q, 2, now_ms);
    return sql_run(&q);
}

enum hub_err store_station_bell_set(struct store *store, const char *station, const char *line)
{
    struct sql q = sql_begin(store, "UPDATE stations SET bell_line = ?2 WHERE name = ?1");
    sql_bind_text(&q, 1, station);
    sql_bind_text(&q, 2, line);
    enum hub_err err = sql_run(&q);
    return !err && sql_changes(store) == 0 ? HUB_NOT_FOUND : err;
}

enum hub_err store_station_bells(struct store *store, struct arena *arena, struct station_bell **bells, size_t *count)
{
    enum { ROOM = 200 };
    *count = 0;
    *bells = arena_array(arena, ROOM, sizeof **bells);
    if (!*bells) return HUB_UNAVAILABLE;
    struct sql q = sql_begin(store, "SELECT name, bell_line FROM stations ORDER BY position, id LIMIT 200");
    while (*count < ROOM && sql_row(&q)) {
        (*bells)[*count] = (struct station_bell){sql_text(&q, 0, arena), sql_text(&q, 1, arena)};
        (*count)++;
    }
    return sql_end(&q);
}

/* ---- the ledger -------------------------------------------------------------------------------------------------- */

/* A random UUID (version 4), made where the row is made. */
#define NEW_UUID                                                                                                       \
    "lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || substr(hex(randomblob(2)), 2) || '-' ||"         \
    " substr('89AB', 1 + (random() & 3), 1) || substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6)))"

enum hub_err store_print_queue(struct store *store, int64_t ticket_id, const char *station, int64_t now_ms)
{
    struct sql q = sql_begin(store, "INSERT INTO print_jobs (uuid, ticket_id, device_id, created_at, updated_at)"
                                    " SELECT " NEW_UUID ", ?1, id, ?3, ?3 FROM devices"
                                    " WHERE kind = 'printer' AND retired = 0 AND (station IS NULL OR station = ?2)");
    sql_bind_int(&q, 1, ticket_id);
    sql_bind_text(&q, 2, station);
    sql_bind_int(&q, 3, now_ms);
    return sql_run(&q);
}

enum hub_err store_print_copy(
    struct store *store, int64_t ticket_id, const char *station, const char *by, int64_t now_ms, size_t *count)
{
    struct sql q =
        sql_begin(store, "INSERT INTO print_jobs (uuid, ticket_id, device_id, created_at, updated_at, copy, copy_by)"
                         " SELECT " NEW_UUID ", ?1, id, ?3, ?3, 1, ?4 FROM devices"
                         " WHERE kind = 'printer' AND retired = 0 AND (station IS NULL OR station = ?2)");
    sql_bind_int(&q, 1, ticket_id);
    sql_bind_text(&q, 2, station);
    sql_bind_int(&q, 3, now_ms);
    sql_bind_text(&q, 4, by);
    enum hub_err err = sql_run(&q);
    *count = err ? 0 : (size_t)sql_changes(store);
    return err;
}

static enum print_state state_from(const char *name)
{
    for (int i = 0; name && print_state_names[i]; i++)
        if (strcmp(print_state_names[i], name) == 0) return (enum print_state)i;
    return PRINT_FAILED;
}

static void copy_text(char *out, size_t size, const char *text)
{
    snprintf(out, size, "%s", text ? text : "");
}

static void read_job(struct sql *q, struct arena *arena, struct print_job *job)
{
    *job = (struct print_job){.id = sql_int(q, 0),
        .ticket_id = sql_int(q, 1),
        .order_id = sql_int(q, 2),
        .device_id = sql_int(q, 3),
        .state = state_from(sql_text(q, 5, arena)),
        .attempts = sql_int(q, 6),
        .next_try_at = sql_int(q, 7),
        .doubtful = sql_int(q, 9) != 0,
        .copy = sql_int(q, 10) != 0,
        .copy_by = sql_text(q, 11, arena),
        .created_at = sql_int(q, 12),
        .updated_at = sql_int(q, 13)};
    copy_text(job->uuid, sizeof job->uuid, sql_text(q, 4, arena));
    copy_text(job->external_id, sizeof job->external_id, sql_text(q, 8, arena));
}

enum hub_err store_print_open(
    struct store *store, int64_t device_id, struct arena *arena, size_t room, struct print_job **jobs, size_t *count)
{
    *count = 0;
    *jobs = arena_array(arena, room ? room : 1, sizeof **jobs);
    if (!*jobs) return HUB_UNAVAILABLE;
    struct sql q = sql_begin(store,
        "SELECT j.id, j.ticket_id, t.order_id, j.device_id, j.uuid, j.state, j.attempts, j.next_try_at, j.external_id,"
        " j.doubtful, j.copy, j.copy_by, j.created_at, j.updated_at FROM print_jobs j JOIN tickets t ON t.id = "
        "j.ticket_id"
        " WHERE j.device_id = ?1 AND j.state IN ('queued', 'sending', 'sent') ORDER BY j.id LIMIT ?2");
    sql_bind_int(&q, 1, device_id);
    sql_bind_int(&q, 2, (int64_t)room);
    while (*count < room && sql_row(&q))
        read_job(&q, arena, &(*jobs)[(*count)++]);
    return sql_end(&q);
}

enum hub_err store_print_mark(
    struct store *store, const struct print_job *job, const char *proof, const char *detail, int64_t now_ms)
{
    struct sql q =
        sql_begin(store, "UPDATE print_jobs SET state = ?2, attempts = ?3, next_try_at = ?4, external_id = NULLIF(?5, "
                         "''), doubtful = ?6,"
                         " proof = COALESCE(?7, proof), detail = COALESCE(?8, detail), updated_at = ?9"
                         " WHERE id = ?1 AND state <> 'failed'");
    sql_bind_int(&q, 1, job->id);
    sql_bind_text(&q, 2, print_state_names[job->state]);
    sql_bind_int(&q, 3, job->attempts);
    sql_bind_int(&q, 4, job->next_try_at);
    sql_bind_text(&q, 5, job->external_id);
    sql_bind_int(&q, 6, job->doubtful);
    sql_bind_text(&q, 7, proof);
    sql_bind_text(&q, 8, detail);
    sql_bind_int(&q, 9, now_ms);
    enum hub_err err = sql_run(&q);
    return err ? err : sql_changes(store) ? HUB_OK : HUB_NOT_FOUND;
}

enum hub_err store_print_confirm_all(
    struct store *store, int64_t device_id, int64_t last_id, const char *proof, int64_t now_ms, size_t *count)
{
    struct sql q = sql_begin(store,
        "UPDATE print_jobs SET state = 'confirmed', attempts = attempts + 1, proof = ?3, updated_at = ?4"
        " WHERE device_id = ?1 AND id <= ?2 AND state IN ('queued', 'sending', 'sent') AND state = 'queued'");
    sql_bind_int(&q, 1, device_id);
    sql_bind_int(&q, 2, last_id);
    sql_bind_text(&q, 3, proof);
    sql_bind_int(&q, 4, now_ms);
    enum hub_err err = sql_run(&q);
    *count = err ? 0 : (size_t)sql_changes(store);
    return err;
}

enum hub_err store_print_abandon(struct store *store, int64_t device_id, int64_t now_ms)
{
    struct sql q = sql_begin(store,
        "UPDATE print_jobs SET state = 'failed', detail = 'The printer was taken out of use.', updated_at = ?2"
        " WHERE device_id = ?1 AND state IN ('queued', 'sending', 'sent')");
    sql_bind_int(&q, 1, device_id);
    sql_bind_int(&q, 2, now_ms);
    return sql_run(&q);
}

enum hub_err store_printed(
    struct store *store, const char *driver, size_t room, struct arena *arena, struct printed **list, size_t *count)
{
    *count = 0;
    *list = arena_array(arena, room ? room : 1, sizeof **list);
    if (!*list) return HUB_UNAVAILABLE;
    struct sql q = sql_begin(store,
        "SELECT j.id, j.ticket_id, t.order_id, t.kot_number, j.updated_at, t.station, t.kind, j.copy, j.doubtful"
        " FROM print_jobs j JOIN tickets t ON t.id = j.ticket_id WHERE j.state <> 'failed'"
        " AND j.device_id IN (SELECT id FROM devices WHERE kind = 'printer' AND driver = ?1) ORDER BY j.id DESC LIMIT "
        "?2");
    sql_bind_text(&q, 1, driver);
    sql_bind_int(&q, 2, (int64_t)room);
    while (*count < room && sql_row(&q)) {
        (*list)[*count] = (struct printed){.job_id = sql_int(&q, 0),
            .ticket_id = sql_int(&q, 1),
            .order_id = sql_int(&q, 2),
            .kot_number = sql_int(&q, 3),
            .printed_at = sql_int(&q, 4),
            .station = sql_text(&q, 5, arena),
            .kind = sql_text(&q, 6, arena),
            .copy = sql_int(&q, 7) != 0,
            .doubtful = sql_int(&q, 8) != 0};
        (*count)++;
    }
    return sql_end(&q);
}

enum hub_err store_kot_time(struct store *store, const char *station, int64_t day, int64_t kot, int64_t *created_at)
{
    struct sql q =
        sql_begin(store, "SELECT created_at FROM tickets WHERE station = ?1 AND day = ?2 AND kot_number = ?3");
    sql_bind_text(&q, 1, station);
    sql_bind_int(&q, 2, day);
    sql_bind_int(&q, 3, kot);
    bool found = sql_row(&q);
    *created_at = found ? sql_int(&q, 0) : 0;
    enum hub_err err = sql_end(&q);
    return err ? err : found ? HUB_OK : HUB_NOT_FOUND;
}
