/*
 * JSON to a profile. Everything is checked here, so that judging needs no
 * checks: members, types, names of predicates, cases, actions, parameters and
 * placeholders. An error names the member and what is allowed.
 */
#include <string.h>

#include "base/json.h"
#include "profile_check.h"

static int parse_parameter(struct profile_check *check, const char *name, json_t *json,
			   struct parameter *parameter, struct err *err)
{
	static const char *const MEMBERS[] = { "type", "default", "help", NULL };
	char names[ALLOWED_ROOM];
	struct err cause = { 0 };
	const char *type;

	rule__check_enter(check, "parameters.%s", name);
	if (rule__check_members(check, json, MEMBERS, err) < 0)
		return -(int)ERR_FORMAT;
	type = json_get_string(json, "type");
	if (!type || !rule__is_among(type, rule__parameter_types))
		return rule__check_failed(check, err, "type", "must be one of %s",
					  rule__join(rule__parameter_types, names, sizeof(names)));
	parameter->name = name;
	while (strcmp(type, rule__parameter_types[parameter->type]) != 0)
		parameter->type++;
	if (rule__parameter_assign(parameter, json_object_get(json, "default"), &cause) < 0)
		return cause.code == ERR_NOMEM
			       ? err_nomem(err)
			       : rule__check_failed(check, err, "default", "%s", cause.text);
	return 0;
}

static int parse_parameters(struct profile_check *check, const json_t *json, struct err *err)
{
	struct profile *profile = check->profile;
	json_t *parameters = json_object_get(json, "parameters"), *value;
	const char *key;

	if (!parameters)
		return 0;
	if (!json_is_object(parameters))
		return rule__check_failed(check, err, "parameters", "must be an object");
	profile->parameters = arena_alloc(&profile->arena, (json_object_size(parameters) + 1) *
								   sizeof(*profile->parameters));
	if (!profile->parameters)
		return err_nomem(err);
	json_object_foreach(parameters, key, value)
	{
		struct parameter *slot = &profile->parameters[profile->parameter_count++];

		if (parse_parameter(check, key, value, slot, err) < 0)
			return -(int)ERR_FORMAT;
	}
	check->where[0] = '\0';
	return 0;
}

static int parse_command(struct profile_check *check, json_t *json, struct profile_command *command,
			 struct err *err)
{
	static const char *const MEMBERS[] = { "title", "source", "command", NULL };

	if (rule__check_members(check, json, MEMBERS, err) < 0 ||
	    rule__check_text(check, json, "title", &command->title, err) < 0 ||
	    rule__check_text(check, json, "source", &command->source, err) < 0 ||
	    rule__check_text(check, json, "command", &command->command, err) < 0)
		return -(int)ERR_FORMAT;
	return rule__check_command(check, command->command, err);
}

static int parse_commands(struct profile_check *check, const json_t *json, struct err *err)
{
	struct profile *profile = check->profile;
	json_t *commands = json_object_get(json, "commands"), *value;
	size_t i;

	check->where[0] = '\0';
	if (!commands)
		return 0;
	if (!json_is_array(commands))
		return rule__check_failed(check, err, "commands", "must be an array");
	profile->commands = arena_alloc(&profile->arena, (json_array_size(commands) + 1) *
								 sizeof(*profile->commands));
	if (!profile->commands)
		return err_nomem(err);
	json_array_foreach(commands, i, value)
	{
		rule__check_enter(check, "commands[%zu]", i);
		if (parse_command(check, value, &profile->commands[profile->command_count++], err) <
		    0)
			return -(int)ERR_FORMAT;
	}
	return 0;
}

int rule__profile_parse(json_t *json, const char *file, struct profile **ret_profile,
			struct err *err)
{
	static const char *const MEMBERS[] = { "name",    "title",  "about",      "library",
					       "include", "remove", "parameters", "commands",
					       "rules",   NULL };
	CLEANUP(profile_freep) struct profile *profile = calloc(1, sizeof(*profile));

	if (!profile) {
		json_decref(json);
		return err_nomem(err);
	}
	profile->json = json;
	struct profile_check check = { .file = file, .profile = profile };
	if (rule__check_members(&check, json, MEMBERS, err) < 0 ||
	    rule__check_text(&check, json, "name", &profile->name, err) < 0 ||
	    rule__check_text(&check, json, "title", &profile->title, err) < 0 ||
	    parse_parameters(&check, json, err) < 0 || rule__profile_rules(&check, json, err) < 0 ||
	    parse_commands(&check, json, err) < 0)
		return err && err->code ? -(int)err->code : -(int)ERR_FORMAT;
	*ret_profile = STEAL(profile);
	return 0;
}
