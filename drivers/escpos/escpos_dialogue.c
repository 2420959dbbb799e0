/* SPDX-License-Identifier: MIT */
#include "drivers/escpos/escpos_dialogue.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { USER_TIMEOUT_MS = 5000 /* unacknowledged bytes so long: the network to the printer is gone */ };

static int64_t now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* ---- connecting -------------------------------------------------------------------------------------------------- */

static int connected(int fd, int wait_ms)
{
    struct pollfd p = {.fd = fd, .events = POLLOUT};
    int error = ETIMEDOUT;
    socklen_t size = sizeof error;
    if (poll(&p, 1, wait_ms) == 1 && getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size)) error = errno;
    return error;
}

static int dial_one(const struct addrinfo *to, int wait_ms)
{
    int fd = socket(to->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), one = 1;
    unsigned timeout = USER_TIMEOUT_MS;
    if (fd < 0) return -1;
    int error = connect(fd, to->ai_addr, to->ai_addrlen) ? errno : 0;
    if (error == EINPROGRESS) error = connected(fd, wait_ms);
    if (error) {
        close(fd);
        errno = error;
        return -1;
    }
    (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    (void)setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &timeout, sizeof timeout);
    return fd;
}

int escpos_dial(const char *host, int port, int wait_ms)
{
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *found = NULL;
    char service[8];
    int fd = -1;
    snprintf(service, sizeof service, "%d", port);
    if (getaddrinfo(host, service, &hints, &found)) {
        errno = EHOSTUNREACH;
        return -1;
    }
    for (const struct addrinfo *to = found; to && fd < 0; to = to->ai_next)
        fd = dial_one(to, wait_ms);
    int error = errno;
    freeaddrinfo(found);
    errno = error;
    return fd;
}

/* ---- listening --------------------------------------------------------------------------------------------------- */

void escpos_dialogue_init(struct escpos_dialogue *d, int in, int out)
{
    *d = (struct escpos_dialogue){.in = in, .out = out};
}

static void take_word(struct escpos_dialogue *d, const struct escpos_word *word)
{
    if (word->kind == ESCPOS_WORD_AUTO) d->status = word->status;
    if (word->kind == ESCPOS_WORD_PAPER) d->acknowledged = true;
    if (word->kind == ESCPOS_WORD_NAME) snprintf(d->maker, sizeof d->maker, "%s", word->name);
    if (word->kind != ESCPOS_WORD_PROCESS) return;
    d->acknowledged = true;
    memcpy(d->process_id, word->id, sizeof d->process_id);
}

/* Reads what is there. *realtime: the last answer to DLE EOT, or -1. */
static enum escpos_result listen_now(struct escpos_dialogue *d, int *realtime)
{
    uint8_t bytes[64];
    ssize_t count = read(d->in, bytes, sizeof bytes);
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) return ESCPOS_SILENT;
    if (count <= 0) return ESCPOS_LOST;
    for (ssize_t i = 0; i < count; i++) {
        struct escpos_word word = escpos_reader_take(&d->reader, bytes[i]);
        if (word.kind == ESCPOS_WORD_NONE || word.kind == ESCPOS_WORD_UNKNOWN) continue;
        d->answered = true;
        if (word.kind == ESCPOS_WORD_REALTIME) *realtime = word.byte;
        take_word(d, &word);
    }
    return ESCPOS_DONE;
}

/* Waits for something to read. */
static enum escpos_result listen_for(struct escpos_dialogue *d, int64_t until_ms, int *realtime)
{
    struct pollfd p = {.fd = d->in, .events = POLLIN};
    int64_t left = until_ms - now_ms();
    int ready = poll(&p, 1, left > 0 ? (int)left : 0);
    if (ready < 0 && errno != EINTR) return ESCPOS_LOST;
    return ready > 0 ? listen_now(d, realtime) : ESCPOS_SILENT;
}

/* ---- asking ------------------------------------------------------------------------------------------------------ */

static enum escpos_result write_some(struct escpos_dialogue *d, const uint8_t *bytes, size_t length, size_t *sent)
{
    /* MSG_NOSIGNAL needs a socket; device files have no peer that could hang up. */
    ssize_t count = send(d->out, bytes, length, MSG_NOSIGNAL);
    if (count < 0 && errno == ENOTSOCK) count = write(d->out, bytes, length);
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) return ESCPOS_SILENT;
    if (count < 0) return ESCPOS_LOST;
    *sent += (size_t)count;
    return ESCPOS_DONE;
}

static enum escpos_result ask_one(struct escpos_dialogue *d, int kind, struct escpos_status *status, int wait_ms)
{
    uint8_t question[3];
    size_t sent = 0;
    int64_t until = now_ms() + wait_ms;
    escpos_status_question(kind, question);
    enum escpos_result result = escpos_send(d, question, sizeof question, &sent, wait_ms);
    while (result == ESCPOS_DONE) {
        int answer = -1;
        result = listen_for(d, until, &answer);
        if (answer >= 0 && escpos_status_answer(status, kind, (uint8_t)answer)) return ESCPOS_DONE;
        if (now_ms() >= until && result != ESCPOS_LOST) return ESCPOS_SILENT;
    }
    return result;
}

enum escpos_result escpos_ask_status(struct escpos_dialogue *d, int wait_ms)
{
    struct escpos_status status = {0};
    for (int kind = 1; kind <= ESCPOS_STATUS_KINDS; kind++) {
        enum escpos_result result = ask_one(d, kind, &status, wait_ms);
        if (result != ESCPOS_DONE) return result;
    }
    d->status = status;
    return ESCPOS_DONE;
}

enum escpos_result escpos_send(
    struct escpos_dialogue *d, const uint8_t *bytes, size_t length, size_t *sent, int wait_ms)
{
    int64_t until = now_ms() + wait_ms;
    while (*sent < length) {
        enum escpos_result result = write_some(d, bytes + *sent, length - *sent, sent);
        if (result == ESCPOS_LOST) return result;
        if (result == ESCPOS_DONE) continue;
        struct pollfd p[2] = {{.fd = d->out, .events = POLLOUT}, {.fd = d->in, .events = POLLIN}};
        int64_t left = until - now_ms();
        if (left <= 0) return ESCPOS_SILENT;
        if (poll(p, 2, (int)left) < 0 && errno != EINTR) return ESCPOS_LOST;
        int ignored = -1;
        if (p[1].revents & POLLIN && listen_now(d, &ignored) == ESCPOS_LOST) return ESCPOS_LOST;
        if ((p[0].revents | p[1].revents) & (POLLERR | POLLHUP)) return ESCPOS_LOST;
    }
    return ESCPOS_DONE;
}

/* GS ( H pL pH fn m d1..d4, fn 48, m 48: "process id response". GS r n, n 1: "transmit paper sensor status". */
size_t escpos_question_at_end(uint8_t out[16], const char id[4], bool with_process_id)
{
    static const uint8_t process[] = {0x1d, '(', 'H', 6, 0, 48, 48};
    static const uint8_t paper[] = {0x1d, 'r', 1};
    size_t length = 0;
    if (with_process_id) {
        memcpy(out, process, sizeof process);
        memcpy(out + sizeof process, id, 4);
        length = sizeof process + 4;
    }
    memcpy(out + length, paper, sizeof paper);
    return length + sizeof paper;
}

enum escpos_result escpos_ask_maker(struct escpos_dialogue *d, int wait_ms)
{
    static const uint8_t question[] = {0x1d, 'I', 66};
    size_t sent = 0;
    int ignored = -1;
    int64_t until = now_ms() + wait_ms;
    enum escpos_result result = escpos_send(d, question, sizeof question, &sent, wait_ms);
    while (result != ESCPOS_LOST && !d->maker[0] && now_ms() < until)
        result = listen_for(d, until, &ignored);
    return result == ESCPOS_LOST || d->maker[0] ? result : ESCPOS_SILENT;
}

enum escpos_result escpos_await_answer(struct escpos_dialogue *d, int wait_ms)
{
    int64_t until = now_ms() + wait_ms;
    int ignored = -1;
    enum escpos_result result = ESCPOS_DONE;
    while (!d->acknowledged && result != ESCPOS_LOST) {
        result = listen_for(d, until, &ignored);
        if (result == ESCPOS_SILENT && now_ms() >= until) return ESCPOS_SILENT;
    }
    return d->acknowledged ? ESCPOS_DONE : result;
}
