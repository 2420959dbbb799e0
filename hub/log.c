/* SPDX-License-Identifier: MIT */
#include "hub/log.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "hub/hub.h"
#include "hub/restaurant.h"

enum { LINE_MAX_BYTES = 1024 };

void log_init(struct log *log, enum log_level level)
{
    atomic_init(&log->level, (int)level);
    atomic_init(&log->warnings, 0);
    atomic_init(&log->errors, 0);
}

int log_level_from_name(const char *name)
{
    static const struct {
        const char *name;
        enum log_level level;
    } levels[] = {{"error", LOG_LEVEL_ERROR}, {"warning", LOG_LEVEL_WARNING}, {"notice", LOG_LEVEL_NOTICE},
        {"info", LOG_LEVEL_INFO}, {"debug", LOG_LEVEL_DEBUG}};
    for (size_t i = 0; i < sizeof levels / sizeof *levels; i++)
        if (!strcmp(name, levels[i].name)) return (int)levels[i].level;
    return -1;
}

static void write_line(enum log_level level, const char *slug, const char *format, va_list args)
    __attribute__((format(printf, 3, 0)));
static void log_va(struct log *log, enum log_level level, const char *slug, const char *format, va_list args)
    __attribute__((format(printf, 4, 0)));

/* One write() a line, so that lines of several threads do not mix; a control character would forge a line. */
static void write_line(enum log_level level, const char *slug, const char *format, va_list args)
{
    char line[LINE_MAX_BYTES];
    int head = slug ? snprintf(line, sizeof line, "<%d>%s: ", (int)level, slug)
                    : snprintf(line, sizeof line, "<%d>", (int)level);
    if (head < 0) return;
    size_t start = (size_t)head, room = sizeof line - start - 1;
    int text = vsnprintf(line + start, room, format, args);
    if (text < 0) return;
    size_t end = start + ((size_t)text < room ? (size_t)text : room - 1);
    for (size_t i = start; i < end; i++)
        if ((unsigned char)line[i] < ' ' || line[i] == 127) line[i] = '?';
    line[end++] = '\n';
    ssize_t written = write(STDERR_FILENO, line, end);
    (void)written; /* nowhere to tell that telling failed */
}

static void log_va(struct log *log, enum log_level level, const char *slug, const char *format, va_list args)
{
    int saved = errno;
    if (level == LOG_LEVEL_ERROR) atomic_fetch_add_explicit(&log->errors, 1, memory_order_relaxed);
    if (level == LOG_LEVEL_WARNING) atomic_fetch_add_explicit(&log->warnings, 1, memory_order_relaxed);
    if ((int)level <= atomic_load_explicit(&log->level, memory_order_relaxed)) write_line(level, slug, format, args);
    errno = saved;
}

void log_line(struct log *log, enum log_level level, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    log_va(log, level, NULL, format, args);
    va_end(args);
}

void log_restaurant(const struct restaurant *restaurant, enum log_level level, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    log_va(&restaurant->hub->log, level, restaurant->slug, format, args);
    va_end(args);
}
