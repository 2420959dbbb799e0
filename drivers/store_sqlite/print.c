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

/* A change of several rows; *count how many. */
static enum hub_err run_counted(struct sql *q, size_t *count)
{
    enum hub_err err = sql_run(q);
    *count = err ? 0 : (size_t)sql_changes(q->store);
    return err;
}

/* The row by which a printer (d) takes a station's tickets: the station's own, else the one for all others. */
#define STATION_ROW                                                                                                    \
    " JOIN printer_stations s ON s.device_id = d.id AND s.station ="                                                   \
    " (SELECT MAX(station) FROM printer_stations WHERE device_id = d.id AND station IN ('', t.station))"

enum hub_err store_print_queue(struct store *store, int64_t ticket_id, int64_t now_ms)
{
    struct sql q = sql_begin(store,
        "INSERT INTO print_jobs (uuid, device_id, ticket_id, line, created_at, updated_at) SELECT " NEW_UUID
        ", d.id, t.id, CASE WHEN p.per_item = 1 THEN l.key END, ?2, ?2"
        " FROM tickets t JOIN devices d ON d.kind = 'printer' AND d.retired = 0 JOIN printers p ON p.device_id = "
        "d.id" STATION_ROW " JOIN json_each(CASE WHEN p.per_item = 1 THEN t.lines ELSE '[0]' END) l"
        " JOIN json_each('[1,2,3,4,5,6,7,8,9]') c ON c.value <= p.copies"
        " WHERE t.id = ?1 AND s.kinds & CASE t.kind WHEN 'new' THEN 1 WHEN 'add_on' THEN 2 WHEN 'void' THEN 4"
        " WHEN 'move' THEN 8 ELSE 16 END ORDER BY d.id, c.value, l.key");
    sql_bind_int(&q, 1, ticket_id);
    sql_bind_int(&q, 2, now_ms);
    return sql_run(&q);
}

enum hub_err store_print_copy(struct store *store, int64_t ticket_id, const char *by, int64_t now_ms, size_t *count)
{
    struct sql q =
        sql_begin(store, "INSERT INTO print_jobs (uuid, device_id, ticket_id, copy, copy_by, created_at, updated_at)"
                         " SELECT " NEW_UUID ", d.id, t.id, 1, ?3, ?2, ?2 FROM tickets t"
                         " JOIN devices d ON d.kind = 'printer' AND d.retired = 0" STATION_ROW " WHERE t.id = ?1");
    sql_bind_int(&q, 1, ticket_id);
    sql_bind_int(&q, 2, now_ms);
    sql_bind_text(&q, 3, by);
    return run_counted(&q, count);
}

enum hub_err store_print_slip(
    struct store *store, int64_t device_id, enum print_slip slip, const char *body, const char *by, int64_t now_ms)
{
    struct sql q =
        sql_begin(store, "INSERT INTO print_jobs (uuid, device_id, slip, body, copy_by, created_at, updated_at)"
                         " VALUES (" NEW_UUID ", ?1, ?2, ?3, ?4, ?5, ?5)");
    sql_bind_int(&q, 1, device_id);
    sql_bind_text(&q, 2, print_slip_names[slip]);
    sql_bind_text(&q, 3, body);
    sql_bind_text(&q, 4, by);
    sql_bind_int(&q, 5, now_ms);
    return sql_run(&q);
}

enum hub_err store_print_bill(struct store *store, int64_t order_id, const char *by, int64_t now_ms, size_t *count)
{
    struct sql q =
        sql_begin(store, "INSERT INTO print_jobs (uuid, device_id, slip, order_id, copy_by, created_at, updated_at)"
                         " SELECT " NEW_UUID ", d.id, 'bill', ?1, ?2, ?3, ?3 FROM devices d"
                         " JOIN printers p ON p.device_id = d.id AND p.bills = 1 WHERE d.retired = 0");
    sql_bind_int(&q, 1, order_id);
    sql_bind_text(&q, 2, by);
    sql_bind_int(&q, 3, now_ms);
    return run_counted(&q, count);
}

/* ---- reading ----------------------------------------------------------------------------------------------------- */

#define JOB_ROWS                                                                                                       \
    "SELECT j.id, j.device_id, j.uuid, j.slip, j.ticket_id, COALESCE(t.order_id, j.order_id), j.body,"                 \
    " COALESCE(j.line, -1), j.state, j.attempts, j.next_try_at, j.external_id, j.doubtful, j.copy, j.copy_by,"         \
    " j.released, j.from_device_id, f.name, d.name, j.length_mm, j.proof, j.detail,"                                   \
    " COALESCE(t.created_at, j.created_at), j.created_at, j.updated_at FROM print_jobs j"                              \
    " JOIN devices d ON d.id = j.device_id LEFT JOIN tickets t ON t.id = j.ticket_id"                                  \
    " LEFT JOIN devices f ON f.id = j.from_device_id "

static void copy_text(char *out, size_t size, const char *text)
{
    snprintf(out, size, "%s", text ? text : "");
}

static void read_job(struct sql *q, struct arena *arena, struct print_job *job)
{
    *job = (struct print_job){.id = sql_int(q, 0),
        .device_id = sql_int(q, 1),
        .slip = (enum print_slip)sql_name_index(print_slip_names, sql_text(q, 3, arena), SLIP_TEST),
        .ticket_id = sql_int(q, 4),
        .order_id = sql_int(q, 5),
        .body = sql_text(q, 6, arena),
        .line = sql_int(q, 7),
        .state = (enum print_state)sql_name_index(print_state_names, sql_text(q, 8, arena), PRINT_FAILED),
        .attempts = sql_int(q, 9),
        .next_try_at = sql_int(q, 10),
        .doubtful = sql_int(q, 12) != 0,
        .copy = sql_int(q, 13) != 0,
        .copy_by = sql_text(q, 14, arena),
        .released = sql_int(q, 15) != 0,
        .from_device_id = sql_int(q, 16),
        .from_name = sql_text(q, 17, arena),
        .device_name = sql_text(q, 18, arena),
        .length_mm = sql_int(q, 19),
        .proof = sql_text(q, 20, arena),
        .detail = sql_text(q, 21, arena),
        .issued_at = sql_int(q, 22),
        .created_at = sql_int(q, 23),
        .updated_at = sql_int(q, 24)};
    copy_text(job->uuid, sizeof job->uuid, sql_text(q, 2, arena));
    copy_text(job->external_id, sizeof job->external_id, sql_text(q, 11, arena));
}

/* Runs a statement whose first place is an id and whose second is how many rows. */
static enum hub_err read_jobs(
    struct sql q, int64_t id, struct arena *arena, size_t room, struct print_job **jobs, size_t *count)
{
    *count = 0;
    sql_bind_int(&q, 1, id);
    sql_bind_int(&q, 2, (int64_t)room);
    *jobs = arena_array(arena, room ? room : 1, sizeof **jobs);
    while (*jobs && *count < room && sql_row(&q))
        read_job(&q, arena, &(*jobs)[(*count)++]);
    enum hub_err err = sql_end(&q);
    return err ? err : arena->failed ? HUB_UNAVAILABLE : HUB_OK;
}

enum hub_err store_print_open(
    struct store *store, int64_t device_id, struct arena *arena, size_t room, struct print_job **jobs, size_t *count)
{
    struct sql q = sql_begin(
        store, JOB_ROWS "WHERE j.device_id = ?1 AND j.state IN ('queued', 'sending', 'sent') ORDER BY j.id LIMIT ?2");
    return read_jobs(q, device_id, arena, room, jobs, count);
}

enum hub_err store_print_held(
    struct store *store, int64_t device_id, struct arena *arena, size_t room, struct print_job **jobs, size_t *count)
{
    struct sql q = sql_begin(store, JOB_ROWS "WHERE j.device_id = ?1 AND j.state = 'held' ORDER BY j.id LIMIT ?2");
    return read_jobs(q, device_id, arena, room, jobs, count);
}

enum hub_err store_print_of_order(
    struct store *store, int64_t order_id, struct arena *arena, size_t room, struct print_job **jobs, size_t *count)
{
    struct sql q = sql_begin(store, JOB_ROWS "WHERE t.order_id = ?1 ORDER BY j.id LIMIT ?2");
    return read_jobs(q, order_id, arena, room, jobs, count);
}

enum hub_err store_print_load(struct store *store, struct arena *arena, int64_t job_id, struct print_job *job)
{
    struct sql q = sql_begin(store, JOB_ROWS "WHERE j.id = ?1");
    sql_bind_int(&q, 1, job_id);
    bool found = sql_row(&q);
    if (found) read_job(&q, arena, job);
    enum hub_err err = sql_end(&q);
    return err ? err : found ? HUB_OK : HUB_NOT_FOUND;
}

/* ---- changing ---------------------------------------------------------------------------------------------------- */

enum hub_err store_print_mark(
    struct store *store, const struct print_job *job, const char *proof, const char *detail, int64_t now_ms)
{
    struct sql q = sql_begin(store,
        "UPDATE print_jobs SET state = ?2, attempts = ?3, next_try_at = ?4, external_id = NULLIF(?5, ''),"
        " doubtful = ?6, proof = COALESCE(?7, proof), detail = COALESCE(?8, detail), updated_at = ?9, released = ?10,"
        " length_mm = ?11 WHERE id = ?1 AND state <> 'failed'");
    sql_bind_int(&q, 1, job->id);
    sql_bind_text(&q, 2, print_state_names[job->state]);
    sql_bind_int(&q, 3, job->attempts);
    sql_bind_int(&q, 4, job->next_try_at);
    sql_bind_text(&q, 5, job->external_id);
    sql_bind_int(&q, 6, job->doubtful);
    sql_bind_text(&q, 7, proof);
    sql_bind_text(&q, 8, detail);
    sql_bind_int(&q, 9, now_ms);
    sql_bind_int(&q, 10, job->released);
    sql_bind_int(&q, 11, job->length_mm);
    enum hub_err err = sql_run(&q);
    return err ? err : sql_changes(store) ? HUB_OK : HUB_NOT_FOUND;
}

enum hub_err store_print_stand_in(struct store *store, const struct print_job *job, int64_t device_id, int64_t now_ms)
{
    struct sql q = sql_begin(store,
        "INSERT INTO print_jobs (uuid, device_id, slip, ticket_id, order_id, body, line, doubtful, copy, copy_by,"
        " released, from_device_id, created_at, updated_at) SELECT " NEW_UUID ", ?2, slip, ticket_id, order_id, body,"
        " line, ?3, copy, copy_by, released, device_id, ?4, ?4 FROM print_jobs WHERE id = ?1");
    sql_bind_int(&q, 1, job->id);
    sql_bind_int(&q, 2, device_id);
    sql_bind_int(&q, 3, job->doubtful);
    sql_bind_int(&q, 4, now_ms);
    return sql_run(&q);
}

enum hub_err store_print_confirm_all(
    struct store *store, int64_t device_id, int64_t last_id, const char *proof, int64_t now_ms, size_t *count)
{
    struct sql q = sql_begin(store,
        "UPDATE print_jobs SET state = 'confirmed', attempts = attempts + 1, proof = ?3, updated_at = ?4"
        " WHERE device_id = ?1 AND id <= ?2 AND state = 'queued'");
    sql_bind_int(&q, 1, device_id);
    sql_bind_int(&q, 2, last_id);
    sql_bind_text(&q, 3, proof);
    sql_bind_int(&q, 4, now_ms);
    return run_counted(&q, count);
}

enum hub_err store_print_abandon(struct store *store, int64_t device_id, int64_t now_ms)
{
    struct sql q = sql_begin(store,
        "UPDATE print_jobs SET state = 'failed', detail = 'The printer was taken out of use.', updated_at = ?2"
        " WHERE device_id = ?1 AND state IN ('queued', 'sending', 'sent', 'held')");
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
        " FROM print_jobs j JOIN tickets t ON t.id = j.ticket_id WHERE j.state <> 'failed' AND j.slip = 'ticket'"
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
