/* SPDX-License-Identifier: MIT */
/* Parameters of a query string, checked: what is there but makes no sense is refused, by name. */
#ifndef HUB_API_QUERY_H
#define HUB_API_QUERY_H

#include "hub/api/call.h"

/* A whole number; *out stays as it was when the parameter is absent. VALIDATION_ERROR in call->fault. */
enum hub_err api_query_int(struct api_call *call, const char *name, int64_t min, int64_t max, int64_t *out);
/* A text in call->arena; NULL when the parameter is absent or empty. VALIDATION_ERROR when it is not UTF-8, or broken.
 */
enum hub_err api_query_text(struct api_call *call, const char *name, char **out);
/* A date like 2026-11-20 as 20261120; *out stays as it was when the parameter is absent. */
enum hub_err api_query_day(struct api_call *call, const char *name, int64_t *out);

#endif
