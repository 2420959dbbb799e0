/* SPDX-License-Identifier: MIT */
/* What followers of tickets read and write: who rings, and the print ledger (one row a ticket, destination and copy).
 */
#ifndef HUB_PORT_STORE_PRINT_H
#define HUB_PORT_STORE_PRINT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "hub/arena.h"
#include "hub/err.h"
#include "hub/port/store.h"

/* ---- bells ------------------------------------------------------------------------------------------------------- */

/* Does a ticket of this station call for somebody? */
enum hub_err store_station_rings(struct store *store, const char *station, bool *rings);
/* All that ring at a station are answered. */
enum hub_err store_station_hush(struct store *store, const char *station, int64_t now_ms);
/* The pin of a station's bell ("GPIO17"), NULL: a lamp on the page. NOT_FOUND: no such station. */
enum hub_err store_station_bell_set(struct store *store, const char *station, const char *line);

struct station_bell {
    const char *station, *line; /* line NULL: a lamp */
};
/* By position, in the arena. */
enum hub_err store_station_bells(struct store *store, struct arena *arena, struct station_bell **bells, size_t *count);

/* ---- the ledger -------------------------------------------------------------------------------------------------- */

enum print_state {
    PRINT_QUEUED,    /* not handed to anybody yet, or to be tried again */
    PRINT_SENDING,   /* about to be handed over: after a crash nobody knows, so it is looked up */
    PRINT_SENT,      /* the transport has it */
    PRINT_CONFIRMED, /* as far as `proof` says */
    PRINT_FAILED,    /* given up, and somebody was told */
    PRINT_REROUTED,  /* a row at the backup printer took over */
    PRINT_HELD,      /* too old to be printed unasked */
    PRINT_DISCARDED, /* people were asked, and said no */
    PRINT_STATES
};
extern const char *const print_state_names[]; /* NULL-terminated; defined by hub/print_job.c */

/* What is printed. */
enum print_slip { SLIP_TICKET, SLIP_TEST, SLIP_CLAIM, SLIP_SUMMARY, SLIP_BILL };
extern const char *const print_slip_names[];

/* A row: one piece of paper at one printer. Texts in the arena. */
struct print_job {
    int64_t id, device_id;
    char uuid[37];
    enum print_slip slip;
    int64_t ticket_id, order_id; /* 0 = none */
    const char *body;            /* JSON of a claim slip; NULL */
    int64_t line;                /* of the ticket's lines the one it is for; -1: all */
    enum print_state state;
    int64_t attempts, next_try_at;
    char external_id[64]; /* at the transport; "" = none */
    bool doubtful;        /* may be on paper already: the next print says so */
    bool copy;            /* a reprint that somebody asked for */
    const char *copy_by;  /* NULL */
    bool released;        /* was held, and people said yes: not held again */
    int64_t from_device_id;
    const char *from_name, *device_name; /* from_name: of the printer that this one stands in for; NULL */
    int64_t length_mm;
    const char *proof, *detail; /* proof NULL: none yet */
    int64_t issued_at;          /* when its ticket was */
    int64_t created_at, updated_at;
};

/* Rows for a new ticket: at each printer that prints its kind for its station, a row a copy, or a copy and line. */
enum hub_err store_print_queue(struct store *store, int64_t ticket_id, int64_t now_ms);
/* A row for a copy at each printer of its station, whatever kinds it prints; *count how many. */
enum hub_err store_print_copy(struct store *store, int64_t ticket_id, const char *by, int64_t now_ms, size_t *count);
/* A slip at one printer; `body` may be NULL. */
enum hub_err store_print_slip(
    struct store *store, int64_t device_id, enum print_slip slip, const char *body, const char *by, int64_t now_ms);
/* A bill at each printer that prints bills; *count how many. */
enum hub_err store_print_bill(struct store *store, int64_t order_id, const char *by, int64_t now_ms, size_t *count);

/* Jobs of a printer that are not at their end, oldest first, at most `room`. */
enum hub_err store_print_open(
    struct store *store, int64_t device_id, struct arena *arena, size_t room, struct print_job **jobs, size_t *count);
/* Jobs of a printer that are held, oldest first. */
enum hub_err store_print_held(
    struct store *store, int64_t device_id, struct arena *arena, size_t room, struct print_job **jobs, size_t *count);
/* All tickets' jobs of an order, oldest first. */
enum hub_err store_print_of_order(
    struct store *store, int64_t order_id, struct arena *arena, size_t room, struct print_job **jobs, size_t *count);
/* One job, whatever its state. NOT_FOUND. */
enum hub_err store_print_load(struct store *store, struct arena *arena, int64_t job_id, struct print_job *job);
/*
 * Writes state, attempts, next_try_at, external_id, doubtful, released and length_mm of a job; `proof` and `detail` may
 * be NULL (kept). A job that was given up meanwhile stays so, NOT_FOUND (its printer was taken out of use from outside
 * while its worker was at it).
 */
enum hub_err store_print_mark(
    struct store *store, const struct print_job *job, const char *proof, const char *detail, int64_t now_ms);
/* A row of its own for the same paper at another printer. */
enum hub_err store_print_stand_in(struct store *store, const struct print_job *job, int64_t device_id, int64_t now_ms);
/* All queued jobs of a printer up to and with that id are confirmed, by that proof; *count how many. */
enum hub_err store_print_confirm_all(
    struct store *store, int64_t device_id, int64_t last_id, const char *proof, int64_t now_ms, size_t *count);

/* A printer is taken out of use: what it has not printed is given up. */
enum hub_err store_print_abandon(struct store *store, int64_t device_id, int64_t now_ms);

/* Tickets that came out of printers of one driver, or are about to, newest first. */
struct printed {
    int64_t job_id, ticket_id, order_id, kot_number, printed_at;
    const char *station, *kind;
    bool copy, doubtful;
};
enum hub_err store_printed(
    struct store *store, const char *driver, size_t room, struct arena *arena, struct printed **list, size_t *count);

/* When a KOT was issued; NOT_FOUND. */
enum hub_err store_kot_time(struct store *store, const char *station, int64_t day, int64_t kot, int64_t *created_at);

#endif
