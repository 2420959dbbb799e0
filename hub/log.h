/* SPDX-License-Identifier: MIT */
/*
 * One line an event on standard error with journald priorities ("<4>main: ..."). Never PINs, tokens, names or phone
 * numbers. Thread-safe; errno is preserved.
 */
#ifndef HUB_LOG_H
#define HUB_LOG_H

#include <stdatomic.h>

enum log_level {
    LOG_LEVEL_ERROR = 3,
    LOG_LEVEL_WARNING = 4,
    LOG_LEVEL_NOTICE = 5,
    LOG_LEVEL_INFO = 6,
    LOG_LEVEL_DEBUG = 7
};

struct log {
    atomic_int level; /* lines above it are dropped */
    atomic_ulong warnings, errors;
};

struct restaurant;

void log_init(struct log *log, enum log_level level);
/* Names: error warning notice info debug; -1 when unknown. */
int log_level_from_name(const char *name);
void log_line(struct log *log, enum log_level level, const char *format, ...) __attribute__((format(printf, 3, 4)));
/* The same, headed by the restaurant's slug. */
void log_restaurant(const struct restaurant *restaurant, enum log_level level, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
