/* SPDX-License-Identifier: MIT */
/* servery printer ...: setting printers up, also while the hub runs (which notices within seconds). */
#include <stdio.h>
#include <string.h>

#include "hub/alert.h"
#include "hub/cli.h"
#include "hub/paper_roll.h"
#include "hub/port/store_devices.h"
#include "hub/port/store_print.h"
#include "hub/port/store_printers.h"
#include "hub/port/ticket_art.h"
#include "hub/print_job.h"
#include "hub/restaurant.h"
#include "hub/tx.h"

/* "new,void" as bits; 0: one is no kind. */
static unsigned read_kinds(const char *list)
{
    unsigned kinds = 0;
    for (const char *at = list; *at;) {
        size_t length = strcspn(at, ",");
        unsigned bit = 0;
        for (unsigned i = 0; ticket_kind_names[i]; i++)
            if (strlen(ticket_kind_names[i]) == length && strncmp(at, ticket_kind_names[i], length) == 0) bit = 1u << i;
        if (!bit) return 0;
        kinds |= bit;
        at += length + (at[length] == ',');
    }
    return kinds;
}

/* NAME or NAME=KIND,KIND; the station must be one of the house's. */
static enum hub_err read_station(struct tx *tx, const char *text, struct printer_station *out, struct fault *fault)
{
    struct station_bell *stations;
    size_t count;
    const char *equals = strchr(text, '=');
    char *name = arena_strndup(tx->arena, text, equals ? (size_t)(equals - text) : strlen(text));
    enum hub_err err = name ? store_station_bells(tx->store, tx->arena, &stations, &count) : HUB_UNAVAILABLE;
    if (err) return err;
    *out = (struct printer_station){name, equals ? read_kinds(equals + 1) : PRINTER_KINDS_ALL};
    if (!out->kinds)
        return fault_set(fault, HUB_VALIDATION_ERROR, "station",
            "\"%s\" names a kind that tickets have not: they are new, add_on, void, move and recall", text);
    for (size_t i = 0; i < count; i++)
        if (strcmp(stations[i].station, name) == 0) return HUB_OK;
    return fault_set(fault, HUB_VALIDATION_ERROR, "station", "there is no station %s", name);
}

/* The name's place in a list; -1: it is not there, and the fault says so. 0 where none is given. */
static int read_name(const char *const *names, const char *name, const char *option, struct fault *fault)
{
    for (int i = 0; name && names[i]; i++)
        if (strcmp(names[i], name) == 0) return i;
    if (name) fault_set(fault, HUB_VALIDATION_ERROR, option, "--%s knows no \"%s\"; see servery --help", option, name);
    return name ? -1 : 0;
}

static enum hub_err read_settings(
    struct tx *tx, const struct options *o, struct printer_settings *s, struct fault *fault)
{
    int format = read_name(printer_format_names, o->format, "format", fault);
    int language = read_name(ticket_language_names, o->language, "language", fault);
    enum hub_err err = format < 0 || language < 0 ? HUB_VALIDATION_ERROR : HUB_OK;
    s->format = (enum printer_format)(format < 0 ? 0 : format);
    s->language = (enum ticket_language)(language < 0 ? 0 : language);
    s->large = o->large;
    s->per_item = o->per_item;
    s->buzzer = o->buzzer;
    s->bills = o->bills;
    if (o->copies > 0) s->copies = o->copies;
    if (o->backup_after_s >= 0) s->backup_after_s = o->backup_after_s;
    if (o->stale_after_s >= 0) s->stale_after_s = o->stale_after_s;
    if (o->roll_m > 0) s->roll_mm = (int64_t)o->roll_m * 1000;
    if (!err && o->backup) {
        err = store_device_find(tx->store, DEVICE_PRINTER, o->backup, &s->backup_id);
        if (err == HUB_NOT_FOUND) fault_set(fault, err, "backup", "there is no printer %s", o->backup);
    }
    if (o->no_tickets) s->station_count = 0;
    if (o->station_count) s->stations = arena_array(tx->arena, o->station_count, sizeof *s->stations);
    if (!s->stations) return HUB_UNAVAILABLE;
    for (size_t i = 0; i < o->station_count && !err; i++)
        err = read_station(tx, o->stations[i], &s->stations[i], fault);
    if (o->station_count) s->station_count = o->station_count;
    return err;
}

static enum hub_err add_printer(struct command *command, struct tx *tx)
{
    const struct options *o = cli_change_options(command);
    struct printer_station all;
    struct printer_settings settings = printer_settings_default(NULL, &all);
    int64_t id;
    enum hub_err err = read_settings(tx, o, &settings, &command->fault);
    int width = settings.format == PRINTER_IMPACT ? TICKET_DOTS_NEEDLES : o->width ? o->width : TICKET_DOTS_80MM;
    struct device printer = {.kind = DEVICE_PRINTER,
        .name = o->name,
        .state = DEVICE_OK,
        .detail = "",
        .fix = "",
        .driver = o->driver,
        .address = o->address ? o->address : "",
        .width = width};
    return err ? err : printer_settings_put(tx, &printer, &settings, &id);
}

int cli_printer_add(const struct options *o)
{
    if (!o->name || !*o->name || strlen(o->name) > 80)
        return cli_complain(EXIT_USAGE, "--name is missing: what people call the printer, up to 80 characters");
    if (!o->driver || (strcmp(o->driver, "cups") != 0 && strcmp(o->driver, "strip") != 0))
        return cli_complain(EXIT_USAGE, "--driver is cups or strip");
    if (strcmp(o->driver, "cups") == 0 && (!o->address || !*o->address))
        return cli_complain(EXIT_USAGE, "--address is missing: the name of the CUPS queue");
    if (o->no_tickets && o->station_count)
        return cli_complain(EXIT_USAGE, "--no-tickets and --station contradict each other");
    if (o->backup && strcmp(o->backup, o->name) == 0)
        return cli_complain(EXIT_USAGE, "--backup must be another printer");
    return cli_change(o, add_printer);
}

static enum hub_err test_printer(struct command *command, struct tx *tx)
{
    const struct options *o = cli_change_options(command);
    int64_t id;
    enum hub_err err = store_device_find(tx->store, DEVICE_PRINTER, o->name, &id);
    if (err == HUB_NOT_FOUND) return fault_set(&command->fault, err, NULL, "there is no printer %s", o->name);
    return err ? err : print_job_test(tx, id, &command->fault);
}

int cli_printer_test(const struct options *o)
{
    if (!o->name) return cli_complain(EXIT_USAGE, "--name is missing: which printer");
    return cli_change(o, test_printer);
}

static enum hub_err remove_printer(struct command *command, struct tx *tx)
{
    const struct options *o = cli_change_options(command);
    int64_t id;
    enum hub_err err = store_device_find(tx->store, DEVICE_PRINTER, o->name, &id);
    if (!err) err = store_device_retire(tx->store, id);
    if (!err) err = store_print_abandon(tx->store, id, tx->now_ms);
    if (!err) err = store_printer_no_backup(tx->store, id);
    static const char *const codes[] = {"PRINTER_NOT_READY", "PAPER_LOW", "TICKETS_HELD"};
    for (size_t i = 0; i < sizeof codes / sizeof *codes && !err; i++)
        err = alert_clear(tx, codes[i], id, 0);
    if (err == HUB_NOT_FOUND) fault_set(&command->fault, err, NULL, "there is no printer %s", o->name);
    return err;
}

int cli_printer_remove(const struct options *o)
{
    if (!o->name) return cli_complain(EXIT_USAGE, "--name is missing: which printer");
    return cli_change(o, remove_printer);
}

/* "grill, bar=new,void": what it gets; "*" is every station, "-" none. */
static void print_stations(const struct printer_settings *s)
{
    for (size_t i = 0; i < s->station_count; i++) {
        const struct printer_station *one = &s->stations[i];
        printf("%s%s", i ? ", " : "", *one->station ? one->station : "*");
        const char *before = "=";
        for (unsigned k = 0; one->kinds != PRINTER_KINDS_ALL && ticket_kind_names[k]; k++) {
            if (!(one->kinds & 1u << k)) continue;
            printf("%s%s", before, ticket_kind_names[k]);
            before = ",";
        }
    }
    printf("%s\t", s->station_count ? "" : "-");
}

static void print_printer(const struct device *d, const struct printer_settings *s, const struct printer_paper *paper)
{
    printf("%s\t", d->name);
    print_stations(s);
    printf("%s\t%s\t%lld\t%s\t%s, %s, %lld %s%s%s%s\t%.1f m printed on this roll", d->driver, d->address,
        (long long)d->width, device_state_names[d->state], printer_format_names[s->format],
        ticket_language_names[s->language], (long long)s->copies, s->copies == 1 ? "copy" : "copies",
        s->large ? ", large" : "", s->per_item ? ", a slip a line" : "", s->bills ? ", bills" : "",
        (double)paper->used_mm / 1000);
    int64_t left = paper_roll_left(paper);
    if (left >= 0) printf(", about %.1f m left", (double)left / 1000);
    putchar('\n');
}

static enum hub_err list_printers(struct command *command, struct tx *tx)
{
    (void)command;
    struct device *devices;
    size_t count;
    enum hub_err err = store_devices_load(tx->store, tx->arena, &devices, &count);
    for (size_t i = 0; i < count && !err; i++) {
        struct printer_settings settings;
        struct printer_paper paper;
        if (devices[i].kind != DEVICE_PRINTER) continue;
        err = store_printer_load(tx->store, tx->arena, devices[i].id, &settings);
        if (!err) err = store_printer_stations(tx->store, tx->arena, devices[i].id, &settings);
        if (!err) err = store_printer_paper(tx->store, devices[i].id, &paper);
        if (!err) print_printer(&devices[i], &settings, &paper);
    }
    return err;
}

int cli_printer_list(const struct options *o)
{
    int code = cli_change(o, list_printers);
    return code ? code : fflush(stdout) == 0 ? 0 : EXIT_DATA;
}
