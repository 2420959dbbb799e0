/* SPDX-License-Identifier: MIT */
/* The text port by utf8proc. */
#ifndef DRIVERS_TEXT_UTF8PROC_H
#define DRIVERS_TEXT_UTF8PROC_H

struct text_port;

/* The one port of the process, never freed. Any thread. */
struct text_port *text_utf8proc(void);

#endif
