/* doctor_platform.c: which system this is. */
#include "base/file.h"
#include "cli/doctor_parts.h"

#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

enum { OS_RELEASE_MAX = 65536 };

static const char *
read_distro(struct arena *arena)
{
    struct text text = {0};
    const char *id = NULL;
    struct error *error = file_read("/etc/os-release", OS_RELEASE_MAX, &text);

    for (char *line = error ? NULL : strtok(text.data, "\n"); line && !id; line = strtok(NULL, "\n"))
        if (strncmp(line, "ID=", 3) == 0) {
            line += 3 + (line[3] == '"');
            id = arena_copy(arena, line, strcspn(line, "\""));
        }
    error_free(error);
    text_free(&text);
    return id;
}

static enum distro
distro_of(const char *id)
{
    static const struct {
        const char *id;
        enum distro distro;
    } known[] = {{"debian", DISTRO_DEBIAN},
                 {"ubuntu", DISTRO_DEBIAN},
                 {"fedora", DISTRO_FEDORA},
                 {"arch", DISTRO_ARCH}};

    for (size_t i = 0; id && i < sizeof known / sizeof known[0]; i++)
        if (strcmp(known[i].id, id) == 0)
            return known[i].distro;
    return DISTRO_OTHER;
}

static bool
is_wsl(void)
{
    struct text text = {0};
    struct error *error = file_read("/proc/version", OS_RELEASE_MAX, &text);
    bool wsl = getenv("WSL_DISTRO_NAME") != NULL || (!error && strcasestr(text_string(&text), "microsoft"));

    error_free(error);
    text_free(&text);
    return wsl;
}

void
doctor_platform(struct doctor *doctor)
{
    struct utsname name = {0};
    x07_json *json = &doctor->report;

    uname(&name);
    x07_json_name(json, "platform");
    x07_json_begin(json, '{');
    doctor_string(json, "os", "linux");
    doctor_string(json, "arch", name.machine);
    if (doctor->distro_id)
        doctor_string(json, "distro", doctor->distro_id);
    if (is_wsl()) {
        x07_json_name(json, "wsl");
        x07_json_bool(json, true);
    }
    x07_json_end(json, '}');
}

void
doctor_find_distro(struct doctor *doctor)
{
    doctor->distro_id = read_distro(doctor->arena);
    doctor->distro = distro_of(doctor->distro_id);
}
