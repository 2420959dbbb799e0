/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "hub/frame.h"
#include "hub/http.h"
#include "hub/hub.h"
#include "hub/restaurant.h"

static void frame_headers(void **state)
{
    (void)state;
    static const struct {
        size_t length, head;
        unsigned char bytes[FRAME_HEAD_MAX];
    } cases[] = {{0, 2, {0x81, 0}}, {125, 2, {0x81, 125}}, {126, 4, {0x81, 126, 0, 126}},
        {65535, 4, {0x81, 126, 0xff, 0xff}}, {65536, 10, {0x81, 127, 0, 0, 0, 0, 0, 1, 0, 0}}};
    char *text = malloc(65536);
    assert_non_null(text);
    memset(text, 'a', 65536);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct frame *frame = frame_create(text, cases[i].length);
        assert_non_null(frame);
        assert_int_equal(frame->head_size, cases[i].head);
        assert_memory_equal(frame_wire(frame), cases[i].bytes, cases[i].head);
        assert_int_equal(frame_wire_length(frame), cases[i].head + cases[i].length);
        assert_memory_equal(frame_wire(frame) + cases[i].head, text, cases[i].length);
        assert_ptr_equal(frame_text(frame), frame_wire(frame) + cases[i].head);
        assert_int_equal(frame_text(frame)[cases[i].length], '\0');
        assert_ptr_equal(frame_ref(frame), frame);
        frame_unref(frame);
        frame_unref(frame);
    }
    frame_unref(NULL);
    free(text);
}

static void query_values(void **state)
{
    (void)state;
    static const struct {
        const char *query, *name, *value;
    } cases[] = {{"a=1&b=2", "b", "2"}, {"a=1&b=2", "a", "1"}, {"a=1", "b", NULL}, {NULL, "a", NULL}, {"", "a", NULL},
        {"ab=1", "a", NULL}, {"a", "a", ""}, {"a=", "a", ""}, {"q=dal%20tadka+x", "q", "dal tadka x"},
        {"q=%E2%82%AC", "q", "\xE2\x82\xAC"}, {"q=%e2%82%ac&", "q", "\xE2\x82\xAC"}, {"q=%", "q", NULL},
        {"q=%4", "q", NULL}, {"q=%4&1", "q", NULL}, {"q=%zz", "q", NULL}, {"q=%00", "q", NULL},
        {"q=a%3Db=c", "q", "a=b=c"}, {"a=1&a=2", "a", "1"}, {"q=%41", "q", "A"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *value = http_query_get(cases[i].query, cases[i].name);
        if (cases[i].value) {
            assert_non_null(value);
            assert_string_equal(value, cases[i].value);
        } else {
            assert_null(value);
        }
        free(value);
    }
}

static void responses_render(void **state)
{
    (void)state;
    struct http_res res;
    size_t length = 0;
    http_res_init(&res);
    http_res_json(&res, 201, strdup("{}"), 2);
    http_res_header(&res, "ETag", "\"%d\"", 7);
    http_res_header(&res, "X-Bad", "%s", "a\r\nSet-Cookie: x=1");
    char *wire = http_res_render(&res, true, false, &length);
    assert_non_null(wire);
    assert_int_equal(strlen(wire), length);
    assert_int_equal(strncmp(wire, "HTTP/1.1 201 Created\r\n", 22), 0);
    assert_non_null(strstr(wire, "\r\nETag: \"7\"\r\n"));
    assert_null(strstr(wire, "Set-Cookie"));
    assert_non_null(strstr(wire, "\r\nContent-Type: application/json\r\n"));
    assert_non_null(strstr(wire, "\r\nContent-Length: 2\r\n"));
    assert_non_null(strstr(wire, "\r\nCache-Control: no-store\r\n"));
    assert_non_null(strstr(wire, "\r\nX-Content-Type-Options: nosniff\r\n"));
    assert_non_null(strstr(wire, "frame-ancestors 'none'"));
    assert_string_equal(wire + length - 28, "Connection: keep-alive\r\n\r\n{}");
    free(wire);
    wire = http_res_render(&res, false, true, &length);
    assert_non_null(strstr(wire, "\r\nContent-Length: 2\r\n"));
    assert_string_equal(wire + length - 21, "Connection: close\r\n\r\n");
    free(wire);
    http_res_finish(&res);
    res.status = 304;
    http_res_header(&res, "Cache-Control", "no-cache");
    wire = http_res_render(&res, true, false, &length);
    assert_null(strstr(wire, "Content-Length"));
    assert_null(strstr(wire, "no-store"));
    free(wire);
    http_res_json(&res, 200, NULL, 0);
    assert_int_equal(res.status, 503);
    http_res_finish(&res);
}

static void log_lines(void **state)
{
    (void)state;
    struct hub hub = {0};
    struct restaurant restaurant = {.hub = &hub, .slug = "main"};
    char text[2048];
    int ends[2], saved = dup(STDERR_FILENO);
    assert_int_equal(pipe(ends), 0);
    dup2(ends[1], STDERR_FILENO);
    log_init(&hub.log, LOG_LEVEL_NOTICE);
    log_line(&hub.log, LOG_LEVEL_ERROR, "disk %d", 1);
    log_line(&hub.log, LOG_LEVEL_INFO, "not shown");
    log_restaurant(&restaurant, LOG_LEVEL_WARNING, "a\nb");
    memset(text, 'z', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    log_line(&hub.log, LOG_LEVEL_NOTICE, "%s", text);
    dup2(saved, STDERR_FILENO);
    close(saved);
    close(ends[1]);
    ssize_t got = read(ends[0], text, sizeof text - 1);
    close(ends[0]);
    assert_true(got > 0);
    text[got] = '\0';
    assert_int_equal(strncmp(text, "<3>disk 1\n<4>main: a?b\n<5>zzz", 29), 0);
    assert_int_equal(text[got - 1], '\n');
    assert_true(got < 1200);
    assert_int_equal(atomic_load(&hub.log.errors), 1);
    assert_int_equal(atomic_load(&hub.log.warnings), 1);
    assert_int_equal(log_level_from_name("debug"), LOG_LEVEL_DEBUG);
    assert_int_equal(log_level_from_name("loud"), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(frame_headers), cmocka_unit_test(query_values),
        cmocka_unit_test(responses_render), cmocka_unit_test(log_lines)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
