/* write.c: the canonical form: compact JSON, members in byte order of their names, declarations sorted. */
#include "ast/ast.h"

#include "ast/json.h"
#include "ast/read.h"
#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

static void
write_symbol(const struct symbol *symbol, struct text *out)
{
    ast_json_write_string(symbol->text, symbol->len, out);
}

static void
write_symbols(struct symbol *const *symbols, uint32_t count, struct text *out)
{
    text_putc(out, '[');
    for (uint32_t i = 0; i < count; i++) {
        text_puts(out, i ? "," : "");
        write_symbol(symbols[i], out);
    }
    text_putc(out, ']');
}

static void
write_integer(int32_t value, struct text *out)
{
    char digits[12];
    char *at = digits + sizeof digits;
    uint32_t rest = value < 0 ? 0U - (uint32_t)value : (uint32_t)value;

    do {
        *--at = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest);
    if (value < 0)
        *--at = '-';
    text_append(out, at, (size_t)(digits + sizeof digits - at));
}

void
ast_write_expr(const struct ast_expr *expr, struct text *out)
{
    switch (expr->kind) {
    case AST_INT:
        write_integer(expr->value, out);
        break;
    case AST_ATOM:
        write_symbol(expr->symbol, out);
        break;
    case AST_LIST:
        text_putc(out, '[');
        for (uint32_t i = 0; i < expr->count; i++) {
            if (i)
                text_putc(out, ',');
            ast_write_expr(expr->items[i], out);
        }
        text_putc(out, ']');
        break;
    }
}

static void
write_type(const struct ast_type *type, struct text *out)
{
    if (type->kind == AST_TYPE_NAMED) {
        write_symbol(type->name, out);
        return;
    }
    text_puts(out, type->kind == AST_TYPE_VAR ? "[\"t\"," : "[");
    write_symbol(type->name, out);
    for (uint32_t i = 0; i < type->count; i++) {
        text_putc(out, ',');
        write_type(type->args[i], out);
    }
    text_putc(out, ']');
}

static void
write_clause(const struct ast_clause *clause, struct text *out)
{
    text_puts(out, "{\"expr\":");
    ast_write_expr(clause->expr, out);
    if (clause->id) {
        text_puts(out, ",\"id\":");
        write_symbol(clause->id, out);
    }
    for (uint32_t i = 0; i < clause->witness_count; i++) {
        text_puts(out, i ? "," : ",\"witness\":[");
        ast_write_expr(clause->witness[i], out);
    }
    text_puts(out, clause->witness_count ? "]}" : "}");
}

/* Writes the member with its comma, or nothing when there is no clause. `field` is `,"name":[`. */
static void
write_clauses(const struct ast_func *func, enum ast_contract contract, const char *field, struct text *out)
{
    uint32_t count = func->clause_count[contract];

    for (uint32_t i = 0; i < count; i++) {
        text_puts(out, i ? "," : field);
        write_clause(&func->clauses[contract][i], out);
    }
    text_puts(out, count ? "]" : "");
}

static void
write_params(const struct ast_func *func, struct text *out)
{
    text_puts(out, ",\"params\":[");
    for (uint32_t i = 0; i < func->param_count; i++) {
        const struct ast_param *param = &func->params[i];

        text_puts(out, i ? ",{" : "{");
        if (param->brand) {
            text_puts(out, "\"brand\":");
            write_symbol(param->brand, out);
            text_putc(out, ',');
        }
        text_puts(out, "\"name\":");
        write_symbol(param->name, out);
        text_puts(out, ",\"ty\":");
        write_type(param->type, out);
        text_putc(out, '}');
    }
    text_putc(out, ']');
}

static void
write_type_params(const struct ast_func *func, struct text *out)
{
    for (uint32_t i = 0; i < func->type_param_count; i++) {
        const struct ast_type_param *param = &func->type_params[i];

        text_puts(out, i ? ",{" : ",\"type_params\":[{");
        if (param->bound) {
            text_puts(out, "\"bound\":");
            write_symbol(param->bound, out);
            text_putc(out, ',');
        }
        text_puts(out, "\"name\":");
        write_symbol(param->name, out);
        text_putc(out, '}');
    }
    text_puts(out, func->type_param_count ? "]" : "");
}

static void
write_extern(const struct ast_func *func, struct text *out)
{
    text_puts(out, "{\"abi\":\"C\",\"kind\":\"extern\",\"link_name\":");
    write_symbol(func->link_name, out);
    text_puts(out, ",\"name\":");
    write_symbol(func->name, out);
    write_params(func, out);
    text_puts(out, ",\"result\":");
    if (func->result)
        write_type(func->result, out);
    else
        text_puts(out, "\"void\"");
    text_putc(out, '}');
}

static void
write_func(const struct ast_func *func, struct text *out)
{
    text_puts(out, "{\"body\":");
    ast_write_expr(func->body, out);
    write_clauses(func, AST_ENSURES, ",\"ensures\":[", out);
    write_clauses(func, AST_INVARIANT, ",\"invariant\":[", out);
    text_puts(out,
              func->kind == AST_DEFN ? ",\"kind\":\"defn\",\"name\":" : ",\"kind\":\"defasync\",\"name\":");
    write_symbol(func->name, out);
    write_params(func, out);
    write_clauses(func, AST_REQUIRES, ",\"requires\":[", out);
    text_puts(out, ",\"result\":");
    write_type(func->result, out);
    if (func->result_brand) {
        text_puts(out, ",\"result_brand\":");
        write_symbol(func->result_brand, out);
    }
    write_type_params(func, out);
    text_putc(out, '}');
}

/* Externs, then defns, then defasyncs, each by name. */
static int
func_compare(const void *left, const void *right)
{
    static const int ranks[] = {[AST_EXTERN] = 0, [AST_DEFN] = 1, [AST_DEFASYNC] = 2};
    const struct ast_func *a = *(const struct ast_func *const *)left;
    const struct ast_func *b = *(const struct ast_func *const *)right;

    if (a->kind != b->kind)
        return ranks[a->kind] - ranks[b->kind];
    uint32_t common = a->name->len < b->name->len ? a->name->len : b->name->len;
    int order = memcmp(a->name->text, b->name->text, common);
    if (order)
        return order;
    return a->name->len < b->name->len ? -1 : a->name->len > b->name->len;
}

static void
write_decls(const struct ast_doc *doc, struct text *out)
{
    const struct ast_func **sorted = memory_alloc(sizeof *sorted * doc->func_count);
    bool exports = doc->kind == AST_MODULE && doc->export_count;

    for (uint32_t i = 0; i < doc->func_count; i++)
        sorted[i] = doc->funcs[i];
    qsort(sorted, doc->func_count, sizeof *sorted, func_compare);
    if (exports) {
        text_puts(out, "{\"kind\":\"export\",\"names\":");
        write_symbols(doc->exports, doc->export_count, out);
        text_putc(out, '}');
    }
    for (uint32_t i = 0; i < doc->func_count; i++) {
        text_puts(out, i || exports ? "," : "");
        if (sorted[i]->kind == AST_EXTERN)
            write_extern(sorted[i], out);
        else
            write_func(sorted[i], out);
    }
    free(sorted);
}

void
ast_write(const struct ast_doc *doc, struct text *out)
{
    text_puts(out, "{\"decls\":[");
    write_decls(doc, out);
    text_puts(out, "],\"imports\":");
    write_symbols(doc->imports, doc->import_count, out);
    text_puts(out, doc->kind == AST_ENTRY ? ",\"kind\":\"entry\"" : ",\"kind\":\"module\"");
    if (doc->meta) {
        text_puts(out, ",\"meta\":");
        ast_json_write(&doc->meta->value, out);
    }
    text_puts(out, ",\"module_id\":");
    write_symbol(doc->module_id, out);
    text_puts(out, ",\"schema_version\":");
    write_symbol(doc->schema_version, out);
    if (doc->solve) {
        text_puts(out, ",\"solve\":");
        ast_write_expr(doc->solve, out);
    }
    text_puts(out, "}\n");
}
