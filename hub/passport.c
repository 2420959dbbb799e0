/* SPDX-License-Identifier: MIT */
#include "hub/passport.h"

#include <stdlib.h>

#include "hub/order_desk.h"
#include "hub/port/store_orders.h"

/* The contract's word. */
static const char *state_word(const struct print_job *job)
{
    switch (job->state) {
    case PRINT_QUEUED:
    case PRINT_SENDING:
    case PRINT_HELD: return job->doubtful ? "doubtful" : "queued";
    case PRINT_SENT: return "sent";
    case PRINT_CONFIRMED: return "confirmed";
    case PRINT_REROUTED: return "rerouted";
    case PRINT_FAILED: return job->doubtful ? "doubtful" : "failed";
    case PRINT_DISCARDED:
    case PRINT_STATES: break;
    }
    return "failed";
}

void passport_write_destination(const struct print_job *job, struct json_writer *w)
{
    json_begin_object(w);
    json_put_int(w, "ticket_id", job->ticket_id);
    json_put_string(w, "kind", "printer");
    json_put_int(w, "device_id", job->device_id);
    json_put_string(w, "name", job->device_name);
    json_put_string(w, "state", state_word(job));
    json_put_string(w, "proof", job->state == PRINT_CONFIRMED ? job->proof : NULL);
    json_put_int(w, "attempts", job->attempts);
    json_put_string(w, "detail", job->detail && *job->detail ? job->detail : NULL);
    json_key(w, "at");
    json_time(w, job->updated_at);
    json_end_object(w);
}

void passport_write(const struct order *order, const struct print_job *jobs, size_t count, struct json_writer *w)
{
    bool complete = true;
    json_begin_object(w);
    json_put_int(w, "order_id", order->id);
    json_key(w, "accepted_at");
    json_time(w, order->created_at);
    for (size_t i = 0; i < count; i++)
        complete = complete && (jobs[i].state == PRINT_CONFIRMED || jobs[i].state == PRINT_REROUTED ||
                                   jobs[i].state == PRINT_DISCARDED);
    json_put_bool(w, "complete", complete);
    json_key(w, "destinations");
    json_begin_array(w);
    for (size_t i = 0; i < count; i++)
        passport_write_destination(&jobs[i], w);
    json_end_array(w);
    json_end_object(w);
}

enum hub_err passport_publish(struct tx *tx, int64_t job_id)
{
    struct print_job job;
    struct order order;
    enum hub_err err = store_print_load(tx->store, tx->arena, job_id, &job);
    if (err || job.slip != SLIP_TICKET) return err;
    err = store_order_load(tx->store, tx->arena, job.order_id, &order);
    if (err) return err;
    struct json_writer w;
    json_writer_init(&w);
    json_begin_object(&w);
    json_put_int(&w, "order_id", job.order_id);
    json_key(&w, "destination");
    passport_write_destination(&job, &w);
    json_end_object(&w);
    char *route = desk_order_route(&order);
    err = !route || w.failed ? HUB_UNAVAILABLE
                             : tx_event(tx, TOPIC_ORDERS, "passport_updated", route, w.text + 1, w.length - 2);
    free(route);
    json_writer_finish(&w);
    return err;
}
