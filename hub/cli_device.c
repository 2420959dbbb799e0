/* SPDX-License-Identifier: MIT */
/* servery bell ...: setting bells up, also while the hub runs; and what all commands do that change a restaurant. */
#include <stdio.h>
#include <string.h>

#include "hub/cli.h"
#include "hub/port/bell.h"
#include "hub/port/store_print.h"
#include "hub/restaurant.h"
#include "hub/tx.h"

/* One change of devices, by the writer of a restaurant that was opened for it alone. */
struct change {
    struct command command;
    const struct options *options;
};

const struct options *cli_change_options(const struct command *command)
{
    return ((const struct change *)command)->options;
}

int cli_change(const struct options *o, enum hub_err (*run)(struct command *command, struct tx *tx))
{
    const char *slug = o->restaurant ? o->restaurant : "main";
    struct hub hub;
    struct restaurant *restaurant;
    struct fault fault = {0};
    if (!slug_valid(slug)) return cli_complain(EXIT_USAGE, "--restaurant is 1 to 40 of a-z, 0-9 and inner hyphens");
    cli_ports(&hub, o);
    int code = cli_make_folder(o->data);
    if (!code && restaurant_open(&hub, slug, &restaurant, &fault)) code = cli_complain(EXIT_DATA, fault.detail);
    struct change change = {.command = {.run = run, .actor = {.kind = ACTOR_SYSTEM, .role = ROLE_OWNER}}, .options = o};
    if (!code) {
        if (writer_run(restaurant->writer, &change.command))
            code = cli_complain(EXIT_DATA, change.command.fault.detail);
        fault_finish(&change.command.fault);
        restaurant_close(restaurant);
    }
    cli_ports_finish(&hub);
    return code;
}

/* ---- bells ------------------------------------------------------------------------------------------------------- */

static enum hub_err set_bell(struct command *command, struct tx *tx)
{
    const struct options *o = cli_change_options(command);
    enum hub_err err = store_station_bell_set(tx->store, o->stations[0], o->line);
    if (err == HUB_NOT_FOUND) fault_set(&command->fault, err, "station", "there is no station %s", o->stations[0]);
    return err;
}

int cli_bell_set(const struct options *o)
{
    if (!o->station_count) return cli_complain(EXIT_USAGE, "--station is missing: whose bell");
    if (o->line && (!*o->line || strlen(o->line) > 60))
        return cli_complain(EXIT_USAGE, "--line is the name of a pin, like GPIO17");
    return cli_change(o, set_bell);
}

/* Lines that cannot be opened are of no bell that we could have left on; the rest is what matters. */
static void darken(struct bell_port *port, const struct station_bell *bell)
{
    struct bell_config config = {.line = bell->line};
    struct bell_fault fault = {0};
    struct bell *opened;
    if (!bell_open(port, &config, &opened, &fault))
        bell_close(opened);
    else
        fprintf(stderr, "servery: the bell of %s on %s: %s\n", bell->station, bell->line, fault.detail);
}

static void darken_restaurant(struct bell_port *port, struct restaurant *restaurant)
{
    struct fault fault = {0};
    struct arena arena;
    struct station_bell *bells;
    size_t count;
    struct store *store = restaurant_reader(restaurant, &fault);
    if (!store) return;
    arena_init(&arena);
    if (!store_station_bells(store, &arena, &bells, &count))
        for (size_t i = 0; i < count; i++)
            if (bells[i].line) darken(port, &bells[i]);
    arena_finish(&arena);
    restaurant_reader_done(restaurant, store);
}

int cli_bell_off(const struct options *o)
{
    struct hub hub;
    struct fault fault = {0};
    cli_ports(&hub, o);
    int code = hub.bell_lines ? 0 : cli_complain(EXIT_DATA, "there is no memory to switch the bells off");
    if (!code && hub_open(&hub, &fault)) code = cli_complain(EXIT_DATA, fault.detail);
    for (size_t i = 0; i < hub.restaurant_count; i++)
        darken_restaurant(hub.bell_lines, hub.restaurants[i]);
    hub_close(&hub);
    cli_ports_finish(&hub);
    return code;
}
