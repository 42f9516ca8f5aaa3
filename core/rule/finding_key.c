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

/* What follows "RULE CASE" in a key; NULL: the key is of another kind. */
static const char *after_kind(const char *key, const struct finding *finding)
{
	size_t id_len = strlen(finding->rule->id), name_len = strlen(finding->rule_case->name);

	if (strncmp(key, finding->rule->id, id_len) != 0 || key[id_len] != ' ' ||
	    strncmp(key + id_len + 1, finding->rule_case->name, name_len) != 0)
		return NULL;
	key += id_len + 1 + name_len;
	return *key == '\0' || *key == ' ' ? key : NULL;
}

int finding_key_among(const char *const *keys, const struct judgement *judgement,
		      const struct finding *finding)
{
	CLEANUP(freep) char *own = NULL;

	for (; keys && *keys; keys++) {
		const char *rest = after_kind(*keys, finding);

		if (!rest)
			continue;
		if (!*rest)
			return 1;
		/* Made only for those that it may be: there may be many findings. */
		if (!own && !(own = finding_key(judgement, finding)))
			return -ERR_NOMEM;
		if (strcmp(*keys, own) == 0)
			return 1;
	}
	return 0;
}
