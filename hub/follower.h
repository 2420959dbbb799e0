/* SPDX-License-Identifier: MIT */
/*
 * A thread that acts on what was committed: rings, prints. It is woken after commits that concern it and looks into the
 * store for what there is to do, so that nothing depends on what it remembers: after a crash it finds the same rows.
 */
#ifndef HUB_FOLLOWER_H
#define HUB_FOLLOWER_H

#include <poll.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct restaurant;
struct follower;

/* All followers of one restaurant. */
struct follower_list {
    pthread_mutex_t lock;
    struct follower *first;
};

enum { FOLLOWER_FDS_MAX = 64 };

void follower_list_init(struct follower_list *list);
void follower_list_finish(struct follower_list *list); /* after the last follower */
/* Any thread, cheap, never blocks: something about these topics (TOPIC_BIT()s) was committed. */
void follower_wake_all(struct follower_list *list, unsigned topics);

/* What a follower is; copied. */
struct follower_plan {
    const char *name; /* of its thread, up to 15 characters */
    unsigned topics;  /* TOPIC_BIT()s of what concerns it */
    int rest_ms;      /* between being woken and looking: a rush of commits makes one look, not hundreds */
    void (*main)(struct follower *follower, void *data);
};

/* Starts a thread that runs plan->main(follower, data) until follower_destroy(). NULL when memory or threads are short.
 */
struct follower *follower_create(struct restaurant *restaurant, const struct follower_plan *plan, void *data);
/* Makes follower_wait() return false, waits for the thread to end, frees. NULL is fine. */
void follower_destroy(struct follower *follower);

/*
 * The follower's own thread: waits for a commit, follower_wake(), one of `fds` (poll events POLLIN; may be NULL), or
 * the monotonic time `due_ms` (INT64_MAX: no time). False when the thread has to end.
 */
bool follower_wait(struct follower *follower, struct pollfd *fds, size_t count, int64_t due_ms);
/* Any thread. */
void follower_wake(struct follower *follower);
/* The follower's own thread: the topics of all commits since it last asked. */
unsigned follower_news(struct follower *follower);
struct restaurant *follower_restaurant(const struct follower *follower);

#endif
