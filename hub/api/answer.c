/* SPDX-License-Identifier: MIT */
#include "hub/api/answer.h"

#include <stdlib.h>

#include "hub/view.h"

enum hub_err api_answer(struct api_call *call, int status, char *json, size_t length)
{
    enum view view = view_of_role(call->actor.role);
    if (view != VIEW_FULL && json) {
        char *redacted = view_redact(json, length, view, &length);
        free(json);
        json = redacted;
    }
    http_res_json(call->res, status, json, length);
    return HUB_OK;
}

enum hub_err api_answer_writer(struct api_call *call, int status, struct json_writer *w)
{
    size_t length;
    char *text = json_writer_take(w, &length);
    return text ? api_answer(call, status, text, length) : HUB_UNAVAILABLE;
}
