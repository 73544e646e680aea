/* machine.c: see machine.h. */
#include "cli/machine.h"

#include "ast/json.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/process.h"
#include "base/utf8.h"
#include "cli/command.h"
#include "cli/machine_args.h"
#include "cli/machine_schema.h"
#include "report/tool_report.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Set in the environment of a command that runs under the interface. */
#define CHILD_MARK "X07_TOOL_API_CHILD"

enum {
    CHUNK_MAX = 8192,
    EXIT_PANIC = 101, /* of a command that broke down: by convention an internal failure */
};

static const uint64_t stream_max = (uint64_t)2 << 30;

extern char **environ;

struct machine {
    const struct machine_request *request;
    const struct command *command;
    struct text scope;
    const char *const *given; /* the command line as it was */
    int64_t start_ms;
    uint64_t sequence;         /* of the next event */
    struct error *file_error;  /* the report could not be put into its file */
    struct error *print_error; /* the first that came of printing */
};

static uint64_t
elapsed_ms(const struct machine *machine)
{
    return (uint64_t)(clock_ms() - machine->start_ms);
}

/* ---- printing ---- */

static void
print(struct machine *machine, const struct text *text)
{
    if (!machine->print_error)
        machine->print_error = file_write_fd(STDOUT_FILENO, "stdout", text->data, text->len);
}

/* The document in the layout that was asked for. Nesting that cannot be read again stays canonical. */
static void
lay_out(const struct machine *machine, struct text *document)
{
    struct arena *arena = arena_new();
    struct ast_json value;
    struct text pretty = {0}, ignored = {0};

    if (machine->request->mode == MACHINE_PRETTY &&
        ast_json_read(arena, document->data, document->len, &value, &ignored)) {
        ast_json_write_pretty(&value, &pretty);
        text_putc(&pretty, '\n');
        text_free(document);
        *document = pretty;
    }
    text_free(&ignored);
    arena_free(arena);
}

static void
emit(struct machine *machine, const char *event, const char *data)
{
    struct text line = {0};

    tool_event_write(text_string(&machine->scope), event, data, elapsed_ms(machine), machine->sequence++,
                     &line);
    print(machine, &line);
    text_free(&line);
}

/* Prints a document that needs no layout, and puts it into the report's file. */
static int
deliver(struct machine *machine, const struct text *document, int exit_code)
{
    const struct machine_request *request = machine->request;

    if (request->report_out)
        machine->file_error = error_wrap(
            file_replace(request->report_out, document->data, document->len, 0666), "write report");
    if (machine->file_error || (request->quiet && request->mode != MACHINE_JSONL))
        return exit_code;
    if (request->mode == MACHINE_JSONL && !request->schema && !request->schema_id) {
        struct text data = {0};
        text_append(&data, document->data, document->len - 1);
        emit(machine, "final_report", text_string(&data));
        text_free(&data);
    } else {
        print(machine, document);
    }
    return exit_code;
}

static void
emit_start(struct machine *machine)
{
    struct text data = {0};

    if (machine->scope.len)
        text_printf(&data, "{\"scope\":\"%s\"}", machine->scope.data);
    else
        text_puts(&data, "{\"scope\":null}");
    emit(machine, "start", data.data);
    text_free(&data);
}

/* ---- the report ---- */

static int
report(struct machine *machine, struct tool_report *report)
{
    struct text document = {0};

    report->scope = text_string(&machine->scope);
    report->argv = machine->given;
    report->out_path = machine->request->out;
    report->elapsed_ms = elapsed_ms(machine);
    int exit_code = tool_report_write(report, &document);
    lay_out(machine, &document);
    exit_code = deliver(machine, &document, exit_code);
    text_free(&document);
    return exit_code;
}

/* What the interface itself could not do. */
static int
report_failure(struct machine *machine, struct error *error)
{
    struct tool_report failed = {.failure = error->message};
    int exit_code = report(machine, &failed);

    error_free(error);
    return exit_code;
}

static int
report_argument_errors(struct machine *machine)
{
    struct tool_report wrong = {.argument_errors = text_string(&machine->request->errors)};

    /* With --quiet-json nobody would hear of them. */
    if (machine->request->quiet)
        fputs(text_string(&machine->request->errors), stderr);
    if (machine->request->mode == MACHINE_JSONL)
        emit_start(machine);
    return report(machine, &wrong);
}

/* ---- the command ---- */

static void
hear(void *context, bool is_stderr, const char *data, size_t len)
{
    while (len) {
        struct text chunk = {0};
        size_t size = len < CHUNK_MAX ? len : CHUNK_MAX;

        tool_event_chunk(data, size, &chunk);
        emit(context, is_stderr ? "stderr_chunk" : "stdout_chunk", text_string(&chunk));
        text_free(&chunk);
        data += size;
        len -= size;
    }
}

/* Runs the command line again, in a child; `json` puts the command's own --json behind it. */
static struct error *
run_child(struct machine *machine, bool json, struct process_result *result)
{
    static char mark[] = CHILD_MARK "=1", json_option[] = "--json";
    const struct machine_request *request = machine->request;
    size_t variables = 0, at = 0;
    char *self = process_self();

    while (environ[variables])
        variables++;
    char **environment = memory_alloc((variables + 2) * sizeof *environment);
    memcpy(environment, environ, variables * sizeof *environment);
    environment[variables] = mark;

    char **argv = memory_alloc(((size_t)request->argc + 2) * sizeof *argv);
    for (; at < (size_t)request->argc && strcmp(request->argv[at], "--") != 0; at++)
        argv[at] = request->argv[at];
    if (json)
        argv[at] = json_option;
    for (size_t i = at; i < (size_t)request->argc; i++)
        argv[i + json] = request->argv[i];

    struct process_request child = {
        .path = self ? self : argv[0],
        .argv = (const char *const *)argv,
        .env = (const char *const *)environment,
        .input = {.ours = true},
        .stdout_cap = stream_max,
        .stderr_cap = stream_max,
        .listener = request->mode == MACHINE_JSONL ? hear : NULL,
        .listener_context = machine,
    };
    struct error *error = process_run(&child, result);
    free(argv);
    free(environment);
    free(self);
    return error;
}

/* Why a result is none of the command's, or NULL. */
static const char *
internal_failure(const struct process_result *result)
{
    if (result->out_capped || result->err_capped)
        return "the command printed more than 2 GiB";
    if (result->signal)
        return "the command was ended by a signal";
    return result->exit_code == EXIT_PANIC ? "the command broke down" : NULL;
}

static int
report_result(struct machine *machine, const struct process_result *result)
{
    struct tool_report done = {
        .exit_code = result->exit_code,
        .out = {result->out.data, result->out.len},
        .err = {result->err.data, result->err.len},
        .failure = internal_failure(result),
    };

    return report(machine, &done);
}

/* The command's own document, in the layout that was asked for. False: it printed none. */
static bool
deliver_own(struct machine *machine, const struct process_result *result, int *exit_code)
{
    struct arena *arena = arena_new();
    struct ast_json value;
    struct text document = {0}, ignored = {0};
    bool ok = result->out.len && !internal_failure(result) &&
              utf8_prefix(result->out.data, result->out.len) == result->out.len &&
              ast_json_read(arena, result->out.data, result->out.len, &value, &ignored);

    if (ok) {
        value = ast_json_copy_sorted(arena, &value);
        ast_json_write(&value, &document);
        text_putc(&document, '\n');
        lay_out(machine, &document);
        fwrite(text_string(&result->err), 1, result->err.len, stderr);
        *exit_code = deliver(machine, &document, result->exit_code);
    }
    text_free(&document);
    text_free(&ignored);
    arena_free(arena);
    return ok;
}

static int
run_command(struct machine *machine)
{
    bool own = machine->command->report && machine->request->mode != MACHINE_JSONL;
    struct process_result result;
    int exit_code;

    if (machine->request->mode == MACHINE_JSONL)
        emit_start(machine);
    struct error *error = run_child(machine, own, &result);
    if (error)
        return report_failure(machine, error);
    if (!own || !deliver_own(machine, &result, &exit_code))
        exit_code = report_result(machine, &result);
    process_result_free(&result);
    return exit_code;
}

/* ---- the interface ---- */

static int
print_schema(struct machine *machine)
{
    const struct machine_request *request = machine->request;
    struct text document = {0};
    bool events = request->mode == MACHINE_JSONL;

    if (request->schema)
        machine_schema(machine->command, text_string(&machine->scope), events, &document);
    else
        machine_schema_id(machine->command, text_string(&machine->scope), events, &document);
    int exit_code = deliver(machine, &document, 0);
    text_free(&document);
    return exit_code;
}

static int
answer(struct machine *machine)
{
    const struct machine_request *request = machine->request;

    if (request->schema || request->schema_id)
        return print_schema(machine);
    return request->errors.len ? report_argument_errors(machine) : run_command(machine);
}

/* The file got nothing: the report says why, where it can be read. */
static int
report_file_error(struct machine *machine)
{
    struct machine_request plain = *machine->request;
    struct error *error = machine->file_error;

    plain.report_out = NULL;
    plain.quiet = false;
    machine->request = &plain;
    machine->file_error = NULL;
    return report_failure(machine, error);
}

static int
answer_request(const struct machine_request *request, char **given)
{
    struct machine machine = {.request = request, .given = (const char *const *)given};

    machine.start_ms = clock_ms();
    machine.command = command_named(request->argc, request->argv, &machine.scope);
    int exit_code = answer(&machine);
    if (machine.file_error)
        exit_code = report_file_error(&machine);
    if (machine.print_error) {
        fprintf(stderr, "%s\n", machine.print_error->message);
        exit_code = TOOL_EXIT_INTERNAL;
    }
    error_free(machine.print_error);
    text_free(&machine.scope);
    return exit_code;
}

int
machine_run(int argc, char **argv)
{
    struct machine_request request;
    int exit_code;

    /* The mark is for this process alone: a program that it runs may run x07 again. */
    if (getenv(CHILD_MARK)) {
        unsetenv(CHILD_MARK);
        return command_run(&root_command, argc, argv);
    }
    machine_request_read(argc, argv, &request);
    if (machine_request_wanted(&request))
        exit_code = answer_request(&request, argv);
    else
        exit_code = command_run(&root_command, request.ordinary_argc, request.ordinary);
    machine_request_free(&request);
    return exit_code;
}
