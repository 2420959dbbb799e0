/* SPDX-License-Identifier: MIT */
/* A job as CUPS hands it to a program: for our backend and our filter alike. See backend(7), filter(7). */
#ifndef DRIVERS_ESCPOS_CUPS_JOB_H
#define DRIVERS_ESCPOS_CUPS_JOB_H

#include "drivers/escpos_backend/job.h"

/*
 * main()'s work for (job-id user title copies options [file]): blocks the signal by which CUPS ends jobs, reads the
 * document, opens the queue's ledger (PRINTER, CUPS_CACHEDIR), runs the job (target, in and out are the caller's), says
 * on standard error how it ended. Returns a backend's exit code; for a filter all but 0 is a failure.
 */
int cups_job_main(struct job *job, int argc, char **argv);

#endif
