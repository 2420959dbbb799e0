/* SPDX-License-Identifier: MIT */
/* Signing in and out, tickets for sockets, the names on the sign-in page. */
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "hub/api/auth.h"
#include "hub/credentials.h"
#include "hub/hub.h"
#include "hub/port/store_credentials.h"
#include "hub/restaurant.h"

#define SESSION_COOKIE "servery_session"
#define DEVICE_COOKIE  "servery_device"
enum { DEVICE_COOKIE_S = 400 * 24 * 3600 /* browsers keep none for longer */ };

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

/* Each restaurant's cookies stay under its own prefix; an age of 0 takes one away. */
static void cookie_set(struct api_call *call, const char *name, const char *value, long max_age_s)
{
    const char *slug = call->restaurant->slug;
    bool main_one = strcmp(slug, "main") == 0;
    http_res_header(call->res, "Set-Cookie", "%s=%s; Path=/%s%s; HttpOnly; SameSite=Strict; Max-Age=%ld%s", name, value,
        main_one ? "" : "r/", main_one ? "" : slug, max_age_s, call->req->secure ? "; Secure" : "");
}

static void put_session(struct json_writer *w, const struct actor *actor, int64_t expires_at)
{
    json_put_string(w, "role", role_name(actor->role));
    json_key(w, "staff");
    if (actor->kind == ACTOR_STAFF) {
        json_begin_object(w);
        json_put_int(w, "id", actor->id);
        json_put_string(w, "name", actor->name);
        json_end_object(w);
    } else {
        json_null(w);
    }
    json_put_time_or_null(w, "expires_at", expires_at);
}

/* A device that has signed in is known by this from now on; each time makes it last longer. */
static void device_cookie(struct api_call *call, const char *proof)
{
    char fresh[CREDENTIALS_PROOF_CHARS];
    if (!credentials_device_known(call->restaurant->credentials, proof)) {
        credentials_device_make(call->restaurant->credentials, fresh);
        proof = fresh;
    }
    cookie_set(call, DEVICE_COOKIE, proof, DEVICE_COOKIE_S);
}

static void log_attempt(const struct api_call *call, enum hub_err err, const struct actor *actor)
{
    const char *remote = call->req->remote ? call->req->remote : "?";
    if (!err)
        log_restaurant(call->restaurant, LOG_LEVEL_INFO, "staff %lld (%s) signed in from %s", (long long)actor->id,
            role_name(actor->role), remote);
    else if (err == HUB_UNAUTHENTICATED)
        log_restaurant(call->restaurant, LOG_LEVEL_NOTICE, "a wrong PIN from %s", remote);
    else if (err == HUB_RATE_LIMITED)
        log_restaurant(call->restaurant, LOG_LEVEL_NOTICE, "no PIN is looked at from %s for %d s", remote,
            call->fault.retry_after_s);
}

struct sign_in {
    int64_t staff_id;
    const char *pin;
};

static const struct json_field sign_in_fields[] = {
    {.name = "staff_id", .kind = JSON_INT, .offset = offsetof(struct sign_in, staff_id), .min = 1, .max = INT64_MAX},
    {.name = "pin", .kind = JSON_TEXT, .offset = offsetof(struct sign_in, pin), .min = 1, .max = 80, .required = true},
};

static enum hub_err session_create(struct api_call *call)
{
    struct sign_in in = {0};
    enum hub_err err = json_decode(call->body, sign_in_fields, sizeof sign_in_fields / sizeof *sign_in_fields, &in,
        NULL, &call->arena, call->hub->text, "", &call->fault);
    if (err) return err;
    char token[CRYPTO_TOKEN_CHARS];
    struct actor actor;
    int64_t credential_id, expires_at;
    char *proof = cookie_of_request(call->req, DEVICE_COOKIE);
    err = credentials_sign_in(call->restaurant->credentials, in.staff_id, in.pin, call->req->remote, proof, token,
        &actor, &credential_id, &expires_at, &call->fault);
    log_attempt(call, err, &actor);
    if (!err) {
        cookie_set(call, SESSION_COOKIE, token, CREDENTIALS_SESSION_H * 3600);
        device_cookie(call, proof);
    }
    free(proof);
    if (err) return err;
    struct json_writer w;
    json_writer_init(&w);
    json_begin_object(&w);
    json_put_string(&w, "token", token);
    put_session(&w, &actor, expires_at);
    json_end_object(&w);
    return answer(call, 201, &w);
}

static enum hub_err session_get(struct api_call *call)
{
    struct store_credential row = {0};
    if (call->credential_id) {
        struct store *reader = restaurant_reader(call->restaurant, &call->fault);
        if (!reader) return call->fault.code ? call->fault.code : unreadable(call, HUB_UNAVAILABLE);
        enum hub_err err = store_credential_get(reader, call->credential_id, &row);
        restaurant_reader_done(call->restaurant, reader);
        if (err && err != HUB_NOT_FOUND) return unreadable(call, err);
    }
    struct json_writer w;
    json_writer_init(&w);
    json_begin_object(&w);
    put_session(&w, &call->actor, row.expires_at);
    json_key(&w, "actor");
    json_begin_object(&w);
    json_put_string(&w, "kind", actor_kind_name(call->actor.kind));
    json_put_id_or_null(&w, "id", call->actor.id);
    json_put_string(&w, "name", call->actor.name);
    json_end_object(&w);
    json_put_string(&w, "restaurant_id", call->restaurant->slug);
    json_end_object(&w);
    return answer(call, 200, &w);
}

static enum hub_err session_delete(struct api_call *call)
{
    if (call->actor.kind == ACTOR_TOKEN)
        return fault_set(
            &call->fault, HUB_FORBIDDEN, NULL, "A named token does not sign out; the owner revokes it under Tokens.");
    if (call->credential_id) {
        enum hub_err err = credentials_revoke(call->restaurant->credentials, call->credential_id, &call->fault);
        if (err && err != HUB_NOT_FOUND) return err;
        if (err) fault_finish(&call->fault); /* another tab was faster: signed out all the same */
    }
    cookie_set(call, SESSION_COOKIE, "", 0);
    log_restaurant(call->restaurant, LOG_LEVEL_INFO, "%s %lld signed out", actor_kind_name(call->actor.kind),
        (long long)call->actor.id);
    call->res->status = 204;
    return HUB_OK;
}

static enum hub_err ticket_create(struct api_call *call)
{
    char ticket[CRYPTO_TOKEN_CHARS];
    int64_t expires_at;
    credentials_ticket_make(call->restaurant->credentials, &call->actor, call->credential_id, ticket, &expires_at);
    struct json_writer w;
    json_writer_init(&w);
    json_begin_object(&w);
    json_put_string(&w, "ticket", ticket);
    json_put_time_or_null(&w, "expires_at", expires_at);
    json_end_object(&w);
    return answer(call, 201, &w);
}

static enum hub_err staff_names(struct api_call *call)
{
    struct store_staff *list = NULL;
    struct store *reader = restaurant_reader(call->restaurant, &call->fault);
    if (!reader) return call->fault.code ? call->fault.code : unreadable(call, HUB_UNAVAILABLE);
    enum hub_err err = store_staff_list(reader, &call->arena, &list);
    restaurant_reader_done(call->restaurant, reader);
    if (err) return unreadable(call, err);
    struct json_writer w;
    json_writer_init(&w);
    json_begin_object(&w);
    json_key(&w, "staff");
    json_begin_array(&w);
    for (const struct store_staff *one = list; one; one = one->next) {
        json_begin_object(&w);
        json_put_int(&w, "id", one->id);
        json_put_string(&w, "name", one->name);
        json_end_object(&w);
    }
    json_end_array(&w);
    json_end_object(&w);
    return answer(call, 200, &w);
}

const struct route session_routes[] = {
    {"POST", "/session", ROLES_OPEN, BODY_JSON, session_create},
    {"GET", "/session", ROLES_ANY, BODY_NONE, session_get},
    {"DELETE", "/session", ROLES_ANY, BODY_NONE, session_delete},
    {"POST", "/session/ticket", ROLES_ANY, BODY_NONE, ticket_create},
    {"GET", "/staff/names", ROLES_OPEN, BODY_NONE, staff_names},
    {NULL, NULL, 0, BODY_NONE, NULL},
};
