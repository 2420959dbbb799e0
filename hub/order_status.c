/* SPDX-License-Identifier: MIT */
/* The transition table of orders, tickets and items, and who may move them (PROTOCOL section 3). */
#include "hub/order.h"

#include <stdio.h>
#include <string.h>

#define BIT(status) (1u << (status))

/* What may follow a status. For orders and tickets read "cancelled" where an item says "voided". */
static const unsigned follows[STATUS_COUNT] = {
    [STATUS_HELD] = BIT(STATUS_PENDING) | BIT(STATUS_VOIDED),
    [STATUS_PENDING] = BIT(STATUS_PREPARING) | BIT(STATUS_READY) | BIT(STATUS_VOIDED),
    [STATUS_PREPARING] = BIT(STATUS_READY) | BIT(STATUS_PENDING) | BIT(STATUS_VOIDED),
    [STATUS_READY] = BIT(STATUS_SERVED) | BIT(STATUS_PREPARING) | BIT(STATUS_VOIDED),
    [STATUS_SERVED] = BIT(STATUS_READY),
};

/* void, move and recall tickets are seen, nothing else. */
static const unsigned seen_follows[STATUS_COUNT] = {[STATUS_PENDING] = BIT(STATUS_SERVED)};

static void list_statuses(unsigned set, enum status end, char *out, size_t size)
{
    size_t used = 0;
    out[0] = '\0';
    for (int s = STATUS_HELD; s < STATUS_COUNT && used < size; s++) {
        if (!(set & BIT(s))) continue;
        const char *name = s == STATUS_VOIDED ? status_names[end] : status_names[s];
        used += (size_t)snprintf(out + used, size - used, "%s%s", used ? ", " : "", name);
    }
}

static enum hub_err refuse(enum status from, enum status target, unsigned set, enum status end, struct fault *fault)
{
    char list[120];
    list_statuses(set, end, list, sizeof list);
    return fault_set(fault, HUB_INVALID_TRANSITION, "status", "It is %s and cannot become %s. %s%s.",
        status_names[from], status_names[target], list[0] ? "What may follow: " : "Nothing may follow", list);
}

static bool in_scope(const struct order *order, struct scope scope, const struct item *item)
{
    (void)order;
    if (scope.kind == SCOPE_ITEM) return item->id == scope.id;
    return scope.kind == SCOPE_ORDER || item->ticket_id == scope.id;
}

enum status order_scope_status(struct order *order, struct scope scope)
{
    if (scope.kind == SCOPE_ITEM) return order_item(order, scope.id)->status;
    if (scope.kind == SCOPE_TICKET) return order_ticket(order, scope.id)->status;
    return order->status;
}

/* Kitchen moves food up to ready; waiters also serve; what is ready only a manager voids; nobody voids what is served.
 */
static enum hub_err may_void(enum status status, enum role role, const char *field, struct fault *fault)
{
    if (!role_in(role, ROLES_WAITER))
        return fault_set(fault, HUB_FORBIDDEN, field, "The kitchen cannot cancel or void. Ask a waiter.");
    if (status == STATUS_READY && !role_in(role, ROLES_MANAGER))
        return fault_set(fault, HUB_FORBIDDEN, field, "It is ready already: only a manager can void it.");
    if (status == STATUS_SERVED)
        return fault_set(fault, HUB_INVALID_TRANSITION, field,
            "It has been served and cannot be voided; refund it instead. What may follow: ready.");
    return HUB_OK;
}

static enum hub_err may_set(enum status target, enum role role, struct fault *fault)
{
    if (target == STATUS_SERVED && !role_in(role, ROLES_WAITER))
        return fault_set(
            fault, HUB_FORBIDDEN, "status", "The kitchen sets pending, preparing and ready. Serving is for waiters.");
    return HUB_OK;
}

static enum hub_err void_all(
    struct order *order, struct scope scope, enum role role, struct status_change *change, struct fault *fault)
{
    for (size_t i = 0; i < order->item_count; i++) {
        struct item *item = &order->items[i];
        if (!in_scope(order, scope, item) || !item_live(item)) continue;
        if (item->status == STATUS_SERVED && scope.kind != SCOPE_ITEM) continue;
        enum hub_err err = may_void(item->status, role, "status", fault);
        if (err) return err;
        item->status = STATUS_VOIDED;
        change->voided = change->changed = true;
    }
    return HUB_OK;
}

static enum hub_err see_ticket(
    struct ticket *ticket, enum status target, struct status_change *change, struct fault *fault)
{
    if (!(seen_follows[ticket->status] & BIT(target)))
        return refuse(ticket->status, target, seen_follows[ticket->status], STATUS_CANCELLED, fault);
    ticket->status = target;
    change->changed = true;
    return HUB_OK;
}

static void move_items(
    struct order *order, struct scope scope, enum status from, enum status target, struct status_change *change)
{
    bool back = target < from;
    for (size_t i = 0; i < order->item_count; i++) {
        struct item *item = &order->items[i];
        if (!in_scope(order, scope, item) || !item_live(item)) continue;
        bool held = item->status == STATUS_HELD;
        /* A held course waits for its fire; only asking for exactly that moves it. */
        if (held != (from == STATUS_HELD)) continue;
        if (back ? item->status != from : item->status >= target) continue;
        if (held) change->fired = true;
        if (item->status == STATUS_SERVED) change->recalled = true;
        item->status = target;
        change->changed = true;
    }
}

enum hub_err order_set_status(struct order *order, struct scope scope, enum status target, enum role role,
    struct status_change *change, struct fault *fault)
{
    memset(change, 0, sizeof *change);
    enum status from = order_scope_status(order, scope);
    enum status end = scope.kind == SCOPE_ITEM ? STATUS_VOIDED : STATUS_CANCELLED;
    if (target == STATUS_CANCELLED || target == STATUS_VOIDED) target = end;
    if (target == from) return HUB_OK;
    struct ticket *ticket = scope.kind == SCOPE_TICKET ? order_ticket(order, scope.id) : NULL;
    if (ticket && !ticket_cooks(ticket)) return see_ticket(ticket, target, change, fault);
    unsigned set = follows[from];
    enum hub_err err =
        may_set(target == end ? STATUS_SERVED : target, role, fault); /* cancelling is for those who serve */
    if (err) return err;
    if (target == end && !(set & BIT(STATUS_VOIDED)) && from == STATUS_SERVED)
        return may_void(from, role, "status", fault);
    if (!(set & BIT(target == end ? STATUS_VOIDED : target))) return refuse(from, target, set, end, fault);
    if (target == end) return void_all(order, scope, role, change, fault);
    if (from == STATUS_HELD && !role_in(role, ROLES_WAITER))
        err = fault_set(fault, HUB_FORBIDDEN, "status", "Its course has not been fired. That is for waiters.");
    if (err) return err;
    move_items(order, scope, from, target, change);
    return HUB_OK;
}

static struct item *split_item(struct order *order, struct item *item, int64_t quantity, struct id_source *ids)
{
    int64_t id = item->id;
    item->quantity -= quantity;
    item->changed = true;
    struct item *part = order_add_item(order);
    if (!part) return NULL;
    *part = *order_item(order, id); /* the array may have moved */
    part->id = ids->next_item++;
    part->quantity = quantity;
    part->split_of = id;
    part->was = STATUS_NONE;
    return part;
}

enum hub_err order_void_item(struct order *order, int64_t item_id, int64_t quantity, const char *reason, enum role role,
    struct id_source *ids, const char *path, struct item **out, struct fault *fault)
{
    const char *field = arena_printf(order->arena, "%s.item_id", path);
    struct item *item = order_item(order, item_id);
    if (!item) return fault_set(fault, HUB_VALIDATION_ERROR, field, "This order has no item %lld.", (long long)item_id);
    if (!item_live(item))
        return fault_set(fault, HUB_INVALID_TRANSITION, field, "%.80s is voided already.", item->name);
    enum hub_err err = may_void(item->status, role, field, fault);
    if (err) return err;
    if (quantity > item->quantity)
        return fault_set(fault, HUB_VALIDATION_ERROR, arena_printf(order->arena, "%s.quantity", path),
            "Only %lld of %.80s can be voided.", (long long)item->quantity, item->name);
    if (quantity > 0 && quantity < item->quantity) item = split_item(order, item, quantity, ids);
    if (!item) return fault_set(fault, HUB_UNAVAILABLE, NULL, "Out of memory.");
    item->status = STATUS_VOIDED;
    item->reason = reason;
    item->changed = true;
    *out = item;
    return HUB_OK;
}
