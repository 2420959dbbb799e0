/* SPDX-License-Identifier: MIT */
#include "hub/print_slip.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "hub/hub.h"
#include "hub/json.h"
#include "hub/port/clock.h"
#include "hub/port/store_orders.h"
#include "hub/port/store_printers.h"
#include "hub/restaurant.h"
#include "hub/slip_doc.h"
#include "hub/ticket_picture.h"

enum { HELD_ROOM = 100 /* a summary of more is no summary */ };

struct making {
    struct restaurant *restaurant;
    struct store *store;
    struct arena *arena;
    const struct print_job *job;
    struct doc_setting setting;
    enum ticket_language language;
    struct ticket_doc *doc;
    struct print_slip_made *out;
    struct fault *fault;
};

static enum hub_err make_ticket(struct making *m)
{
    const struct print_job *job = m->job;
    const struct ticket_wish wish = {.ticket_id = job->ticket_id,
        .language = m->language,
        .one_line = job->line >= 0,
        .line = job->line,
        .marks = {.copy = job->copy,
            .copy_by = job->copy_by,
            .copy_at = job->created_at,
            .doubtful = job->doubtful,
            .backup_from = job->from_name}};
    return ticket_picture_doc(m->restaurant, m->store, m->arena, &wish, m->doc, m->fault);
}

static enum hub_err make_test(struct making *m)
{
    struct printer_paper paper;
    enum hub_err err = store_printer_paper(m->store, m->job->device_id, &paper);
    const struct test_slip slip = {.setting = m->setting,
        .printer = m->job->device_name,
        .by = m->job->copy_by,
        .at = m->job->created_at,
        .used_mm = err ? 0 : paper.used_mm};
    return slip_doc_test(m->arena, &slip, m->doc);
}

static enum hub_err held_ticket(struct making *m, const struct print_job *job, struct held_ticket *out)
{
    struct order *order = arena_alloc(m->arena, sizeof *order);
    enum hub_err err = order ? store_order_load(m->store, m->arena, job->order_id, order) : HUB_UNAVAILABLE;
    const struct ticket *ticket = err ? NULL : order_ticket(order, job->ticket_id);
    if (ticket)
        *out = (struct held_ticket){.issued_at = job->issued_at,
            .kot_number = ticket->kot_number,
            .station = ticket->station,
            .place = doc_place(m->arena, m->setting.words, order)};
    return err ? err : ticket ? HUB_OK : HUB_NOT_FOUND;
}

static enum hub_err make_summary(struct making *m)
{
    struct print_job *jobs;
    size_t count;
    enum hub_err err = store_print_held(m->store, m->job->device_id, m->arena, HELD_ROOM, &jobs, &count);
    struct held_ticket *tickets = err ? NULL : arena_array(m->arena, HELD_ROOM, sizeof *tickets);
    if (err || !tickets || count == 0) return err ? err : tickets ? HUB_NOT_FOUND : HUB_UNAVAILABLE;
    for (size_t i = 0; i < count && !err; i++)
        err = held_ticket(m, &jobs[i], &tickets[i]);
    const struct summary_slip slip = {.setting = m->setting,
        .printer = m->job->device_name,
        .at = m->job->created_at,
        .tickets = tickets,
        .count = count};
    return err ? err : slip_doc_summary(m->arena, &slip, m->doc);
}

/* Body: {"address","code"}. */
static enum hub_err make_claim(struct making *m)
{
    const char *body = m->job->body ? m->job->body : "";
    cJSON *json = json_parse(body, strlen(body), m->fault);
    const cJSON *address = cJSON_GetObjectItemCaseSensitive(json, "address");
    const cJSON *code = cJSON_GetObjectItemCaseSensitive(json, "code");
    enum hub_err err = cJSON_IsString(address) && cJSON_IsString(code) ? HUB_OK : HUB_UNAVAILABLE;
    if (!err) {
        const struct claim_slip slip = {.setting = m->setting,
            .address = arena_strdup(m->arena, address->valuestring),
            .code = arena_strdup(m->arena, code->valuestring)};
        err = slip.address && slip.code ? slip_doc_claim(m->arena, &slip, m->doc) : HUB_UNAVAILABLE;
    }
    cJSON_Delete(json);
    return err;
}

/* <data>/logo-<slug>.png, where an owner has put one. */
static const char *logo_of(struct making *m)
{
    const char *path =
        arena_printf(m->arena, "%s/logo-%s.png", m->restaurant->hub->config.data_dir, m->restaurant->slug);
    return path && access(path, R_OK) == 0 ? path : NULL;
}

static enum hub_err make_bill(struct making *m)
{
    struct settings settings;
    struct order *order = arena_alloc(m->arena, sizeof *order);
    enum hub_err err = order ? store_order_load(m->store, m->arena, m->job->order_id, order) : HUB_UNAVAILABLE;
    if (err) return err;
    restaurant_settings(m->restaurant, &settings);
    const struct bill_slip slip = {
        .setting = m->setting, .restaurant = settings.name, .logo = logo_of(m), .order = order};
    const char *const method = order->payment_method >= 0 ? payment_method_names[order->payment_method] : "";
    m->out->drawer = strcmp(method, "cash") == 0;
    return slip_doc_bill(m->arena, &slip, m->doc);
}

static enum hub_err make_doc(struct making *m)
{
    switch (m->job->slip) {
    case SLIP_TICKET: return make_ticket(m);
    case SLIP_TEST: return make_test(m);
    case SLIP_CLAIM: return make_claim(m);
    case SLIP_SUMMARY: return make_summary(m);
    case SLIP_BILL: return make_bill(m);
    }
    return HUB_UNAVAILABLE;
}

static enum hub_err draw(struct making *m, enum printer_format format, int width_dots)
{
    struct ticket_art *art = m->restaurant->hub->ticket_art;
    const struct ticket_form form = {.width_dots = width_dots, .needles = format == PRINTER_IMPACT};
    struct print_slip_made *out = m->out;
    if (!art) return fault_set(m->fault, HUB_UNAVAILABLE, NULL, "This box cannot draw tickets.");
    if (format == PRINTER_PDF) {
        enum hub_err err = art->ops->page(art, m->doc, &form, &out->page, m->fault);
        out->missing_glyphs = out->page.missing_glyphs;
        out->length_mm = out->page.height_mm;
        return err;
    }
    enum hub_err err = art->ops->draw(art, m->doc, &form, &out->image, m->fault);
    out->missing_glyphs = out->image.missing_glyphs;
    /* Needles: 72 dots an inch downwards. */
    out->length_mm =
        TICKET_FEED_MM + (form.needles ? out->image.height * 254 / 720 : out->image.height / TICKET_DOTS_PER_MM);
    return err;
}

enum hub_err print_slip_make(struct restaurant *restaurant, struct store *store, const struct print_job *job,
    const struct printer_settings *settings, int width_dots, struct print_slip_made *out, struct fault *fault)
{
    struct arena arena;
    struct ticket_doc doc = {.large = settings->large};
    struct making m = {.restaurant = restaurant,
        .store = store,
        .arena = &arena,
        .job = job,
        .setting = ticket_setting(restaurant, settings->language),
        .language = settings->language,
        .doc = &doc,
        .out = out,
        .fault = fault};
    memset(out, 0, sizeof *out);
    arena_init(&arena);
    enum hub_err err = make_doc(&m);
    if (!err) err = draw(&m, settings->format, width_dots);
    arena_finish(&arena);
    if (err && !fault->code) fault_set(fault, err, NULL, "Print job %lld cannot be drawn.", (long long)job->id);
    return err;
}

void print_slip_finish(struct print_slip_made *made)
{
    ticket_image_finish(&made->image);
    ticket_page_finish(&made->page);
}
