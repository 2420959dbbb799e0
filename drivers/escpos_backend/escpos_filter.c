/* SPDX-License-Identifier: MIT */
/*
 * The same dialogue as a CUPS filter, for printers that only somebody else's backend can reach (usb://, socket://): it
 * asks by standard output, and hears the answers on the back channel, descriptor 3. Used by queues with
 * servery-escpos.ppd; their jobs are of the type application/vnd.servery-escpos. See filter(7).
 */
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "drivers/escpos_backend/cups_job.h"

enum { BACK_CHANNEL = 3 };

static bool unblock(int fd)
{
    int flags = fcntl(fd, F_GETFL);
    return flags >= 0 && fcntl(fd, F_SETFL, flags | O_NONBLOCK) == 0;
}

int main(int argc, char **argv)
{
    struct job job = {.target = NULL, .in = BACK_CHANNEL, .out = STDOUT_FILENO};
    if (!unblock(job.in) || !unblock(job.out)) {
        fprintf(stderr, "ERROR: This filter talks to a printer over CUPS' back channel, and there is none.\n");
        return 1;
    }
    return cups_job_main(&job, argc, argv);
}
