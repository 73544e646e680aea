/* x07c_main.c: the process x07c. */
#include "cli/x07c.h"

int
main(int argc, char **argv)
{
    return x07c_main(argc, argv);
}
