/* SPDX-License-Identifier: MIT */
#include "drivers/printer_cups/printer_reason.h"

#include <stdio.h>
#include <string.h>

void printer_reason_say(struct printer_health *health, enum device_state state, const char *detail, const char *fix)
{
    if (state <= health->state && health->state != DEVICE_OK) return;
    health->state = state;
    snprintf(health->detail, sizeof health->detail, "%s", detail);
    snprintf(health->fix, sizeof health->fix, "%s", fix);
}

void printer_reason_read(const char *reason, struct printer_health *health)
{
    static const struct {
        const char *word;
        enum device_state state;
        const char *detail, *fix;
        bool cover, paper;
    } reasons[] = {
        {"media-empty", DEVICE_FAILED, "The printer is out of paper.", "Put in a new roll. It goes on by itself.",
            false, true},
        {"media-needed", DEVICE_FAILED, "The printer is out of paper.", "Put in a new roll. It goes on by itself.",
            false, true},
        {"media-jam", DEVICE_FAILED, "Paper is stuck in the printer.", "Open it, take the paper out, close it.", false,
            false},
        {"cover-open", DEVICE_FAILED, "The printer's cover is open.", "Close it.", true, false},
        {"door-open", DEVICE_FAILED, "The printer's cover is open.", "Close it.", true, false},
        {"offline", DEVICE_SILENT, "The printer is off or not connected.", "Switch it on and look at its cable.", false,
            false},
        {"connecting-to-device", DEVICE_SILENT, "The printer does not answer.", "Switch it on and look at its cable.",
            false, false},
        {"timed-out", DEVICE_SILENT, "The printer does not answer.", "Switch it on and look at its cable.", false,
            false},
        {"other-error", DEVICE_FAILED, "The printer reports an error.", "Look at it: paper stuck, or its cutter.",
            false, false},
        {"media-low", DEVICE_WARNING, "The paper is nearly at its end.", "Have a new roll ready.", false, false},
    };
    for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++) {
        if (strncmp(reason, reasons[i].word, strlen(reasons[i].word)) != 0) continue;
        printer_reason_say(health, reasons[i].state, reasons[i].detail, reasons[i].fix);
        health->cover_open = health->cover_open || reasons[i].cover;
        health->paper_out = health->paper_out || reasons[i].paper;
    }
}
