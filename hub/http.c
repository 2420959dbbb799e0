/* SPDX-License-Identifier: MIT */
#include "hub/http.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* On every answer: pages cannot be framed, sniffed or made to load anything from elsewhere. */
static const char security_headers[] =
    "Content-Security-Policy: default-src 'self'; img-src 'self' data: blob:; connect-src 'self' ws: wss:; "
    "style-src 'self'; script-src 'self'; frame-ancestors 'none'; base-uri 'none'\r\n"
    "X-Content-Type-Options: nosniff\r\n"
    "Referrer-Policy: no-referrer\r\n"
    "Cross-Origin-Resource-Policy: same-origin\r\n";

static const char no_memory_body[] =
    "{\"type\":\"about:blank\",\"title\":\"Not available now\",\"status\":503,\"code\":\"UNAVAILABLE\","
    "\"detail\":\"The box is short of memory. Try again in a moment.\"}";

void http_res_init(struct http_res *res)
{
    /* The header table is large and only its first header_count entries are ever read. */
    res->status = 200;
    res->content_type = NULL;
    res->body = NULL;
    res->body_length = 0;
    res->header_count = 0;
    res->parked = NULL;
}

void http_res_finish(struct http_res *res)
{
    free(res->body);
    http_res_init(res);
}

void http_res_header(struct http_res *res, const char *name, const char *format, ...)
{
    assert(res->header_count < HTTP_MAX_HEADERS);
    if (res->header_count >= HTTP_MAX_HEADERS) return;
    struct http_header *header = &res->headers[res->header_count];
    va_list args;
    va_start(args, format);
    int length = vsnprintf(header->value, sizeof header->value, format, args);
    va_end(args);
    if (length < 0 || (size_t)length >= sizeof header->value) return; /* half a header would lie */
    for (char *c = header->value; *c; c++)
        if ((unsigned char)*c < ' ' || *c == 127) return; /* a line break would start another header */
    header->name = name;
    res->header_count++;
}

void http_res_json(struct http_res *res, int status, char *body, size_t length)
{
    free(res->body);
    res->status = status;
    res->content_type = "application/json";
    res->body = body;
    res->body_length = length;
    if (body) return;
    res->status = 503;
    res->content_type = "application/problem+json";
    res->body = strdup(no_memory_body);
    res->body_length = res->body ? sizeof no_memory_body - 1 : 0;
}

static const char *reason_phrase(int status)
{
    static const struct {
        int status;
        const char *phrase;
    } phrases[] = {{200, "OK"}, {201, "Created"}, {202, "Accepted"}, {204, "No Content"}, {206, "Partial Content"},
        {301, "Moved Permanently"}, {302, "Found"}, {303, "See Other"}, {304, "Not Modified"}, {400, "Bad Request"},
        {401, "Unauthorized"}, {403, "Forbidden"}, {404, "Not Found"}, {405, "Method Not Allowed"},
        {408, "Request Timeout"}, {409, "Conflict"}, {411, "Length Required"}, {413, "Content Too Large"},
        {415, "Unsupported Media Type"}, {422, "Unprocessable Content"}, {426, "Upgrade Required"},
        {429, "Too Many Requests"}, {500, "Internal Server Error"}, {501, "Not Implemented"},
        {503, "Service Unavailable"}, {507, "Insufficient Storage"}};
    for (size_t i = 0; i < sizeof phrases / sizeof *phrases; i++)
        if (phrases[i].status == status) return phrases[i].phrase;
    return status < 400 ? "OK" : "Error";
}

static bool has_header(const struct http_res *res, const char *name)
{
    for (size_t i = 0; i < res->header_count; i++)
        if (!strcasecmp(res->headers[i].name, name)) return true;
    return false;
}

static bool status_has_body(int status)
{
    return status >= 200 && status != 204 && status != 304;
}

/* Appends to a buffer that was made large enough; see http_res_render(). */
static void append(char *buffer, size_t room, size_t *used, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
static void append(char *buffer, size_t room, size_t *used, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int length = vsnprintf(buffer + *used, room - *used, format, args);
    va_end(args);
    assert(length >= 0 && (size_t)length < room - *used);
    if (length > 0) *used += (size_t)length;
}

char *http_res_render(const struct http_res *res, bool keep_alive, bool head, size_t *length)
{
    bool has_body = status_has_body(res->status);
    size_t body = has_body && !head ? res->body_length : 0;
    size_t room = 512 + sizeof security_headers + (res->content_type ? strlen(res->content_type) : 0);
    for (size_t i = 0; i < res->header_count; i++)
        room += strlen(res->headers[i].name) + strlen(res->headers[i].value) + 4;
    char *wire = malloc(room + body + 1);
    if (!wire) return NULL;
    size_t used = 0;
    append(wire, room, &used, "HTTP/1.1 %d %s\r\n%s", res->status, reason_phrase(res->status), security_headers);
    if (res->content_type && has_body) append(wire, room, &used, "Content-Type: %s\r\n", res->content_type);
    if (has_body) append(wire, room, &used, "Content-Length: %zu\r\n", res->body_length);
    if (!has_header(res, "Cache-Control")) append(wire, room, &used, "Cache-Control: no-store\r\n");
    for (size_t i = 0; i < res->header_count; i++)
        append(wire, room, &used, "%s: %s\r\n", res->headers[i].name, res->headers[i].value);
    append(wire, room, &used, "Connection: %s\r\n\r\n", keep_alive ? "keep-alive" : "close");
    if (body) memcpy(wire + used, res->body, body);
    *length = used + body;
    wire[*length] = '\0';
    return wire;
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

char *http_percent_decode(const char *text, size_t length, bool plus_is_space)
{
    char *out = malloc(length + 1);
    if (!out) return NULL;
    size_t used = 0;
    for (size_t i = 0; i < length; i++) {
        char c = text[i];
        if (c == '+' && plus_is_space) c = ' ';
        if (c == '%') {
            int high = length - i > 2 ? hex_digit(text[i + 1]) : -1;
            int low = high >= 0 ? hex_digit(text[i + 2]) : -1;
            if (low < 0 || (high == 0 && low == 0)) {
                free(out);
                return NULL;
            }
            c = (char)(high * 16 + low);
            i += 2;
        }
        out[used++] = c;
    }
    out[used] = '\0';
    return out;
}

char *http_query_get(const char *query, const char *name)
{
    size_t name_length = strlen(name);
    for (const char *pair = query; pair;) {
        const char *end = strchr(pair, '&');
        size_t length = end ? (size_t)(end - pair) : strlen(pair);
        const char *equals = memchr(pair, '=', length);
        size_t key = equals ? (size_t)(equals - pair) : length;
        if (key == name_length && !strncmp(pair, name, key)) {
            const char *value = equals ? equals + 1 : pair + length;
            return http_percent_decode(value, (size_t)(pair + length - value), true);
        }
        pair = end ? end + 1 : NULL;
    }
    return NULL;
}
