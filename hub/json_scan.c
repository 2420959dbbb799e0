/* SPDX-License-Identifier: MIT */
/* The strict scan: RFC 8259 and the contract's limits, before cJSON (which is lenient, and cuts strings at \u0000) sees
 * it. */
#include "hub/json_scan.h"

#include <stdbool.h>
#include <string.h>

#include "hub/utf8.h"

enum { NUMBER_MAX = 60 };

struct scan {
    const unsigned char *start, *at, *end;
    int depth;
    const char *problem;
};

static bool fail(struct scan *s, const char *problem)
{
    if (!s->problem) s->problem = problem;
    return false;
}

static void skip_space(struct scan *s)
{
    while (s->at < s->end && (*s->at == ' ' || *s->at == '\n' || *s->at == '\r' || *s->at == '\t'))
        s->at++;
}

static int hex4(const unsigned char *p, const unsigned char *end)
{
    int value = 0;
    if (end - p < 4) return -1;
    for (int i = 0; i < 4; i++) {
        int c = p[i], digit = c >= '0' && c <= '9'                 ? c - '0'
                              : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10
                                                                   : -1;
        if (digit < 0) return -1;
        value = value * 16 + digit;
    }
    return value;
}

/* After "\u". */
static bool scan_unicode_escape(struct scan *s)
{
    int code = hex4(s->at, s->end);
    if (code < 0) return fail(s, "a broken \\u escape");
    s->at += 4;
    if (code >= 0xd800 && code <= 0xdbff) {
        int low = s->end - s->at >= 6 && s->at[0] == '\\' && s->at[1] == 'u' ? hex4(s->at + 2, s->end) : -1;
        if (low < 0xdc00 || low > 0xdfff) return fail(s, "half a surrogate pair");
        s->at += 6;
        return true;
    }
    if (code >= 0xdc00 && code <= 0xdfff) return fail(s, "half a surrogate pair");
    bool line_or_tab = code == '\n' || code == '\r' || code == '\t';
    if ((code < 0x20 && !line_or_tab) || (code >= 0x7f && code <= 0x9f)) return fail(s, "a control character");
    return true;
}

static bool scan_escape(struct scan *s)
{
    if (s->at == s->end) return fail(s, "an unfinished text");
    unsigned char c = *s->at++;
    if (c == 'u') return scan_unicode_escape(s);
    if (c == 'b' || c == 'f') return fail(s, "a control character");
    return strchr("\"\\/nrt", c) && c ? true : fail(s, "an unknown escape");
}

/* One multi-byte character; `at` is past its first byte. */
static bool scan_utf8(struct scan *s, unsigned char first)
{
    size_t length = utf8_step((const char *)s->at - 1, (const char *)s->end);
    if (!length) return fail(s, "bytes that are not UTF-8");
    if (first == 0xc2 && s->at[0] < 0xa0) return fail(s, "a control character"); /* U+0080 to U+009F */
    s->at += length - 1;
    return true;
}

static bool scan_string(struct scan *s)
{
    s->at++;
    while (s->at < s->end) {
        unsigned char c = *s->at++;
        if (c == '"') return true;
        if (c < 0x20 || c == 0x7f) return fail(s, "a control character");
        if (c == '\\' ? !scan_escape(s) : c >= 0x80 && !scan_utf8(s, c)) return false;
    }
    return fail(s, "an unfinished text");
}

static bool digits(struct scan *s)
{
    const unsigned char *from = s->at;
    while (s->at < s->end && *s->at >= '0' && *s->at <= '9')
        s->at++;
    return s->at > from ? true : fail(s, "a broken number");
}

static bool scan_number_text(struct scan *s)
{
    if (*s->at == '-') s->at++;
    if (s->at < s->end && *s->at == '0')
        s->at++;
    else if (!digits(s))
        return false;
    if (s->at < s->end && *s->at == '.') {
        s->at++;
        if (!digits(s)) return false;
    }
    if (s->at < s->end && (*s->at | 32) == 'e') {
        s->at++;
        if (s->at < s->end && (*s->at == '+' || *s->at == '-')) s->at++;
        return digits(s);
    }
    return true;
}

/* Longer ones mean nothing that a double can hold, and cJSON cuts them at a length of its own. */
static bool scan_number(struct scan *s)
{
    const unsigned char *from = s->at;
    if (!scan_number_text(s)) return false;
    return s->at - from <= NUMBER_MAX ? true : fail(s, "a number of more than 60 characters");
}

static bool scan_word(struct scan *s, const char *word)
{
    size_t length = strlen(word);
    if ((size_t)(s->end - s->at) < length || memcmp(s->at, word, length) != 0)
        return fail(s, "something that is not JSON");
    s->at += length;
    return true;
}

static bool scan_value(struct scan *s);

static bool scan_key(struct scan *s)
{
    skip_space(s);
    if (s->at == s->end || *s->at != '"') return fail(s, "a field without a name");
    if (!scan_string(s)) return false;
    skip_space(s);
    if (s->at == s->end || *s->at != ':') return fail(s, "a missing colon");
    s->at++;
    return true;
}

static bool scan_members(struct scan *s, bool object)
{
    unsigned char close = object ? '}' : ']';
    if (++s->depth > JSON_MAX_DEPTH) return fail(s, "more than 32 levels");
    s->at++;
    skip_space(s);
    if (s->at < s->end && *s->at == close) {
        s->at++;
        s->depth--;
        return true;
    }
    for (;;) {
        if (object && !scan_key(s)) return false;
        if (!scan_value(s)) return false;
        skip_space(s);
        if (s->at == s->end) return fail(s, "a missing bracket");
        unsigned char c = *s->at++;
        if (c == close) break;
        if (c != ',') return fail(s, "a missing comma or bracket");
    }
    s->depth--;
    return true;
}

static bool scan_value(struct scan *s)
{
    skip_space(s);
    if (s->at == s->end) return fail(s, "a missing value");
    switch (*s->at) {
    case '{': return scan_members(s, true);
    case '[': return scan_members(s, false);
    case '"': return scan_string(s);
    case 't': return scan_word(s, "true");
    case 'f': return scan_word(s, "false");
    case 'n': return scan_word(s, "null");
    default: break;
    }
    if (*s->at == '-' || (*s->at >= '0' && *s->at <= '9')) return scan_number(s);
    return fail(s, "something that is not JSON");
}

enum hub_err json_scan(const char *text, size_t length, struct fault *fault)
{
    const unsigned char *bytes = (const unsigned char *)text;
    struct scan s = {.start = bytes, .at = bytes, .end = bytes + length};
    if (scan_value(&s)) {
        skip_space(&s);
        if (s.at == s.end) return HUB_OK;
        fail(&s, "something after the end");
    }
    long line = 1, column = 1;
    for (const unsigned char *p = s.start; p < s.at && p < s.end; p++) {
        column = *p == '\n' ? 1 : column + 1;
        line += *p == '\n';
    }
    return fault_set(fault, HUB_MALFORMED_JSON, NULL, "This is not valid JSON: there is %s at line %ld, column %ld.",
        s.problem, line, column);
}
