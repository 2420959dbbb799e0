/* SPDX-License-Identifier: MIT */
/*
 * The one error enum of the hub, and the fault that explains an error to a person.
 * Drivers translate errno and library codes into these at their edge.
 */
#ifndef HUB_ERR_H
#define HUB_ERR_H

/* code, HTTP status, title: the table of PROTOCOL section 1. */
#define HUB_ERRORS(X)                                                                                                  \
    X(MALFORMED_JSON, 400, "Malformed JSON")                                                                           \
    X(UNAUTHENTICATED, 401, "Not signed in")                                                                           \
    X(FORBIDDEN, 403, "Not allowed")                                                                                   \
    X(NOT_FOUND, 404, "Not found")                                                                                     \
    X(INVALID_TRANSITION, 409, "Status cannot follow")                                                                 \
    X(ITEM_UNAVAILABLE, 409, "Item is unavailable")                                                                    \
    X(TABLE_DISABLED, 409, "Table is disabled")                                                                        \
    X(TABLE_BUSY, 409, "Table is busy")                                                                                \
    X(VERSION_CONFLICT, 409, "Somebody else changed it")                                                               \
    X(IDEMPOTENCY_MISMATCH, 409, "Same key, other content")                                                            \
    X(PAYLOAD_TOO_LARGE, 413, "Too large")                                                                             \
    X(VALIDATION_ERROR, 422, "Not valid")                                                                              \
    X(RATE_LIMITED, 429, "Too many attempts")                                                                          \
    X(UNAVAILABLE, 503, "Not available now")                                                                           \
    X(STORAGE_FULL, 507, "Storage is full")

enum hub_err {
    HUB_OK = 0,
#define X(code, status, title) HUB_##code,
    HUB_ERRORS(X)
#undef X
};

/* Why something was refused. `detail` is plain words that say what is wrong and how to mend it. */
struct fault {
    enum hub_err code;
    int retry_after_s; /* for RATE_LIMITED and UNAVAILABLE; 0 = not said */
    char field[96];    /* e.g. "items[0].quantity"; empty = no single field */
    char detail[360];
    char
        *current; /* VERSION_CONFLICT: the present object as JSON, malloc'ed; fault_finish() frees it. NULL otherwise */
};

/* HTTP status of an error; 200 for HUB_OK. */
int hub_err_status(enum hub_err code);
/* Name on the wire ("VALIDATION_ERROR") and short title. Never NULL. */
const char *hub_err_name(enum hub_err code);
const char *hub_err_title(enum hub_err code);

/* Fills the fault (NULL is allowed) and returns `code`, so that callers can write `return fault_set(...)`. */
enum hub_err fault_set(struct fault *fault, enum hub_err code, const char *field, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
/* Frees what the fault owns and clears it. */
void fault_finish(struct fault *fault);

#endif
