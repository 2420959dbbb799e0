/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>

enum { ITEMS_MAX = 64 };

/* What the command line asked for; texts belong to it. */
struct settings {
    int port;
    const char *token; /* NULL: none is sent */
    int items[ITEMS_MAX], item_count;
    int clients, screens, stuck;
    int warmup, orders, burst; /* orders before, within and after what is measured */
    double rate;               /* measured and warm-up orders a second; 0 = closed loop */
    int hold_s;                /* no orders at all: keep the screens connected so long */
    bool serve;                /* marks every order served */
    bool no_print;
    int pid; /* of the server, for its CPU time; 0 = not asked */
    int timeout_s;
};

/* False, with a line and the usage on standard error, when the words make no sense. */
bool settings_read(struct settings *settings, int count, char **words);
