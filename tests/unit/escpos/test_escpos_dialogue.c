/* SPDX-License-Identifier: MIT */
/* A conversation over a socket pair: the printer's side is played here. */
#include "drivers/escpos/escpos_dialogue.h"

#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

enum { WAIT_MS = 2000 };

struct line {
    int ours, theirs;
    struct escpos_dialogue d;
};

static int open_line(void **state)
{
    static struct line line; /* one a test */
    int pair[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair)) return -1;
    line = (struct line){.ours = pair[0], .theirs = pair[1]};
    if (fcntl(line.ours, F_SETFL, O_NONBLOCK)) return -1;
    escpos_dialogue_init(&line.d, line.ours, line.ours);
    *state = &line;
    return 0;
}

static int close_line(void **state)
{
    struct line *line = *state;
    close(line->ours);
    if (line->theirs >= 0) close(line->theirs);
    return 0;
}

struct part {
    int fd;
    const uint8_t *answers; /* one to each question of three bytes */
    size_t count;
};

/* A printer that answers DLE EOT as it is told, in two pieces of nothing else. */
static void *play(void *data)
{
    struct part *part = data;
    for (size_t i = 0; i < part->count; i++) {
        uint8_t question[3];
        for (size_t got = 0; got < sizeof question;) {
            ssize_t n = read(part->fd, question + got, sizeof question - got);
            if (n <= 0) return NULL;
            got += (size_t)n;
        }
        if (write(part->fd, &part->answers[i], 1) != 1) return NULL;
    }
    return NULL;
}

static void a_printer_without_paper_is_known_as_one(void **state)
{
    struct line *line = *state;
    static const uint8_t answers[] = {0x1e, 0x32, 0x12, 0x72};
    struct part part = {line->theirs, answers, sizeof answers};
    pthread_t printer;
    assert_int_equal(pthread_create(&printer, NULL, play, &part), 0);
    assert_int_equal(escpos_ask_status(&line->d, WAIT_MS), ESCPOS_DONE);
    pthread_join(printer, NULL);
    assert_true(line->d.status.paper_out);
    assert_true(line->d.status.offline);
    assert_false(line->d.status.cover_open);
    assert_true(line->d.answered);
}

static void one_that_says_nothing_is_silent_and_one_that_hangs_up_is_lost(void **state)
{
    struct line *line = *state;
    assert_int_equal(escpos_ask_status(&line->d, 20), ESCPOS_SILENT);
    assert_false(line->d.answered);
    close(line->theirs);
    line->theirs = -1;
    assert_int_equal(escpos_ask_status(&line->d, WAIT_MS), ESCPOS_LOST);
}

static void a_printer_that_takes_no_more_is_waited_for_only_so_long(void **state)
{
    struct line *line = *state;
    static uint8_t much[4 << 20];
    size_t sent = 0;
    assert_int_equal(escpos_send(&line->d, much, sizeof much, &sent, 20), ESCPOS_SILENT);
    assert_true(sent > 0 && sent < sizeof much);
    size_t before = sent;
    uint8_t drain[65536];
    assert_true(read(line->theirs, drain, sizeof drain) > 0);
    assert_int_equal(escpos_send(&line->d, much, sizeof much, &sent, 20), ESCPOS_SILENT);
    assert_true(sent > before);
}

static void the_answer_at_the_end_says_that_all_was_worked_off(void **state)
{
    struct line *line = *state;
    uint8_t question[16];
    assert_int_equal(escpos_question_at_end(question, "k018", false), 3);
    assert_int_equal(escpos_question_at_end(question, "k018", true), 14);
    assert_memory_equal(question, "\x1d(H\x06\x00\x30\x30k018", 11);
    assert_int_equal(escpos_await_answer(&line->d, 20), ESCPOS_SILENT);
    static const uint8_t real_time_only[] = {0x12};
    assert_int_equal(write(line->theirs, real_time_only, 1), 1);
    assert_int_equal(escpos_await_answer(&line->d, 20), ESCPOS_SILENT);
    static const uint8_t answer[] = {0x37, 0x22, 'k', '0', '1', '8', 0};
    assert_int_equal(write(line->theirs, answer, sizeof answer), sizeof answer);
    assert_int_equal(escpos_await_answer(&line->d, WAIT_MS), ESCPOS_DONE);
    assert_string_equal(line->d.process_id, "k018");
}

static void what_a_printer_tells_unasked_is_heard_while_sending(void **state)
{
    struct line *line = *state;
    static const uint8_t cover_open[] = {0x30, 0, 0, 0};
    static uint8_t much[4 << 20];
    size_t sent = 0;
    assert_int_equal(write(line->theirs, cover_open, sizeof cover_open), sizeof cover_open);
    assert_int_equal(escpos_send(&line->d, much, sizeof much, &sent, 50), ESCPOS_SILENT);
    assert_true(line->d.status.cover_open);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_printer_without_paper_is_known_as_one, open_line, close_line),
        cmocka_unit_test_setup_teardown(
            one_that_says_nothing_is_silent_and_one_that_hangs_up_is_lost, open_line, close_line),
        cmocka_unit_test_setup_teardown(a_printer_that_takes_no_more_is_waited_for_only_so_long, open_line, close_line),
        cmocka_unit_test_setup_teardown(the_answer_at_the_end_says_that_all_was_worked_off, open_line, close_line),
        cmocka_unit_test_setup_teardown(what_a_printer_tells_unasked_is_heard_while_sending, open_line, close_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
