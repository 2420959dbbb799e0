/* SPDX-License-Identifier: MIT */
#include "hub/device_list.h"

#include "hub/port/store_devices.h"
#include "hub/restaurant.h"
#include "hub/writer.h"

static bool storage_full(struct restaurant *restaurant)
{
    struct writer_stats stats;
    writer_stats_get(restaurant->writer, &stats);
    return stats.storage_full;
}

enum hub_err device_list_write(
    struct restaurant *restaurant, struct store *store, struct arena *arena, struct json_writer *w)
{
    struct device *devices;
    size_t count;
    enum hub_err err = store_devices_load(store, arena, &devices, &count);
    bool full = storage_full(restaurant);
    json_begin_array(w);
    for (size_t i = 0; i < count && !err; i++) {
        if (full && devices[i].kind == DEVICE_BOX) {
            devices[i].state = DEVICE_FAILED;
            devices[i].detail = "The box's card is full: orders are not accepted.";
            devices[i].fix = "Make room on the card. It goes on by itself.";
        }
        device_write(&devices[i], w);
    }
    json_end_array(w);
    return err;
}

enum hub_err alert_list_write(
    struct restaurant *restaurant, struct store *store, struct arena *arena, struct json_writer *w)
{
    struct alert *alerts;
    size_t count;
    enum hub_err err = store_alerts_load(store, arena, &alerts, &count);
    (void)restaurant;
    json_begin_array(w);
    for (size_t i = 0; i < count && !err; i++)
        alert_write(&alerts[i], w);
    json_end_array(w);
    return err;
}
