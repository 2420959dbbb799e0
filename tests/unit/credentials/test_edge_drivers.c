/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants the four above first */
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "drivers/crypto_sodium/crypto_sodium.h"
#include "drivers/os_clock/os_clock.h"
#include "drivers/text_utf8proc/text_utf8proc.h"
#include "hub/port/clock.h"
#include "hub/port/crypto.h"
#include "hub/port/text.h"

static void tokens_are_long_safe_and_new(void **state)
{
    (void)state;
    struct crypto_port *crypto = crypto_sodium();
    char a[CRYPTO_TOKEN_CHARS], b[CRYPTO_TOKEN_CHARS];
    crypto->ops->token(crypto, a);
    crypto->ops->token(crypto, b);
    assert_int_equal(strlen(a), CRYPTO_TOKEN_CHARS - 1);
    assert_int_equal(strspn(a, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"), strlen(a));
    assert_string_not_equal(a, b);
}

static void pins_depend_on_salt_and_pin_alone(void **state)
{
    (void)state;
    struct crypto_port *crypto = crypto_sodium();
    const uint8_t salt[CRYPTO_SALT_BYTES] = {1}, other[CRYPTO_SALT_BYTES] = {2};
    uint8_t a[CRYPTO_HASH_BYTES], b[CRYPTO_HASH_BYTES];
    assert_true(crypto->ops->pin_hash(crypto, "1234", salt, a));
    assert_true(crypto->ops->pin_hash(crypto, "1234", salt, b));
    assert_true(crypto->ops->equal(crypto, a, b, sizeof a));
    assert_true(crypto->ops->pin_hash(crypto, "1234", other, b));
    assert_false(crypto->ops->equal(crypto, a, b, sizeof a));
    assert_true(crypto->ops->pin_hash(crypto, "1235", salt, b));
    assert_false(crypto->ops->equal(crypto, a, b, sizeof a));
}

static void text_is_composed(void **state)
{
    (void)state;
    struct text_port *text = text_utf8proc();
    static const char *const cases[][2] = {
        {"", ""}, {"Soup", "Soup"}, {"Cre\xcc\x80me", "Cr\xc3\xa8me"}, {"\xe2\x84\xab", "\xc3\x85"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *out = text->ops->nfc(text, cases[i][0]);
        assert_non_null(out);
        assert_string_equal(out, cases[i][1]);
        free(out);
    }
}

static void local_time_knows_summer(void **state)
{
    (void)state;
    struct clock_port *clock = os_clock();
    assert_int_equal(setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1), 0);
    assert_int_equal(clock_utc_offset_min(clock, 1767268800000), 60);  /* 2026-01-01 */
    assert_int_equal(clock_utc_offset_min(clock, 1782907200000), 120); /* 2026-07-01 */
    assert_int_equal(setenv("TZ", "IST-5:30", 1), 0);
    assert_int_equal(clock_utc_offset_min(clock, 1782907200000), 330);
    int64_t before = clock_monotonic_ms(clock);
    assert_true(clock_monotonic_ms(clock) >= before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tokens_are_long_safe_and_new),
        cmocka_unit_test(pins_depend_on_salt_and_pin_alone),
        cmocka_unit_test(text_is_composed),
        cmocka_unit_test(local_time_knows_summer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
