/* SPDX-License-Identifier: MIT */
/* Money as people write it. */
#ifndef HUB_MONEY_H
#define HUB_MONEY_H

#include <stdbool.h>
#include <stdint.h>

/* Digits behind the point of a currency: 2, but 0 for yen and its like, 3 for dinars (ISO 4217). */
int money_decimals(const char *currency);
/* "12.95", "12" or "12.9" to minor units, exactly; false for anything else, a sign, or 10^12 minor units and more. */
bool money_parse(const char *text, int decimals, int64_t *minor);

#endif
