/* SPDX-License-Identifier: MIT */
/* Shared by sockets.c (the thread), socket_queue.c (what goes out) and socket_read.c (what comes in). */
#ifndef DRIVERS_HTTP_CIVETWEB_SOCKETS_INTERNAL_H
#define DRIVERS_HTTP_CIVETWEB_SOCKETS_INTERNAL_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <wslay/wslay.h>

#include "drivers/http_civetweb/sockets.h"
#include "hub/frame.h"
#include "hub/live.h"

enum { CLOSE_NORMAL = 1000, CLOSE_UNSUPPORTED = 1003, CLOSE_POLICY = 1008, REASON_MAX = 100 };

struct queued {
    struct frame *frame;
    int64_t at_us;
};

/* A ring of frames; guarded by the socket's lock. Senders append, the epoll thread alone takes off. */
struct queue {
    struct queued *items;
    size_t room, head, count;
    size_t backlog; /* of `count`: queued before the socket started, outside the bounds */
    size_t bytes;   /* of the others */
};

enum socket_state {
    SOCKET_OPEN,
    SOCKET_CLOSING, /* the hub let go; flushing, then hanging up */
    SOCKET_LINGER,  /* our side is shut; waiting for theirs */
    SOCKET_DEAD     /* to be freed at the end of the batch */
};

struct socket {
    struct live_sink sink; /* first: the hub's handle */
    struct sockets *sockets;
    enum socket_kind kind;
    int fd;
    char remote[48];

    pthread_mutex_t lock;
    /* Guarded by lock: */
    struct queue queue;
    bool started;   /* the epoll thread may have it */
    bool overflow;  /* the queue was full: close with 4408 */
    bool dirty;     /* on the dirty list */
    int close_code; /* asked for by the hub; 0 = not */
    char close_reason[REASON_MAX];
    struct socket *next_dirty; /* guarded by sockets->dirty_lock */

    /* The epoll thread's alone: */
    enum socket_state state;
    struct live_conn *conn; /* NULL once live_closed() was called */
    struct socket *next, *previous, *next_doomed;
    bool registered, wants_out, expired;
    size_t offset;       /* sent of the queue's first frame */
    int64_t deadline_ms; /* of a poll, of closing or lingering; 0 = none */
    wslay_event_context_ptr parser;
    char *control; /* bytes that the parser wants sent: pongs, close frames */
    size_t control_length, control_room;
    size_t read_budget;
    bool got_bytes, at_end, failed;
    int violation;  /* close code that reading came to; 0 = none */
    int64_t second; /* of the frame counter */
    int frames_in_second, hot_seconds;

    atomic_llong last_seen_ms;
};

struct sockets {
    struct sockets_config config;
    int epoll, event, timer;
    pthread_t thread;
    pthread_mutex_t dirty_lock;
    struct socket *dirty;
    atomic_bool woken, armed, stopping, quit;
    atomic_int web_count, poll_count; /* prepared or open */

    /* The epoll thread's alone: */
    struct socket *all, *doomed;
    struct frame *ping;
    int64_t next_ping_ms; /* 0 = no WebSocket is open */
    int64_t next_due_ms;  /* when socket timers must be looked at; INT64_MAX = never */
    bool stop_seen;
    int64_t quit_by_ms;

    atomic_ullong opened, slow, silent, frames_sent, bytes_sent, push_us_total, push_us_max;
    atomic_llong queued;
};

/* --- socket_queue.c --- */
extern const struct live_sink_ops socket_sink_ops;
/* A control frame, or bytes that go out as they are. NULL when memory is short. */
struct frame *control_frame(int opcode, const char *payload, size_t length);
struct frame *raw_frame(const char *bytes, size_t length);
/* Appends a reference; false (and overflow set) when the queue is full. Any thread, also for frames of our own. */
bool socket_enqueue(struct socket *socket, struct frame *frame);
/* Puts a frame behind all others, whatever the bounds; epoll thread. */
bool socket_enqueue_last(struct socket *socket, struct frame *frame);
/* Keeps only the first frame, if part of it went out. */
void socket_drop_unsent(struct socket *socket);
void socket_drop_all(struct socket *socket);
enum write_result { WRITE_DONE, WRITE_BLOCKED, WRITE_FAILED };
/* Sends until the queue is empty or the kernel is full. Epoll thread. */
enum write_result socket_write_queued(struct socket *socket);
/* Marks for the epoll thread; caller holds the socket's lock. */
void socket_mark_dirty(struct socket *socket);
void sockets_wake(struct sockets *sockets);

/* --- socket_read.c --- */
bool socket_parser_init(struct socket *socket);
/* Reads what is there and hands whole messages to the hub. Sets at_end, failed, violation; queues control frames. */
void socket_read_messages(struct socket *socket, int64_t now_ms);

#endif
