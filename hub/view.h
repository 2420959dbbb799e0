/* SPDX-License-Identifier: MIT */
/* Least knowledge: what a role may see of the JSON everybody else gets (PROTOCOL section 2). */
#ifndef HUB_VIEW_H
#define HUB_VIEW_H

#include <stddef.h>

#include "hub/role.h"

enum view {
    VIEW_FULL,    /* waiters and above */
    VIEW_KITCHEN, /* no customer_phone; money totals and metrics null */
    VIEW_DISPLAY, /* as the kitchen, and no names of people */
    VIEW_GUEST,   /* as a display */
    VIEW_COUNT
};

enum view view_of_role(enum role role);

/* A redacted copy of valid JSON, malloc'ed and NUL-terminated, freed by the caller; NULL when memory is short.
 * Thread-safe. */
char *view_redact(const char *json, size_t length, enum view view, size_t *out_length);

#endif
