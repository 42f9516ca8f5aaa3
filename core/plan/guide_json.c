/* The answers of a walkthrough beside the steps of the plan that they made. */
#include <string.h>

#include "base/json.h"
#include "guide_priv.h"

static int skipped_to_json(const struct guide *guide, json_t *array, struct err *err)
{
	for (size_t i = 0; i < guide->skipped.count; i++) {
		const char *key = guide->skipped.items[i];
		json_t *item = json_object();

		if (json_array_append_new(array, item) < 0 ||
		    json_set_bytes(item, "finding", key, strlen(key), err) < 0)
			return err_nomem(err);
	}
	return 0;
}

int guide_to_json(const struct guide *guide, const struct plan *plan, const char *profile,
		  json_t **ret_json, struct err *err)
{
	CLEANUP(json_decrefp) json_t *json = NULL;
	json_t *member, *skipped = json_array();
	int result = plan_to_json(plan, &json, err);

	member = json_pack("{s:s, s:o}", "profile", profile, "skipped", skipped);
	if (result < 0) {
		json_decref(member);
		return result;
	}
	if (json_object_set_new(json, "guide", member) < 0)
		return err_nomem(err);
	result = skipped_to_json(guide, skipped, err);
	if (result < 0)
		return result;
	*ret_json = STEAL(json);
	return 0;
}

/* What was skipped comes first, then the steps: each can be taken back. */
static int read_answers(struct guide *guide, const json_t *skipped, size_t steps, struct err *err)
{
	for (size_t i = 0; i < json_array_size(skipped); i++) {
		char *key;
		size_t len;
		int result;

		if (guide_mark(guide, 0, err) < 0)
			return -ERR_NOMEM;
		result = json_get_bytes(json_array_get(skipped, i), "finding", &key, &len, err);
		if (result < 0)
			return err_wrap(err, "guide: skipped[%zu]", i);
		if (guide__add_skipped(guide, key, err) < 0)
			return -ERR_NOMEM;
	}
	for (size_t i = 0; i < steps; i++) {
		if (guide_mark(guide, i, err) < 0)
			return -ERR_NOMEM;
	}
	return 0;
}

int guide_from_json(struct guide *guide, const json_t *json, size_t steps, struct err *err)
{
	const json_t *member = json_object_get(json, "guide");
	const json_t *skipped = json_object_get(member, "skipped");
	size_t before = guide_answer_count(guide), unused;
	int result;

	if (skipped && !json_is_array(skipped))
		return err_set(err, ERR_FORMAT, "guide: skipped: is no list");
	result = read_answers(guide, skipped, steps, err);
	while (result < 0 && guide_answer_count(guide) > before)
		guide_back(guide, &unused);
	return result;
}

const char *guide_json_profile(const json_t *json)
{
	return json_get_string(json_get_object(json, "guide"), "profile");
}
