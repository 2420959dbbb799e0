/* SPDX-License-Identifier: MIT */
/* /health, /restaurant, and what this version knows of but does not do. */
#include "hub/api/answer.h"
#include "hub/api/metrics.h"
#include "hub/hub.h"
#include "hub/menu.h"
#include "hub/port/store_menu.h"
#include "hub/restaurant.h"
#include "hub/watch.h"
#include "hub/writer.h"

static enum hub_err get_health(struct api_call *call)
{
    struct writer_stats stats;
    writer_stats_get(call->restaurant->writer, &stats);
    if (stats.failing) watch_poke(call->restaurant->watch); /* who asks wants to know when it is over */
    if (stats.storage_full)
        return fault_set(&call->fault, HUB_UNAVAILABLE, NULL,
            "Orders cannot be stored: the box's card is full. Make room; it goes on by itself.");
    if (stats.failing || call->hub->stopping)
        return fault_set(&call->fault, HUB_UNAVAILABLE, NULL, "Orders cannot be stored now.");
    struct json_writer w;
    json_writer_init(&w);
    json_begin_object(&w);
    json_put_string(&w, "status", "ok");
    json_put_string(&w, "version", SERVERY_VERSION);
    json_put_string(&w, "log_id", call->restaurant->log_id);
    json_end_object(&w);
    return api_answer_writer(call, 200, &w);
}

static void write_restaurant(struct api_call *call, const struct menu *menu, struct json_writer *w)
{
    struct settings s;
    restaurant_settings(call->restaurant, &s);
    json_begin_object(w);
    json_put_string(w, "restaurant_id", call->restaurant->slug);
    json_put_string(w, "name", s.name);
    json_put_string(w, "currency", s.currency);
    json_put_string(w, "locale", s.locale);
    json_put_string(w, "time_zone", s.time_zone);
    json_put_int(w, "closing_hour", s.closing_hour);
    json_put_bool(w, "tax_inclusive", s.tax_inclusive);
    json_key(w, "tax_rates");
    json_begin_array(w);
    for (size_t i = 0; i < menu->tax_rate_count; i++) {
        json_begin_object(w);
        json_put_int(w, "id", menu->tax_rates[i].id);
        json_put_string(w, "name", menu->tax_rates[i].name);
        json_put_int(w, "basis_points", menu->tax_rates[i].basis_points);
        json_end_object(w);
    }
    json_end_array(w);
    json_key(w, "stations");
    json_begin_array(w);
    for (size_t i = 0; i < menu->station_count; i++) {
        json_begin_object(w);
        json_put_string(w, "name", menu->stations[i].name);
        json_put_int(w, "position", menu->stations[i].position);
        json_put_int(w, "amber_s", menu->stations[i].amber_s);
        json_put_int(w, "red_s", menu->stations[i].red_s);
        json_end_object(w);
    }
    json_end_array(w);
    json_end_object(w);
}

static enum hub_err get_restaurant(struct api_call *call)
{
    struct menu *menu = NULL;
    struct store *store = restaurant_reader(call->restaurant, &call->fault);
    if (!store) return call->fault.code;
    enum hub_err err = store_menu_load(store, &menu);
    restaurant_reader_done(call->restaurant, store);
    if (err) return err;
    struct json_writer w;
    json_writer_init(&w);
    write_restaurant(call, menu, &w);
    menu_destroy(menu);
    return api_answer_writer(call, 200, &w);
}

const struct route box_routes[] = {
    {"GET", "/health", ROLES_OPEN, BODY_NONE, get_health},
    {"GET", "/metrics", ROLES_MANAGER, BODY_NONE, api_get_metrics},
    {0},
};
const struct route restaurant_routes[] = {
    {"GET", "/restaurant", ROLES_ANY, BODY_NONE, get_restaurant},
    {0},
};
const struct route planned_routes[] = {{0}};
