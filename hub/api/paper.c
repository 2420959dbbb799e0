/* SPDX-License-Identifier: MIT */
/* Tickets on paper: the strip, a ticket's picture, reprints, bills, and an order's passport. */
#include "hub/api/answer.h"
#include "hub/api/order_command.h"
#include "hub/api/query.h"
#include "hub/hub.h"
#include "hub/passport.h"
#include "hub/port/store_orders.h"
#include "hub/port/store_print.h"
#include "hub/restaurant.h"
#include "hub/ticket_picture.h"

enum { STRIP_DEFAULT = 50, STRIP_MAX = 200, PICTURE_DOTS = 576 };

static enum hub_err write_strip(struct store *store, size_t limit, struct arena *arena, struct json_writer *w)
{
    struct printed *list;
    size_t count;
    enum hub_err err = store_printed(store, "strip", limit, arena, &list, &count);
    json_begin_object(w);
    json_key(w, "tickets");
    json_begin_array(w);
    for (size_t i = 0; i < count && !err; i++) {
        json_begin_object(w);
        json_put_int(w, "ticket_id", list[i].ticket_id);
        json_put_int(w, "order_id", list[i].order_id);
        json_put_string(w, "station", list[i].station);
        json_put_int(w, "kot_number", list[i].kot_number);
        json_put_string(w, "kind", list[i].kind);
        json_put_bool(w, "copy", list[i].copy);
        json_put_bool(w, "doubtful", list[i].doubtful);
        json_key(w, "printed_at");
        json_time(w, list[i].printed_at);
        json_end_object(w);
    }
    json_end_array(w);
    json_end_object(w);
    return err;
}

static enum hub_err get_strip(struct api_call *call)
{
    int64_t limit = STRIP_DEFAULT;
    enum hub_err err = api_query_int(call, "limit", 1, STRIP_MAX, &limit);
    if (err) return err;
    struct store *store = restaurant_reader(call->restaurant, &call->fault);
    if (!store) return call->fault.code;
    struct json_writer w;
    json_writer_init(&w);
    err = write_strip(store, (size_t)limit, &call->arena, &w);
    restaurant_reader_done(call->restaurant, store);
    if (!err) return api_answer_writer(call, 200, &w);
    json_writer_finish(&w);
    return err;
}

static enum hub_err get_picture(struct api_call *call)
{
    struct ticket_image image;
    struct ticket_art *art = call->hub->ticket_art;
    struct store *store = restaurant_reader(call->restaurant, &call->fault);
    if (!store) return call->fault.code;
    enum hub_err err = ticket_picture(call->restaurant, store, call->id, PICTURE_DOTS, &image, &call->fault);
    restaurant_reader_done(call->restaurant, store);
    if (err) return err;
    uint8_t *png = NULL;
    size_t length = 0;
    err = art->ops->png(art, &image, &png, &length, &call->fault);
    ticket_image_finish(&image);
    if (err) return err;
    call->res->status = 200;
    call->res->content_type = "image/png";
    call->res->body = (char *)png;
    call->res->body_length = length;
    http_res_header(call->res, "Cache-Control", "private, max-age=3600"); /* what a ticket says never changes */
    return HUB_OK;
}

static enum hub_err print_again(struct api_call *call, enum order_verb verb, const char *operation)
{
    struct order_command c;
    order_command_init(&c, verb, &call->actor);
    c.scope = (struct scope){SCOPE_TICKET, call->id};
    c.order_id = call->id;
    if (order_command_key(&c, call->restaurant, operation, call->id, call->idempotency_key, call->body, NULL))
        return api_run(call, &c);
    order_command_finish(&c);
    return HUB_UNAVAILABLE;
}

static enum hub_err post_reprint(struct api_call *call)
{
    return print_again(call, ORDER_REPRINT, "reprint");
}

static enum hub_err post_bill(struct api_call *call)
{
    return print_again(call, ORDER_BILL, "bill");
}

/* ---- passport ---------------------------------------------------------------------------------------------------- */

enum { JOBS_ROOM = 1000 };

static enum hub_err write_passport(struct api_call *call, struct store *store, struct json_writer *w)
{
    struct order order;
    struct print_job *jobs;
    size_t count;
    enum hub_err err = store_read_begin(store);
    if (!err) err = store_order_load(store, &call->arena, call->id, &order);
    if (!err) err = store_print_of_order(store, call->id, &call->arena, JOBS_ROOM, &jobs, &count);
    store_read_end(store);
    if (err == HUB_NOT_FOUND)
        return fault_set(&call->fault, err, NULL, "There is no order with the id %lld.", (long long)call->id);
    if (!err) passport_write(&order, jobs, count, w);
    return err;
}

static enum hub_err get_passport(struct api_call *call)
{
    struct store *store = restaurant_reader(call->restaurant, &call->fault);
    if (!store) return call->fault.code;
    struct json_writer w;
    json_writer_init(&w);
    enum hub_err err = write_passport(call, store, &w);
    restaurant_reader_done(call->restaurant, store);
    if (!err) return api_answer_writer(call, 200, &w);
    json_writer_finish(&w);
    return err;
}

const struct route paper_routes[] = {
    {"GET", "/strip", ROLES_ANY, BODY_NONE, get_strip},
    {"GET", "/tickets/{id}/image.png", ROLES_ANY, BODY_NONE, get_picture},
    {"POST", "/tickets/{id}/reprint", ROLES_STAFF, BODY_OPTIONAL, post_reprint},
    {"POST", "/orders/{id}/bill", ROLES_WAITER, BODY_OPTIONAL, post_bill},
    {"GET", "/orders/{id}/passport", ROLES_ANY, BODY_NONE, get_passport},
    {0},
};
