/*
 * Profiles made of others: "include" brings in parameters and rules, which the
 * including profile changes as a JSON merge patch does (RFC 7396: members
 * replace members, null removes) and adds to. What comes out is one profile
 * without includes, which profile_parse.c reads like any other.
 */
#include "rule_priv.h"

#include <string.h>

#include "base/json.h"

enum { PATCH_DEPTH = 8 };

/* Change 'target' by 'patch', both objects. The depth is bounded, as the patch is a user's. */
static int merge_patch(json_t *target, json_t *patch, unsigned depth, struct err *err)
{
	const char *key;
	json_t *value;

	if (!depth)
		return err_set(err, ERR_FORMAT, "objects are nested too deeply");
	json_object_foreach(patch, key, value)
	{
		json_t *present = json_object_get(target, key);
		int rc = 0;

		if (json_is_null(value))
			json_object_del(target, key);
		else if (json_is_object(value) && json_is_object(present))
			rc = merge_patch(present, value, depth - 1, err);
		else if (json_object_set(target, key, value) < 0)
			rc = err_nomem(err);
		if (rc < 0)
			return rc;
	}
	return 0;
}

/* The rule of this id; its place too. */
static json_t *find_rule(const json_t *rules, const char *id, size_t *ret_place)
{
	json_t *rule;
	size_t i;

	json_array_foreach(rules, i, rule)
	{
		const char *other = json_get_string(rule, "id");

		if (!other || strcmp(other, id) != 0)
			continue;
		if (ret_place)
			*ret_place = i;
		return rule;
	}
	return NULL;
}

/*
 * The rules that a profile names stand in front, in its order: its own, and
 * those of the included profiles with its changes. The others follow.
 */
static int merge_rules(json_t *base, json_t *own, json_t **ret_rules, struct err *err)
{
	CLEANUP(json_decrefp) json_t *rules = json_array();
	json_t *rule;
	size_t i;

	json_array_foreach(own, i, rule)
	{
		const char *id = json_get_string(rule, "id");
		size_t place;
		json_t *present = id ? find_rule(base, id, &place) : NULL;
		int rc = present ? merge_patch(present, rule, PATCH_DEPTH, err) : 0;

		if (rc < 0)
			return rc;
		if (json_array_append(rules, present ? present : rule) < 0)
			return err_nomem(err);
		if (present)
			json_array_remove(base, place);
	}
	if (json_array_extend(rules, base) < 0)
		return err_nomem(err);
	*ret_rules = STEAL(rules);
	return 0;
}

static int remove_rules(json_t *base, const json_t *ids, const char *file, struct err *err)
{
	json_t *id;
	size_t i;

	json_array_foreach(ids, i, id)
	{
		const char *text = json_string_value(id);
		size_t place;

		if (!text || !find_rule(base, text, &place))
			return err_set(
				err, ERR_FORMAT,
				"profile '%s': remove[%zu]: '%s' is no rule of what is included",
				file, i, text ? text : "?");
		json_array_remove(base, place);
	}
	return 0;
}

/* Add what 'other' has to 'base': both hold "parameters", "rules" and perhaps "commands". */
static int add_included(json_t *base, json_t *other, const char *file, struct err *err)
{
	json_t *commands = json_get_array(other, "commands"), *rule;
	json_t *rules = json_get_array(base, "rules");
	size_t i;

	if (commands && json_object_set(base, "commands", commands) < 0)
		return err_nomem(err);
	json_array_foreach(json_get_array(other, "rules"), i, rule)
	{
		const char *id = json_get_string(rule, "id");

		/* Two includes may both include a third one. */
		if (id && find_rule(rules, id, NULL))
			continue;
		if (json_array_append(rules, rule) < 0)
			return err_nomem(err);
	}
	int rc = merge_patch(json_get_object(base, "parameters"),
			     json_get_object(other, "parameters"), PATCH_DEPTH, err);
	return rc < 0 ? err_wrap(err, "profile '%s': parameters", file) : 0;
}

/* All that "include" names, each expanded by itself, as one object. */
static int load_included(const struct profile_origin *origin, const json_t *names, unsigned depth,
			 json_t **ret_base, struct err *err)
{
	CLEANUP(json_decrefp) json_t *base = json_pack("{s:{}, s:[]}", "parameters", "rules");
	json_t *name;
	size_t i;

	if (!base)
		return err_nomem(err);
	json_array_foreach(names, i, name)
	{
		CLEANUP(json_decrefp) json_t *other = NULL;
		int rc = 0;

		if (!json_is_string(name))
			return err_set(err, ERR_FORMAT,
				       "profile '%s': include[%zu]: must be the name of a profile",
				       origin->file, i);
		rc = rule__profile_read(json_string_value(name), origin->folders, depth - 1, &other,
					err);
		if (rc == 0)
			rc = add_included(base, other, origin->file, err);
		if (rc < 0)
			return err_wrap(err, "included by profile '%s'", origin->file);
	}
	*ret_base = STEAL(base);
	return 0;
}

/* The profile's own parameters and rules over those of 'base'. */
static int put_over(const struct profile_origin *origin, json_t *json, json_t *base,
		    struct err *err)
{
	json_t *parameters = json_object_get(json, "parameters");
	json_t *included = json_get_array(base, "rules");
	CLEANUP(json_decrefp) json_t *rules = NULL;
	int rc;

	if (parameters && !json_is_object(parameters))
		return err_set(err, ERR_FORMAT, "profile '%s': parameters: must be an object",
			       origin->file);
	rc = remove_rules(included, json_get_array(json, "remove"), origin->file, err);
	if (rc == 0)
		rc = merge_rules(included, json_get_array(json, "rules"), &rules, err);
	if (rc == 0)
		rc = merge_patch(json_get_object(base, "parameters"), parameters, PATCH_DEPTH, err);
	if (rc < 0)
		return rc;
	if (!json_object_get(json, "commands") && json_object_get(base, "commands") &&
	    json_object_set(json, "commands", json_object_get(base, "commands")) < 0)
		return err_nomem(err);
	if (json_object_set(json, "parameters", json_object_get(base, "parameters")) < 0 ||
	    json_object_set(json, "rules", rules) < 0)
		return err_nomem(err);
	return 0;
}

int rule__profile_expand(const struct profile_origin *origin, json_t *json, unsigned depth,
			 struct err *err)
{
	const json_t *names = json_object_get(json, "include");
	CLEANUP(json_decrefp) json_t *base = NULL;

	if (!names && json_object_get(json, "remove"))
		return err_set(err, ERR_FORMAT, "profile '%s': remove: nothing is included",
			       origin->file);
	if (!names)
		return 0;
	if (!json_is_array(names))
		return err_set(err, ERR_FORMAT, "profile '%s': include: must be a list of names",
			       origin->file);
	if (!depth)
		return err_set(err, ERR_FORMAT,
			       "profile '%s': includes are nested too deeply, or in a circle",
			       origin->file);
	int rc = load_included(origin, names, depth, &base, err);
	if (rc == 0)
		rc = put_over(origin, json, base, err);
	if (rc < 0)
		return rc;
	json_object_del(json, "include");
	json_object_del(json, "remove");
	return 0;
}
