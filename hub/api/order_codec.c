/* SPDX-License-Identifier: MIT */
#include "hub/api/order_codec.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "hub/port/text.h"

#define MONEY_MAX INT64_C(100000000)
#define ID_MAX    (INT64_C(1) << 53)

static enum hub_err decode_item(const cJSON *value, size_t index, struct item_request *out, struct arena *arena,
    struct text_port *text, struct fault *fault)
{
    static const struct json_field fields[] = {
        {"menu_item_id", JSON_INT, offsetof(struct item_request, menu_item_id), 1, ID_MAX, NULL, false},
        {"quantity", JSON_INT, offsetof(struct item_request, quantity), 1, 999, NULL, true},
        {"modifiers", JSON_IDS, offsetof(struct item_request, modifiers), 0, 50, NULL, false},
        {"note", JSON_TEXT, offsetof(struct item_request, note), 0, 280, NULL, false},
        {"seat", JSON_INT, offsetof(struct item_request, seat), 1, 999, NULL, false},
        {"course", JSON_INT, offsetof(struct item_request, course), 1, 20, NULL, false},
        {"open_name", JSON_TEXT, offsetof(struct item_request, open_name), 1, 80, NULL, false},
        {"open_price", JSON_INT, offsetof(struct item_request, open_price), 0, MONEY_MAX, NULL, false},
        {"station", JSON_TEXT, offsetof(struct item_request, station), 1, 80, NULL, false},
    };
    enum { OPEN_FIELDS = 7 << 6 };
    char path[32];
    uint64_t present;
    snprintf(path, sizeof path, "items[%zu]", index);
    *out = (struct item_request){.open_price = -1};
    enum hub_err err =
        json_decode(value, fields, sizeof fields / sizeof *fields, out, &present, arena, text, path, fault);
    if (err) return err;
    if ((present & 1) && (present & OPEN_FIELDS)) {
        snprintf(path, sizeof path, "items[%zu].%s", index,
            present & 64    ? "open_name"
            : present & 128 ? "open_price"
                            : "station");
        return fault_set(fault, HUB_VALIDATION_ERROR, path,
            "An item is from the menu or open, not both: its price and station are the menu's.");
    }
    if (!(present & 1) && (present & OPEN_FIELDS) != OPEN_FIELDS) {
        snprintf(path, sizeof path, "items[%zu].%s", index,
            !(present & OPEN_FIELDS) ? "menu_item_id"
            : !(present & 64)        ? "open_name"
            : !(present & 128)       ? "open_price"
                                     : "station");
        return fault_set(fault, HUB_VALIDATION_ERROR, path,
            "\"%s\" is missing. An item needs menu_item_id, or open_name, open_price and station.", path);
    }
    return HUB_OK;
}

static enum hub_err decode_items(
    const cJSON *items, struct order_request *out, struct arena *arena, struct text_port *text, struct fault *fault)
{
    size_t count = (size_t)cJSON_GetArraySize(items), i = 0;
    out->items = arena_array(arena, count, sizeof *out->items);
    if (!out->items) return fault_set(fault, HUB_UNAVAILABLE, NULL, "Out of memory. Try again.");
    for (const cJSON *item = items->child; item; item = item->next, i++) {
        enum hub_err err = decode_item(item, i, &out->items[i], arena, text, fault);
        if (err) return err;
    }
    out->item_count = count;
    return HUB_OK;
}

/* RFC 3339 with Z or offset to ms; -1 when it is not. */
static int64_t parse_time(const char *text)
{
    int y, mo, d, h, mi, s, n = 0;
    if (sscanf(text, "%4d-%2d-%2dT%2d:%2d:%2d%n", &y, &mo, &d, &h, &mi, &s, &n) != 6 || n != 19) return -1;
    if (y < 1970 || mo < 1 || mo > 12 || d < 1 || d > 31 || h > 23 || mi > 59 || s > 60) return -1;
    int64_t ms = 0, unit = 100;
    const char *at = text + n;
    if (*at == '.')
        for (at++; *at >= '0' && *at <= '9'; at++, unit /= 10)
            ms += (*at - '0') * unit;
    int oh = 0, om = 0;
    char sign = *at;
    if (sign == '+' || sign == '-') {
        if (sscanf(at + 1, "%2d:%2d%n", &oh, &om, &n) != 2 || at[1 + n]) return -1;
    } else if ((sign != 'Z' && sign != 'z') || at[1]) {
        return -1;
    }
    struct tm tm = {.tm_year = y - 1900, .tm_mon = mo - 1, .tm_mday = d, .tm_hour = h, .tm_min = mi, .tm_sec = s};
    int64_t offset = (oh * 60 + om) * 60 * (sign == '-' ? -1 : 1);
    return ((int64_t)timegm(&tm) - offset) * 1000 + ms;
}

enum hub_err order_request_decode(
    const cJSON *body, struct order_request *out, struct arena *arena, struct text_port *text, struct fault *fault)
{
    struct flat {
        struct order_request r;
        const cJSON *items;
        const char *client_created_at;
    } flat = {.r = {.payment_method = -1, .notify = true, .print = true}};
#define R(member) offsetof(struct flat, r.member)
    const struct json_field fields[] = {
        {"order_type", JSON_NAME_OF, R(order_type), 0, 0, order_type_names, true},
        {"items", JSON_ARRAY, offsetof(struct flat, items), 1, 200, NULL, true},
        {"table_id", JSON_INT, R(table_id), 1, ID_MAX, NULL, false},
        {"guests", JSON_INT, R(guests), 1, 999, NULL, false},
        {"customer_name", JSON_TEXT, R(customer_name), 0, 80, NULL, false},
        {"customer_phone", JSON_TEXT, R(customer_phone), 0, 80, NULL, false},
        {"payment_method", JSON_NAME_OF, R(payment_method), 0, 0, payment_method_names, false},
        {"priority", JSON_NAME_OF, R(priority), 0, 0, priority_names, false},
        {"note", JSON_TEXT, R(note), 0, 280, NULL, false},
        {"estimated_time", JSON_INT, R(estimated_time), 1, 1440, NULL, false},
        {"client_created_at", JSON_TEXT, offsetof(struct flat, client_created_at), 1, 40, NULL, false},
        {"notify", JSON_BOOL, R(notify), 0, 0, NULL, false},
        {"print", JSON_BOOL, R(print), 0, 0, NULL, false},
    };
#undef R
    enum hub_err err = json_decode(body, fields, sizeof fields / sizeof *fields, &flat, NULL, arena, text, "", fault);
    if (err) return err;
    if (flat.client_created_at) {
        flat.r.client_created_at = parse_time(flat.client_created_at);
        if (flat.r.client_created_at <= 0)
            return fault_set(fault, HUB_VALIDATION_ERROR, "client_created_at",
                "\"client_created_at\" must be a time like 2026-11-20T10:30:45.123Z.");
    }
    *out = flat.r;
    return decode_items(flat.items, out, arena, text, fault);
}

enum hub_err items_request_decode(
    const cJSON *body, struct order_request *out, struct arena *arena, struct text_port *text, struct fault *fault)
{
    struct flat {
        const cJSON *items;
        bool notify, print;
    } flat = {.notify = true, .print = true};
    static const struct json_field fields[] = {
        {"items", JSON_ARRAY, offsetof(struct flat, items), 1, 200, NULL, true},
        {"notify", JSON_BOOL, offsetof(struct flat, notify), 0, 0, NULL, false},
        {"print", JSON_BOOL, offsetof(struct flat, print), 0, 0, NULL, false},
    };
    enum hub_err err = json_decode(body, fields, sizeof fields / sizeof *fields, &flat, NULL, arena, text, "", fault);
    if (err) return err;
    *out = (struct order_request){.payment_method = -1, .notify = flat.notify, .print = flat.print};
    return decode_items(flat.items, out, arena, text, fault);
}

enum hub_err void_request_decode(
    const cJSON *body, struct void_request *out, struct arena *arena, struct text_port *text, struct fault *fault)
{
    struct flat {
        const cJSON *items;
        const char *reason;
    } flat = {0};
    static const struct json_field fields[] = {
        {"items", JSON_ARRAY, offsetof(struct flat, items), 1, 200, NULL, true},
        {"reason", JSON_TEXT, offsetof(struct flat, reason), 1, 120, NULL, true},
    };
    static const struct json_field line[] = {
        {"item_id", JSON_INT, 0, 1, ID_MAX, NULL, true},
        {"quantity", JSON_INT, sizeof(int64_t), 1, 999, NULL, false},
    };
    enum hub_err err = json_decode(body, fields, 2, &flat, NULL, arena, text, "", fault);
    if (err) return err;
    out->reason = flat.reason;
    out->count = 0;
    out->items = arena_array(arena, (size_t)cJSON_GetArraySize(flat.items), sizeof *out->items);
    if (!out->items) return HUB_UNAVAILABLE;
    for (const cJSON *item = flat.items->child; item && !err; item = item->next) {
        char path[32];
        snprintf(path, sizeof path, "items[%zu]", out->count);
        err = json_decode(item, line, 2, &out->items[out->count++], NULL, arena, text, path, fault);
    }
    return err;
}

enum hub_err patch_decode(const cJSON *body, struct order_patch *out, int64_t *expected_version, struct arena *arena,
    struct text_port *text, struct fault *fault)
{
    struct flat {
        struct order_patch p;
        int64_t version;
    } flat = {0};
#define P(member) offsetof(struct flat, p.member)
    static const struct json_field fields[] = {
        {"note", JSON_TEXT, P(note), 0, 280, NULL, false},
        {"priority", JSON_NAME_OF, P(priority), 0, 0, priority_names, false},
        {"customer_name", JSON_TEXT, P(customer_name), 0, 80, NULL, false},
        {"customer_phone", JSON_TEXT, P(customer_phone), 0, 80, NULL, false},
        {"guests", JSON_INT, P(guests), 1, 999, NULL, false},
        {"estimated_time", JSON_INT, P(estimated_time), 1, 1440, NULL, false},
        {"expected_version", JSON_INT, offsetof(struct flat, version), 1, ID_MAX, NULL, false},
    };
#undef P
    uint64_t present = 0;
    enum hub_err err = json_decode(body, fields, 7, &flat, &present, arena, text, "", fault);
    *out = flat.p;
    out->present = (unsigned)(present & 63); /* bits in the order of PATCH_* */
    if (flat.version) *expected_version = flat.version;
    return err;
}
