/* SPDX-License-Identifier: MIT */
/* libgpiod 2. */
#include "drivers/bell_gpiod/gpio_lines.h"

#include <errno.h>
#include <gpiod.h>
#include <stdio.h>
#include <stdlib.h>

enum { EDGES_AT_ONCE = 16 };

struct gpio_chip {
    struct gpiod_chip *handle;
    struct gpiod_chip_info *info;
};
struct gpio_line {
    struct gpiod_line_request *request;
    struct gpiod_edge_event_buffer *events; /* buttons only */
    unsigned offset;
};

const char *gpio_library_version(void)
{
    return gpiod_api_version();
}

const char *gpio_kernel_lacks(void)
{
    return "it is older than Linux 5.10";
}

const char *gpio_kernel_remedy(void)
{
    return "Start a newer kernel: Debian 12's and later will do.";
}

struct gpio_chip *gpio_chip_open(const char *path)
{
    int cause = ENOMEM;
    struct gpio_chip *chip = calloc(1, sizeof *chip);
    if (!chip) goto fail;
    chip->handle = gpiod_chip_open(path);
    cause = errno;
    if (!chip->handle) goto free_chip;
    chip->info = gpiod_chip_get_info(chip->handle);
    cause = errno;
    if (!chip->info) goto close_handle;
    return chip;

close_handle:
    gpiod_chip_close(chip->handle);
free_chip:
    free(chip);
fail:
    errno = cause;
    return NULL;
}

void gpio_chip_close(struct gpio_chip *chip)
{
    if (!chip) return;
    gpiod_chip_info_free(chip->info);
    gpiod_chip_close(chip->handle);
    free(chip);
}

const char *gpio_chip_label(const struct gpio_chip *chip)
{
    return gpiod_chip_info_get_label(chip->info);
}

unsigned gpio_chip_line_count(const struct gpio_chip *chip)
{
    return (unsigned)gpiod_chip_info_get_num_lines(chip->info);
}

int gpio_chip_find(struct gpio_chip *chip, const char *name)
{
    return gpiod_chip_get_line_offset_from_name(chip->handle, name);
}

void gpio_chip_consumer(struct gpio_chip *chip, unsigned offset, char *out, size_t size)
{
    struct gpiod_line_info *info = gpiod_chip_get_line_info(chip->handle, offset);
    const char *consumer = info ? gpiod_line_info_get_consumer(info) : NULL;
    snprintf(out, size, "%s", consumer ? consumer : "");
    gpiod_line_info_free(info);
}

static struct gpiod_line_request *request_line(
    struct gpiod_chip *chip, unsigned offset, struct gpiod_line_settings *settings)
{
    struct gpiod_line_request *request = NULL;
    struct gpiod_line_config *lines = gpiod_line_config_new();
    struct gpiod_request_config *config = gpiod_request_config_new();
    if (lines && config && gpiod_line_config_add_line_settings(lines, &offset, 1, settings) == 0) {
        gpiod_request_config_set_consumer(config, GPIO_CONSUMER);
        request = gpiod_chip_request_lines(chip, config, lines);
    }
    int cause = errno;
    gpiod_request_config_free(config);
    gpiod_line_config_free(lines);
    errno = cause;
    return request;
}

/* Takes the settings; takes the chip too when it succeeds. */
static struct gpio_line *claim(
    struct gpio_chip *chip, unsigned offset, struct gpiod_line_settings *settings, size_t event_room)
{
    int cause = ENOMEM;
    struct gpio_line *line = calloc(1, sizeof *line);
    if (!line) goto free_settings;
    line->offset = offset;
    if (event_room > 0 && !(line->events = gpiod_edge_event_buffer_new(event_room))) goto free_line;
    line->request = request_line(chip->handle, offset, settings);
    cause = errno;
    if (!line->request) goto free_events;
    gpiod_line_settings_free(settings);
    gpio_chip_close(chip);
    return line;

free_events:
    gpiod_edge_event_buffer_free(line->events);
free_line:
    free(line);
free_settings:
    gpiod_line_settings_free(settings);
    errno = cause;
    return NULL;
}

struct gpio_line *gpio_line_output(struct gpio_chip *chip, unsigned offset, bool active_low)
{
    struct gpiod_line_settings *settings = gpiod_line_settings_new();
    if (!settings) return NULL;
    gpiod_line_settings_set_direction(settings, GPIOD_LINE_DIRECTION_OUTPUT);
    gpiod_line_settings_set_output_value(settings, GPIOD_LINE_VALUE_INACTIVE);
    gpiod_line_settings_set_active_low(settings, active_low);
    return claim(chip, offset, settings, 0);
}

/* No debounce by the kernel: ours is the same with both libraries. */
struct gpio_line *gpio_line_button(struct gpio_chip *chip, unsigned offset, bool active_high)
{
    struct gpiod_line_settings *settings = gpiod_line_settings_new();
    if (!settings) return NULL;
    gpiod_line_settings_set_direction(settings, GPIOD_LINE_DIRECTION_INPUT);
    gpiod_line_settings_set_edge_detection(settings, GPIOD_LINE_EDGE_BOTH);
    gpiod_line_settings_set_bias(settings, active_high ? GPIOD_LINE_BIAS_PULL_DOWN : GPIOD_LINE_BIAS_PULL_UP);
    gpiod_line_settings_set_active_low(settings, !active_high);
    return claim(chip, offset, settings, EDGES_AT_ONCE);
}

void gpio_line_release(struct gpio_line *line)
{
    if (!line) return;
    gpiod_edge_event_buffer_free(line->events);
    gpiod_line_request_release(line->request);
    free(line);
}

int gpio_line_set(struct gpio_line *line, bool active)
{
    return gpiod_line_request_set_value(
        line->request, line->offset, active ? GPIOD_LINE_VALUE_ACTIVE : GPIOD_LINE_VALUE_INACTIVE);
}

int gpio_line_get(struct gpio_line *line)
{
    enum gpiod_line_value value = gpiod_line_request_get_value(line->request, line->offset);
    return value == GPIOD_LINE_VALUE_ERROR ? -1 : value == GPIOD_LINE_VALUE_ACTIVE;
}

int gpio_line_fd(const struct gpio_line *line)
{
    return gpiod_line_request_get_fd(line->request);
}

int gpio_line_edges(struct gpio_line *line, struct gpio_edge *out, size_t max)
{
    int waiting = gpiod_line_request_wait_edge_events(line->request, 0);
    if (waiting <= 0) return waiting;
    if (max > EDGES_AT_ONCE) max = EDGES_AT_ONCE;
    int count = gpiod_line_request_read_edge_events(line->request, line->events, max);
    for (int i = 0; i < count; i++) {
        struct gpiod_edge_event *event = gpiod_edge_event_buffer_get_event(line->events, (unsigned long)i);
        out[i].at_ns = gpiod_edge_event_get_timestamp_ns(event);
        out[i].active = gpiod_edge_event_get_event_type(event) == GPIOD_EDGE_EVENT_RISING_EDGE;
    }
    return count;
}
