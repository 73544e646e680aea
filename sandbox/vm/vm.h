/* vm.h: the parts of x07.sandbox.vm and what they say to each other.
 *
 *   settings   what the environment and the machine offer: QEMU, kernel, folders
 *   initramfs  kernel modules and the guest's init in one archive
 *   image      kernel, archive and command line, and their digest
 *   template   a booted guest, frozen: built once per key, found again by it
 *   trial      whether a guest came up here before
 *   process    a child within the boundary of confine
 *   confine    the boundary of the operating system around QEMU
 *   machine    one QEMU process, booted or resumed, and its two channels
 *   qmp        the conversation with QEMU
 *   channel    frames to and from the guest, never believed
 *   payload    the disk that carries a job into the guest
 *   executables what may be executed in the guest
 *   libraries  which shared objects an executable needs
 *   shares     the policy's read and write roots as host and guest share them
 *   roots      the same copied into the payload, where the guest's kernel cannot share
 *   writeback  the write roots back from the guest
 *   network    the granted endpoints, and the process that connects to them
 *   state      a folder per run, and the sweeping of what earlier ones left
 *   labels     what a run is called
 *   job        one job from start to end
 *   maintain   what people can do and see: status, prune, build-image
 *
 * Errors travel as x07_status with the reason said through host->fail. Nothing here is thread-safe. */
#ifndef VM_VM_H
#define VM_VM_H

#include "protocol.h"

#include <x07/plugin.h>

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* ---- common.c ---------------------------------------------------------------------------------------- */

/* Entries of a list that ends with NULL; NULL is an empty list. */
size_t list_count(const char *const *list);

x07_status vm_fail(const x07_host *host, x07_status status, const char *code, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
/* The same with ": " and the reason of errno. */
x07_status vm_fail_errno(const x07_host *host, const char *code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
int64_t vm_now_ms(void);
int64_t vm_unix_ms(void);
void vm_pause_ms(long ms);
/* snprintf that fails (E_VM_PATH) instead of cutting. */
x07_status vm_path(const x07_host *host, char *path, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* Makes the directory and its parents. */
x07_status vm_make_dirs(const x07_host *host, const char *path, mode_t mode);
/* Removes a directory with all that is in it, following no link. Best effort. */
void vm_remove_tree(const char *path);
/* Writes all bytes; errno says why not. */
bool vm_write_all(int file, const void *data, size_t size);
/* Makes a file of ours, which must not be there, with a text and a line's end; errno says why not. */
bool vm_write_new(const char *path, const char *text);
/* A small file's text, NUL-terminated, from malloc; NULL when it cannot be read or has more than `most`
 * bytes. */
char *vm_read_file(const char *path, size_t most);
char *vm_copy_text(const x07_host *host, const char *text);
/* A member's text, owned by the object; "" when there is none, or it is no text. */
struct json_object;
const char *vm_json_text(struct json_object *object, const char *name);

/* Bytes that grow; memory of the C library. */
struct buffer {
    char *data;
    size_t size;
    size_t capacity;
};

void buffer_add(struct buffer *buffer, const void *data, size_t size);
void buffer_free(struct buffer *buffer);

/* ---- digest.c ---------------------------------------------------------------------------------------- */

struct digest {
    uint64_t state[16]; /* the library's */
};

enum { DIGEST_HEX = 64 + 1 };

void digest_begin(struct digest *digest);
void digest_add(struct digest *digest, const void *data, size_t size);
/* A text with its end, so that two texts never look like one. */
void digest_add_text(struct digest *digest, const char *text);
void digest_end(struct digest *digest, char hex[DIGEST_HEX]);

/* ---- settings.c -------------------------------------------------------------------------------------- */

enum accel { ACCEL_KVM, ACCEL_TCG };

struct settings {
    enum accel accel;
    char qemu[PATH_MAX];
    char kernel[PATH_MAX];
    char modules[PATH_MAX]; /* folder of this kernel's modules; "" when it has none */
    char cache[PATH_MAX];   /* templates */
    char state[PATH_MAX];   /* runs */
    bool copy_roots;        /* even if the guest could share them */
    char digest[80];        /* the image's digest as the user pinned it, or "" */
};

/* How long a guest may take to boot: one that has a processor does it in a second, or never. */
int64_t settings_boot_limit_ms(const struct settings *settings);
const char *settings_accel_name(const struct settings *settings);
/* Errors: X07_E_UNAVAILABLE something is missing, with what and how to get it; X07_E_ARGUMENT a variable is
 * malformed. */
x07_status settings_read(const x07_host *host, struct settings *settings);
/* The two folders alone, for what needs nothing else. */
x07_status settings_folders(const x07_host *host, struct settings *settings);

/* ---- initramfs.c, image.c ---------------------------------------------------------------------------- */

/* The guest's init, built beside this plugin and put into it. */
extern const char vm_guest_init[];
extern const char vm_guest_init_end[];

#define VM_ZONES "/usr/share/zoneinfo"

/* Writes the archive. Errors: X07_E_UNAVAILABLE libarchive or a kernel module is missing; X07_E_IO. */
x07_status initramfs_write(const x07_host *host, const struct settings *settings, const char *path);

enum { DIGEST_TEXT = sizeof "sha256:" - 1 + DIGEST_HEX };

/* The kernel's command line. */
const char *image_command_line(const struct settings *settings);
/* SHA-256 over kernel, initramfs and command line, each with its name, as "sha256:<hex>". */
x07_status image_digest(const x07_host *host, const struct settings *settings, const char *initramfs,
                        char text[DIGEST_TEXT]);

/* ---- template.c -------------------------------------------------------------------------------------- */

/* A frozen guest. */
struct template
{
    char key[DIGEST_HEX];
    char folder[PATH_MAX];
    char initramfs[PATH_MAX];
    char memory[PATH_MAX]; /* the guest's memory as it was when it froze */
    char devices[PATH_MAX];
    char digest[DIGEST_TEXT];
    uint64_t memory_mib;
    bool can_share; /* its kernel can share roots */
};

/* Finds the template for a guest with at least that much memory. Returns false when there is none, or a
 * damaged one: then `template` holds where it would be. */
bool template_find(const struct settings *settings, uint64_t memory_mib, struct template *template);
/* The same, and boots and freezes one when there is none. Waits for another process that is building it.
 * limit_ms  the longest that the guest may take to come up.
 * Errors: X07_E_UNAVAILABLE no guest comes up here; X07_E_CANCELLED; X07_E_IO. */
x07_status template_get(const x07_host *host, const struct settings *settings, uint64_t memory_mib,
                        int64_t limit_ms, struct template *template);
/* Removes what builders left that are gone. */
void template_sweep(const struct settings *settings);
/* Whether a name in the cache is one that somebody is building now. */
bool template_is_being_built(const char *name);
/* Whether its files are still what they were; for after a run. */
bool template_is_intact(const struct template *template);
uint64_t template_default_mib(void);

/* ---- key.c, trial.c ------------------------------------------------------------------------------------ */

void key_make(const struct settings *settings, uint64_t memory_mib, char key[DIGEST_HEX]);
/* What the last trial of this configuration showed: "" it works, else why not; NULL: not known. From malloc.
 */
char *trial_recall(const struct settings *settings);
void trial_remember(const struct settings *settings, const char *failure);

/* ---- process.c, words.c -------------------------------------------------------------------------------- */

/* Texts, from malloc; the last is NULL. */
struct words {
    char **items;
    size_t count;
    size_t capacity;
};

void words_add(struct words *words, const char *format, ...) __attribute__((format(printf, 2, 3)));
void words_add_pair(struct words *words, const char *option, const char *value);
void words_free(struct words *words);

/* A child of this process, within the boundary of confine.c, that dies with it. */
struct process {
    const x07_host *host;
    pid_t pid;             /* 0: none */
    int handle;            /* pidfd, or -1 */
    char report[PATH_MAX]; /* of the boundary */
};

struct process process_none(const x07_host *host);
/* Starts it with fds[i] as its descriptor i and no other; -1: none there. It has passed exec on success. */
x07_status process_start(struct process *process, const struct words *words, const int *fds, size_t count);
/* Kills it and waits for its end. Can be called twice. */
void process_end(struct process *process);

/* ---- machine.c, command_line.c ------------------------------------------------------------------------- */

/* One QEMU process. */
struct machine {
    const x07_host *host;
    struct process process;
    int qmp;
    int channel;
    int network;         /* of the port for connections; who dials takes it */
    int files;           /* of the port for shared roots; who serves them takes it */
    int log;             /* what QEMU and the guest's console said */
    struct buffer heard; /* from QMP, not yet read */
};

struct machine_plan {
    const struct settings *settings;
    const struct template *template;
    const char *name;   /* of the run */
    const char *folder; /* a private one, for the boundary's report */
    int payload;        /* the disk, readable; -1: an empty one */
    bool resume;
};

enum {
    MACHINE_FD_QMP = 3,
    MACHINE_FD_CHANNEL,
    MACHINE_FD_PAYLOAD,
    MACHINE_FD_CONSOLE,
    MACHINE_FD_DEVICES,
    MACHINE_FD_NETWORK,
    MACHINE_FD_FILES
};

enum { MACHINE_FDS = MACHINE_FD_FILES + 1 };

#define MACHINE_PAYLOAD_SIZE ((off_t)64 << 30)

/* Adds QEMU's command line. */
void command_line_make(const struct machine_plan *plan, struct words *words);
struct machine machine_none(const x07_host *host);
x07_status machine_start(const x07_host *host, const struct machine_plan *plan, struct machine *machine);
/* Waits until QEMU speaks. layers  receives those of the boundary around it, as words of a JSON array, from
 * malloc; or NULL. Errors: X07_E_UNAVAILABLE there is no boundary, or QEMU does not start in it. */
x07_status machine_greet(struct machine *machine, int64_t deadline, char **layers);
/* Kills it, waits for its end, closes everything. Can be called twice. */
void machine_end(struct machine *machine);
/* What it said last, for messages; "" for nothing. From malloc. */
char *machine_last_words(const struct machine *machine);

/* ---- confine.c ----------------------------------------------------------------------------------------- */

/* Finds a program that lies beside this plugin. Errors: X07_E_UNAVAILABLE. */
x07_status confine_find(const x07_host *host, const char *name, char *path);
/* Begins the command line of a process within the boundary: the helper, its report (a new file of that name
 * in `folder`), no core files. Grants and "--" follow, then the program. Errors: X07_E_UNAVAILABLE, X07_E_IO.
 */
x07_status confine_begin(const x07_host *host, struct process *process, const char *folder,
                         const char *report, struct words *words);
/* What QEMU is granted, up to "--". */
void confine_grant(const struct machine_plan *plan, struct words *words);
/* The layers that hold, as words of a JSON array, from malloc. Errors: X07_E_UNAVAILABLE the boundary could
 * not be made, with the reason. */
x07_status confine_layers(const x07_host *host, const char *report, char **layers);
/* The same, as soon as the program within runs. */
x07_status confine_await(const struct process *process, int64_t deadline, char **layers);

/* ---- qmp.c ------------------------------------------------------------------------------------------- */

x07_status qmp_greet(struct machine *machine, int64_t deadline);
/* One command and its answer. passed  a descriptor that goes with it, or -1. */
x07_status qmp_call(struct machine *machine, const char *command, int passed, int64_t deadline);
/* Freezes the running guest into a file. */
x07_status qmp_freeze(struct machine *machine, int file, int64_t deadline);
/* Lets the guest go on from MACHINE_FD_DEVICES. */
x07_status qmp_resume(struct machine *machine, int64_t deadline);

/* ---- channel.c ---------------------------------------------------------------------------------------- */

struct frame {
    uint32_t type;
    uint32_t size;
    char data[VM_FRAME_MAX];
};

enum channel_news { CHANNEL_FRAME, CHANNEL_QUIET, CHANNEL_CLOSED, CHANNEL_BROKEN };

/* The bytes of the channel that make no whole frame yet. */
struct channel {
    int fd;
    size_t filled;
    struct frame frame;
};

/* Reads what is there; CHANNEL_FRAME: channel->frame is whole, and the next call begins another. */
enum channel_news channel_read(struct channel *channel);
bool channel_write(int fd, uint32_t type, const void *data, size_t size);

/* ---- payload.c, libraries.c, roots.c, root_names.c, shares.c ------------------------------------------- */

struct payload {
    const x07_host *host;
    int file; /* memfd */
    off_t end;
};

x07_status payload_open(const x07_host *host, struct payload *payload);
void payload_close(struct payload *payload);
/* A record whose data are bytes. */
x07_status payload_add(struct payload *payload, struct vm_record record, const char *name, const void *data,
                       size_t size);
/* A record whose data are so many bytes of an open file. */
x07_status payload_add_file(struct payload *payload, struct vm_record record, const char *name, int file,
                            uint64_t size);
x07_status payload_add_input(struct payload *payload, const x07_input *input);

/* Adds an executable or shared object of the host and all that it needs to be loaded. */
struct libraries {
    char *seen[4096]; /* paths that are in the payload already; from malloc */
    size_t count;
    off_t start; /* of the payload, where the first lies */
};

/* Says what the program may do with a path. kind  VM_PLACE_*. */
x07_status payload_add_place(struct payload *payload, uint32_t kind, const char *path);
x07_status libraries_add(struct payload *payload, struct libraries *libraries, const char *path);
void libraries_free(struct libraries *libraries);

/* The program, and what the policy lets it start. */
x07_status executables_add(struct payload *payload, const x07_grants *grants, const char *program);

/* What of a write root went into the guest, so that what is missing later can be removed here. */
struct write_root {
    char *path;     /* as the program names it, absolute */
    char *resolved; /* on the host */
    char **names;   /* beneath it */
    size_t count;
    size_t capacity;
};

struct roots {
    struct write_root *writes;
    size_t write_count;
    uint64_t bytes; /* copied so far */
};

/* A root as the program names it: absolute, without "." and "..", doubled and final slashes. Errors:
 * X07_E_POLICY no guest can have it. path  PATH_MAX bytes. */
x07_status root_name(const x07_host *host, const char *directory, const char *root, char *path);
x07_status root_not_a_folder(const x07_host *host, const char *path);

x07_status roots_add(struct payload *payload, const x07_grants *grants, const char *directory,
                     struct roots *roots);
void roots_free(struct roots *roots);

/* Roots that host and guest share. */
struct share {
    char *path; /* absolute */
    bool writable;
};

struct shares {
    struct share *items; /* in the order in which they are mounted */
    size_t count;
};

/* Whether the policy grants any root. */
bool shares_wanted(const x07_grants *grants);
x07_status shares_add(struct payload *payload, const x07_grants *grants, const char *directory,
                      struct shares *shares);
void shares_free(struct shares *shares);
/* Starts the process that serves them at the machine's port, which it takes over. folder  a private one, for
 * the boundary's report. */
x07_status shares_serve(const struct shares *shares, const char *folder, struct machine *machine,
                        struct process *process);

/* ---- writeback.c --------------------------------------------------------------------------------------- */

/* What the guest told of the write roots, staged until it is complete. */
struct writeback;

struct writeback *writeback_new(const x07_host *host, const struct roots *roots);
/* Takes FRAME_TREE, FRAME_ENTRY and FRAME_DATA. Errors: X07_E_INVALID what no honest guest says. */
x07_status writeback_take(struct writeback *writeback, const struct frame *frame);
/* Makes the host's roots what the guest said. */
x07_status writeback_apply(struct writeback *writeback);
void writeback_free(struct writeback *writeback);

/* ---- state.c ------------------------------------------------------------------------------------------- */

struct run_folder {
    char id[64];
    char path[PATH_MAX];
    char instance[128 + 1]; /* of the installation, for the labels */
    int64_t created_ms;
};

/* Sweeps what others left, then makes the folder of this run. */
x07_status state_begin(const x07_host *host, const struct settings *settings, struct run_folder *run);
/* Notes the QEMU process, its deadline and its labels, for those who sweep and those who look. digest  of the
 * image, as the user pinned it, or "". */
x07_status state_note(const x07_host *host, const struct run_folder *run, pid_t pid, const char *digest,
                      int64_t wall_ms, int64_t grace_ms);
void state_end(const struct run_folder *run);
/* Ends and removes what is left of runs whose host is gone or whose deadline has passed. Returns how many. */
size_t state_sweep(const struct settings *settings);
/* Writes a list of all runs, with their labels and whether they go on or are to be swept. */
struct x07_json;
void state_tell(const struct settings *settings, struct x07_json *json);
/* Runs that have a folder. */
size_t state_count(const struct settings *settings);

/* ---- job.c, probe.c, maintain.c -------------------------------------------------------------------------
 */

enum {
    BOOT_KVM_LIMIT_MS = 20000,
    BOOT_TCG_LIMIT_MS = 120000,
    RESUME_LIMIT_MS = 60000,
    WRITEBACK_LIMIT_MS = 300000
};

x07_status job_run(const x07_host *host, const x07_job *request, x07_job_result *result);
x07_status vm_probe(const x07_host *host, x07_probe *probe);
/* Boots a guest, unless one is frozen already, and remembers whether it came up: "" or why not. From malloc.
 */
char *vm_try(const x07_host *host, const struct settings *settings, int64_t limit_ms);
/* What this configuration offers, for the probe and `status`. */
uint32_t vm_strength(const struct settings *settings);
extern const char vm_tcg_warning[];
x07_status maintain_run(const x07_host *host, const char *const *words, char **report);

#endif
