/* SPDX-License-Identifier: MIT */
/* One printer at work: a thread that takes its rows of the print ledger to it, and says how it fares. */
#ifndef HUB_PRINTER_WORKER_H
#define HUB_PRINTER_WORKER_H

#include <stdbool.h>

struct device;
struct restaurant;
struct printer_worker;

/* Copies the device. NULL when memory or threads are short. */
struct printer_worker *printer_worker_create(struct restaurant *restaurant, const struct device *device);
void printer_worker_destroy(struct printer_worker *worker);
/* Is this still the printer it was made for (driver, address, width)? */
bool printer_worker_serves(const struct printer_worker *worker, const struct device *device);

#endif
