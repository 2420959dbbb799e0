/* SPDX-License-Identifier: MIT */
#include "hub/port/store_credentials.h"

#include <string.h>

#include "drivers/store_sqlite/sql.h"

#define CREDENTIAL                                                                                                     \
    "SELECT c.id, c.kind, coalesce(s.role, c.role), coalesce(s.name, c.name), c.staff_id, coalesce(s.active, 1), "     \
    "c.revoked, c.created_at, c.expires_at, c.last_used_at FROM credentials c LEFT JOIN staff s ON s.id = c.staff_id "

static void copy_text(struct sql *q, int column, char *out, size_t size)
{
    size_t length = 0;
    const char *bytes = sql_bytes(q, column, &length);
    if (length >= size) length = size - 1;
    if (bytes) memcpy(out, bytes, length);
    out[length] = '\0';
}

static void credential_read(struct sql *q, struct store_credential *out)
{
    char word[32];
    memset(out, 0, sizeof *out);
    out->id = sql_int(q, 0);
    copy_text(q, 1, word, sizeof word);
    out->kind = strcmp(word, "session") == 0 ? ACTOR_STAFF : strcmp(word, "device") == 0 ? ACTOR_DEVICE : ACTOR_TOKEN;
    copy_text(q, 2, word, sizeof word);
    out->role = role_from_name(word);
    copy_text(q, 3, out->name, sizeof out->name);
    out->staff_id = sql_int(q, 4);
    out->staff_active = sql_int(q, 5) != 0;
    out->revoked = sql_int(q, 6) != 0;
    out->created_at = sql_int(q, 7);
    out->expires_at = sql_int(q, 8);
    out->last_used_at = sql_int(q, 9);
}

static enum hub_err credential_one(struct sql *q, struct store_credential *out)
{
    bool found = sql_row(q);
    if (found) credential_read(q, out);
    enum hub_err err = sql_end(q);
    return err ? err : found ? HUB_OK : HUB_NOT_FOUND;
}

enum hub_err store_credential_create(struct store *store, const char *kind, const uint8_t hash[32], const char *role,
    const char *name, int64_t staff_id, int64_t now_ms, int64_t expires_at, int64_t *id)
{
    struct sql q =
        sql_begin(store, "INSERT INTO credentials (kind, hash, role, name, staff_id, created_at, expires_at) "
                         "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)");
    sql_bind_text(&q, 1, kind);
    sql_bind_blob(&q, 2, hash, 32);
    sql_bind_text(&q, 3, role);
    sql_bind_text(&q, 4, name);
    sql_bind_int_or_null(&q, 5, staff_id);
    sql_bind_int(&q, 6, now_ms);
    sql_bind_int(&q, 7, expires_at);
    enum hub_err err = sql_run(&q);
    if (!err) *id = sql_last_id(&q);
    return err;
}

enum hub_err store_credential_find(struct store *store, const uint8_t hash[32], struct store_credential *out)
{
    struct sql q = sql_begin(store, CREDENTIAL "WHERE c.hash = ?1");
    sql_bind_blob(&q, 1, hash, 32);
    return credential_one(&q, out);
}

enum hub_err store_credential_get(struct store *store, int64_t id, struct store_credential *out)
{
    struct sql q = sql_begin(store, CREDENTIAL "WHERE c.id = ?1");
    sql_bind_int(&q, 1, id);
    return credential_one(&q, out);
}

enum hub_err store_credential_list(
    struct store *store, const char *kind, struct arena *arena, struct store_credential **out)
{
    struct store_credential **tail = out;
    *out = NULL;
    struct sql q = sql_begin(store, CREDENTIAL "WHERE c.kind = ?1 AND c.revoked = 0 ORDER BY c.id");
    sql_bind_text(&q, 1, kind);
    while (sql_row(&q)) {
        struct store_credential *one = arena_alloc(arena, sizeof *one);
        if (!one) break;
        credential_read(&q, one);
        *tail = one;
        tail = &one->next;
    }
    enum hub_err err = sql_end(&q);
    return err ? err : arena->failed ? HUB_UNAVAILABLE : HUB_OK;
}

enum hub_err store_credential_revoke(struct store *store, int64_t id, const char *kind)
{
    struct sql q = sql_begin(
        store, "UPDATE credentials SET revoked = 1 WHERE id = ?1 AND revoked = 0 AND kind = coalesce(?2, kind)");
    sql_bind_int(&q, 1, id);
    sql_bind_text(&q, 2, kind);
    enum hub_err err = sql_run(&q);
    return err ? err : sql_changes(store) > 0 ? HUB_OK : HUB_NOT_FOUND;
}

enum hub_err store_credential_touch(struct store *store, int64_t id, int64_t now_ms)
{
    struct sql q = sql_begin(store, "UPDATE credentials SET last_used_at = max(last_used_at, ?2) WHERE id = ?1");
    sql_bind_int(&q, 1, id);
    sql_bind_int(&q, 2, now_ms);
    return sql_run(&q);
}

enum hub_err store_staff_add(struct store *store, const char *name, enum role role, const uint8_t hash[32], int64_t *id)
{
    struct sql q = sql_begin(store, "INSERT INTO staff (name, role, pin_hash) VALUES (?1, ?2, ?3)");
    sql_bind_text(&q, 1, name);
    sql_bind_text(&q, 2, role_name(role));
    sql_bind_blob(&q, 3, hash, 32);
    enum hub_err err = sql_run(&q);
    if (!err) *id = sql_last_id(&q);
    return err;
}

enum hub_err store_staff_list(struct store *store, struct arena *arena, struct store_staff **out)
{
    struct store_staff **tail = out;
    *out = NULL;
    struct sql q = sql_begin(store, "SELECT id, role, name, pin_hash FROM staff WHERE active = 1 ORDER BY name, id");
    while (sql_row(&q)) {
        struct store_staff *one = arena_alloc(arena, sizeof *one);
        if (!one) break;
        char role[32];
        size_t size = 0;
        one->id = sql_int(&q, 0);
        copy_text(&q, 1, role, sizeof role);
        one->role = role_from_name(role);
        copy_text(&q, 2, one->name, sizeof one->name);
        const void *hash = sql_bytes(&q, 3, &size);
        if (size != sizeof one->pin_hash) continue; /* no PIN has been set: cannot sign in */
        memcpy(one->pin_hash, hash, size);
        *tail = one;
        tail = &one->next;
    }
    enum hub_err err = sql_end(&q);
    return err ? err : arena->failed ? HUB_UNAVAILABLE : HUB_OK;
}
