/* doc.h: the command `x07 doc`. */
#ifndef CLI_DOC_H
#define CLI_DOC_H

/* Runs the command; argv[0] is "doc". Prints what it found on stdout, errors on stderr. Returns 0, or 2 when
 * there is no such thing or the command line is wrong. */
int cli_doc(int argc, char **argv);

#endif
