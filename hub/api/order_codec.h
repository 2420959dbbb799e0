/* SPDX-License-Identifier: MIT */
/* Order requests out of JSON, the same by HTTP and socket. */
#ifndef HUB_API_ORDER_CODEC_H
#define HUB_API_ORDER_CODEC_H

#include "hub/json.h"
#include "hub/order_desk.h"

struct text_port;

/* POST /orders, `order` of submit_order. Texts live in the arena. */
enum hub_err order_request_decode(
    const cJSON *body, struct order_request *out, struct arena *arena, struct text_port *text, struct fault *fault);
/* POST /orders/{id}/items. */
enum hub_err items_request_decode(
    const cJSON *body, struct order_request *out, struct arena *arena, struct text_port *text, struct fault *fault);
enum hub_err void_request_decode(
    const cJSON *body, struct void_request *out, struct arena *arena, struct text_port *text, struct fault *fault);
enum hub_err patch_decode(const cJSON *body, struct order_patch *out, int64_t *expected_version, struct arena *arena,
    struct text_port *text, struct fault *fault);

#endif
