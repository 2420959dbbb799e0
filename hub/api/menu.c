/* SPDX-License-Identifier: MIT */
/* /menu: reading it, and "86". */
#include <stdio.h>
#include <string.h>

#include "hub/api/answer.h"
#include "hub/hub.h"
#include "hub/kitchen.h"
#include "hub/port/store_menu.h"
#include "hub/restaurant.h"
#include "hub/tx.h"

static enum hub_err get_menu(struct api_call *call)
{
    struct menu *menu = NULL;
    struct store *store = restaurant_reader(call->restaurant, &call->fault);
    if (!store) return call->fault.code;
    enum hub_err err = store_menu_load(store, &menu);
    restaurant_reader_done(call->restaurant, store);
    if (err) return err;
    char tag[32];
    snprintf(tag, sizeof tag, "\"%lld\"", (long long)menu->version);
    http_res_header(call->res, "ETag", "%s", tag);
    http_res_header(call->res, "Cache-Control", "private, no-cache");
    const char *known = call->req->header(call->req, "If-None-Match");
    if (known && strcmp(known, tag) == 0) {
        menu_destroy(menu);
        call->res->status = 304;
        return HUB_OK;
    }
    struct json_writer w;
    json_writer_init(&w);
    menu_write(menu, &w);
    menu_destroy(menu);
    return api_answer_writer(call, 200, &w);
}

struct eighty_six {
    struct command base; /* first */
    int64_t id;
    bool available;
    struct json_writer answer;
};

/* The new menu in the writer's hands, its version raised and told to everybody. */
static enum hub_err menu_changed(struct tx *tx)
{
    struct kitchen *kitchen = tx->restaurant->kitchen;
    kitchen->menu_changed = true;
    enum hub_err err = store_menu_bump(tx->store);
    if (!err) err = kitchen_reload_menu(kitchen, tx->store);
    if (err) return err;
    char members[48];
    int length = snprintf(members, sizeof members, "\"version\":%lld", (long long)kitchen->menu->version);
    return tx_event(tx, TOPIC_MENU, "menu_updated", NULL, members, (size_t)length);
}

static enum hub_err run(struct command *command, struct tx *tx)
{
    struct eighty_six *c = (struct eighty_six *)command;
    enum hub_err err = store_menu_item_available(tx->store, c->id, c->available);
    if (err == HUB_NOT_FOUND) return fault_set(&command->fault, err, NULL, "There is no menu item %lld.", (long long)c->id);
    if (!err) err = menu_changed(tx);
    const struct menu_item *item = err ? NULL : menu_item(tx->restaurant->kitchen->menu, c->id);
    if (item) menu_item_write(item, &c->answer);
    return err;
}

static enum hub_err patch_item(struct api_call *call)
{
    static const struct json_field fields[] = {{"available", JSON_BOOL, offsetof(struct eighty_six, available), 0, 0, NULL, true}};
    struct eighty_six c = {.base = {.run = run, .actor = call->actor}, .id = call->id};
    enum hub_err err = json_decode(call->body, fields, 1, &c, NULL, &call->arena, call->hub->text, "", &call->fault);
    if (err) return err;
    json_writer_init(&c.answer);
    err = writer_run(call->restaurant->writer, &c.base);
    if (!err) return api_answer_writer(call, 200, &c.answer);
    call->fault = c.base.fault;
    json_writer_finish(&c.answer);
    return err;
}

const struct route menu_routes[] = {
    {"GET", "/menu", ROLES_ALL, BODY_NONE, get_menu},
    {"PATCH", "/menu/items/{id}", ROLES_STAFF, BODY_JSON, patch_item},
    {0},
};
