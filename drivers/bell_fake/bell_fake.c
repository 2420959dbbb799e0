/* SPDX-License-Identifier: MIT */
#include "drivers/bell_fake/bell_fake.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum { CALLS_KEPT = 256 };

struct fake_port {
    struct bell_port port;
    pthread_mutex_t lock; /* guards all below */
    struct fake_bell *first;
    struct bell_fake_call calls[CALLS_KEPT];
    size_t call_count;
    unsigned fail_open, fail_set;
};
struct fake_bell {
    struct bell bell;
    struct fake_port *port;
    struct fake_bell *next; /* fake_port::first */
    char line[32];
    bool on;
    int button; /* eventfd that counts presses; -1 = none */
};

static struct fake_port *fake_of(struct bell_port *port)
{
    return (struct fake_port *)port;
}

static void record(struct fake_port *port, enum bell_fake_what what, const char *line)
{
    if (port->call_count < CALLS_KEPT) {
        struct bell_fake_call *call = &port->calls[port->call_count];
        call->what = what;
        snprintf(call->line, sizeof call->line, "%s", line);
    }
    port->call_count++;
}

static bool fails(unsigned *times)
{
    if (*times == 0) return false;
    --*times;
    return true;
}

static enum hub_err refuse(struct bell_fault *fault, const char *line)
{
    return bell_fault_set(fault, HUB_UNAVAILABLE, "Wait for the test to mend it.", "%s was told to fail.", line);
}

static enum hub_err fake_set(struct bell *base, bool on, struct bell_fault *fault)
{
    struct fake_bell *bell = (struct fake_bell *)base;
    pthread_mutex_lock(&bell->port->lock);
    bool failed = fails(&bell->port->fail_set);
    if (!failed) {
        bell->on = on;
        record(bell->port, on ? BELL_FAKE_ON : BELL_FAKE_OFF, bell->line);
    }
    pthread_mutex_unlock(&bell->port->lock);
    return failed ? refuse(fault, bell->line) : HUB_OK;
}

static int fake_fd(const struct bell *bell)
{
    return ((const struct fake_bell *)bell)->button;
}

static int64_t fake_button_due_ms(const struct bell *bell)
{
    (void)bell;
    return INT64_MAX;
}

static int fake_presses(struct bell *bell, int64_t now_ms, struct bell_fault *fault)
{
    (void)now_ms;
    (void)fault;
    uint64_t count = 0;
    int fd = fake_fd(bell);
    if (fd < 0 || read(fd, &count, sizeof count) != (ssize_t)sizeof count) return 0;
    return (int)count;
}

static void fake_close(struct bell *base)
{
    struct fake_bell *bell = (struct fake_bell *)base;
    struct fake_port *port = bell->port;
    pthread_mutex_lock(&port->lock);
    struct fake_bell **link = &port->first;
    while (*link != bell)
        link = &(*link)->next;
    *link = bell->next;
    record(port, BELL_FAKE_CLOSE, bell->line);
    pthread_mutex_unlock(&port->lock);
    if (bell->button >= 0) close(bell->button);
    free(bell);
}

static const struct bell_ops fake_ops = {
    .set = fake_set,
    .fd = fake_fd,
    .button_due_ms = fake_button_due_ms,
    .presses = fake_presses,
    .close = fake_close,
};

static enum hub_err fake_open(
    struct bell_port *base, const struct bell_config *config, struct bell **out, struct bell_fault *fault)
{
    struct fake_port *port = fake_of(base);
    struct fake_bell *bell = calloc(1, sizeof *bell);
    if (!bell) return bell_fault_set(fault, HUB_UNAVAILABLE, "Restart the box.", "Memory is short.");
    bell->bell.ops = &fake_ops;
    bell->port = port;
    snprintf(bell->line, sizeof bell->line, "%s", config->line);
    bell->button = config->button && *config->button ? eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC) : -1;

    pthread_mutex_lock(&port->lock);
    bool failed = fails(&port->fail_open);
    if (!failed) {
        record(port, BELL_FAKE_OPEN, bell->line);
        bell->next = port->first;
        port->first = bell;
    }
    pthread_mutex_unlock(&port->lock);
    if (!failed) {
        *out = &bell->bell;
        return HUB_OK;
    }
    if (bell->button >= 0) close(bell->button);
    free(bell);
    return refuse(fault, config->line);
}

static void fake_destroy(struct bell_port *base)
{
    struct fake_port *port = fake_of(base);
    pthread_mutex_destroy(&port->lock);
    free(port);
}

static const struct bell_port_ops fake_port_ops = {.open = fake_open, .destroy = fake_destroy};

struct bell_port *bell_fake_create(void)
{
    struct fake_port *port = calloc(1, sizeof *port);
    if (!port) return NULL;
    port->port.ops = &fake_port_ops;
    if (pthread_mutex_init(&port->lock, NULL) == 0) return &port->port;
    free(port);
    return NULL;
}

size_t bell_fake_calls(struct bell_port *base, struct bell_fake_call *out, size_t max)
{
    struct fake_port *port = fake_of(base);
    pthread_mutex_lock(&port->lock);
    size_t count = port->call_count;
    size_t copied = count < CALLS_KEPT ? count : CALLS_KEPT;
    if (copied > max) copied = max;
    if (copied > 0) memcpy(out, port->calls, copied * sizeof *out);
    pthread_mutex_unlock(&port->lock);
    return count;
}

void bell_fake_forget(struct bell_port *base)
{
    struct fake_port *port = fake_of(base);
    pthread_mutex_lock(&port->lock);
    port->call_count = 0;
    pthread_mutex_unlock(&port->lock);
}

size_t bell_fake_open_count(struct bell_port *base)
{
    struct fake_port *port = fake_of(base);
    size_t count = 0;
    pthread_mutex_lock(&port->lock);
    for (struct fake_bell *bell = port->first; bell; bell = bell->next)
        count++;
    pthread_mutex_unlock(&port->lock);
    return count;
}

static struct fake_bell *find(struct fake_port *port, const char *line)
{
    struct fake_bell *bell = port->first;
    while (bell && strcmp(bell->line, line) != 0)
        bell = bell->next;
    return bell;
}

bool bell_fake_is_on(struct bell_port *base, const char *line)
{
    struct fake_port *port = fake_of(base);
    pthread_mutex_lock(&port->lock);
    struct fake_bell *bell = find(port, line);
    bool on = bell && bell->on;
    pthread_mutex_unlock(&port->lock);
    return on;
}

void bell_fake_fail_open(struct bell_port *base, unsigned times)
{
    struct fake_port *port = fake_of(base);
    pthread_mutex_lock(&port->lock);
    port->fail_open = times;
    pthread_mutex_unlock(&port->lock);
}

void bell_fake_fail_set(struct bell_port *base, unsigned times)
{
    struct fake_port *port = fake_of(base);
    pthread_mutex_lock(&port->lock);
    port->fail_set = times;
    pthread_mutex_unlock(&port->lock);
}

bool bell_fake_press(struct bell_port *base, const char *line)
{
    struct fake_port *port = fake_of(base);
    const uint64_t one = 1;
    pthread_mutex_lock(&port->lock);
    struct fake_bell *bell = find(port, line);
    bool pressed = bell && bell->button >= 0 && write(bell->button, &one, sizeof one) == (ssize_t)sizeof one;
    pthread_mutex_unlock(&port->lock);
    return pressed;
}
