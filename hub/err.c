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

enum hub_err fault_set(struct fault *fault, enum hub_err code, const char *field, const char *format, ...)
{
    if (!fault) return code;
    fault->code = code;
    snprintf(fault->field, sizeof fault->field, "%s", field ? field : "");
    va_list args;
    va_start(args, format);
    vsnprintf(fault->detail, sizeof fault->detail, format, args);
    va_end(args);
    return code;
}

void fault_finish(struct fault *fault)
{
    if (!fault) return;
    free(fault->current);
    memset(fault, 0, sizeof *fault);
}
