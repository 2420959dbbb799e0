/* SPDX-License-Identifier: MIT */
#include "drivers/escpos_backend/ledger.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* Beyond that the older half is dropped: CUPS knows no job that is so old. */
enum { SIZE_MAX_BYTES = 64 * 1024, LINE_MAX_BYTES = 128 };

static const char *const words[] = {"new", "begun", "done"};
static const char answers[] = "printer answers\n";
static const char *const process_id[] = {"printer process-id no\n", "printer process-id yes\n"};

static void line_of(char *out, const char *uuid, enum ledger_state state)
{
    snprintf(out, LINE_MAX_BYTES, "%s %s\n", uuid, words[state]);
}

static bool has_line(const struct ledger *l, const char *wanted)
{
    char line[LINE_MAX_BYTES];
    FILE *file = l->path[0] ? fopen(l->path, "re") : NULL;
    bool found = false;
    while (file && !found && fgets(line, sizeof line, file))
        found = strcmp(line, wanted) == 0;
    if (file) fclose(file);
    return found;
}

/* Keeps the newest lines, by way of a file that takes the old one's place at once. */
static void shorten(const struct ledger *l)
{
    char fresh[sizeof l->path + 8], line[LINE_MAX_BYTES];
    snprintf(fresh, sizeof fresh, "%s.new", l->path);
    FILE *from = fopen(l->path, "re"), *to = from ? fopen(fresh, "we") : NULL;
    bool well = to && fseek(from, -(long)(SIZE_MAX_BYTES / 2), SEEK_END) == 0 && fgets(line, sizeof line, from);
    if (well && l->answers) well = fputs(answers, to) >= 0;
    if (well && l->process_id) well = fputs(process_id[l->process_id == PROCESS_ID_YES], to) >= 0;
    while (well && fgets(line, sizeof line, from))
        well = fputs(line, to) >= 0;
    if (from) fclose(from);
    if (to) well = fflush(to) == 0 && fsync(fileno(to)) == 0 && well;
    if (to) well = fclose(to) == 0 && well;
    if (!well || rename(fresh, l->path)) unlink(fresh);
}

static void read_printer(struct ledger *l)
{
    struct stat info;
    l->answers = has_line(l, answers);
    if (has_line(l, process_id[1])) l->process_id = PROCESS_ID_YES;
    if (has_line(l, process_id[0])) l->process_id = PROCESS_ID_NO; /* it was tried, and did not */
    if (l->path[0] && stat(l->path, &info) == 0 && info.st_size > SIZE_MAX_BYTES) shorten(l);
}

void ledger_open(struct ledger *l, const char *folder, const char *queue)
{
    *l = (struct ledger){.lock = -1};
    if (!folder || !queue || strchr(queue, '/')) return;
    int length = snprintf(l->path, sizeof l->path, "%s/escpos-%s.ledger", folder, queue);
    if (length < 0 || (size_t)length >= sizeof l->path) l->path[0] = '\0';
}

/* Beside the ledger, which a shorter one may replace. */
bool ledger_lock(struct ledger *l)
{
    char path[sizeof l->path + 8];
    snprintf(path, sizeof path, "%s.lock", l->path);
    if (l->lock < 0 && l->path[0]) l->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (l->lock >= 0 && flock(l->lock, LOCK_EX | LOCK_NB) && errno == EWOULDBLOCK) return false;
    read_printer(l);
    return true;
}

void ledger_close(struct ledger *l)
{
    if (l->lock >= 0) close(l->lock);
    l->lock = -1;
}

enum ledger_state ledger_look(const struct ledger *l, const char *uuid)
{
    char line[LINE_MAX_BYTES];
    if (!*uuid) return LEDGER_NEW;
    line_of(line, uuid, LEDGER_DONE);
    if (has_line(l, line)) return LEDGER_DONE;
    line_of(line, uuid, LEDGER_BEGUN);
    return has_line(l, line) ? LEDGER_BEGUN : LEDGER_NEW;
}

static bool append(const struct ledger *l, const char *line)
{
    if (!l->path[0]) return false;
    int fd = open(l->path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (fd < 0) return false;
    size_t length = strlen(line);
    bool well = write(fd, line, length) == (ssize_t)length && fsync(fd) == 0;
    return close(fd) == 0 && well;
}

bool ledger_write(const struct ledger *l, const char *uuid, enum ledger_state state)
{
    char line[LINE_MAX_BYTES];
    if (!*uuid) return false;
    line_of(line, uuid, state);
    return append(l, line);
}

bool ledger_answers(struct ledger *l)
{
    if (l->answers) return true;
    l->answers = true;
    return append(l, answers);
}

bool ledger_process_id(struct ledger *l, bool known)
{
    l->process_id = known ? PROCESS_ID_YES : PROCESS_ID_NO;
    return append(l, process_id[known]);
}
