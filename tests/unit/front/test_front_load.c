/* SPDX-License-Identifier: MIT */
/* Many at once: silent, stuck, waiting, and coming and going while frames go out. */
#include <dirent.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "fake_hub.h"
#include "wire_client.h"

enum { SILENT = 300, POLLS = 40, READERS = 20, FRAMES = 1500, CHURNERS = 12, CHURN_ROUNDS = 120 };

static struct fake_hub fake;

static int open_door(void **state)
{
    (void)state;
    struct rlimit limit;
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max < 4096 ? limit.rlim_max : 4096;
    setrlimit(RLIMIT_NOFILE, &limit);
    struct front_door_config config = {.guest_listen = "127.0.0.1:0"};
    fake_hub_init(&fake);
    fake_hub_open(&fake, &config);
    return 0;
}

static int close_door(void **state)
{
    (void)state;
    fake_hub_close(&fake);
    return 0;
}

static int64_t now_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static void api_answers(const char *when)
{
    int64_t start = now_us();
    assert_int_equal(client_get(front_door_port(fake.door), "/api/v1/health"), 200);
    int64_t staff = now_us() - start;
    assert_int_equal(client_get(front_door_guest_port(fake.door), "/api/v1/health"), 200);
    print_message("    %s: staff answered in %lld us, guests in %lld us\n", when, (long long)staff,
        (long long)(now_us() - start - staff));
}

static void silent_crowd(void **state)
{
    (void)state;
    int fds[2 * SILENT];
    for (int i = 0; i < 2 * SILENT; i++)
        fds[i] = client_connect(i % 2 ? front_door_port(fake.door) : front_door_guest_port(fake.door));
    api_answers("600 silent connections");
    for (int i = 0; i < 2 * SILENT; i++)
        close(fds[i]);
}

/* Where the kernel does not hold silent ones back (SYN cookies), the door itself must cut them. */
static void set_deferral(int seconds)
{
    for (int fd = 3; fd < 256; fd++) {
        int listening = 0;
        socklen_t size = sizeof listening;
        if (!getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listening, &size) && listening)
            assert_int_equal(setsockopt(fd, IPPROTO_TCP, TCP_DEFER_ACCEPT, &seconds, sizeof seconds), 0);
    }
}

static void silent_crowd_let_in(void **state)
{
    (void)state;
    int fds[2 * SILENT];
    struct front_door_stats before, after;
    front_door_stats(fake.door, &before);
    set_deferral(0);
    for (int i = 0; i < 2 * SILENT; i++)
        fds[i] = client_connect(i % 2 ? front_door_port(fake.door) : front_door_guest_port(fake.door));
    api_answers("600 silent connections let in");
    front_door_stats(fake.door, &after);
    assert_true(after.connections_cut > before.connections_cut);
    for (int i = 0; i < 2 * SILENT; i++)
        close(fds[i]);
    set_deferral(60);
}

static void waiting_polls(void **state)
{
    (void)state;
    int fds[POLLS];
    struct response res;
    for (int i = 0; i < POLLS; i++) {
        fds[i] = client_connect(front_door_port(fake.door));
        client_print(fds[i], "GET /api/v1/events?wait_s=25 HTTP/1.1\r\nHost: localhost\r\n\r\n");
    }
    fake_hub_wait_for(&fake.open_conns, POLLS);
    api_answers("40 waiting polls");
    usleep(50000);
    fake_hub_wake_polls(&fake);
    for (int i = 0; i < POLLS; i++) {
        client_response(fds[i], false, &res);
        assert_int_equal(res.status, 200);
        response_finish(&res);
        close(fds[i]);
    }
    fake_hub_wait_for(&fake.open_conns, 0);
}

struct reader {
    pthread_t thread;
    int fd, wrong;
    atomic_int *seen;
    int64_t latency_us[FRAMES];
};

static void *read_all(void *data)
{
    struct reader *reader = data;
    struct message message;
    client_read(reader->fd, &message);
    message_finish(&message);
    for (int i = 0; i < FRAMES; i++) {
        client_read(reader->fd, &message);
        int number = 0;
        long long sent = 0;
        reader->wrong += message.opcode != 1 || sscanf(message.payload, "%d %lld", &number, &sent) != 2 || number != i;
        reader->latency_us[i] = now_us() - sent;
        message_finish(&message);
        atomic_fetch_add(reader->seen, 1);
    }
    return NULL;
}

static int compare(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* Publishes all frames, never more than a few ahead of the readers, so that only the stuck one can be slow. */
static void publish_all(atomic_int *seen, int64_t *cost_us)
{
    char text[1024];
    for (int i = 0; i < FRAMES; i++) {
        while (atomic_load(seen) < (i - 50) * READERS)
            usleep(200);
        memset(text, '.', sizeof text);
        int64_t start = now_us();
        int length = snprintf(text, sizeof text, "%d %lld", i, (long long)start);
        text[length] = ' ';
        fake_hub_broadcast(&fake, text, sizeof text);
        cost_us[i] = now_us() - start;
        usleep(500);
    }
}

static void one_stuck_reader(void **state)
{
    (void)state;
    static struct reader readers[READERS];
    static int64_t cost_us[FRAMES], latency_us[FRAMES * READERS];
    atomic_int seen = 0;
    struct front_door_stats before, after;
    front_door_stats(fake.door, &before);
    int stuck = client_connect_small(front_door_port(fake.door));
    client_upgrade(stuck);
    for (int i = 0; i < READERS; i++) {
        readers[i] = (struct reader){.fd = client_websocket(front_door_port(fake.door)), .seen = &seen};
        assert_int_equal(pthread_create(&readers[i].thread, NULL, read_all, &readers[i]), 0);
    }
    fake_hub_wait_for(&fake.open_conns, READERS + 1);
    publish_all(&seen, cost_us);
    for (int i = 0; i < READERS; i++) {
        pthread_join(readers[i].thread, NULL);
        assert_int_equal(readers[i].wrong, 0);
        memcpy(latency_us + i * FRAMES, readers[i].latency_us, sizeof readers[i].latency_us);
    }
    qsort(cost_us, FRAMES, sizeof *cost_us, compare);
    qsort(latency_us, (size_t)FRAMES * READERS, sizeof *latency_us, compare);
    fake_hub_wait_for(&fake.open_conns, READERS);
    front_door_stats(fake.door, &after);
    assert_int_equal(after.sockets_slow, before.sockets_slow + 1);
    print_message("    publish to 21: p50 %lld us, p99 %lld us; push: p50 %lld us, p99 %lld us\n",
        (long long)cost_us[FRAMES / 2], (long long)cost_us[FRAMES * 99 / 100],
        (long long)latency_us[FRAMES * READERS / 2], (long long)latency_us[FRAMES * READERS * 99 / 100]);
    for (int i = 0; i < READERS; i++)
        close(readers[i].fd);
    close(stuck);
    fake_hub_wait_for(&fake.open_conns, 0);
}

/* A slow one that wakes up in time is told why it was dropped. */
static void slow_one_is_told(void **state)
{
    (void)state;
    char text[8192];
    memset(text, 's', sizeof text);
    int fd = client_websocket(front_door_port(fake.door));
    fake_hub_wait_for(&fake.open_conns, 1);
    for (int i = 0; i < 5000 && atomic_load(&fake.open_conns); i++)
        fake_hub_broadcast(&fake, text, sizeof text);
    fake_hub_wait_for(&fake.open_conns, 0);
    assert_int_equal(client_close_code(fd), 4408);
    close(fd);
}

static atomic_bool churning;

static void *churn(void *data)
{
    unsigned seed = (unsigned)(uintptr_t)data;
    for (int i = 0; i < CHURN_ROUNDS; i++) {
        int port = i % 3 ? front_door_port(fake.door) : front_door_guest_port(fake.door);
        int fd = client_connect(port);
        struct linger reset = {.l_onoff = 1};
        switch (rand_r(&seed) % 6) {
        case 0: /* leaves before the answer */
            client_print(fd,
                "GET /api/v1/ws/orders/live HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: "
                "Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
            setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
            break;
        case 1:
            client_upgrade(fd);
            setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
            break;
        case 2:
            client_upgrade(fd);
            client_frame(fd, 0x88, "\x03\xe8", 2);
            client_close_code(fd);
            break;
        case 3:
            client_upgrade(fd);
            client_frame(fd, 0x81, "kick", 4);
            break;
        case 4:
            client_print(fd, "GET /api/v1/events HTTP/1.1\r\nHost: x\r\n\r\n");
            if (i % 2) usleep(1000);
            break;
        default:
            client_upgrade(fd);
            client_frame(fd, 0x81, "\xff", 1);
            client_expect_end(fd);
            break;
        }
        close(fd);
    }
    return NULL;
}

static void *broadcast_on(void *data)
{
    char text[600];
    (void)data;
    memset(text, 'b', sizeof text);
    while (atomic_load(&churning)) {
        fake_hub_broadcast(&fake, text, sizeof text);
        fake_hub_wake_polls(&fake);
        usleep(2000);
    }
    return NULL;
}

static int open_descriptors(void)
{
    int count = 0;
    DIR *dir = opendir("/proc/self/fd");
    assert_non_null(dir);
    while (readdir(dir))
        count++;
    closedir(dir);
    return count;
}

static void churn_during_broadcast(void **state)
{
    (void)state;
    pthread_t threads[CHURNERS], broadcaster;
    int before = open_descriptors(), opened = atomic_load(&fake.opened);
    atomic_store(&churning, true);
    assert_int_equal(pthread_create(&broadcaster, NULL, broadcast_on, NULL), 0);
    for (int i = 0; i < CHURNERS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, churn, (void *)(uintptr_t)(i + 1)), 0);
    for (int i = 0; i < CHURNERS; i++)
        pthread_join(threads[i], NULL);
    atomic_store(&churning, false);
    pthread_join(broadcaster, NULL);
    fake_hub_wait_for(&fake.open_conns, 0);
    int left = open_descriptors();
    for (int i = 0; i < 1200 && left > before; i++) { /* lingering ones have a second or two */
        usleep(5000);
        left = open_descriptors();
    }
    struct front_door_stats stats;
    front_door_stats(fake.door, &stats);
    assert_int_equal(stats.sockets + stats.polls, 0);
    assert_int_equal(stats.queued_frames, 0);
    assert_true(left <= before);
    print_message("    %d connections taken over\n", atomic_load(&fake.opened) - opened);
    api_answers("after the churn");
}

static long wakeups(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_nvcsw;
}

/* Not asserted: shown, for those who watch what an idle box does. */
static void idle_with_twenty(void **state)
{
    (void)state;
    int fds[READERS];
    for (int i = 0; i < READERS; i++)
        fds[i] = client_websocket(front_door_port(fake.door));
    fake_hub_wait_for(&fake.open_conns, READERS);
    sleep(1);
    long before = wakeups();
    sleep(4);
    print_message("    idle with 20 sockets: %.2f switches a second in the whole process\n",
        (double)(wakeups() - before - 1) / 4);
    for (int i = 0; i < READERS; i++)
        close(fds[i]);
    fake_hub_wait_for(&fake.open_conns, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(silent_crowd), cmocka_unit_test(silent_crowd_let_in),
        cmocka_unit_test(waiting_polls), cmocka_unit_test(one_stuck_reader), cmocka_unit_test(slow_one_is_told),
        cmocka_unit_test(churn_during_broadcast), cmocka_unit_test(idle_with_twenty)};
    return cmocka_run_group_tests(tests, open_door, close_door);
}
