/* SPDX-License-Identifier: MIT */
#include "hub/json.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void json_writer_init(struct json_writer *w)
{
    memset(w, 0, sizeof *w);
}

void json_writer_finish(struct json_writer *w)
{
    free(w->text);
    json_writer_init(w);
}

void json_writer_reset(struct json_writer *w)
{
    w->length = 0;
    w->comma = w->failed = false;
    if (w->text) w->text[0] = '\0';
}

char *json_writer_take(struct json_writer *w, size_t *length)
{
    char *text = w->failed ? NULL : w->text;
    if (length) *length = text ? w->length : 0;
    if (!text) free(w->text);
    json_writer_init(w);
    return text;
}

static bool reserve(struct json_writer *w, size_t more)
{
    if (w->failed) return false;
    size_t needed = w->length + more + 1;
    if (needed <= w->capacity) return true;
    size_t capacity = w->capacity ? w->capacity : 512;
    while (capacity < needed)
        capacity *= 2;
    char *text = realloc(w->text, capacity);
    if (!text) {
        w->failed = true;
        return false;
    }
    w->text = text;
    w->capacity = capacity;
    return true;
}

static void append(struct json_writer *w, const char *text, size_t length)
{
    if (!reserve(w, length)) return;
    memcpy(w->text + w->length, text, length);
    w->length += length;
    w->text[w->length] = '\0';
}

static void before_value(struct json_writer *w)
{
    if (w->comma) append(w, ",", 1);
}

/* A value and the comma before it, with one look at the room. */
static void value(struct json_writer *w, const char *text, size_t length)
{
    if (!reserve(w, length + 1)) return;
    char *at = w->text + w->length;
    if (w->comma) *at++ = ',';
    memcpy(at, text, length);
    at[length] = '\0';
    w->length = (size_t)(at - w->text) + length;
    w->comma = true;
}

static void open_with(struct json_writer *w, const char *bracket)
{
    before_value(w);
    append(w, bracket, 1);
    w->comma = false;
}

static void close_with(struct json_writer *w, const char *bracket)
{
    append(w, bracket, 1);
    w->comma = true;
}

void json_begin_object(struct json_writer *w)
{
    open_with(w, "{");
}

void json_end_object(struct json_writer *w)
{
    close_with(w, "}");
}

void json_begin_array(struct json_writer *w)
{
    open_with(w, "[");
}

void json_end_array(struct json_writer *w)
{
    close_with(w, "]");
}

/* The letter of a short escape, 'u' for a long one, 0 for what stands for itself. */
static char escape_of(unsigned char c)
{
    if (c == '"' || c == '\\') return (char)c;
    if (c >= 0x20) return 0;
    return c == '\n' ? 'n' : c == '\r' ? 'r' : c == '\t' ? 't' : 'u';
}

static void quoted(struct json_writer *w, const char *utf8)
{
    static const char hex[] = "0123456789abcdef";
    size_t length = strlen(utf8);
    if (!reserve(w, length * 6 + 2)) return; /* all of it escaped */
    char *at = w->text + w->length;
    *at++ = '"';
    for (const unsigned char *from = (const unsigned char *)utf8; *from; from++) {
        char letter = escape_of(*from);
        if (!letter) {
            *at++ = (char)*from;
            continue;
        }
        *at++ = '\\';
        *at++ = letter;
        if (letter != 'u') continue;
        *at++ = '0';
        *at++ = '0';
        *at++ = hex[*from >> 4];
        *at++ = hex[*from & 15];
    }
    *at++ = '"';
    *at = '\0';
    w->length = (size_t)(at - w->text);
}

void json_key(struct json_writer *w, const char *key)
{
    size_t length = strlen(key);
    if (!reserve(w, length + 4)) return;
    char *at = w->text + w->length;
    if (w->comma) *at++ = ',';
    *at++ = '"';
    memcpy(at, key, length);
    at += length;
    memcpy(at, "\":", 3);
    w->length = (size_t)(at - w->text) + 2;
    w->comma = false;
}

void json_string(struct json_writer *w, const char *utf8)
{
    if (!utf8) {
        json_null(w);
        return;
    }
    before_value(w);
    quoted(w, utf8);
    w->comma = true;
}

void json_int(struct json_writer *w, int64_t number)
{
    char digits[24], *at = digits + sizeof digits;
    uint64_t rest = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;
    do
        *--at = (char)('0' + rest % 10);
    while (rest /= 10);
    if (number < 0) *--at = '-';
    value(w, at, (size_t)(digits + sizeof digits - at));
}

void json_bool(struct json_writer *w, bool truth)
{
    value(w, truth ? "true" : "false", truth ? 4 : 5);
}

void json_null(struct json_writer *w)
{
    value(w, "null", 4);
}

void json_double(struct json_writer *w, double number)
{
    char text[40];
    if (!isfinite(number)) {
        json_null(w);
        return;
    }
    snprintf(text, sizeof text, "%.15g", number);
    if (strtod(text, NULL) != number) snprintf(text, sizeof text, "%.17g", number);
    value(w, text, strlen(text));
}

void json_raw(struct json_writer *w, const char *json, size_t length)
{
    if (json)
        value(w, json, length);
    else
        json_null(w);
}

void json_raw_members(struct json_writer *w, const char *members, size_t length)
{
    if (length) value(w, members, length);
}

static void two(char *out, int number)
{
    out[0] = (char)('0' + number / 10 % 10);
    out[1] = (char)('0' + number % 10);
}

/* Days since 1970 as a date of our calendar, by counting in years that begin in March (no leap day inside). */
static void date_of(int64_t days, int *year, int *month, int *day)
{
    int64_t shifted = days + 719468, era = (shifted >= 0 ? shifted : shifted - 146096) / 146097;
    int64_t of_era = shifted - era * 146097;
    int64_t year_of_era = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int64_t of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t march_month = (5 * of_year + 2) / 153;
    *day = (int)(of_year - (153 * march_month + 2) / 5 + 1);
    *month = (int)(march_month < 10 ? march_month + 3 : march_month - 9);
    *year = (int)(year_of_era + era * 400 + (*month <= 2));
}

/* By hand: gmtime_r() takes the time zone's lock, and an order has many times in it. */
void json_time(struct json_writer *w, int64_t wall_ms)
{
    enum { DAY_MS = 86400000 };
    int64_t days = wall_ms / DAY_MS, rest = wall_ms % DAY_MS;
    if (rest < 0) {
        rest += DAY_MS;
        days--;
    }
    int year, month, day, ms = (int)rest;
    date_of(days, &year, &month, &day);
    char text[] = "\"0000-00-00T00:00:00.000Z\"";
    two(text + 1, year / 100);
    two(text + 3, year);
    two(text + 6, month);
    two(text + 9, day);
    two(text + 12, ms / 3600000);
    two(text + 15, ms / 60000 % 60);
    two(text + 18, ms / 1000 % 60);
    text[21] = (char)('0' + ms / 100 % 10);
    two(text + 22, ms);
    value(w, text, sizeof text - 1);
}

void json_time_or_null(struct json_writer *w, int64_t wall_ms)
{
    if (wall_ms)
        json_time(w, wall_ms);
    else
        json_null(w);
}

void json_tree(struct json_writer *w, const cJSON *tree)
{
    if (cJSON_IsObject(tree)) {
        json_begin_object(w);
        for (const cJSON *child = tree->child; child; child = child->next) {
            before_value(w);
            quoted(w, child->string);
            append(w, ":", 1);
            w->comma = false;
            json_tree(w, child);
        }
        json_end_object(w);
    } else if (cJSON_IsArray(tree)) {
        json_begin_array(w);
        for (const cJSON *child = tree->child; child; child = child->next)
            json_tree(w, child);
        json_end_array(w);
    } else if (cJSON_IsString(tree)) {
        json_string(w, tree->valuestring);
    } else if (cJSON_IsNumber(tree)) {
        int64_t whole;
        if (json_integer(tree, &whole))
            json_int(w, whole);
        else
            json_double(w, tree->valuedouble);
    } else if (cJSON_IsBool(tree)) {
        json_bool(w, cJSON_IsTrue(tree));
    } else {
        json_null(w);
    }
}

void json_put_string(struct json_writer *w, const char *key, const char *utf8)
{
    json_key(w, key);
    json_string(w, utf8);
}

void json_put_int(struct json_writer *w, const char *key, int64_t number)
{
    json_key(w, key);
    json_int(w, number);
}

void json_put_id_or_null(struct json_writer *w, const char *key, int64_t id)
{
    json_key(w, key);
    if (id)
        json_int(w, id);
    else
        json_null(w);
}

void json_put_bool(struct json_writer *w, const char *key, bool truth)
{
    json_key(w, key);
    json_bool(w, truth);
}

void json_put_time_or_null(struct json_writer *w, const char *key, int64_t wall_ms)
{
    json_key(w, key);
    json_time_or_null(w, wall_ms);
}

void json_put_null(struct json_writer *w, const char *key)
{
    json_key(w, key);
    json_null(w);
}
