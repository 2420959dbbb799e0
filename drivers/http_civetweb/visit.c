/* SPDX-License-Identifier: MIT */
#include "drivers/http_civetweb/door.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* The kernel hands over what has spoken; what has not so soon after was silent for a minute and only holds a worker. */
enum { SILENT_MS = 200, SWEEP_MS = 250, TICK_MS = 2000, CROWD_MAX = 256 };

/* Caller holds visits_lock. */
static int count_from(const struct front_door *door, const char *remote)
{
    int count = 0;
    for (const struct visit *visit = door->visits; visit; visit = visit->next)
        count += visit->begun && !strcmp(visit->remote, remote);
    return count;
}

struct visit *visit_open(struct entrance *entrance)
{
    struct front_door *door = entrance->door;
    struct visit *visit = calloc(1, sizeof *visit);
    if (!visit) return NULL;
    visit->entrance = entrance;
    visit->fd = -1;
    visit->opened_ms = monotonic_ms();
    atomic_fetch_add(&entrance->visits, 1);
    pthread_mutex_lock(&door->visits_lock);
    visit->next = door->visits;
    if (door->visits) door->visits->previous = visit;
    door->visits = visit;
    pthread_mutex_unlock(&door->visits_lock);
    sockets_arm(door->sockets, SWEEP_MS);
    return visit;
}

bool visit_begin(struct visit *visit, const struct mg_request_info *info)
{
    if (visit->begun) return true;
    struct front_door *door = visit->entrance->door;
    int fd = connection_find(info->remote_addr, info->remote_port, info->server_port);
    pthread_mutex_lock(&door->visits_lock);
    visit->fd = fd;
    visit->begun = true;
    snprintf(visit->remote, sizeof visit->remote, "%s", info->remote_addr);
    bool crowd = !address_is_loopback(visit->remote) && count_from(door, visit->remote) > door->config.max_per_address;
    pthread_mutex_unlock(&door->visits_lock);
    if (crowd) atomic_fetch_add(&door->cut, 1);
    return !crowd;
}

void visit_close(struct visit *visit)
{
    struct front_door *door = visit->entrance->door;
    pthread_mutex_lock(&door->visits_lock);
    if (visit->previous)
        visit->previous->next = visit->next;
    else
        door->visits = visit->next;
    if (visit->next) visit->next->previous = visit->previous;
    pthread_mutex_unlock(&door->visits_lock);
    atomic_fetch_sub(&visit->entrance->visits, 1);
    free(visit);
}

void visit_limit(struct visit *visit, int ms, bool answering)
{
    struct front_door *door = visit->entrance->door;
    int64_t deadline = ms ? monotonic_ms() + ms : 0;
    pthread_mutex_lock(&door->visits_lock);
    visit->deadline_ms = deadline;
    visit->answering = answering;
    pthread_mutex_unlock(&door->visits_lock);
    if (ms) sockets_arm(door->sockets, ms < TICK_MS ? ms : TICK_MS);
}

void visit_hang_up(struct visit *visit, bool reset)
{
    struct linger now = {.l_onoff = 1};
    if (visit->fd < 0) return;
    if (reset) (void)setsockopt(visit->fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    shutdown(visit->fd, SHUT_RDWR);
}

/* Caller holds visits_lock. */
static bool is_begun(const struct front_door *door, int fd)
{
    for (const struct visit *visit = door->visits; visit; visit = visit->next)
        if (visit->begun && visit->fd == fd) return true;
    return false;
}

struct sweep {
    struct front_door *door;
    bool all; /* the door is closing */
    size_t count;
    char remotes[CROWD_MAX][ADDRESS_MAX]; /* of those without a request yet */
};

/* Caller holds visits_lock. */
static int count_seen(const struct sweep *sweep, const char *remote)
{
    int count = count_from(sweep->door, remote);
    for (size_t i = 0; i < sweep->count; i++)
        count += !strcmp(sweep->remotes[i], remote);
    return count;
}

static void sweep_one(struct accepted *one, void *data)
{
    struct sweep *sweep = data;
    if (is_begun(sweep->door, one->fd)) return;
    if (sweep->count < CROWD_MAX) memcpy(sweep->remotes[sweep->count++], one->remote, ADDRESS_MAX);
    bool crowd =
        !address_is_loopback(one->remote) && count_seen(sweep, one->remote) > sweep->door->config.max_per_address;
    if (!one->silent && !crowd && !sweep->all) return;
    atomic_fetch_add(&sweep->door->cut, 1);
    shutdown(one->fd, SHUT_RDWR);
}

/* Caller holds visits_lock, so that no descriptor that got its request meanwhile is taken for one without. */
static void sweep(struct front_door *door, bool all)
{
    struct sweep *work = calloc(1, sizeof *work);
    if (!work) return; /* the next one, then */
    work->door = door;
    work->all = all;
    connections_scan(door, SILENT_MS, sweep_one, work);
    free(work);
}

/* A body that drips ends here, and the worker can still say so; an answer nobody takes just ends. */
static void cut(struct visit *visit)
{
    visit->deadline_ms = 0;
    atomic_store(&visit->cut, true);
    atomic_fetch_add(&visit->entrance->door->cut, 1);
    if (visit->fd >= 0) shutdown(visit->fd, visit->answering ? SHUT_RDWR : SHUT_RD);
}

int visits_tick(void *data, int64_t now_ms)
{
    struct front_door *door = data;
    int64_t next = INT64_MAX;
    bool waits = false, late = false;
    pthread_mutex_lock(&door->visits_lock);
    for (struct visit *visit = door->visits; visit; visit = visit->next) {
        waits = waits || !visit->begun;
        late = late || (!visit->begun && now_ms - visit->opened_ms >= SILENT_MS);
        if (!visit->deadline_ms) continue;
        if (visit->deadline_ms <= now_ms)
            cut(visit);
        else if (visit->deadline_ms < next)
            next = visit->deadline_ms;
    }
    if (late) sweep(door, false);
    pthread_mutex_unlock(&door->visits_lock);
    if (waits) return SWEEP_MS;
    if (next == INT64_MAX) return -1;
    return next - now_ms < TICK_MS ? (int)(next - now_ms) : TICK_MS;
}

void visits_stop(struct front_door *door)
{
    pthread_mutex_lock(&door->visits_lock);
    for (struct visit *visit = door->visits; visit; visit = visit->next)
        if (visit->fd >= 0) shutdown(visit->fd, SHUT_RD);
    sweep(door, true);
    pthread_mutex_unlock(&door->visits_lock);
}

int visit_take_over(struct visit *visit)
{
    if (visit->fd < 0) {
        errno = ENOTCONN;
        return -1;
    }
    int mine = fcntl(visit->fd, F_DUPFD_CLOEXEC, TAKEN_OVER_FROM);
    if (mine < 0) mine = fcntl(visit->fd, F_DUPFD_CLOEXEC, 0); /* few descriptors are allowed */
    int dummy = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    /* Under the lock: the reaper must not shut down what has just become a screen's. */
    struct front_door *door = visit->entrance->door;
    pthread_mutex_lock(&door->visits_lock);
    bool done = mine >= 0 && dummy >= 0 && dup3(dummy, visit->fd, O_CLOEXEC) >= 0;
    int saved = errno;
    if (done) visit->deadline_ms = 0;
    pthread_mutex_unlock(&door->visits_lock);
    if (dummy >= 0) close(dummy);
    if (!done && mine >= 0) close(mine);
    errno = saved;
    return done ? mine : -1;
}
