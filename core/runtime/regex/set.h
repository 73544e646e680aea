/* set.h: sets of bytes or of code points, as bits. The library answers what is in a property and what differs
 * in case only. */
#ifndef RUNTIME_REGEX_SET_H
#define RUNTIME_REGEX_SET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Word characters as a class of the library's syntax. */
#define SET_UNICODE_WORD "[\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}\\x{200c}\\x{200d}]"

enum { SET_BYTES = 256, SET_POINTS = 0x110000 };

struct set {
    uint32_t size; /* SET_BYTES or SET_POINTS: how many elements can be in it */
    uint64_t bits[];
};

size_t set_bytes(uint32_t size);
bool set_has(const struct set *set, uint32_t element);
void set_add(struct set *set, uint32_t first, uint32_t last);
void set_negate(struct set *set);

/* to = to (op) from; both have the same size. */
void set_unite(struct set *to, const struct set *from);
void set_intersect(struct set *to, const struct set *from);
void set_subtract(struct set *to, const struct set *from);
void set_differ(struct set *to, const struct set *from);

/* The next maximal range at or after *from; false when there is none. *from then moves behind it. */
bool set_range(const struct set *set, uint32_t *from, uint32_t *first, uint32_t *last);

/* Adds what differs from elements in case only: ASCII letters in sets of bytes, else as Unicode says. */
void set_fold(struct set *set);

/* Adds the code points that a class of the library's syntax holds; false when it knows no such class. */
bool set_add_class(struct set *set, const char *class_text, bool ignore_case);

#endif
