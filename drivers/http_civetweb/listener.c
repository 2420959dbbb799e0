/* SPDX-License-Identifier: MIT */
#include "drivers/http_civetweb/door.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/tcp.h> /* its tcp_info is whole; <netinet/tcp.h> has an old one */
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    DEFER_ACCEPT_S = 60,
    USER_TIMEOUT_MS = 10000,
    KEEP_IDLE_S = 15,
    KEEP_INTERVAL_S = 5,
    KEEP_COUNT = 3,
    SEND_BUFFER = 65536, /* bounds what a dead screen swallows */
    SCAN_MAX = 65536
};

static enum hub_err bad_address(struct fault *fault, const char *listen)
{
    return fault_set(fault, HUB_UNAVAILABLE, "listen",
        "\"%s\" is no address to listen on. Write an IPv4 address and a port, such as 127.0.0.1:8080, or *:8080 for "
        "every "
        "address of this machine.",
        listen);
}

static enum hub_err bind_failed(struct fault *fault, const char *host, int port, int error)
{
    switch (error) {
    case EADDRINUSE:
        return fault_set(fault, HUB_UNAVAILABLE, "listen",
            "Port %d on %s is already in use. Stop the other program, or choose another port with --listen %s:PORT.",
            port, host, host);
    case EACCES:
    case EPERM:
        return fault_set(fault, HUB_UNAVAILABLE, "listen",
            "This user may not listen on port %d. Choose a port from 1024 up, or let the system give the right.", port);
    case EADDRNOTAVAIL:
        return fault_set(fault, HUB_UNAVAILABLE, "listen",
            "%s is no address of this machine. Use one that is, or *:%d for all of them.", host, port);
    default:
        return fault_set(fault, HUB_UNAVAILABLE, "listen", "Cannot listen on %s:%d: %s.", host, port, strerror(error));
    }
}

enum hub_err listener_check(const char *listen, char *text, size_t size, struct fault *fault)
{
    char host[INET_ADDRSTRLEN] = "";
    const char *colon = strrchr(listen, ':');
    size_t host_length = colon ? (size_t)(colon - listen) : 0;
    if (!colon || host_length >= sizeof host || !colon[1] || strspn(colon + 1, "0123456789") != strlen(colon + 1) ||
        strlen(colon + 1) > 5)
        return bad_address(fault, listen);
    memcpy(host, listen, host_length);
    if (!host_length || !strcmp(host, "*")) snprintf(host, sizeof host, "0.0.0.0");
    if (!strcmp(host, "localhost")) snprintf(host, sizeof host, "127.0.0.1");
    long port = strtol(colon + 1, NULL, 10);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    if (port > UINT16_MAX || inet_pton(AF_INET, host, &address.sin_addr) != 1) return bad_address(fault, listen);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), on = 1, error = 0;
    if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) ||
        bind(fd, (struct sockaddr *)&address, sizeof address))
        error = errno;
    if (fd >= 0) close(fd);
    if (error) return bind_failed(fault, host, (int)port, error);
    snprintf(text, size, "%s:%ld", host, port);
    return HUB_OK;
}

static void set_option(int fd, int level, int name, int value)
{
    /* Each is a safeguard, none is needed to serve: an old kernel may refuse one. */
    (void)setsockopt(fd, level, name, &value, sizeof value);
}

static int scan_limit(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) || limit.rlim_cur > SCAN_MAX) return SCAN_MAX;
    return (int)limit.rlim_cur;
}

static int port_of(const struct sockaddr_storage *address)
{
    if (address->ss_family == AF_INET) return ntohs(((const struct sockaddr_in *)address)->sin_port);
    if (address->ss_family == AF_INET6) return ntohs(((const struct sockaddr_in6 *)address)->sin6_port);
    return -1;
}

void listener_tune(struct entrance *entrance)
{
    int limit = scan_limit();
    for (int fd = 3; fd < limit; fd++) {
        struct sockaddr_storage local;
        socklen_t size = sizeof local;
        int listening = 0;
        socklen_t listening_size = sizeof listening;
        if (getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listening, &listening_size) || !listening) continue;
        if (getsockname(fd, (struct sockaddr *)&local, &size) || port_of(&local) != entrance->port) continue;
        entrance->listener = fd;
        set_option(fd, IPPROTO_TCP, TCP_DEFER_ACCEPT, DEFER_ACCEPT_S);
        set_option(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, USER_TIMEOUT_MS);
        set_option(fd, SOL_SOCKET, SO_KEEPALIVE, 1);
        set_option(fd, IPPROTO_TCP, TCP_KEEPIDLE, KEEP_IDLE_S);
        set_option(fd, IPPROTO_TCP, TCP_KEEPINTVL, KEEP_INTERVAL_S);
        set_option(fd, IPPROTO_TCP, TCP_KEEPCNT, KEEP_COUNT);
        set_option(fd, IPPROTO_TCP, TCP_NODELAY, 1);
        set_option(fd, SOL_SOCKET, SO_SNDBUF, SEND_BUFFER);
        return;
    }
}

/* Any text form of an address as an IPv6 one, IPv4 mapped; a scope ("%eth0") is ignored. */
static bool parse_address(const char *text, struct in6_addr *out)
{
    char bare[ADDRESS_MAX];
    struct in_addr v4;
    snprintf(bare, sizeof bare, "%.*s", (int)strcspn(text, "%"), text);
    if (inet_pton(AF_INET, bare, &v4) == 1) {
        *out = (struct in6_addr){.s6_addr = {[10] = 0xff, [11] = 0xff}};
        memcpy(&out->s6_addr[12], &v4, sizeof v4);
        return true;
    }
    return inet_pton(AF_INET6, bare, out) == 1;
}

static bool same_address(const struct sockaddr_storage *address, const struct in6_addr *wanted)
{
    if (address->ss_family == AF_INET6)
        return !memcmp(&((const struct sockaddr_in6 *)address)->sin6_addr, wanted, sizeof *wanted);
    static const unsigned char mapped[12] = {[10] = 0xff, [11] = 0xff};
    return address->ss_family == AF_INET && !memcmp(wanted, mapped, sizeof mapped) &&
           !memcmp(&((const struct sockaddr_in *)address)->sin_addr, &wanted->s6_addr[12], 4);
}

/* Both ends of a connected descriptor; false when it is none. */
static bool connection_ends(int fd, struct sockaddr_storage *peer, int *local_port)
{
    struct sockaddr_storage local;
    socklen_t peer_size = sizeof *peer, local_size = sizeof local;
    if (getpeername(fd, (struct sockaddr *)peer, &peer_size)) return false;
    if (getsockname(fd, (struct sockaddr *)&local, &local_size)) return false;
    *local_port = port_of(&local);
    return *local_port > 0;
}

/*
 * civetweb tells no descriptor. Both ends name one connection: the kernel keeps no second of the same pair, and one
 * that was reset has no peer any more. getpeername() on a few dozen numbers is cheaper than reading /proc.
 */
int connection_find(const char *remote, int remote_port, int local_port)
{
    struct in6_addr wanted;
    struct sockaddr_storage peer;
    int limit = scan_limit(), port;
    if (!parse_address(remote, &wanted)) return -1;
    for (int fd = 3; fd < limit; fd++)
        if (connection_ends(fd, &peer, &port) && port == local_port && port_of(&peer) == remote_port &&
            same_address(&peer, &wanted))
            return fd;
    return -1;
}

static bool has_spoken(int fd, int silent_ms)
{
    struct tcp_info info = {0};
    socklen_t size = sizeof info;
    if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &size)) return true;
    return info.tcpi_bytes_received > 0 || info.tcpi_last_data_recv < (unsigned)silent_ms;
}

static void address_text(const struct sockaddr_storage *address, char out[ADDRESS_MAX])
{
    if (address->ss_family == AF_INET6)
        inet_ntop(AF_INET6, &((const struct sockaddr_in6 *)address)->sin6_addr, out, ADDRESS_MAX);
    else
        inet_ntop(AF_INET, &((const struct sockaddr_in *)address)->sin_addr, out, ADDRESS_MAX);
    if (!strncmp(out, "::ffff:", 7) && strchr(out, '.')) memmove(out, out + 7, strlen(out + 7) + 1);
}

void connections_scan(
    const struct front_door *door, int silent_ms, void (*each)(struct accepted *one, void *data), void *data)
{
    int limit = scan_limit();
    if (limit > TAKEN_OVER_FROM) limit = TAKEN_OVER_FROM;
    for (int fd = 3; fd < limit; fd++) {
        struct sockaddr_storage peer;
        struct accepted one = {.fd = fd};
        int port;
        if (!connection_ends(fd, &peer, &port)) continue;
        if (port != door->staff.port && port != door->guests.port) continue;
        address_text(&peer, one.remote);
        one.silent = !has_spoken(fd, silent_ms);
        each(&one, data);
    }
}
