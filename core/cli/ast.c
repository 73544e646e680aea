/* ast.c: the group `x07 ast` and, within it, `x07 ast edit`. */
#include "cli/ast.h"

static const struct command *const edits[] = {&ast_apply_quickfix_command, &ast_insert_stmts_command, NULL};

static const struct command edit_command = {
    .name = "edit",
    .summary = "Edit a document in one step",
    .missing = "missing subcommand (try --help)",
    .commands = edits,
};

static const struct command *const commands[] = {
    &ast_apply_patch_command, &ast_canon_command,    &edit_command,
    &ast_get_command,         &ast_init_command,     &ast_schema_command,
    &ast_slice_command,       &ast_validate_command, NULL,
};

const struct command ast_command = {
    .name = "ast",
    .summary = "Read, check and change x07AST documents",
    .missing = "missing subcommand (try --help)",
    .commands = commands,
};
