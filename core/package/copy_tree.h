/* copy_tree.h: copies a folder of plain files. Knows nothing of packages. */
#ifndef PACKAGE_COPY_TREE_H
#define PACKAGE_COPY_TREE_H

#include "base/error.h"

/* Copies what is in the folder `from` into the folder `to`, which exists. Anything but directories and
 * regular files is an error: E_COPY, or that of the file system. Any thread. */
struct error *copy_tree(const char *from, const char *to);

#endif
