/* SPDX-License-Identifier: MIT */
/* Is it UTF-8? Strictly: no overlong forms, no surrogates, nothing above U+10FFFF. Pure. */
#ifndef HUB_UTF8_H
#define HUB_UTF8_H

#include <stdbool.h>
#include <stddef.h>

/* Bytes of the character that begins at `at` (before `end`), 1 to 4; 0 when it is none. */
size_t utf8_step(const char *at, const char *end);
bool utf8_valid(const char *text, size_t length);
/* Characters (code points) of a valid, NUL-terminated text. */
size_t utf8_count(const char *text);

#endif
