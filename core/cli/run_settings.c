/* run_settings.c: who decides each knob of a run: a table with one row per knob, first come first served. */
#include "cli/run.h"
#include "project/paths.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* Numbers: flag, profile, default. */
#define ROW(flag, of_profile, setting)                                        \
    offsetof(struct run_options, flag), offsetof(struct profile, of_profile), \
        offsetof(struct run_settings, setting)
static const struct {
    size_t flag, profile, setting;
    struct option_number otherwise;
} numbers[] = {
    {ROW(fuel, solve_fuel, fuel), {true, RUN_DEFAULT_FUEL}},
    {ROW(memory_bytes, max_memory_bytes, memory_bytes), {true, RUN_DEFAULT_MEMORY}},
    {ROW(output_bytes, max_output_bytes, output_bytes), {false, 0}},
    {ROW(cpu_seconds, cpu_time_limit_seconds, cpu_seconds), {false, 0}},
};

static const void *
at(const void *structure, size_t offset)
{
    return (const char *)structure + offset;
}

static void
settle_numbers(struct run *run)
{
    for (size_t i = 0; i < COUNT(numbers); i++) {
        const struct option_number *flag = at(&run->options, numbers[i].flag);
        const struct json_natural *of_profile = run->profile ? at(run->profile, numbers[i].profile) : NULL;
        struct option_number *setting =
            (struct option_number *)(void *)((char *)&run->settings + numbers[i].setting);
        *setting = numbers[i].otherwise;
        if (flag->given)
            *setting = *flag;
        else if (of_profile && of_profile->given)
            *setting = (struct option_number){true, of_profile->value};
    }
}

/* Words. */
enum { SOURCES = 6 };

static const char *
first_given(const char *const sources[SOURCES])
{
    for (size_t i = 0; i < SOURCES; i++)
        if (sources[i])
            return sources[i];
    return NULL;
}

static void
settle_words(struct run *run)
{
    static const struct profile none = {0};
    const struct run_options *flags = &run->options;
    const struct profile *profile = run->profile ? run->profile : &none;
    const char *of_project = run->manifest_read ? run->project.manifest.world : NULL;
    const char *host = flags->host ? "host" : NULL, *os = flags->os ? "os" : NULL;
    const struct {
        const char **setting;
        const char *sources[SOURCES];
    } words[] = {
        {&run->settings.world,
         {flags->world, os ? "run-os" : NULL, host ? "solve-pure" : NULL, profile->world, of_project,
          "run-os"}},
        {&run->settings.runner, {flags->runner, host, os, profile->runner, "auto"}},
        {&run->settings.cc_profile, {flags->cc_profile, profile->cc_profile}},
        {&run->settings.input, {profile->input}},
    };

    for (size_t i = 0; i < COUNT(words); i++)
        *words[i].setting = first_given(words[i].sources);
}

struct error *
run_settle(struct run *run)
{
    const struct run_options *flags = &run->options;
    const struct json_flag *of_profile = run->profile ? &run->profile->auto_ffi : NULL;

    if (run->manifest_path && !run->profile && !flags->world && !flags->os && !flags->host) {
        struct error *error = run_read_manifest(run);
        if (error)
            return error;
    }
    settle_numbers(run);
    settle_words(run);
    run->settings.auto_ffi = flags->no_auto_ffi                ? false
                             : flags->auto_ffi                 ? true
                             : of_profile && of_profile->given ? of_profile->value
                                                               : true;
    if (run->settings.input)
        run->settings.input = run->settings.input[0] == '/'
                                  ? run->settings.input
                                  : paths_join(run->arena, run->project_root, run->settings.input);
    return NULL;
}
