/* SPDX-License-Identifier: MIT */
#include "drivers/http_civetweb/door.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { NAME_MAX_BYTES = 100, DEPTH_MAX = 4, FILE_MAX = 32 << 20 };

static const char not_built[] =
    "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Servery</title>"
    "<h1>The pages are not built yet</h1><p>The server is running, its API answers, but its pages are missing. "
    "Run <code>scripts/build</code> in the source folder and start again.</p></html>";
static const char not_found[] = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Not found</title>"
                                "<h1>Not found</h1><p>There is no page at this address.</p>"
                                "<p><a href=\"/\">To the start</a></p></html>";

static const char *content_type(const char *name)
{
    static const struct {
        const char *ending, *type;
    } types[] = {{".html", "text/html; charset=utf-8"}, {".js", "text/javascript; charset=utf-8"},
        {".mjs", "text/javascript; charset=utf-8"}, {".css", "text/css; charset=utf-8"}, {".json", "application/json"},
        {".map", "application/json"}, {".webmanifest", "application/manifest+json"}, {".svg", "image/svg+xml"},
        {".png", "image/png"}, {".jpg", "image/jpeg"}, {".webp", "image/webp"}, {".ico", "image/x-icon"},
        {".woff2", "font/woff2"}, {".mp3", "audio/mpeg"}, {".ogg", "audio/ogg"}, {".wav", "audio/wav"},
        {".wasm", "application/wasm"}, {".txt", "text/plain; charset=utf-8"}};
    const char *ending = strrchr(name, '.');
    for (size_t i = 0; ending && i < sizeof types / sizeof *types; i++)
        if (!strcmp(types[i].ending, ending)) return types[i].type;
    return NULL;
}

static void plain_page(struct http_res *res, int status, const char *page)
{
    res->status = status;
    res->content_type = "text/html; charset=utf-8";
    res->body = strdup(page);
    res->body_length = res->body ? strlen(page) : 0;
}

static bool segment_valid(const char *segment, size_t length)
{
    static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";
    return length > 0 && length <= NAME_MAX_BYTES && segment[0] != '.' && strspn(segment, allowed) >= length;
}

/* Below /r/{slug} the same pages live. */
static const char *without_slug(const char *path)
{
    if (strncmp(path, "/r/", 3)) return path;
    const char *rest = strchr(path + 3, '/');
    return rest ? rest : "/";
}

/* The file's name below the web folder, or false. "/order" means order.html. */
static bool file_name(const char *path, char *out, size_t size)
{
    int depth = 0;
    bool dotted = false;
    if (*path != '/') return false;
    if (!path[1]) {
        snprintf(out, size, "index.html");
        return true;
    }
    for (const char *at = path; *at; depth++) {
        size_t length = strcspn(at + 1, "/");
        if (depth == DEPTH_MAX || !segment_valid(at + 1, length)) return false;
        dotted = memchr(at + 1, '.', length) != NULL;
        at += 1 + length;
    }
    int written = snprintf(out, size, "%s%s", path + 1, dotted ? "" : ".html");
    return written > 0 && (size_t)written < size;
}

/* Opens step by step, following no link anywhere. */
static int open_below(int root, const char *name)
{
    char segment[NAME_MAX_BYTES + 8];
    int dir = root;
    for (;;) {
        size_t length = strcspn(name, "/");
        bool last = !name[length];
        snprintf(segment, sizeof segment, "%.*s", (int)length, name);
        int fd = openat(dir, segment, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | (last ? 0 : O_DIRECTORY));
        if (dir != root) close(dir);
        if (fd < 0 || last) return fd;
        dir = fd;
        name += length + 1;
    }
}

static int open_regular(int root, const char *name, struct stat *info)
{
    int fd = open_below(root, name);
    if (fd >= 0 && (fstat(fd, info) || !S_ISREG(info->st_mode) || info->st_size > FILE_MAX)) {
        close(fd);
        fd = -1;
    }
    return fd;
}

static char *read_whole(int fd, size_t size)
{
    char *content = malloc(size + 1);
    size_t used = 0;
    while (content && used < size) {
        ssize_t got = read(fd, content + used, size - used);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) { /* it shrank under us */
            free(content);
            return NULL;
        }
        used += (size_t)got;
    }
    return content;
}

static void fill(struct http_res *res, const struct http_req *req, const char *name, int fd, const struct stat *info,
    bool zipped, const char *type)
{
    char tag[80];
    bool forever = !strncmp(name, "assets/", 7); /* their names carry a hash of the content */
    snprintf(tag, sizeof tag, "\"%llx-%llx-%llx%s\"", (unsigned long long)info->st_size,
        (unsigned long long)info->st_mtim.tv_sec, (unsigned long long)info->st_mtim.tv_nsec, zipped ? "-gz" : "");
    http_res_header(res, "Cache-Control", forever ? "public, max-age=31536000, immutable" : "no-cache");
    http_res_header(res, "ETag", "%s", tag);
    http_res_header(res, "Vary", "Accept-Encoding");
    const char *known = req->header(req, "If-None-Match");
    if (known && strstr(known, tag)) {
        res->status = 304;
        return;
    }
    char *content = read_whole(fd, (size_t)info->st_size);
    if (!content) {
        request_problem(res, 503, "UNAVAILABLE", "Not available now", "The page could not be read. Try again.");
        return;
    }
    if (zipped) http_res_header(res, "Content-Encoding", "gzip");
    res->content_type = type;
    res->body = content;
    res->body_length = (size_t)info->st_size;
}

/* A token with ";q=0" is a refusal; browsers never send it, and it only costs them the plain file. */
static bool takes_gzip(const struct http_req *req)
{
    const char *accept = req->header(req, "Accept-Encoding");
    return accept && (strstr(accept, "gzip,") || header_has_token(accept, "gzip")) && !strstr(accept, "gzip;q=0");
}

void static_serve(const struct front_door *door, const struct http_req *req, struct http_res *res)
{
    char name[DEPTH_MAX * (NAME_MAX_BYTES + 1) + 8], zipped_name[sizeof name + 4];
    struct stat info;
    int fd = -1;
    bool zipped = false;
    if (strcmp(req->method, "GET") && strcmp(req->method, "HEAD")) {
        request_problem(res, 405, "NOT_FOUND", "Method not allowed", "Pages can only be read.");
        http_res_header(res, "Allow", "GET, HEAD");
        return;
    }
    if (door->web_dir < 0) {
        plain_page(res, 503, not_built);
        return;
    }
    const char *type = NULL;
    if (file_name(without_slug(req->path), name, sizeof name)) type = content_type(name);
    if (type && takes_gzip(req)) {
        snprintf(zipped_name, sizeof zipped_name, "%s.gz", name);
        fd = open_regular(door->web_dir, zipped_name, &info);
        zipped = fd >= 0;
    }
    if (type && fd < 0) fd = open_regular(door->web_dir, name, &info);
    if (fd < 0) {
        plain_page(res, 404, not_found);
        return;
    }
    fill(res, req, name, fd, &info, zipped, type);
    close(fd);
}
