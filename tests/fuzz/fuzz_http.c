/* SPDX-License-Identifier: MIT */
/* What a request says beside its body. Lines of the input: query, Cookie, Host, Origin, Authorization, path. */
#include <strings.h>

#include "hub/api/auth.h"
#include "hub/hub.h"
#include "hub/restaurant.h"
#include "tests/fuzz/fuzz.h"

enum { QUERY, COOKIE, HOST, ORIGIN, AUTHORIZATION, PATH, LINES };
static const char *const headers[LINES] = {
    [COOKIE] = "Cookie", [HOST] = "Host", [ORIGIN] = "Origin", [AUTHORIZATION] = "Authorization"};

struct said {
    struct http_req req; /* first */
    char *lines[LINES];
};

static const char *header(const struct http_req *req, const char *name)
{
    const struct said *said = (const struct said *)req;
    for (int i = 0; i < LINES; i++)
        if (headers[i] && strcasecmp(headers[i], name) == 0) return *said->lines[i] ? said->lines[i] : NULL;
    return NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct said said = {.req = {.method = "GET", .header = header}};
    for (int i = 0; i < LINES; i++)
        said.lines[i] = fuzz_line(&data, &size);
    said.req.query = said.lines[QUERY];
    said.req.path = said.lines[PATH];
    static const char *const names[] = {"since", "station", "status", "q", "token", ""};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char *value = http_query_get(said.req.query, names[i]);
        FUZZ_HOLDS(!value || strlen(value) <= strlen(said.req.query));
        free(value);
    }
    char *cookie = cookie_of_request(&said.req, "servery_session");
    FUZZ_HOLDS(!cookie || !strpbrk(cookie, "; "));
    free(cookie);
    const char *const hosts[] = {"box.example", NULL};
    struct restaurant restaurant = {.slug = "main"};
    struct restaurant *restaurants[] = {&restaurant};
    struct hub hub = {.config = {.host_names = hosts}, .restaurants = restaurants, .restaurant_count = 1};
    (void)bearer_of_request(&said.req);
    (void)host_allowed(&hub, &said.req);
    (void)origin_of_request(&said.req);
    const char *rest = NULL;
    struct restaurant *found = restaurant_of_path(&hub, said.req.path, &rest);
    FUZZ_HOLDS(!found || (rest >= said.req.path && rest <= said.req.path + strlen(said.req.path)));
    for (int i = 0; i < LINES; i++)
        free(said.lines[i]);
    return 0;
}
