/* SPDX-License-Identifier: MIT */
/* Requests to one CUPS queue, each bounded in time. One thread at a time; libcups keeps its last error per thread. */
#ifndef DRIVERS_CUPS_WIRE_H
#define DRIVERS_CUPS_WIRE_H

#include <cups/cups.h>

#include "hub/err.h"

struct cups_wire {
    char server[200]; /* host or path of a socket; "" = CUPS' own default */
    int port;
    char queue[128], uri[300], resource[200];
    http_t *http; /* NULL: not connected */
};

/* Connects if it is not. UNAVAILABLE. */
enum hub_err cups_wire_connect(struct cups_wire *wire, struct fault *fault);
void cups_wire_close(struct cups_wire *wire);
/* A request for the queue with its URI and our name; freed by cups_wire_ask() or ippDelete(). NULL: no memory. */
ipp_t *cups_wire_request(const struct cups_wire *wire, ipp_op_t operation);
/*
 * Sends it (freeing it) and returns the answer, freed with ippDelete(). NULL with the fault: NOT_FOUND when CUPS says
 * so, UNAVAILABLE otherwise, and then the connection is closed.
 */
ipp_t *cups_wire_ask(struct cups_wire *wire, ipp_t *request, struct fault *fault);
/* The same at another resource than the queue's: "/admin/" for what an administrator may. */
ipp_t *cups_wire_ask_at(struct cups_wire *wire, const char *resource, ipp_t *request, struct fault *fault);

#endif
