/* SPDX-License-Identifier: MIT */
/*
 * What a kitchen order ticket says, top to bottom, without a word of how it is drawn. Pure. The drawing is
 * hub/port/ticket_art.h's; the words are in one table in ticket_doc.c.
 */
#ifndef HUB_TICKET_DOC_H
#define HUB_TICKET_DOC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "hub/arena.h"
#include "hub/order.h"

enum ticket_block_kind {
    BLOCK_BANNER, /* white on black, across: RUSH, VOID, COPY ... */
    BLOCK_HUGE,   /* white on black and as large as fits: the table */
    BLOCK_PAIR,   /* left and right on one line, small */
    BLOCK_TITLE,  /* the same, large: station and KOT number */
    BLOCK_ITEM,   /* left: quantity, right: name; large */
    BLOCK_STRUCK, /* the same, struck through: not to be made */
    BLOCK_DETAIL, /* right: what belongs to the item above, indented */
    BLOCK_SMALL,  /* right: the same, small */
    BLOCK_BOX,    /* right: in a box, impossible to miss: notes */
    BLOCK_RULE    /* a line across */
};

struct ticket_block {
    enum ticket_block_kind kind;
    bool indent;              /* a box that belongs to the item above */
    const char *left, *right; /* UTF-8 in the arena; NULL = none */
};

struct ticket_doc {
    struct ticket_block *blocks;
    size_t count, room;
};

/* How this printing differs from the first one. */
struct ticket_marks {
    const char *copy_by; /* who asked for a reprint */
    int64_t copy_at;
    bool copy, doubtful; /* doubtful: may be on paper already, and says so */
};

struct ticket_facts {
    const struct order *order;
    const struct ticket *ticket; /* of the order */
    int64_t previous_at;         /* when the KOT before was issued; 0 = there is none */
    int (*utc_offset_min)(void *context, int64_t wall_ms);
    void *context;
    struct ticket_marks marks;
};

/* Everything lives in the arena. UNAVAILABLE when memory is short or the stored lines cannot be read. */
enum hub_err ticket_doc_build(struct arena *arena, const struct ticket_facts *facts, struct ticket_doc *doc);

#endif
