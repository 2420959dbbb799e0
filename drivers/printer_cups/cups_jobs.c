/* SPDX-License-Identifier: MIT */
#include "drivers/printer_cups/cups_jobs.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { END_LOOKS = 40, END_LOOK_MS = 50 };

/* One job of a list. */
struct listed {
    int id, state, sheets, progress;
    const char *name;
};

static void take(struct listed *job, const char *name, ipp_attribute_t *a)
{
    if (strcmp(name, "job-id") == 0) job->id = ippGetInteger(a, 0);
    if (strcmp(name, "job-state") == 0) job->state = ippGetInteger(a, 0);
    if (strcmp(name, "job-media-sheets-completed") == 0) job->sheets = ippGetInteger(a, 0);
    if (strcmp(name, "job-media-progress") == 0) job->progress = ippGetInteger(a, 0);
    if (strcmp(name, "job-name") == 0) job->name = ippGetString(a, 0, NULL);
}

/* Jobs come as groups of attributes with a nameless one between them. False at the end. */
static bool next(ipp_t *answer, ipp_attribute_t **at, struct listed *job)
{
    *job = (struct listed){0};
    for (; *at; *at = ippNextAttribute(answer)) {
        const char *name = ippGetName(*at);
        if (!name && job->id) return true;
        if (name) take(job, name, *at);
    }
    return job->id != 0;
}

static ipp_t *list(struct cups_wire *wire, int first_id, struct fault *fault)
{
    static const char *const wanted[] = {
        "job-id", "job-name", "job-state", "job-media-sheets-completed", "job-media-progress"};
    ipp_t *request = cups_wire_request(wire, IPP_OP_GET_JOBS);
    if (!request) return cups_wire_ask(wire, request, fault);
    ippAddString(request, IPP_TAG_OPERATION, IPP_TAG_KEYWORD, "which-jobs", NULL, "all");
    if (first_id > 1) ippAddInteger(request, IPP_TAG_OPERATION, IPP_TAG_INTEGER, "first-job-id", first_id);
    ippAddStrings(request, IPP_TAG_OPERATION, IPP_TAG_KEYWORD, "requested-attributes", 5, NULL, wanted);
    return cups_wire_ask(wire, request, fault);
}

static enum printer_job_state state_of(int ipp_state)
{
    switch (ipp_state) {
    case IPP_JSTATE_PENDING:
    case IPP_JSTATE_HELD: return PRINTER_JOB_WAITING;
    case IPP_JSTATE_PROCESSING:
    case IPP_JSTATE_STOPPED: return PRINTER_JOB_PRINTING;
    case IPP_JSTATE_COMPLETED: return PRINTER_JOB_DONE;
    default: return PRINTER_JOB_FAILED; /* canceled, aborted */
    }
}

/* Others' failed jobs may be on paper in part. */
static void judge(const struct listed *said, enum cups_word word, struct printer_watch *job)
{
    job->state = state_of(said->state);
    job->begun = word == CUPS_WORD_OURS ? said->progress > 0 || said->sheets > 0 : job->state != PRINTER_JOB_WAITING;
    job->proof = word == CUPS_WORD_IPP ? "processed" : "handed_over";
    if (word == CUPS_WORD_OURS && said->sheets > 0) job->proof = "confirmed_by_printer";
}

static int id_of(const struct printer_watch *job)
{
    return (int)strtol(job->external_id, NULL, 10);
}

enum hub_err cups_jobs_watch(
    struct cups_wire *wire, enum cups_word word, struct printer_watch *jobs, size_t count, struct fault *fault)
{
    int first = count ? id_of(&jobs[0]) : 0;
    struct listed said;
    for (size_t i = 0; i < count; i++) {
        jobs[i].state = PRINTER_JOB_GONE;
        jobs[i].begun = true; /* nobody can say */
        if (id_of(&jobs[i]) < first) first = id_of(&jobs[i]);
    }
    if (count == 0) return HUB_OK;
    ipp_t *answer = list(wire, first, fault);
    if (!answer) return fault->code;
    for (ipp_attribute_t *at = ippFirstAttribute(answer); next(answer, &at, &said);)
        for (size_t i = 0; i < count; i++)
            if (id_of(&jobs[i]) == said.id) judge(&said, word, &jobs[i]);
    ippDelete(answer);
    return HUB_OK;
}

enum hub_err cups_jobs_find(
    struct cups_wire *wire, const char *uuid, char *external_id, size_t size, struct fault *fault)
{
    struct listed said;
    bool found = false;
    ipp_t *answer = list(wire, 0, fault);
    if (!answer) return HUB_UNAVAILABLE;
    for (ipp_attribute_t *at = ippFirstAttribute(answer); !found && next(answer, &at, &said);)
        found = said.name && strcmp(said.name, uuid) == 0;
    if (found) snprintf(external_id, size, "%d", said.id);
    ippDelete(answer);
    return found ? HUB_OK : HUB_NOT_FOUND;
}

enum hub_err cups_jobs_cancel(
    struct cups_wire *wire, enum cups_word word, struct printer_watch *job, struct fault *fault)
{
    ipp_t *request = cups_wire_request(wire, IPP_OP_CANCEL_JOB);
    if (request) ippAddInteger(request, IPP_TAG_OPERATION, IPP_TAG_INTEGER, "job-id", id_of(job));
    ipp_t *answer = cups_wire_ask(wire, request, fault);
    ippDelete(answer);
    fault_finish(fault); /* "not possible": it is at its end already; which one is asked now */
    for (int i = 0; i < END_LOOKS; i++) {
        enum hub_err err = cups_jobs_watch(wire, word, job, 1, fault);
        if (err || (job->state != PRINTER_JOB_WAITING && job->state != PRINTER_JOB_PRINTING)) return err;
        poll(NULL, 0, END_LOOK_MS);
    }
    return fault_set(fault, HUB_UNAVAILABLE, NULL, "The print service does not take a ticket back.");
}
