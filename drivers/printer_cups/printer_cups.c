/* SPDX-License-Identifier: MIT */
#include "drivers/printer_cups/printer_cups.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "drivers/escpos/escpos.h"
#include "drivers/printer_cups/cups_jobs.h"
#include "drivers/printer_cups/idle_look.h"
#include "drivers/printer_cups/printer_reason.h"
#include "hub/port/ticket_art.h"

struct cups_printer {
    struct printer base; /* first */
    struct cups_wire wire;
    bool asked;          /* the queue was asked what it prints by */
    bool own_filter;     /* our filter stands before its backend: jobs are of a type of their own */
    enum cups_word word; /* of a job that it calls completed */
};

/* ---- jobs -------------------------------------------------------------------------------------------------------- */

static enum hub_err find(struct printer *base, const char *uuid, char *external_id, size_t size, struct fault *fault)
{
    return cups_jobs_find(&((struct cups_printer *)base)->wire, uuid, external_id, size, fault);
}

static enum hub_err cancel(struct printer *base, struct printer_watch *job, struct fault *fault)
{
    struct cups_printer *p = (struct cups_printer *)base;
    return cups_jobs_cancel(&p->wire, p->word, job, fault);
}

/* An administrator's right: Debian grants it to members of lpadmin, over the socket. */
static enum hub_err resume(struct printer *base, struct fault *fault)
{
    struct cups_printer *p = (struct cups_printer *)base;
    static const ipp_op_t steps[] = {IPP_OP_RESUME_PRINTER, IPP_OP_CUPS_ACCEPT_JOBS};
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        ipp_t *answer = cups_wire_ask_at(&p->wire, "/admin/", cups_wire_request(&p->wire, steps[i]), fault);
        if (!answer) return fault->code;
        ippDelete(answer);
    }
    return HUB_OK;
}

/* ---- sending ----------------------------------------------------------------------------------------------------- */

/* What goes to the printer, and what CUPS is told that it is. */
struct document {
    const uint8_t *bytes;
    uint8_t *made; /* to be freed; NULL: borrowed */
    size_t length;
    const char *type;
};

static bool make_document(const struct cups_printer *p, const struct printer_page *page, struct document *out)
{
    const struct escpos_extras extras = {page->buzzer, page->drawer};
    *out = (struct document){.type = p->own_filter ? "application/vnd.servery-escpos" : CUPS_FORMAT_RAW};
    switch (page->format) {
    case PRINTER_ESCPOS: out->made = escpos_ticket(page->image, &extras, &out->length); break;
    case PRINTER_IMPACT: out->made = escpos_needles(page->image, &extras, &out->length); break;
    case PRINTER_STAR: out->made = escpos_star(page->image, &out->length); break;
    case PRINTER_PDF:
        *out = (struct document){.bytes = page->page->bytes, .length = page->page->length, .type = "application/pdf"};
        return true;
    }
    out->bytes = out->made;
    return out->made != NULL;
}

/* A page is printed as it is, on paper of its own size: whoever scales it cuts something off. */
static void ask_for_roll(ipp_t *request, const struct ticket_page *page)
{
    char media[64];
    snprintf(media, sizeof media, "custom_%dx%dmm_%dx%dmm", page->width_mm, page->height_mm, page->width_mm,
        page->height_mm);
    ippAddString(request, IPP_TAG_JOB, IPP_TAG_KEYWORD, "media", NULL, media);
    ippAddString(request, IPP_TAG_JOB, IPP_TAG_KEYWORD, "print-scaling", NULL, "none");
}

/* One Print-Job with its document. *unsure from the first byte of the document on. */
static ipp_t *print_job(
    struct cups_printer *p, const struct printer_page *page, const struct document *document, bool *unsure)
{
    struct cups_wire *wire = &p->wire;
    ipp_t *request = cups_wire_request(wire, IPP_OP_PRINT_JOB), *answer = NULL;
    if (!request) return NULL;
    ippAddString(request, IPP_TAG_OPERATION, IPP_TAG_NAME, "job-name", NULL, page->uuid);
    ippAddString(request, IPP_TAG_OPERATION, IPP_TAG_MIMETYPE, "document-format", NULL, document->type);
    if (page->format == PRINTER_PDF) ask_for_roll(request, page->page);
    http_status_t status = cupsSendRequest(wire->http, request, wire->resource, ippLength(request) + document->length);
    if (status == HTTP_STATUS_CONTINUE) {
        *unsure = true;
        status = cupsWriteRequestData(wire->http, (const char *)document->bytes, document->length);
    }
    if (status == HTTP_STATUS_CONTINUE || status == HTTP_STATUS_OK)
        answer = cupsGetResponse(wire->http, wire->resource);
    ippDelete(request);
    return answer;
}

static enum hub_err send_page(struct printer *base, const struct printer_page *page, char *external_id, size_t size,
    bool *unsure, struct fault *fault)
{
    struct cups_printer *p = (struct cups_printer *)base;
    struct document document;
    *unsure = false;
    enum hub_err err = cups_wire_connect(&p->wire, fault);
    if (err) return err;
    if (!make_document(p, page, &document))
        return fault_set(fault, HUB_UNAVAILABLE, NULL, "There is no memory to print the ticket.");
    ipp_t *answer = print_job(p, page, &document, unsure);
    free(document.made);
    ipp_attribute_t *id = answer ? ippFindAttribute(answer, "job-id", IPP_TAG_INTEGER) : NULL;
    if (id) {
        snprintf(external_id, size, "%d", ippGetInteger(id, 0));
        *unsure = false;
    } else if (answer) {
        *unsure = false; /* refused in so many words */
        err = fault_set(fault, HUB_UNAVAILABLE, NULL, "The print service refuses the ticket: %.200s",
            ippErrorString(ippGetStatusCode(answer)));
    } else {
        err = fault_set(fault, HUB_UNAVAILABLE, NULL, "The print service did not answer in time.");
        cups_wire_close(&p->wire);
    }
    ippDelete(answer);
    return err;
}

/* ---- watching ---------------------------------------------------------------------------------------------------- */

/* A stock socket backend gives no reason when the printer is off: only its message says so. */
static bool message_says_silent(const char *message)
{
    static const char *const words[] = {
        "unavailable", "not responding", "Unable to", "unreachable", "does not exist", "may not exist"};
    for (size_t i = 0; message && i < sizeof words / sizeof *words; i++)
        if (strstr(message, words[i])) return true;
    return false;
}

/* What the queue is, and what it says of itself. */
static void read_queue(struct cups_printer *p, ipp_t *answer, bool busy, struct printer_health *health)
{
    ipp_attribute_t *state = ippFindAttribute(answer, "printer-state", IPP_TAG_ENUM);
    ipp_attribute_t *reasons = ippFindAttribute(answer, "printer-state-reasons", IPP_TAG_KEYWORD);
    ipp_attribute_t *message = ippFindAttribute(answer, "printer-state-message", IPP_TAG_TEXT);
    ipp_attribute_t *accepting = ippFindAttribute(answer, "printer-is-accepting-jobs", IPP_TAG_BOOLEAN);
    ipp_attribute_t *uri = ippFindAttribute(answer, "device-uri", IPP_TAG_URI);
    ipp_attribute_t *model = ippFindAttribute(answer, "printer-make-and-model", IPP_TAG_TEXT);
    const char *device = uri ? ippGetString(uri, 0, NULL) : "";
    p->asked = true;
    p->own_filter = model && strncmp(ippGetString(model, 0, NULL), "Servery", strlen("Servery")) == 0;
    p->word = strncmp(device, "ipp", strlen("ipp")) == 0 ? CUPS_WORD_IPP : CUPS_WORD_NOBODYS;
    if (p->own_filter || strncmp(device, "escpos", strlen("escpos")) == 0) p->word = CUPS_WORD_OURS;
    bool idle = state && ippGetInteger(state, 0) == IPP_PSTATE_IDLE && !busy;
    /* What a backend told last is old when none runs: then the printer itself is asked. */
    bool asked = idle && idle_look(device, health);
    if (!idle) health->again_ms = idle_look_later(device);
    for (int i = 0; reasons && !asked && i < ippGetCount(reasons); i++)
        printer_reason_read(ippGetString(reasons, i, NULL), health);
    health->paused =
        (state && ippGetInteger(state, 0) == IPP_PSTATE_STOPPED) || (accepting && !ippGetBoolean(accepting, 0));
    if (health->paused)
        printer_reason_say(health, DEVICE_FAILED, "The print queue is stopped, and does not go on by itself.",
            "Look at the printer, then let the queue go on (cupsenable, cupsaccept).");
    if (busy && message && message_says_silent(ippGetString(message, 0, NULL)))
        printer_reason_read("connecting-to-device", health);
}

static enum hub_err watch_printer(struct cups_printer *p, bool busy, struct printer_health *health, struct fault *fault)
{
    static const char *const wanted[] = {"printer-state", "printer-state-reasons", "printer-state-message",
        "printer-is-accepting-jobs", "device-uri", "printer-make-and-model"};
    *health = (struct printer_health){.answers = health->answers};
    ipp_t *request = cups_wire_request(&p->wire, IPP_OP_GET_PRINTER_ATTRIBUTES);
    if (!request) return HUB_UNAVAILABLE;
    ippAddStrings(request, IPP_TAG_OPERATION, IPP_TAG_KEYWORD, "requested-attributes", 6, NULL, wanted);
    ipp_t *answer = cups_wire_ask(&p->wire, request, fault);
    if (!answer) return fault->code;
    read_queue(p, answer, busy, health);
    ippDelete(answer);
    return HUB_OK;
}

static enum hub_err watch(
    struct printer *base, struct printer_watch *jobs, size_t count, struct printer_health *health, struct fault *fault)
{
    struct cups_printer *p = (struct cups_printer *)base;
    bool busy = false;
    enum hub_err err = p->asked ? HUB_OK : watch_printer(p, true, health, fault);
    if (!err) err = cups_jobs_watch(&p->wire, p->word, jobs, count, fault);
    for (size_t i = 0; i < count && !err; i++)
        busy = busy || jobs[i].state == PRINTER_JOB_WAITING || jobs[i].state == PRINTER_JOB_PRINTING;
    return err ? err : watch_printer(p, busy, health, fault);
}

/* ---- life -------------------------------------------------------------------------------------------------------- */

static void destroy(struct printer *base)
{
    struct cups_printer *p = (struct cups_printer *)base;
    cups_wire_close(&p->wire);
    free(p);
}

/* QUEUE[@HOST:PORT | @/path]; false when it is none. */
static bool read_address(const char *address, struct cups_wire *wire)
{
    const char *at = strchr(address, '@');
    size_t length = at ? (size_t)(at - address) : strlen(address);
    if (length == 0 || length >= sizeof wire->queue || strcspn(address, "/ #?") < length) return false;
    snprintf(wire->queue, sizeof wire->queue, "%.*s", (int)length, address);
    if (at) {
        const char *colon = at[1] == '/' ? NULL : strrchr(at, ':');
        size_t host = colon ? (size_t)(colon - at - 1) : strlen(at + 1);
        if (host == 0 || host >= sizeof wire->server) return false;
        snprintf(wire->server, sizeof wire->server, "%.*s", (int)host, at + 1);
        wire->port = colon ? (int)strtol(colon + 1, NULL, 10) : 631;
        if (wire->port <= 0 || wire->port > 65535) return false;
    }
    snprintf(wire->resource, sizeof wire->resource, "/printers/%s", wire->queue);
    snprintf(wire->uri, sizeof wire->uri, "ipp://localhost/printers/%s", wire->queue);
    return true;
}

enum hub_err printer_cups_create(const char *address, struct printer **out, struct fault *fault)
{
    static const struct printer_ops ops = {find, send_page, watch, cancel, resume, destroy};
    struct cups_printer *p = calloc(1, sizeof *p);
    *out = NULL;
    if (!p) return fault_set(fault, HUB_UNAVAILABLE, NULL, "There is no memory for the printer.");
    p->base.ops = &ops;
    if (read_address(address, &p->wire)) {
        *out = &p->base;
        return HUB_OK;
    }
    free(p);
    return fault_set(fault, HUB_VALIDATION_ERROR, "address",
        "\"%.100s\" is no queue: write QUEUE, QUEUE@HOST:PORT or QUEUE@/path/of/socket.", address);
}
