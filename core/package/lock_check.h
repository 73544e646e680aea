/* lock_check.h: what `x07 pkg lock --check` finds in lock files. Knows locks; knows nothing of where they
 * are. */
#ifndef PACKAGE_LOCK_CHECK_H
#define PACKAGE_LOCK_CHECK_H

#include "project/lock.h"

/* Error X07PKG_YANKED_DEP when a dependency was withdrawn from its index. */
struct error *lock_check_yanked(const struct lock *lock);

/* Error X07PKG_ADVISED_DEP when a dependency has an advisory that was not withdrawn. */
struct error *lock_check_advisories(const struct lock *lock);

/* Whether two locks say the same; without `metadata`, overridden_by, yanked and advisories do not count. */
bool lock_check_same(const struct lock *left, const struct lock *right, bool metadata);

#endif
