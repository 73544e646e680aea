/* glob.c: compiles globs to a small machine and runs it over all its states at once, so that no pattern takes
 * more than its length times that of the path. */
#include "glob.h"

#include "glob_parts.h"
#include "path.h"

#include <stdlib.h>

enum operation { OP_BYTE, OP_ANY, OP_SET, OP_FORK, OP_JUMP, OP_DONE };

struct instruction {
    enum operation operation;
    uint8_t byte;
    uint32_t argument; /* SET: index; FORK: the other way; JUMP: target */
};

struct glob {
    struct instruction *code;
    uint32_t count;
    struct glob_set *sets;
};

static uint32_t
emit(struct glob *glob, enum operation operation, uint32_t argument)
{
    glob->code[glob->count] = (struct instruction){.operation = operation, .argument = argument};
    return glob->count++;
}

static void
emit_byte(struct glob *glob, uint8_t byte)
{
    glob->code[emit(glob, OP_BYTE, 0)].byte = byte;
}

/* Any run of bytes. */
static void
emit_run(struct glob *glob)
{
    uint32_t fork = emit(glob, OP_FORK, 0);

    emit(glob, OP_ANY, 0);
    emit(glob, OP_JUMP, fork);
    glob->code[fork].argument = glob->count;
}

/* Nothing, or a slash with any run before it. For a prefix the slash alone is as good. */
static void
emit_directories(struct glob *glob)
{
    uint32_t fork = emit(glob, OP_FORK, 0);

    emit_run(glob);
    emit_byte(glob, '/');
    glob->code[fork].argument = glob->count;
}

static void
emit_token(struct glob *glob, struct glob_token token)
{
    switch (token.kind) {
    case GLOB_LITERAL:
        emit_byte(glob, token.byte);
        break;
    case GLOB_ANY:
        emit(glob, OP_ANY, 0);
        break;
    case GLOB_STAR:
        emit_run(glob);
        break;
    case GLOB_PREFIX:
        emit_directories(glob);
        break;
    case GLOB_MIDDLE:
        emit_byte(glob, '/');
        emit_directories(glob);
        break;
    case GLOB_SUFFIX:
        emit_byte(glob, '/');
        emit(glob, OP_ANY, 0);
        emit_run(glob);
        break;
    case GLOB_SET:
        emit(glob, OP_SET, token.set);
        break;
    default:
        break;
    }
}

static bool
ends_alternative(enum glob_kind kind)
{
    return kind == GLOB_COMMA || kind == GLOB_CLOSE;
}

/* Where the alternatives that open at `at` close. */
static uint32_t
find_close(const struct glob_tokens *tokens, uint32_t at)
{
    while (tokens->list[at].kind != GLOB_CLOSE)
        at++;
    return at;
}

/* The alternatives behind the brace at `at`; returns the closing one. Empty alternatives are left out. */
static uint32_t
emit_alternatives(struct glob *glob, const struct glob_tokens *tokens, uint32_t at)
{
    uint32_t close = find_close(tokens, at);
    uint32_t jump = UINT32_MAX; /* the latest one to the end; they are chained through their arguments */
    uint32_t last = close;      /* where the last alternative with anything in it begins */

    for (uint32_t i = at + 1; i < close; i++)
        if (!ends_alternative(tokens->list[i].kind) &&
            (tokens->list[i - 1].kind == GLOB_OPEN || tokens->list[i - 1].kind == GLOB_COMMA))
            last = i;
    for (uint32_t i = at + 1; i < close; i++) {
        if (ends_alternative(tokens->list[i].kind))
            continue;
        uint32_t fork = i == last ? UINT32_MAX : emit(glob, OP_FORK, 0);
        while (!ends_alternative(tokens->list[i].kind))
            emit_token(glob, tokens->list[i++]);
        if (fork == UINT32_MAX)
            break;
        jump = emit(glob, OP_JUMP, jump);
        glob->code[fork].argument = glob->count;
    }
    while (jump != UINT32_MAX) {
        uint32_t earlier = glob->code[jump].argument;

        glob->code[jump].argument = glob->count;
        jump = earlier;
    }
    return close;
}

struct glob *
rt_glob_compile(x07_rt *rt, x07_view pattern)
{
    enum { LONGEST_TOKEN = 6, AROUND = 4 };
    struct glob_tokens tokens;
    struct glob *glob = NULL;

    if (rt_glob_parse(rt, pattern, &tokens)) {
        glob = rt_os_alloc(rt, sizeof *glob);
        *glob = (struct glob){.sets = tokens.sets};
        glob->code = rt_os_alloc(rt, ((size_t)tokens.count * LONGEST_TOKEN + AROUND) * sizeof *glob->code);
        for (uint32_t i = 0; i < tokens.count; i++) {
            if (tokens.list[i].kind == GLOB_OPEN)
                i = emit_alternatives(glob, &tokens, i);
            else if (tokens.count == 1 && tokens.list[i].kind == GLOB_PREFIX)
                emit_run(glob);
            else
                emit_token(glob, tokens.list[i]);
        }
        emit(glob, OP_DONE, 0);
    } else {
        free(tokens.sets);
    }
    free(tokens.list);
    return glob;
}

void
rt_glob_free(struct glob *glob)
{
    if (!glob)
        return;
    free(glob->code);
    free(glob->sets);
    free(glob);
}

/* The states that a run is in; `marks` says which of them were entered at this step. */
struct states {
    uint32_t *list, *stack, *marks;
    uint32_t count;
};

/* Enters a state and all that are reached from it without a byte. */
static void
enter(const struct glob *glob, struct states *states, uint32_t state, uint32_t step)
{
    uint32_t depth = 0;

    states->stack[depth++] = state;
    while (depth) {
        uint32_t at = states->stack[--depth];

        if (states->marks[at] == step)
            continue;
        states->marks[at] = step;
        const struct instruction *instruction = &glob->code[at];
        if (instruction->operation == OP_FORK)
            states->stack[depth++] = at + 1;
        if (instruction->operation == OP_FORK || instruction->operation == OP_JUMP)
            states->stack[depth++] = instruction->argument;
        else
            states->list[states->count++] = at;
    }
}

static bool
accepts(const struct glob *glob, const struct instruction *instruction, uint8_t byte)
{
    switch (instruction->operation) {
    case OP_BYTE:
        return instruction->byte == byte;
    case OP_ANY:
        return true;
    case OP_SET:
        return glob->sets[instruction->argument].bits[byte / 8] >> byte % 8 & 1;
    default:
        return false;
    }
}

static bool
is_done(const struct glob *glob, const struct states *states)
{
    for (uint32_t i = 0; i < states->count; i++)
        if (glob->code[states->list[i]].operation == OP_DONE)
            return true;
    return false;
}

bool
rt_glob_matches(x07_rt *rt, const struct glob *glob, x07_view path)
{
    /* Two lists, a stack that holds at most two entries for each state, and the marks. */
    uint32_t *memory = rt_os_alloc(rt, (size_t)glob->count * 5 * sizeof *memory);
    uint32_t *spare = memory + glob->count;
    struct states states = {.list = memory, .marks = spare + glob->count};

    states.stack = states.marks + glob->count;
    memset(states.marks, 0, glob->count * sizeof *states.marks);
    enter(glob, &states, 0, 1);
    for (uint32_t i = 0; i < path.len && states.count; i++) {
        uint32_t *before = states.list;
        uint32_t count = states.count;

        states.list = spare;
        states.count = 0;
        for (uint32_t k = 0; k < count; k++)
            if (accepts(glob, &glob->code[before[k]], path.ptr[i]))
                enter(glob, &states, before[k] + 1, i + 2);
        spare = before;
    }
    bool matches = is_done(glob, &states);
    free(memory);
    return matches;
}
