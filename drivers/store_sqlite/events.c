/* SPDX-License-Identifier: MIT */
#include "hub/port/store_events.h"

#include <stdlib.h>
#include <string.h>

#include "drivers/store_sqlite/sql.h"

enum hub_err store_event_add(struct store *store, const struct event *event)
{
    struct sql q =
        sql_begin(store, "INSERT INTO events (seq, at, type, topic, route, frame) VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
    sql_bind_int(&q, 1, (int64_t)event->seq);
    sql_bind_int(&q, 2, event->at_ms);
    sql_bind_text(&q, 3, event->type);
    sql_bind_text(&q, 4, topic_name(event->topic));
    sql_bind_text(&q, 5, event->route);
    sql_bind_text_n(&q, 6, event->text, event->length);
    return sql_run(&q);
}

enum hub_err store_event_last(struct store *store, uint64_t *seq)
{
    struct sql q = sql_begin(store, "SELECT COALESCE(MAX(seq), 0) FROM events");
    *seq = sql_row(&q) ? (uint64_t)sql_int(&q, 0) : 0;
    return sql_end(&q);
}

static struct event *event_of(struct sql *q, struct arena *arena)
{
    size_t topic_length = 0, length = 0;
    const char *topic = sql_bytes(q, 2, &topic_length);
    enum topic kind = topic_from_name(topic ? topic : "", topic_length);
    const char *type = sql_text(q, 1, arena), *route = sql_text(q, 3, arena);
    const void *text = sql_bytes(q, 4, &length);
    char *copy = type && route && text ? malloc(length + 1) : NULL;
    if (!copy) return NULL;
    memcpy(copy, text, length);
    copy[length] = '\0';
    return event_create((uint64_t)sql_int(q, 0), sql_int(q, 5), kind, type, route, copy, length);
}

enum hub_err store_event_read(struct store *store, uint64_t since, struct event **out, size_t room, size_t *count)
{
    struct arena arena;
    arena_init(&arena);
    *count = 0;
    struct sql q =
        sql_begin(store, "SELECT seq, type, topic, route, frame, at FROM events WHERE seq > ?1 ORDER BY seq LIMIT ?2");
    sql_bind_int(&q, 1, (int64_t)since);
    sql_bind_int(&q, 2, (int64_t)room);
    enum hub_err short_of_memory = HUB_OK;
    while (*count < room && sql_row(&q)) {
        struct event *event = event_of(&q, &arena);
        if (!event) {
            short_of_memory = HUB_UNAVAILABLE;
            break;
        }
        out[(*count)++] = event;
    }
    enum hub_err err = sql_end(&q);
    arena_finish(&arena);
    return err ? err : short_of_memory;
}

enum hub_err store_answer_find(struct store *store, const char *operation, const char *key, uint8_t content[32],
    int *status, const char **body, struct arena *arena)
{
    struct sql q = sql_begin(store,
        "SELECT i.content, i.status, COALESCE(i.body,"
        " CAST(substr(CAST(e.frame AS BLOB), i.body_offset + 1, i.body_length) AS TEXT))"
        " FROM idempotency i LEFT JOIN events e ON e.seq = i.event_seq WHERE i.operation = ?1 AND i.key = ?2");
    sql_bind_text(&q, 1, operation);
    sql_bind_text(&q, 2, key);
    bool found = sql_row(&q);
    if (found) {
        size_t size = 0;
        const void *hash = sql_bytes(&q, 0, &size);
        memset(content, 0, 32);
        if (size == 32) memcpy(content, hash, 32);
        *status = (int)sql_int(&q, 1);
        *body = sql_text(&q, 2, arena);
    }
    enum hub_err err = sql_end(&q);
    return err ? err : found ? HUB_OK : HUB_NOT_FOUND;
}

enum hub_err store_answer_add(struct store *store, const char *operation, const char *key, const uint8_t content[32],
    const struct store_answer *answer, int64_t now_ms)
{
    struct sql q = sql_begin(store,
        "INSERT INTO idempotency (operation, key, content, at, status, event_seq, body_offset, body_length, body)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)");
    sql_bind_text(&q, 1, operation);
    sql_bind_text(&q, 2, key);
    sql_bind_blob(&q, 3, content, 32);
    sql_bind_int(&q, 4, now_ms);
    sql_bind_int(&q, 5, answer->status);
    sql_bind_int_or_null(&q, 6, (int64_t)answer->event_seq);
    sql_bind_int(&q, 7, (int64_t)answer->event_offset);
    sql_bind_int(&q, 8, (int64_t)answer->length);
    if (answer->event_seq)
        sql_bind_text(&q, 9, NULL);
    else
        sql_bind_text_n(&q, 9, answer->body, answer->length);
    return sql_run(&q);
}
