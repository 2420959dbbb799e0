/* SPDX-License-Identifier: MIT */
#include "drivers/http_civetweb/sockets_internal.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

enum { RING_FIRST = 16, RING_KEEP = 256, BACKLOG_MAX = 4096, IOV_COUNT = 16, FIN_BIT = 0x80 };

struct frame *control_frame(int opcode, const char *payload, size_t length)
{
    struct frame *frame = frame_create(payload, length);
    if (frame) frame->bytes[FRAME_HEAD_MAX - frame->head_size] = (char)(FIN_BIT | opcode);
    return frame;
}

struct frame *raw_frame(const char *bytes, size_t length)
{
    struct frame *frame = frame_create(bytes, length);
    if (frame) frame->head_size = 0;
    return frame;
}

void sockets_wake(struct sockets *sockets)
{
    if (atomic_exchange(&sockets->woken, true)) return;
    uint64_t one = 1;
    ssize_t written = write(sockets->event, &one, sizeof one);
    (void)written; /* fails only when the counter is full: then it is awake anyway */
}

void socket_mark_dirty(struct socket *socket)
{
    if (socket->dirty) return;
    struct sockets *sockets = socket->sockets;
    socket->dirty = true;
    pthread_mutex_lock(&sockets->dirty_lock);
    socket->next_dirty = sockets->dirty;
    sockets->dirty = socket;
    pthread_mutex_unlock(&sockets->dirty_lock);
}

static size_t wire_length(const struct socket *socket, const struct frame *frame)
{
    return socket->kind == SOCKET_WEB ? frame_wire_length(frame) : frame->length;
}

static const char *wire(const struct socket *socket, const struct frame *frame)
{
    return socket->kind == SOCKET_WEB ? frame_wire(frame) : frame_text(frame);
}

static bool ring_resize(struct queue *queue, size_t room)
{
    struct queued *items = malloc(room * sizeof *items);
    if (!items) return false;
    for (size_t i = 0; i < queue->count; i++)
        items[i] = queue->items[(queue->head + i) % queue->room];
    free(queue->items);
    queue->items = items;
    queue->room = room;
    queue->head = 0;
    return true;
}

/* Caller holds the lock. */
static bool append(struct socket *socket, struct frame *frame)
{
    struct queue *queue = &socket->queue;
    if (queue->count == queue->room && !ring_resize(queue, queue->room ? queue->room * 2 : RING_FIRST)) return false;
    queue->items[(queue->head + queue->count++) % queue->room] =
        (struct queued){.frame = frame_ref(frame), .at_us = monotonic_us()};
    if (socket->started)
        queue->bytes += wire_length(socket, frame);
    else
        queue->backlog++;
    atomic_fetch_add_explicit(&socket->sockets->queued, 1, memory_order_relaxed);
    return true;
}

/* Caller holds the lock. A single frame may be larger than the bound: a snapshot. */
static bool has_room(const struct socket *socket, const struct frame *frame)
{
    const struct queue *queue = &socket->queue;
    if (!socket->started) return queue->count < BACKLOG_MAX;
    if (queue->count - queue->backlog >= QUEUE_FRAMES_MAX) return false;
    return queue->bytes == 0 || queue->bytes + wire_length(socket, frame) <= QUEUE_BYTES_MAX;
}

bool socket_enqueue(struct socket *socket, struct frame *frame)
{
    pthread_mutex_lock(&socket->lock);
    bool open = !socket->overflow && !socket->close_code;
    if (open && !(has_room(socket, frame) && append(socket, frame))) {
        socket->overflow = true;
        open = false;
    }
    socket_mark_dirty(socket);
    pthread_mutex_unlock(&socket->lock);
    return open;
}

bool socket_enqueue_last(struct socket *socket, struct frame *frame)
{
    pthread_mutex_lock(&socket->lock);
    bool done = append(socket, frame);
    pthread_mutex_unlock(&socket->lock);
    return done;
}

/* Takes the first frame off; caller holds the lock and owns the reference now. */
static struct frame *take_first(struct socket *socket, int64_t *at_us)
{
    struct queue *queue = &socket->queue;
    struct queued first = queue->items[queue->head];
    queue->head = (queue->head + 1) % queue->room;
    queue->count--;
    if (queue->backlog)
        queue->backlog--;
    else
        queue->bytes -= wire_length(socket, first.frame);
    if (!queue->count && queue->room > RING_KEEP) {
        free(queue->items);
        *queue = (struct queue){0};
    }
    atomic_fetch_sub_explicit(&socket->sockets->queued, 1, memory_order_relaxed);
    if (at_us) *at_us = first.at_us;
    return first.frame;
}

void socket_drop_unsent(struct socket *socket)
{
    pthread_mutex_lock(&socket->lock);
    struct queue *queue = &socket->queue;
    struct frame *partial = socket->offset && queue->count ? take_first(socket, NULL) : NULL;
    while (queue->count)
        frame_unref(take_first(socket, NULL));
    if (partial && !append(socket, partial)) socket->failed = true;
    frame_unref(partial);
    pthread_mutex_unlock(&socket->lock);
}

void socket_drop_all(struct socket *socket)
{
    pthread_mutex_lock(&socket->lock);
    while (socket->queue.count)
        frame_unref(take_first(socket, NULL));
    free(socket->queue.items);
    socket->queue = (struct queue){0};
    pthread_mutex_unlock(&socket->lock);
}

/* The first frames as an iov; they stay queued, and alive, since only this thread takes them off. */
static size_t gather(struct socket *socket, struct iovec *iov)
{
    size_t count = 0;
    pthread_mutex_lock(&socket->lock);
    const struct queue *queue = &socket->queue;
    for (; count < queue->count && count < IOV_COUNT; count++) {
        const struct frame *frame = queue->items[(queue->head + count) % queue->room].frame;
        size_t skip = count ? 0 : socket->offset;
        iov[count].iov_base = (void *)(uintptr_t)(wire(socket, frame) + skip);
        iov[count].iov_len = wire_length(socket, frame) - skip;
    }
    pthread_mutex_unlock(&socket->lock);
    return count;
}

static void note_sent(struct sockets *sockets, int64_t waited_us, size_t frames)
{
    unsigned long long waited = waited_us > 0 ? (unsigned long long)waited_us : 0;
    atomic_fetch_add_explicit(&sockets->frames_sent, frames, memory_order_relaxed);
    atomic_fetch_add_explicit(&sockets->push_us_total, waited, memory_order_relaxed);
    if (waited > atomic_load_explicit(&sockets->push_us_max, memory_order_relaxed))
        atomic_store_explicit(&sockets->push_us_max, waited, memory_order_relaxed);
}

/* Takes off what the kernel took. */
static void advance(struct socket *socket, size_t sent)
{
    struct sockets *sockets = socket->sockets;
    int64_t now_us = monotonic_us();
    struct frame *done[IOV_COUNT];
    size_t count = 0;
    atomic_fetch_add_explicit(&sockets->bytes_sent, sent, memory_order_relaxed);
    pthread_mutex_lock(&socket->lock);
    socket->offset += sent;
    while (socket->queue.count && count < IOV_COUNT) {
        size_t length = wire_length(socket, socket->queue.items[socket->queue.head].frame);
        if (socket->offset < length) break;
        int64_t at_us = now_us;
        socket->offset -= length;
        done[count++] = take_first(socket, &at_us);
        note_sent(sockets, now_us - at_us, 1);
    }
    pthread_mutex_unlock(&socket->lock);
    for (size_t i = 0; i < count; i++)
        frame_unref(done[i]);
}

enum write_result socket_write_queued(struct socket *socket)
{
    for (;;) {
        struct iovec iov[IOV_COUNT];
        struct msghdr message = {.msg_iov = iov, .msg_iovlen = gather(socket, iov)};
        if (!message.msg_iovlen) return WRITE_DONE;
        ssize_t sent = sendmsg(socket->fd, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
        if (sent >= 0)
            advance(socket, (size_t)sent);
        else if (errno == EAGAIN || errno == EWOULDBLOCK)
            return WRITE_BLOCKED;
        else if (errno != EINTR)
            return WRITE_FAILED;
    }
}

static struct socket *of_sink(struct live_sink *sink)
{
    return (struct socket *)sink; /* its first member */
}

static void sink_send(struct live_sink *sink, struct frame *frame)
{
    socket_enqueue(of_sink(sink), frame);
}

static void sink_close(struct live_sink *sink, int code, const char *reason)
{
    struct socket *socket = of_sink(sink);
    pthread_mutex_lock(&socket->lock);
    if (!socket->close_code) {
        socket->close_code = code ? code : CLOSE_NORMAL;
        snprintf(socket->close_reason, sizeof socket->close_reason, "%s", reason ? reason : "");
        socket_mark_dirty(socket);
    }
    pthread_mutex_unlock(&socket->lock);
    sockets_wake(socket->sockets);
}

static void sink_flush(struct live_sink *sink)
{
    sockets_wake(of_sink(sink)->sockets);
}

static void sink_lag(struct live_sink *sink, size_t *queued, int64_t *silent_ms)
{
    struct socket *socket = of_sink(sink);
    pthread_mutex_lock(&socket->lock);
    *queued = socket->queue.count;
    pthread_mutex_unlock(&socket->lock);
    *silent_ms = monotonic_ms() - atomic_load(&socket->last_seen_ms);
}

const struct live_sink_ops socket_sink_ops = {
    .send = sink_send, .close = sink_close, .flush = sink_flush, .lag = sink_lag};
