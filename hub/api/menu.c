/* SPDX-License-Identifier: MIT */
/* /menu: reading, importing and replacing it, and "86". */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "hub/api/answer.h"
#include "hub/hub.h"
#include "hub/kitchen.h"
#include "hub/menu_import.h"
#include "hub/menu_replace.h"
#include "hub/money.h"
#include "hub/port/crypto.h"
#include "hub/port/store_menu.h"
#include "hub/restaurant.h"
#include "hub/tx.h"

enum { TAG_SIZE = 32 };

static void tag_of(int64_t version, char tag[TAG_SIZE])
{
    snprintf(tag, TAG_SIZE, "\"%lld\"", (long long)version);
}

static enum hub_err get_menu(struct api_call *call)
{
    struct menu *menu = NULL;
    struct store *store = restaurant_reader(call->restaurant, &call->fault);
    if (!store) return call->fault.code;
    enum hub_err err = store_menu_load(store, &menu);
    restaurant_reader_done(call->restaurant, store);
    if (err) return err;
    char tag[TAG_SIZE];
    tag_of(menu->version, tag);
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

/* ---- changing all of it ------------------------------------------------------------------------------------------ */

struct menu_command {
    struct command base;                        /* first */
    const struct menu_rows *rows;               /* importing, or */
    const struct menu_replacement *replacement; /* replacing */
    const char *expected;                       /* If-Match; NULL: any */
    struct idempotency idem;
    char *answer; /* malloc'ed */
    size_t length;
    int64_t version;
    bool replayed;
};

static enum hub_err write_menu(struct menu_command *c, struct tx *tx)
{
    struct json_writer w;
    json_writer_init(&w);
    menu_write(tx->restaurant->kitchen->menu, &w);
    c->version = tx->restaurant->kitchen->menu->version;
    c->answer = json_writer_take(&w, &c->length);
    return c->answer ? HUB_OK : HUB_UNAVAILABLE;
}

/* Somebody changed the menu since: the present one goes with the refusal. */
static enum hub_err check_version(struct menu_command *c, struct tx *tx)
{
    char tag[TAG_SIZE];
    tag_of(tx->restaurant->kitchen->menu->version, tag);
    if (!c->expected || strcmp(c->expected, tag) == 0) return HUB_OK;
    enum hub_err err = write_menu(c, tx);
    if (err) return err;
    fault_set(&c->base.fault, HUB_VERSION_CONFLICT, "If-Match",
        "Somebody changed the menu meanwhile. Look again, then change it.");
    c->base.fault.current = c->answer;
    c->answer = NULL;
    return HUB_VERSION_CONFLICT;
}

static enum hub_err replay(struct menu_command *c, struct tx *tx)
{
    const char *body = NULL;
    int status;
    enum hub_err err = tx_recall_answer(tx, &c->idem, &body, &status);
    if (err == HUB_IDEMPOTENCY_MISMATCH)
        return fault_set(&c->base.fault, err, "Idempotency-Key",
            "This key was used before for something else. Use a new key for a new request.");
    if (err) return err;
    c->answer = body ? strdup(body) : NULL;
    c->length = body ? strlen(body) : 0;
    c->version = c->answer ? strtoll(c->answer + strcspn(c->answer, "0123456789"), NULL, 10) : 0;
    c->replayed = true;
    return c->answer ? HUB_OK : HUB_UNAVAILABLE;
}

static enum hub_err change_menu(struct command *command, struct tx *tx)
{
    struct menu_command *c = (struct menu_command *)command;
    enum hub_err err = replay(c, tx);
    if (err != HUB_NOT_FOUND) return err;
    err = check_version(c, tx);
    if (!err && c->rows) err = menu_import(tx, c->rows, &command->fault);
    if (!err && c->replacement) err = menu_replace(tx, c->replacement, &command->fault);
    if (!err) err = menu_changed(tx);
    if (!err) err = write_menu(c, tx);
    return err ? err : tx_remember_answer(tx, &c->idem, c->answer, c->length, 200);
}

static enum hub_err run_menu(struct api_call *call, struct menu_command *c)
{
    uint8_t hash[CRYPTO_HASH_BYTES];
    struct crypto_port *crypto = call->hub->crypto;
    crypto->ops->hash(crypto, call->req->body, call->req->body_length, hash);
    c->base.run = change_menu;
    c->base.actor = call->actor;
    c->idem = (struct idempotency){"menu", call->idempotency_key, hash};
    enum hub_err err = writer_run(call->restaurant->writer, &c->base);
    if (err) {
        call->fault = c->base.fault;
        free(c->answer);
        return err;
    }
    char tag[TAG_SIZE];
    tag_of(c->version, tag);
    http_res_header(call->res, "ETag", "%s", tag);
    if (c->replayed) http_res_header(call->res, "Idempotency-Replayed", "true");
    return api_answer(call, 200, c->answer, c->length);
}

static enum hub_err post_import(struct api_call *call)
{
    const struct http_req *req = call->req;
    const char *type = req->header(req, "Content-Type");
    struct menu_rows rows;
    enum hub_err err;
    if (type && strncasecmp(type, "text/csv", 8) == 0) {
        struct settings settings;
        restaurant_settings(call->restaurant, &settings);
        err = menu_rows_from_csv(req->body ? req->body : "", req->body_length, money_decimals(settings.currency),
            call->hub->text, &call->arena, &rows, &call->fault);
    } else {
        cJSON *tree = json_parse(req->body ? req->body : "", req->body_length, &call->fault);
        if (!tree) return call->fault.code;
        err = menu_rows_from_json(tree, call->hub->text, &call->arena, &rows, &call->fault);
        cJSON_Delete(tree);
    }
    struct menu_command c = {.rows = &rows};
    return err ? err : run_menu(call, &c);
}

static enum hub_err put_menu(struct api_call *call)
{
    struct menu_replacement replacement;
    const char *expected = call->req->header(call->req, "If-Match");
    if (!expected)
        return fault_set(&call->fault, HUB_VALIDATION_ERROR, "If-Match",
            "Say which menu you change: If-Match with the ETag of GET /menu.");
    enum hub_err err = menu_replacement_decode(call->body, call->hub->text, &call->arena, &replacement, &call->fault);
    struct menu_command c = {.replacement = &replacement, .expected = expected};
    return err ? err : run_menu(call, &c);
}

/* ---- "86" -------------------------------------------------------------------------------------------------------- */

struct eighty_six {
    struct command base; /* first */
    int64_t id;
    bool available;
    struct json_writer answer;
};

static enum hub_err run(struct command *command, struct tx *tx)
{
    struct eighty_six *c = (struct eighty_six *)command;
    enum hub_err err = store_menu_item_available(tx->store, c->id, c->available);
    if (err == HUB_NOT_FOUND)
        return fault_set(&command->fault, err, NULL, "There is no menu item %lld.", (long long)c->id);
    if (!err) err = menu_changed(tx);
    const struct menu_item *item = err ? NULL : menu_item(tx->restaurant->kitchen->menu, c->id);
    if (item) menu_item_write(item, &c->answer);
    return err;
}

static enum hub_err patch_item(struct api_call *call)
{
    static const struct json_field fields[] = {
        {"available", JSON_BOOL, offsetof(struct eighty_six, available), 0, 0, NULL, true}};
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
    {"PUT", "/menu", ROLES_MANAGER, BODY_JSON, put_menu},
    {"POST", "/menu/import", ROLES_MANAGER, BODY_RAW, post_import},
    {"PATCH", "/menu/items/{id}", ROLES_STAFF, BODY_JSON, patch_item},
    {0},
};
