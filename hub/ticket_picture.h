/* SPDX-License-Identifier: MIT */
/* A stored ticket as the picture that its printer burns: gathers what the ticket must say and has it drawn. */
#ifndef HUB_TICKET_PICTURE_H
#define HUB_TICKET_PICTURE_H

#include <stdint.h>

#include "hub/err.h"
#include "hub/port/ticket_art.h"
#include "hub/ticket_doc.h"

struct restaurant;
struct store;

/*
 * Any thread, with a store of its own. *out is freed with ticket_image_finish(). NOT_FOUND: no such ticket.
 * UNAVAILABLE: it cannot be drawn; the fault says why.
 */
enum hub_err ticket_picture(struct restaurant *restaurant, struct store *store, int64_t ticket_id, int width_dots,
    const struct ticket_marks *marks, struct ticket_image *out, struct fault *fault);

#endif
