/* SPDX-License-Identifier: MIT */
/*
 * An order with its items and tickets, and the rules of their lives. Pure: no store, no clock, no log. Texts and arrays
 * live in the arena the order was made in. Ids are given by the caller (struct id_source), so an order is whole before
 * it is stored.
 */
#ifndef HUB_ORDER_H
#define HUB_ORDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "hub/arena.h"
#include "hub/err.h"
#include "hub/role.h"

/* In the order of a plate's way; VOIDED is an item's end, CANCELLED a ticket's or order's. */
enum status {
    STATUS_NONE,
    STATUS_HELD,
    STATUS_PENDING,
    STATUS_PREPARING,
    STATUS_READY,
    STATUS_SERVED,
    STATUS_VOIDED,
    STATUS_CANCELLED,
    STATUS_COUNT
};
extern const char *const status_names[STATUS_COUNT + 1]; /* [0] is ""; NULL-terminated */
enum status status_from_name(const char *name);          /* STATUS_NONE when unknown */

enum order_type { ORDER_DINE_IN, ORDER_TAKEOUT, ORDER_DELIVERY };
enum priority { PRIORITY_NORMAL, PRIORITY_RUSH };
enum source { SOURCE_POS, SOURCE_GUEST, SOURCE_API };
enum ticket_kind { TICKET_NEW, TICKET_ADD_ON, TICKET_VOID, TICKET_MOVE, TICKET_RECALL };
extern const char *const order_type_names[],
    *const priority_names[], *const source_names[],
                                 *const ticket_kind_names[],
                                     *const payment_status_names[],
                                         *const payment_method_names[]; /* NULL-terminated, for decoders */

struct item {
    int64_t id, menu_item_id; /* menu_item_id 0: an open item */
    const char *name, *kitchen_name;
    int64_t quantity, unit_price, modifiers_price; /* minor units; of one piece */
    const char *modifiers;                         /* JSON array as on the wire */
    const char *note;
    int64_t seat; /* 0 = none */
    int64_t course;
    const char *station;
    enum status status, was; /* `was`: as stored; STATUS_NONE for a new item */
    int64_t ticket_id;       /* 0 while held */
    int64_t tax_basis_points;
    bool open_item;
    const char *reason; /* of a void, or NULL */
    int64_t split_of;
    bool changed; /* differs from what is stored in more than the status */
};

struct ticket {
    int64_t id;
    const char *station;
    int64_t day, kot_number;
    enum ticket_kind kind;
    enum status status, was;
    const char *lines; /* JSON array as on the wire */
    int64_t created_at;
    bool rings, prints;
    const char *moved_from; /* of a move ticket: the table that the guests left; NULL */
    int64_t touched_at;     /* when a person acknowledged it; 0 = not yet */
    int64_t was_touched_at;
};

struct order {
    int64_t id, day, number;
    enum order_type type;
    int64_t table_id, session_id; /* 0 = none */
    const char *table_name;
    int64_t guests; /* 0 = unknown */
    const char *customer_name, *customer_phone;
    enum status status, was;
    int payment_status, payment_method; /* index of the names; method -1 = none */
    enum priority priority;
    enum source source;
    const char *note, *currency;
    bool tax_inclusive;
    int64_t subtotal, discount, service_charge, tax, total_price;
    int64_t estimated_time; /* minutes */
    int64_t created_at, client_created_at, updated_at, ready_at;
    struct actor created_by;
    int64_t version; /* 0 = not stored yet */
    struct item *items;
    size_t item_count, item_room;
    struct ticket *tickets;
    size_t ticket_count, ticket_room;
    struct arena *arena;
};

/* Where new ids come from: the writer's counters. */
struct id_source {
    int64_t next_order, next_item, next_ticket, next_session;
};

/* A new slot, zeroed; NULL when memory is short (the arena says so too). Pointers to earlier slots become invalid. */
struct item *order_add_item(struct order *order);
struct ticket *order_add_ticket(struct order *order);
struct item *order_item(struct order *order, int64_t id);
struct ticket *order_ticket(struct order *order, int64_t id);

static inline bool item_live(const struct item *item)
{
    return item->status != STATUS_VOIDED;
}
static inline bool ticket_cooks(const struct ticket *ticket)
{
    return ticket->kind == TICKET_NEW || ticket->kind == TICKET_ADD_ON;
}

/* Subtotal, tax and total of the live items. Tax is rounded half up per rate. */
void order_price(struct order *order);

/* Derives the tickets' and the order's status from the items. */
void order_settle(struct order *order);

/* What a status call is about. */
struct scope {
    enum { SCOPE_ORDER, SCOPE_TICKET, SCOPE_ITEM } kind;
    int64_t id; /* of the ticket or item; must belong to the order */
};

/* Status of that scope now. */
enum status order_scope_status(struct order *order, struct scope scope);

/* Result of order_set_status(). */
struct status_change {
    bool changed;  /* false: it was so already */
    bool recalled; /* served things were called back: a recall ticket is due for each item with `recalled_from` */
    bool voided;   /* items were voided: void tickets are due */
    bool fired;    /* a held item became pending: its ticket is due */
};

/*
 * Sets a status on order, ticket or item for somebody of that role, all or none. Changes items only (and void, move,
 * recall tickets, which are seen, not cooked); call order_settle() after. INVALID_TRANSITION lists what may follow;
 * FORBIDDEN says who may. `cancelled` (or `voided` for an item) voids what is not served.
 */
enum hub_err order_set_status(struct order *order, struct scope scope, enum status target, enum role role,
    struct status_change *change, struct fault *fault);

/*
 * Voids `quantity` of an item (0 = all of it) for that role. A part splits off as a new item that is voided; the one
 * that stays keeps its id. `path` heads field names in faults ("items[0]"). Returns the voided item in *out.
 */
enum hub_err order_void_item(struct order *order, int64_t item_id, int64_t quantity, const char *reason, enum role role,
    struct id_source *ids, const char *path, struct item **out, struct fault *fault);

#endif
