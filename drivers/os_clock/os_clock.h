/* SPDX-License-Identifier: MIT */
/* The clock port by the operating system. */
#ifndef DRIVERS_OS_CLOCK_H
#define DRIVERS_OS_CLOCK_H

struct clock_port;

/* The one port of the process, never freed. Any thread. */
struct clock_port *os_clock(void);

#endif
