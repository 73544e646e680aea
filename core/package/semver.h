/* semver.h: versions of packages: MAJOR.MINOR.PATCH[-pre][+build].
 * Knows their form and order; knows nothing of packages. Pure functions, any thread. */
#ifndef PACKAGE_SEMVER_H
#define PACKAGE_SEMVER_H

#include <stdbool.h>

/* Whether `text` is a version: numbers without leading zeros, identifiers of [0-9A-Za-z-], none empty. */
bool semver_is_valid(const char *text);

/* Whether a valid version has a pre-release part. */
bool semver_is_prerelease(const char *version);

/* Precedence of two valid versions: below, equal to or above 0. What stands behind '+' does not count, and
 * numbers may have any length. */
int semver_compare(const char *left, const char *right);

#endif
