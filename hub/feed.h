/* SPDX-License-Identifier: MIT */
/*
 * What happened lately in one restaurant, and who is listening. The writer publishes after each commit; snapshot
 * readers subscribe at the number their snapshot ends with, and miss nothing in between.
 *
 * Lock order: the feed's lock, then a sink's queue lock. deliver() and flush() run with the feed's lock held: they must
 * not call the feed nor block.
 */
#ifndef HUB_FEED_H
#define HUB_FEED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "hub/event.h"

struct feed;

enum { FEED_RING = 2048 /* events kept for those who come back */ };

/* Embedded by its owner. Filter and view may be changed only while it is not subscribed. */
struct feed_sub {
    struct event_filter filter; /* the owner calls event_filter_finish() */
    enum view view;
    void (*deliver)(struct feed_sub *sub, struct event *event); /* borrowed; a matching event, in order of seq */
    void (*flush)(struct feed_sub *sub);                        /* after a burst of deliver()s; may be NULL */
    void (*tell)(struct feed_sub *sub, const void *news);       /* from feed_broadcast(); NULL: wants none */
    /* The feed's own: */
    struct feed_sub *next, *previous;
    bool linked, delivered;
};

/* NULL when memory is short. */
struct feed *feed_create(void);
/* Nobody may be subscribed any more. NULL is fine. */
void feed_destroy(struct feed *feed);

/* The number of the log's last event at start, before anything is published. Drops what is kept. */
void feed_set_seq(struct feed *feed, uint64_t last);
uint64_t feed_last_seq(struct feed *feed);

/*
 * Writer thread, after the commit: takes a reference of its own on each event; seqs rise by one from the last. A gap
 * (an event that could not be built for want of memory) drops what is kept, so that nobody resumes over it unnoticed.
 */
void feed_publish(struct feed *feed, struct event *const *events, size_t count);

/*
 * Any thread: delivers the matching events after `since` and links the subscriber, atomically. False, and nothing done,
 * when `since` is ahead of the log or too far back for what is kept: then a newer snapshot is due.
 */
bool feed_subscribe(struct feed *feed, struct feed_sub *sub, uint64_t since);
/* After this returns no callback of the subscriber runs or will run. Fine when it is not subscribed. */
void feed_unsubscribe(struct feed *feed, struct feed_sub *sub);

/* Does the ring reach back to the event after `since`? A hint: it may change at once. */
bool feed_covers(struct feed *feed, uint64_t since);

/*
 * Copies up to `room` matching events after `since`, referenced for the caller, in order; *last is the number up to
 * which the log was looked through (= since when it is no longer covered: *covered false). For the short form of GET
 * /events.
 */
size_t feed_read(struct feed *feed, uint64_t since, const struct event_filter *filter, struct event **out, size_t room,
    uint64_t *last, bool *covered);

/* Calls tell() of every subscriber that has it, as deliver() is called; for frames that are no events. Then flushes
 * them. */
void feed_broadcast(struct feed *feed, const void *news);
size_t feed_count(struct feed *feed);

#endif
