/* SPDX-License-Identifier: MIT */
#include "hub/ticket_picture.h"

#include <string.h>

#include "hub/hub.h"
#include "hub/log.h"
#include "hub/port/clock.h"
#include "hub/port/store_orders.h"
#include "hub/port/store_print.h"
#include "hub/restaurant.h"

static int offset_of(void *context, int64_t wall_ms)
{
    return clock_utc_offset_min(context, wall_ms);
}

static enum hub_err gather(
    struct store *store, struct arena *arena, int64_t ticket_id, struct order *order, struct ticket_facts *facts)
{
    int64_t order_id;
    enum hub_err err = store_read_begin(store);
    if (!err) err = store_order_of_ticket(store, ticket_id, &order_id);
    if (!err) err = store_order_load(store, arena, order_id, order);
    const struct ticket *ticket = err ? NULL : order_ticket(order, ticket_id);
    if (ticket && ticket->kot_number > 1)
        err = store_kot_time(store, ticket->station, ticket->day, ticket->kot_number - 1, &facts->previous_at);
    store_read_end(store);
    facts->order = order;
    facts->ticket = ticket;
    return err ? err : ticket ? HUB_OK : HUB_NOT_FOUND;
}

enum hub_err ticket_picture(struct restaurant *restaurant, struct store *store, int64_t ticket_id, int width_dots,
    const struct ticket_marks *marks, struct ticket_image *out, struct fault *fault)
{
    struct hub *hub = restaurant->hub;
    struct ticket_facts facts = {.utc_offset_min = offset_of, .context = hub->clock, .marks = *marks};
    struct ticket_doc doc;
    struct order order;
    struct arena arena;
    memset(out, 0, sizeof *out);
    if (!hub->ticket_art) return fault_set(fault, HUB_UNAVAILABLE, NULL, "This box cannot draw tickets.");
    arena_init(&arena);
    enum hub_err err = gather(store, &arena, ticket_id, &order, &facts);
    if (err == HUB_NOT_FOUND) fault_set(fault, err, NULL, "There is no ticket with the id %lld.", (long long)ticket_id);
    if (!err) err = ticket_doc_build(&arena, &facts, &doc);
    if (!err) err = hub->ticket_art->ops->draw(hub->ticket_art, &doc, width_dots, out, fault);
    if (!err && out->missing_glyphs)
        log_restaurant(restaurant, LOG_LEVEL_WARNING, "ticket %lld has %d characters that no font of the box has",
            (long long)ticket_id, out->missing_glyphs);
    arena_finish(&arena);
    if (err && !fault->code) fault_set(fault, err, NULL, "Ticket %lld cannot be drawn.", (long long)ticket_id);
    return err;
}
