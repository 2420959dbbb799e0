/* SPDX-License-Identifier: MIT */
/* Order requests: whatever JSON they are, they are decoded within their bounds or refused by a sentence. */
#include "drivers/text_utf8proc/text_utf8proc.h"
#include "hub/api/order_codec.h"
#include "hub/utf8.h"
#include "tests/fuzz/fuzz.h"

static void check_text(const char *text)
{
    FUZZ_HOLDS(!text || utf8_valid(text, strlen(text)));
}

static void check_items(const struct order_request *request)
{
    FUZZ_HOLDS(request->item_count >= 1 && request->item_count <= 200);
    for (size_t i = 0; i < request->item_count; i++) {
        const struct item_request *item = &request->items[i];
        FUZZ_HOLDS(item->quantity >= 1 && item->quantity <= 999);
        for (size_t m = 0; m < item->modifiers.count; m++)
            FUZZ_HOLDS(item->modifiers.ids[m] > 0);
        check_text(item->note);
        check_text(item->open_name);
        check_text(item->station);
    }
}

static void decode_all(const cJSON *tree, struct arena *arena)
{
    struct text_port *text = text_utf8proc();
    struct fault fault = {0};
    struct order_request order = {0}, items = {0};
    struct void_request voids = {0};
    struct order_patch patch = {0};
    int64_t version = 0;
    if (order_request_decode(tree, &order, arena, text, &fault) == HUB_OK) {
        check_items(&order);
        check_text(order.note);
        check_text(order.customer_name);
    } else {
        FUZZ_HOLDS(fault.code && fault.detail[0] && utf8_valid(fault.detail, strlen(fault.detail)));
    }
    fault_finish(&fault);
    if (items_request_decode(tree, &items, arena, text, &fault) == HUB_OK) check_items(&items);
    fault_finish(&fault);
    if (void_request_decode(tree, &voids, arena, text, &fault) == HUB_OK)
        for (size_t i = 0; i < voids.count; i++)
            FUZZ_HOLDS(voids.items[i].item_id > 0 && voids.items[i].quantity >= 0);
    fault_finish(&fault);
    (void)patch_decode(tree, &patch, &version, arena, text, &fault);
    fault_finish(&fault);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fault fault = {0};
    char *text = fuzz_rest(data, size);
    cJSON *tree = json_parse(text, size, &fault);
    if (cJSON_IsObject(tree)) {
        struct arena arena;
        arena_init(&arena);
        decode_all(tree, &arena);
        arena_finish(&arena);
    }
    cJSON_Delete(tree);
    free(text);
    fault_finish(&fault);
    return 0;
}
