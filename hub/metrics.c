/* SPDX-License-Identifier: MIT */
#include "hub/metrics.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "hub/business_day.h"
#include "hub/feed.h"
#include "hub/frame.h"
#include "hub/hub.h"
#include "hub/log.h"
#include "hub/port/clock.h"
#include "hub/port/store_events.h"
#include "hub/port/store_metrics.h"
#include "hub/restaurant.h"

enum {
    REST_MS = 1000,  /* between two updates */
    REST_TIMES = 20, /* and this many times what the last one took */
    FRESH_MS = 1000, /* figures of this age serve a snapshot of the same seq: many screens come back at once */
    HURRY_MS = 5,    /* a snapshot in a hurry computes when the last time took no longer */
    HOUR_MS = 3600 * 1000
};

struct metrics {
    struct feed_sub sub; /* first; marks the figures as out of date */
    struct restaurant *restaurant;
    pthread_t thread;
    atomic_int watchers;
    pthread_mutex_t lock; /* guards all below */
    pthread_cond_t woken;
    bool stop, dirty;
    int64_t rest_until_ms, late_at_ms; /* monotonic; when the next ticket becomes late: 0 = none will */
    char *known;                       /* JSON written last; NULL = none */
    uint64_t known_seq, known_mark;
    int64_t known_at_ms, took_ms; /* monotonic; how long that took */
};

/* ---- computing --------------------------------------------------------------------------------------------------- */

static int64_t local_hour(struct restaurant *r, int64_t wall_ms)
{
    int64_t local = wall_ms + (int64_t)clock_utc_offset_min(r->hub->clock, wall_ms) * 60000;
    return local / HOUR_MS % 24;
}

static void add_quarter(struct restaurant *r, const struct figure_quarter *quarter, struct figures *f)
{
    f->orders += quarter->orders;
    f->revenue += quarter->revenue;
    f->paid += quarter->paid;
    f->customers += quarter->customers;
    int64_t hour = local_hour(r, quarter->begins_ms);
    size_t at = 0; /* an hour that comes twice, when clocks are put back, is one */
    while (at < f->hour_count && f->hours[at].hour != hour)
        at++;
    if (at == f->hour_count) f->hours[f->hour_count++].hour = hour; /* at most 24 */
    f->hours[at].orders += quarter->orders;
    f->hours[at].revenue += quarter->revenue;
}

static enum hub_err compute(
    struct restaurant *r, struct store *store, struct arena *arena, int64_t now_ms, struct figures *f)
{
    struct figure_quarter *quarters;
    size_t count = 0;
    int64_t day = business_day_at(r, now_ms), newest = 0;
    *f = (struct figures){0};
    enum hub_err err = store_newest_day(store, &newest);
    if (newest > day) day = newest; /* the business day does not go back with the clock */
    if (!err) err = store_figure_quarters(store, arena, day, &quarters, &count);
    for (size_t i = 0; i < count && !err; i++)
        add_quarter(r, &quarters[i], f);
    return err ? err : store_figures(store, arena, day, now_ms, f);
}

const int figure_prep_steps_s[FIGURE_PREP_STEPS] = {300, 600, 900, 1200, 1800, 0};

/* ---- writing ----------------------------------------------------------------------------------------------------- */

static void put_seconds(struct json_writer *w, const char *key, bool known, int64_t ms)
{
    json_key(w, key);
    if (known)
        json_double(w, (double)(ms / 100) / 10);
    else
        json_null(w);
}

static void write_prep_times(const struct figures *f, struct json_writer *w)
{
    json_key(w, "prep_times");
    json_begin_array(w);
    for (size_t i = 0; i < FIGURE_PREP_STEPS; i++) {
        json_begin_object(w);
        json_put_id_or_null(w, "under_s", figure_prep_steps_s[i]);
        json_put_int(w, "orders", f->prep_steps[i]);
        json_end_object(w);
    }
    json_end_array(w);
}

static void write_lists(const struct figures *f, struct json_writer *w)
{
    json_key(w, "by_hour");
    json_begin_array(w);
    for (size_t i = 0; i < f->hour_count; i++) {
        json_begin_object(w);
        json_put_int(w, "hour", f->hours[i].hour);
        json_put_int(w, "orders", f->hours[i].orders);
        json_put_int(w, "revenue", f->hours[i].revenue);
        json_end_object(w);
    }
    json_end_array(w);
    json_key(w, "top_items");
    json_begin_array(w);
    for (size_t i = 0; i < f->item_count; i++) {
        json_begin_object(w);
        json_put_id_or_null(w, "menu_item_id", f->items[i].menu_item_id);
        json_put_string(w, "name", f->items[i].name);
        json_put_int(w, "quantity", f->items[i].quantity);
        json_end_object(w);
    }
    json_end_array(w);
}

/* now_ms 0: leaves out what changes with time alone. */
static void write_figures(const struct figures *f, int64_t now_ms, struct json_writer *w)
{
    json_begin_object(w);
    json_put_int(w, "orders_today", f->orders);
    json_put_int(w, "revenue_today", f->revenue);
    json_put_int(w, "paid_today", f->paid);
    json_put_int(w, "customers_today", f->customers);
    json_put_int(w, "open_orders", f->open_orders);
    put_seconds(w, "average_prep_s", f->prepared > 0, f->average_prep_ms);
    put_seconds(w, "p90_prep_s", f->prepared > 0, f->p90_prep_ms);
    int64_t age = now_ms > f->oldest_pending_at ? now_ms - f->oldest_pending_at : 0;
    if (now_ms) put_seconds(w, "oldest_pending_s", f->oldest_pending_at > 0, age);
    json_put_int(w, "late_orders", f->late_orders);
    json_put_int(w, "tables_occupied", f->tables_occupied);
    write_prep_times(f, w);
    write_lists(f, w);
    json_end_object(w);
}

/* FNV-1a; never 0, which is the mark of a connection that was shown nothing. */
static uint64_t mark_of(const struct figures *f)
{
    struct json_writer w;
    json_writer_init(&w);
    write_figures(f, 0, &w);
    uint64_t hash = 14695981039346656037u;
    for (size_t i = 0; i < w.length; i++)
        hash = (hash ^ (unsigned char)w.text[i]) * 1099511628211u;
    json_writer_finish(&w);
    return hash | 1;
}

/* Takes the text, as what is known now. */
static void remember(struct metrics *m, char *text, uint64_t seq, uint64_t mark, int64_t late_in_ms, int64_t took_ms)
{
    int64_t now = clock_monotonic_ms(m->restaurant->hub->clock);
    pthread_mutex_lock(&m->lock);
    free(m->known);
    m->known = text;
    m->known_seq = seq;
    m->known_mark = mark;
    m->known_at_ms = now;
    m->took_ms = took_ms;
    m->late_at_ms = late_in_ms == INT64_MAX ? 0 : now + (late_in_ms < REST_MS ? REST_MS : late_in_ms);
    pthread_mutex_unlock(&m->lock);
}

/* Computes, appends the object to `w` and remembers it. */
static enum hub_err figure(struct metrics *m, struct store *store, uint64_t seq, struct json_writer *w, uint64_t *mark)
{
    struct clock_port *clock = m->restaurant->hub->clock;
    int64_t now = clock_wall_ms(clock), start = clock_monotonic_ms(clock);
    struct figures f;
    struct arena arena;
    struct json_writer text;
    json_writer_init(&text);
    arena_init(&arena);
    enum hub_err err = compute(m->restaurant, store, &arena, now, &f);
    if (!err) {
        write_figures(&f, now, &text);
        *mark = mark_of(&f);
        json_raw(w, text.text, text.length);
    }
    arena_finish(&arena);
    size_t length;
    char *known = json_writer_take(&text, &length);
    if (!err && !known) err = HUB_UNAVAILABLE;
    if (err)
        free(known);
    else
        remember(
            m, known, seq, *mark, f.next_late_at ? f.next_late_at - now : INT64_MAX, clock_monotonic_ms(clock) - start);
    return err;
}

enum hub_err metrics_write(
    struct metrics *m, struct store *store, uint64_t seq, bool hurry, struct json_writer *w, uint64_t *mark)
{
    *mark = 0;
    if (!m) {
        json_null(w);
        return HUB_OK;
    }
    int64_t now = clock_monotonic_ms(m->restaurant->hub->clock);
    pthread_mutex_lock(&m->lock);
    bool fresh = m->known && m->known_seq == seq && now - m->known_at_ms < FRESH_MS;
    bool enough = fresh || (m->known && hurry && m->took_ms > HURRY_MS);
    if (enough) {
        json_raw(w, m->known, strlen(m->known));
        *mark = m->known_mark;
    }
    pthread_mutex_unlock(&m->lock);
    if (!enough) return figure(m, store, seq, w, mark);
    if (!fresh) metrics_joined(m); /* the new ones follow */
    return HUB_OK;
}

/* ---- the thread -------------------------------------------------------------------------------------------------- */

static enum hub_err read_now(struct metrics *m, struct json_writer *w, uint64_t *mark)
{
    uint64_t seq = 0;
    struct store *store = restaurant_reader(m->restaurant, NULL);
    enum hub_err err = store ? store_read_begin(store) : HUB_UNAVAILABLE;
    if (!err) err = store_event_last(store, &seq);
    if (!err) err = figure(m, store, seq, w, mark);
    if (!store) return err;
    store_read_end(store);
    restaurant_reader_done(m->restaurant, store);
    return err;
}

static void update(struct metrics *m)
{
    struct metrics_news news = {0};
    struct json_writer w;
    json_writer_init(&w);
    json_begin_object(&w);
    json_put_string(&w, "type", "metrics_update");
    json_key(&w, "metrics");
    enum hub_err err = read_now(m, &w, &news.mark);
    json_end_object(&w);
    if (!err && !w.failed) news.frame = frame_create(w.text, w.length);
    if (news.frame)
        feed_broadcast(m->restaurant->feed, &news);
    else
        log_restaurant(m->restaurant, LOG_LEVEL_WARNING, "the day's figures could not be computed (%s)",
            hub_err_name(err ? err : HUB_UNAVAILABLE));
    frame_unref(news.frame);
    json_writer_finish(&w);
}

/* Lock held. When to compute next, monotonic; INT64_MAX = when something happens. */
static int64_t due(struct metrics *m)
{
    if (atomic_load(&m->watchers) <= 0) return INT64_MAX;
    if (m->dirty) return m->rest_until_ms;
    return m->late_at_ms ? m->late_at_ms : INT64_MAX;
}

/* Lock held. */
static void wait_until(struct metrics *m, int64_t due_ms, int64_t now_ms)
{
    if (due_ms == INT64_MAX) {
        pthread_cond_wait(&m->woken, &m->lock);
        return;
    }
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    int64_t left = due_ms - now_ms < HOUR_MS ? due_ms - now_ms : HOUR_MS;
    int64_t ns = until.tv_nsec + left % 1000 * 1000000;
    until.tv_sec += (time_t)(left / 1000 + ns / 1000000000);
    until.tv_nsec = (long)(ns % 1000000000);
    pthread_cond_timedwait(&m->woken, &m->lock, &until);
}

static void *metrics_main(void *data)
{
    struct metrics *m = data;
    struct clock_port *clock = m->restaurant->hub->clock;
    pthread_setname_np(pthread_self(), "figures");
    pthread_mutex_lock(&m->lock);
    while (!m->stop) {
        int64_t now = clock_monotonic_ms(clock), due_ms = due(m);
        if (now < due_ms) {
            wait_until(m, due_ms, now);
            continue;
        }
        m->dirty = false;
        m->late_at_ms = 0;
        pthread_mutex_unlock(&m->lock);
        update(m);
        pthread_mutex_lock(&m->lock);
        int64_t rest = m->took_ms * REST_TIMES;
        m->rest_until_ms = clock_monotonic_ms(clock) + (rest > REST_MS ? rest : REST_MS);
    }
    pthread_mutex_unlock(&m->lock);
    return NULL;
}

void metrics_joined(struct metrics *m)
{
    if (!m) return;
    pthread_mutex_lock(&m->lock);
    m->dirty = true;
    /* Always: the thread may have gone to sleep for want of watchers with something left to do. */
    pthread_cond_signal(&m->woken);
    pthread_mutex_unlock(&m->lock);
}

void metrics_watchers(struct metrics *m, int change)
{
    if (m) atomic_fetch_add(&m->watchers, change);
}

/* The feed's lock is held. Without watchers nobody is woken: who comes later calls metrics_joined(). */
static void deliver(struct feed_sub *sub, struct event *event)
{
    struct metrics *m = (struct metrics *)sub;
    (void)event;
    if (atomic_load(&m->watchers) <= 0) return;
    pthread_mutex_lock(&m->lock);
    /* Once it knows, a rush of events does not wake it from its rest. */
    if (!m->dirty) pthread_cond_signal(&m->woken);
    m->dirty = true;
    pthread_mutex_unlock(&m->lock);
}

struct metrics *metrics_create(struct restaurant *restaurant)
{
    struct metrics *m = calloc(1, sizeof *m);
    if (!m) return NULL;
    m->restaurant = restaurant;
    atomic_init(&m->watchers, 0);
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_mutex_init(&m->lock, NULL);
    pthread_cond_init(&m->woken, &monotonic);
    pthread_condattr_destroy(&monotonic);
    event_filter_init(&m->sub.filter);
    m->sub.filter.topics = TOPIC_BIT(TOPIC_ORDERS) | TOPIC_BIT(TOPIC_TABLES);
    m->sub.deliver = deliver;
    if (pthread_create(&m->thread, NULL, metrics_main, m) == 0) {
        /* From the log's end, which the ring always covers, unless it moved on by the whole ring in between. */
        while (!feed_subscribe(restaurant->feed, &m->sub, feed_last_seq(restaurant->feed))) {
        }
        return m;
    }
    pthread_cond_destroy(&m->woken);
    pthread_mutex_destroy(&m->lock);
    free(m);
    return NULL;
}

void metrics_destroy(struct metrics *m)
{
    if (!m) return;
    feed_unsubscribe(m->restaurant->feed, &m->sub);
    pthread_mutex_lock(&m->lock);
    m->stop = true;
    pthread_cond_signal(&m->woken);
    pthread_mutex_unlock(&m->lock);
    pthread_join(m->thread, NULL);
    pthread_cond_destroy(&m->woken);
    pthread_mutex_destroy(&m->lock);
    free(m->known);
    free(m);
}
