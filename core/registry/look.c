/* look.c: see look.h. */
#include "registry/look.h"

#include "base/text.h"
#include "registry/bare_host.h"
#include "registry/child.h"
#include "registry/clean.h"
#include "registry/describe.h"
#include "registry/inside.h"
#include "registry/scan.h"
#include "registry/signature.h"

#include <stdio.h>
#include <string.h>

enum { MOST_OUTPUT = 1024 * 1024, MOST_FACTS = 256 };

/* What the child is asked. */
struct question {
    struct registry *registry;
    struct registry_plugin *plugin;
    const struct registry_service *service;
    const struct registry_diagnostic *diagnostic;
    json_object *arguments;
    json_object *(*answer)(struct question *question, struct bare_host *host);
};

static void
add_text(json_object *object, const char *name, const char *text)
{
    json_object_object_add(object, name, clean_string(text));
}

static json_object *
failure(const char *reason)
{
    json_object *object = json_object_new_object();

    add_text(object, "failure", reason);
    return object;
}

static void
answer_in_child(void *context, int out)
{
    struct question *question = context;
    struct bare_host host;
    json_object *answer;

    bare_host_init(&host);
    question->registry->host = &host.table;
    question->registry->said = bare_host_said;
    struct error *error = plugin_open(question->registry, question->plugin);
    answer = error ? failure(error->message) : question->answer(question, &host);
    const char *text = json_object_to_json_string_ext(answer, JSON_C_TO_STRING_NOSLASHESCAPE);
    child_write(out, text, strlen(text));
    plugin_close(question->plugin);
}

/* The answer object, or an object with "failure". */
static json_object *
ask(struct question *question)
{
    struct child_limits limits = {
        .silence_ms = scan_limit_ms(), .total_ms = scan_limit_ms(), .output_bytes = MOST_OUTPUT};
    struct text output = {0};
    struct text why = {0};
    struct child_end end;
    json_object *answer = NULL;
    struct error *error = child_run(answer_in_child, question, &limits, &output, &end);

    if (error)
        answer = failure(error->message);
    else if (end.how == CHILD_DONE)
        answer = json_tokener_parse(text_string(&output));
    if (!json_object_is_type(answer, json_type_object)) {
        child_end_text(&end, &limits, &why);
        answer = failure(text_string(&why));
    }
    error_free(error);
    text_free(&output);
    text_free(&why);
    return answer;
}

static const char *
failure_of(json_object *answer)
{
    json_object *reason = json_object_object_get(answer, "failure");

    return reason ? json_object_get_string(reason) : NULL;
}

static const char *
strength_name(uint32_t strength)
{
    static const char *const names[] = {
        [X07_STRENGTH_NONE] = "none",
        [X07_STRENGTH_PARTIAL] = "partial",
        [X07_STRENGTH_OS] = "os",
        [X07_STRENGTH_VM] = "vm",
    };

    return strength < sizeof names / sizeof *names ? names[strength] : "none";
}

static json_object *
show_facts(const x07_probe *probe)
{
    json_object *facts = json_object_new_object();

    for (uint32_t i = 0; probe->facts && i < probe->fact_count && i < MOST_FACTS; i++) {
        const x07_fact *fact =
            (const x07_fact *)((const char *)probe->facts + (size_t)i * probe->facts->size);

        if (fact->name)
            add_text(facts, fact->name, fact->value);
    }
    return facts;
}

static json_object *
answer_probe(struct question *question, struct bare_host *host)
{
    const x07_service *service = describe_service(question->plugin->loaded, question->service->index);
    const x07_sandbox *sandbox = service->vtable;
    x07_probe probe = {.size = sizeof probe};
    x07_status status = sandbox->probe(&host->table, &probe);
    json_object *answer = json_object_new_object();
    struct text reason = {0};

    if (status != X07_OK)
        text_printf(&reason, "the probe failed with status %d%s%s", (int)status, host->message[0] ? ": " : "",
                    host->message);
    json_object_object_add(answer, "available", json_object_new_boolean(status == X07_OK && probe.available));
    add_text(answer, "strength", strength_name(probe.strength));
    add_text(answer, "reason", status != X07_OK ? text_string(&reason) : probe.reason);
    json_object_object_add(answer, "facts", show_facts(&probe));
    text_free(&reason);
    return answer;
}

/* A native compiler has no probe; whether it can say what it is comes close. */
static json_object *
answer_identity(struct question *question, struct bare_host *host)
{
    const x07_service *service = describe_service(question->plugin->loaded, question->service->index);
    const x07_native *native = service->vtable;
    char *identity = NULL;
    x07_status status = native->identity(&host->table, "default", &identity);
    json_object *answer = json_object_new_object();
    json_object *facts = json_object_new_object();

    if (status == X07_OK)
        add_text(facts, "identity", identity);
    else if (!host->message[0])
        snprintf(host->message, sizeof host->message, "it could not identify itself: status %d", (int)status);
    json_object_object_add(answer, "available", json_object_new_boolean(status == X07_OK));
    json_object_object_add(answer, "strength", NULL);
    add_text(answer, "reason", status == X07_OK ? NULL : host->message);
    json_object_object_add(answer, "facts", facts);
    return answer;
}

static struct registry_plugin *
own(struct registry *registry, const struct registry_plugin *plugin)
{
    return &registry->plugins[plugin - registry->plugins];
}

static void
move(json_object *from, const char *name, json_object *to)
{
    json_object_object_add(to, name, json_object_get(json_object_object_get(from, name)));
}

json_object *
look_probe(struct registry *registry, const struct registry_plugin *plugin,
           const struct registry_service *service)
{
    bool is_sandbox = service->kind == X07_KIND_SANDBOX;
    struct question question = {.registry = registry,
                                .plugin = own(registry, plugin),
                                .service = service,
                                .answer = is_sandbox ? answer_probe : answer_identity};
    json_object *answer = ask(&question);
    json_object *shown = json_object_new_object();
    struct text reason = {0};

    add_text(shown, "key", service->key);
    if (failure_of(answer)) {
        text_printf(&reason, "the probe %s", failure_of(answer));
        json_object_object_add(shown, "available", json_object_new_boolean(false));
        add_text(shown, "strength", is_sandbox ? strength_name(X07_STRENGTH_NONE) : NULL);
        add_text(shown, "reason", text_string(&reason));
        json_object_object_add(shown, "facts", json_object_new_object());
    } else {
        move(answer, "available", shown);
        move(answer, "strength", shown);
        move(answer, "reason", shown);
        move(answer, "facts", shown);
    }
    text_free(&reason);
    json_object_put(answer);
    return shown;
}

static json_object *
answer_diagnostic(struct question *question, struct bare_host *host)
{
    const x07_diagnostic *diagnostic =
        describe_diagnostic(question->plugin->loaded, question->diagnostic->index);
    struct text why = {0};
    json_object *value = NULL;

    (void)host;
    if (!signature_call(diagnostic->signature, diagnostic->function, question->arguments, &value, &why))
        return failure(text_string(&why));
    json_object *answer = json_object_new_object();
    json_object_object_add(answer, "value", value);
    return answer;
}

json_object *
look_diagnostic(struct registry *registry, const struct registry_plugin *plugin,
                const struct registry_diagnostic *diagnostic, json_object *arguments)
{
    struct question question = {.registry = registry,
                                .plugin = own(registry, plugin),
                                .diagnostic = diagnostic,
                                .answer = answer_diagnostic};

    if (arguments)
        question.arguments = json_object_get(arguments);
    else if (diagnostic->arguments)
        question.arguments = json_tokener_parse(diagnostic->arguments);
    json_object *answer = ask(&question);
    json_object *shown = json_object_new_object();
    add_text(shown, "name", diagnostic->name);
    add_text(shown, "signature", diagnostic->signature);
    add_text(shown, "summary", diagnostic->summary);
    move(answer, "value", shown);
    add_text(shown, "error", failure_of(answer));
    json_object_put(answer);
    json_object_put(question.arguments);
    return shown;
}
