/* SPDX-License-Identifier: MIT */
#include "world.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "hub/device.h"
#include "hub/feed.h"
#include "hub/frame.h"
#include "hub/metrics.h"
#include "hub/port/store_events.h"
#include "hub/port/store_metrics.h"

#define ORDER                                                                                                          \
    "INSERT INTO orders (id, day, number, order_type, guests, order_status, payment_status, priority, source, note,"   \
    " currency, tax_inclusive, subtotal, tax, total_price, estimated_time, created_at, updated_at, ready_at,"          \
    " actor_kind, version) VALUES "
/* The world's clock says 1795170600000. */
/* Orders ready in five to ten, and in ten to fifteen minutes; none in any other time. */
#define PREP_TIMES(ten, fifteen)                                                                                       \
    "\"prep_times\":[{\"under_s\":300,\"orders\":0},{\"under_s\":600,\"orders\":" ten                                  \
    "},{\"under_s\":900,\"orders\":" fifteen                                                                           \
    "},{\"under_s\":1200,\"orders\":0},{\"under_s\":1800,\"orders\":0},{\"under_s\":null,\"orders\":0}],"

static const char day[] =
    ORDER "(1, 20261119, 1, 'takeout', 9, 'served', 'paid', 'normal', 'pos', '', 'EUR', 1, 0, 0, 99000, 1, "
          "1795080000000, 0, 1795081000000, 'system', 1),"
          "(2, 20261120, 1, 'dine_in', 2, 'served', 'paid', 'normal', 'pos', '', 'EUR', 1, 0, 0, 1000, 1, "
          "1795163400000, 0, 1795164000000, 'system', 1),"
          "(3, 20261120, 2, 'takeout', NULL, 'cancelled', 'pending', 'normal', 'pos', '', 'EUR', 1, 0, 0, 700, 1, "
          "1795163500000, 0, 0, 'system', 1),"
          "(4, 20261120, 3, 'takeout', NULL, 'ready', 'pending', 'normal', 'pos', '', 'EUR', 1, 0, 0, 300, 1, "
          "1795167000000, 0, 1795167300000, 'system', 1),"
          "(5, 20261120, 4, 'dine_in', 3, 'pending', 'pending', 'normal', 'pos', '', 'EUR', 1, 0, 0, 50, 1, "
          "1795169600000, 0, 0, 'system', 1),"
          "(6, 20261120, 5, 'takeout', NULL, 'preparing', 'pending', 'normal', 'pos', '', 'EUR', 1, 0, 0, 5, 1, "
          "1795170000000, 0, 0, 'system', 1);"
          "INSERT INTO tickets (id, order_id, station, day, kot_number, kind, ticket_status, lines, created_at, rings, "
          "prints) VALUES"
          "(1, 5, 'kitchen', 20261120, 1, 'new', 'pending', '[]', 1795169600000, 1, 1)," /* 1000 s old: late at 900 */
          "(2, 5, 'kitchen', 20261120, 2, 'add_on', 'preparing', '[]', 1795169610000, 1, 1),"
          "(3, 5, 'kitchen', 20261120, 3, 'void', 'pending', '[]', 1795160000000, 1, 1),"  /* seen, not cooked */
          "(4, 6, 'kitchen', 20261120, 4, 'new', 'preparing', '[]', 1795170000000, 1, 1)," /* late in 300 s */
          "(5, 4, 'kitchen', 20261120, 5, 'new', 'ready', '[]', 1795160000000, 1, 1);"
          "INSERT INTO order_items (order_id, menu_item_id, name, quantity, unit_price, modifiers, modifiers_price, "
          "note, course,"
          " station, item_status, tax_basis_points) VALUES"
          "(1, 3, 'Dal', 50, 1, '[]', 0, '', 1, 'kitchen', 'served', 0),"
          "(2, 3, 'Dal', 2, 1, '[]', 0, '', 1, 'kitchen', 'served', 0),"
          "(2, NULL, 'Cake', 1, 1, '[]', 0, '', 1, 'kitchen', 'served', 0),"
          "(4, 3, 'Dal', 1, 1, '[]', 0, '', 1, 'kitchen', 'ready', 0),"
          "(5, 4, 'Tea', 9, 1, '[]', 0, '', 1, 'kitchen', 'voided', 0),"
          "(6, 4, 'Tea', 2, 1, '[]', 0, '', 1, 'kitchen', 'preparing', 0);"
          "INSERT INTO tables (id, name, area, seats, x, y, shape, status, retired) VALUES (1, '1', 'in', 4, 0, 0, "
          "'round', 'occupied', 0),"
          "(2, '2', 'in', 4, 0, 0, 'round', 'bill', 0), (3, '3', 'in', 4, 0, 0, 'round', 'free', 0),"
          "(4, '4', 'in', 4, 0, 0, 'round', 'occupied', 1);";

/* The figures as JSON; the caller frees them. */
static char *figures(struct world *w, struct metrics *metrics, bool hurry, uint64_t *mark)
{
    struct json_writer out;
    uint64_t seq = 0;
    size_t length;
    json_writer_init(&out);
    struct store *store = restaurant_reader(w->restaurant, NULL);
    assert_non_null(store);
    assert_int_equal(store_read_begin(store), HUB_OK);
    assert_int_equal(store_event_last(store, &seq), HUB_OK);
    assert_int_equal(metrics_write(metrics, store, seq, hurry, &out, mark), HUB_OK);
    store_read_end(store);
    restaurant_reader_done(w->restaurant, store);
    return json_writer_take(&out, &length);
}

static char *figures_now(struct world *w, uint64_t *mark)
{
    struct metrics *metrics = metrics_create(w->restaurant);
    assert_non_null(metrics);
    char *text = figures(w, metrics, false, mark);
    metrics_destroy(metrics);
    return text;
}

static void an_empty_day_has_no_times(void **state)
{
    static const char expected[] =
        "{\"orders_today\":0,\"revenue_today\":0,\"paid_today\":0,\"customers_today\":0,\"open_orders\":0,"
        "\"average_prep_s\":null,\"p90_prep_s\":null,\"oldest_pending_s\":null,\"late_orders\":0,\"tables_occupied\":"
        "0," PREP_TIMES("0", "0") "\"by_hour\":[],\"top_items\":[]}";
    uint64_t mark = 0;
    char *text = figures_now(*state, &mark);
    assert_string_equal(text, expected);
    assert_true(mark != 0);
    free(text);
}

static void a_day_is_summed_up(void **state)
{
    static const char expected[] =
        "{\"orders_today\":5,\"revenue_today\":1355,\"paid_today\":1000,\"customers_today\":8,\"open_orders\":3,"
        "\"average_prep_s\":450,\"p90_prep_s\":600,\"oldest_pending_s\":1000,\"late_orders\":1,\"tables_occupied\":"
        "2," PREP_TIMES("1",
            "1") "\"by_hour\":[{\"hour\":8,\"orders\":2,\"revenue\":1000},{\"hour\":9,\"orders\":1,\"revenue\":300},"
                 "{\"hour\":10,\"orders\":2,\"revenue\":55}],"
                 "\"top_items\":[{\"menu_item_id\":3,\"name\":\"Dal\",\"quantity\":3},{\"menu_item_id\":4,\"name\":"
                 "\"Tea\","
                 "\"quantity\":2},{\"menu_item_id\":null,\"name\":\"Cake\",\"quantity\":1}]}";
    struct world *w = *state;
    uint64_t mark;
    world_sql(w, day);
    char *text = figures_now(w, &mark);
    assert_string_equal(text, expected);
    free(text);
}

static void time_alone_is_no_news_until_something_is_late(void **state)
{
    struct world *w = *state;
    uint64_t mark, later, late;
    world_sql(w, day);
    free(figures_now(w, &mark));
    atomic_fetch_add(&w->now_ms, 299000);
    char *text = figures_now(w, &later);
    assert_contains(text, "\"oldest_pending_s\":1299");
    free(text);
    assert_true(later == mark);
    atomic_fetch_add(&w->now_ms, 1000);
    text = figures_now(w, &late);
    assert_contains(text, "\"late_orders\":2");
    free(text);
    assert_true(late != mark);
}

static void the_business_day_turns_at_the_closing_hour_and_does_not_go_back(void **state)
{
    struct world *w = *state;
    uint64_t mark;
    world_sql(w, day);
    atomic_store(&w->now_ms, 1795233540000); /* 3:59 in the night after */
    char *text = figures_now(w, &mark);
    assert_contains(text, "\"orders_today\":5,");
    free(text);
    atomic_fetch_add(&w->now_ms, 60000);
    text = figures_now(w, &mark);
    assert_contains(text, "\"orders_today\":0,");
    assert_contains(text, "\"open_orders\":3,"); /* still to cook */
    free(text);
    atomic_store(&w->now_ms, 1795080000000); /* the clock was put back a day */
    text = figures_now(w, &mark);
    assert_contains(text, "\"orders_today\":5,");
    free(text);
}

static void percentiles_are_by_nearest_rank(void **state)
{
    struct world *w = *state;
    struct figures f = {0};
    struct arena arena;
    world_sql(w,
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 11) INSERT INTO orders (id, day,"
        " number, order_type, order_status, priority, source, note, currency, tax_inclusive, subtotal, tax,"
        " total_price, estimated_time, created_at, updated_at, ready_at, actor_kind, version)"
        " SELECT i, 20261120, i, 'takeout', 'served', 'normal', 'pos', '', 'EUR', 1, 0, 0, 100, 1,"
        " 1795170000000, 0, 1795170000000 + i * 10000, 'system', 1 FROM n");
    arena_init(&arena);
    struct store *store = restaurant_reader(w->restaurant, NULL);
    assert_int_equal(store_figures(store, &arena, 20261120, atomic_load(&w->now_ms), &f), HUB_OK);
    restaurant_reader_done(w->restaurant, store);
    arena_finish(&arena);
    assert_int_equal(f.prepared, 11);
    assert_int_equal(f.average_prep_ms, 60000);
    assert_int_equal(f.p90_prep_ms, 100000); /* the tenth of eleven */
}

/* ---- the thread -------------------------------------------------------------------------------------------------- */

struct screen {
    struct feed_sub sub; /* first */
    pthread_mutex_t lock;
    pthread_cond_t told;
    int frames;
    uint64_t mark;
    char text[2000];
};

static void ignore(struct feed_sub *sub, struct event *event)
{
    (void)sub;
    (void)event;
}

static void tell(struct feed_sub *sub, const void *data)
{
    struct screen *s = (struct screen *)sub;
    const struct metrics_news *news = data;
    pthread_mutex_lock(&s->lock);
    s->frames++;
    s->mark = news->mark;
    snprintf(s->text, sizeof s->text, "%.*s", (int)news->frame->length, frame_text(news->frame));
    pthread_cond_signal(&s->told);
    pthread_mutex_unlock(&s->lock);
}

static void screen_open(struct world *w, struct screen *s)
{
    memset(s, 0, sizeof *s);
    pthread_mutex_init(&s->lock, NULL);
    pthread_cond_init(&s->told, NULL);
    event_filter_init(&s->sub.filter);
    s->sub.deliver = ignore;
    s->sub.tell = tell;
    assert_true(feed_subscribe(w->restaurant->feed, &s->sub, world_seq(w)));
}

static void screen_wait(struct screen *s, int frames)
{
    pthread_mutex_lock(&s->lock);
    while (s->frames < frames)
        pthread_cond_wait(&s->told, &s->lock);
    pthread_mutex_unlock(&s->lock);
}

static void screen_close(struct world *w, struct screen *s)
{
    feed_unsubscribe(w->restaurant->feed, &s->sub);
    pthread_cond_destroy(&s->told);
    pthread_mutex_destroy(&s->lock);
}

static enum hub_err table_event(struct tx *tx, void *data)
{
    (void)data;
    return tx_event(tx, TOPIC_TABLES, "table_update", NULL, "\"table\":{}", 10);
}

static void who_joins_is_told_and_then_after_each_event(void **state)
{
    struct world *w = *state;
    struct screen s;
    struct metrics *metrics = metrics_create(w->restaurant);
    assert_non_null(metrics);
    screen_open(w, &s);
    world_run(w, NULL, table_event, NULL); /* nobody watches: nobody works */
    metrics_watchers(metrics, 1);
    metrics_joined(metrics);
    screen_wait(&s, 1);
    assert_contains(s.text, "{\"type\":\"metrics_update\",\"metrics\":{\"orders_today\":0,");
    uint64_t first = s.mark;
    world_sql(w, day);
    world_run(w, NULL, table_event, NULL);
    screen_wait(&s, 2);
    assert_contains(s.text, "\"orders_today\":5,");
    assert_true(s.mark != first);
    metrics_watchers(metrics, -1);
    screen_close(w, &s);
    metrics_destroy(metrics);
}

static void who_comes_after_the_last_one_left_early_is_told(void **state)
{
    struct world *w = *state;
    struct screen s;
    struct metrics *metrics = metrics_create(w->restaurant);
    assert_non_null(metrics);
    screen_open(w, &s);
    metrics_watchers(metrics, 1);
    metrics_joined(metrics);
    screen_wait(&s, 1);
    metrics_joined(metrics); /* it rests now, and will find nobody when it has rested */
    metrics_watchers(metrics, -1);
    nanosleep(&(struct timespec){.tv_sec = 1, .tv_nsec = 200000000}, NULL);
    metrics_watchers(metrics, 1);
    metrics_joined(metrics);
    screen_wait(&s, 2);
    screen_close(w, &s);
    metrics_destroy(metrics);
}

static void what_is_known_serves_again_and_no_metrics_are_null(void **state)
{
    struct world *w = *state;
    struct screen s;
    struct metrics *metrics = metrics_create(w->restaurant);
    struct json_writer none;
    uint64_t mark = 0, same;
    json_writer_init(&none);
    assert_int_equal(metrics_write(NULL, NULL, 0, false, &none, &mark), HUB_OK);
    assert_string_equal(none.text, "null");
    assert_true(mark == 0);
    json_writer_finish(&none);
    screen_open(w, &s);
    free(figures(w, metrics, false, &mark));
    free(figures(w, metrics, true, &same)); /* known for this seq, or computed anew: the same either way */
    assert_true(mark == same);
    screen_close(w, &s);
    metrics_destroy(metrics);
    metrics_destroy(NULL);
    metrics_joined(NULL);
    metrics_watchers(NULL, 1);
}

static void the_ledger_is_counted_by_state(void **state)
{
    struct world *w = *state;
    struct store_counts c = {0};
    world_sql(w, day);
    world_sql(w,
        "INSERT INTO devices (id, kind, name, state, detail, fix, since) VALUES (90, 'printer', 'P', 'ok', '', '', 0);"
        "INSERT INTO print_jobs (uuid, ticket_id, device_id, state, doubtful, created_at, updated_at) VALUES"
        "('a', 1, 90, 'queued', 0, 0, 0), ('b', 1, 90, 'sent', 1, 0, 0), ('c', 2, 90, 'confirmed', 0, 0, 0),"
        "('d', 2, 90, 'confirmed', 1, 0, 0), ('e', 2, 90, 'failed', 0, 0, 0), ('f', 4, 90, 'sending', 0, 0, 0), ('g', "
        "4, 90, 'held', 0, 0, 0),"
        "('h', 4, 90, 'rerouted', 0, 0, 0), ('i', 4, 90, 'rerouted', 0, 0, 0)");
    struct store *store = restaurant_reader(w->restaurant, NULL);
    assert_int_equal(store_counts(store, &c), HUB_OK);
    restaurant_reader_done(w->restaurant, store);
    assert_int_equal(c.orders, 6);
    assert_int_equal(c.tickets, 5);
    assert_int_equal(c.prints[PRINT_QUEUED], 1);
    assert_int_equal(c.prints[PRINT_SENDING], 1);
    assert_int_equal(c.prints[PRINT_SENT], 1);
    assert_int_equal(c.prints[PRINT_CONFIRMED], 2);
    assert_int_equal(c.prints[PRINT_FAILED], 1);
    assert_int_equal(c.prints[PRINT_HELD], 1);
    assert_int_equal(c.prints[PRINT_REROUTED], 2);
    assert_int_equal(c.prints[PRINT_DISCARDED], 0);
    assert_int_equal(c.prints_doubtful, 2);
}

int main(void)
{
#define WORLD(test) cmocka_unit_test_setup_teardown(test, world_setup, world_teardown)
    const struct CMUnitTest tests[] = {WORLD(an_empty_day_has_no_times), WORLD(a_day_is_summed_up),
        WORLD(time_alone_is_no_news_until_something_is_late),
        WORLD(the_business_day_turns_at_the_closing_hour_and_does_not_go_back), WORLD(percentiles_are_by_nearest_rank),
        WORLD(who_joins_is_told_and_then_after_each_event), WORLD(who_comes_after_the_last_one_left_early_is_told),
        WORLD(what_is_known_serves_again_and_no_metrics_are_null), WORLD(the_ledger_is_counted_by_state)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
