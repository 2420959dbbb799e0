/* SPDX-License-Identifier: MIT */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "fake_hub.h"
#include "wire_client.h"

#define CLOSE "Host: localhost\r\nConnection: close\r\n"

static struct fake_hub fake;
static char web[64];

static void write_file(const char *name, const char *content)
{
    char path[160];
    snprintf(path, sizeof path, "%s/%s", web, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(content, file);
    fclose(file);
}

static int open_door(void **state)
{
    (void)state;
    char path[160], target[160];
    snprintf(web, sizeof web, "/tmp/front-test-XXXXXX");
    assert_non_null(mkdtemp(web));
    snprintf(path, sizeof path, "%s/assets", web);
    assert_int_equal(mkdir(path, 0755), 0);
    write_file("index.html", "<p>start</p>");
    write_file("order.html", "<p>order</p>");
    write_file("favicon.svg", "<svg/>");
    write_file(".hidden.html", "hidden");
    write_file("noending", "plain");
    write_file("assets/app-1a2b.js", "let plain;");
    write_file("assets/app-1a2b.js.gz", "zipped");
    snprintf(path, sizeof path, "%s/link.html", web);
    snprintf(target, sizeof target, "%s/order.html", web);
    assert_int_equal(symlink(target, path), 0);
    fake_hub_init(&fake);
    struct front_door_config config = {
        .web_dir = web, .guest_listen = "127.0.0.1:0", .behind_proxy = true, .body_timeout_ms = 300};
    fake_hub_open(&fake, &config);
    return 0;
}

static int close_door(void **state)
{
    (void)state;
    char command[128];
    fake_hub_close(&fake);
    snprintf(command, sizeof command, "rm -r %s", web);
    return system(command);
}

static int request(const char *text, struct response *out)
{
    return client_request(front_door_port(fake.door), text, out);
}

static void api_calls(void **state)
{
    (void)state;
    struct response res;
    assert_int_equal(request("GET /api/v1/health HTTP/1.1\r\n" CLOSE "\r\n", &res), 200);
    assert_string_equal(res.body, "{\"status\":\"ok\"}");
    assert_non_null(strstr(res.head, "\r\nCache-Control: no-store\r\n"));
    assert_non_null(strstr(res.head, "\r\nReferrer-Policy: no-referrer\r\n"));
    assert_null(strcasestr(res.head, "\r\nServer:"));
    response_finish(&res);
    assert_int_equal(request("GET /r/main/api/v1/health?x=1 HTTP/1.1\r\n" CLOSE "\r\n", NULL), 200);
    assert_int_equal(request("GET /metrics HTTP/1.1\r\n" CLOSE "\r\n", NULL), 404);
    assert_int_equal(request("HEAD /api/v1/health HTTP/1.1\r\n" CLOSE "\r\n", &res), 200);
    assert_non_null(strstr(res.head, "\r\nContent-Length: 15\r\n"));
    response_finish(&res);
    assert_int_equal(request("GET /api/v1/he%61lth HTTP/1.1\r\n" CLOSE "\r\n", NULL), 200);
    assert_int_equal(request("GET /api/v1/health%00 HTTP/1.1\r\n" CLOSE "\r\n", NULL), 404);
    assert_int_equal(request("GET /api/v1/health%2 HTTP/1.1\r\n" CLOSE "\r\n", NULL), 404);
    assert_int_equal(request("nonsense\r\n\r\n", &res), 400);
    assert_non_null(strstr(res.head, "nosniff"));
    assert_non_null(strstr(res.body, "\"status\":400"));
    response_finish(&res);
}

static void keeps_alive(void **state)
{
    (void)state;
    struct response res;
    int fd = client_connect(front_door_port(fake.door));
    for (int i = 0; i < 5; i++) {
        client_print(fd, "POST /api/v1/echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\n\r\nab%02d", i);
        client_response(fd, false, &res);
        assert_int_equal(res.status, 200);
        assert_int_equal(strncmp(res.body, "ab", 2), 0);
        response_finish(&res);
    }
    close(fd);
}

static void believes_a_local_proxy(void **state)
{
    (void)state;
    request("GET /api/v1/health HTTP/1.1\r\n" CLOSE
            "X-Forwarded-For: 6.6.6.6, 192.168.1.20\r\nX-Forwarded-Proto: https\r\n\r\n",
        NULL);
    assert_string_equal(fake.last_remote, "192.168.1.20");
    assert_true(fake.last_secure);
    assert_false(fake.last_guest);
    request("GET /api/v1/health HTTP/1.1\r\n" CLOSE "X-Forwarded-For: nonsense\r\n\r\n", NULL);
    assert_string_equal(fake.last_remote, "127.0.0.1");
    assert_false(fake.last_secure);
    assert_int_equal(client_get(front_door_guest_port(fake.door), "/api/v1/health"), 200);
    assert_true(fake.last_guest);
}

/* Sends a body of `size` with Content-Length; returns the status, 0 when it just ended. */
static int post_size(size_t size)
{
    struct response res;
    int fd = client_connect(front_door_port(fake.door));
    client_print(fd, "POST /api/v1/echo HTTP/1.1\r\n" CLOSE "Content-Length: %zu\r\n\r\n", size);
    char *body = calloc(1, size);
    assert_non_null(body);
    memset(body, 'q', size);
    client_send(fd, body, size);
    client_response(fd, false, &res);
    if (res.status == 200) {
        assert_int_equal(res.length, size);
        assert_memory_equal(res.body, body, size);
    }
    free(body);
    close(fd);
    response_finish(&res);
    return res.status;
}

static void limits_bodies(void **state)
{
    (void)state;
    assert_int_equal(post_size(1), 200);
    assert_int_equal(post_size(100000), 200);
    assert_int_equal(post_size(256 << 10), 200);
    assert_int_equal(post_size((256 << 10) + 1), 413);
    assert_int_equal(post_size(2 << 20), 413);
    int status = post_size(16 << 20);
    assert_true(status == 413 || status == 0);
    assert_int_equal(client_get(front_door_port(fake.door), "/api/v1/health"), 200);
}

static void reads_chunks(void **state)
{
    (void)state;
    struct response res;
    assert_int_equal(request("POST /api/v1/echo HTTP/1.1\r\n" CLOSE
                             "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n",
                         &res),
        200);
    assert_string_equal(res.body, "abcde");
    response_finish(&res);
    assert_int_equal(request("POST /api/v1/echo HTTP/1.1\r\n" CLOSE
                             "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
                         NULL),
        400);
    int fd = client_connect(front_door_port(fake.door));
    client_print(fd, "POST /api/v1/echo HTTP/1.1\r\n" CLOSE "Transfer-Encoding: chunked\r\n\r\n");
    char chunk[8192];
    memset(chunk, 'c', sizeof chunk);
    for (int i = 0; i < 40; i++) {
        client_print(fd, "2000\r\n");
        client_send(fd, chunk, sizeof chunk);
        client_print(fd, "\r\n");
    }
    client_print(fd, "0\r\n\r\n");
    client_response(fd, false, &res);
    assert_int_equal(res.status, 413);
    response_finish(&res);
    close(fd);
    assert_int_equal(
        request("POST /api/v1/echo HTTP/1.1\r\n" CLOSE "Expect: 100-continue\r\nContent-Length: 2\r\n\r\nok", &res),
        200);
    response_finish(&res);
}

static void cuts_dripping_bodies(void **state)
{
    (void)state;
    int fds[40];
    struct response res;
    for (int i = 0; i < 40; i++) {
        fds[i] = client_connect(front_door_port(fake.door));
        client_print(fds[i], "POST /api/v1/echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n");
    }
    for (int round = 0; round < 20; round++) {
        for (int i = 0; i < 40; i++)
            client_send(fds[i], "x", 1);
        usleep(50000);
    }
    int told = 0;
    for (int i = 0; i < 40; i++) {
        client_response(fds[i], false, &res);
        told += res.status == 408;
        response_finish(&res);
        client_expect_end(fds[i]);
        close(fds[i]);
    }
    assert_true(told > 0);
    struct front_door_stats stats;
    front_door_stats(fake.door, &stats);
    assert_true(stats.connections_cut >= 24);
    assert_int_equal(client_get(front_door_port(fake.door), "/api/v1/health"), 200);
}

static void serves_pages(void **state)
{
    (void)state;
    struct response res;
    assert_int_equal(request("GET / HTTP/1.1\r\n" CLOSE "\r\n", &res), 200);
    assert_string_equal(res.body, "<p>start</p>");
    assert_non_null(strstr(res.head, "\r\nContent-Type: text/html; charset=utf-8\r\n"));
    assert_non_null(strstr(res.head, "\r\nCache-Control: no-cache\r\n"));
    assert_non_null(strstr(res.head, "\r\nContent-Security-Policy: default-src 'self';"));
    char *tag = strstr(res.head, "\r\nETag: ");
    assert_non_null(tag);
    char again[300];
    snprintf(again, sizeof again, "GET / HTTP/1.1\r\n" CLOSE "If-None-Match: %.*s\r\n\r\n", (int)strcspn(tag + 8, "\r"),
        tag + 8);
    response_finish(&res);
    assert_int_equal(request(again, NULL), 304);
    static const char *const pages[] = {"/order", "/r/main/order", "/order.html", "/order?table=5"};
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
        char text[200];
        snprintf(text, sizeof text, "GET %s HTTP/1.1\r\n" CLOSE "\r\n", pages[i]);
        assert_int_equal(request(text, &res), 200);
        assert_string_equal(res.body, "<p>order</p>");
        response_finish(&res);
    }
    assert_int_equal(request("GET /r/main HTTP/1.1\r\n" CLOSE "\r\n", NULL), 200);
    assert_int_equal(request("GET /r/main/ HTTP/1.1\r\n" CLOSE "\r\n", NULL), 200);
    assert_int_equal(request("GET /favicon.svg HTTP/1.1\r\n" CLOSE "\r\n", NULL), 200);
    assert_int_equal(request("POST / HTTP/1.1\r\n" CLOSE "\r\n", &res), 405);
    assert_non_null(strstr(res.head, "\r\nAllow: GET, HEAD\r\n"));
    response_finish(&res);
}

static void serves_assets(void **state)
{
    (void)state;
    struct response res;
    assert_int_equal(request("GET /assets/app-1a2b.js HTTP/1.1\r\n" CLOSE "\r\n", &res), 200);
    assert_string_equal(res.body, "let plain;");
    assert_non_null(strstr(res.head, "max-age=31536000, immutable"));
    assert_null(strstr(res.head, "Content-Encoding"));
    response_finish(&res);
    assert_int_equal(
        request("GET /assets/app-1a2b.js HTTP/1.1\r\n" CLOSE "Accept-Encoding: br, gzip\r\n\r\n", &res), 200);
    assert_string_equal(res.body, "zipped");
    assert_non_null(strstr(res.head, "\r\nContent-Encoding: gzip\r\n"));
    assert_non_null(strstr(res.head, "\r\nContent-Type: text/javascript; charset=utf-8\r\n"));
    assert_non_null(strstr(res.head, "\r\nVary: Accept-Encoding\r\n"));
    response_finish(&res);
}

static void hides_the_rest(void **state)
{
    (void)state;
    static const char *const paths[] = {"/../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/assets/../../x.html",
        "/.hidden.html", "/.hidden", "/link.html", "/link", "/noending", "/assets", "/assets/", "/order/",
        "/assets%2fapp-1a2b.js.gz", "/assets/app-1a2b.js.gz", "/a/b/c/d/e.html", "/order.html%00.js",
        "/r/../order.html/x", "/missing.html", "/etc/passwd"};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        int status = client_get(front_door_port(fake.door), paths[i]);
        if (status != 404 && status != 400) fail_msg("%s gives %d", paths[i], status);
    }
}

static void says_how_to_build(void **state)
{
    (void)state;
    struct fake_hub bare;
    struct response res;
    struct front_door_config config = {.web_dir = "/nonexistent"};
    fake_hub_init(&bare);
    fake_hub_open(&bare, &config);
    assert_int_equal(client_request(front_door_port(bare.door), "GET /order HTTP/1.1\r\n" CLOSE "\r\n", &res), 503);
    assert_non_null(strstr(res.body, "scripts/build"));
    response_finish(&res);
    assert_int_equal(client_get(front_door_port(bare.door), "/api/v1/health"), 200);
    fake_hub_close(&bare);
}

static void explains_bad_addresses(void **state)
{
    (void)state;
    static const struct {
        const char *listen, *says;
    } cases[] = {{"nonsense", "is no address"}, {"127.0.0.1", "is no address"}, {"127.0.0.1:", "is no address"},
        {"127.0.0.1:70000", "is no address"}, {"300.1.1.1:80", "is no address"},
        {"1.2.3.4:0", "no address of this machine"}};
    struct front_door *door = NULL;
    struct fault fault = {0};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct front_door_config config = {.listen = cases[i].listen};
        assert_int_equal(front_door_open(&fake.hub, &config, &door, &fault), HUB_UNAVAILABLE);
        assert_non_null(strstr(fault.detail, cases[i].says));
        assert_null(door);
    }
    char taken[32], says[64];
    snprintf(taken, sizeof taken, "127.0.0.1:%d", front_door_port(fake.door));
    snprintf(says, sizeof says, "Port %d on 127.0.0.1 is already in use", front_door_port(fake.door));
    struct front_door_config config = {.listen = "127.0.0.1:0", .guest_listen = taken};
    assert_int_equal(front_door_open(&fake.hub, &config, &door, &fault), HUB_UNAVAILABLE);
    assert_non_null(strstr(fault.detail, says));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(api_calls), cmocka_unit_test(keeps_alive),
        cmocka_unit_test(believes_a_local_proxy), cmocka_unit_test(limits_bodies), cmocka_unit_test(reads_chunks),
        cmocka_unit_test(cuts_dripping_bodies), cmocka_unit_test(serves_pages), cmocka_unit_test(serves_assets),
        cmocka_unit_test(hides_the_rest), cmocka_unit_test(says_how_to_build),
        cmocka_unit_test(explains_bad_addresses)};
    return cmocka_run_group_tests(tests, open_door, close_door);
}
