/* SPDX-License-Identifier: MIT */
#include "drivers/text_utf8proc/text_utf8proc.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#include "hub/port/text.h"

static bool ascii_only(const char *utf8)
{
    for (; *utf8; utf8++)
        if ((unsigned char)*utf8 >= 0x80) return false;
    return true;
}

static char *utf8_nfc(struct text_port *text, const char *utf8)
{
    (void)text;
    if (ascii_only(utf8)) return strdup(utf8); /* already normal, and most text is */
    utf8proc_uint8_t *composed = NULL;
    utf8proc_ssize_t length = utf8proc_map((const utf8proc_uint8_t *)utf8, 0, &composed,
        (utf8proc_option_t)(UTF8PROC_NULLTERM | UTF8PROC_STABLE | UTF8PROC_COMPOSE));
    return length < 0 ? NULL : (char *)composed;
}

static const struct text_ops ops = {utf8_nfc};

struct text_port *text_utf8proc(void)
{
    static struct text_port port = {&ops}; /* never written: it has no state */
    return &port;
}
