/* broker.h: makes and connects sockets for the program, outside, in the network of the host.
 *
 * The kernel stops the program in a call that concerns an address, and tells the broker. The broker copies
 * the address, looks whether it is granted, and makes the call itself with its copy and with the program's
 * own socket: what the program does to its memory meanwhile changes nothing. Knows sockets and endpoints;
 * knows nothing of what else the program may do. */
#ifndef CONFINE_BROKER_H
#define CONFINE_BROKER_H

#include "plan.h"

/* The program's part: hands the descriptor of filter_install to the process outside, through `parent`. */
void broker_offer(const struct plan *plan, int parent, int listener);

/* The part of the one outside: lets the first process inside go on, and takes the descriptor. -1: the other
 * end is gone. */
int broker_accept(const struct plan *plan, int child);

/* Answers one call that waits at `listener`; returns whether by a process of its own, since connecting may
 * take its time. `waiting` of those have not ended yet: too many, and the call fails with EAGAIN. */
bool broker_answer(const struct plan *plan, int listener, unsigned waiting);

#endif
