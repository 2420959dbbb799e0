/* SPDX-License-Identifier: MIT */
/* One restaurant: its own file, writer, log, screens and people. Nothing crosses to another. */
#ifndef HUB_RESTAURANT_H
#define HUB_RESTAURANT_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "hub/err.h"
#include "hub/follower.h"

struct hub;
struct store;
struct writer;
struct feed;
struct menu;
struct credentials;
struct live_hub;
struct store_pool;
struct kitchen;
struct bell_follower;
struct print_follower;
struct watch;
struct metrics;

enum { SLUG_MAX = 40 };

/* What the owner set; replaced as a whole by the writer, copied out under the lock by others. */
struct settings {
    char name[324]; /* up to 80 characters of UTF-8 */
    char currency[4];
    char locale[36];
    char time_zone[64]; /* the box's, for display */
    int closing_hour;   /* 0..12, local: the business day turns then */
    bool tax_inclusive;
};

struct restaurant {
    struct hub *hub;
    char slug[SLUG_MAX + 1];
    char log_id[37];          /* UUID of this history; fixed while open */
    char path[512];           /* of its file */
    struct settings settings; /* guarded by settings_lock */
    pthread_rwlock_t settings_lock;
    struct writer *writer;
    struct store *store; /* the writing connection: the writer thread's alone */
    struct store_pool *readers;
    struct feed *feed;     /* what happened lately, and who is listening */
    struct live_hub *live; /* sockets and polls by client, limits, the metrics tick */
    struct credentials *credentials;
    struct follower_list followers;        /* woken after each commit */
    struct bell_follower *bell_follower;   /* rings; NULL until restaurant_follow() */
    struct print_follower *print_follower; /* prints; NULL until restaurant_follow() */
    struct watch *watch;                   /* of the box; NULL until restaurant_follow() */
    struct metrics *metrics;               /* the day's figures; NULL until restaurant_follow() */
    struct kitchen *kitchen;               /* writer thread's working state: menu, counters, business day */
};

/* Opens or makes the restaurant's file and starts its writer. *out is closed by restaurant_close(). */
enum hub_err restaurant_open(struct hub *hub, const char *slug, struct restaurant **out, struct fault *fault);
/* Starts ringing and printing; for the process that serves, not for one that only looks into the file. */
enum hub_err restaurant_follow(struct restaurant *restaurant, struct fault *fault);
void restaurant_close(struct restaurant *restaurant);
void restaurant_settings(struct restaurant *restaurant, struct settings *out);

/* 1..40 of a-z 0-9 and inner hyphens. */
bool slug_valid(const char *slug);

/* Reading connections, shared by worker threads: waits for a free one. NULL (with the fault) when none can be opened.
 */
struct store *restaurant_reader(struct restaurant *restaurant, struct fault *fault);
void restaurant_reader_done(struct restaurant *restaurant, struct store *store);

#endif
