/* SPDX-License-Identifier: MIT */
#include "hub/slip_doc.h"

#include "hub/json.h"
#include "hub/money.h"

static enum hub_err done(const struct arena *arena)
{
    return arena->failed ? HUB_UNAVAILABLE : HUB_OK;
}

const char *doc_place(struct arena *arena, const struct ticket_words *words, const struct order *o)
{
    if (o->type == ORDER_DINE_IN)
        return arena_printf(arena, "%s %s", words->table, o->table_name ? o->table_name : "?");
    const char *word = o->type == ORDER_TAKEOUT ? words->takeout : words->delivery;
    return o->customer_name && *o->customer_name ? arena_printf(arena, "%s %s", word, o->customer_name) : word;
}

enum hub_err slip_doc_test(struct arena *arena, const struct test_slip *s, struct ticket_doc *doc)
{
    static const char *const scripts[] = {"Crème brûlée, Łódź, 12,50 €", "Борщ 2, Χωριάτικη 3",
        "पनीर टिक्का, ডাল মাখানি", "மசாலா தோசை, ผัดไทย", "شاورما دجاج 2, שקשוקה 3", "宫保鸡丁 親子丼 비빔밥",
        "🌶 🥜 🐟 🥛"};
    const struct ticket_words *w = s->setting.words;
    *doc = (struct ticket_doc){.large = doc->large};
    ticket_doc_add(arena, doc, BLOCK_BANNER, NULL, w->test_title);
    ticket_doc_add(arena, doc, BLOCK_TITLE, s->printer, doc_clock(arena, &s->setting, s->at));
    if (s->by) ticket_doc_add(arena, doc, BLOCK_PAIR, s->by, NULL);
    ticket_doc_add(arena, doc, BLOCK_TEXT, NULL, w->test_works);
    ticket_doc_add(arena, doc, BLOCK_RULE, NULL, NULL);
    ticket_doc_add(arena, doc, BLOCK_TEXT, NULL, w->test_scripts);
    for (size_t i = 0; i < sizeof scripts / sizeof *scripts; i++)
        ticket_doc_add(arena, doc, BLOCK_TEXT, NULL, scripts[i]);
    if (s->used_mm)
        ticket_doc_add(arena, doc, BLOCK_PAIR, w->paper_used,
            arena_printf(arena, "%lld.%lld m", (long long)(s->used_mm / 1000), (long long)(s->used_mm % 1000 / 100)));
    return done(arena);
}

enum hub_err slip_doc_summary(struct arena *arena, const struct summary_slip *s, struct ticket_doc *doc)
{
    const struct ticket_words *w = s->setting.words;
    *doc = (struct ticket_doc){.large = doc->large};
    ticket_doc_add(arena, doc, BLOCK_BANNER, NULL, w->held_title);
    ticket_doc_add(arena, doc, BLOCK_TITLE, s->printer, doc_clock(arena, &s->setting, s->at));
    ticket_doc_add(arena, doc, BLOCK_TEXT, NULL, w->held_why);
    ticket_doc_add(arena, doc, BLOCK_RULE, NULL, NULL);
    for (size_t i = 0; i < s->count; i++) {
        const struct held_ticket *t = &s->tickets[i];
        ticket_doc_add(arena, doc, BLOCK_AMOUNT,
            arena_printf(arena, "%s %lld  %s", w->kot, (long long)t->kot_number, t->place),
            doc_clock(arena, &s->setting, t->issued_at));
        ticket_doc_add(arena, doc, BLOCK_SMALL, NULL, t->station);
    }
    ticket_doc_add(arena, doc, BLOCK_RULE, NULL, NULL);
    ticket_doc_add(arena, doc, BLOCK_BOX, NULL, w->held_ask);
    return done(arena);
}

enum hub_err slip_doc_claim(struct arena *arena, const struct claim_slip *s, struct ticket_doc *doc)
{
    *doc = (struct ticket_doc){.large = doc->large};
    ticket_doc_add(arena, doc, BLOCK_BANNER, NULL, s->setting.words->claim_title);
    ticket_doc_add(arena, doc, BLOCK_TEXT, NULL, s->setting.words->claim_how);
    ticket_doc_add(arena, doc, BLOCK_CENTER, NULL, s->address);
    ticket_doc_add(arena, doc, BLOCK_QR, NULL, s->address);
    ticket_doc_add(arena, doc, BLOCK_HUGE, NULL, s->code);
    return done(arena);
}

/* ---- bills ------------------------------------------------------------------------------------------------------- */

/* "12.75"; the currency stands at the total. */
static const char *money(struct arena *arena, const struct order *order, int64_t minor)
{
    int decimals = money_decimals(order->currency);
    long long unit = 1, size = minor < 0 ? -minor : minor;
    for (int i = 0; i < decimals; i++)
        unit *= 10;
    const char *sign = minor < 0 ? "-" : "";
    if (decimals == 0) return arena_printf(arena, "%s%lld", sign, size);
    return arena_printf(arena, "%s%lld.%0*lld", sign, size / unit, decimals, size % unit);
}

static void amount(struct arena *arena, struct ticket_doc *doc, const struct order *o, const char *what, int64_t minor)
{
    ticket_doc_add(arena, doc, BLOCK_AMOUNT, what, money(arena, o, minor));
}

static void bill_items(struct arena *arena, struct ticket_doc *doc, const struct order *o)
{
    for (size_t i = 0; i < o->item_count; i++) {
        const struct item *item = &o->items[i];
        if (!item_live(item)) continue;
        amount(arena, doc, o, arena_printf(arena, "%lld × %s", (long long)item->quantity, item->name),
            item->quantity * (item->unit_price + item->modifiers_price));
    }
}

static void bill_totals(
    struct arena *arena, struct ticket_doc *doc, const struct order *o, const struct ticket_words *w)
{
    ticket_doc_add(arena, doc, BLOCK_RULE, NULL, NULL);
    if (o->subtotal != o->total_price) amount(arena, doc, o, w->subtotal, o->subtotal);
    if (o->discount) amount(arena, doc, o, w->discount, -o->discount);
    if (o->service_charge) amount(arena, doc, o, w->service_charge, o->service_charge);
    if (o->tax && !o->tax_inclusive) amount(arena, doc, o, w->tax, o->tax);
    ticket_doc_add(
        arena, doc, BLOCK_TOTAL, w->total, arena_printf(arena, "%s %s", money(arena, o, o->total_price), o->currency));
    if (o->tax && o->tax_inclusive) amount(arena, doc, o, w->tax_contained, o->tax);
}

enum hub_err slip_doc_bill(struct arena *arena, const struct bill_slip *s, struct ticket_doc *doc)
{
    const struct order *o = s->order;
    const struct ticket_words *w = s->setting.words;
    *doc = (struct ticket_doc){.large = doc->large};
    if (s->logo) ticket_doc_add(arena, doc, BLOCK_LOGO, NULL, s->logo);
    ticket_doc_add(arena, doc, BLOCK_CENTER, NULL, s->restaurant);
    ticket_doc_add(arena, doc, BLOCK_TITLE, w->bill, doc_place(arena, w, o));
    ticket_doc_add(arena, doc, BLOCK_PAIR,
        arena_printf(arena, "ORD-%lld-%03lld", (long long)o->day, (long long)o->number),
        doc_clock(arena, &s->setting, o->updated_at));
    ticket_doc_add(arena, doc, BLOCK_RULE, NULL, NULL);
    bill_items(arena, doc, o);
    bill_totals(arena, doc, o, w);
    if (s->url) ticket_doc_add(arena, doc, BLOCK_QR, NULL, s->url);
    ticket_doc_add(arena, doc, BLOCK_CENTER, NULL, w->thanks);
    return done(arena);
}
