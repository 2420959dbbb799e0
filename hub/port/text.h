/* SPDX-License-Identifier: MIT */
/* Unicode as a port. Thread-safe. Implemented by drivers/text_utf8proc. */
#ifndef HUB_PORT_TEXT_H
#define HUB_PORT_TEXT_H

#include <stddef.h>

struct text_port;
struct text_ops {
    /* NFC form of valid UTF-8, malloc'ed, freed by the caller with free(); NULL when memory is short. */
    char *(*nfc)(struct text_port *text, const char *utf8);
};
struct text_port {
    const struct text_ops *ops;
};

#endif
