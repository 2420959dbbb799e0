/* SPDX-License-Identifier: MIT */
#include "hub/api/auth.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "hub/credentials.h"
#include "hub/hub.h"
#include "hub/restaurant.h"

struct restaurant *restaurant_of_path(struct hub *hub, const char *path, const char **rest)
{
    *rest = path;
    if (strncmp(path, "/r/", 3) != 0) return hub_find(hub, NULL);
    size_t length = strcspn(path + 3, "/");
    char slug[SLUG_MAX + 1];
    if (length > SLUG_MAX) return NULL;
    memcpy(slug, path + 3, length);
    slug[length] = '\0';
    *rest = path + 3 + length;
    return slug_valid(slug) ? hub_find(hub, slug) : NULL;
}

/* Without the port: "[::1]:80" -> "[::1]". More than the text has when a bracket is missing. */
static size_t name_length(const char *host)
{
    if (host[0] == '[') return strcspn(host, "]") + 1;
    return strcspn(host, ":");
}

static bool same(const char *host, size_t length, const char *name)
{
    return strlen(name) == length && strncasecmp(host, name, length) == 0;
}

static bool is_ip(const char *host, size_t length)
{
    if (host[0] == '[')
        return length > 3 && host[length - 1] == ']' && memchr(host, ':', length) &&
               strspn(host + 1, "0123456789abcdefABCDEF:.") == length - 2;
    return length > 0 && strspn(host, "0123456789.") >= length;
}

bool host_allowed(struct hub *hub, const struct http_req *req)
{
    const char *host = req->header(req, "Host");
    if (!host || !*host) return false;
    size_t length = name_length(host), all = strlen(host);
    if (length > all) return false;
    const char *port = host + length;
    if (*port && (*port != ':' || strspn(port + 1, "0123456789") != strlen(port + 1))) return false;
    if (is_ip(host, length) || same(host, length, "localhost")) return true;
    if (length > 6 && strncasecmp(host + length - 6, ".local", 6) == 0) return true;
    for (size_t i = 0; hub->config.host_names && hub->config.host_names[i]; i++)
        if (same(host, length, hub->config.host_names[i])) return true;
    return false;
}

int origin_of_request(const struct http_req *req)
{
    const char *origin = req->header(req, "Origin"), *host = req->header(req, "Host");
    if (!origin) return 0;
    const char *name = strstr(origin, "://");
    return name && host && strcasecmp(name + 3, host) == 0 ? 1 : -1;
}

char *cookie_of_request(const struct http_req *req, const char *name)
{
    size_t length = strlen(name);
    const char *at = req->header(req, "Cookie");
    while (at && *(at += strspn(at, " ;"))) {
        if (strncmp(at, name, length) == 0 && at[length] == '=')
            return strndup(at + length + 1, strcspn(at + length + 1, "; "));
        at = strchr(at, ';');
    }
    return NULL;
}

const char *bearer_of_request(const struct http_req *req)
{
    const char *header = req->header(req, "Authorization");
    return header && strncasecmp(header, "Bearer ", 7) == 0 ? header + 7 + strspn(header + 7, " ") : NULL;
}

enum hub_err api_authenticate(struct restaurant *restaurant, const struct http_req *req, const char *token,
    struct actor *actor, int64_t *credential_id, struct fault *fault)
{
    if (!token) token = bearer_of_request(req);
    char *cookie = token ? NULL : cookie_of_request(req, "servery_session");
    if (!token && !cookie)
        return fault_set(fault, HUB_UNAUTHENTICATED, NULL, "Sign in with your PIN first, or send a token.");
    enum hub_err err =
        credentials_find(restaurant->credentials, token ? token : cookie, actor, credential_id, NULL, fault);
    free(cookie);
    return err;
}
