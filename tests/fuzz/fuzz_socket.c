/* SPDX-License-Identifier: MIT */
/* WebSocket frames from the wire. The input's first byte says how the bytes are cut into arrivals. */
#include <sys/socket.h>
#include <unistd.h>

#include "drivers/http_civetweb/sockets_internal.h"
#include "tests/fuzz/fuzz.h"

/* The epoll thread reads as long as this. */
static bool is_open(const struct socket *socket)
{
    return !socket->at_end && !socket->failed && !socket->violation && wslay_event_get_read_enabled(socket->parser);
}

static void arrive(struct socket *socket, int from, const uint8_t *data, size_t size, size_t step)
{
    while (size && is_open(socket)) {
        size_t part = step && step < size ? step : size;
        ssize_t sent = send(from, data, part, MSG_DONTWAIT | MSG_NOSIGNAL);
        if (sent > 0) {
            data += sent;
            size -= (size_t)sent;
        }
        socket_read_messages(socket, 1);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    int pair[2];
    struct socket socket = {.kind = SOCKET_WEB, .state = SOCKET_OPEN};
    if (size < 1) return 0;
    FUZZ_HOLDS(socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0);
    struct sockets sockets = {.epoll = -1, .event = -1, .timer = -1};
    pthread_mutex_init(&sockets.dirty_lock, NULL);
    pthread_mutex_init(&socket.lock, NULL);
    socket.sockets = &sockets;
    socket.fd = pair[0];
    FUZZ_HOLDS(socket_parser_init(&socket));
    arrive(&socket, pair[1], data + 1, size - 1, data[0] % 64);
    close(pair[1]);
    for (int i = 0; i < 4 && is_open(&socket); i++)
        socket_read_messages(&socket, 2);
    socket_drop_all(&socket);
    wslay_event_context_free(socket.parser);
    free(socket.queue.items);
    free(socket.control);
    close(pair[0]);
    pthread_mutex_destroy(&socket.lock);
    pthread_mutex_destroy(&sockets.dirty_lock);
    return 0;
}
