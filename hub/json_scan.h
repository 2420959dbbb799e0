/* SPDX-License-Identifier: MIT */
/* The grammar check behind json_parse(). */
#ifndef HUB_JSON_SCAN_H
#define HUB_JSON_SCAN_H

#include "hub/json.h"

/* HUB_OK, or MALFORMED_JSON with line and column in the fault. Looks at everything but duplicate keys. */
enum hub_err json_scan(const char *text, size_t length, struct fault *fault);

#endif
