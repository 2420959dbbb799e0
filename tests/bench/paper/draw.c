/* SPDX-License-Identifier: MIT */
/*
 * How long a ticket takes to be drawn, and what memory that needs: prints one line of JSON. The floor is the same walk
 * of a ticket with no letter on it: what dots and lines alone cost.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "drivers/ticket_pango/ticket_pango.h"
#include "hub/ticket_doc.h"

enum { ROUNDS = 400, BLOCKS_MAX = 32 };

static double now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static double draw_once(struct ticket_art *art, const struct ticket_doc *doc)
{
    const struct ticket_form form = {.width_dots = TICKET_DOTS_80MM};
    struct ticket_image image;
    struct fault fault = {0};
    double start = now_ms();
    if (art->ops->draw(art, doc, &form, &image, &fault)) {
        fprintf(stderr, "servery-draw: %s\n", fault.detail);
        exit(1);
    }
    double took = now_ms() - start;
    ticket_image_finish(&image);
    return took;
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

static double median(struct ticket_art *art, const struct ticket_doc *doc)
{
    static double took[ROUNDS];
    for (int i = 0; i < ROUNDS; i++)
        took[i] = draw_once(art, doc);
    qsort(took, ROUNDS, sizeof *took, by_size);
    return took[ROUNDS / 2];
}

static long resident_kb(void)
{
    char line[200];
    long kb = 0;
    FILE *file = fopen("/proc/self/status", "r");
    while (file && fgets(line, sizeof line, file))
        if (sscanf(line, "VmRSS: %ld", &kb) == 1) break;
    if (file) fclose(file);
    return kb;
}

/* A ticket of five dishes, each with a note. */
static struct ticket_doc ticket_of(struct ticket_block *blocks, const char *const *dishes, const char *note)
{
    struct ticket_doc doc = {.blocks = blocks};
    blocks[doc.count++] = (struct ticket_block){.kind = BLOCK_TITLE, .left = "grill", .right = "KOT 18"};
    blocks[doc.count++] = (struct ticket_block){.kind = BLOCK_PAIR, .right = "#18 after #17 19:37"};
    blocks[doc.count++] = (struct ticket_block){.kind = BLOCK_HUGE, .right = "TABLE 12"};
    blocks[doc.count++] = (struct ticket_block){.kind = BLOCK_PAIR, .left = "Maria, 2 guests", .right = "19:42"};
    blocks[doc.count++] = (struct ticket_block){.kind = BLOCK_RULE};
    for (size_t i = 0; i < 5; i++) {
        blocks[doc.count++] = (struct ticket_block){.kind = BLOCK_ITEM, .left = "2", .right = dishes[i]};
        if (*note) blocks[doc.count++] = (struct ticket_block){.kind = BLOCK_BOX, .indent = true, .right = note};
    }
    return doc;
}

int main(void)
{
    static const char *const latin[] = {"Dal Tadka", "Chicken Tikka", "Sea Bass", "Mushroom Burger", "Onion Bhajee"};
    static const char *const scripts[][5] = {{"Crème brûlée", "Борщ", "Χωριάτικη", "पनीर टिक्का", "ডাল মাখানি"},
        {"மசாலா தோசை", "ผัดไทย", "شاورما", "שקשוקה", "宫保鸡丁"},
        {"親子丼", "비빔밥", "🌶🥜🐟", "Łódź", "12 € x 3"}};
    static const char *const nothing[] = {"", "", "", "", ""};
    struct ticket_block blocks[BLOCKS_MAX];
    struct ticket_art *art = ticket_pango_create();
    if (!art) return 1;
    long before = resident_kb();
    struct ticket_doc doc = ticket_of(blocks, latin, "no coriander");
    double cold = draw_once(art, &doc), warm = median(art, &doc);
    long after_latin = resident_kb();
    for (size_t i = 0; i < sizeof scripts / sizeof *scripts; i++) {
        doc = ticket_of(blocks, scripts[i], "");
        draw_once(art, &doc);
    }
    double warm_scripts = median(art, &doc);
    long after_all = resident_kb();
    doc = ticket_of(blocks, nothing, "");
    double floor = median(art, &doc);
    printf("{\"cold_ms\":%.3f,\"warm_ms\":%.3f,\"warm_scripts_ms\":%.3f,\"floor_ms\":%.3f,\"rss_kb\":[%ld,%ld,%ld]}\n",
        cold, warm, warm_scripts, floor, before, after_latin, after_all);
    art->ops->destroy(art);
    return 0;
}
