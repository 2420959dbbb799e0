/* SPDX-License-Identifier: MIT */
/* How a printer prints, as an owner sets it up: what of which station, in which language and form, and what then. */
#ifndef HUB_PRINTER_SETTINGS_H
#define HUB_PRINTER_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "hub/device.h"
#include "hub/err.h"
#include "hub/ticket_words.h"
#include "hub/tx.h"

/* What a printer understands. */
enum printer_format {
    PRINTER_ESCPOS, /* ESC/POS pictures (GS v 0): nearly all thermal printers */
    PRINTER_IMPACT, /* ESC/POS bit images (ESC *) in a layout for needles: Epson TM-U220 and its like, 200 dots wide */
    PRINTER_STAR,   /* Star raster mode */
    PRINTER_PDF     /* IPP printers */
};
extern const char *const printer_format_names[]; /* NULL-terminated */

enum {
    PRINTER_COPIES_MAX = 9,
    PRINTER_KINDS_ALL = 31, /* a bit an enum ticket_kind */
    PRINTER_STATIONS_MAX = 64,
    PRINTER_BACKUP_AFTER_S = 60,
    PRINTER_STALE_AFTER_S = 1200
};

struct printer_station {
    const char *station; /* "": every station without a row of its own */
    unsigned kinds;      /* the kinds of tickets that are printed: bits 1 << enum ticket_kind */
};

struct printer_settings {
    enum printer_format format;
    enum ticket_language language;
    int64_t copies;
    bool large;    /* larger type */
    bool per_item; /* each line of a ticket on a slip of its own */
    bool buzzer;   /* beeps with each ticket */
    bool bills;    /* prints bills */
    /* Takes over, headed BACKUP FROM, when this printer has not been well for that time; 0 = none. */
    int64_t backup_id, backup_after_s;
    int64_t stale_after_s; /* tickets that could not be printed for so long are asked about first; 0 = never */
    int64_t roll_mm;       /* what a new roll holds; 0: not known yet, learned when the first one ends */
    struct printer_station *stations;
    size_t station_count; /* 0: prints no tickets */
};

/* What is known of a printer by what it has printed. */
struct printer_paper {
    int64_t roll_mm, used_mm, used_tickets; /* used: since the cover was last opened */
    bool answers;                           /* it has confirmed a ticket: from then on its silence is a trouble */
};

/* What a printer is without being told: one copy of all tickets of that station (NULL: of all). `only` is filled in. */
struct printer_settings printer_settings_default(const char *station, struct printer_station *only);
/* Writer thread: sets a printer up, or changes the one of that name (device_put()); *id is its id. */
enum hub_err printer_settings_put(
    struct tx *tx, struct device *device, const struct printer_settings *settings, int64_t *id);

#endif
