/* Packages, which no file edit installs: the plan keeps their names for a Dockerfile. */
#include <string.h>

#include "fix_priv.h"
#include "rule/packages.h"

enum { MOST_PACKAGES = 32 };

/* "zip" of "zip (python3 -m zipfile may do)". */
static const json_t *packages_for(const struct fix_run *run)
{
	const json_t *all =
		profile_argument(run->judgement->input.profile, run->fix->arguments, "packages");
	const char *detail = run->finding->detail ? run->finding->detail : "";
	const char *end = strstr(detail, " (");
	const char *what;
	json_t *value;

	json_object_foreach((json_t *)(uintptr_t)all, what, value)
	{
		size_t len = end ? (size_t)(end - detail) : strlen(detail);

		if (strlen(what) == len && memcmp(what, detail, len) == 0)
			return value;
	}
	return NULL;
}

/* Names that the plan does not have yet; how many. */
static size_t new_names(const struct fix_run *run, const char *manager, const json_t *wanted,
			const char **names)
{
	size_t count = 0;

	for (size_t i = 0; i < json_array_size(wanted) && count < MOST_PACKAGES; i++) {
		const char *name = json_string_value(json_array_get(wanted, i));

		if (name && !plan_has_package(run->plan, manager, name))
			names[count++] = name;
	}
	return count;
}

int fix__install_packages(const struct fix_run *run, struct err *err)
{
	const struct content content = { .image = run->judgement->input.image,
					 .tree = run->tree,
					 .at = run->at,
					 .cancel = run->judgement->input.cancel };
	const struct package_manager *manager = package_manager_of(&content);
	const char *names[MOST_PACKAGES + 1] = { NULL };
	const json_t *wanted;

	if (!manager)
		return err_set(err, ERR_UNSUPPORTED,
			       "how this distribution installs packages is not known: this needs a "
			       "build");
	wanted = json_object_get(packages_for(run), manager->name);
	if (!json_array_size(wanted))
		return err_set(err, ERR_UNSUPPORTED,
			       "no package is known for %s: this needs a build", manager->name);
	if (new_names(run, manager->name, wanted, names) == 0)
		return 0;
	return plan_install(run->plan, &(struct plan_packages){ manager->name, names }, err);
}
