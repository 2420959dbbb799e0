/* SPDX-License-Identifier: MIT */
#include "hub/role.h"

#include <stddef.h>
#include <string.h>

static const char *const role_names[ROLE_COUNT] = {"", "guest", "display", "kitchen", "waiter", "manager", "owner"};
static const char *const actor_names[] = {"system", "staff", "token", "device", "guest"};

const char *role_name(enum role role)
{
    return role < ROLE_COUNT ? role_names[role] : "";
}

enum role role_from_name(const char *name)
{
    for (int i = ROLE_GUEST; name && i < ROLE_COUNT; i++)
        if (strcmp(name, role_names[i]) == 0) return (enum role)i;
    return ROLE_NONE;
}

const char *actor_kind_name(enum actor_kind kind)
{
    return actor_names[kind];
}

enum actor_kind actor_kind_from_name(const char *name)
{
    for (size_t i = 0; name && i < sizeof actor_names / sizeof *actor_names; i++)
        if (strcmp(name, actor_names[i]) == 0) return (enum actor_kind)i;
    return ACTOR_SYSTEM;
}
