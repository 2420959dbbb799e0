/* SPDX-License-Identifier: MIT */
/* The gates of the API with a table of routes of the test's own; who is who is decided by the token's text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants the four above first */
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "hub/api/auth.h"
#include "hub/credentials.h"
#include "hub/hub.h"
#include "hub/restaurant.h"

/* ---- the world around the router --------------------------------------------------------------------------------- */

struct call_seen {
    int count;
    struct restaurant *restaurant;
    struct actor actor;
    int64_t id;
    char name[64], key[80], body[200];
};

static struct hub hub;
static struct restaurant main_one = {.hub = &hub, .slug = "main"}, second = {.hub = &hub, .slug = "second"};
static struct call_seen seen; /* handlers have no other way to tell */

struct restaurant *hub_find(struct hub *box, const char *slug)
{
    (void)box;
    if (!slug || strcmp(slug, "main") == 0) return &main_one;
    return strcmp(slug, "second") == 0 ? &second : NULL;
}

bool slug_valid(const char *slug)
{
    return slug[0] && strspn(slug, "abcdefghijklmnopqrstuvwxyz0123456789-") == strlen(slug);
}

/* Tokens are role names; each is good for the restaurant "main" alone. */
enum hub_err credentials_find(struct credentials *credentials, const char *token, struct actor *actor,
    int64_t *credential_id, int64_t *expires_at, struct fault *fault)
{
    (void)expires_at;
    enum role role = role_from_name(token);
    if (role == ROLE_NONE || credentials != main_one.credentials)
        return fault_set(fault, HUB_UNAUTHENTICATED, NULL, "Unknown.");
    *actor = (struct actor){.kind = role == ROLE_GUEST ? ACTOR_GUEST : ACTOR_TOKEN, .role = role, .id = (int)role};
    *credential_id = 100 + (int)role;
    return HUB_OK;
}

static enum hub_err look(struct api_call *call)
{
    seen.count++;
    seen.restaurant = call->restaurant;
    seen.actor = call->actor;
    seen.id = call->id;
    snprintf(seen.name, sizeof seen.name, "%s", call->name ? call->name : "-");
    snprintf(seen.key, sizeof seen.key, "%s", call->idempotency_key ? call->idempotency_key : "-");
    char *body = call->body ? cJSON_PrintUnformatted(call->body) : NULL;
    snprintf(seen.body, sizeof seen.body, "%s", body ? body : "-");
    cJSON_free(body);
    call->res->status = 204;
    return HUB_OK;
}

static enum hub_err conflict(struct api_call *call)
{
    call->fault.current = strdup("{\"version\":4}");
    return fault_set(&call->fault, HUB_VERSION_CONFLICT, NULL, "Somebody was \"faster\".");
}

static enum hub_err slow_down(struct api_call *call)
{
    call->fault.retry_after_s = 30;
    return fault_set(&call->fault, HUB_RATE_LIMITED, "pin", "Wait 30 s.");
}

static enum hub_err broken(struct api_call *call)
{
    (void)call;
    return HUB_UNAVAILABLE;
}

const struct route session_routes[] = {
    {"GET", "/things", ROLES_ANY, BODY_NONE, look},
    {"POST", "/things", ROLES_WAITER, BODY_JSON, look},
    {"GET", "/things/{id}", ROLES_ANY, BODY_NONE, look},
    {"POST", "/things/{id}/optional", ROLES_WAITER, BODY_OPTIONAL, look},
    {"POST", "/things/{id}/raw", ROLES_WAITER, BODY_RAW, look},
    {"POST", "/things/{id}/none", ROLES_WAITER, BODY_NONE, look},
    {"DELETE", "/things/{id}", ROLES_OWNER, BODY_NONE, look},
    {"GET", "/things/{id}/of/{name}", ROLES_ANY, BODY_NONE, look},
    {"GET", "/things/special", ROLES_ANY, BODY_NONE, look},
    {0},
};
const struct route token_routes[] = {
    {"POST", "/open", ROLES_OPEN, BODY_JSON, look},
    {"GET", "/health", ROLES_OPEN, BODY_NONE, look},
    {"GET", "/menu", ROLES_ALL, BODY_NONE, look},
    {"GET", "/metrics", ROLES_MANAGER, BODY_NONE, look},
    {"GET", "/later", ROLES_ANY, BODY_NONE, NULL},
    {"GET", "/conflict", ROLES_ANY, BODY_NONE, conflict},
    {"GET", "/slow", ROLES_OPEN, BODY_NONE, slow_down},
    {"GET", "/broken", ROLES_OPEN, BODY_NONE, broken},
    {0},
};
const struct route restaurant_routes[] = {{0}}, menu_routes[] = {{0}}, table_routes[] = {{0}}, order_routes[] = {{0}},
                   event_routes[] = {{0}}, connection_routes[] = {{0}}, device_routes[] = {{0}}, paper_routes[] = {{0}},
                   box_routes[] = {{0}}, planned_routes[] = {{0}};

/* ---- asking ------------------------------------------------------------------------------------------------------ */

enum { HEADERS = 8 };
struct ask {
    struct http_req req;
    const char *headers[HEADERS][2];
};

static const char *header_of(const struct http_req *req, const char *name)
{
    const struct ask *ask = req->driver;
    for (int i = 0; i < HEADERS && ask->headers[i][0]; i++)
        if (strcasecmp(ask->headers[i][0], name) == 0) return ask->headers[i][1];
    return NULL;
}

/* The answer's status; the caller finishes `res`. */
static int ask_for(struct ask *ask, struct http_res *res)
{
    memset(&seen, 0, sizeof seen);
    ask->req.driver = ask;
    ask->req.header = header_of;
    if (!ask->req.remote) ask->req.remote = "192.168.1.20";
    if (ask->req.body && !ask->req.body_length) ask->req.body_length = strlen(ask->req.body);
    http_res_init(res);
    api_handle(&hub, &ask->req, res);
    return res->status;
}

static int status_of(struct ask *ask)
{
    struct http_res res;
    int status = ask_for(ask, &res);
    if (status >= 400) {
        assert_string_equal(res.content_type, "application/problem+json");
        cJSON *problem = json_parse(res.body, res.body_length, NULL);
        assert_non_null(problem);
        assert_int_equal(cJSON_GetObjectItem(problem, "status")->valueint, status);
        cJSON_Delete(problem);
    }
    assert_int_equal(seen.count, status == 204);
    http_res_finish(&res);
    return status;
}

static int get(const char *path, const char *role)
{
    char bearer[80];
    snprintf(bearer, sizeof bearer, "Bearer %s", role ? role : "");
    struct ask ask = {
        {.method = "GET", .path = path}, {{"Host", "localhost"}, {role ? "Authorization" : NULL, bearer}}};
    return status_of(&ask);
}

static int post(const char *path, const char *body, const char *header, const char *value)
{
    struct ask ask = {{.method = "POST", .path = path, .body = body},
        {{"Host", "localhost"}, {"Authorization", "Bearer waiter"}, {header, value}}};
    return status_of(&ask);
}

static int setup(void **state)
{
    (void)state;
    memset(&hub, 0, sizeof hub);
    log_init(&hub.log, (enum log_level)0); /* says nothing */
    main_one.credentials = (struct credentials *)(void *)&main_one;
    second.credentials = (struct credentials *)(void *)&second;
    return 0;
}

/* ---- tests ------------------------------------------------------------------------------------------------------- */

static void hosts_are_addresses_or_our_names(void **state)
{
    (void)state;
    static const char *const names[] = {"box.example", "menu.example", NULL};
    static const char *const good[] = {"127.0.0.1", "127.0.0.1:8080", "192.168.1.20:80", "[::1]", "[fe80::1]:8080",
        "localhost", "LOCALHOST:1", "servery.local", "a.b.LOCAL:80", "box.example", "Menu.Example:8080"};
    static const char *const bad[] = {NULL, "", "evil.example", "localhost.evil.example", "127.0.0.1.evil.example",
        "local", ".local", "a.local.evil.example", "box.example.evil", "xbox.example", "[::1", "[evil]", "[]", ":80",
        "1.2.3.4x", "localhost:evil", "localhost:80:80", "[::1]x", "[::1]:x", "[1234]"};
    hub.config.host_names = names;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        struct ask ask = {{.method = "GET", .path = "/api/v1/health"}, {{"Host", good[i]}}};
        if (status_of(&ask) != 204) fail_msg("refused: %s", good[i]);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct ask ask = {{.method = "GET", .path = "/api/v1/health"}, {{"Host", bad[i]}}};
        if (status_of(&ask) != 403) fail_msg("let in: %s", bad[i] ? bad[i] : "(none)");
    }
}

static void restaurants_go_by_their_prefix(void **state)
{
    (void)state;
    assert_int_equal(get("/api/v1/health", NULL), 204);
    assert_ptr_equal(seen.restaurant, &main_one);
    assert_int_equal(get("/r/main/api/v1/things", "waiter"), 204);
    assert_ptr_equal(seen.restaurant, &main_one);
    assert_int_equal(get("/r/second/api/v1/health", NULL), 204);
    assert_ptr_equal(seen.restaurant, &second);
    assert_int_equal(get("/r/second/api/v1/things", "waiter"), 401);
    static const char *const nowhere[] = {"/r/third/api/v1/health", "/r//api/v1/health", "/r/../api/v1/health",
        "/r/main", "/r/", "/r/main/r/second/api/v1/health",
        "/r/maaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaain/api/v1/health"};
    for (size_t i = 0; i < sizeof nowhere / sizeof *nowhere; i++)
        if (get(nowhere[i], "owner") != 404) fail_msg("found: %s", nowhere[i]);
}

static void paths_match_whole(void **state)
{
    (void)state;
    assert_int_equal(get("/api/v1/things/17", "display"), 204);
    assert_int_equal(seen.id, 17);
    assert_int_equal(get("/api/v1/things/9007199254740992", "display"), 204);
    assert_int_equal(get("/api/v1/things/5/of/Ben%20B\xc3\xa9", "display"), 204);
    assert_int_equal(seen.id, 5);
    assert_string_equal(seen.name, "Ben%20B\xc3\xa9");
    assert_int_equal(get("/api/v1/things/special", "display"), 204);
    assert_int_equal(seen.id, 0); /* none is left over from routes that nearly matched */
    static const char *const nowhere[] = {"/", "", "/api", "/api/v1", "/api/v1/", "/api/v1/thing", "/api/v1/things/",
        "/api/v1/thingsx", "/api/v1/things/0", "/api/v1/things/-1", "/api/v1/things/1.0", "/api/v1/things/ 1",
        "/api/v1/things/x", "/api/v1/things/9007199254740993", "/api/v1/things/99999999999999999999",
        "/api/v1/things/1/", "/api/v1/things/1/of", "/api/v1/things/1/of/", "/api/v1/things/1/of/a/b", "/API/v1/things",
        "/api/v2/things", "//api/v1/things", "/api/v1//things", "/api/v1/metrics", "/api/v1/later", "/things"};
    for (size_t i = 0; i < sizeof nowhere / sizeof *nowhere; i++)
        if (get(nowhere[i], "owner") != 404) fail_msg("found: %s", nowhere[i]);
    assert_int_equal(get("/metrics", "manager"), 204);
    assert_int_equal(get("/r/main/metrics", "manager"), 204);
}

static void other_methods_are_named(void **state)
{
    (void)state;
    struct http_res res;
    struct ask ask = {{.method = "PUT", .path = "/api/v1/things/7"}, {{"Host", "localhost"}}};
    assert_int_equal(ask_for(&ask, &res), 404);
    assert_int_equal(res.header_count, 1);
    assert_string_equal(res.headers[0].name, "Allow");
    assert_string_equal(res.headers[0].value, "GET, DELETE");
    http_res_finish(&res);
    struct ask head = {{.method = "HEAD", .path = "/api/v1/health"}, {{"Host", "localhost"}}};
    assert_int_equal(status_of(&head), 204);
}

static void roles_are_asked_for(void **state)
{
    (void)state;
    static const char *const roles[] = {"display", "kitchen", "waiter", "manager", "owner"};
    for (size_t i = 0; i < 5; i++) {
        assert_int_equal(get("/api/v1/things", roles[i]), 204);
        assert_int_equal(seen.actor.role, role_from_name(roles[i]));
        assert_int_equal(get("/metrics", roles[i]), i < 3 ? 403 : 204);
    }
    assert_int_equal(get("/api/v1/things", "guest"), 403);
    assert_int_equal(get("/api/v1/things", NULL), 401);
    assert_int_equal(get("/metrics", NULL), 401);
    assert_int_equal(get("/metrics", "nobody"), 401);
    assert_int_equal(get("/api/v1/health", "nobody"), 204); /* open to all, so to those with old credentials */
    assert_int_equal(seen.actor.role, ROLE_NONE);
    assert_int_equal(get("/api/v1/health", "waiter"), 204);
    assert_int_equal(seen.actor.role, ROLE_WAITER);
}

static void cookies_are_found_among_others(void **state)
{
    (void)state;
    static const struct {
        const char *cookie;
        int status;
    } cases[] = {{"servery_session=waiter", 204}, {"a=b; servery_session=waiter", 204},
        {"a=b;servery_session=waiter;c=d", 204}, {"servery_session=waiter ", 204}, {"xservery_session=waiter", 401},
        {"servery_session2=waiter", 401}, {"servery_session", 401}, {"servery_session=", 401}, {"", 401},
        {";;; ;", 401}, {"a=servery_session=waiter", 401}, {"servery_session=nobody; servery_session=waiter", 401}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct ask ask = {
            {.method = "GET", .path = "/api/v1/things"}, {{"Host", "localhost"}, {"Cookie", cases[i].cookie}}};
        if (status_of(&ask) != cases[i].status) fail_msg("wrong about: %s", cases[i].cookie);
    }
    struct ask both = {{.method = "GET", .path = "/metrics"},
        {{"Host", "localhost"}, {"Cookie", "servery_session=owner"}, {"Authorization", "bearer waiter"}}};
    assert_int_equal(status_of(&both), 403); /* the token counts */
    struct ask basic = {{.method = "GET", .path = "/metrics"},
        {{"Host", "localhost"}, {"Cookie", "servery_session=owner"}, {"Authorization", "Basic d2FpdGVy"}}};
    assert_int_equal(status_of(&basic), 204);
}

static int write_from(const char *path, const char *origin, const char *how, const char *who)
{
    struct ask ask = {{.method = "POST", .path = path, .body = "{}"},
        {{"Host", "localhost:8080"}, {how ? how : "X-Nothing", who}, {origin ? "Origin" : "X-None", origin}}};
    return status_of(&ask);
}

static void cookie_writes_come_from_our_pages(void **state)
{
    (void)state;
    static const char *const foreign[] = {"http://evil.example", "http://localhost", "http://localhost:8081", "null",
        "", "http://localhost:8080.evil.example", "http://evil.example/?http://localhost:8080", "localhost:8080"};
    const char *ours = "http://localhost:8080";
    assert_int_equal(write_from("/api/v1/things", ours, "Cookie", "servery_session=waiter"), 204);
    assert_int_equal(write_from("/api/v1/things", "https://LOCALHOST:8080", "Cookie", "servery_session=waiter"), 204);
    assert_int_equal(write_from("/api/v1/things", NULL, "Cookie", "servery_session=waiter"), 403);
    assert_int_equal(write_from("/api/v1/things", NULL, "Authorization", "Bearer waiter"), 204);
    assert_int_equal(write_from("/api/v1/open", NULL, NULL, NULL), 204);
    assert_int_equal(write_from("/api/v1/open", ours, NULL, NULL), 204);
    for (size_t i = 0; i < sizeof foreign / sizeof *foreign; i++) {
        assert_int_equal(write_from("/api/v1/things", foreign[i], "Cookie", "servery_session=waiter"), 403);
        assert_int_equal(write_from("/api/v1/things", foreign[i], "Cookie", "servery_session=nobody"), 401);
        assert_int_equal(write_from("/api/v1/things", foreign[i], "Authorization", "Bearer waiter"), 204);
        assert_int_equal(write_from("/api/v1/open", foreign[i], NULL, NULL), 403);
    }
    struct ask basic = {{.method = "POST", .path = "/api/v1/things", .body = "{}"},
        {{"Host", "localhost"}, {"Cookie", "servery_session=waiter"}, {"Authorization", "Basic x"}}};
    assert_int_equal(status_of(&basic), 403); /* no token, so still a cookie's write */
    struct ask read = {{.method = "GET", .path = "/api/v1/things"},
        {{"Host", "localhost"}, {"Cookie", "servery_session=waiter"}, {"Origin", "http://evil.example"}}};
    assert_int_equal(status_of(&read), 204);
}

static void bodies_are_objects(void **state)
{
    (void)state;
    assert_int_equal(post("/api/v1/things", "{\"a\":1}", NULL, NULL), 204);
    assert_string_equal(seen.body, "{\"a\":1}");
    assert_int_equal(post("/api/v1/things", NULL, NULL, NULL), 400);
    assert_int_equal(post("/api/v1/things", " ", NULL, NULL), 400);
    assert_int_equal(post("/api/v1/things", "{\"a\":1", NULL, NULL), 400);
    assert_int_equal(post("/api/v1/things", "[]", NULL, NULL), 422);
    assert_int_equal(post("/api/v1/things", "null", NULL, NULL), 422);
    assert_int_equal(post("/api/v1/things", "{}", "Content-Type", "text/plain;charset=UTF-8"), 204);
    assert_int_equal(post("/api/v1/things", "{}", "Content-Type", "Multipart/form-data; boundary=x"), 422);
    assert_int_equal(post("/api/v1/things", "{}", "Content-Type", "application/x-www-form-urlencoded"), 422);
    assert_int_equal(post("/api/v1/things/1/optional", NULL, NULL, NULL), 204);
    assert_string_equal(seen.body, "-");
    assert_int_equal(post("/api/v1/things/1/optional", "{}", NULL, NULL), 204);
    assert_string_equal(seen.body, "{}");
    assert_int_equal(post("/api/v1/things/1/optional", "[", NULL, NULL), 400);
    assert_int_equal(post("/api/v1/things/1/raw", "a,b\n1,2", NULL, NULL), 204);
    assert_int_equal(post("/api/v1/things/1/none", "not JSON", NULL, NULL), 204);
    assert_string_equal(seen.body, "-");
}

static void keys_are_short_and_plain(void **state)
{
    (void)state;
    char key[66];
    memset(key, 'k', sizeof key);
    key[64] = '\0';
    assert_int_equal(post("/api/v1/things", "{}", "Idempotency-Key", key), 204);
    assert_string_equal(seen.key, key);
    key[64] = 'k';
    key[65] = '\0';
    assert_int_equal(post("/api/v1/things", "{}", "Idempotency-Key", key), 422);
    assert_int_equal(post("/api/v1/things", "{}", "Idempotency-Key", ""), 422);
    assert_int_equal(post("/api/v1/things", "{}", "Idempotency-Key", "a\tb"), 422);
    assert_int_equal(post("/api/v1/things", "{}", "Idempotency-Key", "caf\xc3\xa9"), 422);
    assert_int_equal(post("/api/v1/things", "{}", "Idempotency-Key", "a b~!"), 204);
}

static void problems_say_all_they_know(void **state)
{
    (void)state;
    struct http_res res;
    struct ask ask = {
        {.method = "GET", .path = "/api/v1/conflict"}, {{"Host", "localhost"}, {"Authorization", "Bearer owner"}}};
    assert_int_equal(ask_for(&ask, &res), 409);
    assert_string_equal(res.body,
        "{\"type\":\"about:blank\",\"title\":\"Somebody else changed it\",\"status\":409,\"code\":\"VERSION_CONFLICT\","
        "\"detail\":\"Somebody was \\\"faster\\\".\",\"current\":{\"version\":4}}");
    http_res_finish(&res);
    ask.req.path = "/api/v1/slow";
    assert_int_equal(ask_for(&ask, &res), 429);
    assert_string_equal(res.body,
        "{\"type\":\"about:blank\",\"title\":\"Too many attempts\",\"status\":429,\"code\":\"RATE_LIMITED\","
        "\"detail\":\"Wait 30 s.\",\"field\":\"pin\"}");
    assert_string_equal(res.headers[0].name, "Retry-After");
    assert_string_equal(res.headers[0].value, "30");
    http_res_finish(&res);
    ask.req.path = "/api/v1/broken"; /* a handler that gave no reason */
    assert_int_equal(ask_for(&ask, &res), 503);
    assert_non_null(strstr(res.body, "\"detail\":\"This could not be done now. Try again.\""));
    assert_string_equal(res.headers[0].value, "5");
    http_res_finish(&res);
    assert_int_equal(hub.errors_by_code[HUB_VERSION_CONFLICT], 1);
    assert_int_equal(hub.errors_by_code[HUB_RATE_LIMITED], 1);
    assert_int_equal(hub.errors_by_code[HUB_UNAVAILABLE], 1);
    assert_int_equal(hub.errors_by_code[HUB_NOT_FOUND], 0);
}

static void guests_come_in_by_their_own_door(void **state)
{
    (void)state;
    static const struct {
        const char *method, *path, *role;
        int status;
    } cases[] = {{"GET", "/api/v1/health", NULL, 204}, {"GET", "/r/second/api/v1/health", NULL, 204},
        {"GET", "/api/v1/menu", "guest", 204}, {"GET", "/api/v1/menu", NULL, 401},
        {"GET", "/api/v1/menu", "owner", 401}, {"GET", "/api/v1/things", "owner", 404},
        {"POST", "/api/v1/open", NULL, 404}, {"GET", "/metrics", "owner", 404}, {"GET", "/api/v1/slow", NULL, 404},
        {"DELETE", "/api/v1/things/1", "owner", 404}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char bearer[40];
        snprintf(bearer, sizeof bearer, "Bearer %s", cases[i].role ? cases[i].role : "");
        struct ask ask = {{.method = cases[i].method, .path = cases[i].path, .guest_door = true},
            {{"Host", "localhost"}, {cases[i].role ? "Authorization" : NULL, bearer}}};
        if (status_of(&ask) != cases[i].status) fail_msg("wrong about %s %s", cases[i].path, bearer);
    }
}

static void count(const struct route *route, void *data)
{
    assert_non_null(route->path);
    ++*(int *)data;
}

static void every_route_is_listed(void **state)
{
    (void)state;
    int routes = 0;
    route_each(count, &routes);
    assert_int_equal(routes, 17);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(hosts_are_addresses_or_our_names, setup),
        cmocka_unit_test_setup(restaurants_go_by_their_prefix, setup),
        cmocka_unit_test_setup(paths_match_whole, setup),
        cmocka_unit_test_setup(other_methods_are_named, setup),
        cmocka_unit_test_setup(roles_are_asked_for, setup),
        cmocka_unit_test_setup(cookies_are_found_among_others, setup),
        cmocka_unit_test_setup(cookie_writes_come_from_our_pages, setup),
        cmocka_unit_test_setup(bodies_are_objects, setup),
        cmocka_unit_test_setup(keys_are_short_and_plain, setup),
        cmocka_unit_test_setup(problems_say_all_they_know, setup),
        cmocka_unit_test_setup(guests_come_in_by_their_own_door, setup),
        cmocka_unit_test_setup(every_route_is_listed, setup),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
