/* links.h: whether a symbolic link can lead out of the root that it lies in. */
#ifndef VM_LINKS_H
#define VM_LINKS_H

#include <stdbool.h>

/* depth  folders between the root and the link. An absolute link leads out, wherever it leads. */
bool link_stays_beneath(unsigned depth, const char *target);

#endif
