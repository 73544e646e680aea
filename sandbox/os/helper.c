/* helper.c: finds the helper program, and reads what it reports. */
#include "os.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define HELPER "x07-confine"

static char *
copy_text(const x07_host *host, const char *text, size_t len)
{
    char *copy = host->alloc(host, len + 1);

    memcpy(copy, text, len);
    return copy;
}

/* Beside this plugin, whose directory the host has found trustworthy. */
char *
helper_find(const x07_host *host, char *why)
{
    Dl_info info;
    struct stat file;
    char path[4096];

    if (!dladdr((const void *)(uintptr_t)helper_find, &info) || !info.dli_fname) {
        snprintf(why, WHY_BYTES, "the plugin cannot find out where it is");
        return NULL;
    }
    const char *slash = strrchr(info.dli_fname, '/');
    int directory = slash ? (int)(slash - info.dli_fname + 1) : 0;
    snprintf(path, sizeof path, "%.*s" HELPER, directory, info.dli_fname);
    if (stat(path, &file) || !S_ISREG(file.st_mode) || access(path, X_OK)) {
        snprintf(why, WHY_BYTES, "its helper %.800s cannot be executed: %s", path, strerror(errno));
        return NULL;
    }
    if ((file.st_uid != 0 && file.st_uid != geteuid()) || (file.st_mode & (S_IWGRP | S_IWOTH))) {
        snprintf(why, WHY_BYTES, "its helper %.800s can be changed by others", path);
        return NULL;
    }
    char *absolute = realpath(path, NULL);
    char *copy = absolute ? copy_text(host, absolute, strlen(absolute)) : NULL;
    if (!absolute)
        snprintf(why, WHY_BYTES, "its helper %.800s cannot be found: %s", path, strerror(errno));
    free(absolute);
    return copy;
}

static void
append(const x07_host *host, char ***list, size_t *count, const char *text, size_t len)
{
    char **grown = host->alloc(host, (*count + 1) * sizeof *grown);

    if (*count)
        memcpy(grown, *list, *count * sizeof *grown);
    grown[*count] = copy_text(host, text, len);
    host->release(host, *list);
    *list = grown;
    *count += 1;
}

static void
parse_error(const x07_host *host, const char *text, size_t len, struct report *report)
{
    size_t code = 0;

    while (code < len && text[code] != ' ')
        code++;
    size_t rest = code < len ? code + 1 : len;
    host->release(host, report->code);
    host->release(host, report->message);
    report->code = copy_text(host, text, code);
    report->message = copy_text(host, text + rest, len - rest);
}

static void
parse_line(const x07_host *host, const char *line, size_t len, struct report *report)
{
    if (len > 6 && strncmp(line, "layer ", 6) == 0)
        append(host, &report->layers, &report->layer_count, line + 6, len - 6);
    else if (len > 5 && strncmp(line, "lack ", 5) == 0)
        append(host, &report->lacks, &report->lack_count, line + 5, len - 5);
    else if (len > 6 && strncmp(line, "group ", 6) == 0)
        append(host, &report->groups, &report->group_count, line + 6, len - 6);
    else if (len == 7 && strncmp(line, "running", 7) == 0)
        report->running = 1;
    else if (len > 6 && strncmp(line, "error ", 6) == 0)
        parse_error(host, line + 6, len - 6, report);
}

void
report_parse(const x07_host *host, const char *text, struct report *report)
{
    while (*text) {
        size_t len = strcspn(text, "\n");

        parse_line(host, text, len, report);
        text += len + (text[len] != '\0');
    }
}

static void
free_list(const x07_host *host, char **list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        host->release(host, list[i]);
    host->release(host, list);
}

void
report_free(const x07_host *host, struct report *report)
{
    free_list(host, report->layers, report->layer_count);
    free_list(host, report->lacks, report->lack_count);
    free_list(host, report->groups, report->group_count);
    host->release(host, report->code);
    host->release(host, report->message);
}
