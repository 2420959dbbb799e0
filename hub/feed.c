/* SPDX-License-Identifier: MIT */
#include "hub/feed.h"

#include <pthread.h>
#include <stdlib.h>

struct feed {
    pthread_mutex_t lock;
    struct event *ring[FEED_RING]; /* event with seq s is at s % FEED_RING */
    uint64_t last;                 /* seq of the newest event */
    size_t kept;                   /* how many of the newest are in the ring */
    struct feed_sub *subs;
    size_t count;
};

struct feed *feed_create(void)
{
    struct feed *feed = calloc(1, sizeof *feed);
    if (feed && pthread_mutex_init(&feed->lock, NULL)) {
        free(feed);
        feed = NULL;
    }
    return feed;
}

/* Caller holds the lock. */
static void drop_kept(struct feed *feed)
{
    for (size_t i = 0; i < FEED_RING; i++) {
        event_unref(feed->ring[i]);
        feed->ring[i] = NULL;
    }
    feed->kept = 0;
}

void feed_destroy(struct feed *feed)
{
    if (!feed) return;
    drop_kept(feed);
    pthread_mutex_destroy(&feed->lock);
    free(feed);
}

void feed_set_seq(struct feed *feed, uint64_t last)
{
    pthread_mutex_lock(&feed->lock);
    drop_kept(feed);
    feed->last = last;
    pthread_mutex_unlock(&feed->lock);
}

uint64_t feed_last_seq(struct feed *feed)
{
    pthread_mutex_lock(&feed->lock);
    uint64_t last = feed->last;
    pthread_mutex_unlock(&feed->lock);
    return last;
}

static void keep(struct feed *feed, struct event *event)
{
    if (event->seq != feed->last + 1) drop_kept(feed);
    struct event **slot = &feed->ring[event->seq % FEED_RING];
    event_unref(*slot);
    *slot = event_ref(event);
    feed->last = event->seq;
    if (feed->kept < FEED_RING) feed->kept++;
}

static void offer(struct feed_sub *sub, struct event *event)
{
    if (!event_matches(event->route, event->topic, &sub->filter)) return;
    sub->delivered = true;
    sub->deliver(sub, event);
}

static void flush_if_delivered(struct feed_sub *sub)
{
    if (sub->delivered && sub->flush) sub->flush(sub);
    sub->delivered = false;
}

void feed_publish(struct feed *feed, struct event *const *events, size_t count)
{
    pthread_mutex_lock(&feed->lock);
    for (size_t i = 0; i < count; i++) {
        keep(feed, events[i]);
        for (struct feed_sub *sub = feed->subs; sub; sub = sub->next)
            offer(sub, events[i]);
    }
    for (struct feed_sub *sub = feed->subs; sub; sub = sub->next)
        flush_if_delivered(sub);
    pthread_mutex_unlock(&feed->lock);
}

/* Caller holds the lock. */
static bool covers(const struct feed *feed, uint64_t since)
{
    return since <= feed->last && feed->last - since <= feed->kept;
}

bool feed_covers(struct feed *feed, uint64_t since)
{
    pthread_mutex_lock(&feed->lock);
    bool covered = covers(feed, since);
    pthread_mutex_unlock(&feed->lock);
    return covered;
}

bool feed_subscribe(struct feed *feed, struct feed_sub *sub, uint64_t since)
{
    pthread_mutex_lock(&feed->lock);
    bool covered = covers(feed, since);
    if (covered) {
        sub->delivered = false;
        for (uint64_t seq = since + 1; seq <= feed->last; seq++)
            offer(sub, feed->ring[seq % FEED_RING]);
        sub->previous = NULL;
        sub->next = feed->subs;
        if (feed->subs) feed->subs->previous = sub;
        feed->subs = sub;
        sub->linked = true;
        feed->count++;
        flush_if_delivered(sub);
    }
    pthread_mutex_unlock(&feed->lock);
    return covered;
}

void feed_unsubscribe(struct feed *feed, struct feed_sub *sub)
{
    pthread_mutex_lock(&feed->lock);
    if (sub->linked) {
        if (sub->previous)
            sub->previous->next = sub->next;
        else
            feed->subs = sub->next;
        if (sub->next) sub->next->previous = sub->previous;
        sub->next = sub->previous = NULL;
        sub->linked = false;
        feed->count--;
    }
    pthread_mutex_unlock(&feed->lock);
}

size_t feed_read(struct feed *feed, uint64_t since, const struct event_filter *filter, struct event **out, size_t room,
    uint64_t *last, bool *covered)
{
    size_t count = 0;
    pthread_mutex_lock(&feed->lock);
    *covered = covers(feed, since);
    *last = since;
    while (*covered && *last < feed->last && count < room) {
        struct event *event = feed->ring[++*last % FEED_RING];
        if (event_matches(event->route, event->topic, filter)) out[count++] = event_ref(event);
    }
    pthread_mutex_unlock(&feed->lock);
    return count;
}

void feed_broadcast(struct feed *feed, const void *news)
{
    pthread_mutex_lock(&feed->lock);
    for (struct feed_sub *sub = feed->subs; sub; sub = sub->next)
        if (sub->tell) sub->tell(sub, news);
    for (struct feed_sub *sub = feed->subs; sub; sub = sub->next)
        if (sub->tell && sub->flush) sub->flush(sub);
    pthread_mutex_unlock(&feed->lock);
}

size_t feed_count(struct feed *feed)
{
    pthread_mutex_lock(&feed->lock);
    size_t count = feed->count;
    pthread_mutex_unlock(&feed->lock);
    return count;
}
