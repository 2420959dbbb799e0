/* SPDX-License-Identifier: MIT */
/* What a client says over its socket, to a whole restaurant: every message gets its answer, and the socket stays
 * usable. */
#include <stdatomic.h>
#include <stdio.h>

#include "hub/frame.h"
#include "hub/json.h"
#include "hub/live.h"
#include "hub/restaurant.h"
#include "hub/writer.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/fuzz_house.h"

struct ear {
    struct live_sink sink; /* first */
    atomic_int frames;
};

static void send(struct live_sink *sink, struct frame *frame)
{
    struct fault fault = {0};
    cJSON *tree = json_parse(frame_text(frame), frame->length, &fault);
    FUZZ_HOLDS(cJSON_IsObject(tree) && cJSON_IsString(cJSON_GetObjectItemCaseSensitive(tree, "type")));
    cJSON_Delete(tree);
    atomic_fetch_add(&((struct ear *)sink)->frames, 1);
}

static void close_sink(struct live_sink *sink, int code, const char *reason)
{
    (void)sink;
    (void)code;
    (void)reason;
}

static void flush(struct live_sink *sink)
{
    (void)sink;
}

static void lag(struct live_sink *sink, size_t *queued, int64_t *silent_ms)
{
    (void)sink;
    *queued = 0;
    *silent_ms = 0;
}

static const struct live_sink_ops ops = {send, close_sink, flush, lag};

static enum hub_err nothing(struct command *command, struct tx *tx)
{
    (void)command;
    (void)tx;
    return HUB_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct hub *hub = fuzz_house();
    struct ear ear = {.sink = {&ops}};
    struct http_req req = {
        .method = "GET", .path = "/api/v1/ws/orders/live", .remote = "127.0.0.1", .header = fuzz_house_header};
    struct http_res res;
    struct live_conn *conn = NULL;
    http_res_init(&res);
    FUZZ_HOLDS(live_open(hub, &req, &conn, &res) == HUB_OK);
    http_res_finish(&res);
    live_start(conn, &ear.sink);
    FUZZ_HOLDS(atomic_load(&ear.frames) >= 2);
    int before = atomic_load(&ear.frames);
    char *text = fuzz_rest(data, size);
    live_message(conn, text, size);
    free(text);
    /* Whatever it set going is over when a later command is. */
    struct command last = {.run = nothing, .actor = {.kind = ACTOR_SYSTEM, .role = ROLE_OWNER}};
    FUZZ_HOLDS(writer_run(hub_find(hub, NULL)->writer, &last) == HUB_OK);
    before = atomic_load(&ear.frames);
    static const char ping[] = "{\"type\":\"ping\",\"request_id\":\"p\"}";
    live_message(conn, ping, sizeof ping - 1);
    FUZZ_HOLDS(atomic_load(&ear.frames) > before);
    live_closed(conn);
    return 0;
}
