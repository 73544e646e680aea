/* broker_send.h: sends for the program what it wants to send to an address. Knows sockets and messages; knows
 * nothing of how the answer gets to the program (broker_call.h). */
#ifndef CONFINE_BROKER_SEND_H
#define CONFINE_BROKER_SEND_H

#include "broker_call.h"

#include <sys/socket.h>

/* Copies an address of the call and takes its socket. Returns the socket, or -1 with errno: EACCES when the
 * address is not granted. */
int send_take_addressed(const struct call *call, uint64_t at, uint64_t size,
                        struct sockaddr_storage *address);

/* Answer sendto, sendmsg and sendmmsg. */
void send_answer_to(const struct call *call);
void send_answer_message(const struct call *call);
void send_answer_messages(const struct call *call);

#endif
