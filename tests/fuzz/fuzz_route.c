/* SPDX-License-Identifier: MIT */
/* Who gets an event. Lines of the input: a route, stations, statuses, topics, a station's name. */
#include "hub/event.h"
#include "tests/fuzz/fuzz.h"

/* A route that we build finds the station it names, whatever the name. */
static void check_own_route(const char *station)
{
    struct route_text route;
    struct fault fault = {0};
    struct event_filter filter;
    route_begin(&route, true);
    route_add(&route, NULL, STATUS_PENDING, STATUS_READY);
    route_add(&route, station, STATUS_PENDING, STATUS_READY);
    char *text = route_end(&route);
    FUZZ_HOLDS(text);
    if (*station && !strchr(station, ',') &&
        event_filter_parse(&filter, station, "ready", NULL, TOPICS_ALL, &fault) == HUB_OK) {
        FUZZ_HOLDS(event_matches(text, TOPIC_ORDERS, &filter));
        event_filter_finish(&filter);
        FUZZ_HOLDS(event_filter_parse(&filter, station, "served", NULL, TOPICS_ALL, &fault) == HUB_OK);
        FUZZ_HOLDS(!event_matches(text, TOPIC_ORDERS, &filter));
        event_filter_finish(&filter);
    }
    fault_finish(&fault);
    free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *lines[5];
    for (size_t i = 0; i < 5; i++)
        lines[i] = fuzz_line(&data, &size);
    struct event_filter filter;
    struct fault fault = {0};
    enum hub_err err = event_filter_parse(&filter, lines[1], lines[2], lines[3], TOPICS_ALL, &fault);
    FUZZ_HOLDS(!err || fault.detail[0]);
    for (int topic = 0; topic < TOPIC_COUNT; topic++) {
        bool matches = event_matches(lines[0], (enum topic)topic, &filter);
        FUZZ_HOLDS(!matches || (filter.topics & TOPIC_BIT(topic)));
    }
    event_filter_finish(&filter);
    fault_finish(&fault);
    check_own_route(lines[4]);
    for (size_t i = 0; i < 5; i++)
        free(lines[i]);
    return 0;
}
