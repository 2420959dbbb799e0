/* SPDX-License-Identifier: MIT */
/*
 * A thread that acts on what was committed: rings, prints. It is woken after each commit and looks into the store for
 * what there is to do, so that nothing depends on what it remembers: after a crash it finds the same rows.
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
/* Any thread, cheap, never blocks: something was committed. */
void follower_wake_all(struct follower_list *list);

/*
 * Starts a thread that runs main(follower, data) until follower_destroy(). `name` is the thread's, up to 15 characters.
 * NULL when memory or threads are short.
 */
struct follower *follower_create(
    struct restaurant *restaurant, const char *name, void (*main)(struct follower *follower, void *data), void *data);
/* Makes follower_wait() return false, waits for the thread to end, frees. NULL is fine. */
void follower_destroy(struct follower *follower);

/*
 * The follower's own thread: waits for a commit, follower_wake(), one of `fds` (poll events POLLIN; may be NULL), or
 * the monotonic time `due_ms` (INT64_MAX: no time). False when the thread has to end. Commits that come close together
 * wake it once.
 */
bool follower_wait(struct follower *follower, struct pollfd *fds, size_t count, int64_t due_ms);
/* Any thread. */
void follower_wake(struct follower *follower);
struct restaurant *follower_restaurant(const struct follower *follower);

#endif
