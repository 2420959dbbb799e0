/* SPDX-License-Identifier: MIT */
/*
 * One API call on its way through the hub: who asks for what, and where the answer goes. Handlers get it from the
 * router with credentials checked, the path's id parsed and the body parsed as JSON.
 */
#ifndef HUB_API_CALL_H
#define HUB_API_CALL_H

#include "hub/arena.h"
#include "hub/err.h"
#include "hub/http.h"
#include "hub/json.h"
#include "hub/role.h"

struct hub;
struct restaurant;
struct route;

struct api_call {
    struct hub *hub;
    struct restaurant *restaurant;
    const struct http_req *req;
    struct http_res *res;
    const struct route *route;
    struct actor actor;          /* kind system and ROLE_NONE on open routes without credentials */
    int64_t credential_id;       /* row of the token or session; 0 = none */
    int64_t id;                  /* {id} of the path; 0 = none */
    const char *name;            /* {name} of the path (text); NULL = none. In the arena */
    const cJSON *body;           /* an object, or NULL when the route takes none or none was sent */
    const char *idempotency_key; /* valid 1..64 printable ASCII, or NULL */
    struct arena arena;          /* lives until the answer is sent */
    struct fault fault;
};

/*
 * Fills call->res and returns HUB_OK, or sets call->fault and returns its code: the router then writes the problem.
 * Runs on a worker thread; may wait for the writer.
 */
typedef enum hub_err api_handler(struct api_call *call);

enum route_body { BODY_NONE, BODY_OPTIONAL, BODY_JSON, BODY_RAW /* handler reads req->body itself */ };

struct route {
    const char *method;
    const char *path; /* below /api/v1: "/orders/{id}/items"; {id} a positive integer, {name} one segment of text */
    role_set roles;   /* ROLES_OPEN: no credentials asked for */
    enum route_body body;
    api_handler *handler; /* NULL: known but not built: NOT_FOUND */
};

/* The whole API: finds restaurant and route, checks Host, Origin, credentials and body, calls the handler, writes
 * errors. */
void api_handle(struct hub *hub, const struct http_req *req, struct http_res *res);

/* Writes a fault as RFC 9457 problem+json, with Retry-After and `current` where set. */
void api_problem(struct http_res *res, const struct fault *fault);

/* The route tables, one per resource, each ended by a row with method NULL (implemented in their api/<noun>.c). */
extern const struct route session_routes[], token_routes[], restaurant_routes[], menu_routes[], table_routes[],
    order_routes[], event_routes[], connection_routes[], device_routes[], paper_routes[], box_routes[],
    planned_routes[];

/* Calls `each` for every route of every table, in order: for `servery routes` and the router. */
void route_each(void (*each)(const struct route *route, void *data), void *data);

#endif
