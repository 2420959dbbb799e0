/* SPDX-License-Identifier: MIT */
#include "hub/event.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FILTER_STATIONS_MAX = 32, ROUTE_ROOM = 64 };

void event_filter_init(struct event_filter *filter)
{
    *filter = (struct event_filter){.topics = TOPICS_ALL};
}

void event_filter_finish(struct event_filter *filter)
{
    for (size_t i = 0; i < filter->station_count; i++)
        free(filter->stations[i]);
    free(filter->stations);
    event_filter_init(filter);
}

/* The next non-empty part of a comma-separated list; false at its end. */
static bool next_part(const char **list, const char **part, size_t *length)
{
    if (!*list) return false;
    const char *at = *list + strspn(*list, ",");
    if (!*at) return false;
    *part = at;
    *length = strcspn(at, ",");
    *list = at + *length;
    return true;
}

static enum status status_from_part(const char *part, size_t length)
{
    char name[16];
    if (length == 0 || length >= sizeof name) return STATUS_NONE;
    memcpy(name, part, length);
    name[length] = '\0';
    return status_from_name(name);
}

static enum hub_err add_station(struct event_filter *filter, const char *part, size_t length, struct fault *fault)
{
    if (filter->station_count == FILTER_STATIONS_MAX)
        return fault_set(
            fault, HUB_VALIDATION_ERROR, "station", "At most %d stations can be named.", FILTER_STATIONS_MAX);
    char **larger = realloc(filter->stations, (filter->station_count + 1) * sizeof *larger);
    if (larger) filter->stations = larger;
    char *name = larger ? strndup(part, length) : NULL;
    if (!name) return fault_set(fault, HUB_UNAVAILABLE, NULL, "The box is short of memory. Try again in a moment.");
    filter->stations[filter->station_count++] = name;
    return HUB_OK;
}

static enum hub_err parse_statuses(struct event_filter *filter, const char *list, struct fault *fault)
{
    const char *part;
    size_t length;
    while (next_part(&list, &part, &length)) {
        enum status status = status_from_part(part, length);
        if (status == STATUS_NONE)
            return fault_set(fault, HUB_VALIDATION_ERROR, "status",
                "There is no status \"%.*s\". Statuses are held, pending, preparing, ready, served, voided and "
                "cancelled.",
                (int)(length < 40 ? length : 40), part);
        filter->statuses |= 1u << status;
    }
    return HUB_OK;
}

static enum hub_err parse_topics(struct event_filter *filter, const char *list, unsigned allowed, struct fault *fault)
{
    const char *part;
    size_t length;
    unsigned topics = 0;
    while (next_part(&list, &part, &length)) {
        enum topic topic = topic_from_name(part, length);
        if (topic == TOPIC_COUNT)
            return fault_set(fault, HUB_VALIDATION_ERROR, "topics",
                "There is no topic \"%.*s\". Topics are orders, tables, devices, menu and metrics.",
                (int)(length < 40 ? length : 40), part);
        topics |= TOPIC_BIT(topic);
    }
    filter->topics = (topics ? topics : TOPICS_ALL) & allowed;
    return HUB_OK;
}

enum hub_err event_filter_parse(struct event_filter *filter, const char *stations, const char *statuses,
    const char *topics, unsigned allowed, struct fault *fault)
{
    const char *part;
    size_t length;
    event_filter_init(filter);
    enum hub_err err = parse_topics(filter, topics, allowed, fault);
    if (!err) err = parse_statuses(filter, statuses, fault);
    while (!err && next_part(&stations, &part, &length))
        err = add_station(filter, part, length, fault);
    if (err) event_filter_finish(filter);
    return err;
}

bool event_filter_station(const struct event_filter *filter, const char *station)
{
    if (!filter->station_count) return true;
    for (size_t i = 0; i < filter->station_count; i++)
        if (!strcmp(filter->stations[i], station)) return true;
    return false;
}

bool event_filter_status(const struct event_filter *filter, enum status status)
{
    return !filter->statuses || (filter->statuses & (1u << status));
}

static int hex_value(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Compares a percent-encoded name with a plain one. */
static bool same_name(const char *encoded, size_t length, const char *name)
{
    size_t i = 0;
    while (i < length) {
        int c = (unsigned char)encoded[i];
        if (c == '%') {
            if (length - i < 3) return false;
            int high = hex_value(encoded[i + 1]), low = hex_value(encoded[i + 2]);
            if (high < 0 || low < 0) return false;
            c = high * 16 + low;
            i += 2;
        }
        if ((unsigned char)*name != c || !c) return false;
        name++;
        i++;
    }
    return *name == '\0';
}

static bool station_listed(const struct event_filter *filter, const char *name, size_t length)
{
    for (size_t i = 0; i < filter->station_count; i++)
        if (same_name(name, length, filter->stations[i])) return true;
    return false;
}

struct route_entry {
    const char *station; /* encoded */
    size_t station_length;
    bool whole; /* "*": the order as a whole */
    enum status before, after;
};

/* Reads one entry; false at the end or where the text is not a route. */
static bool next_entry(const char **route, struct route_entry *entry)
{
    const char *at = *route + strspn(*route, " ");
    size_t length = strcspn(at, " ");
    const char *equals = memchr(at, '=', length), *end = at + length;
    if (!equals) return false;
    const char *comma = memchr(equals, ',', (size_t)(end - equals));
    if (!comma) return false;
    entry->station = at;
    entry->station_length = (size_t)(equals - at);
    entry->whole = entry->station_length == 1 && *at == '*';
    entry->before = status_from_part(equals + 1, (size_t)(comma - equals - 1));
    entry->after = status_from_part(comma + 1, (size_t)(end - comma - 1));
    *route = end;
    return true;
}

static bool entry_matches(const struct route_entry *entry, const struct event_filter *filter)
{
    /* With stations named, it is the ticket there that counts; without, the order. */
    if (entry->whole != (filter->station_count == 0)) return false;
    if (!entry->whole && !station_listed(filter, entry->station, entry->station_length)) return false;
    if (!filter->statuses) return true;
    return (entry->before && (filter->statuses & (1u << entry->before))) ||
           (entry->after && (filter->statuses & (1u << entry->after)));
}

bool event_matches(const char *route, enum topic topic, const struct event_filter *filter)
{
    if (!(filter->topics & TOPIC_BIT(topic))) return false;
    if (!*route || (!filter->station_count && !filter->statuses)) return true;
    if (*route == '!') route++; /* its list holds its own station alone, so one rule serves both kinds */
    struct route_entry entry;
    while (next_entry(&route, &entry))
        if (entry_matches(&entry, filter)) return true;
    return false;
}

static void put(struct route_text *route, const char *text, size_t length)
{
    if (route->failed) return;
    if (route->length + length + 1 > route->room) {
        size_t room = (route->room ? route->room * 2 : ROUTE_ROOM) + length;
        char *larger = realloc(route->text, room);
        if (!larger) {
            route->failed = true;
            return;
        }
        route->text = larger;
        route->room = room;
    }
    if (length) memcpy(route->text + route->length, text, length);
    route->length += length;
    route->text[route->length] = '\0';
}

static void put_name(struct route_text *route, const char *name)
{
    for (; *name; name++) {
        unsigned char c = (unsigned char)*name;
        char escaped[4];
        if (c > ' ' && c != 127 && !strchr("%=,!*", c)) {
            put(route, name, 1);
        } else {
            snprintf(escaped, sizeof escaped, "%%%02X", c);
            put(route, escaped, 3);
        }
    }
}

void route_begin(struct route_text *route, bool station_bound)
{
    *route = (struct route_text){0};
    put(route, "!", station_bound ? 1 : 0);
}

void route_add(struct route_text *route, const char *station, enum status before, enum status after)
{
    if (route->length) put(route, " ", 1);
    if (station)
        put_name(route, station);
    else
        put(route, "*", 1);
    put(route, "=", 1);
    put(route, status_names[before], strlen(status_names[before]));
    put(route, ",", 1);
    put(route, status_names[after], strlen(status_names[after]));
}

char *route_end(struct route_text *route)
{
    char *text = route->text;
    if (route->failed) {
        free(text);
        text = NULL;
    }
    *route = (struct route_text){0};
    return text;
}
