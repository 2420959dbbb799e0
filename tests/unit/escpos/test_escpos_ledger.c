/* SPDX-License-Identifier: MIT */
/* What the backend remembers, and where a URI says that a printer is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "drivers/escpos/escpos_target.h"
#include "drivers/escpos_backend/ledger.h"

static int open_folder(void **state)
{
    static char folder[] = "/tmp/servery-ledger-XXXXXX";
    *state = mkdtemp(folder);
    return *state ? 0 : -1;
}

static int close_folder(void **state)
{
    char path[200];
    snprintf(path, sizeof path, "%s/escpos-kot.ledger", (char *)*state);
    unlink(path);
    snprintf(path, sizeof path, "%s/escpos-kot.ledger.lock", (char *)*state);
    unlink(path);
    return rmdir(*state);
}

/* As the backend does for each job: opened, and had alone. */
static void take(struct ledger *ledger, const char *folder)
{
    ledger_open(ledger, folder, "kot");
    assert_true(ledger_lock(ledger));
}

static void a_job_is_new_then_begun_then_done_and_stays_so(void **state)
{
    struct ledger ledger, again;
    take(&ledger, *state);
    assert_int_equal(ledger_look(&ledger, "urn:uuid:1"), LEDGER_NEW);
    assert_true(ledger_write(&ledger, "urn:uuid:1", LEDGER_BEGUN));
    ledger_close(&ledger);
    take(&again, *state);
    assert_int_equal(ledger_look(&again, "urn:uuid:1"), LEDGER_BEGUN);
    assert_int_equal(ledger_look(&again, "urn:uuid:11"), LEDGER_NEW);
    assert_true(ledger_write(&again, "urn:uuid:1", LEDGER_DONE));
    assert_int_equal(ledger_look(&ledger, "urn:uuid:1"), LEDGER_DONE);
    assert_false(ledger.answers);
    assert_true(ledger_answers(&ledger));
    ledger_close(&again);
    take(&again, *state);
    assert_true(again.answers);
    assert_int_equal(again.process_id, PROCESS_ID_UNKNOWN);
    assert_true(ledger_process_id(&again, true));
    ledger_close(&again);
    take(&again, *state);
    assert_int_equal(again.process_id, PROCESS_ID_YES);
    assert_true(ledger_process_id(&again, false)); /* it was tried, and did not answer so */
    ledger_close(&again);
    take(&again, *state);
    assert_int_equal(again.process_id, PROCESS_ID_NO);
    ledger_close(&again);
}

static void one_program_at_a_time_has_a_queue(void **state)
{
    struct ledger first, second;
    take(&first, *state);
    ledger_open(&second, *state, "kot");
    assert_false(ledger_lock(&second));
    assert_true(ledger_write(&first, "urn:uuid:77", LEDGER_DONE));
    ledger_close(&first);
    assert_true(ledger_lock(&second));
    assert_int_equal(ledger_look(&second, "urn:uuid:77"), LEDGER_DONE);
    ledger_close(&second);
}

static void a_full_ledger_keeps_what_is_new(void **state)
{
    struct ledger ledger;
    char uuid[64], path[200];
    struct stat info;
    snprintf(path, sizeof path, "%s/escpos-kot.ledger", (char *)*state);
    FILE *file = fopen(path, "a");
    assert_non_null(file);
    for (int i = 0; i < 8000; i++)
        fprintf(file, "urn:uuid:00000000-0000-0000-0000-%012d done\n", i);
    fclose(file);
    take(&ledger, *state);
    assert_int_equal(stat(path, &info), 0);
    assert_true(info.st_size < 66 * 1024);
    snprintf(uuid, sizeof uuid, "urn:uuid:00000000-0000-0000-0000-%012d", 7999);
    assert_int_equal(ledger_look(&ledger, uuid), LEDGER_DONE);
    assert_true(ledger.answers);
    ledger_close(&ledger);
    take(&ledger, *state);
    assert_true(ledger.answers);
    assert_int_equal(ledger.process_id, PROCESS_ID_NO);
    ledger_close(&ledger);
}

static void without_a_folder_every_job_is_new(void **state)
{
    (void)state;
    struct ledger ledger;
    ledger_open(&ledger, NULL, "kot");
    assert_false(ledger_write(&ledger, "urn:uuid:1", LEDGER_DONE));
    assert_int_equal(ledger_look(&ledger, "urn:uuid:1"), LEDGER_NEW);
    ledger_open(&ledger, "/nowhere", "kot");
    assert_false(ledger_write(&ledger, "urn:uuid:1", LEDGER_DONE));
}

static void addresses_are_read_or_refused(void **state)
{
    (void)state;
    struct escpos_target t;
    assert_true(escpos_target_read("escpos://10.0.0.9", &t));
    assert_string_equal(t.host, "10.0.0.9");
    assert_int_equal(t.port, 9100);
    assert_true(escpos_target_read("escpos://kitchen.local:9101/?status=no&processid=yes", &t));
    assert_true(t.mute && t.process_id && t.port == 9101);
    assert_true(escpos_target_read("escpos://[fe80::1]:9100", &t));
    assert_string_equal(t.host, "fe80::1");
    assert_true(escpos_target_read("escpos-usb:/dev/usb/lp0", &t));
    assert_true(t.device);
    static const char *const wrong[] = {"", "socket://10.0.0.9", "escpos://", "escpos://a:0", "escpos://a:99999",
        "escpos://a:9x", "escpos://a/path", "escpos://a?status=maybe", "escpos://user@a", "escpos-usb:/etc/passwd",
        "escpos-usb:/dev/../etc/passwd", "escpos://[fe80::1"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_false(escpos_target_read(wrong[i], &t));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_job_is_new_then_begun_then_done_and_stays_so),
        cmocka_unit_test(one_program_at_a_time_has_a_queue),
        cmocka_unit_test(a_full_ledger_keeps_what_is_new),
        cmocka_unit_test(without_a_folder_every_job_is_new),
        cmocka_unit_test(addresses_are_read_or_refused),
    };
    return cmocka_run_group_tests(tests, open_folder, close_folder);
}
