/* SPDX-License-Identifier: MIT */
/* The program: reads the command line, picks the drivers, opens the house. The only file that sees both sides. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "drivers/bell_gpiod/bell_gpiod.h"
#include "drivers/bell_lamp/bell_lamp.h"
#include "drivers/crypto_sodium/crypto_sodium.h"
#include "drivers/http_civetweb/front_door.h"
#include "drivers/os_clock/os_clock.h"
#include "drivers/printer_cups/printer_cups.h"
#include "drivers/text_utf8proc/text_utf8proc.h"
#include "drivers/ticket_pango/ticket_pango.h"
#include "hub/api/call.h"
#include "hub/cli.h"
#include "hub/demo.h"
#include "hub/port/bell.h"
#include "hub/port/door.h"
#include "hub/port/ticket_art.h"
#include "hub/restaurant.h"

/* Printers by the driver's name; the strip needs none, it is a page. */
static enum hub_err open_printer(
    struct printer_maker *maker, const char *driver, const char *address, struct printer **out, struct fault *fault)
{
    (void)maker;
    if (strcmp(driver, "cups") == 0) return printer_cups_create(address, out, fault);
    *out = NULL;
    return fault_set(fault, HUB_VALIDATION_ERROR, "driver", "There is no printer driver \"%.40s\".", driver);
}

static const struct printer_maker_ops printer_maker_ops = {open_printer};
static struct printer_maker printer_maker = {&printer_maker_ops}; /* never written */

void cli_ports(struct hub *hub, const struct options *o)
{
    *hub = (struct hub){.config = {.data_dir = o->data,
                            .max_sockets = o->max_sockets,
                            .max_sockets_per_token = o->max_sockets_per_token,
                            .host_names = o->hosts,
                            .demo = o->demo},
        .clock = os_clock(),
        .crypto = crypto_sodium(),
        .text = text_utf8proc(),
        .bell_lines = bell_gpiod_create(o->gpio),
        .bell_lamps = bell_lamp_create(NULL, NULL),
        .ticket_art = ticket_pango_create(),
        .printers = &printer_maker};
    log_init(&hub->log, (enum log_level)o->log_level);
}

void cli_ports_finish(struct hub *hub)
{
    bell_port_destroy(hub->bell_lines);
    bell_port_destroy(hub->bell_lamps);
    if (hub->ticket_art) hub->ticket_art->ops->destroy(hub->ticket_art);
}

/* Holds the folder for this process; the lock goes with it. */
static int lock_folder(const char *data, int *fd)
{
    char path[512];
    snprintf(path, sizeof path, "%s/servery.lock", data);
    *fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (*fd < 0) {
        fprintf(stderr, "servery: the data folder %s cannot be written to: %s\n", data, strerror(errno));
        return EXIT_DATA;
    }
    if (flock(*fd, LOCK_EX | LOCK_NB) == 0) return 0;
    fprintf(stderr, "servery: another servery uses the data folder %s; stop it first\n", data);
    return EXIT_BUSY;
}

/* The built pages beside the build: <clone>/build/<preset>/servery -> <clone>/web/dist. */
static const char *web_dir(const struct options *o, char *buffer, size_t size)
{
    if (o->web) return o->web;
    ssize_t length = readlink("/proc/self/exe", buffer, size - 1);
    if (length <= 0) return NULL;
    buffer[length] = '\0';
    for (int up = 0; up < 3; up++) {
        char *slash = strrchr(buffer, '/');
        if (!slash) return NULL;
        *slash = '\0';
    }
    size_t used = strlen(buffer);
    snprintf(buffer + used, size - used, "/web/dist");
    return buffer;
}

static int wait_for_end(struct hub *hub, struct front_door *door, const sigset_t *signals, const struct options *o)
{
    char host[64];
    snprintf(
        host, sizeof host, "%.*s", (int)(strrchr(o->listen, ':') ? strrchr(o->listen, ':') - o->listen : 0), o->listen);
    printf("Servery is ready at http://%s:%d\n", host[0] && strcmp(host, "*") != 0 ? host : "127.0.0.1",
        front_door_port(door));
    if (front_door_guest_port(door))
        printf("Guests at http://%s:%d\n", host[0] ? host : "127.0.0.1", front_door_guest_port(door));
    fflush(stdout);
    int signal_number;
    sigwait(signals, &signal_number);
    log_line(&hub->log, LOG_LEVEL_NOTICE, "stopping");
    hub->stopping = true;
    front_door_stop(door);
    return 0;
}

/* The front door as /metrics sees it. */
struct door_view {
    struct door_port port; /* first */
    struct front_door *door;
};

static void door_figures(struct door_port *port, struct door_figures *out)
{
    struct front_door_stats s;
    front_door_stats(((struct door_view *)port)->door, &s);
    *out = (struct door_figures){.requests = s.requests,
        .connections_cut = s.connections_cut,
        .sockets_opened = s.sockets_opened,
        .sockets_slow = s.sockets_slow,
        .sockets_silent = s.sockets_silent,
        .frames_sent = s.frames_sent,
        .bytes_sent = s.bytes_sent,
        .push_us_total = s.push_us_total,
        .push_us_max = s.push_us_max,
        .queued_frames = s.queued_frames,
        .connections = s.connections};
}

/* Ringing and printing, from now until hub_close(). */
static int follow(struct hub *hub, struct fault *fault)
{
    int err = 0;
    for (size_t i = 0; i < hub->restaurant_count && !err; i++)
        err = restaurant_follow(hub->restaurants[i], fault);
    return err;
}

static int serve_open(struct hub *hub, const struct options *o)
{
    struct fault fault = {0};
    char buffer[512];
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    pthread_sigmask(SIG_BLOCK, &signals, NULL); /* before any thread is made: all inherit it */
    signal(SIGPIPE, SIG_IGN);
    if (hub_open(hub, &fault)) return cli_complain(EXIT_DATA, fault.detail);
    int code = EXIT_DATA;
    struct front_door *door = NULL;
    struct front_door_config config = {
        .listen = o->listen, .guest_listen = o->guest_listen, .web_dir = web_dir(o, buffer, sizeof buffer)};
    if (o->demo && demo_fill(hub_find(hub, NULL), stdout))
        cli_complain(code, "the sample restaurant could not be made");
    else if (follow(hub, &fault))
        code = cli_complain(code, fault.detail);
    else if (front_door_open(hub, &config, &door, &fault))
        code = cli_complain(EXIT_LISTEN, fault.detail); /* door stays NULL */
    struct door_view view = {.port = {door_figures}, .door = door};
    if (door) {
        hub->door = &view.port;
        code = wait_for_end(hub, door, &signals, o);
    }
    front_door_close(door);
    hub_close(hub);
    return code;
}

static int serve(const struct options *o)
{
    struct hub hub;
    int lock = -1, code = cli_make_folder(o->data);
    if (!code) code = lock_folder(o->data, &lock);
    cli_ports(&hub, o);
    if (!code) code = serve_open(&hub, o);
    cli_ports_finish(&hub);
    if (lock >= 0) close(lock);
    return code;
}

/* ---- servery routes -----------------------------------------------------------------------------------------------
 */

static void print_route(const struct route *route, void *data)
{
    (void)data;
    if (!route->handler) return;
    printf("%s %s ", route->method, route->path);
    bool first = true;
    for (int role = ROLE_OWNER; role > ROLE_NONE; role--) {
        if (!role_in((enum role)role, route->roles)) continue;
        printf("%s%s", first ? "" : ",", role_name((enum role)role));
        first = false;
    }
    puts(first ? "-" : "");
}

/* A command of two words or one, and what it runs. */
static const struct verb {
    const char *first, *second; /* second NULL: one word */
    int (*run)(const struct options *options);
} verbs[] = {
    {"serve", NULL, serve},
    {"token", "create", cli_token_create},
    {"printer", "add", cli_printer_add},
    {"printer", "remove", cli_printer_remove},
    {"printer", "list", cli_printer_list},
    {"printer", "test", cli_printer_test},
    {"bell", "set", cli_bell_set},
    {"bell", "off", cli_bell_off},
};

static const struct verb *verb_of(int argc, char **argv)
{
    for (size_t i = 0; argc > 1 && i < sizeof verbs / sizeof *verbs; i++) {
        if (strcmp(argv[1], verbs[i].first) != 0) continue;
        if (!verbs[i].second || (argc > 2 && strcmp(argv[2], verbs[i].second) == 0)) return &verbs[i];
    }
    return NULL;
}

int main(int argc, char **argv)
{
    struct options options;
    const char *word = argc > 1 ? argv[1] : "";
    if (strcmp(word, "--help") == 0) return fputs(cli_usage, stdout) < 0;
    if (strcmp(word, "--version") == 0) return puts("servery " SERVERY_VERSION) < 0;
    if (strcmp(word, "routes") == 0) {
        route_each(print_route, NULL);
        return 0;
    }
    const struct verb *verb = verb_of(argc, argv);
    if (!verb) return fputs(cli_usage, stderr), EXIT_USAGE;
    int skip = verb->second ? 2 : 1;
    int code = cli_read_options(argc - skip, argv + skip, &options);
    return code ? code : verb->run(&options);
}
