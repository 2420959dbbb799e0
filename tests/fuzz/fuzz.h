/* SPDX-License-Identifier: MIT */
/* What the fuzz targets share: libFuzzer's entry, input cut into parts, and a check that stays in every build. */
#ifndef TESTS_FUZZ_H
#define TESTS_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What must hold for any input; libFuzzer keeps the one that breaks it. */
#define FUZZ_HOLDS(condition)                                                                                          \
    do {                                                                                                               \
        if (!(condition)) abort();                                                                                     \
    } while (0)

/*
 * The input's next line (without its end) as a NUL-terminated copy of exactly its size, so that AddressSanitizer sees a
 * byte too far; freed by the caller. A NUL in it ends it early. Empty at the end.
 */
static inline char *fuzz_line(const uint8_t **data, size_t *size)
{
    const uint8_t *end = *size ? memchr(*data, '\n', *size) : NULL;
    size_t length = end ? (size_t)(end - *data) : *size;
    char *text = malloc(length + 1);
    if (!text) abort();
    if (length) memcpy(text, *data, length);
    text[length] = '\0';
    size_t used = end ? length + 1 : length;
    *data += used;
    *size -= used;
    return text;
}

/* The rest, as a copy of exactly its size without a NUL behind it; freed by the caller. */
static inline char *fuzz_rest(const uint8_t *data, size_t size)
{
    char *copy = malloc(size ? size : 1);
    if (!copy) abort();
    if (size) memcpy(copy, data, size);
    return copy;
}

#endif
