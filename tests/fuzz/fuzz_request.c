/* SPDX-License-Identifier: MIT */
/*
 * Whole requests to a whole restaurant, by its owner. Lines of the input: method, path below /api/v1, query, If-Match,
 * Idempotency-Key; the rest is the body. No request is answered with a fault of the server's.
 */
#include <stdio.h>
#include <strings.h>

#include "hub/api/call.h"
#include "hub/live.h"
#include "hub/restaurant.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/fuzz_house.h"

enum { METHOD, PATH, QUERY, MATCH, KEY, LINES };

struct said {
    struct http_req req; /* first */
    char *lines[LINES];
};

static const char *header(const struct http_req *req, const char *name)
{
    const struct said *said = (const struct said *)req;
    if (strcasecmp(name, "If-Match") == 0) return *said->lines[MATCH] ? said->lines[MATCH] : NULL;
    if (strcasecmp(name, "Idempotency-Key") == 0) return *said->lines[KEY] ? said->lines[KEY] : NULL;
    return fuzz_house_header(req, name);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct hub *hub = fuzz_house();
    struct said said = {.req = {.remote = "127.0.0.1", .header = header}};
    struct http_res res;
    for (int i = 0; i < LINES; i++)
        said.lines[i] = fuzz_line(&data, &size);
    /* Signing in hashes the PIN slowly, by intent; without the owner's token there is nothing left to see. */
    bool slow = strncmp(said.lines[PATH], "/session", 8) == 0 || strncmp(said.lines[PATH], "/tokens", 7) == 0;
    char path[256];
    snprintf(path, sizeof path, "/api/v1%s", said.lines[PATH]);
    char *body = fuzz_rest(data, size);
    said.req.method = said.lines[METHOD];
    said.req.path = path;
    said.req.query = *said.lines[QUERY] ? said.lines[QUERY] : NULL;
    said.req.body = size ? body : NULL;
    said.req.body_length = size;
    http_res_init(&res);
    if (!slow) {
        api_handle(hub, &said.req, &res);
        FUZZ_HOLDS(res.parked || (res.status >= 200 && res.status < 500));
        if (res.parked) live_closed(res.parked);
        size_t length = 0;
        char *wire = res.parked ? NULL : http_res_render(&res, true, false, &length);
        FUZZ_HOLDS(res.parked || (wire && length > res.body_length));
        free(wire);
    }
    http_res_finish(&res);
    free(body);
    for (int i = 0; i < LINES; i++)
        free(said.lines[i]);
    return 0;
}
