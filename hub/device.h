/* SPDX-License-Identifier: MIT */
/* What hangs on the box and how it fares: screens, printers, bells, and the box itself. */
#ifndef HUB_DEVICE_H
#define HUB_DEVICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "hub/err.h"
#include "hub/json.h"
#include "hub/tx.h"

enum device_kind { DEVICE_SCREEN, DEVICE_PRINTER, DEVICE_BELL, DEVICE_BOX };
enum device_state { DEVICE_OK, DEVICE_WARNING, DEVICE_FAILED, DEVICE_SILENT };
extern const char *const device_kind_names[], *const device_state_names[]; /* as on the wire; NULL-terminated */

struct device {
    int64_t id;
    enum device_kind kind;
    const char *name;    /* unique among its kind */
    const char *station; /* NULL: of no station, or of all */
    enum device_state state;
    const char *detail, *fix; /* what is wrong and how to mend it; "" when all is well */
    int64_t since;            /* of the state */
    bool lit;                 /* a bell is on */
    const char *driver, *address;
    int64_t width; /* of a printer, in dots */
};

/* The contract's object; bells have `lit` besides. */
void device_write(const struct device *device, struct json_writer *w);

/*
 * Writer thread. Sets a device up, or changes the one of that kind and name; *id is its id. How an existing one fares
 * is left as it was. Logs device_update when anything changed.
 */
enum hub_err device_put(struct tx *tx, const struct device *config, int64_t *id);
/* Writer thread: how it fares. Logs device_update when that is new; `since` changes with the state only. */
enum hub_err device_report(
    struct tx *tx, int64_t id, enum device_state state, const char *detail, const char *fix, bool lit);
/* Any thread, at once: copies its texts and lets the writer do the same. Lost only when the store fails, and then
 * logged. */
void device_report_later(
    struct restaurant *restaurant, int64_t id, enum device_state state, const char *detail, const char *fix, bool lit);

#endif
