/* SPDX-License-Identifier: MIT */
#include "drivers/printer_cups/cups_wire.h"

#include <stdio.h>
#include <string.h>

#include "hub/port/printer.h"

static const char user_name[] = "servery";

/* Called when nothing came for PRINTER_PATIENCE_S: gives up. */
static int out_of_patience(http_t *http, void *data)
{
    (void)http;
    (void)data;
    return 0;
}

enum hub_err cups_wire_connect(struct cups_wire *wire, struct fault *fault)
{
    if (wire->http) return HUB_OK;
    const char *server = wire->server[0] ? wire->server : cupsServer();
    int port = wire->server[0] ? wire->port : ippPort();
    wire->http =
        httpConnect2(server, port, NULL, AF_UNSPEC, HTTP_ENCRYPTION_IF_REQUESTED, 1, PRINTER_PATIENCE_S * 1000, NULL);
    if (!wire->http)
        return fault_set(fault, HUB_UNAVAILABLE, NULL, "The print service (CUPS) at %.100s does not answer.", server);
    httpSetTimeout(wire->http, PRINTER_PATIENCE_S, out_of_patience, NULL);
    return HUB_OK;
}

void cups_wire_close(struct cups_wire *wire)
{
    httpClose(wire->http);
    wire->http = NULL;
}

ipp_t *cups_wire_request(const struct cups_wire *wire, ipp_op_t operation)
{
    ipp_t *request = ippNewRequest(operation);
    if (!request) return NULL;
    ippAddString(request, IPP_TAG_OPERATION, IPP_TAG_URI, "printer-uri", NULL, wire->uri);
    ippAddString(request, IPP_TAG_OPERATION, IPP_TAG_NAME, "requesting-user-name", NULL, user_name);
    return request;
}

ipp_t *cups_wire_ask(struct cups_wire *wire, ipp_t *request, struct fault *fault)
{
    return cups_wire_ask_at(wire, wire->resource, request, fault);
}

ipp_t *cups_wire_ask_at(struct cups_wire *wire, const char *resource, ipp_t *request, struct fault *fault)
{
    if (!request) {
        fault_set(fault, HUB_UNAVAILABLE, NULL, "There is no memory to ask the print service.");
        return NULL;
    }
    if (cups_wire_connect(wire, fault)) {
        ippDelete(request);
        return NULL;
    }
    /* Without an answer the status says "ok" all the same: only the answer itself counts. */
    ipp_t *answer = cupsDoRequest(wire->http, request, resource);
    if (answer && ippGetStatusCode(answer) < IPP_STATUS_ERROR_BAD_REQUEST) return answer;
    if (answer && ippGetStatusCode(answer) == IPP_STATUS_ERROR_NOT_FOUND) {
        fault_set(
            fault, HUB_NOT_FOUND, NULL, "The print service knows no queue or job of that name (%.100s).", wire->queue);
    } else {
        fault_set(fault, HUB_UNAVAILABLE, NULL, "The print service does not answer, or refuses: %.150s",
            answer ? ippErrorString(ippGetStatusCode(answer)) : "no answer in time");
        cups_wire_close(wire);
    }
    ippDelete(answer);
    return NULL;
}
