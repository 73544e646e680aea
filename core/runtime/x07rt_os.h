/* x07rt_os.h: fs.*, kv.*, rr.*, os.fs.*, os.env.*, os.time.* (clocks) and os.process.*: the heads that reach
 * the operating system. Ownership, errors and threads are as in x07rt.h; results belong to the caller. Every
 * call blocks the whole process for as long as it takes. In a sandboxed program (see the page on sandboxing)
 * a call first asks the policy, which it takes from the environment at the first call of all. Linked from an
 * archive of its own, libx07rt_os. */
#ifndef X07RT_OS_H
#define X07RT_OS_H

#include "x07rt.h"

/* fs.*: files below the working directory, named by safe relative paths: the fixtures of deterministic
 * worlds, or what a program of an OS world may read. They trap when they cannot. An optional index says how
 * long reading takes, in virtual time. */
x07_bytes x07_fs_read(x07_rt *rt, x07_view path);
#define x07_fs_read_async x07_fs_read
x07_iface x07_fs_open_read(x07_rt *rt, x07_view path);
x07_bytes x07_fs_list_dir(x07_rt *rt, x07_view path);

/* kv.*: a store that begins as the fixture of a deterministic world. x07_kv_start reads it, before anything
 * else happens, and traps when it is not valid; an absent key has an empty value. */
void x07_kv_start(x07_rt *rt);
x07_bytes x07_kv_get(x07_rt *rt, x07_view key);
#define x07_kv_get_async x07_kv_get
x07_iface x07_kv_get_stream(x07_rt *rt, x07_view key);
uint32_t x07_kv_set(x07_rt *rt, x07_bytes key, x07_bytes value);

/* rr.*: recorded answers, in cassettes: files below .x07_rr. Errors are codes 2000 to 2014; see
 * os/rr_entry.h. A handle is valid until it is closed; at the end of the program all are. */
x07_result_i32 x07_rr_open_v1(x07_rt *rt, x07_view configuration);
uint32_t x07_rr_close_v1(x07_rt *rt, uint32_t handle);
uint32_t x07_rr_current_v1(x07_rt *rt);
x07_bytes x07_rr_stats_v1(x07_rt *rt, uint32_t handle);
x07_result_bytes x07_rr_next_v1(x07_rt *rt, uint32_t handle, x07_view kind, x07_view op, x07_view key);
x07_result_i32 x07_rr_append_v1(x07_rt *rt, uint32_t handle, x07_view entry);
x07_bytes x07_rr_entry_resp_v1(x07_rt *rt, x07_view entry);
uint32_t x07_rr_entry_err_v1(x07_rt *rt, x07_view entry);

/* Files, whole. The first traps when it cannot read, the second returns 0 or an errno. */
x07_bytes x07_os_fs_read_file(x07_rt *rt, x07_bytes path);
uint32_t x07_os_fs_write_file(x07_rt *rt, x07_bytes path, x07_bytes data);

/* Files under caps of 24 bytes: 1, max_read, max_write, max_entries, max_depth, flags (u32 each). An error is
 * one of the codes 60001 to 60020; see os/caps.h. */
x07_result_bytes x07_os_fs_read_all_v1(x07_rt *rt, x07_bytes path, x07_bytes caps);
x07_result_i32 x07_os_fs_write_all_v1(x07_rt *rt, x07_bytes path, x07_bytes data, x07_bytes caps);
x07_result_i32 x07_os_fs_append_all_v1(x07_rt *rt, x07_bytes path, x07_bytes data, x07_bytes caps);
x07_result_i32 x07_os_fs_mkdirs_v1(x07_rt *rt, x07_bytes path, x07_bytes caps);
x07_result_i32 x07_os_fs_remove_file_v1(x07_rt *rt, x07_bytes path, x07_bytes caps);
x07_result_i32 x07_os_fs_remove_dir_all_v1(x07_rt *rt, x07_bytes path, x07_bytes caps);
x07_result_i32 x07_os_fs_rename_v1(x07_rt *rt, x07_bytes from, x07_bytes to, x07_bytes caps);
x07_result_bytes x07_os_fs_list_dir_sorted_text_v1(x07_rt *rt, x07_bytes path, x07_bytes caps);
x07_result_bytes x07_os_fs_walk_glob_sorted_text_v1(x07_rt *rt, x07_bytes root, x07_bytes glob,
                                                    x07_bytes caps);
x07_result_bytes x07_os_fs_stat_v1(x07_rt *rt, x07_bytes path, x07_bytes caps);

/* Writers. A handle counts from 1 and is valid until it is dropped; at the end of the program all are. */
x07_result_i32 x07_os_fs_stream_open_write_v1(x07_rt *rt, x07_bytes path, x07_bytes caps);
x07_result_i32 x07_os_fs_stream_write_all_v1(x07_rt *rt, uint32_t handle, x07_view data);
x07_result_i32 x07_os_fs_stream_close_v1(x07_rt *rt, uint32_t handle);
uint32_t x07_os_fs_stream_drop_v1(x07_rt *rt, uint32_t handle);

/* The variable's value; empty when it is not set. */
x07_bytes x07_os_env_get(x07_rt *rt, x07_bytes key);

/* Always traps: requests go through packages. A sandboxed program learns first what its policy forbids. */
x07_bytes x07_os_net_http_request(x07_rt *rt, x07_bytes request);

/* Clocks: low 32 bits of milliseconds since 1970; an instant document; whether it slept; a zone document. */
uint32_t x07_os_time_now_unix_ms(x07_rt *rt);
x07_bytes x07_os_time_now_instant_v1(x07_rt *rt);
uint32_t x07_os_time_sleep_ms_v1(x07_rt *rt, uint32_t ms);
x07_bytes x07_os_time_local_tzid_v1(x07_rt *rt);

/* Ends the program with an exit status and without an output frame. Children go on. */
_Noreturn void x07_os_process_exit(x07_rt *rt, uint32_t code);

/* Children. A handle is valid until it is dropped; when the program ends, children that still run are killed.
 * What children do is noticed during these calls only. A program that asks again and again, at once, is made
 * to wait for about a millisecond unless something happens. A process that calls these without x07_main must
 * ignore SIGPIPE itself. */
uint32_t x07_os_process_spawn_capture_v1(x07_rt *rt, x07_bytes request, x07_bytes caps);
uint32_t x07_os_process_spawn_piped_v1(x07_rt *rt, x07_bytes request, x07_bytes caps);
x07_bytes x07_os_process_run_capture_v1(x07_rt *rt, x07_bytes request, x07_bytes caps);
x07_option_bytes x07_os_process_try_join_capture_v1(x07_rt *rt, uint32_t handle);
x07_bytes x07_os_process_join_capture_v1(x07_rt *rt, uint32_t handle);
uint32_t x07_os_process_join_exit_v1(x07_rt *rt, uint32_t handle);
x07_bytes x07_os_process_stdout_read_v1(x07_rt *rt, uint32_t handle, uint32_t max);
x07_bytes x07_os_process_stderr_read_v1(x07_rt *rt, uint32_t handle, uint32_t max);
uint32_t x07_os_process_stdin_write_v1(x07_rt *rt, uint32_t handle, x07_bytes chunk);
uint32_t x07_os_process_stdin_close_v1(x07_rt *rt, uint32_t handle);
uint32_t x07_os_process_try_wait_v1(x07_rt *rt, uint32_t handle);
uint32_t x07_os_process_take_exit_v1(x07_rt *rt, uint32_t handle);
uint32_t x07_os_process_kill_v1(x07_rt *rt, uint32_t handle, uint32_t signal);
uint32_t x07_os_process_drop_v1(x07_rt *rt, uint32_t handle);

#endif
