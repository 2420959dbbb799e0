/* SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "drivers/store_sqlite/sql.h"
#include "hub/port/store_devices.h"

enum { ROOM = 256 };

/* ---- devices ----------------------------------------------------------------------------------------------------- */

#define DEVICE_COLUMNS "id, kind, name, station, state, detail, fix, since, lit, driver, address, width"

static void read_device(struct sql *q, struct arena *arena, struct device *device)
{
    *device = (struct device){.id = sql_int(q, 0),
        .kind = (enum device_kind)sql_name_index(device_kind_names, sql_text(q, 1, arena), 0),
        .name = sql_text(q, 2, arena),
        .station = sql_text(q, 3, arena),
        .state = (enum device_state)sql_name_index(device_state_names, sql_text(q, 4, arena), 0),
        .detail = sql_text(q, 5, arena),
        .fix = sql_text(q, 6, arena),
        .since = sql_int(q, 7),
        .lit = sql_int(q, 8) != 0,
        .driver = sql_text(q, 9, arena),
        .address = sql_text(q, 10, arena),
        .width = sql_int(q, 11)};
}

enum hub_err store_devices_load(struct store *store, struct arena *arena, struct device **devices, size_t *count)
{
    *count = 0;
    *devices = arena_array(arena, ROOM, sizeof **devices);
    if (!*devices) return HUB_UNAVAILABLE;
    struct sql q = sql_begin(store, "SELECT " DEVICE_COLUMNS " FROM devices WHERE retired = 0 ORDER BY id");
    while (*count < ROOM && sql_row(&q))
        read_device(&q, arena, &(*devices)[(*count)++]);
    return sql_end(&q);
}

enum hub_err store_device_load(struct store *store, struct arena *arena, int64_t id, struct device *device)
{
    struct sql q = sql_begin(store, "SELECT " DEVICE_COLUMNS " FROM devices WHERE id = ?1 AND retired = 0");
    sql_bind_int(&q, 1, id);
    bool found = sql_row(&q);
    if (found) read_device(&q, arena, device);
    enum hub_err err = sql_end(&q);
    return err ? err : found ? HUB_OK : HUB_NOT_FOUND;
}

enum hub_err store_device_find(struct store *store, enum device_kind kind, const char *name, int64_t *id)
{
    struct sql q = sql_begin(store, "SELECT id FROM devices WHERE kind = ?1 AND name = ?2");
    sql_bind_text(&q, 1, device_kind_names[kind]);
    sql_bind_text(&q, 2, name);
    bool found = sql_row(&q);
    *id = found ? sql_int(&q, 0) : 0;
    enum hub_err err = sql_end(&q);
    return err ? err : found ? HUB_OK : HUB_NOT_FOUND;
}

static void bind_device(struct sql *q, const struct device *d)
{
    sql_bind_text(q, 2, device_kind_names[d->kind]);
    sql_bind_text(q, 3, d->name);
    sql_bind_text(q, 4, d->station);
    sql_bind_text(q, 5, device_state_names[d->state]);
    sql_bind_text(q, 6, d->detail ? d->detail : "");
    sql_bind_text(q, 7, d->fix ? d->fix : "");
    sql_bind_int(q, 8, d->since);
    sql_bind_int(q, 9, d->lit);
    sql_bind_text(q, 10, d->driver ? d->driver : "");
    sql_bind_text(q, 11, d->address ? d->address : "");
    sql_bind_int(q, 12, d->width ? d->width : 576);
}

enum hub_err store_device_save(struct store *store, struct device *device)
{
    struct sql q =
        device->id ? sql_begin(store,
                         "UPDATE devices SET kind = ?2, name = ?3, station = ?4, state = ?5, detail = ?6, fix = ?7,"
                         " since = ?8, lit = ?9, driver = ?10, address = ?11, width = ?12, retired = 0 WHERE id = ?1")
                   : sql_begin(store, "INSERT INTO devices (" DEVICE_COLUMNS
                                      ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)");
    sql_bind_int_or_null(&q, 1, device->id);
    bind_device(&q, device);
    enum hub_err err = sql_run(&q);
    if (!err && !device->id) device->id = sql_last_id(&q);
    return err;
}

enum hub_err store_device_retire(struct store *store, int64_t id)
{
    struct sql q = sql_begin(store, "UPDATE devices SET retired = 1 WHERE id = ?1 AND retired = 0");
    sql_bind_int(&q, 1, id);
    enum hub_err err = sql_run(&q);
    return !err && sql_changes(store) == 0 ? HUB_NOT_FOUND : err;
}

/* ---- alerts ------------------------------------------------------------------------------------------------------ */

#define ALERT_COLUMNS                                                                                                  \
    "id, code, severity, device_id, order_id, detail, fix, since, acknowledged_at, acknowledged_by,"                   \
    " acknowledged_kind, acknowledged_id"

static void read_alert(struct sql *q, struct arena *arena, struct alert *alert)
{
    *alert = (struct alert){.id = sql_int(q, 0),
        .code = sql_text(q, 1, arena),
        .severity = (enum severity)sql_name_index(severity_names, sql_text(q, 2, arena), 0),
        .device_id = sql_int(q, 3),
        .order_id = sql_int(q, 4),
        .detail = sql_text(q, 5, arena),
        .fix = sql_text(q, 6, arena),
        .since = sql_int(q, 7),
        .acknowledged_at = sql_int(q, 8)};
    if (!alert->acknowledged_at) return;
    const char *name = sql_text(q, 9, arena), *kind = sql_text(q, 10, arena);
    struct actor *actor = &alert->acknowledged_by;
    *actor = (struct actor){.kind = actor_kind_from_name(kind ? kind : ""), .id = sql_int(q, 11)};
    snprintf(actor->name, sizeof actor->name, "%s", name ? name : "");
}

enum hub_err store_alerts_load(struct store *store, struct arena *arena, struct alert **alerts, size_t *count)
{
    *count = 0;
    *alerts = arena_array(arena, ROOM, sizeof **alerts);
    if (!*alerts) return HUB_UNAVAILABLE;
    struct sql q = sql_begin(store, "SELECT " ALERT_COLUMNS " FROM alerts WHERE cleared_at = 0 ORDER BY id LIMIT 256");
    while (*count < ROOM && sql_row(&q))
        read_alert(&q, arena, &(*alerts)[(*count)++]);
    return sql_end(&q);
}

static enum hub_err one_alert(struct sql *q, struct arena *arena, struct alert *alert)
{
    bool found = sql_row(q);
    if (found) read_alert(q, arena, alert);
    enum hub_err err = sql_end(q);
    return err ? err : found ? HUB_OK : HUB_NOT_FOUND;
}

enum hub_err store_alert_find(struct store *store, struct arena *arena, const char *code, int64_t device_id,
    int64_t order_id, struct alert *alert)
{
    struct sql q = sql_begin(store, "SELECT " ALERT_COLUMNS " FROM alerts WHERE cleared_at = 0 AND code = ?1"
                                    " AND COALESCE(device_id, 0) = ?2 AND COALESCE(order_id, 0) = ?3");
    sql_bind_text(&q, 1, code);
    sql_bind_int(&q, 2, device_id);
    sql_bind_int(&q, 3, order_id);
    return one_alert(&q, arena, alert);
}

enum hub_err store_alert_load(struct store *store, struct arena *arena, int64_t id, struct alert *alert)
{
    struct sql q = sql_begin(store, "SELECT " ALERT_COLUMNS " FROM alerts WHERE cleared_at = 0 AND id = ?1");
    sql_bind_int(&q, 1, id);
    return one_alert(&q, arena, alert);
}

enum hub_err store_alert_save(struct store *store, struct alert *alert)
{
    struct sql q =
        alert->id
            ? sql_begin(store, "UPDATE alerts SET code = ?2, severity = ?3, device_id = ?4, order_id = ?5, detail = ?6,"
                               " fix = ?7, since = ?8, acknowledged_at = ?9, acknowledged_by = ?10,"
                               " acknowledged_kind = ?11, acknowledged_id = ?12, cleared_at = 0 WHERE id = ?1")
            : sql_begin(store, "INSERT INTO alerts (" ALERT_COLUMNS ")"
                               " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)");
    bool seen = alert->acknowledged_at != 0;
    sql_bind_int_or_null(&q, 1, alert->id);
    sql_bind_text(&q, 2, alert->code);
    sql_bind_text(&q, 3, severity_names[alert->severity]);
    sql_bind_int_or_null(&q, 4, alert->device_id);
    sql_bind_int_or_null(&q, 5, alert->order_id);
    sql_bind_text(&q, 6, alert->detail);
    sql_bind_text(&q, 7, alert->fix);
    sql_bind_int(&q, 8, alert->since);
    sql_bind_int(&q, 9, alert->acknowledged_at);
    sql_bind_text(&q, 10, seen ? alert->acknowledged_by.name : NULL);
    sql_bind_text(&q, 11, seen ? actor_kind_name(alert->acknowledged_by.kind) : NULL);
    sql_bind_int_or_null(&q, 12, alert->acknowledged_by.id);
    enum hub_err err = sql_run(&q);
    if (!err && !alert->id) alert->id = sql_last_id(&q);
    return err;
}

enum hub_err store_alert_spare(struct store *store, const char *code, int64_t *id)
{
    struct sql q = sql_begin(store, "SELECT id FROM alerts WHERE cleared_at = -1 AND code = ?1");
    sql_bind_text(&q, 1, code);
    *id = sql_row(&q) ? sql_int(&q, 0) : 0;
    enum hub_err err = sql_end(&q);
    if (err || *id) return err;
    q = sql_begin(store, "INSERT INTO alerts (code, severity, detail, fix, since, cleared_at)"
                         " VALUES (?1, '', '', '', 0, -1)");
    sql_bind_text(&q, 1, code);
    err = sql_run(&q);
    if (!err) *id = sql_last_id(&q);
    return err;
}

enum hub_err store_alert_close(struct store *store, int64_t id, int64_t now_ms)
{
    struct sql q = sql_begin(store, "UPDATE alerts SET cleared_at = ?2 WHERE id = ?1 AND cleared_at = 0");
    sql_bind_int(&q, 1, id);
    sql_bind_int(&q, 2, now_ms);
    return sql_run(&q);
}
