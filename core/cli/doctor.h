/* doctor.h: the command `x07 doctor`. */
#ifndef CLI_DOCTOR_H
#define CLI_DOCTOR_H

/* Runs the command; argv[0] is "doctor". Prints its report on stdout. Returns the exit code: 0 when nothing
 * is missing that every user needs, else 1. */
int cli_doctor(int argc, char **argv);

#endif
