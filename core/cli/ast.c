/* ast.c: the group `x07 ast` and, within it, `x07 ast edit`. */
#include "cli/ast.h"

#include "cli/group.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static const struct group_command edits[] = {
    {"apply-quickfix", ast_apply_quickfix, "Apply one fix of the linter"},
    {"insert-stmts", ast_insert_stmts, "Insert statements before the tail of a block"},
};

static const struct group edit_group = {
    .name = "x07 ast edit",
    .summary = "Edit a document in one step",
    .missing = "missing subcommand (try --help)",
    .commands = edits,
    .count = COUNT(edits),
};

static const struct group_command commands[] = {
    {"apply-patch", ast_apply_patch, "Apply a JSON Patch to a document"},
    {"canon", ast_canon, "Write the canonical form of a document"},
    {"edit", ast_edit, "Edit a document in one step"},
    {"get", ast_get, "Print the value at a JSON Pointer"},
    {"validate", ast_validate, "Check a document against its schema"},
};

static const struct group ast_group = {
    .name = "x07 ast",
    .summary = "Read, check and change x07AST documents",
    .missing = "missing subcommand (try --help)",
    .commands = commands,
    .count = COUNT(commands),
};

int
ast_edit(int argc, char **argv)
{
    return group_run(&edit_group, argc, argv);
}

int
cli_ast(int argc, char **argv)
{
    return group_run(&ast_group, argc, argv);
}
