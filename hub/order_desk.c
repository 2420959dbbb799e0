/* SPDX-License-Identifier: MIT */
#include "hub/order_desk.h"

#include <string.h>

#include "hub/kitchen.h"
#include "hub/order_desk_internal.h"
#include "hub/order_json.h"
#include "hub/port/store_orders.h"
#include "hub/restaurant.h"
#include "hub/table.h"

static bool is_unsent(const struct item *item)
{
    return item->ticket_id == 0 && item->status == STATUS_PENDING;
}
static bool is_newly_voided(const struct item *item)
{
    return item->status == STATUS_VOIDED && item->was != STATUS_VOIDED && item->ticket_id != 0;
}
static bool is_recalled(const struct item *item)
{
    return item->was == STATUS_SERVED && item->status == STATUS_READY;
}

static bool is_cooking(const struct item *item)
{
    return item->ticket_id != 0 && item->status >= STATUS_PENDING && item->status <= STATUS_READY;
}

/* Minutes: the slowest item's usual time and a minute for every two open tickets before it. */
static enum hub_err estimate(struct tx *tx, struct order *order)
{
    int64_t slowest = 5, queue = 0;
    for (size_t i = 0; i < order->item_count; i++) {
        const struct menu_item *m = menu_item(tx->restaurant->kitchen->menu, order->items[i].menu_item_id);
        if (m && m->prep_min > slowest) slowest = m->prep_min;
    }
    for (size_t i = 0; i < order->ticket_count; i++) {
        int64_t open;
        enum hub_err err = store_station_queue(tx->store, order->tickets[i].station, &open);
        if (err) return err;
        if (open > queue) queue = open;
    }
    order->estimated_time = slowest + queue / 2;
    return HUB_OK;
}

static void head(struct tx *tx, const struct order_request *request, struct order *order)
{
    struct settings settings;
    restaurant_settings(tx->restaurant, &settings);
    memset(order, 0, sizeof *order);
    order->arena = tx->arena;
    order->id = tx->restaurant->kitchen->ids.next_order++;
    order->day = tx->restaurant->kitchen->day;
    order->type = (enum order_type)request->order_type;
    order->guests = request->guests;
    order->customer_name = request->customer_name;
    order->customer_phone = request->customer_phone;
    order->payment_method = request->payment_method;
    order->priority = (enum priority)request->priority;
    order->source = tx->actor.kind == ACTOR_TOKEN   ? SOURCE_API
                    : tx->actor.kind == ACTOR_GUEST ? SOURCE_GUEST
                                                    : SOURCE_POS;
    order->note = request->note ? request->note : "";
    order->currency = arena_strdup(tx->arena, settings.currency);
    order->tax_inclusive = settings.tax_inclusive;
    order->created_at = tx->now_ms;
    order->client_created_at = request->client_created_at;
    order->created_by = tx->actor;
}

enum hub_err desk_create(struct tx *tx, const struct order_request *request, struct order *order, struct fault *fault)
{
    head(tx, request, order);
    enum hub_err err = HUB_OK;
    if (request->order_type == ORDER_DINE_IN && !request->table_id)
        return fault_set(fault, HUB_VALIDATION_ERROR, "table_id", "An order to eat in needs a table.");
    if (request->order_type != ORDER_DINE_IN && request->table_id)
        return fault_set(fault, HUB_VALIDATION_ERROR, "table_id", "Only an order to eat in has a table.");
    err = desk_price_items(tx, order, request, 0, fault);
    if (err) return err;
    if (request->table_id) {
        struct table table;
        err = table_occupy(tx, request->table_id, request->guests, &table, fault);
        if (err) return err;
        order->table_id = table.id;
        order->session_id = table.session_id;
        order->table_name = table.name;
    }
    struct order_news news = {.created = true, .table = true, .notify = request->notify, .print = request->print};
    err = store_order_next_number(tx->store, order->day, &order->number);
    if (!err) err = desk_issue_tickets(tx, order, TICKET_NEW, is_unsent, &news);
    if (!err && request->estimated_time)
        order->estimated_time = request->estimated_time;
    else if (!err)
        err = estimate(tx, order);
    return err ? err : desk_finish(tx, order, &news);
}

static enum hub_err load(struct tx *tx, int64_t id, struct order *order, struct fault *fault)
{
    enum hub_err err = store_order_load(tx->store, tx->arena, id, order);
    if (err == HUB_NOT_FOUND) fault_set(fault, err, NULL, "There is no order with the id %lld.", (long long)id);
    return err;
}

static enum hub_err check_version(struct tx *tx, const struct order *order, int64_t expected, struct fault *fault)
{
    if (!expected || expected == order->version) return HUB_OK;
    struct json_writer w;
    json_writer_init(&w);
    order_write(tx->restaurant, order, &w);
    fault_set(fault, HUB_VERSION_CONFLICT, NULL,
        "Somebody changed this order meanwhile (version %lld, yours was %lld). Look again.", (long long)order->version,
        (long long)expected);
    fault->current = json_writer_take(&w, NULL);
    return HUB_VERSION_CONFLICT;
}

enum hub_err desk_add_items(
    struct tx *tx, int64_t order_id, const struct order_request *request, struct order *order, struct fault *fault)
{
    enum hub_err err = load(tx, order_id, order, fault);
    if (err) return err;
    if (order->status == STATUS_CANCELLED)
        return fault_set(fault, HUB_INVALID_TRANSITION, NULL, "This order was cancelled. Make a new one.");
    int64_t fired = 1;
    for (size_t i = 0; i < order->item_count; i++)
        if (order->items[i].status != STATUS_HELD && order->items[i].course > fired) fired = order->items[i].course;
    err = desk_price_items(tx, order, request, fired, fault);
    if (err) return err;
    if (order->table_id) {
        struct table table;
        err = table_occupy(tx, order->table_id, 0, &table, fault);
        if (err) return err;
    }
    struct order_news news = {.content = true, .table = true, .notify = request->notify, .print = request->print};
    err = desk_issue_tickets(tx, order, TICKET_ADD_ON, is_unsent, &news);
    return err ? err : desk_finish(tx, order, &news);
}

enum hub_err desk_void(
    struct tx *tx, int64_t order_id, const struct void_request *request, struct order *order, struct fault *fault)
{
    enum hub_err err = load(tx, order_id, order, fault);
    for (size_t i = 0; i < request->count && !err; i++) {
        struct item *voided;
        char *path = arena_printf(tx->arena, "items[%zu]", i);
        err = order_void_item(order, request->items[i].item_id, request->items[i].quantity, request->reason,
            tx->actor.role, &tx->restaurant->kitchen->ids, path, &voided, fault);
    }
    if (err) return err;
    struct order_news news = {.content = true, .table = true, .notify = true, .print = true};
    err = desk_issue_tickets(tx, order, TICKET_VOID, is_newly_voided, &news);
    return err ? err : desk_finish(tx, order, &news);
}

enum hub_err desk_fire(struct tx *tx, int64_t order_id, int64_t course, struct order *order, struct fault *fault)
{
    enum hub_err err = load(tx, order_id, order, fault);
    if (err) return err;
    bool fired = false;
    for (size_t i = 0; i < order->item_count; i++) {
        if (order->items[i].status != STATUS_HELD || order->items[i].course != course) continue;
        order->items[i].status = STATUS_PENDING;
        fired = true;
    }
    if (!fired)
        return fault_set(fault, HUB_INVALID_TRANSITION, "course", "Nothing of course %lld is held.", (long long)course);
    struct order_news news = {.content = true, .notify = true, .print = true};
    err = desk_issue_tickets(tx, order, TICKET_NEW, is_unsent, &news);
    return err ? err : desk_finish(tx, order, &news);
}

enum hub_err desk_patch(struct tx *tx, int64_t order_id, int64_t expected_version, const struct order_patch *patch,
    struct order *order, struct fault *fault)
{
    enum hub_err err = load(tx, order_id, order, fault);
    if (!err) err = check_version(tx, order, expected_version, fault);
    if (err) return err;
    if (patch->present & PATCH_NOTE) order->note = patch->note;
    if (patch->present & PATCH_PRIORITY) order->priority = (enum priority)patch->priority;
    if (patch->present & PATCH_NAME) order->customer_name = patch->customer_name;
    if (patch->present & PATCH_PHONE) order->customer_phone = patch->customer_phone;
    if (patch->present & PATCH_GUESTS) order->guests = patch->guests;
    if (patch->present & PATCH_ESTIMATE) order->estimated_time = patch->estimated_time;
    struct order_news news = {.content = true};
    return desk_finish(tx, order, &news);
}

static enum hub_err find_scope(struct tx *tx, struct scope scope, struct order *order, struct fault *fault)
{
    int64_t id = scope.id;
    enum hub_err err = HUB_OK;
    if (scope.kind == SCOPE_TICKET) err = store_order_of_ticket(tx->store, scope.id, &id);
    if (scope.kind == SCOPE_ITEM) err = store_order_of_item(tx->store, scope.id, &id);
    if (err == HUB_NOT_FOUND)
        return fault_set(fault, err, NULL, "There is no %s with the id %lld.",
            scope.kind == SCOPE_TICKET ? "ticket" : "item", (long long)scope.id);
    return err ? err : load(tx, id, order, fault);
}

enum hub_err desk_set_status(struct tx *tx, struct scope scope, enum status target, int64_t expected_version,
    bool notify, struct order *order, struct fault *fault)
{
    struct status_change change;
    enum hub_err err = find_scope(tx, scope, order, fault);
    if (!err) err = check_version(tx, order, expected_version, fault);
    if (!err) err = order_set_status(order, scope, target, tx->actor.role, &change, fault);
    if (err || !change.changed) return err;
    struct order_news news = {.content = change.voided || change.recalled || change.fired,
        .table = change.voided,
        .notify = notify,
        .print = true};
    if (change.voided) err = desk_issue_tickets(tx, order, TICKET_VOID, is_newly_voided, &news);
    if (!err && change.recalled) err = desk_issue_tickets(tx, order, TICKET_RECALL, is_recalled, &news);
    if (!err && change.fired) err = desk_issue_tickets(tx, order, TICKET_NEW, is_unsent, &news);
    return err ? err : desk_finish(tx, order, &news);
}

enum hub_err desk_moved(struct tx *tx, int64_t order_id, const char *from)
{
    struct order order;
    struct order_news news = {.content = true, .notify = true, .print = true};
    enum hub_err err = store_order_load(tx->store, tx->arena, order_id, &order);
    size_t before = err ? 0 : order.ticket_count;
    if (!err) err = desk_issue_tickets(tx, &order, TICKET_MOVE, is_cooking, &news);
    for (size_t i = before; !err && i < order.ticket_count; i++)
        order.tickets[i].moved_from = from;
    return err ? err : desk_finish(tx, &order, &news);
}

enum hub_err desk_touch(struct tx *tx, const int64_t *ticket_ids, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        enum hub_err err = store_ticket_touch(tx->store, ticket_ids[i], tx->now_ms);
        if (err) return err;
    }
    tx_note(tx, TOPIC_ORDERS);
    return HUB_OK;
}
