/* SPDX-License-Identifier: MIT */
#include "drivers/bell_lamp/bell_lamp.h"

#include <stdlib.h>
#include <string.h>

struct lamp_port {
    struct bell_port port;
    bell_lamp_changed *changed;
    void *context;
};
struct lamp {
    struct bell bell;
    struct lamp_port *port;
    bool lit;
    char name[];
};

static void lamp_report(struct lamp *lamp)
{
    if (lamp->port->changed) lamp->port->changed(lamp->port->context, lamp->name, lamp->lit);
}

static enum hub_err lamp_set(struct bell *bell, bool on, struct bell_fault *fault)
{
    (void)fault;
    struct lamp *lamp = (struct lamp *)bell;
    if (lamp->lit == on) return HUB_OK;
    lamp->lit = on;
    lamp_report(lamp);
    return HUB_OK;
}

/* People acknowledge on the page itself, by the API: a lamp has no button. */
static int lamp_fd(const struct bell *bell)
{
    (void)bell;
    return -1;
}

static int64_t lamp_button_due_ms(const struct bell *bell)
{
    (void)bell;
    return INT64_MAX;
}

static int lamp_presses(struct bell *bell, int64_t now_ms, struct bell_fault *fault)
{
    (void)bell;
    (void)now_ms;
    (void)fault;
    return 0;
}

static void lamp_close(struct bell *bell)
{
    free(bell);
}

static const struct bell_ops lamp_ops = {
    .set = lamp_set,
    .fd = lamp_fd,
    .button_due_ms = lamp_button_due_ms,
    .presses = lamp_presses,
    .close = lamp_close,
};

static enum hub_err lamp_open(
    struct bell_port *port, const struct bell_config *config, struct bell **out, struct bell_fault *fault)
{
    if (!config->line || !*config->line)
        return bell_fault_set(fault, HUB_VALIDATION_ERROR, "Give the lamp a name.", "The lamp has no name.");
    size_t size = strlen(config->line) + 1;
    struct lamp *lamp = calloc(1, sizeof *lamp + size);
    if (!lamp) return bell_fault_set(fault, HUB_UNAVAILABLE, "Restart the box.", "Memory is short.");
    memcpy(lamp->name, config->line, size);
    lamp->bell.ops = &lamp_ops;
    lamp->port = (struct lamp_port *)port;
    lamp_report(lamp);
    *out = &lamp->bell;
    return HUB_OK;
}

static void lamp_destroy(struct bell_port *port)
{
    free(port);
}

static const struct bell_port_ops lamp_port_ops = {.open = lamp_open, .destroy = lamp_destroy};

struct bell_port *bell_lamp_create(bell_lamp_changed *changed, void *context)
{
    struct lamp_port *port = calloc(1, sizeof *port);
    if (!port) return NULL;
    *port = (struct lamp_port){.port = {.ops = &lamp_port_ops}, .changed = changed, .context = context};
    return &port->port;
}
