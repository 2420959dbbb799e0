/* SPDX-License-Identifier: MIT */
/*
 * Rings bells on a real kernel's lines, with the calls of the daemon, and reads the levels back from outside through
 * gpio-sim. Runs as root in the emulated machine that tests/gpio/run boots; tests/gpio/init sets up what it finds:
 *   bell_probe HEADER BOARD LIVE
 * HEADER and BOARD are the sysfs folders of two simulated chips: HEADER is labelled as a Raspberry Pi's and its line 17
 * has no name; BOARD has 3 GPIO17, 4 BTN_ACK, 5 BELL_LOW, 6 TAKEN (held by "rival"), 7 BTN_HIGH. Writing 0 and 1 to
 * LIVE unplugs them.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "drivers/bell_gpiod/bell_gpiod.h"

enum { HOLD_MS = 30, LAZY_MS = 400, PATIENCE_MS = 20000 };

struct probe {
    const char *header, *board, *live;
    struct bell_port *port;
    struct bell_fault fault;
    int passed, failed;
};

static void check(struct probe *probe, bool good, const char *what)
{
    good ? probe->passed++ : probe->failed++;
    printf("[%s] %s\n", good ? "  OK  " : "FAILED", what);
    if (!good) printf("         last fault: %s | %s\n", probe->fault.detail, probe->fault.fix);
}

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void sleep_ms(int ms)
{
    struct timespec span = {ms / 1000, (long)(ms % 1000) * 1000000};
    while (nanosleep(&span, &span) != 0 && errno == EINTR)
        continue;
}

/* Level of a simulated line as its sysfs tells; -1 when it does not. */
static int level(const char *bank, int offset)
{
    char path[300], text[8] = "";
    snprintf(path, sizeof path, "%s/sim_gpio%d/value", bank, offset);
    FILE *file = fopen(path, "r");
    if (!file) return -1;
    if (!fgets(text, sizeof text, file)) text[0] = '?';
    fclose(file);
    return text[0] == '0' ? 0 : text[0] == '1' ? 1 : -1;
}

static void write_text(const char *path, const char *text)
{
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    if (fd < 0 || write(fd, text, strlen(text)) != (ssize_t)strlen(text)) {
        printf("cannot write %s to %s: %s\n", text, path, strerror(errno));
        exit(2);
    }
    close(fd);
}

/* What a finger does: gpio-sim's pull is the level from outside. */
static void pull(const char *bank, int offset, bool up)
{
    char path[300];
    snprintf(path, sizeof path, "%s/sim_gpio%d/pull", bank, offset);
    write_text(path, up ? "pull-up" : "pull-down");
}

static struct bell *open_bell(struct probe *probe, struct bell_config config)
{
    struct bell *bell = NULL;
    memset(&probe->fault, 0, sizeof probe->fault);
    enum hub_err err = bell_open(probe->port, &config, &bell, &probe->fault);
    if ((err == HUB_OK) != (bell != NULL)) check(probe, false, "a bell or an error, never both or neither");
    return bell;
}

static bool refused(struct probe *probe, struct bell_config config, enum hub_err code, const char *words)
{
    struct bell *bell = open_bell(probe, config);
    bool good = !bell && probe->fault.code == code && strstr(probe->fault.detail, words) && *probe->fault.fix;
    bell_close(bell);
    return good;
}

/* A second descriptor of the line that is held now, so that the kernel keeps its level when our code lets go. */
static int keep_line(void)
{
    for (int fd = 3; fd < 64; fd++) {
        char path[32], target[64] = "";
        snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
        ssize_t length = readlink(path, target, sizeof target - 1);
        static const char line[] = "anon_inode:gpio-line";
        if (length > 0 && strncmp(target, line, sizeof line - 1) == 0) return dup(fd);
    }
    return -1;
}

static void probe_ringing(struct probe *probe)
{
    struct bell *bell = open_bell(probe, (struct bell_config){.line = "GPIO17"});
    check(probe, bell != NULL, "GPIO17 opens by name");
    if (!bell) return;
    check(probe, level(probe->board, 3) == 0, "it is off at open");
    check(probe, bell_fd(bell) == -1 && bell_due_ms(bell) == INT64_MAX, "no button, nothing planned");
    check(probe, bell_play(bell, NULL, now_ms(), &probe->fault) == HUB_OK && level(probe->board, 3) == 1, "play: on");
    check(probe, bell_due_ms(bell) == INT64_MAX, "steady needs no further call");
    check(probe, level(probe->header, 17) == 0, "the header's line 17 is left alone: the name comes first");
    check(probe, bell_stop(bell, &probe->fault) == HUB_OK && level(probe->board, 3) == 0, "stop: off");

    bool followed = true;
    for (int64_t at = 0; at < 3000; at += 250) {
        enum hub_err err =
            at ? bell_tick(bell, at, &probe->fault) : bell_play(bell, &bell_pattern_flash, at, &probe->fault);
        followed = followed && err == HUB_OK && level(probe->board, 3) == (at % 1000 < 500);
        followed = followed && bell_due_ms(bell) == (at / 500 + 1) * 500;
    }
    check(probe, followed, "flash: half a second on, half a second off");

    check(probe, refused(probe, (struct bell_config){.line = "GPIO17"}, HUB_UNAVAILABLE, "GPIO17 is in use by servery"),
        "a second claim is refused and names the holder");
    check(probe, bell_tick(bell, 3000, &probe->fault) == HUB_OK && level(probe->board, 3) == 1, "the first rings on");

    int kept = keep_line();
    bell_close(bell);
    check(probe, kept >= 0 && level(probe->board, 3) == 0, "close drives it off before letting go");
    close(kept);
    bell = open_bell(probe, (struct bell_config){.line = "GPIO17"});
    check(probe, bell != NULL, "closed, it opens again");
    bell_close(bell);
}

static void probe_active_low(struct probe *probe)
{
    const struct bell_config config = {.line = "BELL_LOW", .active_low = true};
    struct bell *bell = open_bell(probe, config);
    check(probe, bell && level(probe->board, 5) == 1, "active low: high, which is off, at open");
    if (!bell) return;
    check(probe, bell_play(bell, NULL, 0, &probe->fault) == HUB_OK && level(probe->board, 5) == 0,
        "active low: on is low");
    int kept = keep_line();
    bell_close(bell);
    check(probe, kept >= 0 && level(probe->board, 5) == 1, "active low: high at close");
    close(kept);
}

static void probe_lookup(struct probe *probe)
{
    struct bell *bell = open_bell(probe, (struct bell_config){.line = "GPIO22"});
    check(probe, bell && bell_play(bell, NULL, 0, NULL) == HUB_OK && level(probe->header, 22) == 1,
        "GPIO22 has no name: line 22 of the header's chip");
    bell_close(bell);
    check(
        probe, refused(probe, (struct bell_config){.line = "GPIO77"}, HUB_NOT_FOUND, "GPIO77"), "GPIO77 is not found");
    check(probe, refused(probe, (struct bell_config){.line = "DOOR"}, HUB_NOT_FOUND, "DOOR"), "DOOR is not found");
    check(probe, refused(probe, (struct bell_config){.line = ""}, HUB_VALIDATION_ERROR, "No pin"), "no name is no pin");
    check(probe, refused(probe, (struct bell_config){.line = "TAKEN"}, HUB_UNAVAILABLE, "in use by rival"),
        "a line that another holds is refused by his name");
    check(probe, refused(probe, (struct bell_config){.line = "GPIO17", .button = "TAKEN"}, HUB_UNAVAILABLE, "TAKEN"),
        "a bell whose button is taken does not open");
    bell = open_bell(probe, (struct bell_config){.line = "GPIO17"});
    check(probe, bell != NULL, "and leaves its line free");
    bell_close(bell);
}

static void probe_no_chip(struct probe *probe)
{
    struct bell_port *real = probe->port;
    mkdir("/tmp", 0700);
    mkdir("/tmp/no-dev", 0700);
    probe->port = bell_gpiod_create("/tmp/no-dev");
    check(probe, refused(probe, (struct bell_config){.line = "GPIO17"}, HUB_NOT_FOUND, "No GPIO chip found"),
        "no chip: said in words");
    int fd = open("/tmp/no-dev/gpiochip0", O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
    close(fd);
    check(probe, refused(probe, (struct bell_config){.line = "GPIO17"}, HUB_NOT_FOUND, "No GPIO chip found"),
        "a file of a chip's name is no chip");
    bell_port_destroy(probe->port);
    probe->port = real;
    remove("/tmp/no-dev/gpiochip0");
}

/* In a process of its own: it becomes nobody. */
static void probe_permission(struct probe *probe)
{
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        bool dropped = setgid(65534) == 0 && setuid(65534) == 0;
        bool good = refused(probe, (struct bell_config){.line = "GPIO17"}, HUB_UNAVAILABLE, "permission denied") &&
                    strstr(probe->fault.fix, "group gpio");
        _exit(dropped && good ? 0 : 1);
    }
    int status = -1;
    waitpid(child, &status, 0);
    check(probe, child > 0 && status == 0, "without the rights: said in words");
}

/* A bell that rings while its process is killed is off when the next one opens it. */
static void probe_killed(struct probe *probe)
{
    int ready[2];
    char byte = 0;
    if (pipe(ready) != 0) exit(2);
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        struct bell *bell = open_bell(probe, (struct bell_config){.line = "GPIO17"});
        if (bell && bell_play(bell, NULL, 0, NULL) == HUB_OK) byte = '1';
        if (write(ready[1], &byte, 1) != 1) _exit(1);
        for (;;)
            pause();
    }
    bool rang = read(ready[0], &byte, 1) == 1 && byte == '1' && level(probe->board, 3) == 1;
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    close(ready[0]);
    close(ready[1]);
    pull(probe->board, 3, true); /* what a kernel does that keeps the level of a dead process' line */
    struct bell *bell = open_bell(probe, (struct bell_config){.line = "GPIO17"});
    check(probe, rang && bell && level(probe->board, 3) == 0, "killed while ringing: off when it is opened again");
    bell_close(bell);
    pull(probe->board, 3, false);
}

/* The follower's loop, until `wanted` presses have come or nothing more is planned. */
static int follow(struct probe *probe, struct bell *bell, int wanted)
{
    int presses = 0;
    int64_t end = now_ms() + PATIENCE_MS;
    while (presses < wanted && now_ms() < end) {
        int64_t due = bell_due_ms(bell), wait = (due < end ? due : end) - now_ms();
        struct pollfd button = {.fd = bell_fd(bell), .events = POLLIN};
        poll(&button, 1, wait > 0 ? (int)wait : 0);
        int count = bell_presses(bell, now_ms(), &probe->fault);
        if (count < 0) return -1;
        presses += count;
    }
    return presses;
}

/* Presses for less than the hold time. Should the machine stall in between it was no glitch: then it is done again. */
static bool glitch(struct probe *probe, struct bell *bell, int count)
{
    for (int attempt = 0; attempt < 20; attempt++) {
        int64_t begin = now_ms();
        for (int i = 0; i < count; i++) {
            pull(probe->board, 4, false);
            sleep_ms(2);
            pull(probe->board, 4, true);
        }
        if (now_ms() - begin < LAZY_MS) return true;
        bell_presses(bell, now_ms(), NULL);
        sleep_ms(LAZY_MS);
        bell_presses(bell, now_ms(), NULL);
    }
    return false;
}

static void probe_button(struct probe *probe)
{
    pull(probe->board, 4, false); /* as a wire in the air may be */
    struct bell *bell =
        open_bell(probe, (struct bell_config){.line = "GPIO17", .button = "BTN_ACK", .debounce_ms = HOLD_MS});
    check(probe, bell && bell_fd(bell) >= 0, "a bell with a button");
    if (!bell) return;
    check(probe, level(probe->board, 4) == 1, "the button is pulled up by the box");
    bell_play(bell, NULL, now_ms(), &probe->fault);
    check(probe, bell_presses(bell, now_ms(), &probe->fault) == 0, "nothing pressed, nothing counted");

    pull(probe->board, 4, false);
    check(probe, follow(probe, bell, 1) == 1, "a press is seen through the descriptor, and counts once");
    check(probe, bell_due_ms(bell) == INT64_MAX && bell_is_on(bell), "it stops nothing by itself");
    bell_stop(bell, &probe->fault);
    sleep_ms(3 * HOLD_MS);
    check(probe, bell_presses(bell, now_ms(), &probe->fault) == 0, "held down it is no second press");
    pull(probe->board, 4, true);
    sleep_ms(3 * HOLD_MS);
    check(probe, bell_presses(bell, now_ms(), &probe->fault) == 0, "letting go is no press");

    pull(probe->board, 4, false);
    sleep_ms(3 * HOLD_MS);
    pull(probe->board, 4, true);
    check(probe, bell_presses(bell, now_ms(), &probe->fault) == 1, "a press that is over when it is read still counts");
    bell_close(bell);
}

static void probe_debounce(struct probe *probe)
{
    struct bell *bell =
        open_bell(probe, (struct bell_config){.line = "GPIO17", .button = "BTN_ACK", .debounce_ms = LAZY_MS});
    check(probe, bell != NULL, "a lazy button");
    if (!bell) return;
    check(probe, glitch(probe, bell, 1) && bell_presses(bell, now_ms(), &probe->fault) == 0, "a glitch is no press");
    check(probe, bell_due_ms(bell) == INT64_MAX, "and plans nothing");
    check(probe, glitch(probe, bell, 5), "a train of five");
    pull(probe->board, 4, false);
    check(probe, follow(probe, bell, 1) == 1, "five bounces and a press are one press");
    pull(probe->board, 4, true);
    sleep_ms(2 * LAZY_MS);
    check(probe, bell_presses(bell, now_ms(), &probe->fault) == 0, "let go");
    check(probe, glitch(probe, bell, 40) && bell_presses(bell, now_ms(), &probe->fault) == 0,
        "more edges than the kernel keeps are no press");
    check(probe, glitch(probe, bell, 40), "as many once more");
    pull(probe->board, 4, false);
    check(probe, follow(probe, bell, 1) == 1, "a press whose edge the kernel dropped counts");
    pull(probe->board, 4, true);
    bell_close(bell);

    pull(probe->board, 7, true);
    bell = open_bell(
        probe, (struct bell_config){
                   .line = "GPIO17", .button = "BTN_HIGH", .button_active_high = true, .debounce_ms = HOLD_MS});
    check(probe, level(probe->board, 7) == 0, "a button to 3.3 V is pulled down by the box");
    pull(probe->board, 7, true);
    check(probe, bell && follow(probe, bell, 1) == 1, "and its press counts");
    bell_close(bell);
}

static void probe_unplugged(struct probe *probe)
{
    struct bell *bell = open_bell(probe, (struct bell_config){.line = "GPIO17", .button = "BTN_ACK"});
    check(probe, bell && bell_play(bell, NULL, 0, &probe->fault) == HUB_OK, "ringing");
    if (!bell) return;
    write_text(probe->live, "0");
    check(probe, bell_stop(bell, &probe->fault) == HUB_UNAVAILABLE && strstr(probe->fault.detail, "GPIO17") != NULL,
        "the chip goes: switching fails in words");
    check(probe, bell_presses(bell, 0, &probe->fault) == -1, "so does reading its button");
    bell_close(bell);
    check(
        probe, refused(probe, (struct bell_config){.line = "GPIO17"}, HUB_NOT_FOUND, "GPIO17"), "then it is not found");
    write_text(probe->live, "1");
    bell = open_bell(probe, (struct bell_config){.line = "GPIO17"});
    check(probe, bell != NULL, "the chip comes back: so does the bell");
    bell_close(bell);
}

int main(int argc, char **argv)
{
    if (argc != 4) return 2;
    struct probe probe = {.header = argv[1], .board = argv[2], .live = argv[3], .port = bell_gpiod_create(NULL)};
    if (!probe.port) return 2;
    printf("[======] bells by libgpiod %s\n", bell_gpiod_version());
    probe_no_chip(&probe);
    probe_permission(&probe);
    probe_ringing(&probe);
    probe_active_low(&probe);
    probe_lookup(&probe);
    probe_killed(&probe);
    probe_button(&probe);
    probe_debounce(&probe);
    probe_unplugged(&probe);
    bell_port_destroy(probe.port);
    printf("[======] libgpiod %s: %d passed, %d failed\n", bell_gpiod_version(), probe.passed, probe.failed);
    return probe.failed > 0;
}
