/* SPDX-License-Identifier: MIT */
/* The day's figures and the ledger's counts. On any connection. */
#ifndef HUB_PORT_STORE_METRICS_H
#define HUB_PORT_STORE_METRICS_H

#include "hub/arena.h"
#include "hub/metrics.h"
#include "hub/port/store.h"
#include "hub/port/store_print.h"

/* The newest business day that has an order; 0 = none has. */
enum hub_err store_newest_day(struct store *store, int64_t *day);

/* Fills all but `hours` and their sums; texts in the arena. */
enum hub_err store_figures(
    struct store *store, struct arena *arena, int64_t day, int64_t now_ms, struct figures *figures);

/* Orders of a day that came in one quarter of an hour: quarters of all time zones begin together. */
struct figure_quarter {
    int64_t begins_ms, orders, revenue, paid, customers;
};
/* In order of time, in the arena. */
enum hub_err store_figure_quarters(
    struct store *store, struct arena *arena, int64_t day, struct figure_quarter **quarters, size_t *count);

/* Totals since the file was made. */
struct store_counts {
    int64_t orders, tickets;
    int64_t prints[PRINT_STATES]; /* by enum print_state, now */
    int64_t prints_doubtful;
    int64_t alerts_open;
};
enum hub_err store_counts(struct store *store, struct store_counts *counts);

#endif
