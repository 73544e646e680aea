/* patch.h: the commands `x07 patch ...`. argv[0] is the command's name; returns the exit code. */
#ifndef CLI_PATCH_H
#define CLI_PATCH_H

int cli_patch(int argc, char **argv);

#endif
