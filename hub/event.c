/* SPDX-License-Identifier: MIT */
#include "hub/event.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hub/frame.h"

_Static_assert(VIEW_GUEST + 1 == EVENT_VIEWS, "one frame a view");

static const char *const topic_names[TOPIC_COUNT] = {"orders", "tables", "devices", "menu", "metrics"};

const char *topic_name(enum topic topic)
{
    return topic < TOPIC_COUNT ? topic_names[topic] : "";
}

enum topic topic_from_name(const char *name, size_t length)
{
    for (int i = 0; i < TOPIC_COUNT; i++)
        if (strlen(topic_names[i]) == length && !memcmp(topic_names[i], name, length)) return (enum topic)i;
    return TOPIC_COUNT;
}

struct event *event_create(
    uint64_t seq, int64_t at_ms, enum topic topic, const char *type, const char *route, char *text, size_t length)
{
    struct event *event = text ? calloc(1, sizeof *event) : NULL;
    char *route_copy = event ? strdup(route ? route : "") : NULL;
    if (!route_copy) {
        free(event);
        free(text);
        return NULL;
    }
    atomic_init(&event->references, 1);
    event->seq = seq;
    event->at_ms = at_ms;
    event->topic = topic;
    snprintf(event->type, sizeof event->type, "%s", type);
    event->route = route_copy;
    event->text = text;
    event->length = length;
    for (size_t i = 0; i < EVENT_VIEWS; i++)
        atomic_init(&event->frames[i], NULL);
    return event;
}

struct event *event_ref(struct event *event)
{
    atomic_fetch_add_explicit(&event->references, 1, memory_order_relaxed);
    return event;
}

void event_unref(struct event *event)
{
    if (!event || atomic_fetch_sub_explicit(&event->references, 1, memory_order_acq_rel) != 1) return;
    for (size_t i = 0; i < EVENT_VIEWS; i++)
        frame_unref(atomic_load_explicit(&event->frames[i], memory_order_relaxed));
    free(event->route);
    free(event->text);
    free(event);
}

static struct frame *build_frame(const struct event *event, enum view view)
{
    if (view == VIEW_FULL) return frame_create(event->text, event->length);
    size_t length = 0;
    char *text = view_redact(event->text, event->length, view, &length);
    struct frame *frame = text ? frame_create(text, length) : NULL;
    free(text);
    return frame;
}

struct frame *event_frame(struct event *event, enum view view)
{
    _Atomic(struct frame *) *slot = &event->frames[view];
    struct frame *frame = atomic_load_explicit(slot, memory_order_acquire);
    if (frame) return frame;
    struct frame *built = build_frame(event, view);
    if (!built) return NULL;
    /* Two threads may build at once; the first one's stays. */
    if (atomic_compare_exchange_strong_explicit(slot, &frame, built, memory_order_acq_rel, memory_order_acquire))
        return built;
    frame_unref(built);
    return frame;
}
