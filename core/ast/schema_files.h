/* schema_files.h: the table that the build makes of spec/. Private to schemas.c. */
#ifndef AST_SCHEMA_FILES_H
#define AST_SCHEMA_FILES_H

struct schema_file {
    const char *name; /* NULL ends the table */
    const char *text;
    const char *end;
};

extern const struct schema_file schema_files[];

#endif
