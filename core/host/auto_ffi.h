/* auto_ffi.h: what FFI packages add to the native link: their C sources and the libraries that they name.
 * Knows module roots and package manifests; knows nothing of compilers' options but -l. */
#ifndef HOST_AUTO_FFI_H
#define HOST_AUTO_FFI_H

#include "base/arena.h"
#include "base/error.h"

struct auto_ffi {
    const char **arguments; /* for the native compiler; ends with NULL */
    const char **watched;   /* further files that decide what is compiled, such as headers; ends with NULL */
};

/* Looks at the package of every module root (NULL-terminated; may be NULL), whether or not the program
 * imports a module of it. Everything is allocated from `arena`. Error E_FFI: a manifest cannot be read, or an
 * FFI package has nothing to link. */
struct error *auto_ffi_collect(struct arena *arena, const char *const *module_roots, struct auto_ffi *ffi);

#endif
