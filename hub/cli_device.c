/* SPDX-License-Identifier: MIT */
/* servery printer ..., servery bell ...: setting devices up, also while the hub runs. */
#include <stdio.h>
#include <string.h>

#include "hub/alert.h"
#include "hub/cli.h"
#include "hub/device.h"
#include "hub/port/bell.h"
#include "hub/port/store_devices.h"
#include "hub/port/store_print.h"
#include "hub/restaurant.h"

/* One change of devices, by the writer of a restaurant that was opened for it alone. */
struct change {
    struct command command;
    const struct options *options;
};

static int with_restaurant(const struct options *o, enum hub_err (*run)(struct command *command, struct tx *tx))
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

/* ---- printers ---------------------------------------------------------------------------------------------------- */

static enum hub_err add_printer(struct command *command, struct tx *tx)
{
    const struct options *o = ((struct change *)command)->options;
    struct device printer = {.kind = DEVICE_PRINTER,
        .name = o->name,
        .station = o->station,
        .state = DEVICE_OK,
        .detail = "",
        .fix = "",
        .driver = o->driver,
        .address = o->address ? o->address : "",
        .width = o->width};
    struct station_bell *stations;
    size_t count;
    int64_t id;
    enum hub_err err = store_station_bells(tx->store, tx->arena, &stations, &count);
    bool known = !o->station;
    for (size_t i = 0; i < count && !err; i++)
        known = known || strcmp(stations[i].station, o->station) == 0;
    if (!err && !known)
        return fault_set(&command->fault, HUB_VALIDATION_ERROR, "station", "there is no station %s", o->station);
    return err ? err : device_put(tx, &printer, &id);
}

int cli_printer_add(const struct options *o)
{
    if (!o->name || !*o->name || strlen(o->name) > 80)
        return cli_complain(EXIT_USAGE, "--name is missing: what people call the printer, up to 80 characters");
    if (!o->driver || (strcmp(o->driver, "cups") != 0 && strcmp(o->driver, "strip") != 0))
        return cli_complain(EXIT_USAGE, "--driver is cups or strip");
    if (strcmp(o->driver, "cups") == 0 && (!o->address || !*o->address))
        return cli_complain(EXIT_USAGE, "--address is missing: the name of the CUPS queue");
    return with_restaurant(o, add_printer);
}

static enum hub_err remove_printer(struct command *command, struct tx *tx)
{
    const struct options *o = ((struct change *)command)->options;
    int64_t id;
    enum hub_err err = store_device_find(tx->store, DEVICE_PRINTER, o->name, &id);
    if (!err) err = store_device_retire(tx->store, id);
    if (!err) err = store_print_abandon(tx->store, id, tx->now_ms);
    if (!err) err = alert_clear(tx, "PRINTER_NOT_READY", id, 0);
    if (err == HUB_NOT_FOUND) fault_set(&command->fault, err, NULL, "there is no printer %s", o->name);
    return err;
}

int cli_printer_remove(const struct options *o)
{
    if (!o->name) return cli_complain(EXIT_USAGE, "--name is missing: which printer");
    return with_restaurant(o, remove_printer);
}

static enum hub_err list_printers(struct command *command, struct tx *tx)
{
    (void)command;
    struct device *devices;
    size_t count;
    enum hub_err err = store_devices_load(tx->store, tx->arena, &devices, &count);
    for (size_t i = 0; i < count && !err; i++) {
        const struct device *d = &devices[i];
        if (d->kind != DEVICE_PRINTER) continue;
        printf("%s\t%s\t%s\t%s\t%lld\t%s\n", d->name, d->station ? d->station : "-", d->driver, d->address,
            (long long)d->width, device_state_names[d->state]);
    }
    return err;
}

int cli_printer_list(const struct options *o)
{
    int code = with_restaurant(o, list_printers);
    return code ? code : fflush(stdout) == 0 ? 0 : EXIT_DATA;
}

/* ---- bells ------------------------------------------------------------------------------------------------------- */

static enum hub_err set_bell(struct command *command, struct tx *tx)
{
    const struct options *o = ((struct change *)command)->options;
    enum hub_err err = store_station_bell_set(tx->store, o->station, o->line);
    if (err == HUB_NOT_FOUND) fault_set(&command->fault, err, "station", "there is no station %s", o->station);
    return err;
}

int cli_bell_set(const struct options *o)
{
    if (!o->station) return cli_complain(EXIT_USAGE, "--station is missing: whose bell");
    if (o->line && (!*o->line || strlen(o->line) > 60))
        return cli_complain(EXIT_USAGE, "--line is the name of a pin, like GPIO17");
    return with_restaurant(o, set_bell);
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
