/* SPDX-License-Identifier: MIT */
#include "hub/print_follower.h"

#include <stdlib.h>

#include "hub/device.h"
#include "hub/event.h"
#include "hub/follower.h"
#include "hub/hub.h"
#include "hub/log.h"
#include "hub/port/clock.h"
#include "hub/port/store_devices.h"
#include "hub/printer_worker.h"
#include "hub/restaurant.h"

enum { PRINTERS_MAX = 32, LOOK_MS = 5000 /* printers are set up from the command line, too: nobody wakes us then */ };

struct print_follower {
    struct restaurant *restaurant;
    struct follower *thread; /* looks after the list */
    struct printer_worker *workers[PRINTERS_MAX];
    size_t count;
};

static bool keep(struct printer_worker *worker, const struct device *devices, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (devices[i].kind == DEVICE_PRINTER && printer_worker_serves(worker, &devices[i])) return true;
    return false;
}

static bool served(const struct print_follower *f, const struct device *device)
{
    for (size_t i = 0; i < f->count; i++)
        if (printer_worker_serves(f->workers[i], device)) return true;
    return false;
}

/* A worker for each printer that is set up, none for one that is not any more. */
static void match_workers(struct print_follower *f, const struct device *devices, size_t count)
{
    for (size_t i = f->count; i-- > 0;) {
        if (keep(f->workers[i], devices, count)) continue;
        printer_worker_destroy(f->workers[i]);
        f->workers[i] = f->workers[--f->count];
    }
    for (size_t i = 0; i < count; i++) {
        if (devices[i].kind != DEVICE_PRINTER || f->count == PRINTERS_MAX || served(f, &devices[i])) continue;
        struct printer_worker *worker = printer_worker_create(f->restaurant, &devices[i]);
        if (worker) f->workers[f->count++] = worker;
    }
}

static void look(struct print_follower *f)
{
    struct fault fault = {0};
    struct arena arena;
    struct device *devices = NULL;
    size_t count = 0;
    struct store *store = restaurant_reader(f->restaurant, &fault);
    if (!store) return;
    arena_init(&arena);
    enum hub_err err = store_devices_load(store, &arena, &devices, &count);
    restaurant_reader_done(f->restaurant, store);
    if (!err) match_workers(f, devices, count);
    arena_finish(&arena);
}

static void print_main(struct follower *thread, void *data)
{
    struct print_follower *f = data;
    struct clock_port *clock = f->restaurant->hub->clock;
    do
        look(f);
    while (follower_wait(thread, NULL, 0, clock_monotonic_ms(clock) + LOOK_MS));
}

struct print_follower *print_follower_create(struct restaurant *restaurant)
{
    struct print_follower *f = calloc(1, sizeof *f);
    if (!f) return NULL;
    f->restaurant = restaurant;
    static const struct follower_plan plan = {"printing", TOPIC_BIT(TOPIC_DEVICES), 2, print_main};
    f->thread = follower_create(restaurant, &plan, f);
    if (f->thread) return f;
    free(f);
    return NULL;
}

void print_follower_destroy(struct print_follower *f)
{
    if (!f) return;
    follower_destroy(f->thread);
    for (size_t i = 0; i < f->count; i++)
        printer_worker_destroy(f->workers[i]);
    free(f);
}
