/*
 * The parameters of a profile: declared with type and default in its JSON, set
 * by "name=value", read by rules and fixes.
 */
#include "rule_priv.h"

#include <errno.h>
#include <string.h>

#include "base/json.h"
#include "base/text.h"

const char *const rule__parameter_types[] = {
	[PARAMETER_INT] = "int",
	[PARAMETER_BOOL] = "bool",
	[PARAMETER_STRING] = "string",
	[PARAMETER_LIST] = "list",
	NULL,
};

const char *rule__join(const char *const *words, char *out, size_t room)
{
	size_t used = 0;

	out[0] = '\0';
	for (size_t i = 0; words[i] && used < room; i++)
		used += (size_t)snprintf(out + used, room - used, "%s%s", i ? ", " : "", words[i]);
	return out;
}

/* The strings of an array, NULL-ended; NULL: an item is no string, or out of memory (errno). */
static const char **list_of(const json_t *array)
{
	size_t count = json_array_size(array);
	const char **list = calloc(count + 1, sizeof(*list));

	errno = list ? 0 : ENOMEM;
	for (size_t i = 0; list && i < count; i++) {
		list[i] = json_string_value(json_array_get(array, i));
		if (!list[i]) {
			free(list);
			return NULL;
		}
	}
	return list;
}

static bool has_type(const json_t *value, enum parameter_type type)
{
	switch (type) {
	case PARAMETER_INT:
		return json_is_integer(value) && json_integer_value(value) >= 0;
	case PARAMETER_BOOL:
		return json_is_boolean(value);
	case PARAMETER_STRING:
		return json_is_string(value);
	case PARAMETER_LIST:
		return json_is_array(value);
	}
	return false;
}

static int wrong_type(const struct parameter *parameter, struct err *err)
{
	static const char *const WANTED[] = {
		[PARAMETER_INT] = "a whole number from 0 up",
		[PARAMETER_BOOL] = "true or false",
		[PARAMETER_STRING] = "a text",
		[PARAMETER_LIST] = "a list of texts",
	};

	return err_set(err, ERR_INVALID, "'%s' must be %s", parameter->name,
		       WANTED[parameter->type]);
}

int rule__parameter_assign(struct parameter *parameter, json_t *value, struct err *err)
{
	const char **list = NULL;

	if (!has_type(value, parameter->type))
		return wrong_type(parameter, err);
	if (parameter->type == PARAMETER_LIST) {
		list = list_of(value);
		if (!list)
			return errno == ENOMEM ? err_nomem(err) : wrong_type(parameter, err);
	}
	rule__parameter_done(parameter);
	parameter->value = json_incref(value);
	parameter->list = list;
	return 0;
}

void rule__parameter_done(struct parameter *parameter)
{
	json_decref(parameter->value);
	parameter->value = NULL;
	free(parameter->list);
	parameter->list = NULL;
}

struct parameter *rule__parameter_find(const struct profile *profile, const char *name)
{
	for (size_t i = 0; i < profile->parameter_count; i++) {
		if (!strcmp(profile->parameters[i].name, name))
			return &profile->parameters[i];
	}
	return NULL;
}

static json_t *int_value(const char *text)
{
	char *end;

	errno = 0;
	long long value = strtoll(text, &end, 10);
	return errno || *end || end == text ? json_null() : json_integer(value);
}

static json_t *bool_value(const char *text)
{
	static const struct {
		const char *word;
		bool value;
	} WORDS[] = {
		{ "true", true },   { "yes", true }, { "on", true },   { "1", true },
		{ "false", false }, { "no", false }, { "off", false }, { "0", false },
	};

	for (size_t i = 0; i < sizeof(WORDS) / sizeof(*WORDS); i++) {
		if (!strcmp(text, WORDS[i].word))
			return json_boolean(WORDS[i].value);
	}
	return json_null();
}

/* "a,b" is two items, "" none. */
static json_t *list_value(const char *text)
{
	CLEANUP(json_decrefp) json_t *list = json_array();

	while (list && *text) {
		size_t len = strcspn(text, ",");

		if (len && json_array_append_new(list, json_stringn(text, len)) < 0)
			return NULL;
		text += len + (text[len] == ',');
	}
	return STEAL(list);
}

static json_t *parse_value(enum parameter_type type, const char *text)
{
	switch (type) {
	case PARAMETER_INT:
		return int_value(text);
	case PARAMETER_BOOL:
		return bool_value(text);
	case PARAMETER_STRING:
		return json_string(text);
	case PARAMETER_LIST:
		return list_value(text);
	}
	return NULL;
}

static int unknown_parameter(const struct profile *profile, const char *name, size_t len,
			     struct err *err)
{
	char names[600];
	size_t used = 0;

	names[0] = '\0';
	for (size_t i = 0; i < profile->parameter_count && used < sizeof(names); i++)
		used += (size_t)snprintf(names + used, sizeof(names) - used, "%s%s", i ? ", " : "",
					 profile->parameters[i].name);
	return err_set(err, ERR_INVALID, "profile '%s' has no parameter '%.*s'; there are: %s",
		       profile->name, (int)len, name, names);
}

int profile_set(struct profile *profile, const char *assignment, struct err *err)
{
	size_t len = strcspn(assignment, "=");

	if (assignment[len] != '=' || !len)
		return err_set(err, ERR_INVALID, "'%s' is not NAME=VALUE", assignment);
	for (size_t i = 0; i < profile->parameter_count; i++) {
		struct parameter *parameter = &profile->parameters[i];

		if (strlen(parameter->name) != len ||
		    strncmp(parameter->name, assignment, len) != 0)
			continue;
		CLEANUP(json_decrefp)
		json_t *value = parse_value(parameter->type, assignment + len + 1);
		if (!value)
			return text_is_utf8(assignment, strlen(assignment))
				       ? err_nomem(err)
				       : wrong_type(parameter, err);
		return rule__parameter_assign(parameter, value, err);
	}
	return unknown_parameter(profile, assignment, len, err);
}

static const struct parameter *find_typed(const struct profile *profile, const char *name,
					  enum parameter_type type)
{
	const struct parameter *parameter = rule__parameter_find(profile, name);

	return parameter && parameter->type == type ? parameter : NULL;
}

int64_t profile_int(const struct profile *profile, const char *name, int64_t otherwise)
{
	const struct parameter *parameter = find_typed(profile, name, PARAMETER_INT);

	return parameter ? json_integer_value(parameter->value) : otherwise;
}

bool profile_bool(const struct profile *profile, const char *name, bool otherwise)
{
	const struct parameter *parameter = find_typed(profile, name, PARAMETER_BOOL);

	return parameter ? json_is_true(parameter->value) : otherwise;
}

const char *profile_string(const struct profile *profile, const char *name, const char *otherwise)
{
	const struct parameter *parameter = find_typed(profile, name, PARAMETER_STRING);

	return parameter ? json_string_value(parameter->value) : otherwise;
}

const char *const *profile_list(const struct profile *profile, const char *name)
{
	static const char *const NONE[] = { NULL };
	const struct parameter *parameter = find_typed(profile, name, PARAMETER_LIST);

	return parameter ? parameter->list : NONE;
}

const json_t *profile_argument(const struct profile *profile, const json_t *arguments,
			       const char *name)
{
	const json_t *value = json_object_get(arguments, name);
	const char *text = json_string_value(value);

	if (!text || text[0] != '$')
		return value;
	const struct parameter *parameter = rule__parameter_find(profile, text + 1);
	return parameter ? parameter->value : NULL;
}

int64_t profile_uid(const struct profile *profile)
{
	return profile_int(profile, "uid", 1000);
}

int64_t profile_gid(const struct profile *profile)
{
	return profile_int(profile, "gid", 100);
}

static void write_value(const struct parameter *parameter, char *out, size_t room)
{
	size_t used = 0;

	out[0] = '\0';
	switch (parameter->type) {
	case PARAMETER_INT:
		snprintf(out, room, "%" JSON_INTEGER_FORMAT, json_integer_value(parameter->value));
		break;
	case PARAMETER_BOOL:
		snprintf(out, room, "%s", json_is_true(parameter->value) ? "true" : "false");
		break;
	case PARAMETER_STRING:
		snprintf(out, room, "%s", json_string_value(parameter->value));
		break;
	case PARAMETER_LIST:
		for (size_t i = 0; parameter->list[i] && used < room; i++)
			used += (size_t)snprintf(out + used, room - used, "%s%s", i ? ", " : "",
						 parameter->list[i]);
		break;
	}
}

bool profile_parameter(const struct profile *profile, size_t i,
		       struct profile_parameter *ret_parameter)
{
	if (i >= profile->parameter_count)
		return false;
	const struct parameter *parameter = &profile->parameters[i];
	const char *help = json_get_string(
		json_get_object(json_get_object(profile->json, "parameters"), parameter->name),
		"help");

	ret_parameter->name = parameter->name;
	ret_parameter->type = rule__parameter_types[parameter->type];
	ret_parameter->help = help ? help : "";
	write_value(parameter, ret_parameter->value, sizeof(ret_parameter->value));
	return true;
}
