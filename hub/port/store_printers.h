/* SPDX-License-Identifier: MIT */
/* How printers print, and how far their rolls are. */
#ifndef HUB_PORT_STORE_PRINTERS_H
#define HUB_PORT_STORE_PRINTERS_H

#include "hub/arena.h"
#include "hub/port/store.h"
#include "hub/printer_settings.h"

/* All but its stations (none). NOT_FOUND: no printer of that id was ever set up. */
enum hub_err store_printer_load(
    struct store *store, struct arena *arena, int64_t device_id, struct printer_settings *settings);
/* Its stations, added to what was loaded; texts in the arena. */
enum hub_err store_printer_stations(
    struct store *store, struct arena *arena, int64_t device_id, struct printer_settings *settings);
/* All of it, its stations too; a roll that is not named (roll_mm 0) keeps what was learned of it. */
enum hub_err store_printer_save(struct store *store, int64_t device_id, const struct printer_settings *settings);
/* Printers that have this one for a backup are left without. */
enum hub_err store_printer_no_backup(struct store *store, int64_t backup_id);

enum hub_err store_printer_paper(struct store *store, int64_t device_id, struct printer_paper *paper); /* NOT_FOUND */
enum hub_err store_printer_paper_set(struct store *store, int64_t device_id, const struct printer_paper *paper);

#endif
