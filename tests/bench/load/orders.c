/* SPDX-License-Identifier: MIT */
#include "load/orders.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { MARK_DIGITS = 8 };

int64_t now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static void *need(void *memory)
{
    if (memory) return memory;
    perror("servery-loadgen: orders");
    exit(EXIT_FAILURE);
}

void orders_init(struct orders *orders, const struct settings *settings)
{
    *orders = (struct orders){.settings = settings};
    orders->count = (long)settings->warmup + settings->orders + settings->burst;
    orders->due_ns = need(calloc((size_t)orders->count, sizeof *orders->due_ns));
    orders->stored = need(calloc((size_t)orders->count, sizeof *orders->stored));
    orders->measured = need(calloc((size_t)orders->count, sizeof *orders->measured));
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    unsigned seed = (unsigned)now.tv_sec * 2654435761u ^ (unsigned)now.tv_nsec ^ (unsigned)getpid() << 8;
    snprintf(orders->run, sizeof orders->run, "bm%08x", seed);
}

void orders_finish(struct orders *orders)
{
    free(orders->due_ns);
    free(orders->stored);
    free(orders->measured);
}

void orders_mark(const struct orders *orders, long index, char mark[MARK_SIZE])
{
    snprintf(mark, MARK_SIZE, "%s-%0*x", orders->run, MARK_DIGITS, (unsigned)index);
}

size_t orders_body(const struct orders *orders, long index, char *out, size_t size)
{
    const struct settings *settings = orders->settings;
    int item[3];
    char mark[MARK_SIZE];
    for (int i = 0; i < 3; i++)
        item[i] = settings->items[(index + i) % settings->item_count];
    orders_mark(orders, index, mark);
    int length = snprintf(out, size,
        "{\"order_type\":\"takeout\",\"items\":[{\"menu_item_id\":%d,\"quantity\":1},{\"menu_item_id\":%d,"
        "\"quantity\":2},{\"menu_item_id\":%d,\"quantity\":1}],\"note\":\"no onions please %s\"%s}",
        item[0], item[1], item[2], mark, settings->no_print ? ",\"print\":false" : "");
    return (size_t)length < size ? (size_t)length : size - 1;
}

long orders_find(const struct orders *orders, const char *text, size_t length)
{
    static const char type[] = "\"order_created\"";
    size_t prefix = strlen(orders->run);
    const char *mark = memmem(text, length, orders->run, prefix);
    if (!mark || (size_t)(text + length - mark) < prefix + 1 + MARK_DIGITS) return -1;
    if (!memmem(text, length, type, sizeof type - 1)) return -1;
    char digits[MARK_DIGITS + 1] = "";
    memcpy(digits, mark + prefix + 1, MARK_DIGITS);
    long index = strtol(digits, NULL, 16);
    return index < orders->count ? index : -1;
}
