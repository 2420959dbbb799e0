/* SPDX-License-Identifier: MIT */
#include "drivers/http_civetweb/sockets_internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

/* One talkative client must not keep the others waiting; and 100 frames a second for 5 s are no restaurant's. */
enum { READ_BUDGET = 64 << 10, FRAMES_A_SECOND = 100, HOT_SECONDS = 5 };

static ssize_t on_recv(wslay_event_context_ptr parser, uint8_t *buffer, size_t length, int flags, void *data)
{
    struct socket *socket = data;
    (void)flags;
    if (length > socket->read_budget) length = socket->read_budget;
    ssize_t got = -1;
    errno = EAGAIN;
    if (length) do {
            got = recv(socket->fd, buffer, length, MSG_DONTWAIT);
        } while (got < 0 && errno == EINTR);
    if (got > 0) {
        socket->read_budget -= (size_t)got;
        socket->got_bytes = true;
        return got;
    }
    if (got == 0 || (errno != EAGAIN && errno != EWOULDBLOCK)) {
        socket->at_end = true;
        wslay_event_set_error(parser, WSLAY_ERR_CALLBACK_FAILURE);
    } else {
        wslay_event_set_error(parser, WSLAY_ERR_WOULDBLOCK);
    }
    return -1;
}

/* What the parser answers by itself (pongs, close frames) is collected and goes out through the queue. */
static ssize_t on_send(wslay_event_context_ptr parser, const uint8_t *bytes, size_t length, int flags, void *data)
{
    struct socket *socket = data;
    (void)flags;
    if (socket->control_length + length > socket->control_room) {
        size_t room = socket->control_room * 2 + length;
        char *larger = realloc(socket->control, room);
        if (!larger) {
            wslay_event_set_error(parser, WSLAY_ERR_NOMEM);
            return -1;
        }
        socket->control = larger;
        socket->control_room = room;
    }
    memcpy(socket->control + socket->control_length, bytes, length);
    socket->control_length += length;
    return (ssize_t)length;
}

static void on_frame_start(
    wslay_event_context_ptr parser, const struct wslay_event_on_frame_recv_start_arg *arg, void *data)
{
    struct socket *socket = data;
    (void)parser;
    (void)arg;
    int64_t second = monotonic_ms() / 1000;
    if (second != socket->second) {
        bool hot = second == socket->second + 1 && socket->frames_in_second >= FRAMES_A_SECOND;
        socket->hot_seconds = hot ? socket->hot_seconds + 1 : 0;
        socket->second = second;
        socket->frames_in_second = 0;
    }
    socket->frames_in_second++;
    if (socket->hot_seconds >= HOT_SECONDS && !socket->violation) socket->violation = CLOSE_POLICY;
}

static void on_message(wslay_event_context_ptr parser, const struct wslay_event_on_msg_recv_arg *arg, void *data)
{
    struct socket *socket = data;
    (void)parser;
    if (arg->opcode == WSLAY_CONNECTION_CLOSE && arg->msg_length == 1) socket->violation = LIVE_CLOSE_PROTOCOL;
    if (wslay_is_ctrl_frame(arg->opcode) || socket->violation) return;
    if (arg->opcode != WSLAY_TEXT_FRAME)
        socket->violation = CLOSE_UNSUPPORTED;
    else if (socket->conn)
        live_message(socket->conn, arg->msg_length ? (const char *)arg->msg : "", arg->msg_length);
}

bool socket_parser_init(struct socket *socket)
{
    static const struct wslay_event_callbacks callbacks = {.recv_callback = on_recv,
        .send_callback = on_send,
        .on_frame_recv_start_callback = on_frame_start,
        .on_msg_recv_callback = on_message};
    if (wslay_event_context_server_init(&socket->parser, &callbacks, socket)) return false;
    wslay_event_config_set_max_recv_msg_length(socket->parser, MESSAGE_MAX);
    return true;
}

static void queue_control(struct socket *socket)
{
    while (wslay_event_want_write(socket->parser))
        if (wslay_event_send(socket->parser)) {
            socket->failed = true;
            return;
        }
    if (!socket->control_length) return;
    struct frame *frame = raw_frame(socket->control, socket->control_length);
    socket->control_length = 0;
    if (frame)
        socket_enqueue(socket, frame);
    else
        socket->failed = true;
    frame_unref(frame);
}

void socket_read_messages(struct socket *socket, int64_t now_ms)
{
    socket->read_budget = READ_BUDGET;
    socket->got_bytes = false;
    int result = wslay_event_recv(socket->parser);
    if (socket->got_bytes) atomic_store(&socket->last_seen_ms, now_ms);
    /* Headers that are no frame make the parser give up with a close frame that has no code; ours has one. */
    if (result && !socket->at_end && !socket->violation) socket->violation = LIVE_CLOSE_PROTOCOL;
    if (!result && !socket->violation) queue_control(socket);
}
