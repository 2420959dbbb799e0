/* SPDX-License-Identifier: MIT */
#include "drivers/escpos/escpos_target.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PORT_DEFAULT = 9100 /* "raw" or JetDirect printing */ };

static bool starts(const char *text, const char *with)
{
    return strncmp(text, with, strlen(with)) == 0;
}

/* An option is refused when it is not known: a typo must not turn proof off in silence. */
static bool read_options(const char *at, struct escpos_target *t)
{
    while (*at) {
        size_t length = strcspn(at, "&");
        if (length == 9 && starts(at, "status=no"))
            t->mute = true;
        else if (length == 13 && starts(at, "processid=yes"))
            t->process_id = true;
        else
            return false;
        at += length + (at[length] == '&');
    }
    return true;
}

static bool read_port(const char *from, size_t length, int *port)
{
    char digits[6], *end;
    if (length == 0 || length >= sizeof digits) return false;
    snprintf(digits, sizeof digits, "%.*s", (int)length, from);
    if (strspn(digits, "0123456789") != length) return false;
    long value = strtol(digits, &end, 10);
    *port = (int)value;
    return *end == '\0' && value > 0 && value <= 65535;
}

/* HOST, HOST:PORT or [IPV6]:PORT. */
static bool read_host(const char *from, size_t length, struct escpos_target *t)
{
    const char *end = from + length, *host = from, *colon;
    size_t size;
    if (length && *from == '[') {
        const char *close = memchr(from, ']', length);
        if (!close) return false;
        host = from + 1;
        size = (size_t)(close - host);
        colon = close + 1 < end ? close + 1 : NULL;
        if (colon && *colon != ':') return false;
    } else {
        colon = memchr(from, ':', length);
        size = colon ? (size_t)(colon - from) : length;
    }
    if (size == 0 || size >= sizeof t->host || memchr(host, '@', size)) return false;
    snprintf(t->host, sizeof t->host, "%.*s", (int)size, host);
    return !colon || read_port(colon + 1, (size_t)(end - colon - 1), &t->port);
}

bool escpos_target_read(const char *uri, struct escpos_target *t)
{
    *t = (struct escpos_target){.port = PORT_DEFAULT};
    const char *query = strchr(uri, '?'), *end = query ? query : uri + strlen(uri);
    if (query && !read_options(query + 1, t)) return false;
    if (starts(uri, "escpos-usb:/dev/")) {
        const char *path = strchr(uri, ':') + 1;
        size_t length = (size_t)(end - path);
        t->device = true;
        if (length >= sizeof t->path || strstr(path, "/../")) return false;
        snprintf(t->path, sizeof t->path, "%.*s", (int)length, path);
        return true;
    }
    if (!starts(uri, "escpos://")) return false;
    const char *host = uri + strlen("escpos://");
    const char *slash = memchr(host, '/', (size_t)(end - host));
    if (slash && slash + 1 != end) return false;
    return read_host(host, (size_t)((slash ? slash : end) - host), t);
}
