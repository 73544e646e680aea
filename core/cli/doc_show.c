/* doc_show.c: answers of `x07 doc` as text, and what is said of built-in heads. */
#include "cli/doc_parts.h"
#include "cli/signature.h"
#include "sema/heads.h"

#include <stdlib.h>
#include <string.h>

/* ---- built-in heads ---- */

/* What stands for a value of a type in an example. */
static const struct {
    enum type type;
    const char *json;
} samples[] = {
    {TYPE_BYTES, "[\"bytes.lit\",\"abc\"]"},      {TYPE_VIEW, "\"input\""},
    {TYPE_VEC, "[\"vec_u8.with_capacity\",0]"},   {TYPE_IFACE, "[\"io.open_read_bytes\",\"input\"]"},
    {TYPE_OPTION_I32, "[\"option_i32.some\",1]"}, {TYPE_OPTION_BYTES, "[\"option_bytes.none\"]"},
    {TYPE_RESULT_I32, "[\"result_i32.ok\",1]"},   {TYPE_RESULT_BYTES, "[\"result_bytes.err\",1]"},
};

static const char *
sample(const struct head_operand *operand)
{
    if (operand->mode == OPERAND_TEXT)
        return "\"abc\"";
    if (operand->mode == OPERAND_OWNER || operand->mode == OPERAND_PEEK)
        return "\"x\"";
    for (size_t i = 0; operand->mode != OPERAND_NAME && i < sizeof samples / sizeof samples[0]; i++)
        if (samples[i].type == operand->type)
            return samples[i].json;
    return operand->mode == OPERAND_NAME || operand->type != TYPE_I32 ? "\"x\"" : "0";
}

void
doc_form_signature(int head, struct text *out)
{
    struct head_operand operands[HEAD_MAX_OPERANDS];

    if (!head_is_call(head)) {
        text_printf(out, head_is_operator(head) ? "%s(i32, i32) -> i32" : "%s: a form, see the guide",
                    head_name(head));
        return;
    }
    int count = head_operands(head_row(head), operands);
    const char *result = type_source_name(head_row(head)->result);

    text_printf(out, "%s(", head_name(head));
    for (int i = 0; i < count; i++) {
        const char *type = type_source_name(operands[i].type);
        text_printf(out, "%s%s", i ? ", " : "", type ? type : "string");
    }
    text_printf(out, ") -> %s", result ? result : "<pointer>");
}

void
doc_form_describe(int head, struct text *out)
{
    static const char *const worlds[] = {
        [GATE_ANY] = "in every world",
        [GATE_FS] = "in worlds with files",
        [GATE_RR] = "in worlds with recorded answers",
        [GATE_KV] = "in worlds with a store",
        [GATE_OS] = "in run-os and run-os-sandboxed",
        [GATE_INTERNAL] = "in built-in modules only",
    };
    static const char *const effects[] = {
        [HEAD_EFFECT_PURE] = "it cannot fail",
        [HEAD_EFFECT_TRAPS] = "it may trap",
        [HEAD_EFFECT_CALL] = "it may allocate, trap or change something",
    };

    text_puts(out, head_is_call(head) ? "A built-in head, " : "A form of the language, ");
    text_puts(out, worlds[head_is_internal(head) ? GATE_INTERNAL : head_gate(head)]);
    if (head_is_call(head))
        text_printf(out, "; %s", effects[head_row(head)->effect]);
    text_putc(out, '.');
}

void
doc_form_example(int head, struct text *out)
{
    struct head_operand operands[HEAD_MAX_OPERANDS];

    text_printf(out, "[\"%s\"", head_name(head));
    if (head_is_operator(head))
        text_puts(out, ",1,2");
    int count = head_is_call(head) ? head_operands(head_row(head), operands) : 0;
    for (int i = 0; i < count; i++)
        text_printf(out, ",%s", sample(&operands[i]));
    text_putc(out, ']');
}

static void
show_form(const struct doc_search *search, struct text *out)
{
    int head = search->answer.head;

    doc_form_signature(head, out);
    text_putc(out, '\n');
    doc_form_describe(head, out);
    text_putc(out, '\n');
    if (head_is_call(head) || head_is_operator(head)) {
        text_puts(out, "Example: ");
        doc_form_example(head, out);
        text_putc(out, '\n');
    }
    if (!search->settings->builtin)
        text_puts(out, "hint: run `x07 guide` for the full language reference\n");
}

/* ---- the rest ---- */

static void
show_symbol(const struct ast_func *func, struct text *out)
{
    signature_write(func, out);
    text_putc(out, '\n');
    if (func->kind != AST_DEFN)
        text_printf(out, "kind: %s\n", signature_kind(func));
}

static void
show_module(const struct doc_answer *answer, struct text *out)
{
    const struct ast_doc *doc = answer->doc;

    text_printf(out, "module: %s\nfile: %s\n", doc->module_id->text, answer->path);
    text_puts(out, doc->export_count ? "exports:\n" : "exports: (none)\n");
    for (uint32_t i = 0; i < doc->export_count; i++) {
        const struct ast_func *func = signature_find(doc, doc->exports[i]);

        text_puts(out, "  - ");
        if (func)
            signature_write(func, out);
        else
            text_puts(out, doc->exports[i]->text);
        text_putc(out, '\n');
    }
}

static void
show_package(const struct package_manifest *package, struct text *out)
{
    text_printf(out, "package: %s@%s\n", package->name, package->version);
    if (package->description && package->description[0])
        text_printf(out, "description: %s\n", package->description);
    if (!package->modules.count) {
        if (package->docs && package->docs[0])
            text_printf(out, "docs:\n%s\n", package->docs);
        return;
    }
    text_puts(out, "modules:\n");
    for (size_t i = 0; i < package->modules.count; i++)
        text_printf(out, "  - %s\n", package->modules.items[i]);
    text_printf(out, "hint: x07 doc %s\n", package->modules.items[0]);
}

void
doc_show(const struct doc_search *search, struct text *out)
{
    const struct doc_answer *answer = &search->answer;

    switch (answer->kind) {
    case DOC_FORM:
        show_form(search, out);
        break;
    case DOC_MODULE:
        show_module(answer, out);
        break;
    case DOC_SYMBOL:
        show_symbol(answer->func, out);
        break;
    case DOC_PACKAGE:
        show_package(answer->package->manifest, out);
        break;
    case DOC_SPEC:
    case DOC_NOT_FOUND:
    case DOC_ERROR:
        break;
    }
}
