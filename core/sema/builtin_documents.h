/* builtin_documents.h: the standard library's documents inside the host. The build generates the table
   (cmake/stdlib.cmake); builtin_modules.c alone reads it. */
#ifndef SEMA_BUILTIN_DOCUMENTS_H
#define SEMA_BUILTIN_DOCUMENTS_H

struct builtin_document {
    const char *id;    /* "std.bytes" */
    const char *start; /* UTF-8 x07AST, immutable, lives as long as the process */
    const char *end;   /* one past its last byte, where a NUL stands */
};

/* Sorted by path; the last row's id is null. */
extern const struct builtin_document builtin_documents[];

#endif
