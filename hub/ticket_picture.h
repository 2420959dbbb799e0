/* SPDX-License-Identifier: MIT */
/* A stored ticket as what it says, and as the picture of it: gathers what a ticket must say and has it drawn. */
#ifndef HUB_TICKET_PICTURE_H
#define HUB_TICKET_PICTURE_H

#include <stdint.h>

#include "hub/err.h"
#include "hub/port/ticket_art.h"
#include "hub/ticket_doc.h"

struct restaurant;
struct store;

/* Which ticket, and how it is to be told. */
struct ticket_wish {
    int64_t ticket_id;
    enum ticket_language language;
    bool one_line; /* only this one of its lines */
    int64_t line;
    struct ticket_marks marks;
};

/* The box's clock and a language's words. */
struct doc_setting ticket_setting(struct restaurant *restaurant, enum ticket_language language);

/*
 * Any thread, with a store of its own. The document lives in the arena. NOT_FOUND: no such ticket. UNAVAILABLE: what is
 * stored cannot be read, or memory is short; the fault says so.
 */
enum hub_err ticket_picture_doc(struct restaurant *restaurant, struct store *store, struct arena *arena,
    const struct ticket_wish *wish, struct ticket_doc *doc, struct fault *fault);
/* The same drawn, without any mark. *out is freed with ticket_image_finish(). */
enum hub_err ticket_picture(struct restaurant *restaurant, struct store *store, int64_t ticket_id, int width_dots,
    struct ticket_image *out, struct fault *fault);

#endif
