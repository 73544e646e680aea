/* contract.c: see x07rt_contract.h. */
#include "x07rt_contract.h"

#include "internal.h"

#include <inttypes.h>
#include <stdio.h>

enum { CLAUSE_FUEL = 50000, CLAUSE_BYTES = 1048576, SHOWN_BYTES = 256 };

x07_clause
x07_clause_enter(x07_rt *rt)
{
    struct runtime *runtime = runtime_of(rt);
    x07_clause clause = {rt->fuel, runtime->figures.bytes_allocated, runtime->fuel_clamped};

    if (rt->fuel > CLAUSE_FUEL) {
        rt->fuel = CLAUSE_FUEL;
        runtime->fuel_clamped = true;
    }
    return clause;
}

void
x07_clause_leave(x07_rt *rt, x07_clause clause)
{
    struct runtime *runtime = runtime_of(rt);

    if (rt->fuel < 0)
        x07_trap_fuel(rt);
    if (runtime->figures.bytes_allocated - clause.allocated > CLAUSE_BYTES)
        x07_trap(rt, "X07T_BUDGET_EXCEEDED_ALLOC_BYTES");
    if (clause.fuel > CLAUSE_FUEL)
        rt->fuel += clause.fuel - CLAUSE_FUEL;
    runtime->fuel_clamped = clause.clamped;
}

/* ---- the report ---- */

struct report {
    char data[1024];
    size_t len;
};

static void
report_flush(struct report *report)
{
    rt_print(report->data, report->len);
    report->len = 0;
}

static void
report_put(struct report *report, const char *text)
{
    for (; *text; text++) {
        if (report->len == sizeof report->data)
            report_flush(report);
        report->data[report->len++] = *text;
    }
}

static void
report_number(struct report *report, int64_t number)
{
    char digits[24];

    snprintf(digits, sizeof digits, "%" PRId64, number);
    report_put(report, digits);
}

/* "len":3,"hex":"616263","truncated":0 */
static void
report_data(struct report *report, x07_view data)
{
    static const char hex[] = "0123456789abcdef";
    uint32_t shown = data.len < SHOWN_BYTES ? data.len : SHOWN_BYTES;

    report_put(report, "\"len\":");
    report_number(report, data.len);
    report_put(report, ",\"hex\":\"");
    for (uint32_t i = 0; i < shown; i++)
        report_put(report, (char[]){hex[data.ptr[i] >> 4], hex[data.ptr[i] & 15], 0});
    report_put(report, shown < data.len ? "\",\"truncated\":1" : "\",\"truncated\":0");
}

static void
report_error_code(struct report *report, uint32_t code)
{
    report_put(report, "\"tag\":\"err\",\"err_code_u32\":");
    report_number(report, code);
}

/* "tag":"ok","ok":{...} or the error. */
static void
report_result(struct report *report, uint32_t tag, uint32_t code, x07_view data)
{
    if (!tag) {
        report_error_code(report, code);
        return;
    }
    report_put(report, "\"tag\":\"ok\",\"ok\":{");
    report_data(report, data);
    report_put(report, "}");
}

static void
report_result_i32(struct report *report, const x07_witness *witness)
{
    if (!witness->tag) {
        report_error_code(report, witness->number);
        return;
    }
    report_put(report, "\"tag\":\"ok\",\"ok_i32\":");
    report_number(report, (int32_t)witness->number);
}

static void
report_result_result(struct report *report, const x07_witness *witness)
{
    if (!witness->tag) {
        report_error_code(report, witness->number);
        return;
    }
    report_put(report, "\"tag\":\"ok\",\"ok\":{");
    report_result(report, witness->inner_tag, witness->number, witness->data);
    report_put(report, "}");
}

static void
report_witness(struct report *report, const x07_witness *witness)
{
    static const char *const openings[] = {
        [X07_WITNESS_I32] = "{\"ty\":\"i32\",\"value_i32\":",
        [X07_WITNESS_BYTES] = "{\"ty\":\"bytes\",",
        [X07_WITNESS_VIEW] = "{\"ty\":\"bytes_view\",",
        [X07_WITNESS_RESULT_I32] = "{\"ty\":\"result_i32\",",
        [X07_WITNESS_RESULT_BYTES] = "{\"ty\":\"result_bytes\",",
        [X07_WITNESS_RESULT_VIEW] = "{\"ty\":\"result_bytes_view\",",
        [X07_WITNESS_RESULT_RESULT_BYTES] = "{\"ty\":\"result_result_bytes\",",
    };

    report_put(report, openings[witness->type]);
    switch (witness->type) {
    case X07_WITNESS_I32:
        report_number(report, (int32_t)witness->number);
        break;
    case X07_WITNESS_BYTES:
    case X07_WITNESS_VIEW:
        report_data(report, witness->data);
        break;
    case X07_WITNESS_RESULT_I32:
        report_result_i32(report, witness);
        break;
    case X07_WITNESS_RESULT_BYTES:
    case X07_WITNESS_RESULT_VIEW:
        report_result(report, witness->tag, witness->number, witness->data);
        break;
    case X07_WITNESS_RESULT_RESULT_BYTES:
        report_result_result(report, witness);
        break;
    }
    report_put(report, "}");
}

void
x07_contract_fail(x07_rt *rt, const char *head, uint32_t head_len, const x07_witness *witnesses,
                  uint32_t count)
{
    struct report report = {.len = 0};

    if (rt->fuel < 0)
        x07_trap_fuel(rt);
    rt_print(head, head_len);
    for (uint32_t i = 0; i < count; i++) {
        report_put(&report, i ? "," : "");
        report_witness(&report, &witnesses[i]);
    }
    report_put(&report, "]}\n");
    report_flush(&report);
    __builtin_trap();
}
