/* interpreter.h: which loader an executable asks for. */
#ifndef CONFINE_INTERPRETER_H
#define CONFINE_INTERPRETER_H

/* The path in the program header of an ELF file of this machine's word size; NULL when it names none. */
char *interpreter_of(const char *path);

#endif
