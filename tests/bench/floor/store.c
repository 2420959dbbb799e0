/* SPDX-License-Identifier: MIT */
#include "floor/store.h"

#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const char schema[] =
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
    "CREATE TABLE IF NOT EXISTS orders(id INTEGER PRIMARY KEY, order_type TEXT NOT NULL, order_status TEXT NOT NULL,"
    " note TEXT NOT NULL, created_at INTEGER NOT NULL) STRICT;"
    "CREATE TABLE IF NOT EXISTS order_items(id INTEGER PRIMARY KEY, order_id INTEGER NOT NULL REFERENCES orders(id),"
    " menu_item_id INTEGER NOT NULL, quantity INTEGER NOT NULL) STRICT;"
    "CREATE INDEX IF NOT EXISTS items_by_order ON order_items(order_id);";

struct job {
    struct job *next;
    cJSON *order;
    char *reply; /* NULL: not stored */
    bool done;
    pthread_cond_t finished;
};

struct store {
    struct screens *screens;
    sqlite3 *db;
    sqlite3_stmt *begin, *commit, *rollback, *add_order, *add_item;
    pthread_mutex_t lock;
    pthread_cond_t filled;
    pthread_t thread;
    struct job *first, **last; /* guarded by lock */
    bool stopping;             /* guarded by lock */
    int64_t seq;
};

static bool run(sqlite3_stmt *statement)
{
    int result = sqlite3_step(statement);
    sqlite3_reset(statement);
    if (result == SQLITE_DONE) return true;
    fprintf(stderr, "floor: %s\n", sqlite3_errmsg(sqlite3_db_handle(statement)));
    return false;
}

static const char *text_of(const cJSON *object, const char *name)
{
    const char *text = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, name));
    return text ? text : "";
}

static int number_of(const cJSON *object, const char *name)
{
    const cJSON *number = cJSON_GetObjectItemCaseSensitive(object, name);
    return cJSON_IsNumber(number) ? number->valueint : 0;
}

static bool insert_order(struct store *store, cJSON *order)
{
    const cJSON *item;
    int64_t now = (int64_t)time(NULL);
    sqlite3_bind_text(store->add_order, 1, text_of(order, "order_type"), -1, SQLITE_STATIC);
    sqlite3_bind_text(store->add_order, 2, text_of(order, "note"), -1, SQLITE_STATIC);
    sqlite3_bind_int64(store->add_order, 3, now);
    if (!run(store->add_order)) return false;
    int64_t id = sqlite3_last_insert_rowid(store->db);
    cJSON_ArrayForEach(item, cJSON_GetObjectItemCaseSensitive(order, "items"))
    {
        sqlite3_bind_int64(store->add_item, 1, id);
        sqlite3_bind_int(store->add_item, 2, number_of(item, "menu_item_id"));
        sqlite3_bind_int(store->add_item, 3, number_of(item, "quantity"));
        if (!run(store->add_item)) return false;
    }
    return cJSON_AddNumberToObject(order, "id", (double)id) && cJSON_AddStringToObject(order, "status", "pending") &&
           cJSON_AddNumberToObject(order, "created_at", (double)now);
}

static void publish(struct store *store, struct job *job)
{
    static const char format[] = "{\"type\":\"order_created\",\"seq\":%lld,\"order\":%s}";
    job->reply = cJSON_PrintUnformatted(job->order);
    size_t room = job->reply ? strlen(job->reply) + sizeof format + 20 : 0;
    char *text = room ? malloc(room) : NULL;
    if (!text) return;
    int length = snprintf(text, room, format, (long long)++store->seq, job->reply);
    struct frame *frame = frame_create(text, (size_t)length);
    if (frame) screens_publish(store->screens, frame);
    frame_drop(frame);
    free(text);
}

/* One transaction for all that waited: one sync of the disk pays for the batch. */
static void commit_batch(struct store *store, struct job *batch)
{
    bool stored = run(store->begin);
    for (struct job *job = batch; job && stored; job = job->next)
        stored = insert_order(store, job->order);
    stored = stored && run(store->commit);
    if (!stored) {
        run(store->rollback);
        return;
    }
    for (struct job *job = batch; job; job = job->next)
        publish(store, job);
    screens_flush(store->screens);
}

static void *store_run(void *data)
{
    struct store *store = data;
    pthread_mutex_lock(&store->lock);
    for (;;) {
        while (!store->first && !store->stopping)
            pthread_cond_wait(&store->filled, &store->lock);
        struct job *batch = store->first;
        if (!batch) break;
        store->first = NULL;
        store->last = &store->first;
        pthread_mutex_unlock(&store->lock);
        commit_batch(store, batch);
        pthread_mutex_lock(&store->lock);
        for (struct job *job = batch, *next; job; job = next) {
            next = job->next; /* the job lives on its waiter's stack */
            job->done = true;
            pthread_cond_signal(&job->finished);
        }
    }
    pthread_mutex_unlock(&store->lock);
    return NULL;
}

static bool prepare(struct store *store, sqlite3_stmt **statement, const char *sql)
{
    return sqlite3_prepare_v3(store->db, sql, -1, SQLITE_PREPARE_PERSISTENT, statement, NULL) == SQLITE_OK;
}

static bool prepare_all(struct store *store)
{
    return prepare(store, &store->begin, "BEGIN IMMEDIATE") && prepare(store, &store->commit, "COMMIT") &&
           prepare(store, &store->rollback, "ROLLBACK") &&
           prepare(store, &store->add_order,
               "INSERT INTO orders(order_type, order_status, note, created_at) VALUES(?, 'pending', ?, ?)") &&
           prepare(
               store, &store->add_item, "INSERT INTO order_items(order_id, menu_item_id, quantity) VALUES(?, ?, ?)");
}

static void finish_statements(struct store *store)
{
    sqlite3_finalize(store->begin);
    sqlite3_finalize(store->commit);
    sqlite3_finalize(store->rollback);
    sqlite3_finalize(store->add_order);
    sqlite3_finalize(store->add_item);
}

struct store *store_create(const char *path, struct screens *screens)
{
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
    struct store *store = calloc(1, sizeof *store);
    if (!store) return NULL;
    store->screens = screens;
    store->last = &store->first;
    pthread_mutex_init(&store->lock, NULL);
    pthread_cond_init(&store->filled, NULL);
    if (sqlite3_open_v2(path, &store->db, flags, NULL) != SQLITE_OK) goto close_db;
    if (sqlite3_exec(store->db, schema, NULL, NULL, NULL) != SQLITE_OK || !prepare_all(store)) goto close_db;
    if (pthread_create(&store->thread, NULL, store_run, store)) goto close_db;
    return store;

close_db:
    fprintf(stderr, "floor: %s: %s\n", path, sqlite3_errmsg(store->db));
    finish_statements(store);
    sqlite3_close(store->db);
    pthread_cond_destroy(&store->filled);
    pthread_mutex_destroy(&store->lock);
    free(store);
    return NULL;
}

char *store_order(struct store *store, cJSON *order)
{
    struct job job = {.order = order};
    pthread_cond_init(&job.finished, NULL);
    pthread_mutex_lock(&store->lock);
    *store->last = &job;
    store->last = &job.next;
    pthread_cond_signal(&store->filled);
    while (!job.done)
        pthread_cond_wait(&job.finished, &store->lock);
    pthread_mutex_unlock(&store->lock);
    pthread_cond_destroy(&job.finished);
    return job.reply;
}

void store_destroy(struct store *store)
{
    if (!store) return;
    pthread_mutex_lock(&store->lock);
    store->stopping = true;
    pthread_cond_signal(&store->filled);
    pthread_mutex_unlock(&store->lock);
    pthread_join(store->thread, NULL);
    finish_statements(store);
    sqlite3_close(store->db);
    pthread_cond_destroy(&store->filled);
    pthread_mutex_destroy(&store->lock);
    free(store);
}
