/* ast.h: the commands `x07 ast ...`, one file each. Exit codes: 0, 2 (usage, or a file that cannot be read),
 * 20 (pointer, target or validation), 21 (a patch that does not apply, or a result that is no document). */
#ifndef CLI_AST_H
#define CLI_AST_H

#include "cli/command.h"

extern const struct command ast_command;

extern const struct command ast_apply_patch_command;
extern const struct command ast_apply_quickfix_command;
extern const struct command ast_canon_command;
extern const struct command ast_get_command;
extern const struct command ast_init_command;
extern const struct command ast_insert_stmts_command;
extern const struct command ast_schema_command;
extern const struct command ast_slice_command;
extern const struct command ast_validate_command;

#endif
