/* vm.h: the command `x07 vm`: the images and leftovers of a sandbox backend that has some. */
#ifndef CLI_VM_H
#define CLI_VM_H

#include "cli/command.h"

extern const struct command vm_command;

#endif
