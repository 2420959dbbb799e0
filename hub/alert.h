/* SPDX-License-Identifier: MIT */
/* What people must be told until it is mended: alerts, on the screens and in the log. One open alert a code, device and
 * order. */
#ifndef HUB_ALERT_H
#define HUB_ALERT_H

#include <stdint.h>

#include "hub/err.h"
#include "hub/json.h"
#include "hub/tx.h"

/*
 * info: worth knowing, nothing is to be done. warning: somebody should look soon, all still works. critical: food is
 * late, lost or not accepted until somebody acts.
 */
enum severity { SEVERITY_INFO, SEVERITY_WARNING, SEVERITY_CRITICAL };
extern const char *const severity_names[]; /* NULL-terminated */

struct alert {
    int64_t id;
    const char *code; /* "PRINTER_NOT_READY" */
    enum severity severity;
    int64_t device_id, order_id; /* 0 = none */
    const char *detail, *fix;
    int64_t since;
    int64_t acknowledged_at; /* 0 = nobody has said that they know */
    struct actor acknowledged_by;
};

/* The contract's object, with acknowledged_at and acknowledged_by (an actor, or null) besides. */
void alert_write(const struct alert *alert, struct json_writer *w);

/* Writer thread. Raises it, or brings the open one's text up to date; logs alert_raised when there is news. */
enum hub_err alert_raise(struct tx *tx, const char *code, enum severity severity, int64_t device_id, int64_t order_id,
    const char *detail, const char *fix);
/* Writer thread: raises an alert that has an id and a `since` already, of a row kept ready (store_alert_spare()). */
enum hub_err alert_raise_as(struct tx *tx, struct alert *alert);
/* Writer thread. Clears the open one, if there is one, and logs alert_cleared. */
enum hub_err alert_clear(struct tx *tx, const char *code, int64_t device_id, int64_t order_id);
/* Writer thread: the actor knows of it. NOT_FOUND when it is not open. Logs alert_raised with the news. */
enum hub_err alert_acknowledge(struct tx *tx, int64_t id, struct alert *alert);

/* The same from any thread, at once; the texts are copied. */
void alert_raise_later(struct restaurant *restaurant, const char *code, enum severity severity, int64_t device_id,
    int64_t order_id, const char *detail, const char *fix);
void alert_clear_later(struct restaurant *restaurant, const char *code, int64_t device_id, int64_t order_id);

#endif
