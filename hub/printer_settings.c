/* SPDX-License-Identifier: MIT */
#include "hub/printer_settings.h"

#include "hub/port/store_printers.h"

const char *const printer_format_names[] = {"escpos", "impact", "star", "pdf", NULL};

struct printer_settings printer_settings_default(const char *station, struct printer_station *only)
{
    *only = (struct printer_station){station ? station : "", PRINTER_KINDS_ALL};
    return (struct printer_settings){.copies = 1,
        .backup_after_s = PRINTER_BACKUP_AFTER_S,
        .stale_after_s = PRINTER_STALE_AFTER_S,
        .stations = only,
        .station_count = 1};
}

enum hub_err printer_settings_put(
    struct tx *tx, struct device *device, const struct printer_settings *settings, int64_t *id)
{
    /* The wire's one station: of a printer that is of one. */
    bool one = settings->station_count == 1 && settings->stations[0].station[0];
    device->station = one ? settings->stations[0].station : NULL;
    enum hub_err err = device_put(tx, device, id);
    if (!err) err = store_printer_save(tx->store, *id, settings);
    tx_note(tx, TOPIC_DEVICES); /* its worker looks how it is to print from now on */
    return err;
}
