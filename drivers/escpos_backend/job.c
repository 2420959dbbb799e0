/* SPDX-License-Identifier: MIT */
#include "drivers/escpos_backend/job.h"

#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <time.h>
#include <unistd.h>

#include "drivers/escpos/escpos_dialogue.h"

enum {
    DIAL_MS = 2000,
    ANSWER_MS = 1000,    /* for one answer to DLE EOT; printers need some milliseconds */
    AGAIN_MS = 300,      /* between two looks at a printer that is not ready */
    PIECE_BYTES = 4096,  /* sent between two looks */
    PIECE_MS = 150,      /* a piece that is not taken, an answer that does not come: ask why */
    PATIENCE_MS = 60000, /* a ready printer that does not acknowledge */
    SILENCES_MAX = 3,    /* of a printer that never answered: then it is one that cannot */
    MAKER_MS = 500,      /* for the one question of a new printer's life */
    BROKEN_MAX = 3       /* connections lost in the middle of this job */
};

/* RFC 8011 5.4.12; CUPS keeps what a backend told until it takes it back. */
#define ALL_REASONS                                                                                                    \
    "media-empty-error,media-low-warning,cover-open-error,other-error,offline-report,connecting-to-device"
/* ESC @, and a line in the printer's own letters: the picture that follows knows nothing of it. */
static const uint8_t duplicate[] = "\x1b@*** POSSIBLE DUPLICATE ***\n";

static int64_t now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void rest(int ms)
{
    poll(NULL, 0, ms);
}

/* Somebody wants us to end. */
static bool stopped(struct job *j)
{
    struct timespec none = {0};
    if (!j->stopped) j->stopped = sigtimedwait(&j->stop_on, NULL, &none) > 0;
    return j->stopped;
}

static void tell(struct job *j, const char *reason, const char *message)
{
    if (strcmp(j->reason, reason) == 0) return;
    if (j->reason[0]) fprintf(stderr, "STATE: -%s\n", j->reason);
    if (*reason) fprintf(stderr, "STATE: +%s\n", reason);
    fprintf(stderr, "%s: %s\n", *reason ? "WARNING" : "INFO", message);
    snprintf(j->reason, sizeof j->reason, "%s", reason);
}

static void tell_status(struct job *j, const struct escpos_status *s)
{
    if (s->cover_open)
        tell(j, "cover-open-error", "The printer's cover is open.");
    else if (s->paper_out)
        tell(j, "media-empty-error", "The printer is out of paper.");
    else if (s->error)
        tell(j, "other-error", s->cutter_error ? "The printer's cutter is stuck." : "The printer reports an error.");
    else if (s->offline)
        tell(j, "offline-report", "The printer is switched off line.");
    else if (s->paper_near_end)
        tell(j, "media-low-warning", "The paper is nearly at its end.");
    else
        tell(j, "", "Printing.");
}

/* ---- getting ready ----------------------------------------------------------------------------------------------- */

static int connect_to(const struct escpos_target *t)
{
    if (!t->device) return escpos_dial(t->host, t->port, DIAL_MS);
    return open(t->path, O_RDWR | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
}

static bool mute(const struct job *j)
{
    return j->target && j->target->mute;
}

/* False when we are to stop. */
static bool reach(struct job *j)
{
    if (!j->target) return !stopped(j); /* somebody else has connected us */
    while (!stopped(j)) {
        j->in = j->out = connect_to(j->target);
        if (j->in >= 0) return true;
        tell(j, "connecting-to-device", "The printer cannot be reached: it is off, or not connected.");
        rest(AGAIN_MS);
    }
    return false;
}

/* DONE: ready. SILENT: it is one that cannot answer. LOST: connect again. */
static enum escpos_result await_ready(struct job *j, struct escpos_dialogue *d, int *silences)
{
    if (mute(j)) return ESCPOS_SILENT;
    while (!stopped(j)) {
        enum escpos_result result = escpos_ask_status(d, ANSWER_MS);
        if (result == ESCPOS_LOST) return result;
        if (result == ESCPOS_SILENT) {
            if (!j->ledger->answers && ++*silences >= SILENCES_MAX) return ESCPOS_SILENT;
            tell(j, "connecting-to-device", "The printer is connected but does not answer.");
            return ESCPOS_LOST;
        }
        ledger_answers(j->ledger);
        tell_status(j, &d->status);
        if (escpos_status_ready(&d->status)) return ESCPOS_DONE;
        rest(AGAIN_MS);
    }
    return ESCPOS_LOST;
}

/* ---- printing ---------------------------------------------------------------------------------------------------- */

/* Asks how it fares, and tells: also that it says nothing any more. */
static enum escpos_result ask_and_tell(struct job *j, struct escpos_dialogue *d)
{
    enum escpos_result result = escpos_ask_status(d, ANSWER_MS);
    if (result == ESCPOS_DONE) tell_status(j, &d->status);
    if (result == ESCPOS_SILENT)
        tell(j, "connecting-to-device", "The printer is connected but does not answer any more.");
    return result;
}

/* Sends all of it, however long paper and cover take. `deaf`: there is nobody to ask. */
static enum escpos_result send_all(
    struct job *j, struct escpos_dialogue *d, const uint8_t *bytes, size_t length, bool deaf)
{
    size_t sent = 0;
    while (sent < length) {
        size_t piece = length - sent < PIECE_BYTES ? length : sent + PIECE_BYTES;
        enum escpos_result result = escpos_send(d, bytes, piece, &sent, PIECE_MS);
        if (result == ESCPOS_LOST || stopped(j)) return ESCPOS_LOST;
        if (deaf) continue;
        /* What it told by itself, or, when it takes no more, what it says when it is asked. */
        if (result == ESCPOS_SILENT && ask_and_tell(j, d) == ESCPOS_LOST) return ESCPOS_LOST;
        if (result == ESCPOS_DONE) tell_status(j, &d->status);
    }
    return ESCPOS_DONE;
}

/* A new printer is asked for its maker: Epson's know GS ( H, and answer it with the very job; others may print it. */
static bool knows_process_id(struct job *j, struct escpos_dialogue *d)
{
    if (j->target && j->target->process_id) return true;
    if (j->ledger->process_id == PROCESS_ID_UNKNOWN && escpos_ask_maker(d, MAKER_MS) != ESCPOS_LOST)
        ledger_process_id(j->ledger, strncasecmp(d->maker, "EPSON", 5) == 0);
    return j->ledger->process_id == PROCESS_ID_YES;
}

static enum escpos_result ask_at_end(struct job *j, struct escpos_dialogue *d, bool process_id)
{
    uint8_t question[16];
    char id[5];
    snprintf(id, sizeof id, "%.4s", j->uuid[0] ? j->uuid : "kot0");
    size_t length = escpos_question_at_end(question, id, process_id);
    return send_all(j, d, question, length, false);
}

/* A printer that fell silent and speaks again may have answered into the void: then it is asked once more. */
static enum escpos_result acknowledged(struct job *j, struct escpos_dialogue *d, bool process_id)
{
    enum escpos_result result = ask_at_end(j, d, process_id);
    int64_t until = now_ms() + PATIENCE_MS;
    bool missed = false;
    while (result == ESCPOS_DONE && !d->acknowledged) {
        if (stopped(j)) return ESCPOS_LOST;
        if (escpos_await_answer(d, PIECE_MS) == ESCPOS_LOST) return ESCPOS_LOST;
        if (d->acknowledged) break;
        enum escpos_result answer = ask_and_tell(j, d);
        if (answer == ESCPOS_LOST) return ESCPOS_LOST;
        if (answer == ESCPOS_DONE && missed) result = ask_at_end(j, d, process_id);
        missed = answer == ESCPOS_SILENT;
        /* Somebody has to help it first. */
        if (answer == ESCPOS_DONE && !escpos_status_ready(&d->status)) until = now_ms() + PATIENCE_MS;
        if (now_ms() > until) return ESCPOS_LOST;
    }
    if (result == ESCPOS_DONE && process_id && !d->process_id[0]) ledger_process_id(j->ledger, false);
    return result;
}

static enum escpos_result print(struct job *j, struct escpos_dialogue *d, bool deaf)
{
    bool process_id = !deaf && knows_process_id(j, d);
    bool again = ledger_look(j->ledger, j->uuid) != LEDGER_NEW;
    if (!again && !ledger_write(j->ledger, j->uuid, LEDGER_BEGUN) && j->uuid[0])
        fprintf(stderr, "WARNING: The ledger %s cannot be written.\n", j->ledger->path);
    /* By it drivers/printer_cups knows that a job that it cancels may be on paper. */
    fprintf(stderr, "ATTR: job-media-progress=1\n");
    enum escpos_result result = ESCPOS_DONE;
    if (!result && again) result = send_all(j, d, duplicate, sizeof duplicate - 1, deaf);
    if (!result) result = send_all(j, d, j->bytes, j->length, deaf);
    if (!result && !deaf) result = acknowledged(j, d, process_id);
    if (!result) ledger_write(j->ledger, j->uuid, LEDGER_DONE);
    return result;
}

enum job_end job_run(struct job *j)
{
    int silences = 0, broken = 0;
    fprintf(stderr, "STATE: -" ALL_REASONS "\n");
    while (!stopped(j) && !ledger_lock(j->ledger))
        rest(AGAIN_MS); /* what the other one does we must know */
    if (ledger_look(j->ledger, j->uuid) == LEDGER_DONE) return JOB_ALREADY;
    while (!stopped(j) && broken < BROKEN_MAX) {
        struct escpos_dialogue d;
        if (!reach(j)) break;
        escpos_dialogue_init(&d, j->in, j->out);
        enum escpos_result ready = await_ready(j, &d, &silences);
        enum escpos_result result = ready == ESCPOS_LOST ? ready : print(j, &d, ready == ESCPOS_SILENT);
        if (j->target) close(j->in);
        if (result == ESCPOS_DONE) {
            tell(j, d.status.paper_near_end ? "media-low-warning" : "", "");
            return ready == ESCPOS_SILENT ? JOB_HANDED_OVER : JOB_CONFIRMED;
        }
        if (ready != ESCPOS_LOST && !stopped(j)) {
            broken++;
            tell(j, "other-error", "The connection broke while printing: the ticket may be on paper in part.");
        }
        if (!j->target && (ready != ESCPOS_LOST || silences == 0)) break; /* nobody connects a filter again */
        if (!stopped(j)) rest(AGAIN_MS);
    }
    return stopped(j) ? JOB_STOPPED : JOB_GIVEN_UP;
}
