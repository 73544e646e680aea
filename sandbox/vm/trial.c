/* trial.c: remembers whether a guest comes up with this kernel, QEMU and machine: a probe has no time to boot
 * one, and a processor that only pretends to run guests lets them spin without a word until the time is up.
 * That none came up may have been the fault of the moment: it is remembered for a while only. */
#include "vm.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { TRIAL_MOST = 8192, FAILURE_KEPT_S = 600 };

static bool
trial_path(const struct settings *settings, char *path)
{
    char key[DIGEST_HEX];

    key_make(settings, template_default_mib(), key);
    return snprintf(path, PATH_MAX, "%s/%s.trial", settings->cache, key) < PATH_MAX;
}

char *
trial_recall(const struct settings *settings)
{
    struct template template;
    struct stat found;
    char path[PATH_MAX];

    if (template_find(settings, template_default_mib(), &template))
        return strdup("");
    char *text =
        trial_path(settings, path) && stat(path, &found) == 0 ? vm_read_file(path, TRIAL_MOST) : NULL;
    if (text && text[0] && time(NULL) - found.st_mtime > FAILURE_KEPT_S) {
        free(text);
        return NULL;
    }
    return text;
}

void
trial_remember(const struct settings *settings, const char *failure)
{
    char path[PATH_MAX], draft[PATH_MAX];

    if (!trial_path(settings, path) ||
        snprintf(draft, sizeof draft, "%.4000s.%ld", path, (long)getpid()) >= (int)sizeof draft)
        return;
    int file = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (file < 0)
        return;
    bool written = vm_write_all(file, failure, strlen(failure));
    close(file);
    if (!written || rename(draft, path) < 0)
        unlink(draft);
}
