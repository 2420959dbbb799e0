/* SPDX-License-Identifier: MIT */
#include "hub/order.h"

#include <string.h>

const char *const status_names[STATUS_COUNT + 1] = {
    "", "held", "pending", "preparing", "ready", "served", "voided", "cancelled", NULL};
const char *const order_type_names[] = {"dine_in", "takeout", "delivery", NULL};
const char *const priority_names[] = {"normal", "rush", NULL};
const char *const source_names[] = {"pos", "guest", "api", NULL};
const char *const ticket_kind_names[] = {"new", "add_on", "void", "move", "recall", NULL};
const char *const payment_status_names[] = {"pending", "partial", "paid", "refunded", NULL};
const char *const payment_method_names[] = {"cash", "card", "online", "other", NULL};

enum status status_from_name(const char *name)
{
    for (int i = STATUS_HELD; name && i < STATUS_COUNT; i++)
        if (strcmp(name, status_names[i]) == 0) return (enum status)i;
    return STATUS_NONE;
}

/* Doubles an array in the arena; the old one stays there until the command ends. */
static void *grown(struct arena *arena, void *old, size_t count, size_t *room, size_t size)
{
    size_t wanted = *room ? *room * 2 : 8;
    void *grown = arena_array(arena, wanted, size);
    if (!grown) return NULL;
    if (count) memcpy(grown, old, count * size);
    *room = wanted;
    return grown;
}

struct item *order_add_item(struct order *order)
{
    if (order->item_count == order->item_room) {
        void *items = grown(order->arena, order->items, order->item_count, &order->item_room, sizeof *order->items);
        if (!items) return NULL;
        order->items = items;
    }
    return memset(&order->items[order->item_count++], 0, sizeof *order->items);
}

struct ticket *order_add_ticket(struct order *order)
{
    if (order->ticket_count == order->ticket_room) {
        void *tickets =
            grown(order->arena, order->tickets, order->ticket_count, &order->ticket_room, sizeof *order->tickets);
        if (!tickets) return NULL;
        order->tickets = tickets;
    }
    return memset(&order->tickets[order->ticket_count++], 0, sizeof *order->tickets);
}

struct item *order_item(struct order *order, int64_t id)
{
    for (size_t i = 0; i < order->item_count; i++)
        if (order->items[i].id == id) return &order->items[i];
    return NULL;
}

struct ticket *order_ticket(struct order *order, int64_t id)
{
    for (size_t i = 0; i < order->ticket_count; i++)
        if (order->tickets[i].id == id) return &order->tickets[i];
    return NULL;
}

static int64_t line_total(const struct item *item)
{
    return item->quantity * (item->unit_price + item->modifiers_price);
}

/* Rounded half up; amount and rate are not negative. */
static int64_t tax_of(int64_t amount, int64_t basis_points, bool inclusive)
{
    int64_t whole = inclusive ? 10000 + basis_points : 10000;
    return (amount * basis_points * 2 + whole) / (whole * 2);
}

/* The sum of the live lines of one rate; 0 unless item `first` is the first live one of its rate. */
static int64_t rate_sum(const struct order *order, size_t first)
{
    int64_t rate = order->items[first].tax_basis_points, sum = 0;
    for (size_t i = 0; i < order->item_count; i++) {
        if (!item_live(&order->items[i]) || order->items[i].tax_basis_points != rate) continue;
        if (i < first) return 0;
        sum += line_total(&order->items[i]);
    }
    return sum;
}

void order_price(struct order *order)
{
    order->subtotal = order->tax = 0;
    for (size_t i = 0; i < order->item_count; i++) {
        if (!item_live(&order->items[i])) continue;
        order->subtotal += line_total(&order->items[i]);
        int64_t sum = rate_sum(order, i);
        if (sum > 0) order->tax += tax_of(sum, order->items[i].tax_basis_points, order->tax_inclusive);
    }
    order->total_price =
        order->subtotal - order->discount + order->service_charge + (order->tax_inclusive ? 0 : order->tax);
}

static enum status ticket_derive(const struct order *order, const struct ticket *ticket)
{
    enum status least = STATUS_CANCELLED;
    for (size_t i = 0; i < order->item_count; i++) {
        const struct item *item = &order->items[i];
        if (item->ticket_id == ticket->id && item_live(item) && item->status < least) least = item->status;
    }
    return least;
}

/* With all tickets served and a course still held, the order waits for that course: it is held. */
static enum status order_derive(const struct order *order)
{
    enum status least = STATUS_CANCELLED;
    for (size_t i = 0; i < order->ticket_count; i++)
        if (ticket_cooks(&order->tickets[i]) && order->tickets[i].status < least) least = order->tickets[i].status;
    if (least < STATUS_SERVED) return least;
    for (size_t i = 0; i < order->item_count; i++)
        if (order->items[i].status == STATUS_HELD) return STATUS_HELD;
    return least;
}

void order_settle(struct order *order)
{
    for (size_t i = 0; i < order->ticket_count; i++)
        if (ticket_cooks(&order->tickets[i])) order->tickets[i].status = ticket_derive(order, &order->tickets[i]);
    order->status = order_derive(order);
}
