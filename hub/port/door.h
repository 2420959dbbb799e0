/* SPDX-License-Identifier: MIT */
/* What the front door counts, for /metrics. Any thread. */
#ifndef HUB_PORT_DOOR_H
#define HUB_PORT_DOOR_H

#include <stdint.h>

/* Since the start, all restaurants together. */
struct door_figures {
    uint64_t requests, connections_cut, sockets_opened;
    uint64_t sockets_slow;   /* closed because their queue was full: they resume */
    uint64_t sockets_silent; /* closed for silence */
    uint64_t frames_sent, bytes_sent;
    uint64_t push_us_total, push_us_max; /* from queueing a frame until the kernel took it */
    uint64_t queued_frames;              /* now */
    int connections;                     /* in a worker's hand now */
};

struct door_port {
    void (*figures)(struct door_port *door, struct door_figures *out);
};

#endif
