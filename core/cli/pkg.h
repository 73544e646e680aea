/* pkg.h: the command `x07 pkg`: dependencies, lock files and the packages of an index. */
#ifndef CLI_PKG_H
#define CLI_PKG_H

/* Runs the command that argv[1] names; argv[0] is "pkg". Returns the exit code. */
int cli_pkg(int argc, char **argv);

/* Its commands; argv[0] is their name. */
int pkg_add(int argc, char **argv);
int pkg_lock(int argc, char **argv);
int pkg_login(int argc, char **argv);
int pkg_pack(int argc, char **argv);
int pkg_provides(int argc, char **argv);
int pkg_publish(int argc, char **argv);
int pkg_remove(int argc, char **argv);
int pkg_versions(int argc, char **argv);

#endif
