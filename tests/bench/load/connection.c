/* SPDX-License-Identifier: MIT */
#include "load/connection.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { LAN_SEGMENT = 1448 }; /* the loopback's 64 KB segments would flatter every server */

bool source_connect(struct source *source, int port, int receive_buffer)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    int segment = LAN_SEGMENT, on = 1;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    source->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (source->fd < 0) return false;
    bool ready = !setsockopt(source->fd, IPPROTO_TCP, TCP_MAXSEG, &segment, sizeof segment) &&
                 !setsockopt(source->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (receive_buffer)
        ready = ready && !setsockopt(source->fd, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
    if (ready && !connect(source->fd, (struct sockaddr *)&address, sizeof address) &&
        !fcntl(source->fd, F_SETFL, O_NONBLOCK))
        return true;
    source_close(source);
    return false;
}

bool source_send(struct source *source, const void *bytes, size_t length)
{
    return send(source->fd, bytes, length, MSG_NOSIGNAL) == (ssize_t)length;
}

bool source_watch(struct source *source, int epoll, unsigned events, bool known)
{
    struct epoll_event event = {.events = events, .data.ptr = source};
    return !epoll_ctl(epoll, known ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, source->fd, &event);
}

void source_close(struct source *source)
{
    if (source->fd >= 0) close(source->fd);
    source->fd = -1;
}
