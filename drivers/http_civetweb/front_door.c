/* SPDX-License-Identifier: MIT */
#include "drivers/http_civetweb/front_door.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "drivers/http_civetweb/door.h"
#include "hub/hub.h"

enum { DESCRIPTORS_WANTED = 4096 };

static struct entrance *entrance_of(const struct mg_connection *connection)
{
    return mg_get_user_data(mg_get_context(connection));
}

static int on_connection(const struct mg_connection *connection, void **data)
{
    *data = visit_open(entrance_of(connection));
    return 0;
}

static void on_close(const struct mg_connection *connection)
{
    struct visit *visit = mg_get_user_connection_data(connection);
    if (visit) visit_close(visit);
}

static void *on_thread(const struct mg_context *context, int type)
{
    const struct entrance *entrance = mg_get_user_data(context);
    char name[16];
    snprintf(name, sizeof name, "%s-%s", entrance->guest ? "guest" : "staff", type == 0 ? "accept" : "work");
    pthread_setname_np(pthread_self(), name);
    return NULL;
}

/* Only what is said at the start is kept: later messages quote requests, and those may hold tokens. */
static int on_log(const struct mg_connection *connection, const char *message)
{
    const struct mg_context *context = connection ? mg_get_context(connection) : NULL;
    struct entrance *entrance = context ? mg_get_user_data(context) : NULL;
    if (entrance && !atomic_load(&entrance->door->started))
        snprintf(entrance->door->start_message, sizeof entrance->door->start_message, "%s", message);
    return 1;
}

static enum hub_err entrance_open(struct entrance *entrance, const char *listen, struct fault *fault)
{
    char address[64], workers[16];
    enum hub_err err = listener_check(listen, address, sizeof address, fault);
    if (err) return err;
    snprintf(workers, sizeof workers, "%d", entrance->workers);
    const char *options[] = {"listening_ports", address, "num_threads", workers, "tcp_nodelay", "1",
        "enable_keep_alive", "yes", "keep_alive_timeout_ms", "3000", "request_timeout_ms", "5000", "connection_queue",
        "50", "listen_backlog", "1024", "max_request_size", "16384", "decode_url", "no", "enable_directory_listing",
        "no", "enable_auth_domain_check", "no", NULL};
    const struct mg_callbacks callbacks = {.begin_request = request_serve,
        .http_error = request_refused,
        .init_connection = on_connection,
        .connection_close = on_close,
        .init_thread = on_thread,
        .log_message = on_log}; /* no log_access: it would call localtime() for each request */
    entrance->context = mg_start(&callbacks, entrance, options);
    struct mg_server_port ports[2];
    if (!entrance->context || mg_get_server_ports(entrance->context, 2, ports) < 1)
        return fault_set(fault, HUB_UNAVAILABLE, "listen", "Cannot listen on %s: %s", listen,
            entrance->door->start_message[0] ? entrance->door->start_message : "the web server did not start.");
    entrance->port = ports[0].port;
    listener_tune(entrance);
    return HUB_OK;
}

/* Shutting the listener down first ends its accept loop at once instead of at its next look. */
static void entrance_stop(struct entrance *entrance)
{
    if (!entrance->context) return;
    if (entrance->listener > 0) shutdown(entrance->listener, SHUT_RDWR);
    mg_stop(entrance->context);
    entrance->context = NULL;
}

static int or_default(int value, int standard)
{
    return value > 0 ? value : standard;
}

static void set_defaults(struct front_door_config *config)
{
    config->max_sockets = or_default(config->max_sockets, 1024);
    config->workers = or_default(config->workers, 24);
    config->guest_workers = or_default(config->guest_workers, 16);
    config->max_per_address = or_default(config->max_per_address, 12);
    config->body_timeout_ms = or_default(config->body_timeout_ms, 10000);
    config->answer_timeout_ms = or_default(config->answer_timeout_ms, 30000);
    config->ping_ms = or_default(config->ping_ms, 15000);
    config->silence_ms = or_default(config->silence_ms, 45000);
    if (!config->listen) config->listen = "127.0.0.1:8080";
}

static void raise_descriptor_limit(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) || limit.rlim_cur >= DESCRIPTORS_WANTED) return;
    limit.rlim_cur = limit.rlim_max < DESCRIPTORS_WANTED ? limit.rlim_max : DESCRIPTORS_WANTED;
    (void)setrlimit(RLIMIT_NOFILE, &limit); /* then there is room for fewer screens */
}

enum hub_err front_door_open(
    struct hub *hub, const struct front_door_config *config, struct front_door **out, struct fault *fault)
{
    struct front_door *door = calloc(1, sizeof *door);
    *out = NULL;
    if (!door) return fault_set(fault, HUB_UNAVAILABLE, NULL, "The box is short of memory.");
    door->hub = hub;
    door->config = *config;
    set_defaults(&door->config);
    raise_descriptor_limit();
    mg_init_library(0);
    pthread_mutex_init(&door->visits_lock, NULL); /* never fails for a plain mutex */
    door->web_dir = config->web_dir ? open(config->web_dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    door->staff = (struct entrance){.door = door, .workers = door->config.workers};
    door->guests = (struct entrance){.door = door, .workers = door->config.guest_workers, .guest = true};
    struct sockets_config sockets_config = {.hub = hub,
        .max = door->config.max_sockets,
        .ping_ms = door->config.ping_ms,
        .silence_ms = door->config.silence_ms,
        .tick = visits_tick,
        .tick_data = door};
    door->sockets = sockets_create(&sockets_config);
    enum hub_err err = HUB_OK;
    if (!door->sockets) err = fault_set(fault, HUB_UNAVAILABLE, NULL, "Cannot start the thread for screens.");
    if (!err) err = entrance_open(&door->staff, door->config.listen, fault);
    if (!err && door->config.guest_listen) err = entrance_open(&door->guests, door->config.guest_listen, fault);
    if (err) {
        front_door_close(door);
        return err;
    }
    atomic_store(&door->started, true);
    *out = door;
    return HUB_OK;
}

int front_door_port(const struct front_door *door)
{
    return door->staff.port;
}

int front_door_guest_port(const struct front_door *door)
{
    return door->guests.port;
}

void front_door_stop(struct front_door *door)
{
    if (door->stopped) return;
    door->stopped = true;
    atomic_store(&door->stopping, true);
    if (door->sockets) sockets_stop(door->sockets);
    visits_stop(door);
    entrance_stop(&door->staff);
    entrance_stop(&door->guests);
    sockets_destroy(door->sockets);
    door->sockets = NULL;
}

void front_door_close(struct front_door *door)
{
    if (!door) return;
    front_door_stop(door);
    if (door->web_dir >= 0) close(door->web_dir);
    pthread_mutex_destroy(&door->visits_lock);
    mg_exit_library();
    free(door);
}

void front_door_stats(struct front_door *door, struct front_door_stats *out)
{
    *out = (struct front_door_stats){.requests = atomic_load(&door->requests),
        .connections_cut = atomic_load(&door->cut),
        .connections = atomic_load(&door->staff.visits) + atomic_load(&door->guests.visits)};
    if (door->sockets) sockets_stats(door->sockets, out);
}
