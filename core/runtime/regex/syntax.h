/* syntax.h: patterns as trees. Knows the dialect, and nothing of how trees are matched. */
#ifndef RUNTIME_REGEX_SYNTAX_H
#define RUNTIME_REGEX_SYNTAX_H

#include "set.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum regex_code {
    REGEX_OK = 0,
    REGEX_UNCLOSED_GROUP = 1,
    REGEX_UNCLOSED_CLASS = 2,
    REGEX_BAD_RANGE = 3,
    REGEX_OTHER = 4,
    REGEX_NOTHING_TO_REPEAT = 5,
    REGEX_BAD_COUNT = 6,
    REGEX_COUNT_REVERSED = 7,
    REGEX_TOO_DEEP = 8,
    REGEX_TOO_LARGE = 9,
    REGEX_BAD_COMPILED = 10,
    REGEX_TOO_MANY_GROUPS = 11,
};

/* The modes that a pattern can switch, and the initial ones are options. */
enum regex_mode {
    MODE_IGNORE_CASE = 1,
    MODE_MULTI_LINE = 2,
    MODE_DOT_ALL = 4,
    MODE_SWAP_GREED = 8,
    MODE_VERBOSE = 16,
    MODE_CRLF = 32,
    MODE_UNICODE = 64,
};

enum regex_kind {
    REGEX_EMPTY,
    REGEX_BYTES, /* a byte, or the UTF-8 of a character */
    REGEX_SET,
    REGEX_ASSERT,
    REGEX_GROUP,     /* left; index 0: no capture */
    REGEX_CONCAT,    /* of left and what follows it */
    REGEX_ALTERNATE, /* the same */
    REGEX_REPEAT,    /* left */
};

enum regex_assertion {
    ASSERT_TEXT_START,
    ASSERT_TEXT_END,
    ASSERT_LINE_START,
    ASSERT_LINE_END,
    ASSERT_CRLF_START,
    ASSERT_CRLF_END,
    ASSERT_WORD,
    ASSERT_NOT_WORD,
    ASSERT_WORD_START,
    ASSERT_WORD_END,
    ASSERT_HALF_START,
    ASSERT_HALF_END,
};

enum { REGEX_UNBOUNDED = -1, REGEX_MAX_GROUPS = 32, REGEX_MAX_NESTING = 250 };

struct regex_node {
    enum regex_kind kind;
    struct regex_node *left, *next; /* first child; next sibling */
    struct set *set;
    uint8_t bytes[4];
    uint32_t len;
    enum regex_assertion assertion;
    bool unicode; /* of a word assertion */
    bool lazy;
    int64_t min, max;
    uint32_t index;
};

/* A parsed pattern. Its memory is outside the program's heap. */
struct regex_tree {
    struct regex_node *root;
    uint32_t groups; /* captures */
    enum regex_code code;
    uint32_t at; /* of the error */
    void *memory;
};

/* Reads a pattern; code is REGEX_OK or says what is wrong with it. Without memory the process ends. Free the
 * tree in either case. */
void regex_parse(const uint8_t *pattern, uint32_t len, unsigned modes, struct regex_tree *tree);
void regex_tree_free(struct regex_tree *tree);

/* Zeroed memory that lives as long as the tree. */
void *regex_memory(struct regex_tree *tree, size_t size);

#endif
