/* SPDX-License-Identifier: MIT */
#include "hub/business_day.h"

#include <time.h>

#include "hub/hub.h"
#include "hub/port/clock.h"
#include "hub/restaurant.h"

int64_t business_day_at(struct restaurant *restaurant, int64_t wall_ms)
{
    struct settings settings;
    restaurant_settings(restaurant, &settings);
    int64_t local = wall_ms + (int64_t)clock_utc_offset_min(restaurant->hub->clock, wall_ms) * 60000 -
                    (int64_t)settings.closing_hour * 3600000;
    time_t seconds = (time_t)(local / 1000);
    struct tm tm;
    gmtime_r(&seconds, &tm);
    return (int64_t)(tm.tm_year + 1900) * 10000 + (tm.tm_mon + 1) * 100 + tm.tm_mday;
}
