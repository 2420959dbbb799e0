/* SPDX-License-Identifier: MIT */
#include "hub/json.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

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

static void value(struct json_writer *w, const char *text, size_t length)
{
    before_value(w);
    append(w, text, length);
    w->comma = true;
}

static void quoted(struct json_writer *w, const char *utf8)
{
    static const char hex[] = "0123456789abcdef";
    append(w, "\"", 1);
    const char *start = utf8, *at = utf8;
    for (; *at; at++) {
        unsigned char c = (unsigned char)*at;
        if (c >= 0x20 && c != '"' && c != '\\') continue;
        append(w, start, (size_t)(at - start));
        char escape[6] = {'\\', 'u', '0', '0', hex[c >> 4], hex[c & 15]};
        const char *shorts = "\"\\\n\r\t", *letters = "\"\\nrt", *found = strchr(shorts, c);
        if (found) escape[1] = letters[found - shorts];
        append(w, escape, found ? 2 : 6);
        start = at + 1;
    }
    append(w, start, (size_t)(at - start));
    append(w, "\"", 1);
}

void json_key(struct json_writer *w, const char *key)
{
    before_value(w);
    append(w, "\"", 1);
    append(w, key, strlen(key));
    append(w, "\":", 2);
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
    if (json) value(w, json, length);
    else json_null(w);
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

void json_time(struct json_writer *w, int64_t wall_ms)
{
    time_t seconds = (time_t)(wall_ms / 1000);
    int ms = (int)(wall_ms % 1000);
    struct tm tm;
    gmtime_r(&seconds, &tm);
    char text[] = "\"0000-00-00T00:00:00.000Z\"";
    two(text + 1, (tm.tm_year + 1900) / 100);
    two(text + 3, tm.tm_year + 1900);
    two(text + 6, tm.tm_mon + 1);
    two(text + 9, tm.tm_mday);
    two(text + 12, tm.tm_hour);
    two(text + 15, tm.tm_min);
    two(text + 18, tm.tm_sec);
    text[21] = (char)('0' + ms / 100);
    two(text + 22, ms);
    value(w, text, sizeof text - 1);
}

void json_time_or_null(struct json_writer *w, int64_t wall_ms)
{
    if (wall_ms) json_time(w, wall_ms);
    else json_null(w);
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
        if (json_integer(tree, &whole)) json_int(w, whole);
        else json_double(w, tree->valuedouble);
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
    if (id) json_int(w, id);
    else json_null(w);
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
