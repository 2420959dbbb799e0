/* SPDX-License-Identifier: MIT */
/* A printer that says anything: the whole conversation over a real socket, from the first question to the last. */
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "drivers/escpos/escpos_dialogue.h"
#include "tests/fuzz/fuzz.h"

/* The printer's side has said all that it will say, and hears no more than the socket holds. */
static bool open_line(const uint8_t *says, size_t length, int ends[2])
{
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends)) return false;
    return write(ends[1], says, length) == (ssize_t)length && shutdown(ends[1], SHUT_WR) == 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const uint8_t ticket[300] = {0x1b, '@'};
    struct escpos_dialogue d;
    uint8_t question[16];
    size_t sent = 0;
    int ends[2];
    if (size < 1 || size > 2000 || !open_line(data + 1, size - 1, ends)) return 0;
    escpos_dialogue_init(&d, ends[0], ends[0]);
    enum escpos_result result = escpos_ask_status(&d, 50);
    if (result == ESCPOS_DONE && data[0] & 1) result = escpos_ask_maker(&d, 50);
    if (result != ESCPOS_LOST) result = escpos_send(&d, ticket, sizeof ticket, &sent, 50);
    FUZZ_HOLDS(sent <= sizeof ticket);
    size_t length = escpos_question_at_end(question, "k018", data[0] & 2);
    FUZZ_HOLDS(length <= sizeof question);
    sent = 0;
    if (result != ESCPOS_LOST) result = escpos_send(&d, question, length, &sent, 50);
    if (result != ESCPOS_LOST) result = escpos_await_answer(&d, 50);
    FUZZ_HOLDS(result != ESCPOS_DONE || d.acknowledged);
    FUZZ_HOLDS(strlen(d.maker) < sizeof d.maker && strlen(d.process_id) < sizeof d.process_id);
    close(ends[0]);
    close(ends[1]);
    return 0;
}
