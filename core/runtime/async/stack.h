/* stack.h: stacks of tasks, and how one is left for another. Knows no tasks.
 *
 * A stack has 256 KiB of addresses and a page below them that must not be touched: running off its end is a
 * segmentation fault, as it is on the stack of solve. Only what was touched takes memory. The size is a
 * compromise: bodies of compiled functions take some hundred bytes a call and the deepest of the runtime some
 * ten KiB, while a sandboxed program may have as little as a hundred MiB of addresses for all its stacks. */
#ifndef RUNTIME_ASYNC_STACK_H
#define RUNTIME_ASYNC_STACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* STACK_PORTABLE asks for the C library's contexts where there is assembly, to test them. */
#if (defined(__x86_64__) || defined(__aarch64__)) && !defined(STACK_PORTABLE)
#define STACK_ASSEMBLY 1
#else
#include <ucontext.h>
#endif

#if defined(__SANITIZE_ADDRESS__)
#define STACK_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define STACK_ASAN 1
#endif
#endif

/* Lies at the upper end of its own memory. */
struct stack {
    struct stack *next; /* in a list of unused ones */
    uint8_t *base;      /* the mapping, the forbidden page included */
};

/* A place in the code of one stack. */
struct context {
#ifdef STACK_ASSEMBLY
    void *pointer; /* the stack's, which has the rest */
#else
    ucontext_t place;
#endif
#ifdef STACK_ASAN
    void *fake;
    const void *bottom;
    size_t size;
#endif
};

/* Takes one of the unused stacks or maps one; NULL: no memory. */
struct stack *rt_stack_take(struct stack **unused);
void rt_stack_give(struct stack **unused, struct stack *stack);
void rt_stacks_free(struct stack **unused);

/* Makes `context` begin with entry(argument) on the stack; entry must not return. */
void rt_context_make(struct context *context, struct stack *stack, void (*entry)(void *argument),
                     void *argument);
/* Goes on at `to`; returns when somebody switches back to `from`. */
void rt_context_switch(struct context *from, struct context *to);
/* As that, for the last time: the stack that is left is not needed any more. */
void rt_context_leave(struct context *from, struct context *to);
/* To be called first on a new stack. `from` is who switched to it first. */
void rt_context_arrive(struct context *from);

#endif
