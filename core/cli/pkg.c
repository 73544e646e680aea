/* pkg.c: the command `x07 pkg`. */
#include "cli/pkg.h"

#include "base/utf8.h"
#include "cli/group.h"

#include <stdio.h>
#include <string.h>

int
cli_pkg(int argc, char **argv)
{
    static const struct group_command commands[] = {
        {"add", pkg_add, "Add a dependency to a project"},
        {"lock", pkg_lock, "Complete a project's dependencies and write its lock file"},
        {"login", pkg_login, "Store the token of a package index"},
        {"pack", pkg_pack, "Make the archive of a package"},
        {"provides", pkg_provides, "Say what provides a module"},
        {"publish", pkg_publish, "Send a package to an index"},
        {"remove", pkg_remove, "Remove a dependency from a project"},
        {"versions", pkg_versions, "List the versions of a package"},
    };
    static const struct group group = {
        .name = "x07 pkg",
        .summary = "Manage packages",
        .missing = "missing pkg subcommand (try --help)",
        .commands = commands,
        .count = sizeof commands / sizeof commands[0],
    };

    /* Arguments become parts of manifests and reports. */
    for (int i = 1; i < argc; i++)
        if (utf8_prefix(argv[i], strlen(argv[i])) != strlen(argv[i])) {
            fputs("error: invalid UTF-8 was detected in one or more arguments\n", stderr);
            return 2;
        }
    return group_run(&group, argc, argv);
}
