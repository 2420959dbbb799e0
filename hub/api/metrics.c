/* SPDX-License-Identifier: MIT */
#include "hub/api/metrics.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "hub/feed.h"
#include "hub/hub.h"
#include "hub/live_hub.h"
#include "hub/port/clock.h"
#include "hub/port/door.h"
#include "hub/port/store_metrics.h"
#include "hub/restaurant.h"
#include "hub/writer.h"

static void head(FILE *out, const char *name, const char *type, const char *help)
{
    fprintf(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void counter(FILE *out, const char *name, const char *help, uint64_t value)
{
    head(out, name, "counter", help);
    fprintf(out, "%s %" PRIu64 "\n", name, value);
}

static void gauge(FILE *out, const char *name, const char *help, int64_t value)
{
    head(out, name, "gauge", help);
    fprintf(out, "%s %" PRId64 "\n", name, value);
}

/* A summary without quantiles, and its longest since the start. */
static void latency(FILE *out, const char *name, const char *help, uint64_t us_total, uint64_t count, uint64_t us_max)
{
    head(out, name, "summary", help);
    fprintf(out, "%s_sum %.6f\n%s_count %" PRIu64 "\n", name, (double)us_total / 1e6, name, count);
    char max[80];
    snprintf(max, sizeof max, "%s_max", name);
    head(out, max, "gauge", "The longest of them since the start.");
    fprintf(out, "%s %.6f\n", max, (double)us_max / 1e6);
}

static void write_writer(FILE *out, struct restaurant *r)
{
    struct writer_stats s;
    writer_stats_get(r->writer, &s);
    counter(out, "servery_commits_total", "Transactions on disk since the start.", s.commits);
    counter(out, "servery_commit_failures_total", "Transactions that came to nothing.", s.failed_commits);
    counter(out, "servery_commit_failures_full_total", "Of those, for want of room.", s.full_commits);
    counter(out, "servery_commands_total", "Changes asked for; one commit takes several.", s.commands);
    latency(out, "servery_commit_seconds", "From taking a batch until it is on disk.", (uint64_t)s.commit_us_total,
        s.commits + s.failed_commits, (uint64_t)s.commit_us_max);
    gauge(out, "servery_writer_queue", "Changes that wait for the writer.", (int64_t)s.queued);
    gauge(out, "servery_storage_full", "1 while orders are refused for want of room.", s.storage_full);
    gauge(out, "servery_storage_failing", "1 while orders cannot be stored.", s.failing);
}

static void write_counts(FILE *out, const struct store_counts *c)
{
    counter(out, "servery_orders_total", "Orders accepted, all time.", (uint64_t)c->orders);
    counter(out, "servery_tickets_total", "Tickets issued, all time.", (uint64_t)c->tickets);
    head(out, "servery_prints", "gauge", "Print jobs in the ledger by state.");
    for (size_t i = 0; i < sizeof c->prints / sizeof *c->prints; i++)
        fprintf(out, "servery_prints{state=\"%s\"} %" PRId64 "\n", print_state_names[i], c->prints[i]);
    gauge(out, "servery_prints_doubtful", "Of those, the ones that may be on paper twice.", c->prints_doubtful);
    gauge(out, "servery_alerts_open", "Alerts that are open.", c->alerts_open);
}

static void write_live(FILE *out, struct restaurant *r)
{
    pthread_mutex_lock(&r->live->lock);
    int sockets = r->live->sockets, polls = r->live->polls;
    pthread_mutex_unlock(&r->live->lock);
    counter(out, "servery_events_total", "Events in the log.", feed_last_seq(r->feed));
    gauge(out, "servery_sockets", "Sockets of this restaurant that are open.", sockets);
    gauge(out, "servery_polls", "Polls of this restaurant that wait.", polls);
}

static void write_door(FILE *out, struct hub *hub)
{
    struct door_port *door = atomic_load(&hub->door);
    if (!door) return;
    struct door_figures f;
    door->figures(door, &f);
    counter(out, "servery_http_requests_total", "Requests answered, the box's.", f.requests);
    counter(out, "servery_http_connections_cut_total", "Connections ended by the box: slow, silent or too many.",
        f.connections_cut);
    gauge(out, "servery_http_connections", "Connections that a worker serves now.", f.connections);
    counter(out, "servery_sockets_opened_total", "Sockets opened, the box's.", f.sockets_opened);
    counter(out, "servery_sockets_dropped_slow_total", "Sockets dropped because their queue was full.", f.sockets_slow);
    counter(out, "servery_sockets_dropped_silent_total", "Sockets dropped for silence.", f.sockets_silent);
    counter(out, "servery_push_frames_total", "Frames sent to sockets.", f.frames_sent);
    counter(out, "servery_push_bytes_total", "Bytes sent to sockets.", f.bytes_sent);
    latency(out, "servery_push_seconds", "From queueing a frame until the kernel took it.", f.push_us_total,
        f.frames_sent, f.push_us_max);
    gauge(out, "servery_push_queue", "Frames that wait in all sockets' queues.", (int64_t)f.queued_frames);
}

static void write_hub(FILE *out, struct hub *hub)
{
    head(out, "servery_errors_total", "counter", "Requests refused, by code, the box's.");
    for (int code = HUB_OK + 1; code <= HUB_STORAGE_FULL; code++)
        fprintf(out, "servery_errors_total{code=\"%s\"} %lu\n", hub_err_name((enum hub_err)code),
            atomic_load(&hub->errors_by_code[code]));
    counter(out, "servery_log_errors_total", "Lines logged as errors.", atomic_load(&hub->log.errors));
    counter(out, "servery_log_warnings_total", "Lines logged as warnings.", atomic_load(&hub->log.warnings));
    gauge(out, "servery_uptime_seconds", "Since the start.",
        (clock_monotonic_ms(hub->clock) - hub->started_monotonic_ms) / 1000);
}

enum hub_err api_get_metrics(struct api_call *call)
{
    struct store_counts counts = {0};
    struct store *store = restaurant_reader(call->restaurant, &call->fault);
    if (!store) return call->fault.code;
    enum hub_err err = store_counts(store, &counts);
    restaurant_reader_done(call->restaurant, store);
    if (err) return err;
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);
    if (!out) return HUB_UNAVAILABLE;
    write_counts(out, &counts);
    write_writer(out, call->restaurant);
    write_live(out, call->restaurant);
    write_door(out, call->hub);
    write_hub(out, call->hub);
    bool failed = ferror(out) != 0;
    if (fclose(out) != 0 || failed) {
        free(text);
        return HUB_UNAVAILABLE;
    }
    http_res_json(call->res, 200, text, length);
    call->res->content_type = "text/plain; version=0.0.4";
    return HUB_OK;
}
