/* SPDX-License-Identifier: MIT */
/*
 * The one thread that changes a restaurant. It takes all queued commands, runs each inside a savepoint, commits once
 * (group commit), publishes the events and then tells the waiting callers, in order. All domain code runs here, so it
 * needs no locks.
 */
#ifndef HUB_WRITER_H
#define HUB_WRITER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "hub/arena.h"
#include "hub/err.h"
#include "hub/role.h"

struct restaurant;
struct store;
struct writer;
struct command;

/* What a command works with: valid during run() only. */
struct tx {
    struct restaurant *restaurant;
    struct store *store; /* the writing connection, inside a savepoint */
    struct arena *arena; /* this command's; emptied after done() */
    int64_t now_ms;      /* wall clock of this batch; never goes back, not even over restarts */
    struct actor actor;  /* copied from the command */
};

struct command {
    /* Writer thread, inside a savepoint. Anything but HUB_OK undoes all of this command's changes and events. */
    enum hub_err (*run)(struct command *command, struct tx *tx);
    /* Writer thread, after the commit was durable or failed. May free the command. NULL with writer_run(). */
    void (*done)(struct command *command);
    struct actor actor;
    /* Set by the writer: */
    enum hub_err result;
    struct fault fault; /* whoever owns the command calls fault_finish() */
    uint64_t seq;       /* of the last event this command made; the log's last when it made none */
    struct command *next;
};

struct writer *writer_create(struct restaurant *restaurant, struct store *store);
/* Runs what is queued, commits, stops the thread. Later commands are answered UNAVAILABLE. */
void writer_destroy(struct writer *writer);

/* Any thread; never blocks. done() is always called, exactly once. The command must live until then. */
void writer_submit(struct writer *writer, struct command *command);
/* Any thread but the writer's; waits until the command is durable or failed. Returns command->result. */
enum hub_err writer_run(struct writer *writer, struct command *command);

/* Counters for /metrics and /health. */
struct writer_stats {
    uint64_t commits, commands, failed_commits;
    int64_t commit_us_total, commit_us_max;
    size_t queued;
    bool storage_full;     /* the last commit that had something to write failed for want of room */
    bool failing;          /* it failed */
    uint64_t full_commits; /* of the failed ones, those for want of room */
    int64_t full_since_ms; /* wall clock; when storage_full was last set */
};
void writer_stats_get(struct writer *writer, struct writer_stats *out);

#endif
