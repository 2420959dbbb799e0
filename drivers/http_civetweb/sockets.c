/* SPDX-License-Identifier: MIT */
#include "drivers/http_civetweb/sockets_internal.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include "hub/hub.h"

enum { EVENTS_AT_ONCE = 64, FLUSH_MS = 2000, LINGER_MS = 1000, QUIT_MS = 3000, STOP_POLL_MS = 500 };

int64_t monotonic_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

int64_t monotonic_ms(void)
{
    return monotonic_us() / 1000;
}

static atomic_int *counter(struct sockets *sockets, enum socket_kind kind)
{
    return kind == SOCKET_WEB ? &sockets->web_count : &sockets->poll_count;
}

static void due_at(struct sockets *sockets, int64_t at_ms)
{
    if (at_ms && at_ms < sockets->next_due_ms) sockets->next_due_ms = at_ms;
}

static void set_deadline(struct socket *socket, int64_t at_ms)
{
    socket->deadline_ms = at_ms;
    due_at(socket->sockets, at_ms);
}

/* A WebSocket listens for frames; of a poll only its end is of interest, since a request may be waiting behind it. */
static void watch(struct socket *socket, int operation)
{
    bool reads = socket->kind == SOCKET_WEB || socket->state == SOCKET_LINGER;
    struct epoll_event event = {
        .data.ptr = socket, .events = (reads ? EPOLLIN : EPOLLRDHUP) | (socket->wants_out ? (uint32_t)EPOLLOUT : 0)};
    if (epoll_ctl(socket->sockets->epoll, operation, socket->fd, &event)) socket->failed = true;
}

/* From here on the hub does not know this socket any more. */
static void let_go(struct socket *socket)
{
    struct live_conn *conn = socket->conn;
    socket->conn = NULL;
    if (conn) live_closed(conn);
}

static void bury(struct socket *socket, const char *why)
{
    struct sockets *sockets = socket->sockets;
    if (socket->state == SOCKET_DEAD) return;
    if (socket->conn && why)
        log_line(&sockets->config.hub->log, LOG_LEVEL_INFO, "connection from %s ended: %s", socket->remote, why);
    let_go(socket);
    socket->state = SOCKET_DEAD;
    /* Closing alone may leave it in the set for a moment: another thread may be asking getpeername() of this number. */
    epoll_ctl(sockets->epoll, EPOLL_CTL_DEL, socket->fd, NULL);
    close(socket->fd);
    socket_drop_all(socket);
    if (socket->previous)
        socket->previous->next = socket->next;
    else
        sockets->all = socket->next;
    if (socket->next) socket->next->previous = socket->previous;
    socket->next_doomed = sockets->doomed;
    sockets->doomed = socket;
    atomic_fetch_sub(counter(sockets, socket->kind), 1);
}

static void write_out(struct socket *socket)
{
    enum write_result result = socket_write_queued(socket);
    if (result == WRITE_FAILED || socket->failed) {
        bury(socket, "the network let it go");
        return;
    }
    bool wants_out = result == WRITE_BLOCKED;
    bool shut = !wants_out && socket->state == SOCKET_CLOSING;
    if (shut) {
        shutdown(socket->fd, SHUT_WR);
        socket->state = SOCKET_LINGER;
        set_deadline(socket, monotonic_ms() + LINGER_MS);
    }
    if (wants_out == socket->wants_out && !shut) return;
    socket->wants_out = wants_out;
    watch(socket, EPOLL_CTL_MOD);
}

/* code 0: the close frame, if any, is queued already. */
static void begin_close(struct socket *socket, int code, const char *reason)
{
    if (socket->state != SOCKET_OPEN) return;
    log_line(&socket->sockets->config.hub->log, LOG_LEVEL_INFO, "connection from %s closed: %d %s", socket->remote,
        code, reason);
    let_go(socket);
    socket->state = SOCKET_CLOSING;
    set_deadline(socket, monotonic_ms() + FLUSH_MS);
    if (code == LIVE_CLOSE_SLOW) socket_drop_unsent(socket);
    if (code && socket->kind == SOCKET_WEB) {
        char payload[2 + REASON_MAX] = {(char)(code >> 8), (char)code};
        size_t length = strnlen(reason, REASON_MAX);
        memcpy(payload + 2, reason, length);
        struct frame *frame = control_frame(WSLAY_CONNECTION_CLOSE, payload, 2 + length);
        if (frame) socket_enqueue_last(socket, frame);
        frame_unref(frame);
    }
    write_out(socket);
}

static void go_away(struct socket *socket)
{
    if (socket->kind == SOCKET_WEB) {
        begin_close(socket, LIVE_CLOSE_GOING_AWAY, "the box is stopping");
    } else if (socket->conn && !socket->expired) {
        socket->expired = true;
        set_deadline(socket, monotonic_ms() + STOP_POLL_MS);
        live_expired(socket->conn);
    }
}

static void adopt(struct socket *socket)
{
    struct sockets *sockets = socket->sockets;
    int64_t now = monotonic_ms();
    socket->registered = true;
    socket->next = sockets->all;
    if (sockets->all) sockets->all->previous = socket;
    sockets->all = socket;
    atomic_fetch_add(&sockets->opened, 1);
    due_at(sockets, socket->deadline_ms);
    if (socket->kind == SOCKET_WEB) {
        if (!sockets->next_ping_ms) sockets->next_ping_ms = now + sockets->config.ping_ms;
        due_at(sockets, sockets->next_ping_ms);
        due_at(sockets, now + sockets->config.silence_ms);
    }
    watch(socket, EPOLL_CTL_ADD);
    if (socket->failed)
        bury(socket, "no room to watch it");
    else if (sockets->stop_seen)
        go_away(socket);
}

/* What senders left for us to do with one socket. */
static void serve_dirty(struct socket *socket)
{
    char reason[REASON_MAX];
    pthread_mutex_lock(&socket->lock);
    socket->dirty = false;
    bool started = socket->started, overflow = socket->overflow;
    int code = socket->close_code;
    memcpy(reason, socket->close_reason, sizeof reason);
    pthread_mutex_unlock(&socket->lock);
    if (!started || socket->state == SOCKET_DEAD) return;
    if (!socket->registered) adopt(socket);
    if (socket->state == SOCKET_OPEN && overflow) {
        atomic_fetch_add(&socket->sockets->slow, 1);
        begin_close(socket, LIVE_CLOSE_SLOW, "too slow");
    } else if (socket->state == SOCKET_OPEN && code) {
        begin_close(socket, code, reason);
    }
    if (socket->state != SOCKET_DEAD && !socket->wants_out) write_out(socket);
}

static void drain_dirty(struct sockets *sockets)
{
    for (;;) {
        pthread_mutex_lock(&sockets->dirty_lock);
        struct socket *list = sockets->dirty;
        sockets->dirty = NULL;
        pthread_mutex_unlock(&sockets->dirty_lock);
        if (!list) return;
        for (struct socket *next; list; list = next) {
            next = list->next_dirty;
            serve_dirty(list);
        }
    }
}

static void free_socket(struct socket *socket)
{
    socket_drop_all(socket);
    if (socket->parser) wslay_event_context_free(socket->parser);
    free(socket->control);
    pthread_mutex_destroy(&socket->lock);
    free(socket);
}

/* At the end of a batch: no event or list names them any more, except a dirty one, which waits for the next. */
static void free_doomed(struct sockets *sockets)
{
    struct socket *kept = NULL;
    for (struct socket *socket = sockets->doomed, *next; socket; socket = next) {
        next = socket->next_doomed;
        pthread_mutex_lock(&socket->lock);
        bool dirty = socket->dirty;
        pthread_mutex_unlock(&socket->lock);
        if (dirty) {
            socket->next_doomed = kept;
            kept = socket;
        } else {
            free_socket(socket);
        }
    }
    sockets->doomed = kept;
}

static void discard_input(struct socket *socket)
{
    char waste[4096];
    ssize_t got = recv(socket->fd, waste, sizeof waste, MSG_DONTWAIT);
    if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR)) bury(socket, NULL);
}

static const char *violation_text(int code)
{
    return code == CLOSE_POLICY ? "too many frames" : code == CLOSE_UNSUPPORTED ? "text frames only" : "bad framing";
}

static void read_in(struct socket *socket, int64_t now_ms)
{
    if (socket->state != SOCKET_OPEN) {
        discard_input(socket);
        return;
    }
    socket_read_messages(socket, now_ms);
    if (socket->failed || (socket->at_end && !socket->violation))
        bury(socket, "the client went away");
    else if (socket->violation)
        begin_close(socket, socket->violation, violation_text(socket->violation));
    else if (!wslay_event_get_read_enabled(socket->parser))
        begin_close(socket, 0, wslay_event_get_close_received(socket->parser) ? "by the client" : "bad framing");
}

static void serve_event(struct socket *socket, uint32_t events, int64_t now_ms)
{
    if (socket->state == SOCKET_DEAD) return;
    if (events & EPOLLOUT) write_out(socket);
    if (socket->state == SOCKET_DEAD) return;
    if (socket->kind == SOCKET_POLL && socket->state != SOCKET_LINGER) {
        if (events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) bury(socket, "the client went away");
    } else if (events & (EPOLLIN | EPOLLRDHUP | EPOLLHUP | EPOLLERR)) {
        read_in(socket, now_ms);
    }
}

static void check_socket(struct socket *socket, int64_t now_ms, bool ping)
{
    struct sockets *sockets = socket->sockets;
    if (socket->deadline_ms && socket->deadline_ms <= now_ms) {
        if (socket->kind == SOCKET_WEB || socket->state != SOCKET_OPEN || socket->expired) {
            bury(socket, "it took too long to close");
            return;
        }
        socket->expired = true;
        set_deadline(socket, now_ms + FLUSH_MS);
        live_expired(socket->conn);
    }
    if (socket->kind != SOCKET_WEB || socket->state != SOCKET_OPEN) return;
    if (now_ms - atomic_load(&socket->last_seen_ms) >= sockets->config.silence_ms) {
        atomic_fetch_add(&sockets->silent, 1);
        bury(socket, "silent");
    } else if (ping && sockets->ping) {
        socket_enqueue(socket, sockets->ping); /* marks it dirty: written with the rest of the batch */
    }
}

static void run_timers(struct sockets *sockets, int64_t now_ms)
{
    if (now_ms < sockets->next_due_ms) return;
    bool ping = sockets->next_ping_ms && sockets->next_ping_ms <= now_ms;
    for (struct socket *socket = sockets->all, *next; socket; socket = next) {
        next = socket->next;
        check_socket(socket, now_ms, ping);
    }
    if (ping) sockets->next_ping_ms = atomic_load(&sockets->web_count) ? now_ms + sockets->config.ping_ms : 0;
    sockets->next_due_ms = INT64_MAX;
    due_at(sockets, sockets->next_ping_ms);
    for (struct socket *socket = sockets->all; socket; socket = socket->next) {
        due_at(sockets, socket->deadline_ms);
        if (socket->kind == SOCKET_WEB && socket->state == SOCKET_OPEN)
            due_at(sockets, atomic_load(&socket->last_seen_ms) + sockets->config.silence_ms);
    }
}

static void clear_counter(int fd)
{
    uint64_t count;
    ssize_t got = read(fd, &count, sizeof count);
    (void)got; /* nothing there is fine */
}

static void run_tick(struct sockets *sockets, int64_t now_ms)
{
    clear_counter(sockets->timer);
    atomic_store(&sockets->armed, false);
    int again = sockets->config.tick(sockets->config.tick_data, now_ms);
    if (again >= 0) sockets_arm(sockets, again);
}

static void notice_stop(struct sockets *sockets, int64_t now_ms)
{
    if (!sockets->stop_seen && atomic_load(&sockets->stopping)) {
        sockets->stop_seen = true;
        for (struct socket *socket = sockets->all, *next; socket; socket = next) {
            next = socket->next;
            go_away(socket);
        }
    }
    if (!sockets->quit_by_ms && atomic_load(&sockets->quit)) {
        sockets->quit_by_ms = now_ms + QUIT_MS;
        due_at(sockets, sockets->quit_by_ms);
    }
    if (sockets->quit_by_ms && sockets->quit_by_ms <= now_ms)
        while (sockets->all)
            bury(sockets->all, "the box is stopping");
}

static int time_to_wait(const struct sockets *sockets, int64_t now_ms)
{
    int64_t due = sockets->next_due_ms;
    if (sockets->quit_by_ms && sockets->quit_by_ms < due) due = sockets->quit_by_ms;
    if (due == INT64_MAX) return -1;
    return due <= now_ms ? 0 : (int)(due - now_ms);
}

static void *sockets_main(void *data)
{
    struct sockets *sockets = data;
    struct epoll_event events[EVENTS_AT_ONCE];
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, NULL); /* signals are the main thread's */
    pthread_setname_np(pthread_self(), "sockets");
    while (!sockets->quit_by_ms || sockets->all) {
        int count = epoll_wait(sockets->epoll, events, EVENTS_AT_ONCE, time_to_wait(sockets, monotonic_ms()));
        int64_t now_ms = monotonic_ms();
        for (int i = 0; i < count; i++) {
            if (events[i].data.ptr == &sockets->event) {
                clear_counter(sockets->event);
                atomic_store(&sockets->woken, false);
            } else if (events[i].data.ptr == &sockets->timer) {
                run_tick(sockets, now_ms);
            } else {
                serve_event(events[i].data.ptr, events[i].events, now_ms);
            }
        }
        drain_dirty(sockets);
        notice_stop(sockets, now_ms);
        run_timers(sockets, now_ms);
        drain_dirty(sockets);
        free_doomed(sockets);
    }
    return NULL;
}

static bool add_own(struct sockets *sockets, int *fd)
{
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = fd};
    return *fd >= 0 && !epoll_ctl(sockets->epoll, EPOLL_CTL_ADD, *fd, &event);
}

static void close_own(struct sockets *sockets)
{
    if (sockets->epoll >= 0) close(sockets->epoll);
    if (sockets->event >= 0) close(sockets->event);
    if (sockets->timer >= 0) close(sockets->timer);
    frame_unref(sockets->ping);
    pthread_mutex_destroy(&sockets->dirty_lock);
    free(sockets);
}

struct sockets *sockets_create(const struct sockets_config *config)
{
    struct sockets *sockets = calloc(1, sizeof *sockets);
    if (!sockets) return NULL;
    sockets->config = *config;
    sockets->next_due_ms = INT64_MAX;
    sockets->epoll = epoll_create1(EPOLL_CLOEXEC);
    sockets->event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    sockets->timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
    sockets->ping = control_frame(WSLAY_PING, "", 0);
    pthread_mutex_init(&sockets->dirty_lock, NULL); /* never fails for a plain mutex */
    if (sockets->epoll >= 0 && sockets->ping && add_own(sockets, &sockets->event) &&
        add_own(sockets, &sockets->timer) && !pthread_create(&sockets->thread, NULL, sockets_main, sockets)) {
        return sockets;
    }
    close_own(sockets);
    return NULL;
}

void sockets_stop(struct sockets *sockets)
{
    atomic_store(&sockets->stopping, true);
    sockets_wake(sockets);
}

void sockets_destroy(struct sockets *sockets)
{
    if (!sockets) return;
    atomic_store(&sockets->stopping, true);
    atomic_store(&sockets->quit, true);
    sockets_wake(sockets);
    pthread_join(sockets->thread, NULL);
    drain_dirty(sockets);
    free_doomed(sockets);
    close_own(sockets);
}

void sockets_arm(struct sockets *sockets, int ms)
{
    if (atomic_exchange(&sockets->armed, true)) return;
    struct itimerspec when = {.it_value = {.tv_sec = ms / 1000, .tv_nsec = (long)(ms % 1000) * 1000000 + 1}};
    timerfd_settime(sockets->timer, 0, &when, NULL);
}

struct socket *socket_prepare(
    struct sockets *sockets, enum socket_kind kind, const char *remote, const char *greeting, size_t length)
{
    atomic_fetch_add(counter(sockets, kind), 1);
    bool full = atomic_load(&sockets->web_count) + atomic_load(&sockets->poll_count) > sockets->config.max;
    struct socket *socket = full ? NULL : calloc(1, sizeof *socket);
    if (!socket || pthread_mutex_init(&socket->lock, NULL)) {
        atomic_fetch_sub(counter(sockets, kind), 1);
        free(socket);
        return NULL;
    }
    socket->sink.ops = &socket_sink_ops;
    socket->sockets = sockets;
    socket->kind = kind;
    socket->fd = -1;
    snprintf(socket->remote, sizeof socket->remote, "%s", remote);
    atomic_init(&socket->last_seen_ms, monotonic_ms());
    struct frame *frame = greeting ? raw_frame(greeting, length) : NULL;
    bool whole = (!greeting || (frame && socket_enqueue_last(socket, frame))) &&
                 (kind == SOCKET_POLL || socket_parser_init(socket));
    frame_unref(frame);
    if (whole) return socket;
    socket_cancel(socket);
    return NULL;
}

void socket_cancel(struct socket *socket)
{
    atomic_fetch_sub(counter(socket->sockets, socket->kind), 1);
    free_socket(socket);
}

void socket_start(struct socket *socket, int fd, struct live_conn *conn)
{
    int64_t wait_ms = 0;
    socket->fd = fd;
    socket->conn = conn;
    if (socket->kind == SOCKET_WEB) {
        live_start(conn, &socket->sink);
    } else {
        live_park(conn, &socket->sink, &wait_ms);
        if (wait_ms < 1) wait_ms = 1;
        socket->deadline_ms = monotonic_ms() + wait_ms;
    }
    struct sockets *sockets = socket->sockets;
    pthread_mutex_lock(&socket->lock);
    socket->started = true;
    socket_mark_dirty(socket);
    pthread_mutex_unlock(&socket->lock);
    sockets_wake(sockets); /* `socket` is the epoll thread's now */
}

void sockets_stats(struct sockets *sockets, struct front_door_stats *out)
{
    long long queued = atomic_load(&sockets->queued);
    out->sockets_opened = atomic_load(&sockets->opened);
    out->sockets_slow = atomic_load(&sockets->slow);
    out->sockets_silent = atomic_load(&sockets->silent);
    out->frames_sent = atomic_load(&sockets->frames_sent);
    out->bytes_sent = atomic_load(&sockets->bytes_sent);
    out->push_us_total = atomic_load(&sockets->push_us_total);
    out->push_us_max = atomic_load(&sockets->push_us_max);
    out->sockets = atomic_load(&sockets->web_count);
    out->polls = atomic_load(&sockets->poll_count);
    out->queued_frames = queued > 0 ? (uint64_t)queued : 0;
}
