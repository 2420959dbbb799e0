/* SPDX-License-Identifier: MIT */
#include "load/report.h"

#include <stdio.h>

struct summary {
    struct samples all;
    double worst_p50, worst_p99; /* of any one screen */
    long missing, duplicates, frames, lost, stuck_dropped;
    long long bytes;
};

static void summary_add(struct summary *summary, const struct orders *orders, struct screen *screen)
{
    summary->frames += screen->frames;
    summary->bytes += screen->bytes;
    if (screen->stuck) {
        summary->stuck_dropped += screen->state == SCREEN_LOST;
        return;
    }
    if (screen->state == SCREEN_LOST && !summary->lost++)
        fprintf(stderr, "servery-loadgen: a screen was lost, the first because: %s\n", screen->why);
    summary->duplicates += screen->duplicates;
    for (long i = 0; i < orders->count; i++)
        summary->missing += orders->stored[i] && !screen->seen[i];
    double p50 = samples_quantile(&screen->latency, 0.5), p99 = samples_quantile(&screen->latency, 0.99);
    if (p50 > summary->worst_p50) summary->worst_p50 = p50;
    if (p99 > summary->worst_p99) summary->worst_p99 = p99;
    samples_append(&summary->all, &screen->latency);
}

static void print_times(const char *name, struct samples *samples)
{
    printf("\"%s\":{\"count\":%zu,\"p50\":%.4f,\"p99\":%.4f,\"max\":%.4f},", name, samples->count,
        samples_quantile(samples, 0.5), samples_quantile(samples, 0.99), samples_quantile(samples, 1));
}

void report_print(struct tally *tally, const struct orders *orders, struct screen *screens, int count)
{
    struct summary summary = {0};
    double seconds = (double)(tally->ended_ns - tally->started_ns) / 1e9;
    for (int i = 0; i < count; i++)
        summary_add(&summary, orders, &screens[i]);
    printf("{\"orders\":%zu,\"seconds\":%.6f,\"orders_per_s\":%.2f,", tally->replies.count, seconds,
        seconds > 0 ? (double)tally->replies.count / seconds : 0);
    print_times("reply_ms", &tally->replies);
    print_times("screen_ms", &summary.all);
    printf("\"worst_screen_ms\":{\"p50\":%.4f,\"p99\":%.4f},", summary.worst_p50, summary.worst_p99);
    printf("\"stored\":%ld,\"refused\":%ld,\"retried\":%ld,\"missing\":%ld,\"duplicates\":%ld,", orders->stored_count,
        tally->refused, tally->retried, summary.missing, summary.duplicates);
    printf("\"screens_lost\":%ld,\"stuck_dropped\":%ld,\"frames\":%ld,\"bytes\":%lld,", summary.lost,
        summary.stuck_dropped, summary.frames, summary.bytes);
    printf("\"server_cpu_s\":%.6f,\"loadgen_cpu_s\":%.6f}\n", tally->server_cpu_s, tally->own_cpu_s);
    samples_finish(&summary.all);
}
