/* SPDX-License-Identifier: MIT */
/* GET /metrics: the box in Prometheus' text form, for one restaurant. What the front door counts is of all of them. */
#ifndef HUB_API_METRICS_H
#define HUB_API_METRICS_H

#include "hub/api/call.h"

api_handler api_get_metrics;

#endif
