/* SPDX-License-Identifier: MIT */
/*
 * LD_PRELOAD shim: every fsync and fdatasync takes SLOWSYNC_MS milliseconds longer, as on an SD card. The real call is
 * still made. Only the calling thread waits, as it would for a slow disk.
 */
#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

typedef int sync_call(int fd);

static void wait_extra(void)
{
    const char *text = getenv("SLOWSYNC_MS");
    long ms = text ? strtol(text, NULL, 10) : 0;
    struct timespec left = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};
    while (ms > 0 && nanosleep(&left, &left) && errno == EINTR)
        continue;
}

static int call_real(const char *name, int fd)
{
    void *found = dlsym(RTLD_NEXT, name);
    if (!found) {
        errno = ENOSYS;
        return -1;
    }
    /* ISO C has no cast from an object to a function pointer; POSIX guarantees the value. */
    union {
        void *object;
        sync_call *call;
    } real = {.object = found};
    wait_extra();
    return real.call(fd);
}

int fsync(int fd)
{
    return call_real("fsync", fd);
}

int fdatasync(int fd)
{
    return call_real("fdatasync", fd);
}
