/* SPDX-License-Identifier: MIT */
#include "world.h"

#include <dirent.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "drivers/crypto_sodium/crypto_sodium.h"
#include "drivers/os_clock/os_clock.h"
#include "drivers/text_utf8proc/text_utf8proc.h"
#include "hub/feed.h"
#include "hub/port/store.h"

static int64_t wall(struct clock_port *clock)
{
    return atomic_load(&((struct world *)clock)->now_ms);
}

static int64_t monotonic(struct clock_port *clock)
{
    (void)clock;
    return clock_monotonic_ms(os_clock());
}

static int no_offset(struct clock_port *clock, int64_t wall_ms)
{
    (void)clock;
    (void)wall_ms;
    return 0;
}

static const struct clock_ops world_clock = {wall, monotonic, no_offset};

int world_setup(void **state)
{
    struct world *w = calloc(1, sizeof *w);
    if (!w) return -1;
    *state = w;
    w->clock.ops = &world_clock;
    atomic_init(&w->now_ms, 1795170600000);
    snprintf(w->folder, sizeof w->folder, "/tmp/servery-device-XXXXXX");
    if (!mkdtemp(w->folder)) return -1;
    snprintf(w->path, sizeof w->path, "%s/restaurant-main.db", w->folder);
    log_init(&w->hub.log, LOG_LEVEL_ERROR);
    w->hub.config = (struct hub_config){.data_dir = w->folder, .max_sockets = 4, .max_sockets_per_token = 4};
    w->hub.clock = &w->clock;
    w->hub.crypto = crypto_sodium();
    w->hub.text = text_utf8proc();
    struct fault fault = {0};
    return restaurant_open(&w->hub, "main", &w->restaurant, &fault) == HUB_OK ? 0 : -1;
}

void world_reopen(struct world *w)
{
    struct fault fault = {0};
    restaurant_close(w->restaurant);
    assert_int_equal(restaurant_open(&w->hub, "main", &w->restaurant, &fault), HUB_OK);
}

int world_teardown(void **state)
{
    struct world *w = *state;
    restaurant_close(w->restaurant);
    DIR *dir = opendir(w->folder);
    for (struct dirent *entry; dir && (entry = readdir(dir));) {
        char path[400];
        snprintf(path, sizeof path, "%s/%s", w->folder, entry->d_name);
        if (entry->d_name[0] != '.') unlink(path);
    }
    if (dir) closedir(dir);
    rmdir(w->folder);
    free(w);
    return 0;
}

struct one_step {
    struct command command;
    step *run;
    void *data;
};

static enum hub_err run_step(struct command *command, struct tx *tx)
{
    struct one_step *s = (struct one_step *)command;
    return s->run(tx, s->data);
}

enum hub_err world_try(struct world *w, const struct actor *actor, step *run, void *data)
{
    struct one_step s = {.command = {.run = run_step}, .run = run, .data = data};
    if (actor) s.command.actor = *actor;
    enum hub_err err = writer_run(w->restaurant->writer, &s.command);
    fault_finish(&s.command.fault);
    return err;
}

void world_run(struct world *w, const struct actor *actor, step *run, void *data)
{
    assert_int_equal(world_try(w, actor, run, data), HUB_OK);
}

uint64_t world_seq(struct world *w)
{
    return feed_last_seq(w->restaurant->feed);
}

size_t world_events(struct world *w, uint64_t since, char *text, size_t size)
{
    struct event *events[64];
    struct event_filter all;
    uint64_t last;
    bool covered;
    event_filter_init(&all);
    size_t count = feed_read(w->restaurant->feed, since, &all, events, 64, &last, &covered);
    assert_true(covered);
    if (text) snprintf(text, size, "%s", count ? events[count - 1]->text : "");
    for (size_t i = 0; i < count; i++)
        event_unref(events[i]);
    return count;
}

static int one_int(void *data, int columns, char **values, char **names)
{
    (void)names;
    if (data && columns > 0 && values[0]) *(int64_t *)data = strtoll(values[0], NULL, 10);
    return 0;
}

static void execute(struct world *w, const char *sql, int64_t *value)
{
    sqlite3 *db;
    char *message = NULL;
    assert_int_equal(sqlite3_open(w->path, &db), SQLITE_OK);
    sqlite3_busy_timeout(db, 5000);
    if (sqlite3_exec(db, sql, one_int, value, &message) != SQLITE_OK) fail_msg("%s: %s", sql, message);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

void world_sql(struct world *w, const char *sql)
{
    execute(w, sql, NULL);
}

int64_t world_sql_int(struct world *w, const char *sql)
{
    int64_t value = 0;
    execute(w, sql, &value);
    return value;
}

void assert_contains(const char *text, const char *part)
{
    if (!strstr(text, part)) fail_msg("%s is not in %s", part, text);
}
