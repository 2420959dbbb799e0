/* SPDX-License-Identifier: MIT */
#include "hub/view.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static const char *const money_keys[] = {
    "subtotal", "discount", "service_charge", "tax", "total_price", "customer_phone", "metrics"};
static const char *const people_keys[] = {"created_by", "updated_by", "acknowledged_by"}; /* objects with a name */

enum view view_of_role(enum role role)
{
    switch (role) {
    case ROLE_OWNER:
    case ROLE_MANAGER:
    case ROLE_WAITER: return VIEW_FULL;
    case ROLE_KITCHEN: return VIEW_KITCHEN;
    case ROLE_DISPLAY: return VIEW_DISPLAY;
    default: return VIEW_GUEST;
    }
}

static bool key_is(const char *key, size_t length, const char *word)
{
    return strlen(word) == length && memcmp(key, word, length) == 0;
}

static bool key_in(const char *key, size_t length, const char *const *list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (key_is(key, length, list[i])) return true;
    return false;
}

/* `at` is the opening quote; returns what follows the closing one. */
static const char *string_end(const char *at, const char *end)
{
    for (at++; at < end && *at != '"'; at++)
        if (*at == '\\' && at + 1 < end) at++;
    return at < end ? at + 1 : end;
}

static const char *spaces_end(const char *at, const char *end)
{
    while (at < end && (*at == ' ' || *at == '\n' || *at == '\r' || *at == '\t'))
        at++;
    return at;
}

/* What follows the value that starts at `at`. */
static const char *value_end(const char *at, const char *end)
{
    size_t depth = 0;
    while (at < end) {
        if (*at == '"') {
            at = string_end(at, end);
            if (depth == 0) return at;
            continue;
        }
        if (depth == 0 && (*at == ',' || *at == '}' || *at == ']')) return at;
        if (*at == '{' || *at == '[') depth++;
        if (*at == '}' || *at == ']') {
            depth--;
            if (depth == 0) return at + 1;
        }
        at++;
    }
    return end;
}

struct redaction {
    enum view view;
    const char *at, *end; /* what is left to read */
    char *out;
    size_t depth;        /* of objects and arrays */
    size_t person_depth; /* inside an object that says who: its depth; else 0 */
};

static void copy_to(struct redaction *r, const char *until)
{
    size_t length = (size_t)(until - r->at);
    memcpy(r->out, r->at, length);
    r->out += length;
    r->at = until;
}

static bool hidden(const struct redaction *r, const char *key, size_t length)
{
    if (key_in(key, length, money_keys, sizeof money_keys / sizeof *money_keys)) return true;
    if (r->view == VIEW_KITCHEN) return false;
    return key_is(key, length, "customer_name") || (r->person_depth && key_is(key, length, "name"));
}

/* A string: a value, or a key with its colon, whose value is dropped when the view hides it. */
static void take_string(struct redaction *r)
{
    const char *key = r->at + 1, *after = string_end(r->at, r->end);
    size_t length = after > key ? (size_t)(after - key) - 1 : 0;
    copy_to(r, after);
    const char *colon = spaces_end(r->at, r->end);
    if (colon == r->end || *colon != ':') return;
    const char *value = spaces_end(colon + 1, r->end);
    copy_to(r, value);
    if (hidden(r, key, length)) {
        memcpy(r->out, "null", 4);
        r->out += 4;
        r->at = value_end(value, r->end);
    } else if (!r->person_depth && value < r->end && *value == '{' &&
               key_in(key, length, people_keys, sizeof people_keys / sizeof *people_keys)) {
        r->person_depth = r->depth + 1;
    }
}

char *view_redact(const char *json, size_t length, enum view view, size_t *out_length)
{
    /* "null" may be longer than the value it stands for, by three at most, after a key of six bytes or more. */
    size_t room = length + length / 2 + 8;
    char *text = malloc(room);
    if (!text) return NULL;
    struct redaction r = {.view = view, .at = json, .end = json + length, .out = text};
    if (view == VIEW_FULL) copy_to(&r, r.end);
    while (r.at < r.end) {
        if (*r.at == '"') {
            take_string(&r);
            continue;
        }
        if (*r.at == '{' || *r.at == '[') r.depth++;
        if (*r.at == '}' || *r.at == ']') {
            if (r.depth == r.person_depth) r.person_depth = 0;
            if (r.depth) r.depth--;
        }
        *r.out++ = *r.at++;
    }
    *r.out = '\0';
    *out_length = (size_t)(r.out - text);
    return text;
}
