/* SPDX-License-Identifier: MIT */
#pragma once

#include <stddef.h>

/* Durations in milliseconds. Zeroed memory is an empty one. */
struct samples {
    double *values;
    size_t count, room;
};

/* Ends the program when memory is short: a bench without its figures is of no use. */
void samples_add(struct samples *samples, double ms);
void samples_append(struct samples *samples, const struct samples *more);
/* The value that `share` (0..1) of the samples do not exceed; 0 without samples. Sorts them. */
double samples_quantile(struct samples *samples, double share);
void samples_finish(struct samples *samples);
