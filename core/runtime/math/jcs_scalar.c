/* jcs_scalar.c: strings, numbers and literals of canonical JSON. */
#include "decimal.h"
#include "jcs.h"

enum { NO_UNIT = UINT32_MAX };

static bool
at_end(const struct jcs *jcs)
{
    return jcs->at >= jcs->in.len;
}

static uint8_t
peek(const struct jcs *jcs)
{
    return jcs->in.ptr[jcs->at];
}

static bool
is_noncharacter(uint32_t c)
{
    return (c >= 0xfdd0 && c <= 0xfdef) || (c & 0xfffe) == 0xfffe;
}

static uint32_t
encode(uint32_t c, uint8_t *out)
{
    if (c < 0x80) {
        out[0] = (uint8_t)c;
        return 1;
    }
    if (c < 0x800) {
        out[0] = (uint8_t)(0xc0 | c >> 6);
        out[1] = (uint8_t)(0x80 | (c & 0x3f));
        return 2;
    }
    if (c < 0x10000) {
        out[0] = (uint8_t)(0xe0 | c >> 12);
        out[1] = (uint8_t)(0x80 | (c >> 6 & 0x3f));
        out[2] = (uint8_t)(0x80 | (c & 0x3f));
        return 3;
    }
    out[0] = (uint8_t)(0xf0 | c >> 18);
    out[1] = (uint8_t)(0x80 | (c >> 12 & 0x3f));
    out[2] = (uint8_t)(0x80 | (c >> 6 & 0x3f));
    out[3] = (uint8_t)(0x80 | (c & 0x3f));
    return 4;
}

/* The character of a well-formed UTF-8 sequence at the present position, or NO_UNIT. */
static uint32_t
decode(struct jcs *jcs)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    const uint8_t *p = jcs->in.ptr + jcs->at;
    uint32_t len = p[0] < 0x80 ? 1 : p[0] >> 5 == 6 ? 2 : p[0] >> 4 == 14 ? 3 : p[0] >> 3 == 30 ? 4 : 0;

    if (len == 1) {
        jcs->at++;
        return p[0];
    }
    if (!len || len > jcs->in.len - jcs->at)
        return NO_UNIT;
    uint32_t c = p[0] & (0x7fU >> len);
    for (uint32_t i = 1; i < len; i++) {
        if (p[i] >> 6 != 2)
            return NO_UNIT;
        c = c << 6 | (p[i] & 0x3f);
    }
    if (c < least[len] || c > 0x10ffff || (c >= 0xd800 && c < 0xe000))
        return NO_UNIT;
    jcs->at += len;
    return c;
}

/* The value of \uXXXX at the present position, or NO_UNIT. */
static uint32_t
unit(struct jcs *jcs)
{
    uint32_t value = 0;

    if (jcs->in.len - jcs->at < 6 || jcs->in.ptr[jcs->at] != '\\' || jcs->in.ptr[jcs->at + 1] != 'u')
        return NO_UNIT;
    for (uint32_t i = 2; i < 6; i++) {
        uint8_t c = jcs->in.ptr[jcs->at + i];
        uint32_t digit;

        if (c >= '0' && c <= '9')
            digit = c - (uint32_t)'0';
        else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
            digit = (c | 0x20U) - 'a' + 10;
        else
            return NO_UNIT;
        value = value << 4 | digit;
    }
    jcs->at += 6;
    return value;
}

/* One or two \u escapes. */
static bool
unicode_escape(struct jcs *jcs, uint32_t *c)
{
    uint32_t start = jcs->at;

    *c = unit(jcs);
    if (*c == NO_UNIT)
        return jcs_fail(jcs, JCS_SYNTAX, start);
    if (*c >= 0xdc00 && *c < 0xe000)
        return jcs_fail(jcs, JCS_NOT_IJSON, start);
    if (*c >= 0xd800 && *c < 0xdc00) {
        bool escape = jcs->in.len - jcs->at >= 2 && peek(jcs) == '\\' && jcs->in.ptr[jcs->at + 1] == 'u';
        uint32_t low = unit(jcs);

        if (escape && low == NO_UNIT)
            return jcs_fail(jcs, JCS_SYNTAX, start);
        if (low < 0xdc00 || low >= 0xe000)
            return jcs_fail(jcs, JCS_NOT_IJSON, start);
        *c = 0x10000 + ((*c - 0xd800) << 10) + (low - 0xdc00);
    }
    return true;
}

static bool
escape(struct jcs *jcs, uint32_t *c)
{
    static const char letters[] = "\"\\/bfnrt", values[] = "\"\\/\b\f\n\r\t";
    const char *found;

    if (jcs->in.len - jcs->at < 2)
        return jcs_fail(jcs, JCS_SYNTAX, jcs->at);
    uint8_t letter = jcs->in.ptr[jcs->at + 1];
    if (letter == 'u')
        return unicode_escape(jcs, c);
    if (!letter || !(found = strchr(letters, letter)))
        return jcs_fail(jcs, JCS_SYNTAX, jcs->at);
    *c = (uint8_t)values[found - letters];
    jcs->at += 2;
    return true;
}

/* Writes a character as it stands in a canonical string. */
static void
put_character(struct jcs *jcs, uint32_t c)
{
    static const char letters[] = "btn?fr"; /* from \b on */
    static const char hex[] = "0123456789abcdef";
    uint8_t text[6] = {'\\', 'u', '0', '0'};

    if (c == '"' || c == '\\') {
        text[1] = (uint8_t)c;
        jcs_put(jcs, text, 2);
    } else if (c >= 8 && c <= 13 && c != 11) {
        text[1] = (uint8_t)letters[c - 8];
        jcs_put(jcs, text, 2);
    } else if (c < 0x20) {
        text[4] = (uint8_t)hex[c >> 4];
        text[5] = (uint8_t)hex[c & 15];
        jcs_put(jcs, text, 6);
    } else {
        jcs_put(jcs, text, encode(c, text));
    }
}

static bool
string_character(struct jcs *jcs, uint32_t *c)
{
    uint32_t start = jcs->at;

    if (peek(jcs) < 0x20)
        return jcs_fail(jcs, JCS_SYNTAX, start);
    if (peek(jcs) == '\\') {
        if (!escape(jcs, c))
            return false;
    } else if ((*c = decode(jcs)) == NO_UNIT) {
        return jcs_fail(jcs, JCS_NOT_IJSON, start);
    }
    return !is_noncharacter(*c) || jcs_fail(jcs, JCS_NOT_IJSON, start);
}

bool
jcs_string(struct jcs *jcs, uint32_t *units)
{
    uint8_t utf8[4];
    uint32_t c = 0;

    jcs->at++;
    jcs_put(jcs, "\"", 1);
    if (units)
        *units = 0;
    for (;;) {
        if (at_end(jcs))
            return jcs_fail(jcs, JCS_SYNTAX, jcs->in.len);
        if (peek(jcs) == '"')
            break;
        if (!string_character(jcs, &c))
            return false;
        put_character(jcs, c);
        if (units) {
            uint32_t len = encode(c, utf8);
            memcpy(jcs_grow(jcs->rt, &jcs->keys, len), utf8, len);
            *units += c >= 0x10000 ? 2 : 1;
        }
    }
    jcs->at++;
    jcs_put(jcs, "\"", 1);
    return true;
}

static uint32_t
skip_digits(struct jcs *jcs)
{
    uint32_t start = jcs->at;

    while (!at_end(jcs) && peek(jcs) >= '0' && peek(jcs) <= '9')
        jcs->at++;
    return jcs->at - start;
}

static bool
skip(struct jcs *jcs, uint8_t c)
{
    if (at_end(jcs) || peek(jcs) != c)
        return false;
    jcs->at++;
    return true;
}

static bool
number_syntax(struct jcs *jcs)
{
    if (skip(jcs, '0')) {
        if (skip_digits(jcs))
            return false;
    } else if (!skip_digits(jcs)) {
        return false;
    }
    if (skip(jcs, '.') && !skip_digits(jcs))
        return false;
    if (skip(jcs, 'e') || skip(jcs, 'E')) {
        if (!skip(jcs, '+'))
            skip(jcs, '-');
        return skip_digits(jcs) > 0;
    }
    return true;
}

bool
jcs_number(struct jcs *jcs)
{
    uint32_t start = jcs->at;
    bool negative = skip(jcs, '-');
    uint32_t digits = jcs->at;
    char text[DECIMAL_TEXT];
    double x;

    if (!number_syntax(jcs))
        return jcs_fail(jcs, JCS_SYNTAX, start);
    if (decimal_read(jcs->in.ptr + digits, jcs->at - digits, &x) != DECIMAL_OK)
        return jcs_fail(jcs, JCS_NOT_IJSON, start);
    jcs_put(jcs, text, (uint32_t)decimal_ecmascript(negative ? -x : x, text));
    return true;
}

bool
jcs_literal(struct jcs *jcs)
{
    static const char *const words[] = {"true", "false", "null"};
    const uint8_t *p = jcs->in.ptr + jcs->at;

    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        uint32_t len = (uint32_t)strlen(words[i]);

        if (jcs->in.len - jcs->at < len || memcmp(p, words[i], len) != 0)
            continue;
        if (jcs->in.len - jcs->at > len && ((p[len] | 0x20) >= 'a' && (p[len] | 0x20) <= 'z'))
            break;
        jcs_put(jcs, words[i], len);
        jcs->at += len;
        return true;
    }
    return jcs_fail(jcs, JCS_SYNTAX, jcs->at);
}
