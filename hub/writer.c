/* SPDX-License-Identifier: MIT */
#include "hub/writer.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "hub/business_day.h"
#include "hub/feed.h"
#include "hub/hub.h"
#include "hub/json.h"
#include "hub/kitchen.h"
#include "hub/port/clock.h"
#include "hub/port/crypto.h"
#include "hub/port/store.h"
#include "hub/port/store_events.h"
#include "hub/restaurant.h"
#include "hub/tx.h"

enum { BATCH_MAX = 256, SLOW_COMMIT_MS = 1000 };

struct writer {
    struct restaurant *restaurant;
    struct store *store;
    pthread_t thread;
    pthread_mutex_t lock; /* guards all below */
    pthread_cond_t work, finished;
    struct command *head, **tail;
    size_t queued;
    bool stop;
    struct writer_stats stats;
    int64_t foreign_version; /* the thread's own: see catch_up() */
};

/* ---- one command ------------------------------------------------------------------------------------------------ */

static void run_one(struct writer *writer, struct command *command, struct arena *arena, int64_t now_ms)
{
    struct kitchen *kitchen = writer->restaurant->kitchen;
    struct id_source ids = kitchen->ids;
    uint64_t seq = kitchen->last_seq;
    size_t events = kitchen->event_count;
    struct tx tx = {.restaurant = writer->restaurant,
        .store = writer->store,
        .arena = arena,
        .now_ms = now_ms,
        .actor = command->actor};
    command->result = store_savepoint(writer->store);
    if (!command->result) command->result = command->run(command, &tx);
    if (!command->result && arena->failed) command->result = HUB_UNAVAILABLE;
    if (!command->result) command->result = store_release(writer->store);
    command->seq = kitchen->last_seq;
    if (!command->result) return;
    store_rollback_to(writer->store);
    kitchen->ids = ids;
    kitchen->last_seq = seq;
    while (kitchen->event_count > events)
        event_unref(kitchen->events[--kitchen->event_count]);
    if (kitchen->menu_changed) (void)kitchen_reload_menu(kitchen, writer->store);
}

static void explain(struct command *command)
{
    if (command->fault.code) return;
    if (command->result == HUB_STORAGE_FULL)
        fault_set(&command->fault, command->result, NULL,
            "The box's card is full: nothing was accepted. Call the owner; it goes on by itself when there is room.");
    else
        fault_set(&command->fault, command->result, NULL, "This could not be stored; nothing was accepted. Try again.");
}

/* ---- the batch -------------------------------------------------------------------------------------------------- */

static int64_t batch_time(struct restaurant *restaurant)
{
    struct kitchen *kitchen = restaurant->kitchen;
    int64_t now = clock_wall_ms(restaurant->hub->clock);
    if (now < kitchen->last_ms) now = kitchen->last_ms; /* created_at never goes back, whatever the clock does */
    kitchen->last_ms = now;
    int64_t day = business_day_at(restaurant, now);
    if (day > kitchen->day) kitchen->day = day;
    return now;
}

static void undo_batch(struct writer *writer, struct command *batch, enum hub_err err)
{
    struct kitchen *kitchen = writer->restaurant->kitchen;
    store_rollback(writer->store);
    while (kitchen->event_count > 0)
        event_unref(kitchen->events[--kitchen->event_count]);
    /* Nothing of the batch happened: what memory knows is read again. */
    (void)kitchen_load(kitchen, writer->store);
    for (struct command *c = batch; c; c = c->next) {
        if (!c->result) fault_finish(&c->fault);
        if (!c->result) c->result = err;
    }
}

static bool event_room(struct kitchen *kitchen);

/* Takes events over that somebody else has logged: they are published with this batch. */
static enum hub_err read_missed(struct writer *writer, uint64_t since)
{
    struct kitchen *kitchen = writer->restaurant->kitchen;
    enum hub_err err = HUB_OK;
    while (!err && since < kitchen->last_seq) {
        struct event *missed = NULL;
        size_t count;
        if (!event_room(kitchen)) return HUB_UNAVAILABLE;
        err = store_event_read(writer->store, since, &missed, 1, &count);
        if (err || count == 0) break;
        kitchen->events[kitchen->event_count++] = missed;
        since = missed->seq;
    }
    return err;
}

/* The command line changes the same file while we run (servery printer add): then what memory knows is read again. */
static enum hub_err catch_up(struct writer *writer)
{
    struct kitchen *kitchen = writer->restaurant->kitchen;
    uint64_t since = kitchen->last_seq;
    int64_t version;
    enum hub_err err = store_foreign_version(writer->store, &version);
    if (err || version == writer->foreign_version) return err;
    err = kitchen_load(kitchen, writer->store);
    if (!err) err = read_missed(writer, since);
    kitchen->news = TOPICS_ALL;
    if (!err) writer->foreign_version = version;
    return err;
}

static enum hub_err commit_batch(struct writer *writer, struct command *batch, struct arena *arena)
{
    enum hub_err err = store_begin(writer->store);
    if (!err) err = catch_up(writer);
    if (!err) {
        int64_t now = batch_time(writer->restaurant);
        for (struct command *c = batch; c && !err; c = c->next) {
            run_one(writer, c, arena, now);
            /* A full card is everybody's: the whole batch is refused, and counted so. */
            if (c->result == HUB_STORAGE_FULL || (c->result && !store_in_transaction(writer->store))) err = c->result;
        }
    }
    if (!err) err = store_commit(writer->store);
    if (err) undo_batch(writer, batch, err);
    return err;
}

static void publish(struct restaurant *restaurant)
{
    struct kitchen *kitchen = restaurant->kitchen;
    kitchen->menu_changed = false;
    feed_publish(restaurant->feed, kitchen->events, kitchen->event_count);
    for (size_t i = 0; i < kitchen->event_count; i++)
        event_unref(kitchen->events[i]);
    kitchen->event_count = 0;
}

/* `wrote`: a commit that had nothing to write proves nothing about the card. */
static void account(struct writer *writer, enum hub_err err, bool wrote, size_t commands, int64_t took_us)
{
    pthread_mutex_lock(&writer->lock);
    struct writer_stats *s = &writer->stats;
    bool was_full = s->storage_full;
    if (err || wrote) {
        s->failing = err != HUB_OK;
        s->storage_full = err == HUB_STORAGE_FULL;
    }
    if (s->storage_full && !was_full) s->full_since_ms = writer->restaurant->kitchen->last_ms;
    if (err == HUB_STORAGE_FULL) s->full_commits++;
    if (err)
        s->failed_commits++;
    else
        s->commits++;
    s->commands += commands;
    s->commit_us_total += took_us;
    if (took_us > s->commit_us_max) s->commit_us_max = took_us;
    pthread_mutex_unlock(&writer->lock);
    if (took_us > SLOW_COMMIT_MS * 1000)
        log_restaurant(writer->restaurant, LOG_LEVEL_WARNING, "a commit of %zu commands took %lld ms", commands,
            (long long)(took_us / 1000));
}

static int64_t now_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static void serve_batch(struct writer *writer, struct command *batch, size_t count, struct arena *arena)
{
    int64_t start = now_us(), rows = store_rows_written(writer->store);
    enum hub_err err = commit_batch(writer, batch, arena);
    account(writer, err, store_rows_written(writer->store) != rows, count, now_us() - start);
    if (!err) publish(writer->restaurant);
    struct kitchen *kitchen = writer->restaurant->kitchen;
    if (kitchen->news || err == HUB_STORAGE_FULL)
        follower_wake_all(&writer->restaurant->followers, err ? TOPICS_ALL : kitchen->news);
    kitchen->news = 0;
    for (struct command *c = batch, *next; c; c = next) {
        next = c->next;
        if (c->result) explain(c);
        c->done(c);
    }
    arena_reset(arena);
}

static struct command *take(struct writer *writer, size_t *count)
{
    struct command *batch = writer->head, *last = batch;
    *count = 1;
    while (last->next && *count < BATCH_MAX) {
        last = last->next;
        (*count)++;
    }
    writer->head = last->next;
    if (!writer->head) writer->tail = &writer->head;
    last->next = NULL;
    writer->queued -= *count;
    return batch;
}

static void *writer_main(void *data)
{
    struct writer *writer = data;
    struct arena arena;
    arena_init(&arena);
    pthread_setname_np(pthread_self(), "writer");
    pthread_mutex_lock(&writer->lock);
    for (;;) {
        while (!writer->head && !writer->stop)
            pthread_cond_wait(&writer->work, &writer->lock);
        if (!writer->head) break;
        size_t count;
        struct command *batch = take(writer, &count);
        pthread_mutex_unlock(&writer->lock);
        serve_batch(writer, batch, count, &arena);
        pthread_mutex_lock(&writer->lock);
    }
    pthread_mutex_unlock(&writer->lock);
    arena_finish(&arena);
    return NULL;
}

/* ---- the queue -------------------------------------------------------------------------------------------------- */

struct writer *writer_create(struct restaurant *restaurant, struct store *store)
{
    struct writer *writer = calloc(1, sizeof *writer);
    if (!writer) return NULL;
    writer->restaurant = restaurant;
    writer->store = store;
    writer->tail = &writer->head;
    (void)store_foreign_version(store, &writer->foreign_version); /* 0 where it fails: then it is read again */
    pthread_mutex_init(&writer->lock, NULL);
    pthread_cond_init(&writer->work, NULL);
    pthread_cond_init(&writer->finished, NULL);
    if (pthread_create(&writer->thread, NULL, writer_main, writer) == 0) return writer;
    free(writer);
    return NULL;
}

void writer_destroy(struct writer *writer)
{
    if (!writer) return;
    pthread_mutex_lock(&writer->lock);
    writer->stop = true;
    pthread_cond_signal(&writer->work);
    pthread_mutex_unlock(&writer->lock);
    pthread_join(writer->thread, NULL);
    pthread_cond_destroy(&writer->work);
    pthread_cond_destroy(&writer->finished);
    pthread_mutex_destroy(&writer->lock);
    free(writer);
}

void writer_submit(struct writer *writer, struct command *command)
{
    command->next = NULL;
    command->result = HUB_OK;
    memset(&command->fault, 0, sizeof command->fault);
    pthread_mutex_lock(&writer->lock);
    bool stopped = writer->stop;
    if (!stopped) {
        *writer->tail = command;
        writer->tail = &command->next;
        writer->queued++;
        pthread_cond_signal(&writer->work);
    }
    pthread_mutex_unlock(&writer->lock);
    if (!stopped) return;
    command->result =
        fault_set(&command->fault, HUB_UNAVAILABLE, NULL, "The box is shutting down. Try again in a moment.");
    command->done(command);
}

/* A waiting caller: the command is wrapped, so that done() can wake exactly this one. */
struct waiter {
    struct command command;
    struct command *inner;
    pthread_mutex_t lock;
    pthread_cond_t woken;
    bool done;
};

static enum hub_err run_inner(struct command *command, struct tx *tx)
{
    struct waiter *waiter = (struct waiter *)command;
    enum hub_err err = waiter->inner->run(waiter->inner, tx);
    command->fault = waiter->inner->fault; /* moved back when the caller wakes */
    return err;
}

static void wake(struct command *command)
{
    struct waiter *waiter = (struct waiter *)command;
    pthread_mutex_lock(&waiter->lock);
    waiter->done = true;
    pthread_cond_signal(&waiter->woken);
    pthread_mutex_unlock(&waiter->lock);
}

enum hub_err writer_run(struct writer *writer, struct command *command)
{
    struct waiter waiter = {.command = {.run = run_inner, .done = wake, .actor = command->actor}, .inner = command};
    memset(&command->fault, 0, sizeof command->fault);
    pthread_mutex_init(&waiter.lock, NULL);
    pthread_cond_init(&waiter.woken, NULL);
    writer_submit(writer, &waiter.command);
    pthread_mutex_lock(&waiter.lock);
    while (!waiter.done)
        pthread_cond_wait(&waiter.woken, &waiter.lock);
    pthread_mutex_unlock(&waiter.lock);
    pthread_cond_destroy(&waiter.woken);
    pthread_mutex_destroy(&waiter.lock);
    command->fault = waiter.command.fault;
    command->result = waiter.command.result;
    command->seq = waiter.command.seq;
    return command->result;
}

void writer_stats_get(struct writer *writer, struct writer_stats *out)
{
    pthread_mutex_lock(&writer->lock);
    *out = writer->stats;
    out->queued = writer->queued;
    pthread_mutex_unlock(&writer->lock);
}

/* ---- what commands make ----------------------------------------------------------------------------------------- */

static bool event_room(struct kitchen *kitchen)
{
    if (kitchen->event_count < kitchen->event_room) return true;
    size_t room = kitchen->event_room ? kitchen->event_room * 2 : 64;
    struct event **events = realloc(kitchen->events, room * sizeof *events);
    if (!events) return false;
    kitchen->events = events;
    kitchen->event_room = room;
    return true;
}

void tx_note(struct tx *tx, enum topic topic)
{
    tx->restaurant->kitchen->news |= TOPIC_BIT(topic);
}

enum hub_err tx_event(
    struct tx *tx, enum topic topic, const char *type, const char *route, const char *members, size_t length)
{
    struct kitchen *kitchen = tx->restaurant->kitchen;
    struct json_writer w;
    json_writer_init(&w);
    json_begin_object(&w);
    json_put_string(&w, "type", type);
    json_put_int(&w, "seq", (int64_t)kitchen->last_seq + 1);
    json_key(&w, "timestamp");
    json_time(&w, tx->now_ms);
    json_raw_members(&w, members, length);
    json_end_object(&w);
    size_t size = 0;
    char *text = json_writer_take(&w, &size);
    struct event *event = event_create(kitchen->last_seq + 1, tx->now_ms, topic, type, route, text, size);
    if (!event || !event_room(kitchen)) {
        event_unref(event);
        return HUB_UNAVAILABLE;
    }
    enum hub_err err = store_event_add(tx->store, event);
    if (err) {
        event_unref(event);
        return err;
    }
    kitchen->events[kitchen->event_count++] = event;
    kitchen->last_seq++;
    tx_note(tx, topic);
    return HUB_OK;
}
