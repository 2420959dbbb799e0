/* SPDX-License-Identifier: MIT */
/* How far a roll of paper is: what was printed since the cover was opened tells when it ends. Pure. */
#ifndef HUB_PAPER_ROLL_H
#define HUB_PAPER_ROLL_H

#include <stdbool.h>

#include "hub/printer_settings.h"

/* Millimetres that are left; -1: nobody knows how long a roll is. Never less than 0. */
int64_t paper_roll_left(const struct printer_paper *paper);
/* Is it time to have a new roll ready? Below a tenth of the roll. *tickets: for about so many it lasts. */
bool paper_roll_low(const struct printer_paper *paper, int64_t *tickets);
/*
 * The roll has ended: learns how long rolls are, from what it gave. One that gave less than half of what is known was
 * not a whole one (or was taken out early), and teaches nothing; nor does one below ten metres. What comes next is a
 * new one, even where nobody saw the cover open.
 */
void paper_roll_ended(struct printer_paper *paper);
/* The cover was opened: a new roll, as far as anybody knows. */
void paper_roll_new(struct printer_paper *paper);

#endif
