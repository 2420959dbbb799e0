/* SPDX-License-Identifier: MIT */
#include "hub/utf8.h"

size_t utf8_step(const char *at, const char *end)
{
    const unsigned char *c = (const unsigned char *)at;
    if (at >= end) return 0;
    if (c[0] < 0x80) return 1;
    size_t length = c[0] >= 0xc2 && c[0] <= 0xdf   ? 2
                    : c[0] >= 0xe0 && c[0] <= 0xef ? 3
                    : c[0] >= 0xf0 && c[0] <= 0xf4 ? 4
                                                   : 0;
    if (!length || (size_t)(end - at) < length) return 0;
    if ((c[0] == 0xe0 && c[1] < 0xa0) || (c[0] == 0xed && c[1] > 0x9f) || (c[0] == 0xf0 && c[1] < 0x90) ||
        (c[0] == 0xf4 && c[1] > 0x8f))
        return 0;
    for (size_t i = 1; i < length; i++)
        if ((c[i] & 0xc0) != 0x80) return 0;
    return length;
}

bool utf8_valid(const char *text, size_t length)
{
    const char *end = text + length;
    while (text < end) {
        size_t step = utf8_step(text, end);
        if (!step) return false;
        text += step;
    }
    return true;
}

size_t utf8_count(const char *text)
{
    size_t count = 0;
    for (; *text; text++)
        count += ((unsigned char)*text & 0xc0) != 0x80;
    return count;
}
