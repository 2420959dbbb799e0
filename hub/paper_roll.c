/* SPDX-License-Identifier: MIT */
#include "hub/paper_roll.h"

enum { SHORTEST_MM = 10000, TICKET_MM = 150 /* where nothing was printed yet */, LOW_PARTS = 10, OLD_WEIGHT = 3 };

int64_t paper_roll_left(const struct printer_paper *paper)
{
    /* One that gives much more than it has was changed without anybody telling. */
    if (paper->roll_mm <= 0 || paper->used_mm > paper->roll_mm + paper->roll_mm / 5) return -1;
    return paper->used_mm < paper->roll_mm ? paper->roll_mm - paper->used_mm : 0;
}

bool paper_roll_low(const struct printer_paper *paper, int64_t *tickets)
{
    int64_t left = paper_roll_left(paper);
    int64_t each = paper->used_tickets > 0 ? paper->used_mm / paper->used_tickets : TICKET_MM;
    *tickets = left < 0 ? 0 : left / (each > 0 ? each : TICKET_MM);
    return left >= 0 && left < paper->roll_mm / LOW_PARTS;
}

void paper_roll_ended(struct printer_paper *paper)
{
    if (paper->used_mm >= SHORTEST_MM && paper->roll_mm <= 0)
        paper->roll_mm = paper->used_mm;
    else if (paper->used_mm >= SHORTEST_MM && paper->used_mm >= paper->roll_mm / 2)
        paper->roll_mm = (paper->roll_mm * OLD_WEIGHT + paper->used_mm) / (OLD_WEIGHT + 1);
    paper_roll_new(paper); /* whatever is put in next */
}

void paper_roll_new(struct printer_paper *paper)
{
    paper->used_mm = 0;
    paper->used_tickets = 0;
}
