/* SPDX-License-Identifier: MIT */
/* The program: reads the command line, picks the drivers, opens the house. The only file that sees both sides. */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "drivers/crypto_sodium/crypto_sodium.h"
#include "drivers/http_civetweb/front_door.h"
#include "drivers/os_clock/os_clock.h"
#include "drivers/text_utf8proc/text_utf8proc.h"
#include "hub/api/call.h"
#include "hub/credentials.h"
#include "hub/demo.h"
#include "hub/hub.h"
#include "hub/port/clock.h"
#include "hub/port/store_credentials.h"
#include "hub/restaurant.h"

enum { EXIT_USAGE = 2, EXIT_DATA = 3, EXIT_LISTEN = 4, EXIT_BUSY = 5 };

static const char usage[] =
    "servery - the restaurant hub in one box\n"
    "\n"
    "  servery serve --data DIR [--listen 127.0.0.1:8080] [--demo] [--guest-listen ADDR:PORT]\n"
    "                [--max-sockets N] [--max-sockets-per-token N] [--web DIR] [--host NAME] [--log-level LEVEL]\n"
    "      Runs the hub. Port 0 picks a free one. --demo fills an empty data folder with a sample restaurant.\n"
    "      LEVEL is error, warning, notice, info or debug.\n"
    "  servery token create --data DIR --role ROLE --name NAME [--restaurant SLUG]\n"
    "      Prints a new API token; also while the hub runs. ROLE is owner, manager, waiter, kitchen or display.\n"
    "  servery routes\n"
    "      Lists the API: method, path, roles.\n"
    "  servery --help, --version\n"
    "\n"
    "Exit codes: 0 fine, 2 wrong arguments, 3 the data folder cannot be used, 4 the address cannot be used,\n"
    "5 another servery uses the data folder.\n";

struct options {
    const char *data, *listen, *guest_listen, *web, *role, *name, *restaurant, *hosts[2];
    int max_sockets, max_sockets_per_token, log_level;
    bool demo;
};

static int complain(int code, const char *text)
{
    fprintf(stderr, "servery: %s\n", text);
    return code;
}

/* A whole number from 1 to 100000; 0 when it is not. */
static int whole(const char *text)
{
    char *end;
    long value = strtol(text, &end, 10);
    return *text && !*end && value > 0 && value <= 100000 ? (int)value : 0;
}

static int read_options(int argc, char **argv, struct options *o)
{
    static const struct option known[] = {{"data", 1, NULL, 'd'}, {"listen", 1, NULL, 'l'}, {"guest-listen", 1, NULL, 'g'}, {"web", 1, NULL, 'w'},
        {"role", 1, NULL, 'r'}, {"name", 1, NULL, 'n'}, {"restaurant", 1, NULL, 's'}, {"max-sockets", 1, NULL, 'm'},
        {"max-sockets-per-token", 1, NULL, 't'}, {"log-level", 1, NULL, 'v'}, {"demo", 0, NULL, 'D'}, {"host", 1, NULL, 'h'}, {NULL, 0, NULL, 0}};
    *o = (struct options){.listen = "127.0.0.1:8080", .max_sockets = 64, .max_sockets_per_token = 20, .log_level = LOG_LEVEL_NOTICE};
    for (int c; (c = getopt_long(argc, argv, "", known, NULL)) != -1;) {
        switch (c) {
        case 'd': o->data = optarg; break;
        case 'l': o->listen = optarg; break;
        case 'g': o->guest_listen = optarg; break;
        case 'w': o->web = optarg; break;
        case 'r': o->role = optarg; break;
        case 'n': o->name = optarg; break;
        case 's': o->restaurant = optarg; break;
        case 'h': o->hosts[0] = optarg; break;
        case 'm': o->max_sockets = whole(optarg); break;
        case 't': o->max_sockets_per_token = whole(optarg); break;
        case 'v': o->log_level = log_level_from_name(optarg); break;
        case 'D': o->demo = true; break;
        default: return EXIT_USAGE;
        }
    }
    if (optind < argc) return complain(EXIT_USAGE, "there is a word too many; see servery --help");
    if (!o->data) return complain(EXIT_USAGE, "--data DIR is missing: the folder where orders are kept");
    if (!o->max_sockets || !o->max_sockets_per_token) return complain(EXIT_USAGE, "--max-sockets wants a whole number from 1 to 100000");
    if (o->log_level < 0) return complain(EXIT_USAGE, "--log-level is error, warning, notice, info or debug");
    return 0;
}

static void ports(struct hub *hub, const struct options *o)
{
    *hub = (struct hub){.config = {.data_dir = o->data, .max_sockets = o->max_sockets, .max_sockets_per_token = o->max_sockets_per_token,
                            .host_names = o->hosts, .demo = o->demo},
        .clock = os_clock(), .crypto = crypto_sodium(), .text = text_utf8proc()};
    log_init(&hub->log, (enum log_level)o->log_level);
}

static int make_folder(const char *path)
{
    if (mkdir(path, 0700) == 0 || errno == EEXIST) return 0;
    fprintf(stderr, "servery: the data folder %s cannot be made: %s\n", path, strerror(errno));
    return EXIT_DATA;
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
    snprintf(host, sizeof host, "%.*s", (int)(strrchr(o->listen, ':') ? strrchr(o->listen, ':') - o->listen : 0), o->listen);
    printf("Servery is ready at http://%s:%d\n", host[0] && strcmp(host, "*") != 0 ? host : "127.0.0.1", front_door_port(door));
    if (front_door_guest_port(door)) printf("Guests at http://%s:%d\n", host[0] ? host : "127.0.0.1", front_door_guest_port(door));
    fflush(stdout);
    int signal_number;
    sigwait(signals, &signal_number);
    log_line(&hub->log, LOG_LEVEL_NOTICE, "stopping");
    hub->stopping = true;
    front_door_stop(door);
    return 0;
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
    if (hub_open(hub, &fault)) return complain(EXIT_DATA, fault.detail);
    int code = EXIT_DATA;
    struct front_door *door = NULL;
    struct front_door_config config = {.listen = o->listen, .guest_listen = o->guest_listen, .web_dir = web_dir(o, buffer, sizeof buffer)};
    if (o->demo && demo_fill(hub_find(hub, NULL), stdout)) complain(code, "the sample restaurant could not be made");
    else if (front_door_open(hub, &config, &door, &fault)) code = complain(EXIT_LISTEN, fault.detail);
    else code = wait_for_end(hub, door, &signals, o);
    front_door_close(door);
    hub_close(hub);
    return code;
}

static int serve(const struct options *o)
{
    struct hub hub;
    int lock = -1, code = make_folder(o->data);
    if (!code) code = lock_folder(o->data, &lock);
    ports(&hub, o);
    if (!code) code = serve_open(&hub, o);
    if (lock >= 0) close(lock);
    return code;
}

/* ---- servery token create ----------------------------------------------------------------------------------------- */

static int token_create(const struct options *o)
{
    enum role role = role_from_name(o->role);
    const char *slug = o->restaurant ? o->restaurant : "main";
    if (role <= ROLE_GUEST) return complain(EXIT_USAGE, "--role is owner, manager, waiter, kitchen or display");
    if (!o->name || !*o->name || strlen(o->name) > 80) return complain(EXIT_USAGE, "--name is missing: what the token is for, up to 80 characters");
    if (!slug_valid(slug)) return complain(EXIT_USAGE, "--restaurant is 1 to 40 of a-z, 0-9 and inner hyphens");
    struct hub hub;
    struct restaurant *restaurant;
    struct fault fault = {0};
    ports(&hub, o);
    if (make_folder(o->data)) return EXIT_DATA;
    if (restaurant_open(&hub, slug, &restaurant, &fault)) return complain(EXIT_DATA, fault.detail);
    struct actor by = {.kind = ACTOR_SYSTEM, .role = ROLE_OWNER};
    char token[CRYPTO_TOKEN_CHARS];
    int64_t id, created_at;
    int err = credentials_token_create(restaurant->credentials, &by, o->name, role, token, &id, &created_at, &fault);
    restaurant_close(restaurant);
    if (err) return complain(EXIT_DATA, fault.detail);
    printf("%s\n", token);
    return fflush(stdout) == 0 ? 0 : EXIT_DATA;
}

/* ---- servery routes ----------------------------------------------------------------------------------------------- */

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

int main(int argc, char **argv)
{
    struct options options;
    const char *verb = argc > 1 ? argv[1] : "";
    if (strcmp(verb, "--help") == 0) return fputs(usage, stdout) < 0;
    if (strcmp(verb, "--version") == 0) return puts("servery " SERVERY_VERSION) < 0;
    if (strcmp(verb, "routes") == 0) {
        route_each(print_route, NULL);
        return 0;
    }
    bool token = strcmp(verb, "token") == 0 && argc > 2 && strcmp(argv[2], "create") == 0;
    if (!token && strcmp(verb, "serve") != 0) return fputs(usage, stderr), EXIT_USAGE;
    int skip = token ? 2 : 1;
    int code = read_options(argc - skip, argv + skip, &options);
    if (code) return code;
    return token ? token_create(&options) : serve(&options);
}
