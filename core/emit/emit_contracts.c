/* emit_contracts.c: the clauses of a contract as C. They run before the body, and again where all exits of
 * the function meet, always on the runtime's own fuel. */
#include "base/sha256.h"
#include "base/utf8.h"
#include "emit/emitter.h"

enum { CLAUSE_FUEL = 50000, ID_BYTES = 8 };

/* ---- what the report of a violation begins with ---- */

/* A JSON string in which everything from 0x20 on but quotes and backslashes stands for itself. */
static void
put_string(const char *data, size_t len, struct text *out)
{
    text_putc(out, '"');
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)data[i];

        if (c == '"' || c == '\\')
            text_printf(out, "\\%c", c);
        else if (c == '\n' || c == '\r' || c == '\t')
            text_printf(out, "\\%c", c == '\n' ? 'n' : c == '\r' ? 'r' : 't');
        else if (c < 0x20)
            text_printf(out, "\\u%04x", c);
        else
            text_putc(out, (char)c);
    }
    text_putc(out, '"');
}

/* The id of a clause without one: a digest of the function's name, the kind, the index and the expression. */
static void
put_derived_id(const struct func *func, enum ast_contract kind, uint32_t index, const struct ast_expr *expr,
               struct text *out)
{
    static const char *const kinds[AST_CONTRACT_KINDS] = {
        [AST_REQUIRES] = "requires", [AST_ENSURES] = "ensures", [AST_INVARIANT] = "invariant"};
    struct text hashed = {0};
    char hex[SHA256_HEX];

    text_append(&hashed, "x07.contract.id.v1", sizeof "x07.contract.id.v1");
    text_append(&hashed, func->name->text, func->name->len);
    text_putc(&hashed, 0);
    text_puts(&hashed, kinds[kind]);
    text_putc(&hashed, 0);
    for (unsigned shift = 0; shift < 64; shift += 8)
        text_putc(&hashed, (char)(uint8_t)((uint64_t)index >> shift));
    ast_write_expr(expr, &hashed);
    sha256_hex(hashed.data, hashed.len, hex);
    text_printf(out, "\"c_%.*s\"", 2 * ID_BYTES, hex);
    text_free(&hashed);
}

static void
put_id(const struct func *func, enum ast_contract kind, uint32_t index, const struct ast_clause *clause,
       struct text *out)
{
    const char *id = clause->id ? clause->id->text : "";
    size_t len = clause->id ? clause->id->len : 0;

    utf8_trim(&id, &len);
    if (len)
        put_string(id, len, out);
    else
        put_derived_id(func, kind, index, clause->expr, out);
}

static const char *
report_head(struct emitter *emitter, const struct contract_step *step, uint32_t index, uint32_t *len)
{
    const struct func *func = emitter->body->func;
    const struct ast_clause *clause = emitter->body->clauses[step->kind][index].ast;
    struct text head = {0};

    text_printf(&head, "X07T_CONTRACT_V1 {\"contract_kind\":\"%s\",\"fn\":", step->name);
    put_string(func->name->text, func->name->len, &head);
    text_puts(&head, ",\"clause_id\":");
    put_id(func, step->kind, index, clause, &head);
    text_printf(&head, ",\"clause_index\":%u,\"clause_ptr\":\"", index);
    ast_loc_write(clause->expr->loc, &head);
    text_puts(&head, "\",\"witness\":[");
    *len = (uint32_t)head.len;
    const char *literal = emit_literal(emitter, head.data, head.len);
    text_free(&head);
    return literal;
}

/* ---- clauses ---- */

/* Whether the clause's budget can be exceeded at all; most clauses are too small to notice it. */
static bool
needs_budget(const struct node *node)
{
    if (node->kind == NODE_HEAD && head_row(node->head)->effect == HEAD_EFFECT_CALL)
        return true;
    for (uint32_t i = 0; i < node->count; i++)
        if (needs_budget(node->kids[i]))
            return true;
    return false;
}

static const char *
witness_text(struct emitter *emitter, struct node *node)
{
    if (node->kind == NODE_LOCAL && node->use == USE_PEEK)
        emit_charge(emitter, 1); /* the one place where looking at a variable costs */
    struct value value = emit_value(emitter, node);
    if (value.level == VALUE_EXPR)
        value = emit_save(emitter, value);
    return arena_printf(emitter->arena, "x07_witness_%s(%s)", type_source_name(value.type), value.text);
}

/* The clause does not hold. The witnesses are computed before any of them is shown: one may trap. */
static void
clause_violation(struct emitter *emitter, const struct contract_step *step, uint32_t index)
{
    const struct clause *clause = &emitter->body->clauses[step->kind][index];
    struct emit_scope scope;
    struct text witnesses = {0};
    uint32_t count = clause->ast->witness_count;
    uint32_t head_len;

    emit_open_scope(emitter, &scope);
    size_t region = emit_new_region(emitter);
    emitter->region = region;
    for (uint32_t i = 0; i < count; i++)
        text_printf(&witnesses, "%s%s", i ? ", " : "", witness_text(emitter, clause->witness[i]));
    const char *head = report_head(emitter, step, index, &head_len);
    if (count)
        emit_line(emitter, "x07_contract_fail(rt, %s, %u, (x07_witness[%u]){%s}, %u);", head, head_len, count,
                  text_string(&witnesses), count);
    else
        emit_line(emitter, "x07_contract_fail(rt, %s, %u, NULL, 0);", head, head_len);
    text_free(&witnesses);
    emit_close_scope(emitter, &scope, emit_marker(emitter, region, CHARGE_CHECKED));
}

static void
emit_clause(struct emitter *emitter, const struct contract_step *step, uint32_t index)
{
    const struct clause *clause = &emitter->body->clauses[step->kind][index];
    bool budget = needs_budget(clause->expr) || ast_count_nodes(clause->ast->expr) > CLAUSE_FUEL;
    struct emit_scope scope;

    emit_open_scope(emitter, &scope);
    size_t region = emit_new_region(emitter);
    emitter->region = region;
    struct value value = emit_value(emitter, clause->expr);
    emit_line(emitter, "if (X07_UNLIKELY(!(%s)))", value.text);
    clause_violation(emitter, step, index);
    const char *charge = emit_marker(emitter, region, CHARGE_CHECKED);
    if (budget) {
        emit_line(emitter, "x07_clause_leave(rt, budget);");
        charge = arena_printf(emitter->arena, "const x07_clause budget = x07_clause_enter(rt);\n%s", charge);
    }
    emit_close_scope(emitter, &scope, charge);
}

static bool
has_clauses(const struct body *body, enum contract_phase phase)
{
    const struct ast_func *func = body->func ? body->func->ast : NULL;

    for (int step = 0; func && step < CONTRACT_STEPS; step++)
        if (func->clause_count[contract_steps[phase][step].kind])
            return true;
    return false;
}

static void
emit_phase(struct emitter *emitter, enum contract_phase phase)
{
    const struct body *body = emitter->body;

    if (phase == CONTRACT_EXIT && body->result_local) {
        const char *name = emit_local_name(emitter, body->result_local);
        emit_line(emitter, "const %s %s = ret;\n(void)%s;", type_c_name(body->result.type), name, name);
    }
    for (int step = 0; step < CONTRACT_STEPS; step++) {
        const struct contract_step *row = &contract_steps[phase][step];

        for (uint32_t i = 0; i < body->func->ast->clause_count[row->kind]; i++)
            emit_clause(emitter, row, i);
    }
}

void
emit_contracts(struct emitter *emitter, enum contract_phase phase, struct text *out)
{
    struct emit_scope outside = {0};
    struct emit_scope scope;
    const char *fuel = emitter->fuel;
    bool local_fuel = emitter->local_fuel;

    if (!has_clauses(emitter->body, phase))
        return;
    emitter->fuel = "rt->fuel";
    emitter->local_fuel = false;
    emitter->headers |= HEADER_CONTRACT;
    emitter->scope = &outside;
    emit_open_scope(emitter, &scope);
    emit_phase(emitter, phase);
    emit_close_scope(emitter, &scope, "");
    emit_resolve_markers(emitter, text_string(&outside.code), outside.code.len, out);
    text_free(&outside.code);
    text_free(&outside.declarations);
    emitter->scope = NULL;
    emitter->fuel = fuel;
    emitter->local_fuel = local_fuel;
}
