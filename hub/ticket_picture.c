/* SPDX-License-Identifier: MIT */
#include "hub/ticket_picture.h"

#include <string.h>

#include "hub/hub.h"
#include "hub/port/clock.h"
#include "hub/port/store_orders.h"
#include "hub/port/store_print.h"
#include "hub/restaurant.h"

static int offset_of(void *context, int64_t wall_ms)
{
    return clock_utc_offset_min(context, wall_ms);
}

struct doc_setting ticket_setting(struct restaurant *restaurant, enum ticket_language language)
{
    return (struct doc_setting){
        .words = ticket_words(language), .utc_offset_min = offset_of, .context = restaurant->hub->clock};
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

enum hub_err ticket_picture_doc(struct restaurant *restaurant, struct store *store, struct arena *arena,
    const struct ticket_wish *wish, struct ticket_doc *doc, struct fault *fault)
{
    struct ticket_facts facts = {.setting = ticket_setting(restaurant, wish->language),
        .one_line = wish->one_line,
        .line = wish->line,
        .marks = wish->marks};
    struct order order;
    enum hub_err err = gather(store, arena, wish->ticket_id, &order, &facts);
    if (err == HUB_NOT_FOUND)
        return fault_set(fault, err, NULL, "There is no ticket with the id %lld.", (long long)wish->ticket_id);
    if (!err) err = ticket_doc_build(arena, &facts, doc);
    return err ? fault_set(fault, err, NULL, "Ticket %lld cannot be read.", (long long)wish->ticket_id) : HUB_OK;
}

enum hub_err ticket_picture(struct restaurant *restaurant, struct store *store, int64_t ticket_id, int width_dots,
    struct ticket_image *out, struct fault *fault)
{
    struct ticket_art *art = restaurant->hub->ticket_art;
    const struct ticket_wish wish = {.ticket_id = ticket_id};
    const struct ticket_form form = {.width_dots = width_dots};
    struct ticket_doc doc = {0};
    struct arena arena;
    memset(out, 0, sizeof *out);
    if (!art) return fault_set(fault, HUB_UNAVAILABLE, NULL, "This box cannot draw tickets.");
    arena_init(&arena);
    enum hub_err err = ticket_picture_doc(restaurant, store, &arena, &wish, &doc, fault);
    if (!err) err = art->ops->draw(art, &doc, &form, out, fault);
    arena_finish(&arena);
    return err;
}
