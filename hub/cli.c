/* SPDX-License-Identifier: MIT */
#include "hub/cli.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "hub/port/ticket_art.h"
#include "hub/printer_settings.h"

const char cli_usage[] =
    "servery - the restaurant hub in one box\n"
    "\n"
    "  servery serve --data DIR [--listen 127.0.0.1:8080] [--demo] [--guest-listen ADDR:PORT]\n"
    "                [--max-sockets N] [--max-sockets-per-token N] [--web DIR] [--host NAME] [--log-level LEVEL]\n"
    "                [--gpio DIR]\n"
    "      Runs the hub. Port 0 picks a free one. --demo fills an empty data folder with a sample restaurant.\n"
    "      LEVEL is error, warning, notice, info or debug. --gpio is where the GPIO chips are, /dev unless told.\n"
    "  servery token create --data DIR --role ROLE --name NAME [--restaurant SLUG]\n"
    "      Prints a new API token; also while the hub runs. ROLE is owner, manager, waiter, kitchen or display.\n"
    "  servery printer add --data DIR --name NAME --driver cups|strip [--address QUEUE[@SERVER]] [--restaurant SLUG]\n"
    "                      [--station STATION[=KIND,KIND]]... [--no-tickets] [--copies N] [--per-item] [--bills]\n"
    "                      [--format escpos|impact|star|pdf] [--width 576|384] [--language en|es|hi|zh|ar] [--large]\n"
    "                      [--buzzer] [--backup PRINTER [--backup-after S]] [--stale-after S] [--roll METRES]\n"
    "      Adds a printer, or sets the one of that name up anew: what is not named is as for a new one. Without a\n"
    "      station it prints the tickets of all; KIND is new, add_on, void, move or recall, all unless named. SERVER "
    "is HOST:PORT or the path of a socket;\n"
    "      without it the box's own CUPS is meant. --per-item gives each line of a ticket a slip of its own. PRINTER\n"
    "      takes over when this one could not print for S seconds (60). Tickets that could not be printed for\n"
    "      --stale-after seconds (1200; 0: never) are asked about on the kitchen screens first. --width is dots: 576\n"
    "      on 80 mm paper, 384 on 58 mm.\n"
    "  servery printer test --data DIR --name NAME [--restaurant SLUG]\n"
    "      Prints a test slip, by the hub that runs.\n"
    "  servery printer remove --data DIR --name NAME [--restaurant SLUG]\n"
    "  servery printer list --data DIR [--restaurant SLUG]\n"
    "  servery bell set --data DIR --station STATION [--line GPIO17] [--restaurant SLUG]\n"
    "      Puts a station's bell on a pin; without --line it is a lamp on the page.\n"
    "  servery bell off --data DIR\n"
    "      Switches all bells of the folder off while no hub runs.\n"
    "  servery routes\n"
    "      Lists the API: method, path, roles.\n"
    "  servery --help, --version\n"
    "\n"
    "Exit codes: 0 fine, 2 wrong arguments, 3 the data folder cannot be used, 4 the address cannot be used,\n"
    "5 another servery uses the data folder.\n";

int cli_complain(int code, const char *text)
{
    fprintf(stderr, "servery: %s\n", text);
    return code;
}

enum { NOT_A_NUMBER = -2 };

/* A whole number from 1 to 100000; 0 when it is not. */
static int whole(const char *text)
{
    char *end;
    long value = strtol(text, &end, 10);
    return *text && !*end && value > 0 && value <= 100000 ? (int)value : 0;
}

static int check_options(const struct options *o)
{
    if (!o->data) return cli_complain(EXIT_USAGE, "--data DIR is missing: the folder where orders are kept");
    if (o->max_sockets <= 0 || o->max_sockets_per_token <= 0)
        return cli_complain(EXIT_USAGE, "--max-sockets wants a whole number from 1 to 100000");
    if (o->copies == NOT_A_NUMBER || o->copies > PRINTER_COPIES_MAX)
        return cli_complain(EXIT_USAGE, "--copies is a whole number from 1 to 9");
    if (o->backup_after_s == NOT_A_NUMBER || o->stale_after_s == NOT_A_NUMBER)
        return cli_complain(EXIT_USAGE, "--backup-after and --stale-after are seconds, whole numbers");
    if (o->roll_m == NOT_A_NUMBER) return cli_complain(EXIT_USAGE, "--roll is whole metres of paper");
    if (o->width && o->width != TICKET_DOTS_80MM && o->width != TICKET_DOTS_58MM)
        return cli_complain(EXIT_USAGE, "--width is 576 (80 mm paper) or 384 (58 mm paper)");
    if (o->log_level < 0) return cli_complain(EXIT_USAGE, "--log-level is error, warning, notice, info or debug");
    return 0;
}

/* The option that takes a text, by its letter below; NULL for another kind. */
static const char **text_option(struct options *o, int letter)
{
    switch (letter) {
    case 'd': return &o->data;
    case 'l': return &o->listen;
    case 'g': return &o->guest_listen;
    case 'w': return &o->web;
    case 'r': return &o->role;
    case 'n': return &o->name;
    case 's': return &o->restaurant;
    case 'h': return &o->hosts[0];
    case 'S': return o->station_count < CLI_STATIONS_MAX ? &o->stations[o->station_count++] : NULL;
    case 'F': return &o->format;
    case 'U': return &o->language;
    case 'B': return &o->backup;
    case 'P': return &o->driver;
    case 'A': return &o->address;
    case 'L': return &o->line;
    case 'G': return &o->gpio;
    default: return NULL;
    }
}

/* The option that takes a whole number; NULL for another kind. */
static int *number_option(struct options *o, int letter)
{
    switch (letter) {
    case 'm': return &o->max_sockets;
    case 't': return &o->max_sockets_per_token;
    case 'W': return &o->width;
    case 'c': return &o->copies;
    case 'a': return &o->backup_after_s;
    case 'q': return &o->stale_after_s;
    case 'R': return &o->roll_m;
    default: return NULL;
    }
}

/* The option that is said or not; NULL for another kind. */
static bool *flag_option(struct options *o, int letter)
{
    switch (letter) {
    case 'D': return &o->demo;
    case 'x': return &o->large;
    case 'i': return &o->per_item;
    case 'z': return &o->buzzer;
    case 'b': return &o->bills;
    case 'N': return &o->no_tickets;
    default: return NULL;
    }
}

static bool take_option(struct options *o, int letter)
{
    const char **text = text_option(o, letter);
    int *number = number_option(o, letter);
    bool *flag = flag_option(o, letter);
    if (text)
        *text = optarg;
    else if (number)
        *number = strcmp(optarg, "0") == 0 && letter == 'q' ? 0 : whole(optarg) ? whole(optarg) : NOT_A_NUMBER;
    else if (flag)
        *flag = true;
    else if (letter == 'v')
        o->log_level = log_level_from_name(optarg);
    else
        return false;
    return true;
}

int cli_read_options(int argc, char **argv, struct options *o)
{
    static const struct option known[] = {{"data", 1, NULL, 'd'}, {"listen", 1, NULL, 'l'},
        {"guest-listen", 1, NULL, 'g'}, {"web", 1, NULL, 'w'}, {"role", 1, NULL, 'r'}, {"name", 1, NULL, 'n'},
        {"restaurant", 1, NULL, 's'}, {"host", 1, NULL, 'h'}, {"station", 1, NULL, 'S'}, {"driver", 1, NULL, 'P'},
        {"address", 1, NULL, 'A'}, {"line", 1, NULL, 'L'}, {"gpio", 1, NULL, 'G'}, {"max-sockets", 1, NULL, 'm'},
        {"max-sockets-per-token", 1, NULL, 't'}, {"log-level", 1, NULL, 'v'}, {"width", 1, NULL, 'W'},
        {"format", 1, NULL, 'F'}, {"language", 1, NULL, 'U'}, {"backup", 1, NULL, 'B'}, {"copies", 1, NULL, 'c'},
        {"backup-after", 1, NULL, 'a'}, {"stale-after", 1, NULL, 'q'}, {"roll", 1, NULL, 'R'}, {"large", 0, NULL, 'x'},
        {"per-item", 0, NULL, 'i'}, {"buzzer", 0, NULL, 'z'}, {"bills", 0, NULL, 'b'}, {"no-tickets", 0, NULL, 'N'},
        {"demo", 0, NULL, 'D'}, {NULL, 0, NULL, 0}};
    *o = (struct options){.listen = "127.0.0.1:8080",
        .max_sockets = 64,
        .max_sockets_per_token = 20,
        .log_level = LOG_LEVEL_NOTICE,
        .copies = -1,
        .backup_after_s = -1,
        .stale_after_s = -1,
        .roll_m = -1};
    for (int c; (c = getopt_long(argc, argv, "", known, NULL)) != -1;) {
        if (c == 'S' && o->station_count == CLI_STATIONS_MAX) return cli_complain(EXIT_USAGE, "too many stations");
        if (!take_option(o, c)) return EXIT_USAGE;
    }
    if (optind < argc) return cli_complain(EXIT_USAGE, "there is a word too many; see servery --help");
    return check_options(o);
}

int cli_make_folder(const char *path)
{
    if (mkdir(path, 0700) == 0 || errno == EEXIST) return 0;
    fprintf(stderr, "servery: the data folder %s cannot be made: %s\n", path, strerror(errno));
    return EXIT_DATA;
}
