/* SPDX-License-Identifier: MIT */
/*
 * A CUPS backend for receipt printers, `escpos://HOST[:PORT]` on the network and `escpos-usb:/dev/usb/lp0` beside the
 * box: a thin shell around drivers/escpos. CUPS starts it for each job with (job-id user title copies options [file]),
 * the device URI in DEVICE_URI, the queue in PRINTER; without arguments it says what it is. See backend(7).
 */
#include <cups/backend.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "drivers/escpos_backend/job.h"

enum { DOCUMENT_MAX = 16 << 20 /* a ticket of eighty metres */ };

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

static int print_job(const char *uri, const char *options, int document)
{
    struct escpos_target target;
    struct ledger ledger;
    char uuid[80];
    size_t length = 0;
    if (!escpos_target_read(uri, &target)) {
        fprintf(stderr, "ERROR: \"%s\" is no address of a printer: write escpos://HOST:PORT.\n", uri);
        return CUPS_BACKEND_STOP;
    }
    uint8_t *bytes = read_document(document, &length);
    if (!bytes) {
        fprintf(stderr, "ERROR: The document cannot be read.\n");
        return CUPS_BACKEND_CANCEL;
    }
    read_uuid(options, uuid, sizeof uuid);
    ledger_open(&ledger, getenv("CUPS_CACHEDIR"), getenv("PRINTER"));
    struct job job = {.target = &target, .ledger = &ledger, .uuid = uuid, .bytes = bytes, .length = length};
    sigemptyset(&job.stop_on);
    sigaddset(&job.stop_on, SIGTERM);
    int code = report(job_run(&job));
    free(bytes);
    return code;
}

int main(int argc, char **argv)
{
    if (argc == 1) {
        bool usb = strstr(argv[0], "escpos-usb") != NULL;
        printf("%s\n", usb ? "direct escpos-usb \"Unknown\" \"ESC/POS receipt printer (USB)\""
                           : "network escpos \"Unknown\" \"ESC/POS receipt printer (network)\"");
        return CUPS_BACKEND_OK;
    }
    if (argc < 6 || argc > 7) {
        fprintf(stderr, "Usage: %s job-id user title copies options [file]\n", argv[0]);
        return CUPS_BACKEND_FAILED;
    }
    struct sigaction ignore = {.sa_handler = SIG_IGN};
    sigset_t term;
    sigemptyset(&term);
    sigaddset(&term, SIGTERM); /* looked for between two steps: see job.c */
    if (sigprocmask(SIG_BLOCK, &term, NULL) || sigaction(SIGPIPE, &ignore, NULL)) return CUPS_BACKEND_FAILED;
    setvbuf(stderr, NULL, _IOLBF, 0);
    const char *uri = getenv("DEVICE_URI");
    int document = argc == 7 ? open(argv[6], O_RDONLY | O_CLOEXEC) : STDIN_FILENO;
    if (!uri || document < 0) {
        fprintf(stderr, "ERROR: %s\n", uri ? "The document cannot be opened." : "DEVICE_URI is not set.");
        return CUPS_BACKEND_STOP;
    }
    int code = print_job(uri, argv[5], document);
    if (argc == 7) close(document);
    return code;
}
