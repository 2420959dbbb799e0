/* SPDX-License-Identifier: MIT */
#include "hub/port/bell.h"

#include <stdarg.h>
#include <stdio.h>

enum hub_err bell_open(
    struct bell_port *port, const struct bell_config *config, struct bell **out, struct bell_fault *fault)
{
    *out = NULL;
    struct bell *bell = NULL;
    enum hub_err err = port->ops->open(port, config, &bell, fault);
    if (err) return err;
    bell->due_ms = INT64_MAX;
    *out = bell;
    return HUB_OK;
}

void bell_close(struct bell *bell)
{
    if (!bell) return;
    bell_stop(bell, NULL);
    bell->ops->close(bell);
}

void bell_port_destroy(struct bell_port *port)
{
    if (port) port->ops->destroy(port);
}

static enum hub_err bell_switch(struct bell *bell, bool on, struct bell_fault *fault)
{
    enum hub_err err = bell->ops->set(bell, on, fault);
    if (err == HUB_OK) bell->on = on;
    return err;
}

enum hub_err bell_play(struct bell *bell, const struct bell_pattern *pattern, int64_t now_ms, struct bell_fault *fault)
{
    if (!pattern) pattern = &bell_pattern_steady;
    if (bell->pattern != pattern || pattern->repeats > 0) {
        bell->pattern = pattern;
        bell->began_ms = now_ms;
    }
    return bell_tick(bell, now_ms, fault);
}

enum hub_err bell_stop(struct bell *bell, struct bell_fault *fault)
{
    bell->pattern = NULL;
    bell->due_ms = INT64_MAX;
    return bell_switch(bell, false, fault);
}

enum hub_err bell_tick(struct bell *bell, int64_t now_ms, struct bell_fault *fault)
{
    if (!bell->pattern) return HUB_OK;
    int64_t next_ms;
    bool on = bell_pattern_at(bell->pattern, now_ms - bell->began_ms, &next_ms);
    bell->due_ms = next_ms == INT64_MAX ? INT64_MAX : bell->began_ms + next_ms;
    return on == bell->on ? HUB_OK : bell_switch(bell, on, fault);
}

int64_t bell_due_ms(const struct bell *bell)
{
    int64_t button_ms = bell->ops->button_due_ms(bell);
    return button_ms < bell->due_ms ? button_ms : bell->due_ms;
}

bool bell_is_on(const struct bell *bell)
{
    return bell->on;
}

int bell_fd(const struct bell *bell)
{
    return bell->ops->fd(bell);
}

int bell_presses(struct bell *bell, int64_t now_ms, struct bell_fault *fault)
{
    return bell->ops->presses(bell, now_ms, fault);
}

enum hub_err bell_fault_set(struct bell_fault *fault, enum hub_err code, const char *fix, const char *format, ...)
{
    if (!fault) return code;
    va_list args;
    va_start(args, format);
    vsnprintf(fault->detail, sizeof fault->detail, format, args);
    va_end(args);
    snprintf(fault->fix, sizeof fault->fix, "%s", fix);
    return fault->code = code;
}
