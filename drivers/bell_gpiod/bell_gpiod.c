/* SPDX-License-Identifier: MIT */
#include "drivers/bell_gpiod/bell_gpiod.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "drivers/bell_gpiod/debounce.h"
#include "drivers/bell_gpiod/gpio_find.h"
#include "drivers/bell_gpiod/gpio_lines.h"

enum { EDGES_AT_ONCE = 16, ROUNDS_MAX = 8 /* a line that chatters without end must not hold the follower */ };

struct gpiod_port {
    struct bell_port port;
    char device_dir[];
};
struct gpiod_bell {
    struct bell bell;
    struct gpio_line *output;
    struct gpio_line *button; /* NULL = none */
    struct debounce debounce;
    char line[GPIO_NAME_SIZE];
};

const char *bell_gpiod_version(void)
{
    return gpio_library_version();
}

static enum hub_err device_fault(struct bell_fault *fault, const char *line, const char *deed)
{
    return bell_fault_set(fault, HUB_UNAVAILABLE,
        "Servery tries again by itself; if it stays, check the board and restart the box.",
        "%s does not let itself be %s: %s.", line, deed, strerror(errno));
}

static enum hub_err gpiod_set(struct bell *base, bool on, struct bell_fault *fault)
{
    struct gpiod_bell *bell = (struct gpiod_bell *)base;
    return gpio_line_set(bell->output, on) == 0 ? HUB_OK
                                                : device_fault(fault, bell->line, on ? "switched on" : "switched off");
}

static int gpiod_fd(const struct bell *base)
{
    const struct gpiod_bell *bell = (const struct gpiod_bell *)base;
    return bell->button ? gpio_line_fd(bell->button) : -1;
}

static int64_t gpiod_button_due_ms(const struct bell *base)
{
    const struct gpiod_bell *bell = (const struct gpiod_bell *)base;
    return bell->button ? debounce_due_ms(&bell->debounce) : INT64_MAX;
}

/* The kernel's time stamp in the caller's time: his clock need not be the kernel's, but both run at the same speed. */
static int64_t edge_ms(uint64_t at_ns, int64_t now_ms)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    int64_t age_ms = ((int64_t)now.tv_sec * 1000000000 + now.tv_nsec - (int64_t)at_ns) / 1000000;
    return age_ms > 0 ? now_ms - age_ms : now_ms;
}

static int read_edges(struct gpiod_bell *bell, int64_t now_ms)
{
    struct gpio_edge edges[EDGES_AT_ONCE];
    for (int round = 0; round < ROUNDS_MAX; round++) {
        int count = gpio_line_edges(bell->button, edges, EDGES_AT_ONCE);
        if (count < 0) return -1;
        for (int i = 0; i < count; i++)
            debounce_level(&bell->debounce, edges[i].active, edge_ms(edges[i].at_ns, now_ms));
        if (count < EDGES_AT_ONCE) break;
    }
    /* The kernel drops edges when its queue is full: the level itself has the last word. */
    int level = gpio_line_get(bell->button);
    if (level < 0) return -1;
    debounce_level(&bell->debounce, level == 1, now_ms);
    return 0;
}

static int gpiod_presses(struct bell *base, int64_t now_ms, struct bell_fault *fault)
{
    struct gpiod_bell *bell = (struct gpiod_bell *)base;
    if (!bell->button) return 0;
    if (read_edges(bell, now_ms) == 0) return debounce_take(&bell->debounce, now_ms);
    device_fault(fault, "The button's line", "read");
    return -1;
}

static void gpiod_close(struct bell *base)
{
    struct gpiod_bell *bell = (struct gpiod_bell *)base;
    gpio_line_release(bell->button);
    gpio_line_release(bell->output);
    free(bell);
}

static const struct bell_ops gpiod_ops = {
    .set = gpiod_set,
    .fd = gpiod_fd,
    .button_due_ms = gpiod_button_due_ms,
    .presses = gpiod_presses,
    .close = gpiod_close,
};

static enum hub_err claim_fault(struct bell_fault *fault, const char *name, struct gpio_chip *chip, unsigned offset)
{
    int cause = errno;
    char consumer[GPIO_NAME_SIZE] = "";
    if (cause == EBUSY) gpio_chip_consumer(chip, offset, consumer, sizeof consumer);
    if (cause == EBUSY)
        return bell_fault_set(fault, HUB_UNAVAILABLE,
            "Stop what uses it (a program, or an overlay in config.txt), or choose another pin.", "%s is in use by %s.",
            name, *consumer ? consumer : "the system");
    if (cause == EACCES || cause == EPERM)
        return bell_fault_set(fault, HUB_UNAVAILABLE, "Put Servery's user into the group gpio, and restart.",
            "%s may not be used: permission denied.", name);
    return bell_fault_set(
        fault, HUB_UNAVAILABLE, "Choose another pin.", "The kernel does not give %s: %s.", name, strerror(cause));
}

static enum hub_err check_name(const char *name, struct bell_fault *fault)
{
    if (!name || !*name)
        return bell_fault_set(fault, HUB_VALIDATION_ERROR, "Name a pin, such as GPIO17.", "No pin is named.");
    if (strlen(name) < GPIO_NAME_SIZE) return HUB_OK;
    return bell_fault_set(fault, HUB_VALIDATION_ERROR, "Name a pin, such as GPIO17.",
        "The pin's name is too long: at most %d characters.", GPIO_NAME_SIZE - 1);
}

typedef struct gpio_line *claim(struct gpio_chip *chip, unsigned offset, bool inverted);

static enum hub_err claim_line(const char *device_dir, const char *name, claim *request, bool inverted,
    struct gpio_line **out, struct bell_fault *fault)
{
    enum hub_err err = check_name(name, fault);
    if (err) return err;
    struct bell_fault found = {0};
    unsigned offset = 0;
    struct gpio_chip *chip = gpio_find(device_dir, name, &offset, &found);
    if (!chip) {
        if (fault) *fault = found;
        return found.code;
    }
    *out = request(chip, offset, inverted);
    if (*out) return HUB_OK;
    err = claim_fault(fault, name, chip, offset);
    gpio_chip_close(chip);
    return err;
}

/* Waits for the first edge: presses() brings the caller's clock. */
static void start_button(struct gpiod_bell *bell, int debounce_ms)
{
    int level = gpio_line_get(bell->button);
    debounce_init(&bell->debounce, debounce_ms > 0 ? debounce_ms : BELL_DEBOUNCE_MS, level == 1, 0);
}

static enum hub_err gpiod_open(
    struct bell_port *base, const struct bell_config *config, struct bell **out, struct bell_fault *fault)
{
    const struct gpiod_port *port = (const struct gpiod_port *)base;
    struct gpiod_bell *bell = calloc(1, sizeof *bell);
    if (!bell) return bell_fault_set(fault, HUB_UNAVAILABLE, "Restart the box.", "Memory is short.");
    bell->bell.ops = &gpiod_ops;
    enum hub_err err =
        claim_line(port->device_dir, config->line, gpio_line_output, config->active_low, &bell->output, fault);
    if (err) goto free_bell;
    snprintf(bell->line, sizeof bell->line, "%s", config->line);
    if (config->button && *config->button) {
        err = claim_line(
            port->device_dir, config->button, gpio_line_button, config->button_active_high, &bell->button, fault);
        if (err) goto release_output;
        start_button(bell, config->debounce_ms);
    }
    *out = &bell->bell;
    return HUB_OK;

release_output:
    gpio_line_release(bell->output);
free_bell:
    free(bell);
    return err;
}

static void gpiod_destroy(struct bell_port *port)
{
    free(port);
}

static const struct bell_port_ops gpiod_port_ops = {.open = gpiod_open, .destroy = gpiod_destroy};

struct bell_port *bell_gpiod_create(const char *device_dir)
{
    if (!device_dir) device_dir = "/dev";
    size_t size = strlen(device_dir) + 1;
    struct gpiod_port *port = calloc(1, sizeof *port + size);
    if (!port) return NULL;
    port->port.ops = &gpiod_port_ops;
    memcpy(port->device_dir, device_dir, size);
    return &port->port;
}
