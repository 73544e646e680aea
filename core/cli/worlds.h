/* worlds.h: the worlds that --world takes. */
#ifndef CLI_WORLDS_H
#define CLI_WORLDS_H

extern const char *const world_choices[];

#endif
