/* SPDX-License-Identifier: MIT */
/* servery token create */
#include <stdio.h>
#include <string.h>

#include "hub/cli.h"
#include "hub/credentials.h"
#include "hub/restaurant.h"

int cli_token_create(const struct options *o)
{
    enum role role = role_from_name(o->role);
    const char *slug = o->restaurant ? o->restaurant : "main";
    if (role <= ROLE_GUEST) return cli_complain(EXIT_USAGE, "--role is owner, manager, waiter, kitchen or display");
    if (!o->name || !*o->name || strlen(o->name) > 80)
        return cli_complain(EXIT_USAGE, "--name is missing: what the token is for, up to 80 characters");
    if (!slug_valid(slug)) return cli_complain(EXIT_USAGE, "--restaurant is 1 to 40 of a-z, 0-9 and inner hyphens");
    struct hub hub;
    struct restaurant *restaurant;
    struct fault fault = {0};
    cli_ports(&hub, o);
    int code = cli_make_folder(o->data);
    if (!code && restaurant_open(&hub, slug, &restaurant, &fault)) code = cli_complain(EXIT_DATA, fault.detail);
    if (code) {
        cli_ports_finish(&hub);
        return code;
    }
    struct actor by = {.kind = ACTOR_SYSTEM, .role = ROLE_OWNER};
    struct made_token made;
    int err = credentials_token_create(restaurant->credentials, &by, o->name, role, NULL, &made, &fault);
    restaurant_close(restaurant);
    cli_ports_finish(&hub);
    if (err) return cli_complain(EXIT_DATA, fault.detail);
    printf("%s\n", made.token);
    return fflush(stdout) == 0 ? 0 : EXIT_DATA;
}
