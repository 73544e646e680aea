/* pkg_login.c: `x07 pkg login`. */
#include "base/file.h"
#include "base/utf8.h"
#include "cli/options.h"
#include "cli/pkg.h"
#include "cli/pkg_report.h"
#include "package/credentials.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

enum { MAX_TOKEN = 64 * 1024 };

struct login_options {
    const char *index, *token;
    bool from_stdin;
};

#define AT(member) offsetof(struct login_options, member)

static const struct option options[] = {
    {"index", "URL", OPTION_VALUE, AT(index), .help = "The package index", .required = true},
    {"token", "TOKEN", OPTION_VALUE, AT(token),
     .help = "The token; other users may see it while the command runs", .conflicts = {"token-stdin"}},
    {"token-stdin", NULL, OPTION_FLAG, AT(from_stdin), .help = "Read the token from standard input"},
};

static const struct option_table table = {
    .command = "x07 pkg login",
    .summary = "Store the token of a package index; without --token it is asked for on the terminal",
    .options = options,
    .count = sizeof options / sizeof options[0],
};

/* One line from the terminal. */
static struct error *
read_line(int terminal, struct text *token)
{
    char c;
    ssize_t got;

    while ((got = read(terminal, &c, 1)) == 1 && c != '\n')
        if (token->len < MAX_TOKEN)
            text_putc(token, c);
    return got < 0 ? error_errno("X07PKG_LOGIN_TOKEN", "read token from terminal") : NULL;
}

/* Asks with the terminal's echo off. */
static struct error *
ask_token(struct text *token)
{
    static const char prompt[] = "Token: ";
    struct termios before, silent;
    int terminal = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);

    if (terminal < 0)
        return error_errno("X07PKG_LOGIN_TOKEN", "open terminal (use --token-stdin)");
    struct error *error = file_write_fd(terminal, "terminal", prompt, strlen(prompt));
    bool echoes = tcgetattr(terminal, &before) == 0;
    if (echoes) {
        silent = before;
        silent.c_lflag &= ~(tcflag_t)ECHO;
        tcsetattr(terminal, TCSAFLUSH, &silent);
    }
    if (!error)
        error = read_line(terminal, token);
    if (echoes)
        tcsetattr(terminal, TCSAFLUSH, &before);
    if (!error)
        error = file_write_fd(terminal, "terminal", "\n", 1);
    close(terminal);
    if (error)
        error->code = "X07PKG_LOGIN_TOKEN";
    return error;
}

static struct error *
get_token(const struct login_options *settings, struct text *token)
{
    if (settings->token) {
        text_puts(token, settings->token);
        return NULL;
    }
    if (!settings->from_stdin)
        return ask_token(token);
    struct error *error = file_read_fd(STDIN_FILENO, "stdin", MAX_TOKEN, token);
    if (!error)
        return NULL;
    error->code = "X07PKG_LOGIN_TOKEN";
    return error_wrap(error, "read token from stdin");
}

static struct error *
run(const struct login_options *settings, struct arena *arena, x07_json *result)
{
    struct text given = {0};
    struct index index;
    const char *path = NULL, *token = "";
    struct error *error = get_token(settings, &given);
    size_t len = given.len;

    if (!error && utf8_prefix(text_string(&given), len) != len)
        error = error_new("X07PKG_LOGIN_TOKEN", "read token: stream did not contain valid UTF-8");
    if (!error) {
        const char *start = text_string(&given);
        utf8_trim(&start, &len);
        token = arena_copy(arena, start, len);
    }
    text_free(&given);
    if (error)
        return error;
    error = *token ? index_open(arena, settings->index, &index)
                   : error_new("X07PKG_LOGIN_FAILED", "token must be non-empty");
    if (!error)
        error = credentials_store(arena, index.canonical, token, &path);
    if (error) {
        error->code = "X07PKG_LOGIN_FAILED";
        return error;
    }
    x07_json_begin(result, '{');
    pkg_write_string(result, "index", settings->index);
    pkg_write_string(result, "credentials_path", path);
    x07_json_end(result, '}');
    return NULL;
}

static int
run_login(int argc, char **argv)
{
    struct login_options settings = {0};
    x07_json result = {0};
    int code;

    if (!options_start_text(&table, argc, argv, &settings, &code))
        return code;
    struct arena *arena = arena_new();
    struct error *error = run(&settings, arena, &result);
    arena_free(arena);
    return pkg_answer("pkg.login", &result, error);
}

const struct command pkg_login_command = {.name = "login", .run = run_login, .options = &table};
