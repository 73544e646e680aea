/* pattern.c: see pattern.h. The library's breadth-first matcher finds the longest match at the leftmost place
 * in one pass; its depth-first matcher, held to exactly this span, says which groups took part. */
#define PCRE2_CODE_UNIT_WIDTH 8
#include "pattern.h"

#include "translate.h"

#include <pcre2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Where the search for captures gives up rather than run for ever. */
enum { STEPS_MAX = 50000000, NESTING_MAX = 10000, WORKSPACE_FIRST = 4096, WORKSPACE_MAX = 1 << 26 };

struct pattern {
    struct regex_tree tree;
    pcre2_code *search;
    pcre2_code *captures; /* NULL until it is first needed */
    pcre2_match_data *search_data, *capture_data;
    pcre2_match_context *context;
    int *workspace;
    size_t workspace_size;
};

static pcre2_code *
compile(const struct regex_tree *tree, bool captures)
{
    struct translation text;
    pcre2_compile_context *context = pcre2_compile_context_create(NULL);
    pcre2_code *code = NULL;
    int error;
    PCRE2_SIZE at;
    /* The callout at the end refuses matches, which must not have been made final before. */
    uint32_t options = captures ? PCRE2_NO_AUTO_POSSESS | PCRE2_NO_START_OPTIMIZE : 0;

    regex_translate(tree, captures, &text);
    if (context && text.text && !text.failed) {
        char *whole = malloc(text.len + 16);

        pcre2_set_parens_nest_limit(context, NESTING_MAX);
        if (whole) {
            snprintf(whole, text.len + 16, captures ? "(?:%s)(?C1)" : "%s", text.text);
            code = pcre2_compile((PCRE2_SPTR)whole, PCRE2_ZERO_TERMINATED, options, &error, &at, context);
        }
        free(whole);
    }
    pcre2_compile_context_free(context);
    free(text.text);
    return code;
}

static bool
prepare(struct pattern *pattern)
{
    pattern->search = compile(&pattern->tree, false);
    if (!pattern->search)
        return false;
    pattern->search_data = pcre2_match_data_create(1, NULL);
    pattern->context = pcre2_match_context_create(NULL);
    pattern->workspace_size = WORKSPACE_FIRST;
    pattern->workspace = malloc(WORKSPACE_FIRST * sizeof *pattern->workspace);
    if (!pattern->search_data || !pattern->context || !pattern->workspace)
        return false;
    pcre2_set_match_limit(pattern->context, STEPS_MAX);
    return true;
}

struct pattern *
pattern_new(const uint8_t *text, uint32_t len, unsigned modes, enum regex_code *code, uint32_t *at)
{
    struct pattern *pattern = calloc(1, sizeof *pattern);

    if (!pattern)
        abort();
    regex_parse(text, len, modes, &pattern->tree);
    *code = pattern->tree.code;
    *at = pattern->tree.at;
    if (!*code && (regex_states(pattern->tree.root) > REGEX_STATES_MAX || !prepare(pattern))) {
        *code = REGEX_TOO_LARGE;
        *at = 0;
    }
    if (!*code)
        return pattern;
    pattern_free(pattern);
    return NULL;
}

void
pattern_free(struct pattern *pattern)
{
    regex_tree_free(&pattern->tree);
    pcre2_code_free(pattern->search);
    pcre2_code_free(pattern->captures);
    pcre2_match_data_free(pattern->search_data);
    pcre2_match_data_free(pattern->capture_data);
    pcre2_match_context_free(pattern->context);
    free(pattern->workspace);
    free(pattern);
}

uint32_t
pattern_groups(const struct pattern *pattern)
{
    return pattern->tree.groups;
}

static bool
grow_workspace(struct pattern *pattern)
{
    size_t size = pattern->workspace_size * 4;
    int *workspace = size > WORKSPACE_MAX ? NULL : realloc(pattern->workspace, size * sizeof *workspace);

    if (!workspace)
        return false;
    pattern->workspace = workspace;
    pattern->workspace_size = size;
    return true;
}

enum search
pattern_search(struct pattern *pattern, const uint8_t *text, size_t len, size_t from, struct span *match)
{
    int result;

    do {
        result = pcre2_dfa_match(pattern->search, text, len, from, 0, pattern->search_data, pattern->context,
                                 pattern->workspace, pattern->workspace_size);
    } while (result == PCRE2_ERROR_DFA_WSSIZE && grow_workspace(pattern));
    if (result == PCRE2_ERROR_NOMATCH)
        return SEARCH_NONE;
    if (result < 0)
        return SEARCH_GAVE_UP;
    const PCRE2_SIZE *vector = pcre2_get_ovector_pointer(pattern->search_data);
    *match = (struct span){vector[0], vector[1]};
    return SEARCH_FOUND;
}

/* Called where the pattern has matched: it must be at the end that is known. */
static int
refuse_other_ends(pcre2_callout_block *block, void *end)
{
    return block->current_position == *(const size_t *)end ? 0 : 1;
}

enum search
pattern_captures(struct pattern *pattern, const uint8_t *text, size_t len, struct span match,
                 struct span *groups)
{
    if (!pattern->captures) {
        pattern->captures = compile(&pattern->tree, true);
        if (pattern->captures)
            pattern->capture_data = pcre2_match_data_create_from_pattern(pattern->captures, NULL);
        if (!pattern->capture_data)
            return SEARCH_GAVE_UP;
    }
    pcre2_set_callout(pattern->context, refuse_other_ends, &match.end);
    int result = pcre2_match(pattern->captures, text, len, match.start, PCRE2_ANCHORED, pattern->capture_data,
                             pattern->context);
    pcre2_set_callout(pattern->context, NULL, NULL);
    if (result <= 0)
        return SEARCH_GAVE_UP;
    const PCRE2_SIZE *vector = pcre2_get_ovector_pointer(pattern->capture_data);
    for (uint32_t i = 0; i < pattern->tree.groups; i++) {
        bool took_part = (int)i + 1 < result && vector[2 * i + 2] != PCRE2_UNSET;

        groups[i].start = took_part ? vector[2 * i + 2] : SIZE_MAX;
        groups[i].end = took_part ? vector[2 * i + 3] : SIZE_MAX;
    }
    return SEARCH_FOUND;
}
