/* SPDX-License-Identifier: MIT */
/*
 * What a kitchen order ticket says, top to bottom, without a word of how it is drawn. Pure. The drawing is
 * hub/port/ticket_art.h's, the words are hub/ticket_words.h's, other slips are hub/slip_doc.h's.
 *
 * Each kind of ticket has a template, a list of parts in their order (ticket_doc.c). All together they make:
 *
 *     [        BACKUP FROM Grill printer       ]   marks: how this printing differs from the first one
 *     [            COPY  Maria 19:58           ]
 *     [      POSSIBLE DUPLICATE OF KOT 18      ]
 *     [                ADD-ON                  ]   kind: ADD-ON, VOID, MOVED, RECALL; nothing for a new ticket
 *     [                 RUSH                   ]   rush
 *     grill                               KOT 18   station
 *                             #18 after #17 19:37  previous: a gap in the numbers is seen on the rail
 *     [               TABLE 5                  ]   place, as large as the paper is wide; or TAKEOUT, DELIVERY
 *     was at 9                                     moved from
 *     Ada Lovelace                                 customer
 *     Maria, 2 guests                      19:42   who and when
 *     ORD-20261120-007                             number; "slip 1/3" where each line has its own
 *     | taken 19:31, sent 19:42 |                  late: an order that was taken off line
 *     ----------------------------------------
 *     2   दाल तड़का                                 items: quantity, the kitchen's name, the guest's name small
 *         Dal Tadka
 *         + Extra hot                              modifiers
 *         seat 3
 *         | no coriander |                         notes in a box
 *         [ ALLERGY: nuts ]                        allergies white on black
 *     COURSE 2                                     before the first item of another course
 *     -1  ~~Special~~                              what is not to be made any more, and why
 *         | DO NOT MAKE: changed their mind |
 *     ----------------------------------------
 *     | call first |                               the order's note
 *     ALSO AT: bar                                 other stations that were told by the same send
 */
#ifndef HUB_TICKET_DOC_H
#define HUB_TICKET_DOC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "hub/arena.h"
#include "hub/order.h"
#include "hub/ticket_words.h"

enum ticket_block_kind {
    BLOCK_BANNER, /* right: white on black, across: RUSH, VOID, COPY ... */
    BLOCK_HUGE,   /* right: white on black and very large: the table */
    BLOCK_PAIR,   /* left and right on one line, small */
    BLOCK_TITLE,  /* the same, large: station and KOT number */
    BLOCK_ITEM,   /* left: quantity, right: name; large */
    BLOCK_STRUCK, /* the same, struck through: not to be made */
    BLOCK_DETAIL, /* right: what belongs to the item above, indented */
    BLOCK_SMALL,  /* right: the same, small */
    BLOCK_BOX,    /* right: in a box, impossible to miss: notes */
    BLOCK_ALARM,  /* right: white on black, in the item's place: allergies */
    BLOCK_RULE,   /* a line across */
    BLOCK_TEXT,   /* right: plain, wrapped */
    BLOCK_CENTER, /* right: plain, in the middle */
    BLOCK_AMOUNT, /* left: what, wrapped beside its column; right: how much, in a column of its own */
    BLOCK_TOTAL,  /* the same, large and bold */
    BLOCK_QR,     /* right: as a QR code, in the middle */
    BLOCK_LOGO    /* right: path of a PNG, in the middle; left out when it cannot be read */
};

struct ticket_block {
    enum ticket_block_kind kind;
    bool indent;              /* a box that belongs to the item above */
    const char *left, *right; /* UTF-8 in the arena; NULL = none */
};

struct ticket_doc {
    struct ticket_block *blocks;
    size_t count, room;
    bool large; /* larger type, for eyes that ask for it */
};

/* A block at the end; NULL (and arena->failed) when memory is short or the document is longer than any paper. */
struct ticket_block *ticket_doc_add(
    struct arena *arena, struct ticket_doc *doc, enum ticket_block_kind kind, const char *left, const char *right);

/* How this printing differs from the first one. */
struct ticket_marks {
    const char *copy_by; /* who asked for a reprint */
    int64_t copy_at;
    bool copy, doubtful;     /* doubtful: may be on paper already, and says so */
    const char *backup_from; /* the printer that this one stands in for; NULL */
};

/* When and where things are read: what all documents need. */
struct doc_setting {
    const struct ticket_words *words;
    int (*utc_offset_min)(void *context, int64_t wall_ms);
    void *context;
};
/* "19:42", local. */
const char *doc_clock(struct arena *arena, const struct doc_setting *setting, int64_t wall_ms);

struct ticket_facts {
    struct doc_setting setting;
    const struct order *order;
    const struct ticket *ticket; /* of the order */
    int64_t previous_at;         /* when the KOT before was issued; 0 = there is none */
    bool one_line;               /* of the ticket's lines only `line` is meant */
    int64_t line;
    struct ticket_marks marks;
};

/* Everything lives in the arena. UNAVAILABLE when memory is short or the stored lines cannot be read. */
enum hub_err ticket_doc_build(struct arena *arena, const struct ticket_facts *facts, struct ticket_doc *doc);

#endif
