/* SPDX-License-Identifier: MIT */
/* Time as a port, so that tests own it. */
#ifndef HUB_PORT_CLOCK_H
#define HUB_PORT_CLOCK_H

#include <stdint.h>

struct clock_port;
struct clock_ops {
    int64_t (*wall_ms)(struct clock_port *clock);      /* since 1970 UTC; may jump */
    int64_t (*monotonic_ms)(struct clock_port *clock); /* never goes back */
    /* Minutes that local time is ahead of UTC at `wall_ms`, in the box's time zone. */
    int (*utc_offset_min)(struct clock_port *clock, int64_t wall_ms);
};
struct clock_port {
    const struct clock_ops *ops;
};

static inline int64_t clock_wall_ms(struct clock_port *clock)
{
    return clock->ops->wall_ms(clock);
}
static inline int64_t clock_monotonic_ms(struct clock_port *clock)
{
    return clock->ops->monotonic_ms(clock);
}
static inline int clock_utc_offset_min(struct clock_port *clock, int64_t wall_ms)
{
    return clock->ops->utc_offset_min(clock, wall_ms);
}

#endif
