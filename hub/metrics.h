/* SPDX-License-Identifier: MIT */
/*
 * The day's figures: `metrics` of sync_state and of metrics_update.
 *
 * Who computes them, and when. They are sums over the business day, and must not slow an order down, so a thread of its
 * own computes them on a reading connection: after a commit that made an event, at most once a second, only while a
 * socket is connected that may see them, and once more when the next ticket becomes late. With nothing to do it sleeps
 * without a timer. At a day of ordinary size this takes a few milliseconds; on a day so big that it takes long, it
 * rests for twenty times as long as it worked, so it never has more than a twentieth of one processor core. A snapshot
 * computes them on the connection it reads from, unless they are known for its very seq. The one snapshot that is made
 * on the writer's thread (a `sync` on a socket) takes those known last when computing would take long, and the thread
 * then sends the new ones behind it.
 *
 * Each connection remembers a mark of the figures it was shown last, so that a socket that has them already gets
 * nothing, and one that was connected between an event and its figures is not left out. oldest_pending_s alone, which
 * changes with every second, is no news.
 *
 * What the figures mean where the contract leaves room: orders_today and customers_today count every order taken on the
 * business day, also if it was cancelled later; by_hour has the local hours that had orders, in order of the business
 * day; times to prepare go from taking an order until all of it was ready for the first time; oldest_pending_s and
 * late_orders are about tickets to cook, whatever day they are of: late is what a station has not made ready after its
 * `red_s`.
 */
#ifndef HUB_METRICS_H
#define HUB_METRICS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "hub/err.h"
#include "hub/json.h"

struct frame;
struct restaurant;
struct store;
struct metrics;

enum { FIGURE_HOURS = 32 /* a business day has 24 hours, 25 when clocks are put back */, FIGURE_ITEMS = 10 };
enum { FIGURE_PREP_STEPS = 6 };
/* Orders ready in under so many seconds (and not under the step before); the last step, 0, has no end. */
extern const int figure_prep_steps_s[FIGURE_PREP_STEPS];

struct figures {
    int64_t orders, revenue, paid, customers, open_orders, late_orders, tables_occupied;
    int64_t prepared;                     /* orders that were ready; 0: no times */
    int64_t average_prep_ms, p90_prep_ms; /* ninetieth percentile, nearest rank */
    int64_t prep_steps[FIGURE_PREP_STEPS];
    int64_t oldest_pending_at; /* 0 = nothing is pending */
    int64_t next_late_at;      /* when the next ticket becomes late; 0 = none will */
    struct {
        int64_t hour, orders, revenue;
    } hours[FIGURE_HOURS];
    size_t hour_count;
    struct {
        int64_t menu_item_id; /* 0 = open item */
        const char *name;
        int64_t quantity;
    } items[FIGURE_ITEMS]; /* most first */
    size_t item_count;
};

/* Starts the thread. NULL when memory or threads are short. */
struct metrics *metrics_create(struct restaurant *restaurant);
void metrics_destroy(struct metrics *metrics); /* NULL is fine */

/* What feed_broadcast() hands to tell(): a metrics_update frame and its mark. */
struct metrics_news {
    struct frame *frame;
    uint64_t mark;
};

/* A socket that may see the figures comes (+1) or goes (-1). Any thread; NULL is fine. */
void metrics_watchers(struct metrics *metrics, int change);
/* It is subscribed: look whether it was told old figures. Any thread; NULL is fine. */
void metrics_joined(struct metrics *metrics);

/*
 * Any thread: writes the object as of what the store shows, whose last event is `seq`. *mark is the mark of what was
 * written. `hurry`: better old figures than a wait of more than some milliseconds, if there are any. NULL metrics write
 * null.
 */
enum hub_err metrics_write(
    struct metrics *metrics, struct store *store, uint64_t seq, bool hurry, struct json_writer *w, uint64_t *mark);

#endif
