/* filter_programs.h: the filters that make_filters.c has written, by variant. */
#ifndef FILTERS_FILTER_PROGRAMS_H
#define FILTERS_FILTER_PROGRAMS_H

#include "variants.h"

#include <linux/filter.h>

struct filter_program {
    unsigned short length; /* 0: no such variant */
    const struct sock_filter *steps;
};

extern const struct filter_program filter_programs[VARIANT_COUNT];

#endif
