/* SPDX-License-Identifier: MIT */
#include "hub/restaurant.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hub/bell_follower.h"
#include "hub/credentials.h"
#include "hub/feed.h"
#include "hub/hub.h"
#include "hub/kitchen.h"
#include "hub/live_hub.h"
#include "hub/metrics.h"
#include "hub/port/crypto.h"
#include "hub/port/store.h"
#include "hub/port/store_menu.h"
#include "hub/print_follower.h"
#include "hub/watch.h"
#include "hub/writer.h"

enum { READERS_MAX = 6 };

struct store_pool {
    pthread_mutex_t lock;
    pthread_cond_t returned;
    struct store *idle[READERS_MAX];
    int idle_count, open_count;
};

bool slug_valid(const char *slug)
{
    size_t length = strlen(slug);
    if (length == 0 || length > SLUG_MAX || slug[0] == '-' || slug[length - 1] == '-') return false;
    return strspn(slug, "abcdefghijklmnopqrstuvwxyz0123456789-") == length;
}

/* ---- reading connections ----------------------------------------------------------------------------------------- */

struct store *restaurant_reader(struct restaurant *restaurant, struct fault *fault)
{
    struct store_pool *pool = restaurant->readers;
    struct store *store = NULL;
    pthread_mutex_lock(&pool->lock);
    while (pool->idle_count == 0 && pool->open_count == READERS_MAX)
        pthread_cond_wait(&pool->returned, &pool->lock);
    if (pool->idle_count > 0)
        store = pool->idle[--pool->idle_count];
    else
        pool->open_count++;
    pthread_mutex_unlock(&pool->lock);
    if (store) return store;
    if (store_open(restaurant->path, STORE_READ, &restaurant->hub->log, &store, fault) == HUB_OK) return store;
    pthread_mutex_lock(&pool->lock);
    pool->open_count--;
    pthread_cond_signal(&pool->returned);
    pthread_mutex_unlock(&pool->lock);
    return NULL;
}

void restaurant_reader_done(struct restaurant *restaurant, struct store *store)
{
    struct store_pool *pool = restaurant->readers;
    pthread_mutex_lock(&pool->lock);
    pool->idle[pool->idle_count++] = store;
    pthread_cond_signal(&pool->returned);
    pthread_mutex_unlock(&pool->lock);
}

static struct store_pool *pool_create(void)
{
    struct store_pool *pool = calloc(1, sizeof *pool);
    if (!pool) return NULL;
    pthread_mutex_init(&pool->lock, NULL);
    pthread_cond_init(&pool->returned, NULL);
    return pool;
}

static void pool_destroy(struct store_pool *pool)
{
    if (!pool) return;
    for (int i = 0; i < pool->idle_count; i++)
        store_close(pool->idle[i]);
    pthread_cond_destroy(&pool->returned);
    pthread_mutex_destroy(&pool->lock);
    free(pool);
}

/* ---- settings ---------------------------------------------------------------------------------------------------- */

void restaurant_settings(struct restaurant *restaurant, struct settings *out)
{
    pthread_rwlock_rdlock(&restaurant->settings_lock);
    *out = restaurant->settings;
    pthread_rwlock_unlock(&restaurant->settings_lock);
}

static enum hub_err setting(struct store *store, const char *key, const char *otherwise, char *out, size_t size)
{
    enum hub_err err = store_meta_get(store, key, out, size);
    if (err == HUB_NOT_FOUND) snprintf(out, size, "%s", otherwise);
    return err == HUB_NOT_FOUND ? HUB_OK : err;
}

static enum hub_err load_settings(struct restaurant *r)
{
    struct settings *s = &r->settings;
    char hour[8], inclusive[8];
    enum hub_err err = setting(r->store, "name", r->slug, s->name, sizeof s->name);
    if (!err) err = setting(r->store, "currency", "EUR", s->currency, sizeof s->currency);
    if (!err) err = setting(r->store, "locale", "en", s->locale, sizeof s->locale);
    if (!err) err = setting(r->store, "closing_hour", "4", hour, sizeof hour);
    if (!err) err = setting(r->store, "tax_inclusive", "1", inclusive, sizeof inclusive);
    if (err) return err;
    const char *zone = getenv("TZ");
    snprintf(s->time_zone, sizeof s->time_zone, "%s", zone && *zone ? zone : "local");
    s->closing_hour = (int)strtol(hour, NULL, 10);
    s->tax_inclusive = strcmp(inclusive, "0") != 0;
    return HUB_OK;
}

/* A history's name: a random UUID (version 4), made once. */
static enum hub_err name_history(struct restaurant *r)
{
    enum hub_err err = store_meta_get(r->store, "log_id", r->log_id, sizeof r->log_id);
    if (err != HUB_NOT_FOUND) return err;
    uint8_t b[16];
    r->hub->crypto->ops->random(r->hub->crypto, b, sizeof b);
    b[6] = (uint8_t)((b[6] & 0x0f) | 0x40);
    b[8] = (uint8_t)((b[8] & 0x3f) | 0x80);
    snprintf(r->log_id, sizeof r->log_id, "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x", b[0],
        b[1], b[2], b[3], b[4], b[5], b[6], b[7], b[8], b[9], b[10], b[11], b[12], b[13], b[14], b[15]);
    return store_meta_set(r->store, "log_id", r->log_id);
}

/* ---- life -------------------------------------------------------------------------------------------------------- */

/* A restaurant without a station could cook nothing. */
static enum hub_err first_station(struct restaurant *r)
{
    if (r->kitchen->menu->station_count) return HUB_OK;
    enum hub_err err = store_station_put(r->store, "kitchen");
    return err ? err : kitchen_reload_menu(r->kitchen, r->store);
}

static enum hub_err open_parts(struct restaurant *r, struct fault *fault)
{
    enum hub_err err = store_open(r->path, STORE_WRITE, &r->hub->log, &r->store, fault);
    if (!err) err = name_history(r);
    if (!err) err = load_settings(r);
    if (!err) err = kitchen_load(r->kitchen, r->store);
    if (!err && !r->hub->config.demo) err = first_station(r);
    if (err) return fault->code ? err : fault_set(fault, err, NULL, "The data file %s cannot be read.", r->path);
    r->readers = pool_create();
    r->feed = feed_create();
    r->credentials = credentials_create(r);
    r->live = live_hub_create(r);
    if (r->feed) feed_set_seq(r->feed, r->kitchen->last_seq);
    r->writer = r->feed ? writer_create(r, r->store) : NULL;
    if (!r->readers || !r->feed || !r->credentials || !r->live || !r->writer)
        return fault_set(fault, HUB_UNAVAILABLE, NULL, "Out of memory while opening restaurant %s.", r->slug);
    return HUB_OK;
}

enum hub_err restaurant_open(struct hub *hub, const char *slug, struct restaurant **out, struct fault *fault)
{
    *out = NULL;
    struct restaurant *r = calloc(1, sizeof *r);
    if (r) r->kitchen = calloc(1, sizeof *r->kitchen);
    if (!r || !r->kitchen) {
        free(r);
        return fault_set(fault, HUB_UNAVAILABLE, NULL, "Out of memory.");
    }
    r->hub = hub;
    pthread_rwlock_init(&r->settings_lock, NULL);
    follower_list_init(&r->followers);
    snprintf(r->slug, sizeof r->slug, "%s", slug);
    snprintf(r->path, sizeof r->path, "%s/restaurant-%s.db", hub->config.data_dir, slug);
    enum hub_err err = open_parts(r, fault);
    if (err)
        restaurant_close(r);
    else
        *out = r;
    return err;
}

enum hub_err restaurant_follow(struct restaurant *r, struct fault *fault)
{
    r->bell_follower = bell_follower_create(r);
    r->print_follower = r->bell_follower ? print_follower_create(r) : NULL;
    r->watch = r->print_follower ? watch_create(r) : NULL;
    r->metrics = r->watch ? metrics_create(r) : NULL;
    if (r->metrics) return HUB_OK;
    return fault_set(
        fault, HUB_UNAVAILABLE, NULL, "Ringing and printing could not be started for restaurant %s.", r->slug);
}

void restaurant_close(struct restaurant *r)
{
    if (!r) return;
    metrics_destroy(r->metrics);
    watch_destroy(r->watch);
    print_follower_destroy(r->print_follower);
    bell_follower_destroy(r->bell_follower);
    writer_destroy(r->writer);
    live_hub_destroy(r->live);
    credentials_destroy(r->credentials);
    feed_destroy(r->feed);
    pool_destroy(r->readers);
    kitchen_finish(r->kitchen);
    store_close(r->store);
    pthread_rwlock_destroy(&r->settings_lock);
    follower_list_finish(&r->followers);
    free(r->kitchen);
    free(r);
}
