/* SPDX-License-Identifier: MIT */
/*
 * One line of the log on its way to the screens: its text as logged, who it concerns, and the frames made of it, one a
 * view. Immutable but for the reference count and the frames, which are built when first asked for; all calls from any
 * thread.
 *
 * The route says, in one line of text that is stored beside the event, which stations and statuses it touches:
 *
 *     [!] *=before,after [station=before,after]...        e.g. "*=pending,ready grill=preparing,ready cold=ready,ready"
 *
 * The entry `*` is the order as a whole, the others one ticket each (a station with several tickets has several
 * entries). An empty `before` means that it did not exist, an empty `after` that it is gone from there. A leading "!"
 * marks a station-bound event (ticket and item events): with a station filter only entries of its own station may let
 * it through, and only those are listed. An empty route is not about an order: station and status filters do not apply.
 * Station names are percent-encoded where they hold a space, '%', '=', ',', '!', '*' or a control character.
 */
#ifndef HUB_EVENT_H
#define HUB_EVENT_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "hub/order.h"
#include "hub/view.h"

struct frame;

enum topic { TOPIC_ORDERS, TOPIC_TABLES, TOPIC_DEVICES, TOPIC_MENU, TOPIC_METRICS, TOPIC_COUNT };
#define TOPIC_BIT(topic) (1u << (topic))
#define TOPICS_ALL       (TOPIC_BIT(TOPIC_COUNT) - 1u)

const char *topic_name(enum topic topic);
/* "orders" and so on; TOPIC_COUNT when unknown. */
enum topic topic_from_name(const char *name, size_t length);

enum { EVENT_VIEWS = 4 /* VIEW_FULL .. VIEW_GUEST */ };

struct event {
    atomic_int references;
    uint64_t seq;
    int64_t at_ms;
    enum topic topic;
    char type[24];
    char *route;   /* never NULL */
    char *text;    /* the whole frame as logged: {"type":..,"seq":..,"timestamp":..,...}; NUL-terminated */
    size_t length; /* of the text */
    _Atomic(struct frame *) frames[EVENT_VIEWS];
};

/*
 * Takes `text` (malloc'ed, length bytes, then NUL), also on failure; copies the route (NULL = empty). One reference.
 * NULL when memory is short or text is NULL.
 */
struct event *event_create(
    uint64_t seq, int64_t at_ms, enum topic topic, const char *type, const char *route, char *text, size_t length);
struct event *event_ref(struct event *event);
void event_unref(struct event *event); /* NULL is fine */

/*
 * The frame for that view, built once and borrowed: it lives as long as the caller's reference to the event, and sinks
 * take their own. NULL when memory is short: then the socket must be closed, for it would miss an event.
 */
struct frame *event_frame(struct event *event, enum view view);

/* What a listener wants: PROTOCOL section 5, "Filters". A plain value but for the station names. */
struct event_filter {
    unsigned topics;   /* TOPIC_BIT()s */
    unsigned statuses; /* 1u << enum status; 0 = any */
    char **stations;   /* malloc'ed names; none = any */
    size_t station_count;
};

/* All topics, any station, any status. */
void event_filter_init(struct event_filter *filter);
void event_filter_finish(struct event_filter *filter);
/*
 * Sets the filter from query values, each a comma-separated list or NULL. `allowed` are the topics the role may see;
 * others asked for are left out. VALIDATION_ERROR for an unknown status or topic, or more than 32 stations. On failure
 * the filter is as after event_filter_init().
 */
enum hub_err event_filter_parse(struct event_filter *filter, const char *stations, const char *statuses,
    const char *topics, unsigned allowed, struct fault *fault);
/* Is that station, or a ticket with that station and status, within the filter? For snapshots. */
bool event_filter_station(const struct event_filter *filter, const char *station);
bool event_filter_status(const struct event_filter *filter, enum status status);

/* May an event with that route and topic go to a listener with that filter? A malformed route goes to nobody with a
 * filter. */
bool event_matches(const char *route, enum topic topic, const struct event_filter *filter);

/* Builds a route. Any failure for memory makes route_end() return NULL. */
struct route_text {
    char *text;
    size_t length, room;
    bool failed;
};
void route_begin(struct route_text *route, bool station_bound);
/* station NULL: the order as a whole. STATUS_NONE: did not exist, or is gone. */
void route_add(struct route_text *route, const char *station, enum status before, enum status after);
/* The malloc'ed text, the caller's now. */
char *route_end(struct route_text *route);

#endif
