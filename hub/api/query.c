/* SPDX-License-Identifier: MIT */
#include "hub/api/query.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hub/utf8.h"

static bool is_there(const char *query, const char *name)
{
    size_t length = strlen(name);
    for (const char *pair = query; pair; pair = strchr(pair, '&')) {
        pair += *pair == '&';
        if (strncmp(pair, name, length) == 0 && (pair[length] == '=' || pair[length] == '&' || !pair[length]))
            return true;
    }
    return false;
}

enum hub_err api_query_text(struct api_call *call, const char *name, char **out)
{
    *out = NULL;
    if (!is_there(call->req->query, name)) return HUB_OK;
    char *text = http_query_get(call->req->query, name);
    if (!text || !utf8_valid(text, strlen(text))) {
        free(text);
        return fault_set(&call->fault, HUB_VALIDATION_ERROR, name,
            "\"%s\" is not written as an address needs it (%%XX, UTF-8).", name);
    }
    if (*text) *out = arena_strdup(&call->arena, text);
    bool lost = *text && !*out;
    free(text);
    return lost ? HUB_UNAVAILABLE : HUB_OK;
}

enum hub_err api_query_int(struct api_call *call, const char *name, int64_t min, int64_t max, int64_t *out)
{
    char *text, *end;
    enum hub_err err = api_query_text(call, name, &text);
    if (err || (!text && !is_there(call->req->query, name))) return err;
    errno = 0;
    int64_t value = text ? strtoll(text, &end, 10) : 0;
    if (!text || *end || errno || strspn(text, "-0123456789") != strlen(text) || value < min || value > max)
        return fault_set(&call->fault, HUB_VALIDATION_ERROR, name, "\"%s\" must be a whole number from %lld to %lld.",
            name, (long long)min, (long long)max);
    *out = value;
    return HUB_OK;
}

static int days_in(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return days[month - 1] + (month == 2 && leap);
}

enum hub_err api_query_day(struct api_call *call, const char *name, int64_t *out)
{
    char *text;
    int y = 0, m = 0, d = 0, n = 0;
    enum hub_err err = api_query_text(call, name, &text);
    if (err || !text) return err;
    bool good = strlen(text) == 10 && sscanf(text, "%4d-%2d-%2d%n", &y, &m, &d, &n) == 3 && n == 10;
    if (!good || y < 1970 || m < 1 || m > 12 || d < 1 || d > days_in(y, m))
        return fault_set(&call->fault, HUB_VALIDATION_ERROR, name, "\"%s\" must be a date like 2026-11-20.", name);
    *out = (int64_t)y * 10000 + m * 100 + d;
    return HUB_OK;
}
