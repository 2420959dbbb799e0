/* SPDX-License-Identifier: MIT */
/* Every word that the box itself puts on paper, in each language that a printer can be set to. Pure. */
#ifndef HUB_TICKET_WORDS_H
#define HUB_TICKET_WORDS_H

#include <stdbool.h>

/* The pages' languages (web/src/locales). */
enum ticket_language { LANGUAGE_EN, LANGUAGE_ES, LANGUAGE_HI, LANGUAGE_ZH, LANGUAGE_AR, LANGUAGES };
extern const char *const ticket_language_names[]; /* NULL-terminated */

struct ticket_words {
    const char *kot, *after; /* KOT 18; #18 after #17 19:42 */
    const char *table, *takeout, *delivery, *guests, *seat, *course, *also_at, *open_item;
    const char *kinds[5]; /* by enum ticket_kind; "" for a new ticket */
    const char *rush, *allergy, *do_not_make, *moved_from;
    const char *copy, *duplicate, *backup_from; /* COPY Maria 19:42; POSSIBLE DUPLICATE OF KOT 18 */
    const char *taken, *sent;                   /* of an order that was taken off line */
    const char *part;                           /* slip 2 / 3 of a ticket with a slip a line */
    /* slips */
    const char *test_title, *test_works, *test_scripts, *paper_used;
    const char *held_title, *held_why, *held_ask;
    const char *claim_title, *claim_how;
    const char *bill, *subtotal, *discount, *service_charge, *tax, *tax_contained, *total, *thanks;
};

const struct ticket_words *ticket_words(enum ticket_language language);

/* Does a note or a modifier speak of an allergy, in any of the languages? Then it is shown as nothing else is. */
bool ticket_words_allergy(const char *text);

#endif
