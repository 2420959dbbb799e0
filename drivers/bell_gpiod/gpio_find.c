/* SPDX-License-Identifier: MIT */
#include "drivers/bell_gpiod/gpio_find.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What was met on the way over the chips, for the words when nothing was found. */
struct search {
    const char *name;
    int opened;
    int open_errno, ask_errno;  /* the last reason a chip did not open, or did not tell its lines */
    char label[GPIO_NAME_SIZE]; /* of the last chip opened */
};

static int keep_chips(const struct dirent *entry)
{
    static const char prefix[] = "gpiochip";
    return strncmp(entry->d_name, prefix, sizeof prefix - 1) == 0;
}

/* n of "GPIO<n>", -1 for other names. */
static int header_offset(const char *name)
{
    static const char prefix[] = "GPIO";
    if (strncmp(name, prefix, sizeof prefix - 1) != 0) return -1;
    const char *digits = name + sizeof prefix - 1;
    size_t count = strspn(digits, "0123456789");
    if (count == 0 || count > 2 || digits[count] || (count == 2 && digits[0] == '0')) return -1;
    return (int)strtol(digits, NULL, 10);
}

static bool drives_header(const struct gpio_chip *chip)
{
    static const char *const labels[] = {"pinctrl-bcm2835", "pinctrl-bcm2711", "pinctrl-rp1"};
    for (size_t i = 0; i < sizeof labels / sizeof *labels; i++)
        if (strcmp(gpio_chip_label(chip), labels[i]) == 0) return true;
    return false;
}

static bool find_by_name(struct search *search, struct gpio_chip *chip, unsigned *offset)
{
    int found = gpio_chip_find(chip, search->name);
    if (found < 0 && errno != ENOENT) search->ask_errno = errno;
    if (found >= 0) *offset = (unsigned)found;
    return found >= 0;
}

static bool find_by_offset(struct search *search, struct gpio_chip *chip, unsigned *offset)
{
    int wanted = header_offset(search->name);
    if (wanted < 0 || !drives_header(chip) || (unsigned)wanted >= gpio_chip_line_count(chip)) return false;
    *offset = (unsigned)wanted;
    return true;
}

typedef bool match(struct search *search, struct gpio_chip *chip, unsigned *offset);

static struct gpio_chip *try_chip(struct search *search, match *matches, const char *path, unsigned *offset)
{
    struct gpio_chip *chip = gpio_chip_open(path);
    if (!chip) {
        if (errno != ENOTTY && errno != ENODEV) search->open_errno = errno;
        return NULL;
    }
    search->opened++;
    snprintf(search->label, sizeof search->label, "%s", gpio_chip_label(chip));
    if (matches(search, chip, offset)) return chip;
    gpio_chip_close(chip);
    return NULL;
}

static void explain(const struct search *search, struct bell_fault *fault)
{
    if (search->ask_errno == EINVAL) {
        bell_fault_set(fault, HUB_UNAVAILABLE, gpio_kernel_remedy(),
            "This kernel does not understand libgpiod %s: %s (EINVAL).", gpio_library_version(), gpio_kernel_lacks());
    } else if (search->ask_errno) {
        bell_fault_set(fault, HUB_UNAVAILABLE, "Restart the box; if it stays, ring another pin.",
            "GPIO chip %s does not tell its lines: %s.", search->label, strerror(search->ask_errno));
    } else if (search->opened > 0) {
        bell_fault_set(fault, HUB_NOT_FOUND,
            "Check the name: the header's pins are GPIO2 to GPIO27; the command gpioinfo lists all lines.",
            "There is no line called %s on this box's GPIO chips.", search->name);
    } else if (search->open_errno == EACCES || search->open_errno == EPERM) {
        bell_fault_set(fault, HUB_UNAVAILABLE,
            "Put Servery's user into the group gpio, install Servery's udev rule, and restart.",
            "The GPIO chips may not be opened: permission denied.");
    } else if (search->open_errno) {
        bell_fault_set(fault, HUB_UNAVAILABLE, "Restart the box.", "The GPIO chips do not open: %s.",
            strerror(search->open_errno));
    } else {
        bell_fault_set(fault, HUB_NOT_FOUND,
            "On a Raspberry Pi, start a kernel with its pin driver (Pi 5: Raspberry Pi's own kernel). Elsewhere use "
            "the lamp on the page.",
            "No GPIO chip found: this box has no pins, or its kernel has no driver for them.");
    }
}

struct gpio_chip *gpio_find(const char *device_dir, const char *name, unsigned *offset, struct bell_fault *fault)
{
    struct search search = {.name = name};
    struct gpio_chip *found = NULL;
    struct dirent **entries = NULL;
    int count = scandir(device_dir, &entries, keep_chips, versionsort);
    if (count < 0) search.open_errno = errno == ENOENT ? 0 : errno;

    match *const ways[] = {find_by_name, find_by_offset};
    for (size_t way = 0; way < sizeof ways / sizeof *ways && !found; way++) {
        for (int i = 0; i < count && !found; i++) {
            char path[512];
            int length = snprintf(path, sizeof path, "%s/%s", device_dir, entries[i]->d_name);
            if (length > 0 && (size_t)length < sizeof path) found = try_chip(&search, ways[way], path, offset);
        }
    }
    if (!found) explain(&search, fault);
    for (int i = 0; i < count; i++)
        free(entries[i]);
    free(entries);
    return found;
}
