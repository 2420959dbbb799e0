/* SPDX-License-Identifier: MIT */
/* The command line: what was asked for, and the commands that look into a data folder and end. Part of the program, not
 * of the hub: it may see drivers. */
#ifndef HUB_CLI_H
#define HUB_CLI_H

#include <stdbool.h>

#include "hub/err.h"
#include "hub/hub.h"

enum { CLI_STATIONS_MAX = 32 };
enum { EXIT_USAGE = 2, EXIT_DATA = 3, EXIT_LISTEN = 4, EXIT_BUSY = 5 };

/* The words after the command; texts are borrowed from argv, NULL = not given. */
struct options {
    const char *data, *listen, *guest_listen, *web, *role, *name, *restaurant, *hosts[2];
    const char *driver, *address, *line, *gpio;
    const char *stations[CLI_STATIONS_MAX]; /* NAME or NAME=KIND,KIND; a bell has one */
    size_t station_count;
    const char *format, *language, *backup;
    int max_sockets, max_sockets_per_token, log_level, width; /* width 0: not given */
    int copies, backup_after_s, stale_after_s, roll_m;        /* -1: not given */
    bool large, per_item, buzzer, bills, no_tickets;
    bool demo;
};

extern const char cli_usage[];

/* "servery: text" on standard error; returns `code`. */
int cli_complain(int code, const char *text);
/* argv[0] is skipped. 0, or the exit code after a message. */
int cli_read_options(int argc, char **argv, struct options *options);
/* Fills a hub's ports and configuration; nothing is opened. */
void cli_ports(struct hub *hub, const struct options *options);
/* Frees the ports, after everything that uses them. */
void cli_ports_finish(struct hub *hub);
/* Makes the data folder if it is missing. 0, or the exit code after a message. */
int cli_make_folder(const char *path);

struct command;
struct tx;
/* Runs one change of a restaurant (main, or --restaurant) on its writer, opened for it alone. The exit code. */
int cli_change(const struct options *options, enum hub_err (*run)(struct command *command, struct tx *tx));
/* What was asked for, inside such a change. */
const struct options *cli_change_options(const struct command *command);

/* The commands. Each returns the exit code. */
int cli_token_create(const struct options *options);
int cli_printer_add(const struct options *options);
int cli_printer_remove(const struct options *options);
int cli_printer_list(const struct options *options);
/* Queues a test slip; the hub that runs prints it. */
int cli_printer_test(const struct options *options);
int cli_bell_set(const struct options *options);
/* Switches every bell's pin off, without a hub: for the unit's ExecStopPost. */
int cli_bell_off(const struct options *options);

#endif
