/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "fake_hub.h"
#include "wire_client.h"

enum { TEXT = 0x81, BINARY = 0x82, CLOSE = 0x88, PING = 0x89, PONG = 0x8A };

static struct fake_hub fake;

static int open_door(void **state)
{
    (void)state;
    fake_hub_init(&fake);
    fake_hub_open(&fake, NULL);
    return 0;
}

static int close_door(void **state)
{
    (void)state;
    fake_hub_close(&fake);
    return 0;
}

static void set_greeting(int backlog, size_t first_size, int poll_wait_ms)
{
    pthread_mutex_lock(&fake.lock);
    fake.backlog = backlog;
    fake.first_size = first_size;
    fake.poll_wait_ms = poll_wait_ms;
    pthread_mutex_unlock(&fake.lock);
}

/* A WebSocket that has read its greeting. */
static int greeted(void)
{
    int fd = client_websocket(front_door_port(fake.door));
    client_expect(fd, "hello");
    return fd;
}

static void both_ways(void **state)
{
    (void)state;
    int fd = greeted();
    client_frame(fd, TEXT, "one", 3);
    client_expect(fd, "one");
    client_frame(fd, TEXT, "", 0);
    client_expect(fd, "");
    fake_hub_broadcast(&fake, "to all", 6);
    client_expect(fd, "to all");
    size_t queued;
    int64_t silent_ms;
    fake_hub_lag(&fake, &queued, &silent_ms);
    /* It is with us before the sender has taken it off its queue. */
    for (int i = 0; i < 5000 && queued; i++) {
        usleep(1000);
        fake_hub_lag(&fake, &queued, &silent_ms);
    }
    assert_int_equal(queued, 0);
    assert_true(silent_ms >= 0);
    close(fd);
    fake_hub_wait_for(&fake.open_conns, 0);
}

static void fragments(void **state)
{
    (void)state;
    struct message message;
    int fd = greeted(), seen = 0;
    client_frame(fd, 0x01, "He", 2);
    client_frame(fd, PING, "p", 1);
    client_frame(fd, 0x00, "\xC3", 1); /* a character over two fragments */
    client_frame(fd, 0x80, "\xA9!", 2);
    for (int i = 0; i < 2; i++) { /* in any order */
        client_read(fd, &message);
        assert_string_equal(message.payload, message.opcode == 10 ? "p" : "He\xC3\xA9!");
        seen |= message.opcode == 10 ? 1 : 2;
        message_finish(&message);
    }
    assert_int_equal(seen, 3);
    /* byte by byte */
    static const unsigned char slow[] = {0x81, 0x82, 1, 2, 3, 4, 'o' ^ 1, 'k' ^ 2};
    for (size_t i = 0; i < sizeof slow; i++) {
        client_send(fd, &slow[i], 1);
        usleep(2000);
    }
    client_expect(fd, "ok");
    close(fd);
}

static void ping_and_pong(void **state)
{
    (void)state;
    char payload[125];
    struct message message;
    int fd = greeted();
    memset(payload, 'p', sizeof payload);
    for (int i = 0; i < 50; i++)
        client_frame(fd, PING, payload, sizeof payload);
    for (int i = 0; i < 50; i++) {
        client_read(fd, &message);
        assert_int_equal(message.opcode, 10);
        assert_int_equal(message.length, sizeof payload);
        assert_memory_equal(message.payload, payload, sizeof payload);
        message_finish(&message);
    }
    client_frame(fd, PONG, "unasked", 7);
    client_frame(fd, TEXT, "still here", 10);
    client_expect(fd, "still here");
    close(fd);
}

/* Sends raw bytes on a fresh socket and returns the close code. */
static int code_after(const void *bytes, size_t length)
{
    int fd = greeted();
    client_send(fd, bytes, length);
    int code = client_close_code(fd);
    client_expect_end(fd);
    close(fd);
    return code;
}

static int code_after_frame(int first, const void *payload, size_t length)
{
    int fd = greeted();
    client_frame(fd, first, payload, length);
    int code = client_close_code(fd);
    client_expect_end(fd);
    close(fd);
    return code;
}

static void breaks_rules(void **state)
{
    (void)state;
    assert_int_equal(code_after("\x81\x02ok", 4), 1002);                       /* not masked */
    assert_int_equal(code_after_frame(0xC1, "ok", 2), 1002);                   /* a reserved bit */
    assert_int_equal(code_after_frame(0x83, "ok", 2), 1002);                   /* no such opcode */
    assert_int_equal(code_after_frame(0x80, "ok", 2), 1002);                   /* continues nothing */
    assert_int_equal(code_after_frame(0x09, "ok", 2), 1002);                   /* a fragmented ping */
    assert_int_equal(code_after("\x89\xfe\x01\x00\x01\x02\x03\x04", 8), 1002); /* a ping of 256 bytes */
    assert_int_equal(code_after_frame(TEXT, "\xff\xfe", 2), 1007);             /* not UTF-8 */
    assert_int_equal(code_after_frame(TEXT, "\xed\xa0\x80", 3), 1007);         /* a surrogate */
    assert_int_equal(code_after_frame(BINARY, "ok", 2), 1003);
    assert_int_equal(code_after_frame(CLOSE, "\x03\xe8", 2), 1000);
    assert_int_equal(code_after_frame(CLOSE, "\x03", 1), 1002);
    assert_int_equal(code_after_frame(CLOSE, "\x03\xed", 2), 1002); /* 1005 is never sent */
    fake_hub_wait_for(&fake.open_conns, 0);
}

static void limits_messages(void **state)
{
    (void)state;
    size_t limit = 256 << 10;
    char *text = malloc(limit + 1);
    assert_non_null(text);
    memset(text, 'm', limit + 1);
    int fd = greeted(), before = atomic_load(&fake.messages);
    client_frame(fd, TEXT, text, limit);
    fake_hub_wait_for(&fake.messages, before + 1);
    assert_int_equal(atomic_load(&fake.last_message_length), limit);
    client_frame(fd, 0x01, text, limit); /* the same in two fragments, one byte over */
    client_frame(fd, 0x80, text, 1);
    assert_int_equal(client_close_code(fd), 1009);
    close(fd);
    assert_int_equal(code_after_frame(TEXT, text, limit + 1), 1009);
    assert_int_equal(code_after("\x81\xff\x00\x00\x00\x00\x80\x00\x00\x00\x01\x02\x03\x04x", 15), 1009); /* 2 GiB */
    free(text);
}

static void hub_closes(void **state)
{
    (void)state;
    int fd = greeted();
    client_frame(fd, TEXT, "kick", 4);
    assert_int_equal(client_close_code(fd), 4401);
    client_expect_end(fd);
    close(fd);
    fake_hub_wait_for(&fake.open_conns, 0);
}

static void refuses_upgrades(void **state)
{
    (void)state;
    static const struct {
        const char *path, *headers;
        int status;
    } cases[] = {{"", "", 422}, {"", "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 8\r\n", 422},
        {"", "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n", 422},
        {"", "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n", 400},
        {"",
            "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            "Sec-WebSocket-Key: dGhlIHNhbXBsZQ==\r\n",
            400},
        {"?token=bad",
            "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n",
            401}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct response res;
        int fd = client_connect(front_door_port(fake.door));
        client_print(
            fd, "GET /api/v1/ws/orders/live%s HTTP/1.1\r\nHost: localhost\r\n%s\r\n", cases[i].path, cases[i].headers);
        client_response(fd, false, &res);
        assert_int_equal(res.status, cases[i].status);
        assert_non_null(strstr(res.head, "\r\nContent-Type: application/problem+json\r\n"));
        if (res.status == 422) assert_non_null(strstr(res.head, "\r\nSec-WebSocket-Version: 13\r\n"));
        response_finish(&res);
        close(fd);
    }
    /* An upgrade elsewhere is just a request. */
    struct response res;
    assert_int_equal(client_request(front_door_port(fake.door),
                         "GET /api/v1/health HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                         "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
                         &res),
        200);
    response_finish(&res);
}

static void long_backlog_and_snapshot(void **state)
{
    (void)state;
    char text[16];
    struct message message;
    set_greeting(1000, 0, 25000);
    int fd = greeted();
    for (int i = 0; i < 1000; i++) {
        snprintf(text, sizeof text, "b%d", i);
        client_expect(fd, text);
    }
    close(fd);
    set_greeting(0, 6 << 20, 25000); /* three times the queue's bound */
    fd = client_connect_small(front_door_port(fake.door));
    client_upgrade(fd);
    for (int i = 0; i < 20; i++)
        fake_hub_broadcast(&fake, "after", 5);
    client_read(fd, &message);
    assert_int_equal(message.length, 6 << 20);
    message_finish(&message);
    for (int i = 0; i < 20; i++)
        client_expect(fd, "after");
    set_greeting(0, 0, 25000);
    close(fd);
    fake_hub_wait_for(&fake.open_conns, 0);
}

static void flood_is_closed(void **state)
{
    (void)state;
    struct front_door_stats stats;
    int fd = greeted(), code = 0;
    for (int i = 0; i < 100 && !code; i++) { /* 200 frames a second */
        for (int k = 0; k < 20; k++)
            client_frame(fd, PONG, "", 0);
        char byte;
        if (recv(fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) > 0) code = client_close_code(fd);
        usleep(100000);
    }
    assert_int_equal(code, 1008);
    close(fd);
    front_door_stats(fake.door, &stats);
    assert_true(stats.frames_sent > 0 && stats.bytes_sent > 0);
}

static void poll_is_parked(void **state)
{
    (void)state;
    struct response res;
    static const char text[] = "GET /api/v1/events?wait_s=25 HTTP/1.1\r\nHost: localhost\r\n\r\n";
    int fd = client_connect(front_door_port(fake.door));
    client_send(fd, text, strlen(text));
    fake_hub_wait_for(&fake.open_conns, 1);
    usleep(20000); /* it may be parked a moment later; an answer before that must not be lost either */
    fake_hub_wake_polls(&fake);
    client_response(fd, false, &res);
    assert_int_equal(res.status, 200);
    assert_string_equal(res.body, "{\"events\":[1]}");
    response_finish(&res);
    client_expect_end(fd);
    close(fd);
    set_greeting(0, 0, 50);
    int expired = atomic_load(&fake.expired);
    assert_int_equal(client_request(front_door_port(fake.door), text, &res), 200);
    assert_string_equal(res.body, "{\"events\":[]}");
    assert_int_equal(atomic_load(&fake.expired), expired + 1);
    response_finish(&res);
    set_greeting(0, 0, 25000);
    fd = client_connect(front_door_port(fake.door)); /* the client loses patience */
    client_send(fd, text, strlen(text));
    fake_hub_wait_for(&fake.open_conns, 1);
    close(fd);
    fake_hub_wait_for(&fake.open_conns, 0);
}

static void silence_ends(void **state)
{
    (void)state;
    struct fake_hub own;
    struct front_door_config config = {.ping_ms = 100, .silence_ms = 300};
    struct front_door_stats stats;
    fake_hub_init(&own);
    fake_hub_open(&own, &config);
    int alive = client_websocket(front_door_port(own.door)), silent = client_websocket(front_door_port(own.door));
    client_expect(alive, "hello");
    for (int i = 0; i < 10; i++) {
        struct message message;
        client_read(alive, &message);
        assert_int_equal(message.opcode, 9);
        client_frame(alive, PONG, message.payload, message.length);
        message_finish(&message);
    }
    client_expect_end(silent);
    fake_hub_wait_for(&own.open_conns, 1);
    front_door_stats(own.door, &stats);
    assert_int_equal(stats.sockets_silent, 1);
    assert_int_equal(stats.sockets, 1);
    close(alive);
    close(silent);
    fake_hub_close(&own);
}

static void stop_says_goodbye(void **state)
{
    (void)state;
    struct fake_hub own;
    struct response res;
    int sockets[5], polls[3];
    fake_hub_init(&own);
    fake_hub_open(&own, NULL);
    for (int i = 0; i < 3; i++) {
        polls[i] = client_connect(front_door_port(own.door));
        client_print(polls[i], "GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n");
    }
    for (int i = 0; i < 5; i++)
        sockets[i] = client_websocket(front_door_port(own.door));
    int idle = client_connect(front_door_port(own.door));
    client_print(idle, "GET /api/v1/health HTTP/1.1\r\nHost: localhost\r\n\r\n");
    client_response(idle, false, &res);
    response_finish(&res);
    fake_hub_wait_for(&own.open_conns, 8);
    fake_hub_broadcast(&own, "last words", 10);
    front_door_stop(own.door);
    for (int i = 0; i < 5; i++) {
        client_expect(sockets[i], "hello");
        client_expect(sockets[i], "last words");
        assert_int_equal(client_close_code(sockets[i]), 1001);
        client_expect_end(sockets[i]);
        close(sockets[i]);
    }
    for (int i = 0; i < 3; i++) {
        client_response(polls[i], false, &res);
        assert_int_equal(res.status, 200);
        assert_string_equal(res.body, "{\"events\":[]}");
        response_finish(&res);
        close(polls[i]);
    }
    client_expect_end(idle);
    close(idle);
    fake_hub_close(&own);
}

static void full_house(void **state)
{
    (void)state;
    struct fake_hub own;
    struct response res;
    int fds[3];
    struct front_door_config config = {.max_sockets = 3};
    fake_hub_init(&own);
    fake_hub_open(&own, &config);
    for (int i = 0; i < 3; i++)
        fds[i] = client_websocket(front_door_port(own.door));
    assert_int_equal(
        client_request(front_door_port(own.door), "GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n", &res), 503);
    assert_non_null(strstr(res.head, "\r\nRetry-After: "));
    response_finish(&res);
    fake_hub_wait_for(&own.open_conns, 3);
    for (int i = 0; i < 3; i++)
        close(fds[i]);
    fake_hub_wait_for(&own.open_conns, 0);
    fake_hub_close(&own);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(both_ways), cmocka_unit_test(fragments),
        cmocka_unit_test(ping_and_pong), cmocka_unit_test(breaks_rules), cmocka_unit_test(limits_messages),
        cmocka_unit_test(hub_closes), cmocka_unit_test(refuses_upgrades), cmocka_unit_test(long_backlog_and_snapshot),
        cmocka_unit_test(flood_is_closed), cmocka_unit_test(poll_is_parked), cmocka_unit_test(silence_ends),
        cmocka_unit_test(stop_says_goodbye), cmocka_unit_test(full_house)};
    return cmocka_run_group_tests(tests, open_door, close_door);
}
