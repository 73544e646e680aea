/* filter.c: the system calls that remain. The boundary around this process knows every program; this list
 * knows only what serving files takes: no programs, no sockets, no signals, no new mappings but memory. */
#include "files.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

static const int allowed[] = {
    SYS_read,      SYS_write,      SYS_pread64,    SYS_pwrite64,     SYS_openat2,    SYS_close,
    SYS_fstat,     SYS_newfstatat, SYS_lseek,      SYS_getdents64,   SYS_readlinkat, SYS_mkdirat,
    SYS_unlinkat,  SYS_renameat,   SYS_renameat2,  SYS_linkat,       SYS_symlinkat,  SYS_chmod,
    SYS_utimensat, SYS_ftruncate,  SYS_fsync,      SYS_fdatasync,    SYS_faccessat2, SYS_fstatfs,
    SYS_fcntl,     SYS_geteuid,    SYS_brk,        SYS_mmap,         SYS_munmap,     SYS_mremap,
    SYS_mprotect,  SYS_futex,      SYS_exit_group, SYS_rt_sigreturn,
};

enum { ALLOWED = sizeof allowed / sizeof *allowed, STEPS = ALLOWED + 6 };

bool
filter_self(void)
{
    struct sock_filter steps[STEPS] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AUDIT_ARCH_X86_64, 1, 0),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
    };
    struct sock_fprog program = {.len = 0, .filter = steps};
    size_t count = 4;

    /* One comparison each; the last return is that of refusal. */
    for (size_t i = 0; i < ALLOWED; i++)
        steps[count++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)allowed[i],
                                                      (uint8_t)(ALLOWED - i), 0);
    steps[count++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM);
    steps[count++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    program.len = (unsigned short)count;
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
           prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}
