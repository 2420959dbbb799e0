/* SPDX-License-Identifier: MIT */
/* A hub that implements api_handle() and live_*() just enough to exercise the front door. */
#ifndef TESTS_FAKE_HUB_H
#define TESTS_FAKE_HUB_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "drivers/http_civetweb/front_door.h"
#include "hub/hub.h"

struct live_conn;

struct fake_hub {
    struct hub hub; /* first: what the driver is given */
    struct front_door *door;
    pthread_mutex_t lock;
    struct live_conn *conns;
    int backlog;       /* frames that live_start() queues after the greeting */
    size_t first_size; /* of the greeting; 0 = "hello" */
    int poll_wait_ms;
    atomic_int open_conns, opened, closed, messages, expired;
    atomic_size_t last_message_length;
    char last_remote[48]; /* guarded by lock */
    bool last_secure, last_guest;
};

void fake_hub_init(struct fake_hub *fake);
/* Opens the door on a free port with the rest of `config` (NULL: defaults) and fails the test if it cannot. */
void fake_hub_open(struct fake_hub *fake, const struct front_door_config *config);
void fake_hub_close(struct fake_hub *fake);

/* Sends one frame to all WebSockets, as the feed does: lock held, one flush. */
void fake_hub_broadcast(struct fake_hub *fake, const char *text, size_t length);
/* Answers all waiting polls. */
void fake_hub_wake_polls(struct fake_hub *fake);
void fake_hub_wait_for(atomic_int *value, int wanted);
/* Queue length of the newest connection. */
void fake_hub_lag(struct fake_hub *fake, size_t *queued, int64_t *silent_ms);

#endif
