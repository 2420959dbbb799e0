/* SPDX-License-Identifier: MIT */
#include "hub/money.h"

#include <string.h>

int money_decimals(const char *currency)
{
    static const char none[] = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF";
    static const char three[] = "BHD IQD JOD KWD LYD OMR TND";
    if (strlen(currency) != 3) return 2;
    return strstr(none, currency) ? 0 : strstr(three, currency) ? 3 : 2;
}

bool money_parse(const char *text, int decimals, int64_t *minor)
{
    enum { DIGITS_MAX = 12 };
    int64_t value = 0;
    int digits = 0, behind = -1; /* behind the point; -1 = no point yet */
    for (const char *c = text; *c; c++) {
        if (*c == '.' && behind < 0) {
            behind = 0;
            continue;
        }
        if (*c < '0' || *c > '9' || ++digits > DIGITS_MAX) return false;
        value = value * 10 + (*c - '0');
        if (behind >= 0 && ++behind > decimals) return false;
    }
    if (digits == 0 || text[0] == '.' || behind == 0) return false;
    for (int i = behind < 0 ? 0 : behind; i < decimals; i++)
        value *= 10;
    *minor = value;
    return value < INT64_C(1000000000000);
}
