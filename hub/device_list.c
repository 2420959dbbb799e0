/* SPDX-License-Identifier: MIT */
#include "hub/device_list.h"

#include <string.h>

#include "hub/port/store_devices.h"
#include "hub/restaurant.h"
#include "hub/watch.h"

enum hub_err device_list_write(
    struct restaurant *restaurant, struct store *store, struct arena *arena, struct json_writer *w)
{
    struct device *devices;
    struct alert unwritten;
    size_t count;
    enum hub_err err = store_devices_load(store, arena, &devices, &count);
    bool full = watch_unwritten(restaurant->watch, &unwritten);
    json_begin_array(w);
    for (size_t i = 0; i < count && !err; i++) {
        if (full && devices[i].id == unwritten.device_id) {
            devices[i].state = DEVICE_FAILED;
            devices[i].detail = unwritten.detail;
            devices[i].fix = unwritten.fix;
            devices[i].since = unwritten.since;
        }
        device_write(&devices[i], w);
    }
    json_end_array(w);
    return err;
}

enum hub_err alert_list_write(
    struct restaurant *restaurant, struct store *store, struct arena *arena, struct json_writer *w)
{
    struct alert *alerts, unwritten;
    size_t count;
    bool full = watch_unwritten(restaurant->watch, &unwritten);
    enum hub_err err = store_alerts_load(store, arena, &alerts, &count);
    json_begin_array(w);
    for (size_t i = 0; i < count && !err; i++) {
        if (full && strcmp(alerts[i].code, unwritten.code) == 0) full = false; /* an earlier one is still open */
        alert_write(&alerts[i], w);
    }
    if (full && unwritten.id) alert_write(&unwritten, w);
    json_end_array(w);
    return err;
}
