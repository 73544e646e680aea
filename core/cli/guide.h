/* guide.h: the command `x07 guide`. */
#ifndef CLI_GUIDE_H
#define CLI_GUIDE_H

/* spec/guide.md; the build puts it here (cmake/guide.cmake). */
extern const char guide_text[];
extern const char guide_text_end[];

/* Runs the command; argv[0] is "guide". Prints the guide on stdout or, with --out, into a file. Returns the
 * exit code. */
int cli_guide(int argc, char **argv);

#endif
