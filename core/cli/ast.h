/* ast.h: the commands `x07 ast ...`, one file each. argv[0] is the command's name; each returns the exit
 * code: 0, 2 (usage, or a file that cannot be read), 20 (pointer, target or validation), 21 (a patch that
 * does not apply, or a result that is no document). */
#ifndef CLI_AST_H
#define CLI_AST_H

int cli_ast(int argc, char **argv);

int ast_apply_patch(int argc, char **argv);
int ast_apply_quickfix(int argc, char **argv);
int ast_canon(int argc, char **argv);
int ast_edit(int argc, char **argv);
int ast_get(int argc, char **argv);
int ast_insert_stmts(int argc, char **argv);
int ast_validate(int argc, char **argv);

#endif
