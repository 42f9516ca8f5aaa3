/* Built-in profiles with their titles; see tui/profile_choice.h. */
#include "profile_choice.h"

#include <stdio.h>
#include <string.h>

#include "rule/builtin.h"
#include "rule/profile.h"

static bool fill(struct profile_choice *choice, const char *name, const char *present)
{
	CLEANUP(profile_freep) struct profile *profile = NULL;

	if (profile_load(name, NULL, &profile, NULL) < 0 || profile_is_library(profile))
		return false;
	snprintf(choice->name, sizeof(choice->name), "%s", name);
	snprintf(choice->title, sizeof(choice->title), "%s", profile_title(profile));
	choice->is_present = strcmp(name, present) == 0;
	return true;
}

size_t profile_choices(const char *present, struct profile_choice *ret_choices, size_t room)
{
	size_t count = 0;
	bool has_present = false;

	for (size_t i = 0; builtin_profiles[i].name && count < room; i++) {
		if (!fill(&ret_choices[count], builtin_profiles[i].name, present))
			continue;
		has_present |= ret_choices[count].is_present;
		count++;
	}
	if (has_present || count == room)
		return count;
	memmove(&ret_choices[1], &ret_choices[0], count * sizeof(*ret_choices));
	ret_choices[0] = (struct profile_choice){ .title = "your own", .is_present = true };
	snprintf(ret_choices[0].name, sizeof(ret_choices[0].name), "%s", present);
	return count + 1;
}
