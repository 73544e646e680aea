/* memory.h: allocation that cannot fail: without memory the process ends with a message. */
#ifndef BASE_MEMORY_H
#define BASE_MEMORY_H

#include <stddef.h>

/* Returns `size` zeroed bytes; the caller frees them with free(). */
void *memory_alloc(size_t size);

/* realloc that cannot fail; new bytes are not cleared. */
void *memory_resize(void *old, size_t size);

/* Copies a NUL-terminated string; the caller frees it. */
char *memory_string(const char *text);

/* Copies `len` bytes and adds a NUL; the caller frees it. */
char *memory_copy(const void *data, size_t len);

#endif
