/* SPDX-License-Identifier: MIT */
/* Named long-lived tokens for programs; the owner's. */
#include <stddef.h>

#include "hub/api/call.h"
#include "hub/credentials.h"
#include "hub/hub.h"
#include "hub/port/store_credentials.h"
#include "hub/restaurant.h"

static enum hub_err answer(struct api_call *call, int status, struct json_writer *w)
{
    size_t length = 0;
    char *body = json_writer_take(w, &length);
    http_res_json(call->res, status, body, length);
    return HUB_OK;
}

static enum hub_err unreadable(struct api_call *call, enum hub_err err)
{
    return fault_set(&call->fault, err, NULL, "The data file cannot be read now. Try again.");
}

static enum hub_err token_list(struct api_call *call)
{
    struct store_credential *list = NULL;
    struct store *reader = restaurant_reader(call->restaurant, &call->fault);
    if (!reader) return call->fault.code ? call->fault.code : unreadable(call, HUB_UNAVAILABLE);
    enum hub_err err = store_credential_list(reader, "token", &call->arena, &list);
    restaurant_reader_done(call->restaurant, reader);
    if (err) return unreadable(call, err);
    struct json_writer w;
    json_writer_init(&w);
    json_begin_object(&w);
    json_key(&w, "tokens");
    json_begin_array(&w);
    for (const struct store_credential *one = list; one; one = one->next) {
        json_begin_object(&w);
        json_put_int(&w, "id", one->id);
        json_put_string(&w, "name", one->name);
        json_put_string(&w, "role", role_name(one->role));
        json_put_time_or_null(&w, "created_at", one->created_at);
        json_put_time_or_null(&w, "last_used_at", one->last_used_at);
        json_end_object(&w);
    }
    json_end_array(&w);
    json_end_object(&w);
    return answer(call, 200, &w);
}

struct new_token {
    const char *name;
    int role; /* index into token_roles */
};

static const char *const token_roles[] = {"owner", "manager", "waiter", "kitchen", "display", NULL};

static const struct json_field new_token_fields[] = {
    {.name = "name",
        .kind = JSON_TEXT,
        .offset = offsetof(struct new_token, name),
        .min = 1,
        .max = 80,
        .required = true},
    {.name = "role",
        .kind = JSON_NAME_OF,
        .offset = offsetof(struct new_token, role),
        .names = token_roles,
        .required = true},
};

static enum hub_err token_create(struct api_call *call)
{
    struct new_token in = {0};
    enum hub_err err = json_decode(call->body, new_token_fields, sizeof new_token_fields / sizeof *new_token_fields,
        &in, NULL, &call->arena, call->hub->text, "", &call->fault);
    if (err) return err;
    struct made_token made;
    err = credentials_token_create(call->restaurant->credentials, &call->actor, in.name,
        role_from_name(token_roles[in.role]), call->idempotency_key, &made, &call->fault);
    if (err) return err;
    if (made.replayed) http_res_header(call->res, "Idempotency-Replayed", "true");
    log_restaurant(call->restaurant, LOG_LEVEL_NOTICE, "token %lld (%s) was made by %s %lld", (long long)made.id,
        token_roles[in.role], actor_kind_name(call->actor.kind), (long long)call->actor.id);
    struct json_writer w;
    json_writer_init(&w);
    json_begin_object(&w);
    json_put_int(&w, "id", made.id);
    json_put_string(&w, "name", in.name);
    json_put_string(&w, "role", token_roles[in.role]);
    json_put_string(&w, "token", made.token);
    json_put_time_or_null(&w, "created_at", made.created_at);
    json_end_object(&w);
    return answer(call, 201, &w);
}

static enum hub_err token_revoke(struct api_call *call)
{
    enum hub_err err = credentials_revoke_kind(call->restaurant->credentials, "token", call->id, &call->fault);
    if (err) return err;
    log_restaurant(call->restaurant, LOG_LEVEL_NOTICE, "token %lld was revoked by %s %lld", (long long)call->id,
        actor_kind_name(call->actor.kind), (long long)call->actor.id);
    call->res->status = 204;
    return HUB_OK;
}

const struct route token_routes[] = {
    {"GET", "/tokens", ROLES_OWNER, BODY_NONE, token_list},
    {"POST", "/tokens", ROLES_OWNER, BODY_JSON, token_create},
    {"DELETE", "/tokens/{id}", ROLES_OWNER, BODY_NONE, token_revoke},
    {NULL, NULL, 0, BODY_NONE, NULL},
};
