/* SPDX-License-Identifier: MIT */
/* The day that a restaurant's numbers belong to: it turns at the closing hour, not at midnight. Any thread. */
#ifndef HUB_BUSINESS_DAY_H
#define HUB_BUSINESS_DAY_H

#include <stdint.h>

struct restaurant;

/* As a number, 20261120. By the clock alone: that it never goes back is its user's care. */
int64_t business_day_at(struct restaurant *restaurant, int64_t wall_ms);

#endif
