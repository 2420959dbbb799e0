/* SPDX-License-Identifier: MIT */
#include "drivers/printer_cups/idle_look.h"

#include <stdio.h>
#include <unistd.h>

#include "drivers/escpos/escpos_dialogue.h"
#include "drivers/escpos/escpos_target.h"
#include "hub/port/printer.h"

enum {
    DIAL_MS = 1000,
    ANSWER_MS = 700,
    AGAIN_MS = 8000 /* paper out is known in under ten seconds, by one packet or two in eight */
};

static void say(struct printer_health *health, enum device_state state, const char *detail, const char *fix)
{
    health->state = state;
    snprintf(health->detail, sizeof health->detail, "%s", detail);
    snprintf(health->fix, sizeof health->fix, "%s", fix);
}

static void read_status(const struct escpos_status *s, struct printer_health *health)
{
    if (s->cover_open)
        say(health, DEVICE_FAILED, "The printer's cover is open.", "Close it.");
    else if (s->paper_out)
        say(health, DEVICE_FAILED, "The printer is out of paper.", "Put in a new roll. It goes on by itself.");
    else if (s->error)
        say(health, DEVICE_FAILED, "The printer reports an error.", "Look at it: paper stuck, or its cutter.");
    else if (s->offline)
        say(health, DEVICE_FAILED, "The printer is switched off line.", "Switch it on line.");
    else if (s->paper_near_end)
        say(health, DEVICE_WARNING, "The paper is nearly at its end.", "Have a new roll ready.");
}

bool idle_look(const char *device_uri, struct printer_health *health)
{
    struct escpos_target target;
    struct escpos_dialogue dialogue;
    if (!escpos_target_read(device_uri, &target) || target.device || target.mute) return false;
    int fd = escpos_dial(target.host, target.port, DIAL_MS);
    if (fd < 0) {
        say(health, DEVICE_SILENT, "The printer does not answer.", "Switch it on and look at its cable.");
        return true;
    }
    escpos_dialogue_init(&dialogue, fd);
    enum escpos_result result = escpos_ask_status(&dialogue, ANSWER_MS);
    close(fd);
    if (result != ESCPOS_DONE) return false; /* one that cannot answer: what its queue says must do */
    read_status(&dialogue.status, health);
    health->again_ms = AGAIN_MS;
    return true;
}
