/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "hub/api/auth.h"
#include "hub/hub.h"
#include "hub/restaurant.h"
#include "hub/view.h"

static const struct route *const tables[] = {session_routes, token_routes, restaurant_routes, menu_routes, table_routes,
    order_routes, event_routes, connection_routes, device_routes, paper_routes, box_routes, planned_routes};
enum { TABLE_COUNT = sizeof tables / sizeof *tables };

void route_each(void (*each)(const struct route *route, void *data), void *data)
{
    for (size_t t = 0; t < TABLE_COUNT; t++)
        for (const struct route *route = tables[t]; route->method; route++)
            each(route, data);
}

void api_problem(struct http_res *res, const struct fault *fault)
{
    struct json_writer w;
    json_writer_init(&w);
    json_begin_object(&w);
    json_put_string(&w, "type", "about:blank");
    json_put_string(&w, "title", hub_err_title(fault->code));
    json_put_int(&w, "status", hub_err_status(fault->code));
    json_put_string(&w, "code", hub_err_name(fault->code));
    json_put_string(&w, "detail", fault->detail[0] ? fault->detail : hub_err_title(fault->code));
    if (fault->field[0]) json_put_string(&w, "field", fault->field);
    if (fault->current) {
        json_key(&w, "current");
        json_raw(&w, fault->current, strlen(fault->current));
    }
    json_end_object(&w);
    size_t length;
    char *text = json_writer_take(&w, &length);
    http_res_json(res, hub_err_status(fault->code), text, length);
    res->content_type = "application/problem+json";
    if (fault->retry_after_s) http_res_header(res, "Retry-After", "%d", fault->retry_after_s);
}

/* ---- matching ---------------------------------------------------------------------------------------------------- */

/* A positive integer up to 2^53 that fills the segment. */
static int64_t segment_id(const char *text, size_t length)
{
    int64_t id = 0;
    if (length == 0 || length > 16) return 0;
    for (size_t i = 0; i < length; i++) {
        if (text[i] < '0' || text[i] > '9') return 0;
        id = id * 10 + (text[i] - '0');
    }
    return id <= (INT64_C(1) << 53) ? id : 0;
}

static bool match(const char *pattern, const char *path, struct api_call *call)
{
    call->id = 0;
    call->name = NULL;
    while (*pattern && *path) {
        if (*pattern != '{') {
            if (*pattern++ != *path++) return false;
            continue;
        }
        size_t length = strcspn(path, "/");
        bool is_id = strncmp(pattern, "{id}", 4) == 0;
        if (is_id && !(call->id = segment_id(path, length))) return false;
        if (!is_id && !length) return false;
        if (!is_id && !(call->name = arena_strndup(&call->arena, path, length))) return false;
        pattern += strcspn(pattern, "}") + 1;
        path += length;
    }
    return !*pattern && !*path;
}

/* The route, or NULL with `allow` listing the methods that the path does have. */
static const struct route *find(struct api_call *call, const char *method, const char *path, char *allow, size_t size)
{
    allow[0] = '\0';
    for (size_t t = 0; t < TABLE_COUNT; t++)
        for (const struct route *route = tables[t]; route->method; route++) {
            if (!match(route->path, path, call)) continue;
            if (strcmp(route->method, method) == 0) return route;
            size_t used = strlen(allow);
            snprintf(allow + used, size - used, "%s%s", used ? ", " : "", route->method);
        }
    return NULL;
}

/* ---- gates ------------------------------------------------------------------------------------------------------- */

static bool is_write(const struct http_req *req)
{
    return strcmp(req->method, "GET") != 0 && strcmp(req->method, "HEAD") != 0;
}

/* What comes in by the guests' door: it must lead nowhere else, whoever asks. */
static bool for_guests(const struct route *route)
{
    return strcmp(route->method, "GET") == 0 &&
           (strcmp(route->path, "/health") == 0 || strcmp(route->path, "/menu") == 0);
}

/*
 * Browsers send cookies along with whatever any page asks for, so a cookie's write must say that it comes from our own
 * page. A token is sent by those only who mean to. Signing in from another site's page would sign a person in as
 * somebody else.
 */
static enum hub_err check_origin(struct api_call *call)
{
    if (!is_write(call->req) || bearer_of_request(call->req)) return HUB_OK;
    int origin = origin_of_request(call->req);
    if (origin > 0 || (origin == 0 && call->route->roles == ROLES_OPEN)) return HUB_OK;
    return fault_set(&call->fault, HUB_FORBIDDEN, "Origin",
        "This came from another web site, or from a program without a token. Use the box's own pages, or a token.");
}

static enum hub_err admit(struct api_call *call)
{
    struct fault ignored = {0};
    bool open = call->route->roles == ROLES_OPEN;
    enum hub_err err = api_authenticate(
        call->restaurant, call->req, NULL, &call->actor, &call->credential_id, open ? &ignored : &call->fault);
    if (err && !open) return err;
    if (call->req->guest_door && call->actor.role != ROLE_GUEST && !open)
        return fault_set(
            &call->fault, HUB_UNAUTHENTICATED, NULL, "Only guests come in here. Scan the code on your table.");
    err = check_origin(call);
    if (!err && !open && !role_in(call->actor.role, call->route->roles))
        err = fault_set(&call->fault, HUB_FORBIDDEN, NULL, "The role \"%s\" may not do this. Ask a manager.",
            role_name(call->actor.role));
    return err;
}

static enum hub_err read_key(struct api_call *call)
{
    const char *key = call->req->header(call->req, "Idempotency-Key");
    if (!key) return HUB_OK;
    size_t length = strlen(key);
    for (size_t i = 0; i < length; i++)
        if (key[i] < 0x20 || key[i] > 0x7e) length = 0;
    if (length < 1 || length > 64)
        return fault_set(&call->fault, HUB_VALIDATION_ERROR, "Idempotency-Key",
            "The Idempotency-Key must be 1 to 64 printable ASCII characters.");
    call->idempotency_key = arena_strdup(&call->arena, key);
    return call->idempotency_key ? HUB_OK : HUB_UNAVAILABLE;
}

static enum hub_err read_body(struct api_call *call)
{
    const struct http_req *req = call->req;
    enum route_body body = call->route->body;
    if (body == BODY_NONE || body == BODY_RAW || (body == BODY_OPTIONAL && !req->body_length)) return HUB_OK;
    const char *type = req->header(req, "Content-Type");
    if (type && (strncasecmp(type, "multipart/", 10) == 0 || strncasecmp(type, "application/x-www-form", 22) == 0))
        return fault_set(&call->fault, HUB_VALIDATION_ERROR, "Content-Type", "Send JSON, not a form.");
    cJSON *tree = json_parse(req->body, req->body_length, &call->fault);
    if (!tree) return call->fault.code;
    call->body = tree;
    if (cJSON_IsObject(tree)) return HUB_OK;
    return fault_set(&call->fault, HUB_VALIDATION_ERROR, NULL, "The body must be a JSON object, in curly brackets.");
}

static const char *below_base(struct api_call *call, const char *path)
{
    if (strcmp(path, "/metrics") == 0) return path;
    if (strncmp(path, "/api/v1/", 8) == 0 && strcmp(path + 7, "/metrics") != 0) return path + 7;
    fault_set(&call->fault, HUB_NOT_FOUND, NULL, "There is nothing at this address. The API lives under /api/v1.");
    return NULL;
}

static enum hub_err route_call(struct api_call *call)
{
    const struct http_req *req = call->req;
    const char *rest;
    if (!host_allowed(call->hub, req))
        return fault_set(&call->fault, HUB_FORBIDDEN, "Host",
            "The box does not go by that name. Use its IP address, or a .local name.");
    call->restaurant = restaurant_of_path(call->hub, req->path, &rest);
    if (!call->restaurant)
        return fault_set(&call->fault, HUB_NOT_FOUND, NULL, "There is no restaurant of that name on this box.");
    const char *path = below_base(call, rest);
    if (!path) return HUB_NOT_FOUND;
    char allow[80];
    call->route = find(call, strcmp(req->method, "HEAD") == 0 ? "GET" : req->method, path, allow, sizeof allow);
    if (!call->route && allow[0]) http_res_header(call->res, "Allow", "%s", allow);
    if (!call->route || !call->route->handler)
        return fault_set(&call->fault, HUB_NOT_FOUND, NULL,
            call->route ? "This is not part of this version yet." : "There is nothing at this address.");
    if (req->guest_door && !for_guests(call->route))
        return fault_set(&call->fault, HUB_NOT_FOUND, NULL, "There is nothing at this address for guests.");
    enum hub_err err = admit(call);
    if (!err) err = read_key(call);
    if (!err) err = read_body(call);
    return err ? err : call->route->handler(call);
}

/* One line where something is wrong with the box, or somebody was kept out; the rest is the caller's business. */
static void log_refusal(const struct api_call *call)
{
    const struct http_req *req = call->req;
    enum hub_err code = call->fault.code;
    bool ours = hub_err_status(code) >= 500, kept_out = code == HUB_UNAUTHENTICATED || code == HUB_FORBIDDEN;
    if (!ours && !kept_out) return;
    enum log_level level = ours ? LOG_LEVEL_ERROR : LOG_LEVEL_INFO;
    const char *remote = req->remote ? req->remote : "?";
    if (call->restaurant)
        log_restaurant(call->restaurant, level, "%s %s from %s: %s%s%s", req->method, req->path, remote,
            hub_err_name(code), ours ? ", " : "", ours ? call->fault.detail : "");
    else
        log_line(&call->hub->log, level, "%s %s from %s: %s", req->method, req->path, remote, hub_err_name(code));
}

/* The present object goes along with a conflict: no more of it than the caller may see. */
static void redact_current(struct api_call *call)
{
    enum view view = view_of_role(call->actor.role);
    if (!call->fault.current || view == VIEW_FULL) return;
    size_t length;
    char *shown = view_redact(call->fault.current, strlen(call->fault.current), view, &length);
    free(call->fault.current);
    call->fault.current = shown;
}

void api_handle(struct hub *hub, const struct http_req *req, struct http_res *res)
{
    struct api_call call = {.hub = hub, .req = req, .res = res};
    arena_init(&call.arena);
    enum hub_err err = route_call(&call);
    if (err) {
        if (call.fault.code != err) fault_set(&call.fault, err, NULL, "This could not be done now. Try again.");
        if (hub_err_status(err) >= 500 && !call.fault.retry_after_s) call.fault.retry_after_s = 5;
        redact_current(&call);
        log_refusal(&call);
        atomic_fetch_add(&hub->errors_by_code[err], 1);
        api_problem(res, &call.fault);
    }
    fault_finish(&call.fault);
    cJSON_Delete((cJSON *)(uintptr_t)call.body);
    arena_finish(&call.arena);
}
