/* SPDX-License-Identifier: MIT */
/*
 * What the slips say that are no tickets: a test, what was held back, the way in for a new owner, a bill. Documents of
 * the same blocks as tickets (hub/ticket_doc.h), drawn by the same hand. Pure.
 *
 *     test      [ TEST ] printer, time, that it works; every script; how much paper the roll has given
 *     summary   [ NOT PRINTED ] which tickets waited too long (time, station, KOT, where to), and who decides
 *     claim     [ WELCOME ] address and code of a box that has no owner yet, the address as a QR code too
 *     bill      logo, name, place and time; a line an item with its amount; totals; tax; thanks
 */
#ifndef HUB_SLIP_DOC_H
#define HUB_SLIP_DOC_H

#include "hub/ticket_doc.h"

/* All build into *doc, with texts in the arena. UNAVAILABLE when memory is short. */

struct test_slip {
    struct doc_setting setting;
    const char *printer, *by; /* by: who asked; NULL */
    int64_t at, used_mm;      /* used_mm: of this roll; 0 = not known */
};
enum hub_err slip_doc_test(struct arena *arena, const struct test_slip *slip, struct ticket_doc *doc);

struct held_ticket {
    int64_t issued_at, kot_number;
    const char *station, *place; /* "TABLE 5" */
};
struct summary_slip {
    struct doc_setting setting;
    const char *printer;
    int64_t at;
    const struct held_ticket *tickets;
    size_t count;
};
enum hub_err slip_doc_summary(struct arena *arena, const struct summary_slip *slip, struct ticket_doc *doc);

struct claim_slip {
    struct doc_setting setting;
    const char *address, *code;
};
enum hub_err slip_doc_claim(struct arena *arena, const struct claim_slip *slip, struct ticket_doc *doc);

struct bill_slip {
    struct doc_setting setting;
    const char *restaurant, *logo; /* logo: path of a PNG; NULL */
    const struct order *order;
    const char *url; /* as a QR code; NULL */
};
enum hub_err slip_doc_bill(struct arena *arena, const struct bill_slip *slip, struct ticket_doc *doc);

/* "TABLE 5", "TAKEOUT Ada". */
const char *doc_place(struct arena *arena, const struct ticket_words *words, const struct order *order);

#endif
