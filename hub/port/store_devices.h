/* SPDX-License-Identifier: MIT */
/* Devices and alerts. */
#ifndef HUB_PORT_STORE_DEVICES_H
#define HUB_PORT_STORE_DEVICES_H

#include "hub/alert.h"
#include "hub/arena.h"
#include "hub/device.h"
#include "hub/port/store.h"

/* All that are in use, by id, in the arena. */
enum hub_err store_devices_load(struct store *store, struct arena *arena, struct device **devices, size_t *count);
enum hub_err store_device_load(
    struct store *store, struct arena *arena, int64_t id, struct device *device); /* NOT_FOUND */
/* In use or not; NOT_FOUND. */
enum hub_err store_device_find(struct store *store, enum device_kind kind, const char *name, int64_t *id);
/* id 0 inserts (and sets it), else updates; in use from then on. */
enum hub_err store_device_save(struct store *store, struct device *device);
/* Out of use. NOT_FOUND. */
enum hub_err store_device_retire(struct store *store, int64_t id);

/* Open ones, by id, in the arena. */
enum hub_err store_alerts_load(struct store *store, struct arena *arena, struct alert **alerts, size_t *count);
/* The open one; NOT_FOUND. */
enum hub_err store_alert_find(struct store *store, struct arena *arena, const char *code, int64_t device_id,
    int64_t order_id, struct alert *alert);
enum hub_err store_alert_load(
    struct store *store, struct arena *arena, int64_t id, struct alert *alert); /* open; NOT_FOUND */
enum hub_err store_alert_save(struct store *store, struct alert *alert);        /* open; id 0 inserts, and sets it */
/* The row kept ready for that code, made if there is none: store_alert_save() with its id raises it. */
enum hub_err store_alert_spare(struct store *store, const char *code, int64_t *id);
enum hub_err store_alert_close(struct store *store, int64_t id, int64_t now_ms);

#endif
