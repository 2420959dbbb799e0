/* SPDX-License-Identifier: MIT */
/* What a printer says, and where one is said to be. First line: a device URI; the rest: bytes from a printer. */
#include "drivers/escpos/escpos_status.h"
#include "drivers/escpos/escpos_target.h"
#include "tests/fuzz/fuzz.h"

static void check_uri(const char *uri)
{
    struct escpos_target target;
    if (!escpos_target_read(uri, &target)) return;
    FUZZ_HOLDS(target.device ? strncmp(target.path, "/dev/", 5) == 0 : target.host[0] != '\0');
    FUZZ_HOLDS(target.port > 0 && target.port <= 65535);
}

static void check_word(const struct escpos_word *word)
{
    struct escpos_status status = {0};
    if (word->kind == ESCPOS_WORD_PROCESS) FUZZ_HOLDS(strlen(word->id) == 4);
    if (word->kind == ESCPOS_WORD_REALTIME) FUZZ_HOLDS(escpos_status_answer(&status, 1, word->byte));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct escpos_reader reader = {0};
    char *uri = fuzz_line(&data, &size);
    check_uri(uri);
    free(uri);
    for (size_t i = 0; i < size; i++) {
        struct escpos_word word = escpos_reader_take(&reader, data[i]);
        check_word(&word);
        FUZZ_HOLDS(reader.count < ESCPOS_WORD_MAX);
    }
    return 0;
}
