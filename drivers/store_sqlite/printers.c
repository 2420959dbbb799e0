/* SPDX-License-Identifier: MIT */
#include "drivers/store_sqlite/sql.h"
#include "hub/port/store_printers.h"

enum hub_err store_printer_stations(
    struct store *store, struct arena *arena, int64_t device_id, struct printer_settings *settings)
{
    settings->stations = arena_array(arena, PRINTER_STATIONS_MAX, sizeof *settings->stations);
    if (!settings->stations) return HUB_UNAVAILABLE;
    struct sql q =
        sql_begin(store, "SELECT station, kinds FROM printer_stations WHERE device_id = ?1 ORDER BY station");
    sql_bind_int(&q, 1, device_id);
    while (settings->station_count < PRINTER_STATIONS_MAX && sql_row(&q)) {
        struct printer_station *s = &settings->stations[settings->station_count++];
        *s = (struct printer_station){sql_text(&q, 0, arena), (unsigned)sql_int(&q, 1)};
    }
    enum hub_err err = sql_end(&q);
    return err ? err : arena->failed ? HUB_UNAVAILABLE : HUB_OK;
}

enum hub_err store_printer_load(
    struct store *store, struct arena *arena, int64_t device_id, struct printer_settings *settings)
{
    struct sql q =
        sql_begin(store, "SELECT format, language, copies, large, per_item, buzzer, bills, backup_id, backup_after_s,"
                         " stale_after_s, roll_mm FROM printers WHERE device_id = ?1");
    sql_bind_int(&q, 1, device_id);
    bool found = sql_row(&q);
    if (found)
        *settings = (struct printer_settings){
            .format = (enum printer_format)sql_name_index(printer_format_names, sql_text(&q, 0, arena), 0),
            .language = (enum ticket_language)sql_name_index(ticket_language_names, sql_text(&q, 1, arena), 0),
            .copies = sql_int(&q, 2),
            .large = sql_int(&q, 3) != 0,
            .per_item = sql_int(&q, 4) != 0,
            .buzzer = sql_int(&q, 5) != 0,
            .bills = sql_int(&q, 6) != 0,
            .backup_id = sql_int(&q, 7),
            .backup_after_s = sql_int(&q, 8),
            .stale_after_s = sql_int(&q, 9),
            .roll_mm = sql_int(&q, 10)};
    enum hub_err err = sql_end(&q);
    return err ? err : found ? HUB_OK : HUB_NOT_FOUND;
}

static enum hub_err save_stations(struct store *store, int64_t device_id, const struct printer_settings *settings)
{
    struct sql q = sql_begin(store, "DELETE FROM printer_stations WHERE device_id = ?1");
    sql_bind_int(&q, 1, device_id);
    enum hub_err err = sql_run(&q);
    for (size_t i = 0; i < settings->station_count && !err; i++) {
        q = sql_begin(store, "INSERT INTO printer_stations (device_id, station, kinds) VALUES (?1, ?2, ?3)"
                             " ON CONFLICT DO UPDATE SET kinds = ?3");
        sql_bind_int(&q, 1, device_id);
        sql_bind_text(&q, 2, settings->stations[i].station);
        sql_bind_int(&q, 3, settings->stations[i].kinds);
        err = sql_run(&q);
    }
    return err;
}

enum hub_err store_printer_save(struct store *store, int64_t device_id, const struct printer_settings *s)
{
    struct sql q =
        sql_begin(store, "INSERT INTO printers (device_id, format, language, copies, large, per_item, buzzer, bills,"
                         " backup_id, backup_after_s, stale_after_s, roll_mm)"
                         " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12) ON CONFLICT DO UPDATE SET"
                         " format = ?2, language = ?3, copies = ?4, large = ?5, per_item = ?6, buzzer = ?7, bills = ?8,"
                         " backup_id = ?9, backup_after_s = ?10, stale_after_s = ?11,"
                         " roll_mm = CASE WHEN ?12 > 0 THEN ?12 ELSE roll_mm END");
    sql_bind_int(&q, 1, device_id);
    sql_bind_text(&q, 2, printer_format_names[s->format]);
    sql_bind_text(&q, 3, ticket_language_names[s->language]);
    sql_bind_int(&q, 4, s->copies);
    sql_bind_int(&q, 5, s->large);
    sql_bind_int(&q, 6, s->per_item);
    sql_bind_int(&q, 7, s->buzzer);
    sql_bind_int(&q, 8, s->bills);
    sql_bind_int_or_null(&q, 9, s->backup_id);
    sql_bind_int(&q, 10, s->backup_after_s);
    sql_bind_int(&q, 11, s->stale_after_s);
    sql_bind_int(&q, 12, s->roll_mm);
    enum hub_err err = sql_run(&q);
    return err ? err : save_stations(store, device_id, s);
}

enum hub_err store_printer_no_backup(struct store *store, int64_t backup_id)
{
    struct sql q = sql_begin(store, "UPDATE printers SET backup_id = NULL WHERE backup_id = ?1");
    sql_bind_int(&q, 1, backup_id);
    return sql_run(&q);
}

enum hub_err store_printer_paper(struct store *store, int64_t device_id, struct printer_paper *paper)
{
    struct sql q =
        sql_begin(store, "SELECT roll_mm, used_mm, used_tickets, answers FROM printers WHERE device_id = ?1");
    sql_bind_int(&q, 1, device_id);
    bool found = sql_row(&q);
    *paper = found ? (struct printer_paper){sql_int(&q, 0), sql_int(&q, 1), sql_int(&q, 2), sql_int(&q, 3) != 0}
                   : (struct printer_paper){0};
    enum hub_err err = sql_end(&q);
    return err ? err : found ? HUB_OK : HUB_NOT_FOUND;
}

enum hub_err store_printer_paper_set(struct store *store, int64_t device_id, const struct printer_paper *paper)
{
    struct sql q = sql_begin(
        store, "UPDATE printers SET roll_mm = ?2, used_mm = ?3, used_tickets = ?4, answers = ?5 WHERE device_id = ?1");
    sql_bind_int(&q, 1, device_id);
    sql_bind_int(&q, 2, paper->roll_mm);
    sql_bind_int(&q, 3, paper->used_mm);
    sql_bind_int(&q, 4, paper->used_tickets);
    sql_bind_int(&q, 5, paper->answers);
    return sql_run(&q);
}
