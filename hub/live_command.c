/* SPDX-License-Identifier: MIT */
/* What clients say on a socket: commands with the rights of the HTTP calls. Runs on the epoll thread and never waits.
 */
#include <stdlib.h>
#include <string.h>

#include "hub/api/order_codec.h"
#include "hub/api/order_command.h"
#include "hub/hub.h"
#include "hub/live_hub.h"
#include "hub/port/clock.h"
#include "hub/restaurant.h"

enum { BAD_FRAMES = 10, BAD_WINDOW_MS = 10000, ACTIONS_MAX = 50 };

struct spoken {
    struct order_command order; /* first */
    struct live_conn *conn;
    char *request_id; /* in the order's arena; NULL = none */
    struct json_ids touched;
};

static void send_error(struct live_conn *conn, const char *request_id, const struct fault *fault)
{
    struct json_writer w;
    json_writer_init(&w);
    json_begin_object(&w);
    json_put_string(&w, "type", "error");
    json_put_string(&w, "request_id", request_id);
    json_put_string(&w, "code", hub_err_name(fault->code));
    json_put_string(&w, "detail", fault->detail);
    json_put_string(&w, "field", fault->field[0] ? fault->field : NULL);
    json_end_object(&w);
    if (!w.failed) live_conn_send(conn, w.text, w.length);
    json_writer_finish(&w);
}

static void bad_frame(struct live_conn *conn, const char *request_id, const struct fault *fault)
{
    int64_t now = clock_monotonic_ms(conn->restaurant->hub->clock);
    if (now - conn->bad_since_ms > BAD_WINDOW_MS) {
        conn->bad_since_ms = now;
        conn->bad_frames = 0;
    }
    send_error(conn, request_id, fault);
    if (++conn->bad_frames >= BAD_FRAMES) live_conn_close(conn, 1008, "too many bad frames");
}

static void send_ack(struct spoken *s)
{
    struct json_writer w;
    json_writer_init(&w);
    json_begin_object(&w);
    json_put_string(&w, "type", "ack");
    json_put_string(&w, "request_id", s->request_id);
    json_key(&w, "result");
    size_t length = s->order.body_length;
    char *shown = s->order.body && s->conn->sub.view != VIEW_FULL
                      ? view_redact(s->order.body, length, s->conn->sub.view, &length)
                      : NULL;
    json_raw(&w, shown ? shown : s->order.body, length);
    json_put_int(&w, "seq", (int64_t)s->order.base.seq);
    json_end_object(&w);
    if (!w.failed) live_conn_send(s->conn, w.text, w.length);
    json_writer_finish(&w);
    free(shown);
}

static void spoken_destroy(struct spoken *s)
{
    order_command_finish(&s->order);
    live_conn_unref(s->conn);
    free(s);
}

static void done(struct command *command)
{
    struct spoken *s = (struct spoken *)command;
    if (command->result)
        send_error(s->conn, s->request_id, &command->fault);
    else if (s->request_id)
        send_ack(s);
    spoken_destroy(s);
}

static enum hub_err touch(struct command *command, struct tx *tx)
{
    struct spoken *s = (struct spoken *)command;
    return desk_touch(tx, s->touched.ids, s->touched.count);
}

/* A snapshot on the writer's thread, after its commit: consistent by itself, and rare. */
static void sync_done(struct command *command)
{
    struct spoken *s = (struct spoken *)command;
    struct json_writer w;
    uint64_t seq;
    json_writer_init(&w);
    if (!command->result &&
        live_snapshot(s->conn, s->conn->restaurant->store, "requested", s->request_id, &seq, &w) == HUB_OK)
        live_conn_send(s->conn, w.text, w.length);
    json_writer_finish(&w);
    spoken_destroy(s);
}

static enum hub_err nothing(struct command *command, struct tx *tx)
{
    (void)command;
    (void)tx;
    return HUB_OK;
}

/* ---- decoding -----------------------------------------------------------------------------------------------------
 */

struct said {
    const char *type, *request_id, *key;
    const cJSON *order, *actions;
    int64_t order_id, ticket_id, item_id, expected_version;
    int status;
    bool notify;
    struct json_ids ticket_ids;
};
#define S(member) offsetof(struct said, member)
#define ID_MAX    (INT64_C(1) << 53)
#define COMMON                                                                                                         \
    {"type", JSON_TEXT, S(type), 1, 40, NULL, true},                                                                   \
    {                                                                                                                  \
        "request_id", JSON_TEXT, S(request_id), 1, 64, NULL, false                                                     \
    }

static enum hub_err need(struct spoken *s, role_set roles, struct fault *fault)
{
    if (role_in(s->conn->actor.role, roles)) return HUB_OK;
    return fault_set(fault, HUB_FORBIDDEN, NULL, "A %s may not do this.", role_name(s->conn->actor.role));
}

static enum hub_err decode(struct spoken *s, const cJSON *tree, const struct json_field *fields, size_t count,
    struct said *said, struct fault *fault)
{
    enum hub_err err =
        json_decode(tree, fields, count, said, NULL, &s->order.arena, s->conn->restaurant->hub->text, "", fault);
    if (!err && said->request_id) s->request_id = arena_strdup(&s->order.arena, said->request_id);
    return err;
}

static enum hub_err say_submit(struct spoken *s, const cJSON *tree, struct fault *fault)
{
    static const struct json_field fields[] = {COMMON, {"idempotency_key", JSON_TEXT, S(key), 1, 64, NULL, false},
        {"order", JSON_OBJECT, S(order), 0, 0, NULL, true}};
    struct said said = {0};
    enum hub_err err = decode(s, tree, fields, 4, &said, fault);
    if (!err) err = need(s, ROLES_WAITER, fault);
    if (!err)
        err =
            order_request_decode(said.order, &s->order.request, &s->order.arena, s->conn->restaurant->hub->text, fault);
    s->order.verb = ORDER_CREATE;
    if (!err && !order_command_key(&s->order, s->conn->restaurant, "submit_order", 0, said.key, said.order, NULL))
        err = HUB_UNAVAILABLE;
    return err;
}

static enum hub_err say_status(struct spoken *s, const cJSON *tree, struct fault *fault)
{
    static const struct json_field fields[] = {COMMON, {"order_id", JSON_INT, S(order_id), 1, ID_MAX, NULL, false},
        {"ticket_id", JSON_INT, S(ticket_id), 1, ID_MAX, NULL, false},
        {"item_id", JSON_INT, S(item_id), 1, ID_MAX, NULL, false},
        {"status", JSON_NAME_OF, S(status), 0, 0, status_names + 1, true},
        {"expected_version", JSON_INT, S(expected_version), 1, ID_MAX, NULL, false},
        {"notify", JSON_BOOL, S(notify), 0, 0, NULL, false},
        {"idempotency_key", JSON_TEXT, S(key), 1, 64, NULL, false}};
    static const char *const envelope[] = {
        "type", "request_id", "idempotency_key", "order_id", "ticket_id", "item_id", NULL};
    static const char *const operations[] = {
        [SCOPE_ORDER] = "order_status", [SCOPE_TICKET] = "ticket_status", [SCOPE_ITEM] = "item_status"};
    struct said said = {.notify = true};
    enum hub_err err = decode(s, tree, fields, 9, &said, fault);
    if (!err) err = need(s, ROLES_STAFF, fault);
    if (err) return err;
    if (!!said.order_id + !!said.ticket_id + !!said.item_id != 1)
        return fault_set(fault, HUB_VALIDATION_ERROR, "order_id", "Name one of order_id, ticket_id and item_id.");
    s->order.verb = ORDER_STATUS;
    s->order.scope = said.order_id    ? (struct scope){SCOPE_ORDER, said.order_id}
                     : said.ticket_id ? (struct scope){SCOPE_TICKET, said.ticket_id}
                                      : (struct scope){SCOPE_ITEM, said.item_id};
    s->order.target = (enum status)(said.status + 1);
    s->order.expected_version = said.expected_version;
    s->order.notify = said.notify;
    bool kept = order_command_key(
        &s->order, s->conn->restaurant, operations[s->order.scope.kind], s->order.scope.id, said.key, tree, envelope);
    return kept ? HUB_OK : HUB_UNAVAILABLE;
}

static enum hub_err say_tickets(struct spoken *s, const cJSON *tree, bool touched, struct fault *fault)
{
    static const struct json_field fields[] = {COMMON, {"ticket_ids", JSON_IDS, S(ticket_ids), 0, 500, NULL, true}};
    struct said said = {0};
    enum hub_err err = decode(s, tree, fields, 3, &said, fault);
    if (touched) s->touched = said.ticket_ids;
    s->order.base.run = touch;
    return err;
}

static enum hub_err one_action(
    struct spoken *s, const cJSON *tree, bool alone, struct table_action *out, struct fault *fault)
{
    static const struct {
        const char *name;
        enum table_verb verb;
        role_set roles;
    } verbs[] = {{"close_table", TABLE_CLOSE, ROLES_WAITER}, {"disable_table", TABLE_DISABLE, ROLES_MANAGER},
        {"enable_table", TABLE_ENABLE, ROLES_MANAGER}, {"restore_table", TABLE_RESTORE, ROLES_WAITER},
        {"move_table", TABLE_MOVE, ROLES_WAITER}};
    static const struct json_field fields[] = {{"action", JSON_TEXT, S(type), 1, 40, NULL, true},
        {"table_id", JSON_INT, S(order_id), 1, ID_MAX, NULL, false},
        {"from_table_id", JSON_INT, S(ticket_id), 1, ID_MAX, NULL, false},
        {"to_table_id", JSON_INT, S(item_id), 1, ID_MAX, NULL, false},
        {"force", JSON_BOOL, S(notify), 0, 0, NULL, false},
        {"request_id", JSON_TEXT, S(request_id), 1, 64, NULL, false}};
    struct said said = {0};
    enum hub_err err = decode(s, tree, fields, alone ? 6 : 5, &said, fault);
    if (err) return err;
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++) {
        if (strcmp(verbs[i].name, said.type) != 0) continue;
        bool move = verbs[i].verb == TABLE_MOVE;
        *out = (struct table_action){.verb = verbs[i].verb,
            .table_id = move ? said.ticket_id : said.order_id,
            .other_id = said.item_id,
            .force = said.notify};
        if (!out->table_id || (move && !out->other_id))
            return fault_set(fault, HUB_VALIDATION_ERROR, move ? "from_table_id" : "table_id", "The table is missing.");
        return need(s, verbs[i].roles, fault);
    }
    return fault_set(fault, HUB_VALIDATION_ERROR, "action", "There is no action \"%.40s\".", said.type);
}

static enum hub_err say_actions(struct spoken *s, const cJSON *tree, struct fault *fault)
{
    static const struct json_field fields[] = {{"actions", JSON_ARRAY, S(actions), 1, ACTIONS_MAX, NULL, false},
        {"request_id", JSON_TEXT, S(request_id), 1, 64, NULL, false}};
    const cJSON *list = cJSON_GetObjectItemCaseSensitive(tree, "actions");
    struct said said = {0};
    s->order.verb = TABLES_ACT;
    s->order.actions = arena_array(&s->order.arena, ACTIONS_MAX, sizeof *s->order.actions);
    if (!s->order.actions) return HUB_UNAVAILABLE;
    if (!list) {
        s->order.action_count = 1;
        return one_action(s, tree, true, s->order.actions, fault);
    }
    enum hub_err err = decode(s, tree, fields, 2, &said, fault);
    s->order.listed = true;
    for (const cJSON *a = err ? NULL : list->child; a && !err; a = a->next) {
        err = one_action(s, a, false, &s->order.actions[s->order.action_count++], fault);
        if (err) order_command_blame(fault, s->order.action_count - 1);
    }
    return err;
}

static enum hub_err say_plain(struct spoken *s, const cJSON *tree, struct fault *fault)
{
    static const struct json_field fields[] = {COMMON};
    struct said said = {0};
    s->order.base.run = nothing;
    return decode(s, tree, fields, 2, &said, fault);
}

static void pong(struct spoken *s)
{
    struct json_writer w;
    json_writer_init(&w);
    json_begin_object(&w);
    json_put_string(&w, "type", "pong");
    json_put_string(&w, "request_id", s->request_id);
    json_key(&w, "server_time");
    json_time(&w, clock_wall_ms(s->conn->restaurant->hub->clock));
    json_end_object(&w);
    if (!w.failed) live_conn_send(s->conn, w.text, w.length);
    json_writer_finish(&w);
}

static enum hub_err dispatch(struct spoken *s, const cJSON *tree, bool *now, struct fault *fault)
{
    const cJSON *type = cJSON_GetObjectItemCaseSensitive(tree, "type");
    const char *name = cJSON_IsString(type) ? type->valuestring : "";
    if (!type &&
        (cJSON_GetObjectItemCaseSensitive(tree, "action") || cJSON_GetObjectItemCaseSensitive(tree, "actions")))
        return say_actions(s, tree, fault);
    if (strcmp(name, "submit_order") == 0) return say_submit(s, tree, fault);
    if (strcmp(name, "set_status") == 0) return say_status(s, tree, fault);
    if (strcmp(name, "painted") == 0 || strcmp(name, "touched") == 0)
        return say_tickets(s, tree, name[0] == 't', fault);
    if (strcmp(name, "sync") == 0) {
        s->order.base.done = sync_done;
        return say_plain(s, tree, fault);
    }
    if (strcmp(name, "ping") == 0) {
        *now = true;
        return say_plain(s, tree, fault);
    }
    return fault_set(fault, HUB_VALIDATION_ERROR, "type", "There is no message of type \"%.40s\".", name);
}

static const char *said_request_id(const cJSON *tree)
{
    const cJSON *id = cJSON_GetObjectItemCaseSensitive(tree, "request_id");
    return cJSON_IsString(id) ? id->valuestring : NULL;
}

void live_message(struct live_conn *conn, const char *text, size_t length)
{
    struct fault fault = {0};
    cJSON *tree = json_parse(text, length, &fault);
    struct spoken *s = tree ? calloc(1, sizeof *s) : NULL;
    if (tree && !s) fault_set(&fault, HUB_UNAVAILABLE, NULL, "Out of memory. Try again.");
    if (!s) {
        bad_frame(conn, NULL, &fault);
        cJSON_Delete(tree);
        return;
    }
    bool now = false;
    order_command_init(&s->order, ORDER_STATUS, &conn->actor);
    s->order.base.done = done;
    s->conn = conn;
    live_conn_ref(conn);
    enum hub_err err = cJSON_IsObject(tree)
                           ? dispatch(s, tree, &now, &fault)
                           : fault_set(&fault, HUB_VALIDATION_ERROR, NULL, "A message must be a JSON object.");
    if (err && !fault.code) fault_set(&fault, err, NULL, "Out of memory. Try again.");
    if (err)
        bad_frame(conn, said_request_id(tree), &fault);
    else if (now)
        pong(s);
    cJSON_Delete(tree);
    if (err || now)
        spoken_destroy(s);
    else
        writer_submit(conn->restaurant->writer, &s->order.base);
}
