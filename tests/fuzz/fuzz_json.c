/* SPDX-License-Identifier: MIT */
/* JSON at the edge: what is accepted is written back as the same value, and redacting it leaves valid JSON. */
#include "hub/json.h"
#include "hub/view.h"
#include "tests/fuzz/fuzz.h"

static void check_views(const char *text, size_t length)
{
    for (int view = VIEW_FULL; view < VIEW_COUNT; view++) {
        struct fault fault = {0};
        size_t shown_length = 0;
        char *shown = view_redact(text, length, (enum view)view, &shown_length);
        FUZZ_HOLDS(shown);
        cJSON *tree = json_parse(shown, shown_length, &fault);
        FUZZ_HOLDS(tree);
        cJSON_Delete(tree);
        free(shown);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fault fault = {0};
    char *text = fuzz_rest(data, size);
    cJSON *tree = json_parse(text, size, &fault);
    FUZZ_HOLDS(tree || (fault.code == HUB_MALFORMED_JSON && fault.detail[0]));
    if (tree) {
        char *canonical = json_canonical(tree, NULL);
        FUZZ_HOLDS(canonical);
        struct json_writer w;
        json_writer_init(&w);
        json_tree(&w, tree);
        FUZZ_HOLDS(!w.failed);
        cJSON *again = json_parse(w.text, w.length, &fault);
        FUZZ_HOLDS(again);
        char *same = json_canonical(again, NULL);
        FUZZ_HOLDS(same && strcmp(same, canonical) == 0);
        check_views(w.text, w.length);
        json_writer_finish(&w);
        free(same);
        free(canonical);
        cJSON_Delete(again);
    }
    cJSON_Delete(tree);
    free(text);
    fault_finish(&fault);
    return 0;
}
