/* key.c: what a template depends on, as one digest. Files count by their identity (place, size, times), so
 * that asking costs nothing; the digests of their bytes are in the template's manifest. */
#include "vm.h"

#include <cpuid.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>

static void
add_file(struct digest *digest, const char *path)
{
    struct stat found = {0};
    char text[256];

    digest_add_text(digest, path);
    if (stat(path, &found) < 0)
        found.st_ino = 0;
    snprintf(text, sizeof text, "%llu %llu %lld %lld.%09ld %lld.%09ld", (unsigned long long)found.st_dev,
             (unsigned long long)found.st_ino, (long long)found.st_size, (long long)found.st_mtim.tv_sec,
             found.st_mtim.tv_nsec, (long long)found.st_ctim.tv_sec, found.st_ctim.tv_nsec);
    digest_add_text(digest, text);
}

/* A guest that froze on one processor may not wake on another. */
static void
add_processor(struct digest *digest)
{
    static const unsigned leaves[] = {0, 1, 7, 0x80000001, 0x80000002, 0x80000003, 0x80000004};
    struct utsname system;

    for (size_t i = 0; i < sizeof leaves / sizeof *leaves; i++) {
        unsigned registers[4] = {0};
        __get_cpuid_count(leaves[i], 0, &registers[0], &registers[1], &registers[2], &registers[3]);
        if (leaves[i] == 1)
            registers[1] &= 0x00ffffff; /* without the number of the core that we are on */
        digest_add(digest, registers, sizeof registers);
    }
    if (uname(&system) == 0)
        digest_add_text(digest, system.release);
}

void
key_make(const struct settings *settings, uint64_t memory_mib, char key[DIGEST_HEX])
{
    struct template nowhere = {.memory_mib = memory_mib};
    struct machine_plan plan = {.settings = settings, .template = &nowhere, .name = ""};
    char dependencies[PATH_MAX];
    struct digest digest;
    struct words words = {0};

    digest_begin(&digest);
    digest_add_text(&digest, X07_PLUGIN_VERSION);
    digest_add(&digest, vm_guest_init, (size_t)(vm_guest_init_end - vm_guest_init));
    command_line_make(&plan, &words);
    for (size_t i = 0; i < words.count; i++)
        digest_add_text(&digest, words.items[i]);
    words_free(&words);
    add_file(&digest, settings->qemu);
    add_file(&digest, settings->kernel);
    add_file(&digest, VM_ZONES);
    add_file(&digest, "/etc/localtime");
    if (snprintf(dependencies, sizeof dependencies, "%s/modules.dep", settings->modules) <
        (int)sizeof dependencies)
        add_file(&digest, dependencies);
    add_processor(&digest);
    digest_end(&digest, key);
}
