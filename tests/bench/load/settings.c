/* SPDX-License-Identifier: MIT */
#include "load/settings.h"

#include <limits.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char usage[] =
    "Usage: servery-loadgen --port N --items ID,ID,... [options]\n"
    "Sends takeout orders of three items to a server on this machine, reads its screens, prints figures as JSON.\n"
    "  --token TEXT    bearer token of the clients and screens\n"
    "  --clients N     posting connections (1)         --rate R      orders a second; 0: as fast as answers come (0)\n"
    "  --screens N     WebSockets that read (0)        --stuck N     WebSockets that stop reading (0)\n"
    "  --orders N      measured orders (1000)          --warmup N    orders before them (0)\n"
    "  --burst N       orders after them, closed loop, not measured (0)\n"
    "  --serve 1       mark every order served at once (to fill a store)\n"
    "  --no-print 1    send \"print\":false with every order\n"
    "  --hold N        connect the screens, say so on standard output, and stay so many seconds without orders\n"
    "  --pid N         the server's process, for its CPU time\n"
    "  --timeout N     give up after so many seconds (300)\n";

struct option {
    const char *name;
    size_t offset;
    int least, most;
};

static const struct option numbers[] = {
    {"--port", offsetof(struct settings, port), 1, 65535},
    {"--clients", offsetof(struct settings, clients), 1, 512},
    {"--screens", offsetof(struct settings, screens), 0, 2000},
    {"--stuck", offsetof(struct settings, stuck), 0, 100},
    {"--orders", offsetof(struct settings, orders), 1, 10000000},
    {"--warmup", offsetof(struct settings, warmup), 0, 1000000},
    {"--burst", offsetof(struct settings, burst), 0, 1000000},
    {"--hold", offsetof(struct settings, hold_s), 1, 100000},
    {"--pid", offsetof(struct settings, pid), 1, INT_MAX},
    {"--timeout", offsetof(struct settings, timeout_s), 1, 100000},
};

static bool number_read(const char *text, double least, double most, double *out)
{
    char *end;
    *out = strtod(text, &end);
    return end != text && !*end && *out >= least && *out <= most;
}

static bool items_read(struct settings *settings, const char *text)
{
    while (settings->item_count < ITEMS_MAX) {
        char *end;
        long id = strtol(text, &end, 10);
        if (end == text || id < 1 || id > INT_MAX) return false;
        settings->items[settings->item_count++] = (int)id;
        if (!*end) return true;
        if (*end != ',') return false;
        text = end + 1;
    }
    return false;
}

static bool option_read(struct settings *settings, const char *name, const char *value)
{
    double number;
    if (!strcmp(name, "--token")) {
        settings->token = value;
        return true;
    }
    if (!strcmp(name, "--items")) return items_read(settings, value);
    if (!strcmp(name, "--rate")) return number_read(value, 0, 100000, &settings->rate);
    if (!strcmp(name, "--serve") || !strcmp(name, "--no-print")) {
        bool *flag = !strcmp(name, "--serve") ? &settings->serve : &settings->no_print;
        *flag = !strcmp(value, "1");
        return *flag || !strcmp(value, "0");
    }
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        if (strcmp(name, numbers[i].name)) continue;
        int whole;
        if (!number_read(value, numbers[i].least, numbers[i].most, &number)) return false;
        whole = (int)number;
        memcpy((char *)settings + numbers[i].offset, &whole, sizeof whole);
        return true;
    }
    return false;
}

bool settings_read(struct settings *settings, int count, char **words)
{
    *settings = (struct settings){.clients = 1, .orders = 1000, .timeout_s = 300};
    for (int i = 1; i < count; i += 2) {
        if (i + 1 < count && option_read(settings, words[i], words[i + 1])) continue;
        fprintf(stderr, "servery-loadgen: cannot use %s %s\n%s", words[i], i + 1 < count ? words[i + 1] : "", usage);
        return false;
    }
    if (settings->port && settings->item_count) return true;
    fputs(usage, stderr);
    return false;
}
