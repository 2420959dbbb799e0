/* SPDX-License-Identifier: MIT */
/* libgpiod 1.6 (Debian 12). It speaks the kernel's GPIO interface version 1, which newer kernels may be built without.
 */
#include "drivers/bell_gpiod/gpio_lines.h"

#include <errno.h>
#include <gpiod.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { EDGES_AT_ONCE = 16 };

struct gpio_chip {
    struct gpiod_chip *handle;
};
struct gpio_line {
    struct gpiod_chip *chip; /* owned: it owns `handle` in turn */
    struct gpiod_line *handle;
};

const char *gpio_library_version(void)
{
    return gpiod_version_string();
}

const char *gpio_kernel_lacks(void)
{
    return "its GPIO interface version 1 is switched off";
}

const char *gpio_kernel_remedy(void)
{
    return "Use Servery built with libgpiod 2 (Debian 13), or a kernel with CONFIG_GPIO_CDEV_V1 (Debian's 6.1 and "
           "6.12).";
}

struct gpio_chip *gpio_chip_open(const char *path)
{
    struct gpio_chip *chip = calloc(1, sizeof *chip);
    if (!chip) return NULL;
    chip->handle = gpiod_chip_open(path);
    if (chip->handle) return chip;
    int cause = errno;
    free(chip);
    errno = cause;
    return NULL;
}

void gpio_chip_close(struct gpio_chip *chip)
{
    if (!chip) return;
    gpiod_chip_close(chip->handle);
    free(chip);
}

const char *gpio_chip_label(const struct gpio_chip *chip)
{
    return gpiod_chip_label(chip->handle);
}

unsigned gpio_chip_line_count(const struct gpio_chip *chip)
{
    return gpiod_chip_num_lines(chip->handle);
}

int gpio_chip_find(struct gpio_chip *chip, const char *name)
{
    struct gpiod_line *line = gpiod_chip_find_line(chip->handle, name);
    return line ? (int)gpiod_line_offset(line) : -1;
}

void gpio_chip_consumer(struct gpio_chip *chip, unsigned offset, char *out, size_t size)
{
    struct gpiod_line *line = gpiod_chip_get_line(chip->handle, offset);
    const char *consumer = line ? gpiod_line_consumer(line) : NULL;
    snprintf(out, size, "%s", consumer ? consumer : "");
}

static struct gpio_line *claim(struct gpio_chip *chip, unsigned offset, const struct gpiod_line_request_config *config)
{
    struct gpio_line *line = calloc(1, sizeof *line);
    if (!line) return NULL;
    line->handle = gpiod_chip_get_line(chip->handle, offset);
    if (line->handle && gpiod_line_request(line->handle, config, 0) == 0) {
        line->chip = chip->handle;
        free(chip);
        return line;
    }
    int cause = errno;
    free(line);
    errno = cause;
    return NULL;
}

struct gpio_line *gpio_line_output(struct gpio_chip *chip, unsigned offset, bool active_low)
{
    const struct gpiod_line_request_config config = {
        .consumer = GPIO_CONSUMER,
        .request_type = GPIOD_LINE_REQUEST_DIRECTION_OUTPUT,
        .flags = active_low ? GPIOD_LINE_REQUEST_FLAG_ACTIVE_LOW : 0,
    };
    return claim(chip, offset, &config);
}

struct gpio_line *gpio_line_button(struct gpio_chip *chip, unsigned offset, bool active_high)
{
    const struct gpiod_line_request_config config = {
        .consumer = GPIO_CONSUMER,
        .request_type = GPIOD_LINE_REQUEST_EVENT_BOTH_EDGES,
        .flags = active_high ? GPIOD_LINE_REQUEST_FLAG_BIAS_PULL_DOWN
                             : GPIOD_LINE_REQUEST_FLAG_BIAS_PULL_UP | GPIOD_LINE_REQUEST_FLAG_ACTIVE_LOW,
    };
    return claim(chip, offset, &config);
}

void gpio_line_release(struct gpio_line *line)
{
    if (!line) return;
    gpiod_line_release(line->handle);
    gpiod_chip_close(line->chip);
    free(line);
}

int gpio_line_set(struct gpio_line *line, bool active)
{
    return gpiod_line_set_value(line->handle, active);
}

int gpio_line_get(struct gpio_line *line)
{
    return gpiod_line_get_value(line->handle);
}

int gpio_line_fd(const struct gpio_line *line)
{
    return gpiod_line_event_get_fd(line->handle);
}

int gpio_line_edges(struct gpio_line *line, struct gpio_edge *out, size_t max)
{
    const struct timespec at_once = {0};
    int waiting = gpiod_line_event_wait(line->handle, &at_once);
    if (waiting <= 0) return waiting;
    struct gpiod_line_event events[EDGES_AT_ONCE];
    if (max > EDGES_AT_ONCE) max = EDGES_AT_ONCE;
    int count = gpiod_line_event_read_multiple(line->handle, events, (unsigned)max);
    for (int i = 0; i < count; i++) {
        out[i].at_ns = (uint64_t)events[i].ts.tv_sec * 1000000000U + (uint64_t)events[i].ts.tv_nsec;
        out[i].active = events[i].event_type == GPIOD_LINE_EVENT_RISING_EDGE;
    }
    return count;
}
