/* SPDX-License-Identifier: MIT */
/* A table and its sessions: who sits there since when, and what may be done with it. Writer thread, but for
 * table_write(). */
#ifndef HUB_TABLE_H
#define HUB_TABLE_H

#include "hub/json.h"
#include "hub/tx.h"

enum table_status { TABLE_FREE, TABLE_OCCUPIED, TABLE_BILL, TABLE_IS_DISABLED };
extern const char *const table_status_names[]; /* NULL-terminated */

struct table {
    int64_t id, seats, x, y, session_id, opened_at, last_activity_at, guests, last_session_id, version;
    const char *name, *area, *shape;
    enum table_status status;
    /* Of the session, filled by table_orders(): */
    int64_t *order_ids;
    size_t order_count;
    int64_t total_price;
    bool unsettled; /* an order is not paid, or not served */
};

/* The contract's object; idle time as of now_ms. */
void table_write(const struct table *table, int64_t now_ms, struct json_writer *w);

/* Somebody orders at a table: opens it if it is free. TABLE_DISABLED; VALIDATION_ERROR (field table_id) when unknown.
 */
enum hub_err table_occupy(struct tx *tx, int64_t table_id, int64_t guests, struct table *table, struct fault *fault);
/* Logs table_update with the table as it is now in the store. */
enum hub_err table_publish(struct tx *tx, int64_t table_id);

/* What a person may do. */
enum table_verb {
    TABLE_OPEN,
    TABLE_ASK_BILL,
    TABLE_CLOSE,
    TABLE_RESTORE,
    TABLE_MOVE,
    TABLE_MERGE,
    TABLE_DISABLE,
    TABLE_ENABLE
};
struct table_action {
    enum table_verb verb;
    int64_t table_id, other_id; /* other: of move and merge */
    int64_t guests;
    bool force;
};
/* Does it and logs what changed; the ids of the changed tables (at most 2) in changed[]. Field names in faults as
 * given. */
enum hub_err table_act(
    struct tx *tx, const struct table_action *action, int64_t changed[2], size_t *count, struct fault *fault);

#endif
