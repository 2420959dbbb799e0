/* SPDX-License-Identifier: MIT */
#include "drivers/printer_cups/printer_cups.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "drivers/escpos/escpos.h"
#include "drivers/printer_cups/cups_wire.h"
#include "drivers/printer_cups/idle_look.h"

struct cups_printer {
    struct printer base; /* first */
    struct cups_wire wire;
    bool asked, own_backend; /* the queue was asked what it prints by; by ours: escpos: */
};

static enum printer_job_state job_state(int ipp_state)
{
    switch (ipp_state) {
    case IPP_JSTATE_PENDING:
    case IPP_JSTATE_HELD: return PRINTER_JOB_WAITING;
    case IPP_JSTATE_PROCESSING:
    case IPP_JSTATE_STOPPED: return PRINTER_JOB_PRINTING;
    case IPP_JSTATE_COMPLETED: return PRINTER_JOB_DONE;
    default: return PRINTER_JOB_FAILED; /* canceled, aborted: nobody of us asked for it */
    }
}

/* ---- finding ----------------------------------------------------------------------------------------------------- */

static ipp_t *all_jobs(struct cups_printer *p, struct fault *fault)
{
    static const char *const wanted[] = {"job-id", "job-name"};
    ipp_t *request = cups_wire_request(&p->wire, IPP_OP_GET_JOBS);
    if (!request) return NULL;
    ippAddString(request, IPP_TAG_OPERATION, IPP_TAG_KEYWORD, "which-jobs", NULL, "all");
    ippAddStrings(request, IPP_TAG_OPERATION, IPP_TAG_KEYWORD, "requested-attributes", 2, NULL, wanted);
    return cups_wire_ask(&p->wire, request, fault);
}

/* Jobs come as groups of attributes; ours has its UUID for a name. */
static bool look_for(ipp_t *jobs, const char *uuid, int *id)
{
    bool mine = false;
    *id = 0;
    for (ipp_attribute_t *a = ippFirstAttribute(jobs);; a = ippNextAttribute(jobs)) {
        const char *name = a ? ippGetName(a) : NULL;
        if (!name) { /* between two groups, or the end */
            if (mine && *id) return true;
            mine = false;
            *id = 0;
            if (!a) return false;
            continue;
        }
        if (strcmp(name, "job-id") == 0) *id = ippGetInteger(a, 0);
        if (strcmp(name, "job-name") == 0) mine = strcmp(ippGetString(a, 0, NULL), uuid) == 0;
    }
}

static enum hub_err find(struct printer *base, const char *uuid, char *external_id, size_t size, struct fault *fault)
{
    struct cups_printer *p = (struct cups_printer *)base;
    int id;
    ipp_t *jobs = all_jobs(p, fault);
    if (!jobs) return HUB_UNAVAILABLE;
    bool found = look_for(jobs, uuid, &id);
    ippDelete(jobs);
    if (!found) return HUB_NOT_FOUND;
    snprintf(external_id, size, "%d", id);
    return HUB_OK;
}

/* ---- sending ----------------------------------------------------------------------------------------------------- */

/* One Print-Job with its document. *unsure from the first byte of the document on. */
static ipp_t *print_job(struct cups_printer *p, const char *uuid, const uint8_t *bytes, size_t length, bool *unsure)
{
    struct cups_wire *wire = &p->wire;
    ipp_t *request = cups_wire_request(wire, IPP_OP_PRINT_JOB), *answer = NULL;
    if (!request) return NULL;
    ippAddString(request, IPP_TAG_OPERATION, IPP_TAG_NAME, "job-name", NULL, uuid);
    ippAddString(request, IPP_TAG_OPERATION, IPP_TAG_MIMETYPE, "document-format", NULL, CUPS_FORMAT_RAW);
    http_status_t status = cupsSendRequest(wire->http, request, wire->resource, ippLength(request) + length);
    if (status == HTTP_STATUS_CONTINUE) {
        *unsure = true;
        status = cupsWriteRequestData(wire->http, (const char *)bytes, length);
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
    size_t length;
    *unsure = false;
    enum hub_err err = cups_wire_connect(&p->wire, fault);
    if (err) return err;
    uint8_t *bytes = escpos_ticket(page->image, &length);
    if (!bytes) return fault_set(fault, HUB_UNAVAILABLE, NULL, "There is no memory to print the ticket.");
    ipp_t *answer = print_job(p, page->uuid, bytes, length, unsure);
    free(bytes);
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

/* Our own backend counts a page when the printer has worked it off; others' "completed" says only that they are rid of
 * it. */
static const char *proof_of(const struct cups_printer *p, ipp_t *job)
{
    ipp_attribute_t *sheets = ippFindAttribute(job, "job-media-sheets-completed", IPP_TAG_INTEGER);
    return p->own_backend && sheets && ippGetInteger(sheets, 0) > 0 ? "confirmed_by_printer" : "handed_over";
}

static enum hub_err watch_job(struct cups_printer *p, struct printer_watch *job, struct fault *fault)
{
    static const char *const wanted[] = {"job-state", "job-media-sheets-completed"};
    ipp_t *request = cups_wire_request(&p->wire, IPP_OP_GET_JOB_ATTRIBUTES);
    if (!request) return HUB_UNAVAILABLE;
    ippAddInteger(request, IPP_TAG_OPERATION, IPP_TAG_INTEGER, "job-id", (int)strtol(job->external_id, NULL, 10));
    ippAddStrings(request, IPP_TAG_OPERATION, IPP_TAG_KEYWORD, "requested-attributes", 2, NULL, wanted);
    ipp_t *answer = cups_wire_ask(&p->wire, request, fault);
    ipp_attribute_t *state = answer ? ippFindAttribute(answer, "job-state", IPP_TAG_ENUM) : NULL;
    enum hub_err err = answer ? HUB_OK : fault->code;
    job->state = state ? job_state(ippGetInteger(state, 0)) : PRINTER_JOB_GONE;
    if (job->state == PRINTER_JOB_DONE) job->proof = proof_of(p, answer);
    ippDelete(answer);
    if (err == HUB_NOT_FOUND) {
        fault_finish(fault);
        err = HUB_OK; /* gone, and known to be */
    }
    return err;
}

static void say(struct printer_health *health, enum device_state state, const char *detail, const char *fix)
{
    if (state <= health->state && health->state != DEVICE_OK) return;
    health->state = state;
    snprintf(health->detail, sizeof health->detail, "%s", detail);
    snprintf(health->fix, sizeof health->fix, "%s", fix);
}

/* printer-state-reasons (RFC 8011 section 5.4.12), with or without -error, -warning, -report. */
static void read_reason(const char *reason, struct printer_health *health)
{
    static const struct {
        const char *word;
        enum device_state state;
        const char *detail, *fix;
    } reasons[] = {
        {"media-empty", DEVICE_FAILED, "The printer is out of paper.", "Put in a new roll. It goes on by itself."},
        {"media-needed", DEVICE_FAILED, "The printer is out of paper.", "Put in a new roll. It goes on by itself."},
        {"media-jam", DEVICE_FAILED, "Paper is stuck in the printer.", "Open it, take the paper out, close it."},
        {"cover-open", DEVICE_FAILED, "The printer's cover is open.", "Close it."},
        {"door-open", DEVICE_FAILED, "The printer's cover is open.", "Close it."},
        {"offline", DEVICE_SILENT, "The printer is off or not connected.", "Switch it on and look at its cable."},
        {"connecting-to-device", DEVICE_SILENT, "The printer does not answer.", "Switch it on and look at its cable."},
        {"timed-out", DEVICE_SILENT, "The printer does not answer.", "Switch it on and look at its cable."},
        {"other-error", DEVICE_FAILED, "The printer reports an error.", "Look at it: paper stuck, or its cutter."},
        {"media-low", DEVICE_WARNING, "The paper is nearly at its end.", "Have a new roll ready."},
    };
    for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++)
        if (strncmp(reason, reasons[i].word, strlen(reasons[i].word)) == 0)
            say(health, reasons[i].state, reasons[i].detail, reasons[i].fix);
}

/* A stock socket backend gives no reason when the printer is off: only its message says so. */
static bool message_says_silent(const char *message)
{
    static const char *const words[] = {
        "unavailable", "not responding", "Unable to", "unreachable", "does not exist", "may not exist"};
    for (size_t i = 0; message && i < sizeof words / sizeof *words; i++)
        if (strstr(message, words[i])) return true;
    return false;
}

static enum hub_err watch_printer(struct cups_printer *p, bool busy, struct printer_health *health, struct fault *fault)
{
    static const char *const wanted[] = {
        "printer-state", "printer-state-reasons", "printer-state-message", "printer-is-accepting-jobs", "device-uri"};
    memset(health, 0, sizeof *health);
    ipp_t *request = cups_wire_request(&p->wire, IPP_OP_GET_PRINTER_ATTRIBUTES);
    if (!request) return HUB_UNAVAILABLE;
    ippAddStrings(request, IPP_TAG_OPERATION, IPP_TAG_KEYWORD, "requested-attributes", 5, NULL, wanted);
    ipp_t *answer = cups_wire_ask(&p->wire, request, fault);
    if (!answer) return fault->code;
    ipp_attribute_t *state = ippFindAttribute(answer, "printer-state", IPP_TAG_ENUM);
    ipp_attribute_t *reasons = ippFindAttribute(answer, "printer-state-reasons", IPP_TAG_KEYWORD);
    ipp_attribute_t *message = ippFindAttribute(answer, "printer-state-message", IPP_TAG_TEXT);
    ipp_attribute_t *accepting = ippFindAttribute(answer, "printer-is-accepting-jobs", IPP_TAG_BOOLEAN);
    ipp_attribute_t *uri = ippFindAttribute(answer, "device-uri", IPP_TAG_URI);
    const char *device = uri ? ippGetString(uri, 0, NULL) : "";
    p->asked = true;
    p->own_backend = strncmp(device, "escpos", strlen("escpos")) == 0;
    bool idle = state && ippGetInteger(state, 0) == IPP_PSTATE_IDLE && !busy;
    /* What a backend told last is old when none runs: then the printer itself is asked. */
    bool asked = idle && p->own_backend && idle_look(device, health);
    for (int i = 0; reasons && !asked && i < ippGetCount(reasons); i++)
        read_reason(ippGetString(reasons, i, NULL), health);
    if (state && ippGetInteger(state, 0) == IPP_PSTATE_STOPPED)
        say(health, DEVICE_FAILED, "The print queue is stopped.",
            "Look at the printer, then let the queue go on (cupsenable).");
    if (accepting && !ippGetBoolean(accepting, 0))
        say(health, DEVICE_FAILED, "The print queue takes no jobs.", "Let it take jobs again (cupsaccept).");
    if (busy && message && message_says_silent(ippGetString(message, 0, NULL)))
        say(health, DEVICE_SILENT, "The printer does not answer.", "Switch it on and look at its cable.");
    ippDelete(answer);
    return HUB_OK;
}

static enum hub_err watch(
    struct printer *base, struct printer_watch *jobs, size_t count, struct printer_health *health, struct fault *fault)
{
    struct cups_printer *p = (struct cups_printer *)base;
    bool busy = false;
    enum hub_err first = p->asked ? HUB_OK : watch_printer(p, true, health, fault);
    if (first) return first;
    for (size_t i = 0; i < count; i++) {
        enum hub_err err = watch_job(p, &jobs[i], fault);
        if (err) return err;
        busy = busy || jobs[i].state == PRINTER_JOB_WAITING || jobs[i].state == PRINTER_JOB_PRINTING;
    }
    return watch_printer(p, busy, health, fault);
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
    static const struct printer_ops ops = {find, send_page, watch, destroy};
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
