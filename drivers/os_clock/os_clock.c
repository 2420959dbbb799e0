/* SPDX-License-Identifier: MIT */
#include "drivers/os_clock/os_clock.h"

#include <pthread.h>
#include <stddef.h>
#include <time.h>

#include "hub/port/clock.h"

static int64_t milliseconds(clockid_t id)
{
    struct timespec now = {0};
    (void)clock_gettime(id, &now); /* fails for unknown clocks only */
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int64_t os_wall_ms(struct clock_port *clock)
{
    (void)clock;
    return milliseconds(CLOCK_REALTIME);
}

static int64_t os_monotonic_ms(struct clock_port *clock)
{
    (void)clock;
    return milliseconds(CLOCK_MONOTONIC);
}

static int os_utc_offset_min(struct clock_port *clock, int64_t wall_ms)
{
    (void)clock;
    time_t seconds = (time_t)(wall_ms / 1000);
    struct tm local;
    /* The C library keeps one time zone for the process; its own lock is one that a race detector cannot see. */
    static pthread_mutex_t zone = PTHREAD_MUTEX_INITIALIZER;
    pthread_mutex_lock(&zone);
    tzset(); /* localtime_r() need not look at TZ by itself */
    int offset_min = localtime_r(&seconds, &local) ? (int)(local.tm_gmtoff / 60) : 0;
    pthread_mutex_unlock(&zone);
    return offset_min;
}

static const struct clock_ops ops = {os_wall_ms, os_monotonic_ms, os_utc_offset_min};

struct clock_port *os_clock(void)
{
    static struct clock_port port = {&ops}; /* never written: it has no state */
    return &port;
}
