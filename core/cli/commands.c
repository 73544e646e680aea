/* commands.c: the commands of `x07`. A new one is a line here and a file of its own. */
#include "cli/commands.h"

#include "cli/assets.h"
#include "cli/ast.h"
#include "cli/build.h"
#include "cli/check.h"
#include "cli/complete.h"
#include "cli/diag.h"
#include "cli/doc.h"
#include "cli/doctor.h"
#include "cli/fix.h"
#include "cli/fmt.h"
#include "cli/guide.h"
#include "cli/init.h"
#include "cli/lint.h"
#include "cli/machine.h"
#include "cli/patch.h"
#include "cli/pkg.h"
#include "cli/plugins.h"
#include "cli/policy.h"
#include "cli/run.h"
#include "cli/vm.h"

/* A line each, for those who add one. */
/* clang-format off */
static const struct command *const commands[] = {
    &assets_command,
    &ast_command,
    &build_command,
    &check_command,
    &diag_command,
    &doc_command,
    &doctor_command,
    &fix_command,
    &fmt_command,
    &guide_command,
    &init_command,
    &lint_command,
    &patch_command,
    &pkg_command,
    &plugins_command,
    &policy_command,
    &run_command,
    &vm_command,
    &complete_command,
    NULL,
};
/* clang-format on */

const struct command root_command = {
    .name = "x07",
    .summary = "X07 toolchain",
    .missing = "missing subcommand (try --help)",
    .commands = commands,
};

int
cli_main(int argc, char **argv)
{
    return machine_run(argc, argv);
}
