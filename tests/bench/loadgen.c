/* SPDX-License-Identifier: MIT */
/*
 * The restaurant of the bench: tablets that send orders and screens that show them, in one epoll loop, the same for the
 * floor and for the product.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include "load/orders.h"
#include "load/poster.h"
#include "load/report.h"
#include "load/screen.h"
#include "load/settings.h"

enum { EVENTS_MAX = 128, WAIT_MS = 100, DRAIN_NS_MAX = 1000000000 };

struct load {
    const struct settings *settings;
    struct orders orders;
    struct poster *posters;
    struct screen *screens;
    int screen_count, epoll;
    struct source timer;
    int64_t give_up_ns;
    struct tally tally;
    struct phase {
        long next, end, open; /* next to send, one past the last, sent and not answered */
        double rate;
        int64_t start_ns;
        long first;
        bool measured;
    } phase;
};

static int64_t due_of(const struct phase *phase, long index)
{
    if (phase->rate <= 0) return 0;
    return phase->start_ns + (int64_t)((double)(index - phase->first) * 1e9 / phase->rate);
}

static void arm_timer(struct load *load)
{
    int64_t due = due_of(&load->phase, load->phase.next);
    if (load->phase.rate <= 0 || load->phase.next == load->phase.end) return;
    struct itimerspec when = {.it_value = {.tv_sec = due / 1000000000, .tv_nsec = due % 1000000000}};
    timerfd_settime(load->timer.fd, TFD_TIMER_ABSTIME, &when, NULL);
}

static void answered(struct load *load, struct poster *poster, enum poster_event event)
{
    if (event == POSTER_BUSY) return;
    int64_t now = now_ns(), due = load->orders.due_ns[poster->order];
    load->phase.open--;
    if (event == POSTER_REFUSED) {
        load->tally.refused++;
        return;
    }
    load->orders.stored[poster->order] = true;
    load->orders.stored_count++;
    if (!load->phase.measured) return;
    load->tally.ended_ns = now;
    samples_add(&load->tally.replies, (double)(now - due) / 1e6);
}

/* Gives every idle client the next order that is due. */
static void send_due(struct load *load)
{
    struct phase *phase = &load->phase;
    int64_t now = now_ns();
    for (int i = 0; i < load->settings->clients && phase->next < phase->end; i++) {
        struct poster *poster = &load->posters[(phase->next + i) % load->settings->clients];
        int64_t due = due_of(phase, phase->next);
        if (due > now) break;
        if (poster->busy) continue;
        long index = phase->next++;
        load->orders.due_ns[index] = due ? due : now_ns();
        load->orders.measured[index] = phase->measured;
        phase->open++;
        answered(load, poster, poster_start(poster, index));
    }
    arm_timer(load);
}

static bool wait_events(struct load *load)
{
    struct epoll_event events[EVENTS_MAX];
    int count = epoll_wait(load->epoll, events, EVENTS_MAX, WAIT_MS);
    for (int i = 0; i < count; i++) {
        struct source *source = events[i].data.ptr;
        uint64_t ticks;
        switch (source->kind) {
        case SOURCE_POSTER: {
            struct poster *poster = events[i].data.ptr;
            bool busy = poster->busy;
            enum poster_event event = poster_read(poster);
            if (busy) answered(load, poster, event);
            break;
        }
        case SOURCE_SCREEN: screen_event(events[i].data.ptr, events[i].events); break;
        case SOURCE_TIMER:
            if (read(source->fd, &ticks, sizeof ticks) < 0 && errno != EAGAIN) return false;
            break;
        }
    }
    if (now_ns() < load->give_up_ns) return count >= 0 || errno == EINTR;
    fprintf(stderr, "servery-loadgen: gave up after %d s\n", load->settings->timeout_s);
    return false;
}

static bool run_phase(struct load *load, long first, long count, double rate, bool measured)
{
    load->phase =
        (struct phase){.first = first, .next = first, .end = first + count, .rate = rate, .measured = measured};
    load->phase.start_ns = now_ns() + (rate > 0 ? 1000000 : 0);
    if (measured) load->tally.started_ns = load->tally.ended_ns = load->phase.start_ns;
    send_due(load);
    while (load->phase.next < load->phase.end || load->phase.open) {
        if (!wait_events(load)) return false;
        send_due(load);
    }
    return true;
}

static double server_cpu_s(const struct settings *settings)
{
    struct timespec spent = {0};
    clockid_t clock;
    if (!settings->pid || clock_getcpuclockid(settings->pid, &clock) || clock_gettime(clock, &spent)) return 0;
    return (double)spent.tv_sec + (double)spent.tv_nsec / 1e9;
}

static double own_cpu_s(void)
{
    struct timespec spent = {0};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &spent);
    return (double)spent.tv_sec + (double)spent.tv_nsec / 1e9;
}

/* One at a time: what is measured is orders, not a storm of connections. */
static bool connect_screens(struct load *load)
{
    int total = load->settings->stuck + load->settings->screens;
    for (; load->screen_count < total; load->screen_count++) {
        struct screen *screen = &load->screens[load->screen_count];
        if (!screen_init(screen, load->epoll, &load->orders, load->screen_count < load->settings->stuck)) return false;
        while (screen->state != SCREEN_LIVE)
            if (screen->state == SCREEN_LOST || !wait_events(load)) {
                fprintf(stderr, "servery-loadgen: screen %d did not come up: %s\n", load->screen_count, screen->why);
                load->screen_count++;
                return false;
            }
    }
    return true;
}

static bool screens_complete(const struct load *load)
{
    for (int i = 0; i < load->screen_count; i++) {
        const struct screen *screen = &load->screens[i];
        if (!screen->stuck && screen->state == SCREEN_LIVE && screen->distinct < load->orders.stored_count)
            return false;
    }
    return true;
}

static bool drain(struct load *load)
{
    int64_t until = now_ns() + 5 * (int64_t)DRAIN_NS_MAX;
    while (!screens_complete(load) && now_ns() < until)
        if (!wait_events(load)) return false;
    return true;
}

static bool hold(struct load *load)
{
    int64_t until = now_ns() + load->settings->hold_s * (int64_t)1000000000;
    printf("{\"screens\":%d}\n", load->screen_count);
    fflush(stdout);
    while (now_ns() < until)
        if (!wait_events(load)) return false;
    return true;
}

static bool run_all(struct load *load)
{
    const struct settings *settings = load->settings;
    struct tally *tally = &load->tally;
    if (!connect_screens(load)) return false;
    if (settings->hold_s) return hold(load);
    if (!run_phase(load, 0, settings->warmup, settings->rate, false) || !drain(load)) return false;
    double server = server_cpu_s(settings), own = own_cpu_s();
    if (!run_phase(load, settings->warmup, settings->orders, settings->rate, true)) return false;
    /* The last frames belong to the measured work, in CPU time as in latency. */
    if (!drain(load)) return false;
    tally->server_cpu_s = server_cpu_s(settings) - server;
    tally->own_cpu_s = own_cpu_s() - own;
    return run_phase(load, (long)settings->warmup + settings->orders, settings->burst, 0, false) && drain(load);
}

static bool load_init(struct load *load, const struct settings *settings)
{
    *load = (struct load){.settings = settings, .timer = {.kind = SOURCE_TIMER, .fd = -1}};
    orders_init(&load->orders, settings);
    load->give_up_ns = now_ns() + settings->timeout_s * (int64_t)1000000000;
    load->posters = calloc((size_t)settings->clients, sizeof *load->posters);
    load->screens = calloc((size_t)settings->screens + (size_t)settings->stuck + 1, sizeof *load->screens);
    load->epoll = epoll_create1(EPOLL_CLOEXEC);
    load->timer.fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
    if (!load->posters || !load->screens || load->epoll < 0 || load->timer.fd < 0) return false;
    for (int i = 0; i < settings->clients; i++)
        poster_init(&load->posters[i], load->epoll, &load->orders);
    return source_watch(&load->timer, load->epoll, EPOLLIN, false);
}

static void load_finish(struct load *load)
{
    for (int i = 0; load->posters && i < load->settings->clients; i++)
        poster_finish(&load->posters[i]);
    for (int i = 0; i < load->screen_count; i++)
        screen_finish(&load->screens[i]);
    free(load->posters);
    free(load->screens);
    source_close(&load->timer);
    if (load->epoll >= 0) close(load->epoll);
    samples_finish(&load->tally.replies);
    orders_finish(&load->orders);
}

int main(int argc, char **argv)
{
    struct settings settings;
    struct load load;
    struct rlimit files;
    if (!settings_read(&settings, argc, argv)) return EXIT_FAILURE;
    if (!getrlimit(RLIMIT_NOFILE, &files)) {
        files.rlim_cur = files.rlim_max < 8192 ? files.rlim_max : 8192;
        (void)setrlimit(RLIMIT_NOFILE, &files);
    }
    (void)prctl(PR_SET_TIMERSLACK, 1UL);
    bool done = load_init(&load, &settings) && run_all(&load);
    for (int i = 0; done && i < settings.clients; i++)
        load.tally.retried += load.posters[i].retried;
    if (done && !settings.hold_s) report_print(&load.tally, &load.orders, load.screens, load.screen_count);
    load_finish(&load);
    return done ? EXIT_SUCCESS : EXIT_FAILURE;
}
