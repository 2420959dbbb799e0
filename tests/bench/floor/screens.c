/* SPDX-License-Identifier: MIT */
#include "floor/screens.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

enum { QUEUE_MAX = 1024, BATCH_MAX = 16, EVENTS_MAX = 64 };

struct screen {
    int fd;
    struct screen *next;
    struct frame *queue[QUEUE_MAX]; /* a ring: guarded by the lock, emptied by the epoll thread alone */
    unsigned head, count;
    size_t offset; /* sent of the first frame */
    bool blocked;  /* waits for EPOLLOUT */
    bool gone;
};

struct screens {
    pthread_mutex_t lock;
    pthread_t thread;
    int epoll, wake;
    bool stopping;       /* guarded by lock */
    struct screen *list; /* guarded by lock; only the epoll thread removes */
};

static void screen_free(struct screen *screen)
{
    for (; screen->count; screen->count--)
        frame_drop(screen->queue[screen->head++ % QUEUE_MAX]);
    close(screen->fd);
    free(screen);
}

static bool screen_push(struct screen *screen, struct frame *frame)
{
    if (screen->count == QUEUE_MAX) return false;
    screen->queue[(screen->head + screen->count++) % QUEUE_MAX] = frame_hold(frame);
    return true;
}

static void screen_watch(struct screens *screens, struct screen *screen, bool blocked)
{
    struct epoll_event event = {.events = EPOLLIN | (blocked ? EPOLLOUT : 0), .data.ptr = screen};
    if (screen->blocked == blocked) return;
    screen->blocked = blocked;
    if (epoll_ctl(screens->epoll, EPOLL_CTL_MOD, screen->fd, &event)) screen->gone = true;
}

/* Takes `sent` bytes off the queue. */
static void screen_advance(struct screen *screen, size_t sent)
{
    screen->offset += sent;
    while (screen->count && screen->offset >= screen->queue[screen->head % QUEUE_MAX]->length) {
        struct frame *first = screen->queue[screen->head++ % QUEUE_MAX];
        screen->count--;
        screen->offset -= first->length;
        frame_drop(first);
    }
}

static int screen_collect(const struct screen *screen, struct iovec parts[BATCH_MAX])
{
    int count = 0;
    for (; count < BATCH_MAX && (unsigned)count < screen->count; count++) {
        struct frame *frame = screen->queue[(screen->head + (unsigned)count) % QUEUE_MAX];
        size_t skip = count ? 0 : screen->offset;
        parts[count] = (struct iovec){.iov_base = frame->bytes + skip, .iov_len = frame->length - skip};
    }
    return count;
}

/* Only the epoll thread takes frames off, so those collected under the lock stay alive while it is not held. */
static void screen_send(struct screens *screens, struct screen *screen)
{
    struct iovec parts[BATCH_MAX];
    while (!screen->gone) {
        pthread_mutex_lock(&screens->lock);
        struct msghdr message = {.msg_iov = parts, .msg_iovlen = (size_t)screen_collect(screen, parts)};
        pthread_mutex_unlock(&screens->lock);
        if (!message.msg_iovlen) break;
        ssize_t sent = sendmsg(screen->fd, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
        if (sent < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
            screen_watch(screens, screen, true);
            return;
        }
        if (sent < 0) {
            if (errno != EINTR) screen->gone = true;
            continue;
        }
        pthread_mutex_lock(&screens->lock);
        screen_advance(screen, (size_t)sent);
        pthread_mutex_unlock(&screens->lock);
    }
    screen_watch(screens, screen, false);
}

/* What screens say (pongs, close frames) is of no interest here, only that they leave. */
static void screen_read(struct screen *screen)
{
    char scrap[4096];
    ssize_t count;
    do {
        count = recv(screen->fd, scrap, sizeof scrap, MSG_DONTWAIT);
    } while (count > 0);
    if (count == 0 || (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR)) screen->gone = true;
}

static void screens_sweep(struct screens *screens)
{
    pthread_mutex_lock(&screens->lock);
    for (struct screen **link = &screens->list; *link;) {
        struct screen *screen = *link;
        if (!screen->gone) {
            link = &screen->next;
            continue;
        }
        *link = screen->next;
        screen_free(screen);
    }
    pthread_mutex_unlock(&screens->lock);
}

static struct screen *screens_first(struct screens *screens, bool *stopping)
{
    pthread_mutex_lock(&screens->lock);
    struct screen *first = screens->list;
    *stopping = screens->stopping;
    pthread_mutex_unlock(&screens->lock);
    return first;
}

static void *screens_run(void *data)
{
    struct screens *screens = data;
    struct epoll_event events[EVENTS_MAX];
    bool stopping = false;
    while (!stopping) {
        int count = epoll_wait(screens->epoll, events, EVENTS_MAX, -1);
        for (int i = 0; i < count; i++) {
            struct screen *screen = events[i].data.ptr;
            uint64_t wakes;
            if (!screen && read(screens->wake, &wakes, sizeof wakes) < 0) continue;
            if (screen && events[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR)) screen_read(screen);
            if (screen && events[i].events & EPOLLOUT) screen_send(screens, screen);
        }
        /* New screens are put in front, so what the list holds from here on is only changed by this thread. */
        for (struct screen *screen = screens_first(screens, &stopping); screen; screen = screen->next)
            if (!screen->blocked) screen_send(screens, screen);
        screens_sweep(screens);
    }
    return NULL;
}

struct screens *screens_create(void)
{
    struct screens *screens = calloc(1, sizeof *screens);
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = NULL};
    if (!screens) return NULL;
    pthread_mutex_init(&screens->lock, NULL);
    screens->epoll = epoll_create1(EPOLL_CLOEXEC);
    screens->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (screens->epoll < 0 || screens->wake < 0) goto close_descriptors;
    if (epoll_ctl(screens->epoll, EPOLL_CTL_ADD, screens->wake, &event)) goto close_descriptors;
    if (pthread_create(&screens->thread, NULL, screens_run, screens)) goto close_descriptors;
    return screens;

close_descriptors:
    if (screens->epoll >= 0) close(screens->epoll);
    if (screens->wake >= 0) close(screens->wake);
    pthread_mutex_destroy(&screens->lock);
    free(screens);
    return NULL;
}

bool screens_adopt(struct screens *screens, int fd, struct frame *first, struct frame *second)
{
    struct screen *screen = calloc(1, sizeof *screen);
    if (!screen) {
        close(fd);
        return false;
    }
    screen->fd = fd;
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = screen};
    pthread_mutex_lock(&screens->lock);
    screen_push(screen, first);
    screen_push(screen, second);
    bool watched = !epoll_ctl(screens->epoll, EPOLL_CTL_ADD, fd, &event);
    if (watched) {
        screen->next = screens->list;
        screens->list = screen;
    }
    pthread_mutex_unlock(&screens->lock);
    if (watched)
        screens_flush(screens);
    else
        screen_free(screen);
    return watched;
}

void screens_publish(struct screens *screens, struct frame *frame)
{
    pthread_mutex_lock(&screens->lock);
    for (struct screen *screen = screens->list; screen; screen = screen->next)
        if (!screen_push(screen, frame)) shutdown(screen->fd, SHUT_RDWR);
    pthread_mutex_unlock(&screens->lock);
}

void screens_flush(struct screens *screens)
{
    uint64_t one = 1;
    /* Fails only when the counter is full, and then the thread is about to wake anyway. */
    ssize_t written = write(screens->wake, &one, sizeof one);
    (void)written;
}

void screens_destroy(struct screens *screens)
{
    if (!screens) return;
    pthread_mutex_lock(&screens->lock);
    screens->stopping = true;
    pthread_mutex_unlock(&screens->lock);
    screens_flush(screens);
    pthread_join(screens->thread, NULL);
    for (struct screen *screen = screens->list, *next; screen; screen = next) {
        next = screen->next;
        screen_free(screen);
    }
    close(screens->epoll);
    close(screens->wake);
    pthread_mutex_destroy(&screens->lock);
    free(screens);
}
