/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hub/json_scan.h"
#include "hub/port/text.h"

/* How many of at most `max` bytes make whole characters: what clients send comes back in faults, as valid UTF-8. */
static int fit(const char *utf8, size_t max)
{
    size_t length = strnlen(utf8, max + 1);
    if (length <= max) return (int)length;
    length = max;
    while (length > 0 && ((unsigned char)utf8[length] & 0xc0) == 0x80)
        length--;
    return (int)length;
}

/* ---- parsing ----------------------------------------------------------------------------------------------------- */

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Children sorted by name, so that 30,000 keys cost no more than a moment. NULL name: none twice. */
static bool twice(const cJSON *object, const char **name, bool *no_memory)
{
    size_t count = 0, i = 0;
    for (const cJSON *child = object->child; child; child = child->next)
        count++;
    if (count < 2) return false;
    const char **names = malloc(count * sizeof *names);
    if (!names) {
        *no_memory = true;
        return false;
    }
    for (const cJSON *child = object->child; child; child = child->next)
        names[i++] = child->string;
    qsort(names, count, sizeof *names, by_name);
    for (i = 1; i < count && !*name; i++)
        if (strcmp(names[i - 1], names[i]) == 0) *name = names[i];
    free(names);
    return *name != NULL;
}

static bool find_duplicate(const cJSON *tree, const char **name, bool *no_memory)
{
    if (cJSON_IsObject(tree) && twice(tree, name, no_memory)) return true;
    for (const cJSON *child = tree->child; child; child = child->next)
        if (child->child && find_duplicate(child, name, no_memory)) return true;
    return false;
}

cJSON *json_parse(const char *text, size_t length, struct fault *fault)
{
    if (json_scan(text ? text : "", text ? length : 0, fault)) return NULL;
    cJSON *tree = cJSON_ParseWithLength(text, length);
    const char *name = NULL;
    bool no_memory = false;
    if (!tree) {
        fault_set(fault, HUB_MALFORMED_JSON, NULL, "This JSON cannot be read.");
    } else if (find_duplicate(tree, &name, &no_memory)) {
        fault_set(
            fault, HUB_MALFORMED_JSON, NULL, "The field \"%.*s\" is there twice. Send it once.", fit(name, 60), name);
        cJSON_Delete(tree);
        tree = NULL;
    } else if (no_memory) {
        fault_set(fault, HUB_UNAVAILABLE, NULL, "Out of memory. Try again.");
        cJSON_Delete(tree);
        tree = NULL;
    }
    return tree;
}

bool json_integer(const cJSON *value, int64_t *out)
{
    if (!cJSON_IsNumber(value)) return false;
    double number = value->valuedouble;
    if (!(fabs(number) < 9007199254740992.0) || floor(number) != number) return false;
    *out = (int64_t)number;
    return true;
}

/* ---- decoding ---------------------------------------------------------------------------------------------------- */

struct decoder {
    struct arena *arena;
    struct text_port *text;
    struct fault *fault;
    char path[96]; /* of the field at hand */
};

/* What was sent, in words: `"2" (text)`, `1.5`, `a list`. */
static void say(const cJSON *value, char *out, size_t size)
{
    if (cJSON_IsString(value)) {
        int length = fit(value->valuestring, 40);
        snprintf(out, size, "\"%.*s%s\" (text)", length, value->valuestring, value->valuestring[length] ? "..." : "");
    } else if (cJSON_IsNumber(value) && !isfinite(value->valuedouble)) {
        snprintf(out, size, "too large a number");
    } else if (cJSON_IsNumber(value)) {
        snprintf(out, size, "%.15g", value->valuedouble);
    } else if (cJSON_IsBool(value)) {
        snprintf(out, size, "%s", cJSON_IsTrue(value) ? "true" : "false");
    } else if (cJSON_IsArray(value)) {
        snprintf(out, size, "a list of %d", cJSON_GetArraySize(value));
    } else {
        snprintf(out, size, "%s", cJSON_IsObject(value) ? "an object" : "null");
    }
}

static enum hub_err wrong(struct decoder *d, const cJSON *value, const char *wanted)
{
    char sent[80];
    say(value, sent, sizeof sent);
    if (!d->path[0])
        return fault_set(d->fault, HUB_VALIDATION_ERROR, NULL, "This must be %s; you sent %s.", wanted, sent);
    return fault_set(d->fault, HUB_VALIDATION_ERROR, d->path, "\"%s\" must be %s; you sent %s.", d->path, wanted, sent);
}

static enum hub_err take_int(struct decoder *d, const struct json_field *f, const cJSON *value, int64_t *out)
{
    int64_t number;
    if (json_integer(value, &number) && number >= f->min && number <= f->max) {
        *out = number;
        return HUB_OK;
    }
    char wanted[120];
    if (f->max >= INT64_MAX / 4)
        snprintf(wanted, sizeof wanted, "a whole number from %lld", (long long)f->min);
    else
        snprintf(wanted, sizeof wanted, "a whole number from %lld to %lld", (long long)f->min, (long long)f->max);
    return wrong(d, value, wanted);
}

static enum hub_err take_text(struct decoder *d, const struct json_field *f, const cJSON *value, const char **out)
{
    char wanted[120];
    snprintf(wanted, sizeof wanted, "text of %lld to %lld characters", (long long)f->min, (long long)f->max);
    if (!cJSON_IsString(value)) return wrong(d, value, wanted);
    bool ascii = true;
    for (const char *p = value->valuestring; *p; p++)
        if ((unsigned char)*p >= 0x80) ascii = false;
    bool as_it_is = ascii || !d->text;
    char *normal = as_it_is ? NULL : d->text->ops->nfc(d->text, value->valuestring);
    *out = as_it_is ? arena_strdup(d->arena, value->valuestring) : arena_strdup(d->arena, normal);
    free(normal);
    if (!*out) return fault_set(d->fault, HUB_UNAVAILABLE, NULL, "Out of memory. Try again.");
    int64_t characters = 0;
    for (const char *p = *out; *p; p++)
        characters += ((unsigned char)*p & 0xc0) != 0x80;
    if (characters >= f->min && characters <= f->max) return HUB_OK;
    return fault_set(d->fault, HUB_VALIDATION_ERROR, d->path, "\"%s\" must be %s; it has %lld.", d->path, wanted,
        (long long)characters);
}

static enum hub_err take_name(struct decoder *d, const struct json_field *f, const cJSON *value, int *out)
{
    char list[160] = "one of ";
    size_t used = strlen(list);
    for (int i = 0; f->names[i]; i++) {
        if (cJSON_IsString(value) && strcmp(value->valuestring, f->names[i]) == 0) {
            *out = i;
            return HUB_OK;
        }
        if (used < sizeof list)
            used += (size_t)snprintf(list + used, sizeof list - used, "%s%s", i ? ", " : "", f->names[i]);
    }
    return wrong(d, value, list);
}

static enum hub_err take_ids(struct decoder *d, const struct json_field *f, const cJSON *value, struct json_ids *out)
{
    int count = cJSON_IsArray(value) ? cJSON_GetArraySize(value) : -1;
    if (count < 0 || count > f->max) return wrong(d, value, "a list of ids");
    int64_t *ids = arena_array(d->arena, (size_t)count + 1, sizeof *ids);
    if (!ids) return fault_set(d->fault, HUB_UNAVAILABLE, NULL, "Out of memory. Try again.");
    size_t i = 0;
    for (const cJSON *child = value->child; child; child = child->next, i++) {
        if (json_integer(child, &ids[i]) && ids[i] > 0) continue;
        size_t used = strlen(d->path);
        snprintf(d->path + used, sizeof d->path - used, "[%zu]", i);
        return wrong(d, child, "an id (a positive whole number)");
    }
    *out = (struct json_ids){ids, (size_t)count};
    return HUB_OK;
}

static enum hub_err take(struct decoder *d, const struct json_field *f, const cJSON *value, char *slot)
{
    switch (f->kind) {
    case JSON_INT: return take_int(d, f, value, (int64_t *)(void *)slot);
    case JSON_TEXT: return take_text(d, f, value, (const char **)(void *)slot);
    case JSON_NAME_OF: return take_name(d, f, value, (int *)(void *)slot);
    case JSON_IDS: return take_ids(d, f, value, (struct json_ids *)(void *)slot);
    case JSON_BOOL:
        if (!cJSON_IsBool(value)) return wrong(d, value, "true or false");
        *(bool *)slot = cJSON_IsTrue(value);
        return HUB_OK;
    case JSON_OBJECT:
        if (!cJSON_IsObject(value)) return wrong(d, value, "an object");
        break;
    case JSON_ARRAY:
        if (!cJSON_IsArray(value) || cJSON_GetArraySize(value) < f->min || cJSON_GetArraySize(value) > f->max) {
            char wanted[60];
            snprintf(wanted, sizeof wanted, "a list of %lld to %lld", (long long)f->min, (long long)f->max);
            return wrong(d, value, wanted);
        }
        break;
    case JSON_ANY: break;
    }
    *(const cJSON **)(void *)slot = value;
    return HUB_OK;
}

static void path_to(char *out, size_t size, const char *path, const char *name)
{
    snprintf(out, size, "%.60s%s%.*s", path, path[0] ? "." : "", fit(name, 30), name);
}

static enum hub_err unknown(struct decoder *d, const struct json_field *fields, size_t count, const char *name)
{
    char list[240];
    size_t used = 0;
    list[0] = '\0';
    for (size_t i = 0; i < count && used < sizeof list; i++)
        used += (size_t)snprintf(list + used, sizeof list - used, "%s%s", i ? ", " : "", fields[i].name);
    return fault_set(d->fault, HUB_VALIDATION_ERROR, d->path, "There is no field \"%.*s\" here. Known are: %s.",
        fit(name, 40), name, list);
}

enum hub_err json_decode(const cJSON *object, const struct json_field *fields, size_t count, void *out,
    uint64_t *present, struct arena *arena, struct text_port *text, const char *path, struct fault *fault)
{
    struct decoder d = {.arena = arena, .text = text, .fault = fault};
    uint64_t seen = 0;
    snprintf(d.path, sizeof d.path, "%s", path);
    if (!cJSON_IsObject(object)) return wrong(&d, object, "an object");
    for (const cJSON *child = object->child; child; child = child->next) {
        size_t i = 0;
        while (i < count && strcmp(fields[i].name, child->string) != 0)
            i++;
        path_to(d.path, sizeof d.path, path, child->string);
        if (i == count) return unknown(&d, fields, count, child->string);
        if (cJSON_IsNull(child)) continue;
        enum hub_err err = take(&d, &fields[i], child, (char *)out + fields[i].offset);
        if (err) return err;
        seen |= (uint64_t)1 << i;
    }
    for (size_t i = 0; i < count; i++) {
        if (!fields[i].required || seen & ((uint64_t)1 << i)) continue;
        path_to(d.path, sizeof d.path, path, fields[i].name);
        return fault_set(fault, HUB_VALIDATION_ERROR, d.path, "\"%s\" is missing.", d.path);
    }
    if (present) *present = seen;
    return HUB_OK;
}

/* ---- canonical form ---------------------------------------------------------------------------------------------- */

static int child_by_name(const void *a, const void *b)
{
    return strcmp((*(const cJSON *const *)a)->string, (*(const cJSON *const *)b)->string);
}

static void canonical(struct json_writer *w, const cJSON *value, const char *const *skip);

static void canonical_object(struct json_writer *w, const cJSON *object, const char *const *skip)
{
    size_t count = (size_t)cJSON_GetArraySize(object), i = 0;
    const cJSON **children = malloc((count + 1) * sizeof *children);
    if (!children) {
        w->failed = true;
        return;
    }
    for (const cJSON *child = object->child; child; child = child->next)
        children[i++] = child;
    qsort(children, count, sizeof *children, child_by_name);
    json_begin_object(w); /* {name,value,name,value}: not JSON, but as good for comparing */
    for (i = 0; i < count; i++) {
        bool skipped = cJSON_IsNull(children[i]); /* null equals absent */
        for (size_t s = 0; skip && skip[s]; s++)
            skipped = skipped || strcmp(skip[s], children[i]->string) == 0;
        if (skipped) continue;
        json_string(w, children[i]->string);
        canonical(w, children[i], NULL);
    }
    json_end_object(w);
    free(children);
}

static void canonical(struct json_writer *w, const cJSON *value, const char *const *skip)
{
    if (cJSON_IsObject(value)) {
        canonical_object(w, value, skip);
    } else if (cJSON_IsArray(value)) {
        json_begin_array(w);
        for (const cJSON *child = value->child; child; child = child->next)
            canonical(w, child, NULL);
        json_end_array(w);
    } else {
        json_tree(w, value);
    }
}

char *json_canonical(const cJSON *value, const char *const *skip)
{
    struct json_writer w;
    json_writer_init(&w);
    canonical(&w, value, skip);
    return json_writer_take(&w, NULL);
}
