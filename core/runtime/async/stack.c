/* stack.c: see stack.h. Where no few lines of assembly are given for a processor, the C library's contexts
 * serve; they ask the system about signals at every switch, which takes some thirty times as long. */
#include "stack.h"

#include <sys/mman.h>
#include <unistd.h>

#ifdef STACK_ASAN
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#endif

enum { STACK_BYTES = 256 * 1024 };

static size_t
mapping_size(void)
{
    return STACK_BYTES + (size_t)sysconf(_SC_PAGESIZE);
}

static struct stack *
stack_map(void)
{
    size_t guard = (size_t)sysconf(_SC_PAGESIZE);
    size_t size = mapping_size();
    uint8_t *base = mmap(NULL, size, PROT_READ | PROT_WRITE,
                         MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK, -1, 0);

    if (base == MAP_FAILED)
        return NULL;
    if (mprotect(base, guard, PROT_NONE)) {
        munmap(base, size);
        return NULL;
    }
    struct stack *stack = (struct stack *)(void *)(base + size) - 1;
    *stack = (struct stack){.base = base};
    return stack;
}

static inline uint8_t *
stack_bottom(const struct stack *stack)
{
    return stack->base + sysconf(_SC_PAGESIZE);
}

struct stack *
rt_stack_take(struct stack **unused)
{
    struct stack *stack = *unused;

    if (!stack)
        return stack_map();
    *unused = stack->next;
#ifdef STACK_ASAN
    __asan_unpoison_memory_region(stack_bottom(stack), STACK_BYTES);
#endif
    return stack;
}

void
rt_stack_give(struct stack **unused, struct stack *stack)
{
    stack->next = *unused;
    *unused = stack;
}

void
rt_stacks_free(struct stack **unused)
{
    while (*unused) {
        struct stack *stack = *unused;

        *unused = stack->next;
        munmap(stack->base, mapping_size());
    }
}

/* ---- switching ---- */

#if defined(STACK_ASSEMBLY) && defined(__x86_64__)

/* void rt_context_jump(void **from, void *to): what a function must preserve goes to the stack. */
__asm__(".text\n"
        ".hidden rt_context_jump\n"
        ".globl rt_context_jump\n"
        ".type rt_context_jump,@function\n"
        "rt_context_jump:\n"
        "  pushq %rbp\n  pushq %rbx\n  pushq %r12\n  pushq %r13\n  pushq %r14\n  pushq %r15\n"
        "  movq %rsp, (%rdi)\n"
        "  movq %rsi, %rsp\n"
        "  popq %r15\n  popq %r14\n  popq %r13\n  popq %r12\n  popq %rbx\n  popq %rbp\n"
        "  ret\n"
        ".size rt_context_jump,.-rt_context_jump\n"
        ".hidden rt_context_start\n"
        ".globl rt_context_start\n"
        ".type rt_context_start,@function\n"
        "rt_context_start:\n"
        "  movq %r13, %rdi\n"
        "  call *%r12\n"
        "  ud2\n"
        ".size rt_context_start,.-rt_context_start\n");

enum { SAVED_ENTRY = 3, SAVED_ARGUMENT = 2, SAVED_RETURN = 6, SAVED_SIZE = 9 };

#elif defined(STACK_ASSEMBLY)

__asm__(".text\n"
        ".hidden rt_context_jump\n"
        ".globl rt_context_jump\n"
        ".type rt_context_jump,%function\n"
        "rt_context_jump:\n"
        "  sub sp, sp, #160\n"
        "  stp x19, x20, [sp]\n  stp x21, x22, [sp, #16]\n  stp x23, x24, [sp, #32]\n"
        "  stp x25, x26, [sp, #48]\n  stp x27, x28, [sp, #64]\n  stp x29, x30, [sp, #80]\n"
        "  stp d8, d9, [sp, #96]\n  stp d10, d11, [sp, #112]\n"
        "  stp d12, d13, [sp, #128]\n  stp d14, d15, [sp, #144]\n"
        "  mov x9, sp\n  str x9, [x0]\n  mov sp, x1\n"
        "  ldp x19, x20, [sp]\n  ldp x21, x22, [sp, #16]\n  ldp x23, x24, [sp, #32]\n"
        "  ldp x25, x26, [sp, #48]\n  ldp x27, x28, [sp, #64]\n  ldp x29, x30, [sp, #80]\n"
        "  ldp d8, d9, [sp, #96]\n  ldp d10, d11, [sp, #112]\n"
        "  ldp d12, d13, [sp, #128]\n  ldp d14, d15, [sp, #144]\n"
        "  add sp, sp, #160\n"
        "  ret\n"
        ".size rt_context_jump,.-rt_context_jump\n"
        ".hidden rt_context_start\n"
        ".globl rt_context_start\n"
        ".type rt_context_start,%function\n"
        "rt_context_start:\n"
        "  mov x0, x20\n"
        "  blr x19\n"
        "  brk #1\n"
        ".size rt_context_start,.-rt_context_start\n");

enum { SAVED_ENTRY = 0, SAVED_ARGUMENT = 1, SAVED_RETURN = 11, SAVED_SIZE = 20 };

#endif

#ifdef STACK_ASSEMBLY

void rt_context_jump(void **from, void *to);
void rt_context_start(void);

static void
context_place(struct context *context, struct stack *stack, void (*entry)(void *), void *argument)
{
    uintptr_t top = (uintptr_t)stack & ~(uintptr_t)15;
    uintptr_t *saved = (uintptr_t *)top - SAVED_SIZE;

    for (int i = 0; i < SAVED_SIZE; i++)
        saved[i] = 0;
    saved[SAVED_ENTRY] = (uintptr_t)entry;
    saved[SAVED_ARGUMENT] = (uintptr_t)argument;
    saved[SAVED_RETURN] = (uintptr_t)rt_context_start;
    context->pointer = saved;
}

static void
context_jump(struct context *from, struct context *to)
{
    rt_context_jump(&from->pointer, to->pointer);
}

#else

/* makecontext passes numbers of the size of an int only. */
struct start {
    void (*entry)(void *);
    void *argument;
};

static void
context_start(unsigned high, unsigned low)
{
    const struct start *start = (const struct start *)(((uintptr_t)high << 16 << 16) | low);

    start->entry(start->argument);
}

static void
context_place(struct context *context, struct stack *stack, void (*entry)(void *), void *argument)
{
    struct start *start = (struct start *)(void *)((uintptr_t)stack & ~(uintptr_t)15) - 1;
    uint8_t *bottom = stack_bottom(stack);
    uintptr_t word = (uintptr_t)start;

    *start = (struct start){entry, argument};
    getcontext(&context->place);
    context->place.uc_link = NULL;
    context->place.uc_stack.ss_sp = bottom;
    context->place.uc_stack.ss_size = ((uintptr_t)start & ~(uintptr_t)63) - (uintptr_t)bottom;
    makecontext(&context->place, (void (*)(void))context_start, 2, (unsigned)(word >> 16 >> 16),
                (unsigned)word);
}

static void
context_jump(struct context *from, struct context *to)
{
    swapcontext(&from->place, &to->place);
}

#endif

void
rt_context_make(struct context *context, struct stack *stack, void (*entry)(void *argument), void *argument)
{
    context_place(context, stack, entry, argument);
#ifdef STACK_ASAN
    context->bottom = stack_bottom(stack);
    context->size = STACK_BYTES;
#endif
}

void
rt_context_switch(struct context *from, struct context *to)
{
#ifdef STACK_ASAN
    __sanitizer_start_switch_fiber(&from->fake, to->bottom, to->size);
#endif
    context_jump(from, to);
#ifdef STACK_ASAN
    __sanitizer_finish_switch_fiber(from->fake, &to->bottom, &to->size);
#endif
}

void
rt_context_leave(struct context *from, struct context *to)
{
#ifdef STACK_ASAN
    __sanitizer_start_switch_fiber(NULL, to->bottom, to->size);
#endif
    context_jump(from, to);
}

void
rt_context_arrive(struct context *from)
{
    (void)from;
#ifdef STACK_ASAN
    __sanitizer_finish_switch_fiber(NULL, &from->bottom, &from->size);
#endif
}
