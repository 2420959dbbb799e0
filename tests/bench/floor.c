/* SPDX-License-Identifier: MIT */
/*
 * The yardstick of the bench: civetweb, SQLite with group commit and one epoll thread for the screens, and nothing
 * else. No sign-in, no validation, no prices, no log: what the product adds is measured against this.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "floor/door.h"
#include "floor/screens.h"
#include "floor/store.h"

static const char usage[] =
    "Usage: servery-floor --data DIR [--listen ADDR:PORT]\n"
    "Stores orders in DIR/floor.db until it gets SIGTERM. Port 0 (the default) is any free one.\n";

struct settings {
    const char *data, *listen;
};

static bool settings_read(struct settings *settings, int count, char **words)
{
    for (int i = 1; i + 1 < count; i += 2) {
        if (!strcmp(words[i], "--data"))
            settings->data = words[i + 1];
        else if (!strcmp(words[i], "--listen"))
            settings->listen = words[i + 1];
        else
            return false;
    }
    return count % 2 == 1 && settings->data;
}

static void wait_for_signal(const sigset_t *signals)
{
    int number;
    while (sigwait(signals, &number))
        continue;
}

int main(int argc, char **argv)
{
    struct settings settings = {.listen = "127.0.0.1:0"};
    struct rlimit files;
    char path[4096];
    sigset_t signals;
    if (!settings_read(&settings, argc, argv)) return fputs(usage, stderr), EXIT_FAILURE;
    snprintf(path, sizeof path, "%s/floor.db", settings.data);
    if (!getrlimit(RLIMIT_NOFILE, &files)) {
        files.rlim_cur = files.rlim_max < 4096 ? files.rlim_max : 4096;
        (void)setrlimit(RLIMIT_NOFILE, &files);
    }
    signal(SIGPIPE, SIG_IGN);
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    pthread_sigmask(SIG_BLOCK, &signals, NULL);

    struct screens *screens = screens_create();
    struct store *store = screens ? store_create(path, screens) : NULL;
    struct door *door = store ? door_create(settings.listen, store, screens) : NULL;
    if (door) {
        printf("The floor is ready at http://127.0.0.1:%d\n", door_port(door));
        fflush(stdout);
        wait_for_signal(&signals);
    }
    door_destroy(door);
    store_destroy(store);
    screens_destroy(screens);
    return door ? EXIT_SUCCESS : EXIT_FAILURE;
}
