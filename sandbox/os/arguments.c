/* arguments.c: from a job's grants and limits to the helper's command line. */
#include "os.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>

enum { TEMPORARY_BYTES = 64 << 20 };

void
arguments_add(struct arguments *arguments, const char *word)
{
    const x07_host *host = arguments->host;

    if (arguments->count + 2 > arguments->capacity) {
        size_t capacity = arguments->capacity * 2 + 32;
        char **grown = host->alloc(host, capacity * sizeof *grown);
        if (arguments->count)
            memcpy(grown, arguments->words, arguments->count * sizeof *grown);
        host->release(host, arguments->words);
        arguments->words = grown;
        arguments->capacity = capacity;
    }
    char *copy = host->alloc(host, strlen(word) + 1);
    memcpy(copy, word, strlen(word));
    arguments->words[arguments->count++] = copy;
    arguments->words[arguments->count] = NULL;
}

void
arguments_add_pair(struct arguments *arguments, const char *option, const char *value)
{
    arguments_add(arguments, option);
    arguments_add(arguments, value);
}

void
arguments_free(struct arguments *arguments)
{
    for (size_t i = 0; i < arguments->count; i++)
        arguments->host->release(arguments->host, arguments->words[i]);
    arguments->host->release(arguments->host, arguments->words);
}

static void
add_list(struct arguments *arguments, const char *option, const char *const *list)
{
    for (size_t i = 0; list && list[i]; i++)
        arguments_add_pair(arguments, option, list[i]);
}

/* A prefix is the beginning of a path's text: that of whole directories, or of several names in one. */
static void
add_prefix(struct arguments *arguments, const char *prefix, const char *directory)
{
    const char *slash = strrchr(prefix, '/');
    const char *begin = slash ? slash + 1 : prefix;
    char parent[4096];
    char path[8192];

    if (*begin == '\0') {
        arguments_add_pair(arguments, "--run", prefix);
        return;
    }
    int parent_len = slash ? (int)(slash - prefix + 1) : 0;
    snprintf(parent, sizeof parent, "%.*s", parent_len, prefix);
    snprintf(path, sizeof path, "%s%s%s", parent[0] == '/' || !directory ? "" : directory,
             parent[0] == '/' || !directory ? "" : "/", parent);
    DIR *names = opendir(path[0] ? path : ".");
    struct dirent *entry;
    while (names && (entry = readdir(names))) {
        if (strncmp(entry->d_name, begin, strlen(begin)) != 0)
            continue;
        snprintf(path, sizeof path, "%s%s", parent, entry->d_name);
        arguments_add_pair(arguments, "--run", path);
    }
    if (names)
        closedir(names);
}

static void
add_spawn(struct arguments *arguments, const x07_grants *grants, const char *directory)
{
    char bytes[32];
    uint64_t room = grants->memory_bytes < TEMPORARY_BYTES ? grants->memory_bytes : TEMPORARY_BYTES;

    arguments_add(arguments, "--spawn");
    add_list(arguments, "--run", grants->executables);
    for (size_t i = 0; grants->executable_prefixes[i]; i++)
        add_prefix(arguments, grants->executable_prefixes[i], directory);
    snprintf(bytes, sizeof bytes, "%llu", (unsigned long long)room);
    arguments_add_pair(arguments, "--tmp", bytes);
}

static x07_status
add_grants(struct arguments *arguments, const x07_grants *grants, const char *directory)
{
    add_list(arguments, "--read", grants->read_roots);
    add_list(arguments, "--write", grants->write_roots);
    if (grants->flags & X07_GRANT_SPAWN)
        add_spawn(arguments, grants, directory);
    if (grants->flags & X07_GRANT_NATIVE_CODE)
        arguments_add(arguments, "--threads");
    if (grants->flags & (X07_GRANT_SPAWN | X07_GRANT_NATIVE_CODE)) {
        char bytes[32];
        snprintf(bytes, sizeof bytes, "%llu", (unsigned long long)grants->memory_bytes);
        arguments_add_pair(arguments, "--group", bytes);
    }
    return arguments_of_network(arguments, grants);
}

/* What a world without a policy lets a program do: everything that its user may. */
static void
add_everything(struct arguments *arguments)
{
    arguments_add_pair(arguments, "--write", "/");
    arguments_add_pair(arguments, "--run", "/");
    arguments_add(arguments, "--spawn");
    arguments_add(arguments, "--share-network");
}

static void
add_limits(struct arguments *arguments, const x07_limits *limits)
{
    const struct {
        uint32_t bit;
        const char *name;
        uint64_t value;
    } rows[] = {
        {X07_LIMIT_CPU_SECONDS, "cpu", limits->cpu_seconds},
        {X07_LIMIT_ADDRESS_SPACE, "as", limits->address_space},
        {X07_LIMIT_FILE_SIZE, "fsize", limits->file_size},
        {X07_LIMIT_OPEN_FILES, "nofile", limits->open_files},
        {X07_LIMIT_PROCESSES, "nproc", limits->processes},
        {X07_LIMIT_CORE_SIZE, "core", limits->core_size},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[64];
        if (!(limits->set & rows[i].bit))
            continue;
        snprintf(text, sizeof text, "%s=%llu", rows[i].name, (unsigned long long)rows[i].value);
        arguments_add_pair(arguments, "--limit", text);
    }
}

x07_status
arguments_of_job(struct arguments *arguments, const x07_job *job)
{
    const x07_host *host = arguments->host;
    const x07_spawn *process = job->process;
    const x07_grants *grants = X07_HAS(job, x07_job, grants) ? job->grants : NULL;
    x07_status status = X07_OK;

    if (grants)
        status = add_grants(arguments, grants, process->directory);
    else if (job->policy)
        status = host->fail(host, X07_E_POLICY, "E_SANDBOX_OS_POLICY",
                            "this host does not say what the policy grants");
    else
        add_everything(arguments);
    if (status != X07_OK)
        return status;
    if (process->limits)
        add_limits(arguments, process->limits);
    if (process->argv && process->argv[0])
        arguments_add_pair(arguments, "--argv0", process->argv[0]);
    arguments_add_pair(arguments, "--", process->path);
    for (size_t i = 1; process->argv && process->argv[0] && process->argv[i]; i++)
        arguments_add(arguments, process->argv[i]);
    return X07_OK;
}
