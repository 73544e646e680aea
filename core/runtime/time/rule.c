/* rule.c: POSIX TZ strings ("CET-1CEST,M3.5.0,M10.5.0/3"), as TZif files end with. */
#include "zone.h"

#include <ctype.h>
#include <string.h>

enum { HOUR = 3600, DAY = 86400 };

/* A day of each year: month, week and weekday (M), day 1..365 without 29 February (J), or day 0..365. */
struct moment {
    char kind; /* 'M', 'J' or '0' */
    int64_t month, week, day;
    int64_t seconds; /* after midnight */
};

/* A name is letters, or anything in angle brackets. */
static bool
skip_name(const char **p)
{
    const char *start = *p;

    if (*start == '<') {
        const char *end = strchr(start, '>');
        *p = end ? end + 1 : start;
        return end != NULL;
    }
    while (isalpha((unsigned char)**p))
        (*p)++;
    return *p > start;
}

static bool
read_number(const char **p, int64_t *value)
{
    const char *start = *p;

    *value = 0;
    while (isdigit((unsigned char)**p) && *p - start < 4)
        *value = *value * 10 + *(*p)++ - '0';
    return *p > start;
}

/* [+-]hh[:mm[:ss]] */
static bool
read_time(const char **p, int64_t *seconds)
{
    int64_t part, sign = 1, unit = HOUR;

    if (**p == '-' || **p == '+')
        sign = *(*p)++ == '-' ? -1 : 1;
    if (!read_number(p, &part))
        return false;
    *seconds = part * unit;
    while (**p == ':' && unit > 1) {
        (*p)++;
        unit /= 60;
        if (!read_number(p, &part))
            return false;
        *seconds += part * unit;
    }
    *seconds *= sign;
    return true;
}

static bool
skip_dot(const char **p)
{
    return *(*p)++ == '.';
}

static bool
read_moment(const char **p, struct moment *moment)
{
    if (*(*p)++ != ',')
        return false;
    moment->kind = isdigit((unsigned char)**p) ? '0' : *(*p)++;
    moment->seconds = 2 * HOUR;
    bool good;
    if (moment->kind == 'M')
        good = read_number(p, &moment->month) && skip_dot(p) && read_number(p, &moment->week) &&
               skip_dot(p) && read_number(p, &moment->day) && moment->month >= 1 && moment->month <= 12;
    else
        good = (moment->kind == 'J' || moment->kind == '0') && read_number(p, &moment->day);
    if (good && **p == '/') {
        (*p)++;
        good = read_time(p, &moment->seconds);
    }
    return good;
}

static int64_t
floor_divide(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

/* Days from 1970-01-01 to the first day of a month of the proleptic Gregorian calendar. */
static int64_t
days_to(int64_t year, int64_t month)
{
    int64_t y = month <= 2 ? year - 1 : year;
    int64_t era = floor_divide(y, 400);
    int64_t of_era = y - era * 400;
    int64_t of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5;

    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

static int64_t
year_of(int64_t days)
{
    int64_t year = 1970 + floor_divide(days * 400, 146097);

    while (days_to(year, 1) > days)
        year--;
    while (days_to(year + 1, 1) <= days)
        year++;
    return year;
}

/* The local second, counted as if it were UTC, at which the moment falls in a year. */
static int64_t
moment_in(const struct moment *moment, int64_t year)
{
    int64_t first = days_to(year, 1), day;

    if (moment->kind == 'M') {
        int64_t begin = days_to(year, moment->month);
        int64_t end = moment->month == 12 ? days_to(year + 1, 1) : days_to(year, moment->month + 1);
        int64_t weekday = ((begin + 4) % 7 + 7) % 7; /* 1970-01-01 was a Thursday */

        day = begin + ((moment->day - weekday) % 7 + 7) % 7 + 7 * (moment->week - 1);
        while (day >= end)
            day -= 7;
    } else if (moment->kind == 'J') {
        bool leap = days_to(year + 1, 1) - first == 366;

        day = first + moment->day - 1 + (leap && moment->day >= 60);
    } else {
        day = first + moment->day;
    }
    return day * DAY + moment->seconds;
}

bool
zone_rule_offset(const char *rule, int64_t instant, int64_t *offset)
{
    int64_t standard, summer;
    struct moment begin, end;

    if (!skip_name(&rule) || !read_time(&rule, &standard))
        return false;
    standard = -standard;
    *offset = standard;
    if (!*rule || *rule == '\n')
        return true;
    if (!skip_name(&rule))
        return false;
    summer = standard + HOUR;
    if (*rule && *rule != ',') {
        if (!read_time(&rule, &summer))
            return false;
        summer = -summer;
    }
    if (!read_moment(&rule, &begin) || !read_moment(&rule, &end))
        return false;
    int64_t year = year_of(floor_divide(instant + standard, DAY));
    int64_t from = moment_in(&begin, year) - standard, to = moment_in(&end, year) - summer;
    bool is_summer = from < to ? instant >= from && instant < to : instant >= from || instant < to;
    if (is_summer)
        *offset = summer;
    return true;
}
