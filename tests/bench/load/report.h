/* SPDX-License-Identifier: MIT */
#pragma once

#include "load/orders.h"
#include "load/samples.h"
#include "load/screen.h"

/* What the run came to, beside what the screens know themselves. */
struct tally {
    int64_t started_ns, ended_ns;   /* of the measured orders: first due, last answered */
    double server_cpu_s, own_cpu_s; /* within that time */
    long refused, retried;
    struct samples replies;
};

/* Prints one JSON object. Sorts the samples. */
void report_print(struct tally *tally, const struct orders *orders, struct screen *screens, int count);
