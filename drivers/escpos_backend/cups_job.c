/* SPDX-License-Identifier: MIT */
#include "drivers/escpos_backend/cups_job.h"

#include <cups/backend.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

enum { DOCUMENT_MAX = 16 << 20 /* a ticket of eighty metres */ };

/* malloc'ed; NULL: it cannot be read, or is longer than any ticket. */
static uint8_t *read_document(int fd, size_t *length)
{
    size_t room = 128 * 1024, used = 0;
    uint8_t *bytes = malloc(room);
    while (bytes) {
        ssize_t count = read(fd, bytes + used, room - used);
        if (count == 0) break;
        if (count > 0) used += (size_t)count;
        if (count < 0 || used > DOCUMENT_MAX) {
            free(bytes);
            return NULL;
        }
        if (used < room) continue;
        uint8_t *more = realloc(bytes, room *= 2);
        if (!more) free(bytes);
        bytes = more;
    }
    *length = used;
    return bytes;
}

/* CUPS puts it among the options: "job-uuid=urn:uuid:..." */
static void read_uuid(const char *options, char *out, size_t size)
{
    const char *at = strstr(options, "job-uuid=");
    *out = '\0';
    if (!at) return;
    at += strlen("job-uuid=");
    size_t length = strcspn(at, " \t");
    if (length < size) snprintf(out, size, "%.*s", (int)length, at);
}

static int report(enum job_end end)
{
    switch (end) {
    case JOB_ALREADY:
    case JOB_CONFIRMED:
        /* The count stays with the job: by it drivers/printer_cups knows that the printer has said so itself. */
        fprintf(stderr, "PAGE: 1 1\nINFO: Printed: the printer has worked off the whole ticket.\n");
        return CUPS_BACKEND_OK;
    case JOB_HANDED_OVER:
        fprintf(stderr, "INFO: Handed over: this printer does not say whether it has printed.\n");
        return CUPS_BACKEND_OK;
    case JOB_STOPPED: return CUPS_BACKEND_OK;
    case JOB_GIVEN_UP: fprintf(stderr, "ERROR: The connection to the printer breaks every time.\n"); break;
    }
    return CUPS_BACKEND_CANCEL;
}

static bool listen_for_the_end(struct job *job)
{
    struct sigaction ignore = {.sa_handler = SIG_IGN};
    sigemptyset(&job->stop_on);
    sigaddset(&job->stop_on, SIGTERM); /* looked for between two steps: see job.c */
    setvbuf(stderr, NULL, _IOLBF, 0);
    if (sigprocmask(SIG_BLOCK, &job->stop_on, NULL) || sigaction(SIGPIPE, &ignore, NULL)) return false;
    /* A CUPS that is killed must not leave us behind: the next one starts another of us for the same job. */
    return prctl(PR_SET_PDEATHSIG, SIGTERM) == 0 && getppid() != 1;
}

static int run(struct job *job, const char *options, int document)
{
    struct ledger ledger;
    char uuid[80];
    uint8_t *bytes = read_document(document, &job->length);
    if (!bytes) {
        fprintf(stderr, "ERROR: The document cannot be read.\n");
        return CUPS_BACKEND_CANCEL;
    }
    read_uuid(options, uuid, sizeof uuid);
    ledger_open(&ledger, getenv("CUPS_CACHEDIR"), getenv("PRINTER"));
    job->ledger = &ledger;
    job->uuid = uuid;
    job->bytes = bytes;
    int code = report(job_run(job));
    ledger_close(&ledger);
    free(bytes);
    return code;
}

int cups_job_main(struct job *job, int argc, char **argv)
{
    if (argc < 6 || argc > 7) {
        fprintf(stderr, "Usage: %s job-id user title copies options [file]\n", argv[0]);
        return CUPS_BACKEND_FAILED;
    }
    int document = argc == 7 ? open(argv[6], O_RDONLY | O_CLOEXEC) : STDIN_FILENO;
    if (document < 0 || !listen_for_the_end(job)) {
        fprintf(stderr, "ERROR: The document cannot be opened.\n");
        return CUPS_BACKEND_STOP;
    }
    int code = run(job, argv[5], document);
    if (argc == 7) close(document);
    return code;
}
