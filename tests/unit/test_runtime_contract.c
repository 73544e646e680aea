/* Contract clauses at run time: their budgets, and the report of one that does not hold. */
#include "runtime_testing.h"

#include "runtime/x07rt_contract.h"

#define FULL_FUEL 1000000
#define HEAD "X07T_CONTRACT_V1 {\"witness\":["
#define FAIL(name, witness)                                                        \
    static void name(x07_rt *rt)                                                   \
    {                                                                              \
        x07_contract_fail(rt, HEAD, sizeof HEAD - 1, (x07_witness[]){witness}, 1); \
    }

static void
clause_is_charged(void)
{
    x07_rt *rt = testing_open();

    rt->fuel = FULL_FUEL;
    x07_clause clause = x07_clause_enter(rt);
    CU_ASSERT_EQUAL(rt->fuel, 50000);
    rt->fuel -= 50000;
    x07_clause_leave(rt, clause);
    CU_ASSERT_EQUAL(rt->fuel, FULL_FUEL - 50000);
    testing_close();
}

/* With less fuel than a clause may use, the program's own fuel is the limit. */
static void
little_fuel_is_not_clamped(void)
{
    x07_rt *rt = testing_open();

    rt->fuel = 50000;
    x07_clause clause = x07_clause_enter(rt);
    CU_ASSERT_FALSE(testing_runtime.fuel_clamped);
    rt->fuel -= 10;
    x07_clause_leave(rt, clause);
    CU_ASSERT_EQUAL(rt->fuel, 49990);
    testing_close();
}

/* A mebibyte may be allocated; what was allocated before does not count. */
static void
allocation_is_allowed(void)
{
    x07_rt *rt = &testing_runtime.shared;

    rt_open(&testing_runtime, FULL_FUEL, 1 << 22);
    x07_drop_bytes(rt, x07_bytes_alloc(rt, 1 << 20));
    x07_clause clause = x07_clause_enter(rt);
    x07_drop_bytes(rt, x07_bytes_alloc(rt, 1 << 20));
    x07_clause_leave(rt, clause);
    testing_close();
}

static void
spend(x07_rt *rt, int64_t fuel, int64_t used)
{
    rt->fuel = fuel;
    x07_clause clause = x07_clause_enter(rt);
    rt->fuel -= used;
    x07_clause_leave(rt, clause);
}

static void
allocate_too_much(x07_rt *rt)
{
    rt_open(&testing_runtime, FULL_FUEL, 1 << 22);
    x07_clause clause = x07_clause_enter(rt);
    x07_drop_bytes(rt, x07_bytes_alloc(rt, 1 << 19));
    x07_drop_bytes(rt, x07_bytes_alloc(rt, (1 << 19) + 1));
    x07_clause_leave(rt, clause);
}

static void
fail_without_fuel(x07_rt *rt)
{
    rt->fuel = -1;
    x07_contract_fail(rt, HEAD, sizeof HEAD - 1, NULL, 0);
}

static void
fail_without_witness(x07_rt *rt)
{
    x07_contract_fail(rt, HEAD, sizeof HEAD - 1, NULL, 0);
}

static void
fail_with_two(x07_rt *rt)
{
    x07_witness two[] = {x07_witness_i32(7), x07_witness_bytes(testing_bytes("a"))};

    x07_contract_fail(rt, HEAD, sizeof HEAD - 1, two, 2);
}

static void
leave_without_fuel(x07_rt *rt)
{
    spend(rt, 50000, 50001);
}

static void
leave_over_budget(x07_rt *rt)
{
    spend(rt, FULL_FUEL, 50001);
}

/* Outside the clause the program's own message is back. */
static void
run_dry_afterwards(x07_rt *rt)
{
    spend(rt, FULL_FUEL, 1);
    x07_trap_fuel(rt);
}

FAIL(witness_negative, x07_witness_i32(UINT32_MAX))
FAIL(witness_bytes, x07_witness_bytes(testing_bytes("a\xff")))
FAIL(witness_view, x07_witness_bytes_view(testing_view("")))
FAIL(witness_i32_ok, x07_witness_result_i32(x07_result_i32_ok(rt, (uint32_t)-4)))
FAIL(witness_i32_err, x07_witness_result_i32(x07_result_i32_err(rt, (uint32_t)-4)))
FAIL(witness_result_ok, x07_witness_result_bytes(x07_result_bytes_ok(rt, testing_bytes("hi"))))
FAIL(witness_result_err, x07_witness_result_bytes(x07_result_bytes_err(rt, 9)))
FAIL(witness_result_view, x07_witness_result_bytes_view(x07_result_bytes_view_ok(rt, testing_view("hi"))))
FAIL(witness_inner_ok, x07_witness_result_result_bytes(((x07_result_result_bytes){
                           1, 0, x07_result_bytes_ok(rt, testing_bytes("z"))})))
FAIL(witness_inner_err,
     x07_witness_result_result_bytes(((x07_result_result_bytes){1, 0, x07_result_bytes_err(rt, 5)})))
FAIL(witness_outer_err,
     x07_witness_result_result_bytes(((x07_result_result_bytes){.err = 6, .value = X07_EMPTY_RESULT_BYTES})))

static void
violations(void)
{
    static const struct testing_trap traps[] = {
        {"X07T_BUDGET_EXCEEDED_FUEL", leave_over_budget},
        {"fuel exhausted", leave_without_fuel},
        {"fuel exhausted", run_dry_afterwards},
        {"fuel exhausted", fail_without_fuel},
        {"X07T_BUDGET_EXCEEDED_ALLOC_BYTES", allocate_too_much},
        {HEAD "]}", fail_without_witness},
        {HEAD "{\"ty\":\"i32\",\"value_i32\":7},"
              "{\"ty\":\"bytes\",\"len\":1,\"hex\":\"61\",\"truncated\":0}]}",
         fail_with_two},
        {HEAD "{\"ty\":\"i32\",\"value_i32\":-1}]}", witness_negative},
        {HEAD "{\"ty\":\"bytes\",\"len\":2,\"hex\":\"61ff\",\"truncated\":0}]}", witness_bytes},
        {HEAD "{\"ty\":\"bytes_view\",\"len\":0,\"hex\":\"\",\"truncated\":0}]}", witness_view},
        {HEAD "{\"ty\":\"result_i32\",\"tag\":\"ok\",\"ok_i32\":-4}]}", witness_i32_ok},
        {HEAD "{\"ty\":\"result_i32\",\"tag\":\"err\",\"err_code_u32\":4294967292}]}", witness_i32_err},
        {HEAD
         "{\"ty\":\"result_bytes\",\"tag\":\"ok\",\"ok\":{\"len\":2,\"hex\":\"6869\",\"truncated\":0}}]}",
         witness_result_ok},
        {HEAD "{\"ty\":\"result_bytes\",\"tag\":\"err\",\"err_code_u32\":9}]}", witness_result_err},
        {HEAD "{\"ty\":\"result_bytes_view\",\"tag\":\"ok\","
              "\"ok\":{\"len\":2,\"hex\":\"6869\",\"truncated\":0}}]}",
         witness_result_view},
        {HEAD "{\"ty\":\"result_result_bytes\",\"tag\":\"ok\","
              "\"ok\":{\"tag\":\"ok\",\"ok\":{\"len\":1,\"hex\":\"7a\",\"truncated\":0}}}]}",
         witness_inner_ok},
        {HEAD "{\"ty\":\"result_result_bytes\",\"tag\":\"ok\",\"ok\":{\"tag\":\"err\",\"err_code_u32\":5}}]}",
         witness_inner_err},
        {HEAD "{\"ty\":\"result_result_bytes\",\"tag\":\"err\",\"err_code_u32\":6}]}", witness_outer_err},
    };

    testing_all_trap(traps, COUNT(traps));
}

static void
fail_with_much(x07_rt *rt)
{
    x07_bytes data = x07_bytes_alloc(rt, 257);
    x07_witness many[] = {x07_witness_bytes(data), x07_witness_bytes(data), x07_witness_bytes(data)};

    x07_contract_fail(rt, "", 0, many, 3);
}

static int
act_with_much(void)
{
    fail_with_much(testing_open());
    return 0;
}

/* 256 bytes of each are shown, however long the report becomes. */
static void
long_values_are_cut(void)
{
    static struct testing_child child;
    static const char one[] = "{\"ty\":\"bytes\",\"len\":257,\"hex\":\"\",\"truncated\":1}";

    testing_run(&child, act_with_much, "", 0, 0);
    CU_ASSERT_EQUAL(child.err_len, 3 * (sizeof one - 1 + 512) + strlen(",,]}\n"));
    CU_ASSERT_STRING_EQUAL(child.err + child.err_len - strlen("00\",\"truncated\":1}]}\n"),
                           "00\",\"truncated\":1}]}\n");
}

int
main(void)
{
    static const struct testing_case cases[] = {
        {"a clause's fuel is charged to the program", clause_is_charged},
        {"little fuel is not clamped", little_fuel_is_not_clamped},
        {"a mebibyte may be allocated", allocation_is_allowed},
        {"violations and budgets", violations},
        {"long values are cut", long_values_are_cut},
    };

    return testing_main("runtime contracts", cases, COUNT(cases));
}
