/* The smallest "error-gb" of the rules of predicate "layer-size"; see predicate_size.c. */
#include "rule/layer_limit.h"

#include <string.h>

static const int64_t GB = 1000000000;

uint64_t layer_limit(const struct profile *profile)
{
	uint64_t least = 0;

	for (size_t i = 0; i < profile_rule_count(profile); i++) {
		const struct rule *rule = profile_rule(profile, i);
		int64_t most;

		if (!rule->predicate || strcmp(rule->predicate, "layer-size") != 0)
			continue;
		most = json_integer_value(profile_argument(profile, rule->arguments, "error-gb"));
		if (most > 0 && most <= INT64_MAX / GB && (!least || (uint64_t)(most * GB) < least))
			least = (uint64_t)(most * GB);
	}
	return least;
}
