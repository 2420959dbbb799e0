/* SPDX-License-Identifier: MIT */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "hub/feed.h"
#include "hub/frame.h"

/* Views are another part's work: here a view writes its number in front. */
char *view_redact(const char *json, size_t length, enum view view, size_t *out_length)
{
    char *out = malloc(length + 2);
    assert_non_null(out);
    out[0] = (char)('0' + (int)view);
    memcpy(out + 1, json, length);
    out[length + 1] = '\0';
    *out_length = length + 1;
    return out;
}

struct listener {
    struct feed_sub sub; /* first */
    uint64_t seqs[8192];
    size_t count, flushes;
};

static void on_event(struct feed_sub *sub, struct event *event)
{
    struct listener *listener = (struct listener *)sub;
    listener->seqs[listener->count++] = event->seq;
    assert_non_null(event_frame(event, sub->view));
}

static void on_flush(struct feed_sub *sub)
{
    ((struct listener *)sub)->flushes++;
}

static struct listener *listener_create(const char *stations, const char *statuses, const char *topics)
{
    struct listener *listener = calloc(1, sizeof *listener);
    struct fault fault = {0};
    assert_non_null(listener);
    listener->sub.deliver = on_event;
    listener->sub.flush = on_flush;
    assert_int_equal(event_filter_parse(&listener->sub.filter, stations, statuses, topics, TOPICS_ALL, &fault), HUB_OK);
    return listener;
}

static void listener_free(struct listener *listener)
{
    event_filter_finish(&listener->sub.filter);
    free(listener);
}

static struct event *make(uint64_t seq, enum topic topic, const char *route)
{
    char *text = strdup("{\"type\":\"order_created\"}");
    struct event *event = event_create(seq, 0, topic, "order_created", route, text, strlen(text));
    assert_non_null(event);
    return event;
}

static void publish(struct feed *feed, uint64_t from, uint64_t to, enum topic topic, const char *route)
{
    struct event *events[64];
    while (from <= to) {
        size_t count = 0;
        while (count < 64 && from <= to)
            events[count++] = make(from++, topic, route);
        feed_publish(feed, events, count);
        for (size_t i = 0; i < count; i++)
            event_unref(events[i]);
    }
}

static void routes_match(void **state)
{
    (void)state;
    static const char order[] = "*=pending,preparing grill=pending,preparing cold=pending,pending";
    static const struct {
        const char *route, *stations, *statuses;
        bool matches;
    } cases[] = {
        {order, NULL, NULL, true},
        {order, "grill", NULL, true},
        {order, "bar", NULL, false},
        {order, "bar,cold", NULL, true},
        {order, NULL, "pending", true},
        {order, NULL, "preparing", true},
        {order, NULL, "ready", false},
        {order, "cold", "preparing", false}, /* the order is, the ticket there is not */
        {order, "grill", "preparing", true},
        {order, "grill", "pending", true}, /* it leaves the view */
        {order, "grill", "ready,pending", true},
        {"*=,pending grill=,pending", "grill", "pending", true},
        {"*=,pending grill=,pending", NULL, "held", false},
        {"*=held,held", "grill", NULL, false},
        {"*=ready,pending grill=ready,ready grill=,pending", "grill", "pending", true},
        {"! *=pending,preparing grill=pending,preparing", "grill", NULL, true},
        {"! *=pending,preparing grill=pending,preparing", "cold", NULL, false},
        {"! *=pending,preparing grill=pending,preparing", NULL, "preparing", true},
        {"!*=pending,preparing grill=pending,ready", "grill", "ready", true},
        {"", "bar", "ready", true},
        {"nonsense", "bar", NULL, false},
        {"nonsense", NULL, NULL, true},
        {"*=pending", NULL, "pending", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct event_filter filter;
        struct fault fault = {0};
        assert_int_equal(
            event_filter_parse(&filter, cases[i].stations, cases[i].statuses, NULL, TOPICS_ALL, &fault), HUB_OK);
        if (event_matches(cases[i].route, TOPIC_ORDERS, &filter) != cases[i].matches)
            fail_msg("case %zu: %s", i, cases[i].route);
        event_filter_finish(&filter);
    }
}

static void filters_parse(void **state)
{
    (void)state;
    struct event_filter filter;
    struct fault fault = {0};
    assert_int_equal(event_filter_parse(&filter, NULL, "cooking", NULL, TOPICS_ALL, &fault), HUB_VALIDATION_ERROR);
    assert_string_equal(fault.field, "status");
    assert_int_equal(event_filter_parse(&filter, NULL, NULL, "orders,news", TOPICS_ALL, &fault), HUB_VALIDATION_ERROR);
    assert_string_equal(fault.field, "topics");
    assert_int_equal(
        event_filter_parse(&filter, "a,b", NULL, "orders,tables", TOPICS_ALL & ~TOPIC_BIT(TOPIC_TABLES), &fault),
        HUB_OK);
    assert_int_equal(filter.topics, TOPIC_BIT(TOPIC_ORDERS));
    assert_true(event_filter_station(&filter, "b"));
    assert_false(event_filter_station(&filter, "c"));
    assert_true(event_filter_status(&filter, STATUS_READY));
    assert_true(event_matches("a=,pending", TOPIC_ORDERS, &filter));
    assert_false(event_matches("", TOPIC_TABLES, &filter));
    event_filter_finish(&filter);
    char many[200] = "";
    for (int i = 0; i < 33; i++)
        strncat(many, "s,", sizeof many - strlen(many) - 1);
    assert_int_equal(event_filter_parse(&filter, many, NULL, NULL, TOPICS_ALL, &fault), HUB_VALIDATION_ERROR);
    assert_int_equal(filter.station_count, 0);
}

static void routes_build(void **state)
{
    (void)state;
    struct route_text route;
    route_begin(&route, true);
    route_add(&route, NULL, STATUS_NONE, STATUS_PENDING);
    route_add(&route,
        "K\xC3\xBC"
        "che 2, 50%!",
        STATUS_PENDING, STATUS_READY);
    char *text = route_end(&route);
    assert_non_null(text);
    assert_string_equal(text, "! *=,pending K\xC3\xBC"
                              "che%202%2C%2050%25%21=pending,ready");
    char *name = strdup("K\xC3\xBC"
                        "che 2, 50%!");
    struct event_filter filter = {.topics = TOPICS_ALL, .stations = &name, .station_count = 1};
    assert_true(event_matches(text, TOPIC_ORDERS, &filter));
    name[0] = 'k';
    assert_false(event_matches(text, TOPIC_ORDERS, &filter));
    free(name);
    free(text);
    route_begin(&route, false);
    for (int i = 0; i < 100; i++)
        route_add(&route, "grill", STATUS_PENDING, STATUS_PENDING);
    text = route_end(&route);
    assert_int_equal(strlen(text), 100 * strlen("grill=pending,pending ") - 1);
    free(text);
}

static void frames_per_view(void **state)
{
    (void)state;
    struct event *event = make(1, TOPIC_ORDERS, NULL);
    struct frame *full = event_frame(event, VIEW_FULL), *kitchen = event_frame(event, VIEW_KITCHEN);
    assert_string_equal(frame_text(full), "{\"type\":\"order_created\"}");
    assert_string_equal(frame_text(kitchen), "1{\"type\":\"order_created\"}");
    assert_ptr_equal(event_frame(event, VIEW_KITCHEN), kitchen);
    frame_ref(full);
    event_unref(event);
    assert_string_equal(frame_text(full), "{\"type\":\"order_created\"}");
    frame_unref(full);
    assert_null(event_create(1, 0, TOPIC_ORDERS, "x", NULL, NULL, 0));
}

static void delivers_in_order(void **state)
{
    (void)state;
    struct feed *feed = feed_create();
    struct listener *all = listener_create(NULL, NULL, NULL), *bar = listener_create("bar", NULL, "orders");
    feed_set_seq(feed, 100);
    assert_true(feed_subscribe(feed, &all->sub, 100));
    assert_true(feed_subscribe(feed, &bar->sub, 100));
    assert_int_equal(feed_count(feed), 2);
    publish(feed, 101, 103, TOPIC_ORDERS, "*=,pending grill=,pending");
    publish(feed, 104, 104, TOPIC_ORDERS, "*=,pending bar=,pending");
    publish(feed, 105, 105, TOPIC_TABLES, NULL);
    assert_int_equal(all->count, 5);
    for (uint64_t i = 0; i < 5; i++)
        assert_int_equal(all->seqs[i], 101 + i);
    assert_int_equal(all->flushes, 3);
    assert_int_equal(bar->count, 1);
    assert_int_equal(bar->seqs[0], 104);
    assert_int_equal(bar->flushes, 1);
    feed_unsubscribe(feed, &all->sub);
    feed_unsubscribe(feed, &all->sub);
    publish(feed, 106, 106, TOPIC_TABLES, NULL);
    assert_int_equal(all->count, 5);
    assert_int_equal(feed_last_seq(feed), 106);
    feed_unsubscribe(feed, &bar->sub);
    listener_free(all);
    listener_free(bar);
    feed_destroy(feed);
}

static void resumes_and_refuses(void **state)
{
    (void)state;
    struct feed *feed = feed_create();
    struct listener *listener = listener_create(NULL, NULL, NULL);
    feed_set_seq(feed, 10);
    assert_false(feed_subscribe(feed, &listener->sub, 9));  /* before what is kept */
    assert_false(feed_subscribe(feed, &listener->sub, 11)); /* ahead of the log */
    publish(feed, 11, 13, TOPIC_ORDERS, NULL);
    assert_true(feed_subscribe(feed, &listener->sub, 11));
    assert_int_equal(listener->count, 2);
    assert_int_equal(listener->seqs[0], 12);
    assert_int_equal(listener->flushes, 1);
    feed_unsubscribe(feed, &listener->sub);
    publish(feed, 14, 10 + FEED_RING + 100, TOPIC_ORDERS, NULL);
    assert_false(feed_covers(feed, 109));
    assert_true(feed_covers(feed, 110));
    listener->count = 0;
    assert_true(feed_subscribe(feed, &listener->sub, 110));
    assert_int_equal(listener->count, FEED_RING);
    assert_int_equal(listener->seqs[0], 111);
    assert_int_equal(listener->seqs[FEED_RING - 1], 110 + FEED_RING);
    feed_unsubscribe(feed, &listener->sub);
    /* A gap: nobody may resume over it. */
    publish(feed, 5000, 5001, TOPIC_ORDERS, NULL);
    assert_false(feed_covers(feed, 110 + FEED_RING));
    assert_true(feed_covers(feed, 4999));
    listener_free(listener);
    feed_destroy(feed);
}

static void reads_pages(void **state)
{
    (void)state;
    struct feed *feed = feed_create();
    struct event *page[4];
    struct event_filter filter;
    uint64_t last;
    bool covered;
    struct fault fault = {0};
    assert_int_equal(event_filter_parse(&filter, NULL, NULL, "tables", TOPICS_ALL, &fault), HUB_OK);
    publish(feed, 1, 5, TOPIC_ORDERS, NULL);
    publish(feed, 6, 12, TOPIC_TABLES, NULL);
    assert_int_equal(feed_read(feed, 2, &filter, page, 4, &last, &covered), 4);
    assert_true(covered);
    assert_int_equal(last, 9);
    assert_int_equal(page[0]->seq, 6);
    for (int i = 0; i < 4; i++)
        event_unref(page[i]);
    assert_int_equal(feed_read(feed, 12, &filter, page, 4, &last, &covered), 0);
    assert_int_equal(last, 12);
    assert_int_equal(feed_read(feed, 13, &filter, page, 4, &last, &covered), 0);
    assert_false(covered);
    event_filter_finish(&filter);
    feed_destroy(feed);
}

struct joiner {
    struct feed *feed;
    struct listener *listener;
    int gaps;
};

static void *join_and_leave(void *data)
{
    struct joiner *joiner = data;
    for (int round = 0; round < 200; round++) {
        struct listener *listener = joiner->listener;
        listener->count = 0;
        uint64_t since = feed_last_seq(joiner->feed);
        if (!feed_subscribe(joiner->feed, &listener->sub, since)) continue;
        struct timespec pause = {.tv_nsec = 100000};
        nanosleep(&pause, NULL);
        feed_unsubscribe(joiner->feed, &listener->sub);
        for (size_t i = 0; i < listener->count; i++)
            joiner->gaps += listener->seqs[i] != since + 1 + i;
    }
    return NULL;
}

static void joining_misses_nothing(void **state)
{
    (void)state;
    struct feed *feed = feed_create();
    struct joiner joiners[4];
    pthread_t threads[4];
    for (int i = 0; i < 4; i++) {
        joiners[i] = (struct joiner){.feed = feed, .listener = listener_create(NULL, NULL, NULL)};
        assert_int_equal(pthread_create(&threads[i], NULL, join_and_leave, &joiners[i]), 0);
    }
    publish(feed, 1, 6000, TOPIC_ORDERS, "*=,pending");
    for (int i = 0; i < 4; i++) {
        pthread_join(threads[i], NULL);
        assert_int_equal(joiners[i].gaps, 0);
        listener_free(joiners[i].listener);
    }
    feed_destroy(feed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(routes_match), cmocka_unit_test(filters_parse),
        cmocka_unit_test(routes_build), cmocka_unit_test(frames_per_view), cmocka_unit_test(delivers_in_order),
        cmocka_unit_test(resumes_and_refuses), cmocka_unit_test(reads_pages), cmocka_unit_test(joining_misses_nothing)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
