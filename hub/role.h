/* SPDX-License-Identifier: MIT */
/* Who may do what: roles, role sets for the route table, and the actor written beside every change. */
#ifndef HUB_ROLE_H
#define HUB_ROLE_H

#include <stdbool.h>
#include <stdint.h>

enum role { ROLE_NONE = 0, ROLE_GUEST, ROLE_DISPLAY, ROLE_KITCHEN, ROLE_WAITER, ROLE_MANAGER, ROLE_OWNER, ROLE_COUNT };

/* Sets of roles as bits. "a role means that role and those above it" (PROTOCOL section 2). */
typedef unsigned role_set;
#define ROLE_BIT(role) (1u << (role))
#define ROLES_OWNER    ROLE_BIT(ROLE_OWNER)
#define ROLES_MANAGER  (ROLES_OWNER | ROLE_BIT(ROLE_MANAGER))
#define ROLES_WAITER   (ROLES_MANAGER | ROLE_BIT(ROLE_WAITER))
#define ROLES_KITCHEN  (ROLES_MANAGER | ROLE_BIT(ROLE_KITCHEN))
#define ROLES_STAFF    (ROLES_WAITER | ROLES_KITCHEN)         /* "kitchen, waiter" */
#define ROLES_ANY      (ROLES_STAFF | ROLE_BIT(ROLE_DISPLAY)) /* "any": every role but guest */
#define ROLES_ALL      (ROLES_ANY | ROLE_BIT(ROLE_GUEST))
#define ROLES_OPEN     0u /* "-": needs no credentials */

static inline bool role_in(enum role role, role_set set)
{
    return (set & ROLE_BIT(role)) != 0;
}

const char *role_name(enum role role);      /* "waiter"; "" for ROLE_NONE */
enum role role_from_name(const char *name); /* ROLE_NONE when unknown */

enum actor_kind { ACTOR_SYSTEM = 0, ACTOR_STAFF, ACTOR_TOKEN, ACTOR_DEVICE, ACTOR_GUEST };
const char *actor_kind_name(enum actor_kind kind);
enum actor_kind actor_kind_from_name(const char *name); /* ACTOR_SYSTEM when unknown */

/* Who did it; a value, copied freely. */
struct actor {
    enum actor_kind kind;
    enum role role;
    int64_t id;     /* staff, token, device or table session id; 0 for the system */
    char name[200]; /* up to 80 characters of UTF-8, shortened at a character's edge */
};

#endif
