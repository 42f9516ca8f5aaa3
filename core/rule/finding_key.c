/* Names of findings; see rule/finding_key.h. */
#include "rule/finding_key.h"

#include <string.h>

#include "rule/finding_text.h"

char *finding_kind_key(const struct finding *finding)
{
	char *key;

	return asprintf(&key, "%s %s", finding->rule->id, finding->rule_case->name) < 0 ? NULL
											 : key;
}

char *finding_key(const struct judgement *judgement, const struct finding *finding)
{
	CLEANUP(freep) char *path = finding_path(judgement, finding);
	const char *detail = finding->detail ? finding->detail : "";
	char *key;

	if (!path && (finding->path || !node_is_none(finding->node)))
		return NULL;
	if (asprintf(&key, "%s %s%s%s%s%s", finding->rule->id, finding->rule_case->name,
		     path ? " " : "", path ? path : "", *detail ? " " : "", detail) < 0)
		return NULL;
	return key;
}

static bool is_among(const char *const *keys, const char *key)
{
	for (; *keys; keys++) {
		if (strcmp(*keys, key) == 0)
			return true;
	}
	return false;
}

int finding_key_among(const char *const *keys, const struct judgement *judgement,
		      const struct finding *finding)
{
	CLEANUP(freep) char *key = NULL;
	CLEANUP(freep) char *kind = NULL;

	if (!keys || !*keys)
		return 0;
	key = finding_key(judgement, finding);
	kind = finding_kind_key(finding);
	if (!key || !kind)
		return -ERR_NOMEM;
	return is_among(keys, key) || is_among(keys, kind);
}
