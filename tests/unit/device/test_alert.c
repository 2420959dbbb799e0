/* SPDX-License-Identifier: MIT */
#include "world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hub/alert.h"
#include "hub/port/store_devices.h"

struct raise {
    const char *code;
    int64_t device_id, order_id;
    const char *detail;
};

static enum hub_err raise_it(struct tx *tx, void *data)
{
    const struct raise *r = data;
    return alert_raise(tx, r->code, SEVERITY_WARNING, r->device_id, r->order_id, r->detail, "Mend it.");
}

static enum hub_err clear_it(struct tx *tx, void *data)
{
    const struct raise *r = data;
    return alert_clear(tx, r->code, r->device_id, r->order_id);
}

struct seen {
    int64_t id;
    char json[600];
};

static enum hub_err acknowledge(struct tx *tx, void *data)
{
    struct seen *s = data;
    struct alert alert;
    enum hub_err err = alert_acknowledge(tx, s->id, &alert);
    if (err) return err;
    struct json_writer w;
    json_writer_init(&w);
    alert_write(&alert, &w);
    snprintf(s->json, sizeof s->json, "%s", w.text);
    json_writer_finish(&w);
    return HUB_OK;
}

static enum hub_err count_open(struct tx *tx, void *data)
{
    struct alert *alerts;
    return store_alerts_load(tx->store, tx->arena, &alerts, data);
}

static size_t open_alerts(struct world *w)
{
    size_t count = 0;
    world_run(w, NULL, count_open, &count);
    return count;
}

static int64_t id_in(const char *text)
{
    const char *at = strstr(text, "\"id\":");
    assert_non_null(at);
    return strtoll(at + 5, NULL, 10);
}

static void one_is_open_for_each_code_device_and_order(void **state)
{
    struct world *w = *state;
    char text[600];
    struct raise first = {"NOT_PRINTED", 0, 0, "It is jammed."}, other = {"LATE", 0, 0, "It is jammed."};
    uint64_t before = world_seq(w);
    world_run(w, NULL, raise_it, &first);
    assert_int_equal(world_events(w, before, text, sizeof text), 1);
    assert_contains(text, "\"type\":\"alert_raised\"");
    assert_contains(text, "\"code\":\"NOT_PRINTED\",\"severity\":\"warning\",\"device_id\":null,\"order_id\":null");
    assert_contains(text, "\"acknowledged_at\":null,\"acknowledged_by\":null");
    int64_t id = id_in(strstr(text, "\"alert\""));
    world_run(w, NULL, raise_it, &first);
    assert_int_equal(world_events(w, before, NULL, 0), 1);
    atomic_fetch_add(&w->now_ms, 5000);
    first.detail = "It is on fire.";
    world_run(w, NULL, raise_it, &first);
    assert_int_equal(world_events(w, before, text, sizeof text), 2);
    assert_int_equal(id_in(strstr(text, "\"alert\"")), id);
    assert_contains(text, "\"since\":\"2026-11-20T10:30:00.000Z\"");
    world_run(w, NULL, raise_it, &other);
    assert_int_equal(open_alerts(w), 2);
}

static void clearing_names_the_id_and_the_next_has_another(void **state)
{
    struct world *w = *state;
    char text[600];
    struct raise r = {"NOT_PRINTED", 0, 0, "It is jammed."};
    world_run(w, NULL, raise_it, &r);
    world_events(w, 0, text, sizeof text);
    int64_t id = id_in(strstr(text, "\"alert\""));
    uint64_t before = world_seq(w);
    world_run(w, NULL, clear_it, &r);
    assert_int_equal(world_events(w, before, text, sizeof text), 1);
    assert_contains(text, "\"type\":\"alert_cleared\"");
    assert_int_equal(id_in(text), id);
    world_run(w, NULL, clear_it, &r);
    assert_int_equal(world_events(w, before, NULL, 0), 1);
    assert_int_equal(open_alerts(w), 0);
    world_run(w, NULL, raise_it, &r);
    world_events(w, before, text, sizeof text);
    assert_int_not_equal(id_in(strstr(text, "\"alert\"")), id);
}

static void who_knows_of_it_is_kept_and_told(void **state)
{
    struct world *w = *state;
    char text[800];
    struct actor maria = {.kind = ACTOR_STAFF, .role = ROLE_WAITER, .id = 3, .name = "Maria"},
                 ben = {.kind = ACTOR_STAFF, .role = ROLE_KITCHEN, .id = 4, .name = "Ben"};
    struct raise r = {"NOT_PRINTED", 0, 0, "It is jammed."};
    world_run(w, NULL, raise_it, &r);
    world_events(w, 0, text, sizeof text);
    struct seen seen = {.id = id_in(strstr(text, "\"alert\""))};
    uint64_t before = world_seq(w);
    world_run(w, &maria, acknowledge, &seen);
    assert_contains(seen.json, "\"acknowledged_at\":\"2026-11-20T10:30:00.000Z\"");
    assert_contains(seen.json, "\"acknowledged_by\":{\"kind\":\"staff\",\"id\":3,\"name\":\"Maria\"}");
    assert_int_equal(world_events(w, before, text, sizeof text), 1);
    assert_contains(text, "\"type\":\"alert_raised\"");
    world_run(w, &ben, acknowledge, &seen);
    assert_contains(seen.json, "Maria");
    assert_int_equal(world_events(w, before, NULL, 0), 1);
    world_reopen(w);
    world_run(w, &ben, acknowledge, &seen);
    assert_contains(seen.json, "\"acknowledged_by\":{\"kind\":\"staff\",\"id\":3,\"name\":\"Maria\"}");
    size_t length;
    char *shown = view_redact(seen.json, strlen(seen.json), VIEW_DISPLAY, &length);
    assert_non_null(shown);
    assert_null(strstr(shown, "Maria"));
    assert_contains(shown, "\"code\":\"NOT_PRINTED\"");
    free(shown);
    world_run(w, NULL, clear_it, &r);
    assert_int_equal(world_try(w, &ben, acknowledge, &seen), HUB_NOT_FOUND);
    seen.id = 4711;
    assert_int_equal(world_try(w, &ben, acknowledge, &seen), HUB_NOT_FOUND);
}

static enum hub_err spare(struct tx *tx, void *data)
{
    return store_alert_spare(tx->store, "DISK_FULL", data);
}

static enum hub_err raise_spare(struct tx *tx, void *data)
{
    struct alert alert = {.id = *(int64_t *)data,
        .code = "DISK_FULL",
        .severity = SEVERITY_CRITICAL,
        .detail = "Full.",
        .fix = "Make room.",
        .since = 1795170000000};
    return alert_raise_as(tx, &alert);
}

static void a_row_kept_ready_is_raised_under_its_id(void **state)
{
    struct world *w = *state;
    char text[600];
    int64_t id = 0, same = 0, next = 0;
    world_run(w, NULL, spare, &id);
    assert_true(id > 0);
    world_run(w, NULL, spare, &same);
    assert_int_equal(same, id);
    assert_int_equal(open_alerts(w), 0);
    struct seen seen = {.id = id};
    assert_int_equal(world_try(w, NULL, acknowledge, &seen), HUB_NOT_FOUND);
    world_run(w, NULL, raise_spare, &id);
    world_events(w, 0, text, sizeof text);
    assert_int_equal(id_in(strstr(text, "\"alert\"")), id);
    assert_contains(text, "\"severity\":\"critical\"");
    assert_contains(text, "\"since\":\"2026-11-20T10:20:00.000Z\"");
    assert_int_equal(open_alerts(w), 1);
    world_run(w, NULL, spare, &next);
    assert_int_not_equal(next, id);
    struct raise r = {"DISK_FULL", 0, 0, ""};
    world_run(w, NULL, clear_it, &r);
    assert_int_equal(open_alerts(w), 0);
}

static void later_ones_have_texts_of_their_own(void **state)
{
    struct world *w = *state;
    char text[600], code[] = "NOT_PRINTED", detail[] = "It is jammed.";
    uint64_t before = world_seq(w);
    alert_raise_later(w->restaurant, code, SEVERITY_CRITICAL, 0, 0, detail, "");
    memset(code, 'x', sizeof code - 1);
    memset(detail, 'x', sizeof detail - 1);
    assert_int_equal(open_alerts(w), 1); /* behind it in the queue */
    world_events(w, before, text, sizeof text);
    assert_contains(text, "\"code\":\"NOT_PRINTED\",\"severity\":\"critical\"");
    assert_contains(text, "\"detail\":\"It is jammed.\"");
    alert_clear_later(w->restaurant, "NOT_PRINTED", 0, 0);
    assert_int_equal(open_alerts(w), 0);
}

int main(void)
{
#define WORLD(test) cmocka_unit_test_setup_teardown(test, world_setup, world_teardown)
    const struct CMUnitTest tests[] = {WORLD(one_is_open_for_each_code_device_and_order),
        WORLD(clearing_names_the_id_and_the_next_has_another), WORLD(who_knows_of_it_is_kept_and_told),
        WORLD(a_row_kept_ready_is_raised_under_its_id), WORLD(later_ones_have_texts_of_their_own)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
