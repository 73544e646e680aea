/* clock.h: how much time has gone by. Knows no dates. Any thread. */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdint.h>

/* Time since some moment in the past, which is the same for all calls. It never goes back. */
int64_t clock_us(void); /* microseconds */
int64_t clock_ms(void); /* milliseconds */

#endif
