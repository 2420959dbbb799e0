/* SPDX-License-Identifier: MIT */
/* Where a printer is, out of its device URI. Pure. */
#ifndef DRIVERS_ESCPOS_TARGET_H
#define DRIVERS_ESCPOS_TARGET_H

#include <stdbool.h>

struct escpos_target {
    bool device; /* escpos-usb:/dev/usb/lp0: path; else host and port */
    char path[256], host[256];
    int port;
    bool mute;       /* ?status=no: it never answers, so nobody waits for it */
    bool process_id; /* ?processid=yes: it knows GS ( H */
};

/* escpos://HOST[:PORT][/][?status=no&processid=yes] or escpos-usb:/dev/PATH[?...]. False: it is neither. */
bool escpos_target_read(const char *uri, struct escpos_target *target);

#endif
