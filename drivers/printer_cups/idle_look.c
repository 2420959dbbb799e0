/* SPDX-License-Identifier: MIT */
#include "drivers/printer_cups/idle_look.h"

#include <cups/cups.h>
#include <string.h>
#include <unistd.h>

#include "drivers/escpos/escpos_dialogue.h"
#include "drivers/escpos/escpos_target.h"
#include "drivers/printer_cups/printer_reason.h"

enum {
    DIAL_MS = 1000,
    ANSWER_MS = 700,
    AGAIN_MUTE_MS = 30000, /* one that did not answer: it may be one that never does */
    AGAIN_MS = 8000        /* paper out is known in under ten seconds, by one packet or two in eight */
};

static bool silent(struct printer_health *health)
{
    printer_reason_read("connecting-to-device", health);
    health->again_ms = AGAIN_MS;
    return true;
}

/* ---- ESC/POS ----------------------------------------------------------------------------------------------------- */

static void read_status(const struct escpos_status *s, struct printer_health *health)
{
    if (s->cover_open) printer_reason_read("cover-open", health);
    if (s->paper_out) printer_reason_read("media-empty", health);
    if (s->error) printer_reason_read("other-error", health);
    if (s->offline)
        printer_reason_say(health, DEVICE_FAILED, "The printer is switched off line.", "Switch it on line.");
    if (s->paper_near_end) printer_reason_read("media-low", health);
}

static bool look_escpos(const struct escpos_target *target, struct printer_health *health)
{
    struct escpos_dialogue dialogue;
    int fd = escpos_dial(target->host, target->port, DIAL_MS);
    if (fd < 0) return silent(health);
    escpos_dialogue_init(&dialogue, fd, fd);
    enum escpos_result result = escpos_ask_status(&dialogue, ANSWER_MS);
    close(fd);
    if (result == ESCPOS_LOST || (result == ESCPOS_SILENT && health->answers)) return silent(health);
    health->again_ms = result == ESCPOS_DONE ? AGAIN_MS : AGAIN_MUTE_MS;
    if (result == ESCPOS_DONE) read_status(&dialogue.status, health);
    return result == ESCPOS_DONE; /* one that cannot answer: what its queue says must do */
}

/* ---- IPP --------------------------------------------------------------------------------------------------------- */

/* Called when nothing came in time: gives up. */
static int out_of_patience(http_t *http, void *data)
{
    (void)http;
    (void)data;
    return 0;
}

static ipp_t *ask_ipp(const char *uri)
{
    static const char *const wanted[] = {"printer-state", "printer-state-reasons"};
    char scheme[16], user[64], host[256], resource[256];
    int port;
    if (httpSeparateURI(HTTP_URI_CODING_ALL, uri, scheme, sizeof scheme, user, sizeof user, host, sizeof host, &port,
            resource, sizeof resource) < HTTP_URI_STATUS_OK)
        return NULL;
    http_encryption_t encryption = strcmp(scheme, "ipps") == 0 ? HTTP_ENCRYPTION_ALWAYS : HTTP_ENCRYPTION_IF_REQUESTED;
    http_t *http = httpConnect2(host, port, NULL, AF_UNSPEC, encryption, 1, DIAL_MS, NULL);
    ipp_t *request = http ? ippNewRequest(IPP_OP_GET_PRINTER_ATTRIBUTES) : NULL, *answer = NULL;
    if (request) {
        httpSetTimeout(http, ANSWER_MS / 1000.0, out_of_patience, NULL);
        ippAddString(request, IPP_TAG_OPERATION, IPP_TAG_URI, "printer-uri", NULL, uri);
        ippAddStrings(request, IPP_TAG_OPERATION, IPP_TAG_KEYWORD, "requested-attributes", 2, NULL, wanted);
        answer = cupsDoRequest(http, request, resource);
    }
    httpClose(http);
    return answer;
}

static bool look_ipp(const char *uri, struct printer_health *health)
{
    ipp_t *answer = ask_ipp(uri);
    if (!answer) return silent(health);
    ipp_attribute_t *reasons = ippFindAttribute(answer, "printer-state-reasons", IPP_TAG_KEYWORD);
    for (int i = 0; reasons && i < ippGetCount(reasons); i++)
        printer_reason_read(ippGetString(reasons, i, NULL), health);
    ippDelete(answer);
    health->again_ms = AGAIN_MS;
    return true;
}

static bool is_ipp(const char *uri)
{
    return strncmp(uri, "ipp://", 6) == 0 || strncmp(uri, "ipps://", 7) == 0;
}

static bool is_escpos(const char *uri, struct escpos_target *target)
{
    return escpos_target_read(uri, target) && !target->device && !target->mute;
}

bool idle_look(const char *device_uri, struct printer_health *health)
{
    struct escpos_target target;
    if (is_ipp(device_uri)) return look_ipp(device_uri, health);
    return is_escpos(device_uri, &target) && look_escpos(&target, health);
}

int idle_look_later(const char *device_uri)
{
    struct escpos_target target;
    return is_ipp(device_uri) || is_escpos(device_uri, &target) ? AGAIN_MS : 0;
}
