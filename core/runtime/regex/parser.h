/* parser.h: what the files of the parser share. An error ends the parse: functions then give NULL or false,
 * and the tree says what and where. */
#ifndef RUNTIME_REGEX_PARSER_H
#define RUNTIME_REGEX_PARSER_H

#include "syntax.h"

struct parser {
    const uint8_t *text;
    uint32_t len, at;
    unsigned modes;
    uint32_t depth; /* of groups and classes */
    bool too_deep;  /* reported when nothing else is wrong */
    uint32_t too_deep_at;
    struct group_name *names;
    struct regex_tree *tree;
};

static inline bool
parser_more(const struct parser *parser)
{
    return parser->at < parser->len;
}

static inline bool
parser_sees(const struct parser *parser, const char *text)
{
    uint32_t i = 0;

    while (text[i] && parser->at + i < parser->len && parser->text[parser->at + i] == (uint8_t)text[i])
        i++;
    return !text[i];
}

static inline bool
parser_skip(struct parser *parser, const char *text)
{
    if (!parser_sees(parser, text))
        return false;
    for (; *text; text++)
        parser->at++;
    return true;
}

/* Notes an error; false. */
bool parser_fail(struct parser *parser, enum regex_code code, uint32_t at);

/* Counts a group or class that opens at the present position; false when there are far too many. */
bool parser_enter(struct parser *parser);

/* In verbose mode: skips white space and comments. */
void parser_skip_blanks(struct parser *parser);

struct regex_node *parser_node(struct parser *parser, enum regex_kind kind);

/* An empty set of the present mode: of bytes or of code points. */
struct set *parser_set(struct parser *parser);
struct regex_node *parser_set_node(struct parser *parser, struct set *set);

/* A character of the pattern, which is valid UTF-8; moves behind it. */
uint32_t parser_character(struct parser *parser);

/* What an escape stands for. */
enum escape_kind { ESCAPE_ERROR, ESCAPE_POINT, ESCAPE_BYTE, ESCAPE_SET, ESCAPE_ASSERT };

struct escape {
    enum escape_kind kind;
    uint32_t value; /* ESCAPE_POINT, ESCAPE_BYTE; enum regex_assertion */
    struct set *set;
};

/* The escape at the present backslash; moves behind it. */
struct escape parse_escape(struct parser *parser);

/* A literal character or byte, in the present mode. */
struct regex_node *parser_literal(struct parser *parser, struct escape literal);

/* The class at the present bracket; NULL after an error. */
struct set *parse_class(struct parser *parser);

/* Adds \d, \s or \w (by the letter) in the present mode. */
bool parser_add_perl(struct parser *parser, struct set *set, uint8_t letter);

#endif
