/* doctor_machine.h: what the kernel offers to sandboxes, and what is installed for them.
 * Knows the system; knows no backend and no report. Nothing is changed by asking. */
#ifndef CLI_DOCTOR_MACHINE_H
#define CLI_DOCTOR_MACHINE_H

#include "base/text.h"

#include <stdbool.h>

/* Each says in one line what it found, and returns whether that will do. */
bool machine_has_kvm(struct text *detail);
bool machine_has_landlock(struct text *detail);
bool machine_has_seccomp(struct text *detail);
bool machine_has_user_namespaces(struct text *detail);
bool machine_has_qemu(struct text *detail);
bool machine_has_kernel_image(struct text *detail);

#endif
