/* SPDX-License-Identifier: MIT */
#include "hub/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int hub_err_status(enum hub_err code)
{
    switch (code) {
#define X(name, status, title)                                                                                         \
    case HUB_##name: return status;
        HUB_ERRORS(X)
#undef X
    case HUB_OK: break;
    }
    return 200;
}

const char *hub_err_name(enum hub_err code)
{
    switch (code) {
#define X(name, status, title)                                                                                         \
    case HUB_##name: return #name;
        HUB_ERRORS(X)
#undef X
    case HUB_OK: break;
    }
    return "OK";
}

const char *hub_err_title(enum hub_err code)
{
    switch (code) {
#define X(name, status, title)                                                                                         \
    case HUB_##name: return title;
        HUB_ERRORS(X)
#undef X
    case HUB_OK: break;
    }
    return "OK";
}

/* Texts of people are quoted in faults: what did not fit must not leave half a character. */
static void whole_characters(char *text, int wanted, size_t size)
{
    if (wanted < 0 || (size_t)wanted < size) return;
    size_t length = size - 1, start = length;
    while (start > 0 && ((unsigned char)text[start - 1] & 0xc0) == 0x80)
        start--;
    if (start == 0) return;
    unsigned char first = (unsigned char)text[start - 1];
    size_t needs = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc0 ? 2 : 1;
    if (length - (start - 1) < needs) text[start - 1] = '\0';
}

enum hub_err fault_set(struct fault *fault, enum hub_err code, const char *field, const char *format, ...)
{
    if (!fault) return code;
    fault->code = code;
    int wanted = snprintf(fault->field, sizeof fault->field, "%s", field ? field : "");
    whole_characters(fault->field, wanted, sizeof fault->field);
    va_list args;
    va_start(args, format);
    wanted = vsnprintf(fault->detail, sizeof fault->detail, format, args);
    va_end(args);
    whole_characters(fault->detail, wanted, sizeof fault->detail);
    return code;
}

void fault_finish(struct fault *fault)
{
    if (!fault) return;
    free(fault->current);
    memset(fault, 0, sizeof *fault);
}
