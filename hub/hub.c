/* SPDX-License-Identifier: MIT */
#include "hub/hub.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hub/err.h"
#include "hub/port/clock.h"
#include "hub/restaurant.h"

static enum hub_err add(struct hub *hub, const char *slug, struct fault *fault)
{
    struct restaurant **grown = realloc(hub->restaurants, (hub->restaurant_count + 1) * sizeof *grown);
    if (!grown) return fault_set(fault, HUB_UNAVAILABLE, NULL, "Out of memory.");
    hub->restaurants = grown;
    enum hub_err err = restaurant_open(hub, slug, &grown[hub->restaurant_count], fault);
    if (!err) hub->restaurant_count++;
    return err;
}

/* "restaurant-<slug>.db" -> slug; false for files that are not ours. */
static bool slug_of_file(const char *file, char slug[SLUG_MAX + 1])
{
    static const char head[] = "restaurant-", tail[] = ".db";
    size_t length = strlen(file), around = sizeof head - 1 + sizeof tail - 1;
    if (length <= around || length - around > SLUG_MAX || strncmp(file, head, sizeof head - 1) != 0) return false;
    if (strcmp(file + length - (sizeof tail - 1), tail) != 0) return false;
    memcpy(slug, file + sizeof head - 1, length - around);
    slug[length - around] = '\0';
    return slug_valid(slug);
}

static enum hub_err open_all(struct hub *hub, struct fault *fault)
{
    enum hub_err err = add(hub, "main", fault);
    DIR *dir = err ? NULL : opendir(hub->config.data_dir);
    if (!err && !dir)
        return fault_set(fault, HUB_UNAVAILABLE, NULL, "The data folder %s cannot be read: %s.", hub->config.data_dir,
            strerror(errno));
    for (struct dirent *entry; dir && !err && (entry = readdir(dir));) {
        char slug[SLUG_MAX + 1];
        if (slug_of_file(entry->d_name, slug) && strcmp(slug, "main") != 0) err = add(hub, slug, fault);
    }
    if (dir) closedir(dir);
    return err;
}

int hub_open(struct hub *hub, struct fault *fault)
{
    hub->started_monotonic_ms = clock_monotonic_ms(hub->clock);
    enum hub_err err = open_all(hub, fault);
    if (err) hub_close(hub);
    return err;
}

void hub_close(struct hub *hub)
{
    for (size_t i = 0; i < hub->restaurant_count; i++)
        restaurant_close(hub->restaurants[i]);
    free(hub->restaurants);
    hub->restaurants = NULL;
    hub->restaurant_count = 0;
}

struct restaurant *hub_find(struct hub *hub, const char *slug)
{
    for (size_t i = 0; i < hub->restaurant_count; i++)
        if (strcmp(hub->restaurants[i]->slug, slug ? slug : "main") == 0) return hub->restaurants[i];
    return NULL;
}
