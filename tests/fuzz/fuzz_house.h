/* SPDX-License-Identifier: MIT */
/* A whole restaurant in memory's file system for targets that need one: made once, with the sample menu and an order or
 * two. */
#ifndef TESTS_FUZZ_HOUSE_H
#define TESTS_FUZZ_HOUSE_H

#include "drivers/crypto_sodium/crypto_sodium.h"
#include "hub/http.h"
#include "hub/hub.h"
#include "hub/port/crypto.h"

/* Opened on the first call; it lives until the process ends. Aborts when it cannot be made. */
struct hub *fuzz_house(void);
/* A token of the owner's. */
const char *fuzz_house_token(void);
/* A header function for requests that come with the owner's token, a Host and nothing else. */
const char *fuzz_house_header(const struct http_req *req, const char *name);

#endif
