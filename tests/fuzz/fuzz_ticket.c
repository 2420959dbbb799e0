/* SPDX-License-Identifier: MIT */
/* What a ticket says, from stored lines and texts that are anything. Lines of the input: numbers, name, note, lines. */
#include "hub/ticket_doc.h"
#include "tests/fuzz/fuzz.h"

static int offset(void *context, int64_t wall_ms)
{
    (void)wall_ms;
    return *(const int *)context;
}

static void build(const unsigned char numbers[8], char *const texts[3])
{
    struct arena arena;
    struct ticket_doc doc = {0};
    int minutes = ((int)numbers[0] - 128) * 15;
    arena_init(&arena);
    struct item items[2] = {{.id = 1,
                                .name = texts[0],
                                .kitchen_name = numbers[1] & 1 ? texts[1] : NULL,
                                .quantity = numbers[2],
                                .modifiers = texts[2],
                                .note = texts[1],
                                .station = "grill",
                                .course = 1,
                                .status = (enum status)(1 + numbers[3] % 6),
                                .seat = numbers[4] % 4,
                                .ticket_id = 1},
        {.id = 2,
            .name = "Chips",
            .quantity = 1,
            .modifiers = "[]",
            .note = "",
            .station = "grill",
            .course = 2,
            .status = STATUS_PENDING,
            .ticket_id = 1}};
    struct ticket ticket = {.id = 1,
        .station = "grill",
        .day = 20261120,
        .kot_number = numbers[5],
        .kind = (enum ticket_kind)(numbers[6] % 5),
        .status = STATUS_PENDING,
        .lines = texts[2],
        .created_at = (int64_t)numbers[7] << 33};
    struct order order = {.id = 1,
        .day = 20261120,
        .number = numbers[5],
        .type = (enum order_type)(numbers[6] % 3),
        .table_name = numbers[1] & 2 ? texts[0] : NULL,
        .guests = numbers[4],
        .customer_name = numbers[1] & 4 ? texts[1] : NULL,
        .status = STATUS_PENDING,
        .payment_method = -1,
        .priority = (enum priority)(numbers[1] >> 7),
        .note = texts[1],
        .currency = "EUR",
        .created_at = ticket.created_at,
        .client_created_at = numbers[1] & 8 ? 1 : 0,
        .created_by = {.kind = ACTOR_STAFF, .role = ROLE_WAITER},
        .version = 1,
        .items = items,
        .item_count = 2,
        .tickets = &ticket,
        .ticket_count = 1,
        .arena = &arena};
    struct ticket_facts facts = {.setting = {.words = ticket_words((enum ticket_language)(numbers[4] % LANGUAGES)),
                                     .utc_offset_min = offset,
                                     .context = &minutes},
        .order = &order,
        .ticket = &ticket,
        .previous_at = numbers[1] & 16 ? 1 : 0,
        .one_line = numbers[3] & 64,
        .line = numbers[2] % 3,
        .marks = {.copy_by = numbers[1] & 32 ? texts[0] : NULL, .copy = numbers[1] & 32, .doubtful = numbers[1] & 64}};
    if (ticket_doc_build(&arena, &facts, &doc) == HUB_OK) {
        FUZZ_HOLDS(doc.count > 0);
        for (size_t i = 0; i < doc.count; i++) {
            FUZZ_HOLDS(doc.blocks[i].kind <= BLOCK_LOGO);
            FUZZ_HOLDS(!doc.blocks[i].left || strlen(doc.blocks[i].left) < 100000);
        }
    }
    arena_finish(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    unsigned char numbers[8] = {0};
    char *first = fuzz_line(&data, &size);
    memcpy(numbers, first, strnlen(first, sizeof numbers));
    char *texts[3];
    for (size_t i = 0; i < 3; i++)
        texts[i] = fuzz_line(&data, &size);
    build(numbers, texts);
    for (size_t i = 0; i < 3; i++)
        free(texts[i]);
    free(first);
    return 0;
}
