/* main.c: the process x07. */
#include "cli/commands.h"

int
main(int argc, char **argv)
{
    return cli_main(argc, argv);
}
