/* How the distribution of an image installs packages. */
#ifndef RULE_PACKAGES_H
#define RULE_PACKAGES_H

#include "content/content.h"

struct package_manager {
	const char *name;           /* "apt", "apk", … */
	const char *before, *after; /* what stands before and after the names in a shell's line */
	const char *ids[16];        /* words of ID and ID_LIKE in os-release, NULL-ended */
};

/* By its name; NULL. */
const struct package_manager *package_manager_find(const char *name);

/* That of the image's distribution, by its os-release; NULL: not known. */
const struct package_manager *package_manager_of(const struct content *content);

/* Whether a shell and a package manager take it as one name: no option, nothing to expand. */
bool package_name_is_plain(const char *name);

#endif
