/* SPDX-License-Identifier: MIT */
/* The crypto port by libsodium. */
#ifndef DRIVERS_CRYPTO_SODIUM_H
#define DRIVERS_CRYPTO_SODIUM_H

struct crypto_port;

/* The one port of the process, never freed; NULL when the library finds no source of randomness. Any thread. */
struct crypto_port *crypto_sodium(void);

#endif
