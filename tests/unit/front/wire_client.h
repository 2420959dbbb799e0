/* SPDX-License-Identifier: MIT */
/* A client over a raw socket, able to break every rule. Functions fail the test on errors unless they say otherwise. */
#ifndef TESTS_WIRE_CLIENT_H
#define TESTS_WIRE_CLIENT_H

#include <stdbool.h>
#include <stddef.h>

int client_connect(int port);
/* As client_connect(), with a small receive buffer. */
int client_connect_small(int port);
void client_send(int fd, const void *bytes, size_t length);
void client_print(int fd, const char *format, ...) __attribute__((format(printf, 2, 3)));

struct response {
    int status;
    char head[4096];
    char *body; /* malloc'ed, NUL-terminated */
    size_t length;
};
/* Reads one response; status 0 when the connection ended first. `head_only`: the answer to HEAD. */
void client_response(int fd, bool head_only, struct response *out);
void response_finish(struct response *response);
/* Connects, sends the request, reads the answer, closes. Returns the status. */
int client_get(int port, const char *path);
int client_request(int port, const char *text, struct response *out);

/* Upgrades; the 101 is checked. */
int client_websocket(int port);
void client_upgrade(int fd);
/* A masked frame. first: FIN, RSV and opcode. */
void client_frame(int fd, int first, const void *payload, size_t length);

struct message {
    int opcode;    /* -1: the connection ended */
    char *payload; /* malloc'ed, NUL-terminated */
    size_t length;
};
void client_read(int fd, struct message *out);
void message_finish(struct message *message);
/* The next frame is a text with that content. */
void client_expect(int fd, const char *text);
/* Reads up to a close frame and returns its code; 0 for the end without one. */
int client_close_code(int fd);
/* Reads to the end of the connection. */
void client_expect_end(int fd);

#endif
