/* The generics stage: what tapp and ty.* are rewritten to, what is specialised under which name, in which
 * order mistakes are reported, and the mono map. Bodies are compared as canonical JSON; nothing is
 * type-checked. */
#include "base/memory.h"
#include "sema/heads.h"
#include "sema/load.h"
#include "sema/mono.h"

#include <CUnit/Basic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* One program through the stage. */
struct run {
    struct arena *arena;
    struct ast_context context;
    struct failure failure;
    struct program program;
    bool ok;
};

static void
run_entry(struct run *run, const char *root, const char *imports, const char *decls, const char *solve)
{
    static const struct world world = {.id = "solve-pure"};
    struct text source = {0};

    *run = (struct run){.arena = arena_new()};
    ast_context_init(&run->context, run->arena);
    heads_register(&run->context);
    run->program.context = &run->context;
    run->program.failure = &run->failure;
    run->program.world = &world;
    const char *const roots[] = {root};
    run->program.roots = roots;
    run->program.root_count = root != NULL;
    text_printf(&source,
                "{\"schema_version\":\"x07.x07ast@0.5.0\",\"kind\":\"entry\",\"module_id\":\"main\","
                "\"imports\":[%s],\"decls\":[%s],\"solve\":%s}",
                imports, decls, solve);
    run->ok = load_program(&run->program, text_string(&source), source.len) && mono_run(&run->program);
    run->program.roots = NULL;
    text_free(&source);
}

static void
run_end(struct run *run)
{
    ptrmap_free(&run->program.module_of);
    ptrmap_free(&run->program.func_of);
    failure_free(&run->failure);
    ast_context_free(&run->context);
    arena_free(run->arena);
}

/* The error, or solve and then every function that was made, as "name=body". */
static void
run_describe(const struct run *run, struct text *out)
{
    if (!run->ok) {
        text_printf(out, "%s: %s", run->failure.kind, text_string(&run->failure.message));
        return;
    }
    ast_write_expr(run->program.modules[0]->doc->solve, out);
    for (uint32_t i = 0; i < run->program.mono->item_count; i++) {
        text_printf(out, " %s=", run->program.mono->items[i]->func->name->text);
        ast_write_expr(run->program.mono->items[i]->func->body, out);
    }
}

static void
expect(const char *root, const char *imports, const char *decls, const char *solve, const char *want)
{
    struct run run;
    struct text got = {0};

    run_entry(&run, root, imports, decls, solve);
    run_describe(&run, &got);
    if (strcmp(text_string(&got), want) != 0)
        printf("\n  solve %s\n  decls %s\n  want  %s\n  got   %s\n", solve, decls, want, text_string(&got));
    CU_ASSERT_STRING_EQUAL(text_string(&got), want);
    text_free(&got);
    run_end(&run);
}

#define ID                                                                        \
    "{\"kind\":\"defn\",\"name\":\"main.id\",\"type_params\":[{\"name\":\"A\"}]," \
    "\"params\":[{\"name\":\"x\",\"ty\":[\"t\",\"A\"]}],\"result\":[\"t\",\"A\"],\"body\":\"x\"}"
/* A generic function of type parameters and no values, with this body. */
#define PHANTOM(name, params, body)                                                             \
    "{\"kind\":\"defn\",\"name\":\"main." name "\",\"type_params\":[" params "],\"params\":[]," \
    "\"result\":\"i32\",\"body\":" body "}"
#define PLAIN(name, body) \
    "{\"kind\":\"defn\",\"name\":\"main." name "\",\"params\":[],\"result\":\"i32\",\"body\":" body "}"

static void
names_specialisations(void)
{
    expect(NULL, "", ID, "[\"tapp\",\"main.id\",[\"tys\",\"i32\"],7]",
           "[\"main.id__x07_mono_v1__i32__hf2f42f90\",7] main.id__x07_mono_v1__i32__hf2f42f90=\"x\"");
    expect(NULL, "", ID, "[\"tapp\",\"main.id\",\"bytes\",\"b\"]",
           "[\"main.id__x07_mono_v1__bytes__hd72b15d3\",\"b\"] main.id__x07_mono_v1__bytes__hd72b15d3=\"x\"");
    expect(NULL, "", PHANTOM("p", "{\"name\":\"A\"},{\"name\":\"B\"}", "1"),
           "[\"tapp\",\"main.p\",\"u32\",[\"option\",\"bytes\"]]",
           "[\"main.p__x07_mono_v1__u32__option_bytes__heec86c57\"] "
           "main.p__x07_mono_v1__u32__option_bytes__heec86c57=1");
}

static void
makes_one_of_equal_instances(void)
{
    struct run run;

    run_entry(&run, NULL, "", ID,
              "[\"begin\",[\"tapp\",\"main.id\",\"i32\",1],[\"tapp\",\"main.id\",[\"tys\",\"i32\"],2],"
              "[\"tapp\",\"main.id\",\"u32\",3]]");
    CU_ASSERT_TRUE_FATAL(run.ok);
    CU_ASSERT_EQUAL(run.program.mono->item_count, 2);
    CU_ASSERT_EQUAL(run.program.mono->items[0]->site_count, 2);
    CU_ASSERT_EQUAL(run.program.mono->tapp_sites, 3);
    CU_ASSERT_EQUAL(run.program.mono->generic_count, 1);
    CU_ASSERT_EQUAL(run.program.modules[0]->doc->func_count, 0);
    run_end(&run);
}

static void
substitutes_in_bodies(void)
{
    expect(NULL, "",
           ID "," PHANTOM("g", "{\"name\":\"B\"}",
                          "[\"tapp\",\"main.id\",[\"tys\",[\"t\",\"B\"]],[\"ty.size\",[\"t\",\"B\"]]]"),
           "[\"tapp\",\"main.g\",\"bytes\"]",
           "[\"main.g__x07_mono_v1__bytes__hd72b15d3\"] "
           "main.g__x07_mono_v1__bytes__hd72b15d3=[\"main.id__x07_mono_v1__bytes__hd72b15d3\",16] "
           "main.id__x07_mono_v1__bytes__hd72b15d3=\"x\"");
}

static void
keeps_places(void)
{
    struct run run;
    struct text pointer = {0};

    run_entry(&run, NULL, "", ID,
              "[\"begin\",[\"tapp\",\"main.id\",[\"tys\",\"i32\"],[\"ty.size\",\"u32\"]]]");
    CU_ASSERT_TRUE_FATAL(run.ok);
    const struct ast_expr *call = run.program.modules[0]->doc->solve->items[1];
    ast_loc_write(call->loc, &pointer);
    text_putc(&pointer, ' ');
    ast_loc_write(call->items[1]->loc, &pointer);
    text_putc(&pointer, ' ');
    ast_loc_write(run.program.mono->items[0]->func->body->loc, &pointer);
    CU_ASSERT_STRING_EQUAL(text_string(&pointer), "/solve/1 /solve/1/3 /decls/0/body");
    text_free(&pointer);
    run_end(&run);
}

static void
lowers_intrinsics(void)
{
    static const struct {
        const char *written, *lowered;
    } rows[] = {
        {"[\"ty.size\",\"i32\"]", "4"},
        {"[\"ty.size_bytes\",\"bytes_view\"]", "16"},
        {"[\"ty.lt\",\"i32\",\"a\",1]", "[\"<\",\"a\",1]"},
        {"[\"ty.lt\",\"u32\",\"a\",1]", "[\"<u\",\"a\",1]"},
        {"[\"ty.eq\",\"u32\",\"a\",1]", "[\"=\",\"a\",1]"},
        {"[\"ty.eq\",\"bytes\",\"a\",\"b\"]", "[\"bytes.eq\",\"a\",\"b\"]"},
        {"[\"ty.clone\",\"i32\",\"a\"]", "\"a\""},
        {"[\"ty.clone\",\"bytes_view\",\"a\"]", "\"a\""},
        {"[\"ty.clone\",\"bytes\",\"a\"]", "[\"__internal.bytes.clone_v1\",\"a\"]"},
        {"[\"ty.drop\",\"i32\",\"a\"]", "[\"begin\",\"a\",0]"},
        {"[\"ty.drop\",\"bytes\",\"a\"]", "[\"__internal.bytes.drop_v1\",\"a\"]"},
        {"[\"ty.cmp\",\"i32\",\"a\",[\"+\",\"b\",1]]",
         "[\"if\",[\"<\",\"a\",[\"+\",\"b\",1]],-1,[\"if\",[\"=\",\"a\",[\"+\",\"b\",1]],0,1]]"},
        {"[\"ty.cmp\",\"u32\",[\"ty.size\",\"i32\"],\"b\"]",
         "[\"if\",[\"<u\",4,\"b\"],-1,[\"if\",[\"=\",4,\"b\"],0,1]]"},
        {"[\"tapp\",\"vec_value.with_capacity\",\"u32\",9]", "[\"vec_value.with_capacity_v1\",2,9]"},
        {"[\"tapp\",\"vec_value.push\",[\"tys\",\"u32\"],\"h\",9]", "[\"vec_value.push_i32_v1\",\"h\",9]"},
        {"[\"tapp\",\"vec_value.get\",\"bytes\",\"h\",1,\"d\"]",
         "[\"vec_value.get_bytes_v1\",\"h\",1,\"d\"]"},
        {"[\"tapp\",\"vec_value.set\",\"bytes_view\",\"h\",1,\"d\"]",
         "[\"vec_value.set_bytes_view_v1\",\"h\",1,\"d\"]"},
        {"[\"tapp\",\"map_value.new\",\"bytes\",\"i32\",4]", "[\"map_value.new_v1\",3,1,4]"},
        {"[\"tapp\",\"map_value.contains\",\"bytes\",\"h\",\"k\"]",
         "[\"map_value.contains_bytes_v1\",\"h\",\"k\"]"},
        {"[\"tapp\",\"map_value.remove\",\"i32\",\"h\",1]", "[\"map_value.remove_i32_v1\",\"h\",1]"},
        {"[\"tapp\",\"map_value.get\",[\"tys\",\"bytes_view\",\"u32\"],\"h\",\"k\",0]",
         "[\"map_value.get_bytes_view_i32_v1\",\"h\",\"k\",0]"},
        {"[\"tapp\",\"map_value.set\",[\"tys\",\"u32\",\"bytes\"],\"h\",1,[\"ty.clone\",\"bytes\",\"v\"]]",
         "[\"map_value.set_i32_bytes_v1\",\"h\",1,[\"__internal.bytes.clone_v1\",\"v\"]]"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        expect(NULL, "", "", rows[i].written, rows[i].lowered);
}

/* The bindings' names end in a digest of the place, the same for all: /solve. */
#define H "_f4fd9cf4"
static void
compares_once(void)
{
    expect(NULL, "", "", "[\"ty.cmp\",\"i32\",[\"set\",\"k\",1],\"k\"]",
           "[\"begin\",[\"let\",\"_x07_cmp_a" H "\",[\"set\",\"k\",1]],"
           "[\"if\",[\"<\",\"_x07_cmp_a" H "\",\"k\"],-1,[\"if\",[\"=\",\"_x07_cmp_a" H "\",\"k\"],0,1]]]");
    /* Identifiers are viewed in place and not consumed. */
    expect(NULL, "", "", "[\"ty.lt\",\"bytes\",\"a\",\"b\"]",
           "[\"<\",[\"begin\",[\"let\",\"_x07_cmp_la" H "\",[\"bytes.len\",\"a\"]],"
           "[\"let\",\"_x07_cmp_lb" H "\",[\"bytes.len\",\"b\"]],"
           "[\"bytes.cmp_range\",\"a\",0,\"_x07_cmp_la" H "\",\"b\",0,\"_x07_cmp_lb" H "\"]],0]");
    /* The second operand may change the first: its value is taken before. */
    expect(NULL, "", "", "[\"ty.cmp\",\"bytes\",\"a\",[\"main.f\"]]",
           "[\"begin\",[\"let\",\"_x07_cmp_a" H "\",\"a\"],[\"let\",\"_x07_cmp_b" H "\",[\"main.f\"]],"
           "[\"let\",\"_x07_cmp_la" H "\",[\"bytes.len\",\"_x07_cmp_a" H "\"]],"
           "[\"let\",\"_x07_cmp_lb" H "\",[\"bytes.len\",\"_x07_cmp_b" H "\"]],"
           "[\"bytes.cmp_range\",\"_x07_cmp_a" H "\",0,\"_x07_cmp_la" H "\",\"_x07_cmp_b" H
           "\",0,\"_x07_cmp_lb" H "\"]]");
}

/* Every level would double the tree if operands were always written twice. */
static void
nested_comparisons_stay_small(void)
{
    enum { LEVELS = 100 };
    struct text solve = {0};
    struct run run;

    for (int i = 0; i < LEVELS; i++)
        text_puts(&solve, "[\"ty.cmp\",\"i32\",");
    text_putc(&solve, '1');
    for (int i = 0; i < LEVELS; i++)
        text_puts(&solve, ",2]");
    run_entry(&run, NULL, "", "", text_string(&solve));
    CU_ASSERT_TRUE_FATAL(run.ok);
    CU_ASSERT_TRUE(ast_count_nodes(run.program.modules[0]->doc->solve) < LEVELS * 40);
    text_free(&solve);
    run_end(&run);
}

static void
rejects(void)
{
    static const struct {
        const char *decls, *solve, *message;
    } rows[] = {
        {ID, "[\"main.id\",7]", "Typing: X07-TY-0108: generic function must be called via tapp: \"main.id\""},
        {ID, "[\"tapp\"]", "Parse: X07-TY-0105: tapp requires at least 2 args (got 0)"},
        {ID, "[\"tapp\",\"main.id\"]", "Parse: X07-TY-0105: tapp requires at least 2 args (got 1)"},
        {ID, "[\"tapp\",[\"main.id\"],\"i32\",7]", "Parse: X07-TY-0105: tapp callee must be an identifier"},
        {ID, "[\"tapp\",\"main.no\",\"i32\",7]", "Typing: X07-TY-0100: unknown function: \"main.no\""},
        {PLAIN("f", "1"), "[\"tapp\",\"main.f\",\"i32\"]",
         "Typing: X07-TY-0105: tapp used on non-generic function: \"main.f\""},
        {"{\"kind\":\"extern\",\"abi\":\"C\",\"name\":\"main.e\",\"params\":[],\"result\":\"i32\"}",
         "[\"tapp\",\"main.e\",\"i32\"]",
         "Typing: X07-TY-0105: tapp is not allowed on extern symbol: \"main.e\""},
        {ID, "[\"tapp\",\"main.id\",[\"tys\",\"i32\",\"i32\"],7]",
         "Typing: X07-TY-0105: tapp arity mismatch for \"main.id\": expected 1 type args got 2"},
        {PHANTOM("p", "{\"name\":\"A\"},{\"name\":\"B\"}", "1"), "[\"tapp\",\"main.p\",\"i32\"]",
         "Typing: X07-TY-0105: tapp arity mismatch for \"main.p\": expected 2 type args"},
        {ID, "[\"tapp\",\"main.id\",5,7]", "Parse: type expression must be a string or a list"},
        {ID, "[\"tapp\",\"main.id\",[\"t\"],7]", "Parse: type var expression must be [\"t\", <name>]"},
        {ID, "[\"tapp\",\"main.id\",[\"t\",5],7]", "Parse: type var name must be a string"},
        {ID, "[\"tapp\",\"main.id\",[\"option\"],7]",
         "Parse: type application must have at least 1 argument"},
        {ID, "[\"tapp\",\"main.id\",[\"option\",[\"t\",\"Q\"]],7]",
         "Typing: X07-TY-0107: non-concrete type arg in tapp to \"main.id\": "
         "App { head: \"option\", args: [Var(\"Q\")] }"},
        {ID "," PHANTOM("g", "{\"name\":\"A\"}", "[\"tapp\",\"main.id\",[\"t\",\"Q\"],1]"),
         "[\"tapp\",\"main.g\",\"i32\"]", "Typing: X07-TY-0107: unknown type var: \"Q\""},
        {PHANTOM("g", "{\"name\":\"A\",\"bound\":\"num_like\"}", "1"), "[\"tapp\",\"main.g\",\"bytes\"]",
         "Typing: X07-TY-0104: bound unsatisfied for \"A\": expected NumLike got Named(\"bytes\")"},
        {PHANTOM("g", "{\"name\":\"A\",\"bound\":\"hashable\"}", "1"),
         "[\"tapp\",\"main.g\",[\"option\",\"i32\"]]",
         "Typing: X07-TY-0104: bound unsatisfied for \"A\": expected Hashable got "
         "App { head: \"option\", args: [Named(\"i32\")] }"},
        {ID, "[\"tapp\",\"main.id\",\"float\",7]",
         "Parse: unsupported non-monomorphic type expression: Named(\"float\")"},
        {"", "[\"ty.size\"]", "Parse: \"ty.size\" requires a type argument"},
        {"", "[\"ty.size\",\"i32\",1]", "Parse: \"ty.size\" expects 1 argument"},
        {"", "[\"ty.lt\",\"i32\",1]", "Parse: \"ty.lt\" expects 3 arguments"},
        {"", "[\"ty.wat\",\"i32\"]", "Typing: X07-TY-0102: unknown ty intrinsic: \"ty.wat\""},
        {"", "[\"ty.size\",\"vec_u8\"]", "Typing: X07-TY-0101: unsupported type for \"ty.size\": \"vec_u8\""},
        {"", "[\"ty.size\",[\"option\",\"i32\"]]",
         "Typing: X07-TY-0101: intrinsic \"ty.size\" supports only named primitive types (got "
         "App { head: \"option\", args: [Named(\"i32\")] })"},
        {"", "[\"tapp\",\"vec_value.push\",\"i32\",1]", "Parse: \"vec_value.push\" expects 2 arguments"},
        {"", "[\"tapp\",\"map_value.new\",\"i32\",\"i32\"]", "Parse: map_value.new expects 1 argument"},
        {"", "[\"tapp\",\"map_value.new\",\"vec_u8\",\"i32\",1]",
         "Typing: X07-TY-0104: bound unsatisfied for \"K\": expected Hashable got Named(\"vec_u8\")"},
        /* The order of the checks. */
        {PLAIN("a__x07_mono_v1__b", "1") "," PHANTOM("g", "{\"name\":\"A\",\"bound\":\"odd\"}", "1"),
         "[\"tapp\",\"main.no\",\"i32\"]", "Typing: X07-TY-0103: unknown bound name: \"odd\""},
        {PLAIN("a__x07_mono_v1__b", "1"), "[\"tapp\",\"main.no\",\"i32\"]",
         "Parse: reserved function name: \"main.a__x07_mono_v1__b\""},
        {PLAIN("f", "[\"tapp\",\"main.no1\",\"i32\"]"), "[\"tapp\",\"main.no2\",\"i32\"]",
         "Typing: X07-TY-0100: unknown function: \"main.no2\""},
        {PLAIN("f", "[\"ty.size\",[\"t\",\"Q\"]]"), "1",
         "Typing: X07-TY-0107: non-concrete type in intrinsic \"ty.size\": Var(\"Q\")"},
        {PHANTOM("g", "{\"name\":\"A\"}", "[\"ty.wat\",\"i32\"]"), "7", "7"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        expect(NULL, "", rows[i].decls, rows[i].solve, rows[i].message);
}

static void
bounds_polymorphic_recursion(void)
{
    expect(NULL, "",
           "{\"kind\":\"defn\",\"name\":\"main.g\",\"type_params\":[{\"name\":\"A\"}],"
           "\"params\":[{\"name\":\"x\",\"ty\":[\"t\",\"A\"]}],\"result\":\"i32\","
           "\"body\":[\"tapp\",\"main.g\",[\"option\",[\"t\",\"A\"]],\"x\"]}",
           "[\"tapp\",\"main.g\",\"i32\",1]",
           "Parse: unsupported non-monomorphic type expression: "
           "App { head: \"option\", args: [App { head: \"option\", args: [Named(\"i32\")] }] }");
    expect(NULL, "", PHANTOM("g", "{\"name\":\"A\"}", "[\"tapp\",\"main.g\",[\"o\",[\"t\",\"A\"]]]"),
           "[\"tapp\",\"main.g\",\"i32\"]",
           "Budget: X07-TY-0109: type expression too deep in tapp to \"main.g\": max_depth=64");
    expect(NULL, "",
           PHANTOM("g", "{\"name\":\"A\"}", "[\"tapp\",\"main.g\",[\"o\",[\"t\",\"A\"],[\"t\",\"A\"]]]"),
           "[\"tapp\",\"main.g\",\"i32\"]",
           "Budget: X07-TY-0109: type expression too large in tapp to \"main.g\": max_nodes=4096");
}

static void
bounds_instances(void)
{
    struct text solve = {0};
    struct text decls = {0};

    /* 17 * 17 * 17 lists of arguments. */
    for (int level = 0; level < 3; level++) {
        text_printf(&decls, "%s{\"kind\":\"defn\",\"name\":\"main.g%d\",\"type_params\":[", level ? "," : "",
                    level);
        for (int p = 0; p <= level; p++)
            text_printf(&decls, "%s{\"name\":\"P%d\"}", p ? "," : "", p);
        text_puts(&decls, "],\"params\":[],\"result\":\"i32\",\"body\":[\"begin\"");
        for (int i = 0; level < 2 && i < 17; i++) {
            text_printf(&decls, ",[\"tapp\",\"main.g%d\",[\"tys\"", level + 1);
            for (int p = 0; p <= level; p++)
                text_printf(&decls, ",[\"t\",\"P%d\"]", p);
            text_printf(&decls, ",\"x%d\"]]", i);
        }
        text_puts(&decls, ",1]}");
    }
    text_puts(&solve, "[\"begin\"");
    for (int i = 0; i < 17; i++)
        text_printf(&solve, ",[\"tapp\",\"main.g0\",\"x%d\"]", i);
    text_puts(&solve, "]");
    expect(NULL, "", text_string(&decls), text_string(&solve),
           "Budget: X07-TY-0106: monomorphization explosion: max_specializations=4096");
    text_free(&solve);
    text_free(&decls);
}

/* ---- modules ---- */

static void
write_module(const char *root, const char *id, const char *imports, const char *exports, const char *decls)
{
    struct text path = {0};

    text_printf(&path, "%s/%s.x07.json", root, id);
    FILE *file = fopen(text_string(&path), "w");
    text_free(&path);
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    fprintf(file,
            "{\"schema_version\":\"x07.x07ast@0.5.0\",\"kind\":\"module\",\"module_id\":\"%s\","
            "\"imports\":[%s],\"decls\":[{\"kind\":\"export\",\"names\":[%s]},%s]}",
            id, imports, exports, decls);
    CU_ASSERT_EQUAL(fclose(file), 0);
}

static void
remove_module(const char *root, const char *id)
{
    struct text path = {0};

    text_printf(&path, "%s/%s.x07.json", root, id);
    unlink(text_string(&path));
    text_free(&path);
}

static void
belongs_to_its_module(void)
{
    char root[] = "/tmp/x07-test-mono-XXXXXX";
    struct run run;
    struct text map = {0};

    CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(root));
    write_module(root, "m", "", "\"m.pub\"",
                 "{\"kind\":\"defn\",\"name\":\"m.pub\",\"type_params\":[{\"name\":\"A\"}],\"params\":[],"
                 "\"result\":\"i32\",\"body\":[\"tapp\",\"m.priv\",[\"t\",\"A\"]]},"
                 "{\"kind\":\"defn\",\"name\":\"m.priv\",\"type_params\":[{\"name\":\"A\"}],\"params\":[],"
                 "\"result\":\"i32\",\"body\":1}");
    expect(root, "\"m\"", "", "[\"tapp\",\"m.priv\",\"i32\"]",
           "Parse: function \"m.priv\" is not exported by module \"m\" (required by tapp)");
    run_entry(&run, root, "\"m\"", "",
              "[\"begin\",[\"tapp\",\"m.pub\",\"i32\"],[\"tapp\",\"vec_value.push\",\"i32\",1,2]]");
    CU_ASSERT_TRUE_FATAL(run.ok);
    CU_ASSERT_STRING_EQUAL(run.program.mono->items[0]->module->id->text, "m");
    mono_map_write(&run.program, &map);
    CU_ASSERT_STRING_EQUAL(
        text_string(&map),
        "{\"entry_module\":\"main\",\"input_schema_version\":\"x07.x07ast@0.5.0\",\"items\":["
        "{\"def_module\":\"m\",\"generic\":\"m.priv\",\"sites\":[{\"caller\":"
        "\"m.pub__x07_mono_v1__i32__hf2f42f90\",\"caller_module\":\"m\",\"ptr\":\"/decls/1/body\"}],"
        "\"specialized\":\"m.priv__x07_mono_v1__i32__hf2f42f90\",\"type_args\":[\"i32\"]},"
        "{\"def_module\":\"m\",\"generic\":\"m.pub\",\"sites\":[{\"caller\":\"main\",\"caller_module\":"
        "\"main\","
        "\"ptr\":\"/solve/"
        "1\"}],\"specialized\":\"m.pub__x07_mono_v1__i32__hf2f42f90\",\"type_args\":[\"i32\"]}],"
        "\"limits\":{\"max_depth\":64,\"max_specializations\":4096},\"schema_version\":\"x07.mono.map@0.1."
        "0\","
        "\"stats\":{\"generic_functions_defined\":2,\"specializations_emitted\":2,\"tapp_sites_total\":3},"
        "\"tool\":\"x07c\",\"tool_version\":\"0.1.41\"}\n");
    text_free(&map);
    run_end(&run);
    remove_module(root, "m");
    rmdir(root);
}

/* What ty.* needs is imported whether or not the document says so. */
static void
imports_what_is_needed(void)
{
    char root[] = "/tmp/x07-test-mono-XXXXXX";
    static const char *const ids[] = {"a", "k", "z"};
    const char *const roots[] = {root};
    struct run run;

    CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(root));
    for (size_t i = 0; i < 3; i++) {
        struct text export = {0};
        struct text decl = {0};
        text_printf(&export, "\"%s.f\"", ids[i]);
        text_printf(&decl,
                    "{\"kind\":\"defn\",\"name\":\"%s.f\",\"params\":[],\"result\":\"i32\",\"body\":1}",
                    ids[i]);
        write_module(root, ids[i], "", text_string(&export), text_string(&decl));
        text_free(&export);
        text_free(&decl);
    }
    run_entry(&run, root, "\"z\",\"a\"", "", "7");
    CU_ASSERT_TRUE_FATAL(run.ok);
    run.program.roots = roots;
    struct module *entry = run.program.modules[0];
    for (int time = 0; time < 2; time++) {
        CU_ASSERT_TRUE(load_implicit_import(&run.program, entry, ast_intern_string(&run.context, "k")));
        CU_ASSERT_EQUAL(run.program.module_count, 4);
        CU_ASSERT_EQUAL_FATAL(entry->doc->import_count, 3);
        for (size_t i = 0; i < 3; i++)
            CU_ASSERT_STRING_EQUAL(entry->doc->imports[i]->text, ids[i]);
    }
    CU_ASSERT_FALSE(load_implicit_import(&run.program, entry, ast_intern_string(&run.context, "none")));
    CU_ASSERT_STRING_EQUAL(text_string(&run.failure.message),
                           "unknown module: \"none\" (searched: none.x07.json)");
    run_end(&run);
    for (size_t i = 0; i < 3; i++)
        remove_module(root, ids[i]);
    rmdir(root);
}

int
main(void)
{
    CU_TestInfo tests[] = {
        {"names specialisations", names_specialisations},
        {"makes one of equal instances", makes_one_of_equal_instances},
        {"substitutes in bodies", substitutes_in_bodies},
        {"keeps places", keeps_places},
        {"lowers intrinsics", lowers_intrinsics},
        {"compares once", compares_once},
        {"nested comparisons stay small", nested_comparisons_stay_small},
        {"rejects", rejects},
        {"bounds polymorphic recursion", bounds_polymorphic_recursion},
        {"bounds instances", bounds_instances},
        {"belongs to its module", belongs_to_its_module},
        {"imports what is needed", imports_what_is_needed},
        CU_TEST_INFO_NULL,
    };
    CU_SuiteInfo suites[] = {{"mono", NULL, NULL, NULL, NULL, tests}, CU_SUITE_INFO_NULL};

    if (CU_initialize_registry() != CUE_SUCCESS || CU_register_suites(suites) != CUE_SUCCESS)
        return 1;
    CU_basic_set_mode(CU_BRM_VERBOSE);
    CU_basic_run_tests();
    unsigned failures = CU_get_number_of_failures();
    CU_cleanup_registry();
    return failures ? 1 : 0;
}
