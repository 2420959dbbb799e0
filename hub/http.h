/* SPDX-License-Identifier: MIT */
/* A request and its answer, without a socket: what the front door hands in and gets back. */
#ifndef HUB_HTTP_H
#define HUB_HTTP_H

#include <stdbool.h>
#include <stddef.h>

struct live_conn;

struct http_req {
    const char *method; /* "GET" */
    const char *path;   /* decoded, without query: "/r/main/api/v1/orders/17" */
    const char *query;  /* raw, or NULL */
    const char *body;   /* NULL when there is none; not NUL-terminated */
    size_t body_length;
    const char *remote; /* the client's address, forwarded only when believed */
    bool secure;        /* a believed proxy says that the client speaks https */
    bool guest_door;    /* came in by --guest-listen */
    void *driver;
    const char *(*header)(const struct http_req *req, const char *name); /* NULL when absent; valid while req is */
};

enum { HTTP_MAX_HEADERS = 10 };

struct http_header {
    const char *name; /* static */
    char value[256];
};

struct http_res {
    int status;
    const char *content_type; /* static; NULL = no body */
    char *body;               /* malloc'ed, freed by http_res_finish(); NULL = none */
    size_t body_length;
    struct http_header headers[HTTP_MAX_HEADERS];
    size_t header_count;
    struct live_conn *parked; /* a waiting long poll: the driver keeps the socket and calls live_park() (hub/live.h) */
};

void http_res_init(struct http_res *res);
void http_res_finish(struct http_res *res);
/* Adds a header; ignored when the table is full (a programming error, asserted in debug builds). */
void http_res_header(struct http_res *res, const char *name, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* Takes a malloc'ed JSON body (NULL makes a 503: no memory). */
void http_res_json(struct http_res *res, int status, char *body, size_t length);
/*
 * The whole answer as it goes over the wire, security headers included, in one malloc'ed buffer; NULL when memory is
 * short. `keep_alive` false says `Connection: close`; with `head` the body is left out, its length is not. For the
 * front door and for the answer of a parked poll (hub/live.h), which must not keep the connection alive.
 */
char *http_res_render(const struct http_res *res, bool keep_alive, bool head, size_t *length);
/* Decodes %XX (and '+'), malloc'ed; NULL on a broken escape, an encoded NUL or no memory. */
char *http_percent_decode(const char *text, size_t length, bool plus_is_space);
/* A value of a query string, percent-decoded, malloc'ed, freed by the caller; NULL when absent or malformed. */
char *http_query_get(const char *query, const char *name);

#endif
