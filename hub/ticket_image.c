/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "hub/port/ticket_art.h"

void ticket_image_finish(struct ticket_image *image)
{
    free(image->bits);
    memset(image, 0, sizeof *image);
}

void ticket_page_finish(struct ticket_page *page)
{
    free(page->bytes);
    memset(page, 0, sizeof *page);
}
