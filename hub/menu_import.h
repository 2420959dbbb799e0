/* SPDX-License-Identifier: MIT */
/*
 * A menu from a table: rows of category, item and price, matched with what is there by category and item. Ids are kept,
 * what is missing is retired, nothing is deleted. All or nothing: a bad row is named.
 */
#ifndef HUB_MENU_IMPORT_H
#define HUB_MENU_IMPORT_H

#include "hub/err.h"
#include "hub/menu_rows.h"

struct tx;

/* Writer thread: checks the rows against stations and taxes and stores them. menu_changed() is the caller's. */
enum hub_err menu_import(struct tx *tx, const struct menu_rows *rows, struct fault *fault);
/* Writer thread: a new version, loaded and told to everybody (menu_updated). */
enum hub_err menu_changed(struct tx *tx);

#endif
