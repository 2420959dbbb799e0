/* SPDX-License-Identifier: MIT */
#include "hub/ticket_doc.h"

#include <string.h>
#include <time.h>

#include "hub/json.h"

enum { BLOCKS_MAX = 3000, LATE_MS = 10 * 60 * 1000 /* PROTOCOL section 3: from then on it is printed */ };

/* Every word that the box itself puts on a ticket. */
#define WORDS_TABLE     "TABLE %s"
#define WORDS_TAKEOUT   "TAKEOUT"
#define WORDS_DELIVERY  "DELIVERY"
#define WORDS_GUESTS    "%lld guests"
#define WORDS_KOT       "KOT %lld"
#define WORDS_AFTER     "after %lld %s"
#define WORDS_RUSH      "RUSH"
#define WORDS_COPY      "COPY  %s %s"
#define WORDS_DUPLICATE "POSSIBLE DUPLICATE OF KOT %lld"
#define WORDS_ALSO_AT   "ALSO AT: %s"
#define WORDS_SEAT      "seat %lld"
#define WORDS_COURSE    "COURSE %lld"
#define WORDS_SENT_LATE "taken %s, sent %s"
#define WORDS_VOIDED    "DO NOT MAKE: %s"
#define WORDS_OPEN_ITEM "not on the menu"
static const char *const kind_words[] = {NULL, "ADD-ON", "VOID", "MOVED", "RECALL"}; /* by enum ticket_kind */

struct builder {
    struct arena *arena;
    struct ticket_doc *doc;
    const struct ticket_facts *facts;
};

static struct ticket_block *add(struct builder *b, enum ticket_block_kind kind, const char *left, const char *right)
{
    if (b->doc->count == b->doc->room) {
        size_t room = b->doc->room ? b->doc->room * 2 : 64;
        struct ticket_block *grown = room <= BLOCKS_MAX * 2 ? arena_array(b->arena, room, sizeof *grown) : NULL;
        if (!grown) {
            b->arena->failed = true;
            return NULL;
        }
        if (b->doc->count) memcpy(grown, b->doc->blocks, b->doc->count * sizeof *grown);
        b->doc->blocks = grown;
        b->doc->room = room;
    }
    struct ticket_block *block = &b->doc->blocks[b->doc->count++];
    *block = (struct ticket_block){.kind = kind, .left = left, .right = right};
    return block;
}

/* "19:42", local. */
static const char *clock_text(struct builder *b, int64_t wall_ms)
{
    time_t seconds = (time_t)(wall_ms / 1000 + (int64_t)b->facts->utc_offset_min(b->facts->context, wall_ms) * 60);
    struct tm tm;
    gmtime_r(&seconds, &tm);
    return arena_printf(b->arena, "%02d:%02d", tm.tm_hour, tm.tm_min);
}

/* ---- the head ---------------------------------------------------------------------------------------------------- */

static void banners(struct builder *b)
{
    const struct ticket_facts *f = b->facts;
    const char *kind = kind_words[f->ticket->kind];
    if (f->marks.copy)
        add(b, BLOCK_BANNER, NULL,
            arena_printf(
                b->arena, WORDS_COPY, f->marks.copy_by ? f->marks.copy_by : "", clock_text(b, f->marks.copy_at)));
    if (f->marks.doubtful)
        add(b, BLOCK_BANNER, NULL, arena_printf(b->arena, WORDS_DUPLICATE, (long long)f->ticket->kot_number));
    if (kind) add(b, BLOCK_BANNER, NULL, kind);
    if (f->order->priority == PRIORITY_RUSH) add(b, BLOCK_BANNER, NULL, WORDS_RUSH);
}

static void place(struct builder *b)
{
    const struct order *o = b->facts->order;
    const char *name = o->customer_name ? o->customer_name : "";
    if (o->type == ORDER_DINE_IN)
        add(b, BLOCK_HUGE, NULL, arena_printf(b->arena, WORDS_TABLE, o->table_name ? o->table_name : "?"));
    else
        add(b, BLOCK_HUGE, NULL, o->type == ORDER_TAKEOUT ? WORDS_TAKEOUT : WORDS_DELIVERY);
    if (*name) add(b, BLOCK_TITLE, name, NULL);
}

static void head(struct builder *b)
{
    const struct ticket_facts *f = b->facts;
    const struct order *o = f->order;
    const struct ticket *t = f->ticket;
    add(b, BLOCK_TITLE, t->station, arena_printf(b->arena, WORDS_KOT, (long long)t->kot_number));
    if (t->kot_number > 1 && f->previous_at)
        add(b, BLOCK_PAIR, NULL,
            arena_printf(b->arena, WORDS_AFTER, (long long)t->kot_number - 1, clock_text(b, f->previous_at)));
    place(b);
    const char *guests = o->guests ? arena_printf(b->arena, WORDS_GUESTS, (long long)o->guests) : "";
    const char *who = o->created_by.name;
    add(b, BLOCK_PAIR, arena_printf(b->arena, "%s%s%s", who, *who && *guests ? ", " : "", guests),
        clock_text(b, t->created_at));
    add(b, BLOCK_PAIR, arena_printf(b->arena, "ORD-%lld-%03lld", (long long)o->day, (long long)o->number), NULL);
    if (o->client_created_at && o->created_at - o->client_created_at > LATE_MS)
        add(b, BLOCK_BOX, NULL,
            arena_printf(b->arena, WORDS_SENT_LATE, clock_text(b, o->client_created_at), clock_text(b, o->created_at)));
    add(b, BLOCK_RULE, NULL, NULL);
}

/* ---- items ------------------------------------------------------------------------------------------------------- */

static void modifiers(struct builder *b, const struct item *item)
{
    struct fault fault = {0};
    cJSON *list = json_parse(item->modifiers, strlen(item->modifiers), &fault);
    const cJSON *one;
    fault_finish(&fault);
    cJSON_ArrayForEach(one, list)
    {
        const cJSON *name = cJSON_GetObjectItemCaseSensitive(one, "name");
        if (cJSON_IsString(name)) add(b, BLOCK_DETAIL, NULL, arena_printf(b->arena, "+ %s", name->valuestring));
    }
    cJSON_Delete(list);
}

static void item_block(struct builder *b, const struct item *item, int64_t quantity, bool removed)
{
    const char *kitchen = item->kitchen_name && *item->kitchen_name ? item->kitchen_name : NULL;
    const char *count = arena_printf(b->arena, removed ? "-%lld" : "%lld", (long long)quantity);
    add(b, removed ? BLOCK_STRUCK : BLOCK_ITEM, count, kitchen ? kitchen : item->name);
    if (kitchen && strcmp(kitchen, item->name) != 0) add(b, BLOCK_SMALL, NULL, item->name);
    if (item->open_item) add(b, BLOCK_SMALL, NULL, WORDS_OPEN_ITEM);
    modifiers(b, item);
    if (item->seat) add(b, BLOCK_DETAIL, NULL, arena_printf(b->arena, WORDS_SEAT, (long long)item->seat));
    struct ticket_block *box = NULL;
    if (item->note && *item->note) box = add(b, BLOCK_BOX, NULL, item->note);
    if (box) box->indent = true;
    if (removed && item->reason) box = add(b, BLOCK_BOX, NULL, arena_printf(b->arena, WORDS_VOIDED, item->reason));
    if (box) box->indent = true;
}

static const struct item *item_of(const struct order *order, int64_t id)
{
    for (size_t i = 0; i < order->item_count; i++)
        if (order->items[i].id == id) return &order->items[i];
    return NULL;
}

static enum hub_err items(struct builder *b)
{
    struct fault fault = {0};
    const char *text = b->facts->ticket->lines;
    cJSON *lines = json_parse(text, strlen(text), &fault);
    fault_finish(&fault);
    if (!lines) return HUB_UNAVAILABLE;
    const cJSON *line;
    int64_t course = 1;
    cJSON_ArrayForEach(line, lines)
    {
        int64_t id = 0, quantity = 0;
        const cJSON *change = cJSON_GetObjectItemCaseSensitive(line, "change");
        json_integer(cJSON_GetObjectItemCaseSensitive(line, "item_id"), &id);
        json_integer(cJSON_GetObjectItemCaseSensitive(line, "quantity"), &quantity);
        const struct item *item = item_of(b->facts->order, id);
        if (!item) continue;
        if (item->course != course)
            add(b, BLOCK_PAIR, arena_printf(b->arena, WORDS_COURSE, (long long)item->course), NULL);
        course = item->course;
        item_block(b, item, quantity, cJSON_IsString(change) && strcmp(change->valuestring, "remove") == 0);
    }
    cJSON_Delete(lines);
    return HUB_OK;
}

/* ---- the foot ---------------------------------------------------------------------------------------------------- */

/* Other stations that got a ticket by the same send. */
static void also_at(struct builder *b)
{
    const struct order *o = b->facts->order;
    const struct ticket *own = b->facts->ticket;
    const char *list = NULL;
    for (size_t i = 0; i < o->ticket_count; i++) {
        const struct ticket *t = &o->tickets[i];
        if (t->id == own->id || t->created_at != own->created_at || t->kind != own->kind) continue;
        list = list ? arena_printf(b->arena, "%s, %s", list, t->station) : t->station;
    }
    if (!list) return;
    add(b, BLOCK_RULE, NULL, NULL);
    add(b, BLOCK_PAIR, arena_printf(b->arena, WORDS_ALSO_AT, list), NULL);
}

enum hub_err ticket_doc_build(struct arena *arena, const struct ticket_facts *facts, struct ticket_doc *doc)
{
    struct builder b = {arena, doc, facts};
    memset(doc, 0, sizeof *doc);
    banners(&b);
    head(&b);
    enum hub_err err = items(&b);
    if (!err && facts->order->note && *facts->order->note) {
        add(&b, BLOCK_RULE, NULL, NULL);
        add(&b, BLOCK_BOX, NULL, facts->order->note);
    }
    also_at(&b);
    return err ? err : arena->failed ? HUB_UNAVAILABLE : HUB_OK;
}
