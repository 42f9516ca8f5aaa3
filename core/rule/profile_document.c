/* Documents that are judged with an image; see rule/profile.h. */
#include "rule_priv.h"

#include "base/io.h"
#include "base/json.h"
#include "base/limits.h"

int profile_set_document(struct profile *profile, const char *name, json_t *json, struct err *err)
{
	if (!profile->documents)
		profile->documents = json_object();
	return json_object_set(profile->documents, name, json) < 0 ? err_nomem(err) : 0;
}

int profile_read_document(struct profile *profile, const char *name, const char *path,
			  struct err *err)
{
	CLEANUP(freep) char *bytes = NULL;
	CLEANUP(json_decrefp) json_t *json = NULL;
	size_t len;
	int rc = io_read_file(path, limits_default()->json_bytes, &bytes, &len, err);

	if (rc == 0)
		rc = json_parse(bytes, len, path, NULL, NULL, &json, err);
	if (rc < 0)
		return rc;
	if (!json_is_object(json))
		return err_set(err, ERR_FORMAT, "%s: is no object", path);
	return profile_set_document(profile, name, json, err);
}

const json_t *profile_document(const struct profile *profile, const char *name)
{
	return json_object_get(profile->documents, name);
}
