/* SPDX-License-Identifier: MIT */
#include "hub/follower.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "hub/hub.h"
#include "hub/port/clock.h"
#include "hub/restaurant.h"

struct follower {
    struct restaurant *restaurant;
    struct follower *next;
    pthread_t thread;
    int wake_fd, stop_fd;
    atomic_bool awake; /* the eventfd was written and not yet read */
    atomic_bool stop;
    atomic_uint news; /* topics of what was committed */
    struct follower_plan plan;
    void *data;
    char name[16];
};

void follower_list_init(struct follower_list *list)
{
    list->first = NULL;
    pthread_mutex_init(&list->lock, NULL);
}

void follower_list_finish(struct follower_list *list)
{
    pthread_mutex_destroy(&list->lock);
}

void follower_wake(struct follower *follower)
{
    uint64_t one = 1;
    if (atomic_exchange(&follower->awake, true)) return;
    /* Cannot fail but by an overflow, and then it is readable anyway. */
    ssize_t written = write(follower->wake_fd, &one, sizeof one);
    (void)written;
}

void follower_wake_all(struct follower_list *list, unsigned topics)
{
    pthread_mutex_lock(&list->lock);
    for (struct follower *f = list->first; f; f = f->next) {
        if (!(f->plan.topics & topics)) continue;
        atomic_fetch_or(&f->news, topics);
        follower_wake(f);
    }
    pthread_mutex_unlock(&list->lock);
}

static void *thread_main(void *data)
{
    struct follower *follower = data;
    pthread_setname_np(pthread_self(), follower->name);
    follower->plan.main(follower, follower->data);
    return NULL;
}

static void link_in(struct follower *follower)
{
    struct follower_list *list = &follower->restaurant->followers;
    pthread_mutex_lock(&list->lock);
    follower->next = list->first;
    list->first = follower;
    pthread_mutex_unlock(&list->lock);
}

static void take_out(struct follower *follower)
{
    struct follower_list *list = &follower->restaurant->followers;
    pthread_mutex_lock(&list->lock);
    struct follower **at = &list->first;
    while (*at && *at != follower)
        at = &(*at)->next;
    if (*at) *at = follower->next;
    pthread_mutex_unlock(&list->lock);
}

struct follower *follower_create(struct restaurant *restaurant, const struct follower_plan *plan, void *data)
{
    struct follower *follower = calloc(1, sizeof *follower);
    if (!follower) return NULL;
    follower->restaurant = restaurant;
    follower->plan = *plan;
    follower->data = data;
    strncpy(follower->name, plan->name, sizeof follower->name - 1);
    atomic_init(&follower->awake, false);
    atomic_init(&follower->stop, false);
    atomic_init(&follower->news, ~0u); /* the first look is at everything */
    follower->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    follower->stop_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (follower->wake_fd < 0 || follower->stop_fd < 0) goto close_fds;
    link_in(follower);
    if (pthread_create(&follower->thread, NULL, thread_main, follower) == 0) return follower;
    take_out(follower);
close_fds:
    if (follower->wake_fd >= 0) close(follower->wake_fd);
    if (follower->stop_fd >= 0) close(follower->stop_fd);
    free(follower);
    return NULL;
}

void follower_destroy(struct follower *follower)
{
    if (!follower) return;
    uint64_t one = 1;
    atomic_store(&follower->stop, true);
    ssize_t written = write(follower->stop_fd, &one, sizeof one);
    (void)written;
    follower_wake(follower);
    pthread_join(follower->thread, NULL);
    take_out(follower);
    close(follower->wake_fd);
    close(follower->stop_fd);
    free(follower);
}

unsigned follower_news(struct follower *follower)
{
    return atomic_exchange(&follower->news, 0);
}

struct restaurant *follower_restaurant(const struct follower *follower)
{
    return follower->restaurant;
}

static int wait_ms(struct follower *follower, int64_t due_ms)
{
    if (due_ms == INT64_MAX) return -1;
    int64_t left = due_ms - clock_monotonic_ms(follower->restaurant->hub->clock);
    return left <= 0 ? 0 : left > 3600 * 1000 ? 3600 * 1000 : (int)left;
}

bool follower_wait(struct follower *follower, struct pollfd *fds, size_t count, int64_t due_ms)
{
    struct pollfd all[FOLLOWER_FDS_MAX + 1];
    if (count > FOLLOWER_FDS_MAX) count = FOLLOWER_FDS_MAX;
    all[0] = (struct pollfd){.fd = follower->wake_fd, .events = POLLIN};
    for (size_t i = 0; i < count; i++)
        all[i + 1] = (struct pollfd){.fd = fds[i].fd, .events = POLLIN};
    int ready = poll(all, (nfds_t)count + 1, wait_ms(follower, due_ms));
    if (ready > 0 && (all[0].revents & POLLIN)) {
        uint64_t drained;
        struct pollfd stop = {.fd = follower->stop_fd, .events = POLLIN};
        poll(&stop, 1, follower->plan.rest_ms);
        /* First the flag, then the look at the store: a commit after this line wakes us again. */
        ssize_t got = read(follower->wake_fd, &drained, sizeof drained);
        (void)got;
        atomic_store(&follower->awake, false);
    }
    for (size_t i = 0; i < count; i++)
        fds[i].revents = ready > 0 ? all[i + 1].revents : 0;
    return !atomic_load(&follower->stop);
}
