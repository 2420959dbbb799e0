/* SPDX-License-Identifier: MIT */
#include "hub/ticket_doc.h"

#include <string.h>
#include <time.h>

#include "hub/json.h"

enum { BLOCKS_MAX = 3000, LATE_MS = 10 * 60 * 1000 /* PROTOCOL section 3: from then on it is printed */ };

struct builder {
    struct arena *arena;
    struct ticket_doc *doc;
    const struct ticket_facts *facts;
    const struct ticket_words *words;
    enum hub_err err;
};

struct ticket_block *ticket_doc_add(
    struct arena *arena, struct ticket_doc *doc, enum ticket_block_kind kind, const char *left, const char *right)
{
    if (doc->count == doc->room) {
        size_t room = doc->room ? doc->room * 2 : 64;
        struct ticket_block *grown = room <= BLOCKS_MAX * 2 ? arena_array(arena, room, sizeof *grown) : NULL;
        if (!grown) {
            arena->failed = true;
            return NULL;
        }
        if (doc->count) memcpy(grown, doc->blocks, doc->count * sizeof *grown);
        doc->blocks = grown;
        doc->room = room;
    }
    struct ticket_block *block = &doc->blocks[doc->count++];
    *block = (struct ticket_block){.kind = kind, .left = left, .right = right};
    return block;
}

static struct ticket_block *add(struct builder *b, enum ticket_block_kind kind, const char *left, const char *right)
{
    return ticket_doc_add(b->arena, b->doc, kind, left, right);
}

const char *doc_clock(struct arena *arena, const struct doc_setting *setting, int64_t wall_ms)
{
    time_t seconds = (time_t)(wall_ms / 1000 + (int64_t)setting->utc_offset_min(setting->context, wall_ms) * 60);
    struct tm tm;
    gmtime_r(&seconds, &tm);
    return arena_printf(arena, "%02d:%02d", tm.tm_hour, tm.tm_min);
}

static const char *clock_text(struct builder *b, int64_t wall_ms)
{
    return doc_clock(b->arena, &b->facts->setting, wall_ms);
}

/* ---- the head ---------------------------------------------------------------------------------------------------- */

static void marks(struct builder *b)
{
    const struct ticket_marks *m = &b->facts->marks;
    if (m->backup_from)
        add(b, BLOCK_BANNER, NULL, arena_printf(b->arena, "%s %s", b->words->backup_from, m->backup_from));
    if (m->copy)
        add(b, BLOCK_BANNER, NULL,
            arena_printf(
                b->arena, "%s  %s %s", b->words->copy, m->copy_by ? m->copy_by : "", clock_text(b, m->copy_at)));
    if (m->doubtful)
        add(b, BLOCK_BANNER, NULL,
            arena_printf(b->arena, "%s %lld", b->words->duplicate, (long long)b->facts->ticket->kot_number));
}

static void kind(struct builder *b)
{
    const char *word = b->words->kinds[b->facts->ticket->kind];
    if (*word) add(b, BLOCK_BANNER, NULL, word);
}

static void rush(struct builder *b)
{
    if (b->facts->order->priority == PRIORITY_RUSH) add(b, BLOCK_BANNER, NULL, b->words->rush);
}

static void station(struct builder *b)
{
    const struct ticket *t = b->facts->ticket;
    add(b, BLOCK_TITLE, t->station, arena_printf(b->arena, "%s %lld", b->words->kot, (long long)t->kot_number));
    if (t->kot_number > 1 && b->facts->previous_at)
        add(b, BLOCK_PAIR, NULL,
            arena_printf(b->arena, "#%lld %s #%lld %s", (long long)t->kot_number, b->words->after,
                (long long)t->kot_number - 1, clock_text(b, b->facts->previous_at)));
}

static void place(struct builder *b)
{
    const struct order *o = b->facts->order;
    if (o->type == ORDER_DINE_IN)
        add(b, BLOCK_HUGE, NULL, arena_printf(b->arena, "%s %s", b->words->table, o->table_name ? o->table_name : "?"));
    else
        add(b, BLOCK_HUGE, NULL, o->type == ORDER_TAKEOUT ? b->words->takeout : b->words->delivery);
    if (o->customer_name && *o->customer_name) add(b, BLOCK_TITLE, o->customer_name, NULL);
}

static void moved_from(struct builder *b)
{
    const char *from = b->facts->ticket->moved_from;
    if (from) add(b, BLOCK_TITLE, arena_printf(b->arena, "%s %s", b->words->moved_from, from), NULL);
}

static size_t count_lines(struct builder *b)
{
    struct fault fault = {0};
    cJSON *lines = json_parse(b->facts->ticket->lines, strlen(b->facts->ticket->lines), &fault);
    size_t count = lines ? (size_t)cJSON_GetArraySize(lines) : 0;
    fault_finish(&fault);
    cJSON_Delete(lines);
    return count;
}

static void who(struct builder *b)
{
    const struct order *o = b->facts->order;
    const char *name = o->created_by.name, *slip = NULL;
    const char *guests = o->guests ? arena_printf(b->arena, "%lld %s", (long long)o->guests, b->words->guests) : "";
    add(b, BLOCK_PAIR, arena_printf(b->arena, "%s%s%s", name, *name && guests && *guests ? ", " : "", guests),
        clock_text(b, b->facts->ticket->created_at));
    if (b->facts->one_line)
        slip = arena_printf(b->arena, "%s %lld/%zu", b->words->part, (long long)b->facts->line + 1, count_lines(b));
    add(b, BLOCK_PAIR, arena_printf(b->arena, "ORD-%lld-%03lld", (long long)o->day, (long long)o->number), slip);
}

static void late(struct builder *b)
{
    const struct order *o = b->facts->order;
    if (o->client_created_at && o->created_at - o->client_created_at > LATE_MS)
        add(b, BLOCK_BOX, NULL,
            arena_printf(b->arena, "%s %s, %s %s", b->words->taken, clock_text(b, o->client_created_at), b->words->sent,
                clock_text(b, o->created_at)));
}

/* ---- items ------------------------------------------------------------------------------------------------------- */

/* A note in a box; one that speaks of an allergy as nothing else looks. */
static void note(struct builder *b, const char *text, bool indent)
{
    if (!text || !*text) return;
    bool alarm = ticket_words_allergy(text);
    struct ticket_block *block = add(b, alarm ? BLOCK_ALARM : BLOCK_BOX, NULL,
        alarm ? arena_printf(b->arena, "%s: %s", b->words->allergy, text) : text);
    if (block) block->indent = indent;
}

static void modifiers(struct builder *b, const struct item *item)
{
    struct fault fault = {0};
    cJSON *list = json_parse(item->modifiers, strlen(item->modifiers), &fault);
    const cJSON *one;
    fault_finish(&fault);
    cJSON_ArrayForEach(one, list)
    {
        const cJSON *name = cJSON_GetObjectItemCaseSensitive(one, "name");
        if (!cJSON_IsString(name)) continue;
        if (ticket_words_allergy(name->valuestring))
            note(b, arena_strdup(b->arena, name->valuestring), true);
        else
            add(b, BLOCK_DETAIL, NULL, arena_printf(b->arena, "+ %s", name->valuestring));
    }
    cJSON_Delete(list);
}

static void item_block(struct builder *b, const struct item *item, int64_t quantity, bool removed)
{
    const char *kitchen = item->kitchen_name && *item->kitchen_name ? item->kitchen_name : NULL;
    const char *count = arena_printf(b->arena, removed ? "-%lld" : "%lld", (long long)quantity);
    add(b, removed ? BLOCK_STRUCK : BLOCK_ITEM, count, kitchen ? kitchen : item->name);
    if (kitchen && strcmp(kitchen, item->name) != 0) add(b, BLOCK_SMALL, NULL, item->name);
    if (item->open_item) add(b, BLOCK_SMALL, NULL, b->words->open_item);
    modifiers(b, item);
    if (item->seat)
        add(b, BLOCK_DETAIL, NULL, arena_printf(b->arena, "%s %lld", b->words->seat, (long long)item->seat));
    note(b, item->note, true);
    struct ticket_block *box = NULL;
    if (removed && item->reason)
        box = add(b, BLOCK_BOX, NULL, arena_printf(b->arena, "%s %s", b->words->do_not_make, item->reason));
    if (box) box->indent = true;
}

static const struct item *item_of(const struct order *order, int64_t id)
{
    for (size_t i = 0; i < order->item_count; i++)
        if (order->items[i].id == id) return &order->items[i];
    return NULL;
}

static void one_item(struct builder *b, const cJSON *line, int64_t *course)
{
    int64_t id = 0, quantity = 0;
    const cJSON *change = cJSON_GetObjectItemCaseSensitive(line, "change");
    json_integer(cJSON_GetObjectItemCaseSensitive(line, "item_id"), &id);
    json_integer(cJSON_GetObjectItemCaseSensitive(line, "quantity"), &quantity);
    const struct item *item = item_of(b->facts->order, id);
    if (!item) return;
    if (item->course != *course)
        add(b, BLOCK_PAIR, arena_printf(b->arena, "%s %lld", b->words->course, (long long)item->course), NULL);
    *course = item->course;
    item_block(b, item, quantity, cJSON_IsString(change) && strcmp(change->valuestring, "remove") == 0);
}

static void items(struct builder *b)
{
    struct fault fault = {0};
    const char *text = b->facts->ticket->lines;
    cJSON *lines = json_parse(text, strlen(text), &fault);
    fault_finish(&fault);
    if (!lines) b->err = HUB_UNAVAILABLE;
    const cJSON *line;
    int64_t course = 1, at = 0;
    add(b, BLOCK_RULE, NULL, NULL);
    cJSON_ArrayForEach(line, lines) if (at++ == b->facts->line || !b->facts->one_line) one_item(b, line, &course);
    cJSON_Delete(lines);
}

/* ---- the foot ---------------------------------------------------------------------------------------------------- */

static void order_note(struct builder *b)
{
    const char *text = b->facts->order->note;
    if (!text || !*text) return;
    add(b, BLOCK_RULE, NULL, NULL);
    note(b, text, false);
}

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
    add(b, BLOCK_PAIR, arena_printf(b->arena, "%s %s", b->words->also_at, list), NULL);
}

/* ---- templates --------------------------------------------------------------------------------------------------- */

typedef void part(struct builder *b);

enum { PARTS_MAX = 12 };

/* Top to bottom, by enum ticket_kind. A void or recall says no "also at": what it says is for this station alone. */
static part *const templates[][PARTS_MAX] = {
    [TICKET_NEW] = {marks, rush, station, place, who, late, items, order_note, also_at},
    [TICKET_ADD_ON] = {marks, kind, rush, station, place, who, items, order_note, also_at},
    [TICKET_VOID] = {marks, kind, station, place, who, items},
    [TICKET_MOVE] = {marks, kind, station, place, moved_from, who, items, also_at},
    [TICKET_RECALL] = {marks, kind, rush, station, place, who, items, order_note},
};

enum hub_err ticket_doc_build(struct arena *arena, const struct ticket_facts *facts, struct ticket_doc *doc)
{
    struct builder b = {.arena = arena, .doc = doc, .facts = facts, .words = facts->setting.words};
    *doc = (struct ticket_doc){.large = doc->large};
    for (part *const *at = templates[facts->ticket->kind]; *at; at++)
        (*at)(&b);
    return b.err ? b.err : arena->failed ? HUB_UNAVAILABLE : HUB_OK;
}
