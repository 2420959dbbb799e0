/* SPDX-License-Identifier: MIT */
/* The box: its ports, its configuration and the restaurants under its roof. */
#ifndef HUB_HUB_H
#define HUB_HUB_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "hub/log.h"

struct clock_port;
struct crypto_port;
struct text_port;
struct bell_port;
struct ticket_art;
struct printer_maker;
struct door_port;
struct restaurant;
struct fault;

struct hub_config {
    const char *data_dir;          /* absolute or relative path; borrowed */
    int max_sockets;               /* a restaurant; default 64 */
    int max_sockets_per_token;     /* a token or staff member; default 20 */
    const char *const *host_names; /* further Host names allowed, NULL-terminated, or NULL; borrowed */
    bool demo;
    /*
     * "Nearly full" is when less is free than disk_low_bytes, or than disk_low_percent of the whole where that is less
     * (so that a small card is not called full from the start). 0: 50 MB and 5.
     */
    int64_t disk_low_bytes;
    int disk_low_percent;
};

struct hub {
    struct hub_config config;
    struct log log;
    struct clock_port *clock;
    struct crypto_port *crypto;
    struct text_port *text;
    struct bell_port *bell_lines;    /* bells on pins of the box; NULL: none of its kind */
    struct bell_port *bell_lamps;    /* lamps on a page */
    struct ticket_art *ticket_art;   /* draws tickets */
    struct printer_maker *printers;  /* opens printers by driver and address; NULL: the paper strip only */
    struct restaurant **restaurants; /* fixed after hub_open(); "main" first */
    size_t restaurant_count;
    struct door_port *_Atomic door; /* what the front door counts; NULL before it is open */
    int64_t started_monotonic_ms;
    atomic_bool stopping;            /* SIGTERM was seen: refuse new work with UNAVAILABLE */
    atomic_ulong errors_by_code[16]; /* by enum hub_err, for /metrics */
};

/*
 * Opens every restaurant found in the data folder (restaurant-<slug>.db) and makes "main" if there is none. Ports and
 * config must be set. On failure the fault says what to do, and nothing is left open.
 */
int hub_open(struct hub *hub, struct fault *fault);
/* Stops followers and writers, closes stores. */
void hub_close(struct hub *hub);

/* NULL when there is none of that slug; a NULL slug means "main". */
struct restaurant *hub_find(struct hub *hub, const char *slug);

#endif
