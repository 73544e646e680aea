/* semver.c: see semver.h. */
#include "package/semver.h"

#include <stddef.h>
#include <string.h>

static bool
is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool
is_identifier_char(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-';
}

static size_t
count_digits(const char *text)
{
    size_t len = 0;

    while (is_digit(text[len]))
        len++;
    return len;
}

static bool
skip_number(const char **at)
{
    size_t len = count_digits(*at);
    bool good = len == 1 || (len > 1 && **at != '0');

    *at += len;
    return good;
}

/* Dot-separated identifiers. Numbers among them may begin with 0 in a build part only. */
static bool
skip_identifiers(const char **at, bool build)
{
    for (;; ++*at) {
        const char *start = *at;
        size_t digits = count_digits(start);
        while (is_identifier_char(**at))
            ++*at;
        size_t len = (size_t)(*at - start);
        if (!len || (!build && digits == len && len > 1 && *start == '0'))
            return false;
        if (**at != '.')
            return true;
    }
}

bool
semver_is_valid(const char *text)
{
    for (int part = 0; part < 3; part++)
        if ((part && *text++ != '.') || !skip_number(&text))
            return false;
    if (*text == '-' && (text++, !skip_identifiers(&text, false)))
        return false;
    if (*text == '+' && (text++, !skip_identifiers(&text, true)))
        return false;
    return !*text;
}

bool
semver_is_prerelease(const char *version)
{
    return version[strcspn(version, "-+")] == '-';
}

/* Numbers without leading zeros: the longer one is greater. */
static int
compare_numbers(const char *left, size_t left_len, const char *right, size_t right_len)
{
    if (left_len != right_len)
        return left_len < right_len ? -1 : 1;
    return memcmp(left, right, left_len);
}

static int
compare_identifiers(const char *left, size_t left_len, const char *right, size_t right_len)
{
    bool left_number = count_digits(left) == left_len, right_number = count_digits(right) == right_len;
    size_t common = left_len < right_len ? left_len : right_len;

    if (left_number && right_number)
        return compare_numbers(left, left_len, right, right_len);
    if (left_number != right_number)
        return left_number ? -1 : 1;
    int order = memcmp(left, right, common);
    return order ? order : left_len < right_len ? -1 : left_len > right_len;
}

/* Two pre-release parts, each behind its '-'. The shorter of two that begin alike is lower. */
static int
compare_prereleases(const char *left, const char *right)
{
    for (;; left++, right++) {
        size_t left_len = strcspn(left, ".+"), right_len = strcspn(right, ".+");
        int order = compare_identifiers(left, left_len, right, right_len);
        if (order)
            return order;
        left += left_len;
        right += right_len;
        if (*left != '.' || *right != '.')
            return (*left == '.') - (*right == '.');
    }
}

int
semver_compare(const char *left, const char *right)
{
    for (int part = 0; part < 3; part++) {
        size_t left_len = count_digits(left), right_len = count_digits(right);
        int order = compare_numbers(left, left_len, right, right_len);
        if (order)
            return order;
        left += left_len + (part < 2);
        right += right_len + (part < 2);
    }
    bool left_pre = *left == '-', right_pre = *right == '-';
    if (left_pre && right_pre)
        return compare_prereleases(left + 1, right + 1);
    return right_pre - left_pre;
}
