/* SPDX-License-Identifier: MIT */
/* Who is asking, and may the request come from where it comes: shared by the router and the WebSocket upgrade. Any
 * thread. */
#ifndef HUB_API_AUTH_H
#define HUB_API_AUTH_H

#include "hub/api/call.h"

/* Cookie or Bearer token, or `token` when not NULL. UNAUTHENTICATED when there is none, or it is unknown. */
enum hub_err api_authenticate(struct restaurant *restaurant, const struct http_req *req, const char *token,
    struct actor *actor, int64_t *credential_id, struct fault *fault);
/* The value of a cookie, malloc'ed, freed by the caller; NULL when it is not there or memory is short. */
char *cookie_of_request(const struct http_req *req, const char *name);
/* The token of an Authorization header with the word Bearer, inside the header; NULL when there is none. */
const char *bearer_of_request(const struct http_req *req);
/* Host is an IP address, localhost, *.local or a configured name. */
bool host_allowed(struct hub *hub, const struct http_req *req);
/* 1: Origin is there and names our Host; 0: there is none; -1: another site's. */
int origin_of_request(const struct http_req *req);
/* The restaurant of a path and what follows its prefix ("/api/v1/..."); NULL for an unknown slug. */
struct restaurant *restaurant_of_path(struct hub *hub, const char *path, const char **rest);

#endif
