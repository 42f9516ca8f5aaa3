/*
 * JSON to a profile. Everything is checked here, so that judging needs no
 * checks: members, types, names of predicates, cases, actions, parameters and
 * placeholders. An error names the member and what is allowed.
 */
#include "rule_priv.h"

#include <stdarg.h>
#include <string.h>

#include "base/json.h"
#include "rule/action.h"
#include "rule/command_text.h"
#include "rule/finding_text.h"

enum { ALLOWED_ROOM = 500, RULES_MOST = 1000 };

struct parser {
	const char *file;
	struct profile *profile;
	char where[200]; /* "rules[3].cases.missing", of the object being read */
};

static int PRINTF_LIKE(4, 5) bad(const struct parser *parser, struct err *err, const char *member,
				 const char *format, ...)
{
	char text[600];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	return err_set(err, ERR_FORMAT, "profile '%s': %s%s%s: %s", parser->file, parser->where,
		       parser->where[0] && member[0] ? "." : "", member, text);
}

static void PRINTF_LIKE(2, 3) enter(struct parser *parser, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(parser->where, sizeof(parser->where), format, args);
	va_end(args);
}

static bool is_among(const char *word, const char *const *words)
{
	for (size_t i = 0; words[i]; i++) {
		if (!strcmp(word, words[i]))
			return true;
	}
	return false;
}

/* 'value' is an object and has no members but those of 'allowed' (NULL-ended). */
static int check_members(const struct parser *parser, json_t *value, const char *const *allowed,
			 struct err *err)
{
	const char *key;
	json_t *member;
	char names[ALLOWED_ROOM];

	if (!json_is_object(value))
		return bad(parser, err, "", "must be an object");
	json_object_foreach(value, key, member)
	{
		if (!is_among(key, allowed))
			return bad(parser, err, key, "unknown member; allowed: %s",
				   allowed[0] ? rule__join(allowed, names, sizeof(names)) : "none");
	}
	return 0;
}

static int get_text(const struct parser *parser, const json_t *object, const char *key,
		    const char **ret_text, struct err *err)
{
	const char *text = json_get_string(object, key);

	if (!text || !text[0])
		return bad(parser, err, key, "must be a text");
	*ret_text = text;
	return 0;
}

/* Every "$name" in arguments is a parameter, and every argument is known. */
static int check_arguments(const struct parser *parser, json_t *arguments,
			   const char *const *allowed, struct err *err)
{
	const char *key;
	json_t *value;

	if (!arguments)
		return 0;
	if (check_members(parser, arguments, allowed, err) < 0)
		return -(int)ERR_FORMAT;
	json_object_foreach(arguments, key, value)
	{
		const char *text = json_string_value(value);

		if (text && text[0] == '$' && !rule__parameter_find(parser->profile, text + 1))
			return bad(parser, err, key, "no parameter '%s' is declared", text + 1);
	}
	return 0;
}

static int parse_severity(const struct parser *parser, const json_t *object,
			  enum severity *ret_severity, struct err *err)
{
	const char *name = json_get_string(object, "severity");

	if (!name || !severity_find(name, ret_severity))
		return bad(parser, err, "severity", "must be one of info, warning, error");
	return 0;
}

/* Placeholders are those of finding_text, or parameters. */
static int check_message(const struct parser *parser, const char *message, struct err *err)
{
	for (const char *open = message; (open = strchr(open, '{')); open++) {
		size_t len = strcspn(open + 1, "}");
		char name[64], known[ALLOWED_ROOM];

		if (open[1 + len] != '}' || len >= sizeof(name))
			return bad(parser, err, "message", "a '{' without its '}'");
		memcpy(name, open + 1, len);
		name[len] = '\0';
		if (!is_among(name, finding_placeholders()) &&
		    !rule__parameter_find(parser->profile, name))
			return bad(parser, err, "message",
				   "unknown '{%s}'; allowed: a parameter, %s", name,
				   rule__join(finding_placeholders(), known, sizeof(known)));
	}
	return 0;
}

/* Every placeholder of a command is known; other braces are the shell's. */
static int check_command(const struct parser *parser, const char *command, struct err *err)
{
	for (const char *open = command; (open = strchr(open, '{')); open++) {
		size_t len = command_placeholder(open);
		char name[64], known[ALLOWED_ROOM];

		if (!len)
			continue;
		snprintf(name, sizeof(name), "%.*s", (int)len, open + 1);
		if (!is_among(name, command_placeholders()) &&
		    !rule__parameter_find(parser->profile, name))
			return bad(parser, err, "command",
				   "unknown '{%s}'; allowed: a parameter, %s", name,
				   rule__join(command_placeholders(), known, sizeof(known)));
	}
	return 0;
}

static int parse_case(struct parser *parser, json_t *json, struct rule_case *ret_case,
		      struct err *err)
{
	static const char *const MEMBERS[] = { "severity", "message", NULL };

	if (check_members(parser, json, MEMBERS, err) < 0 ||
	    parse_severity(parser, json, &ret_case->severity, err) < 0 ||
	    get_text(parser, json, "message", &ret_case->message, err) < 0)
		return -(int)ERR_FORMAT;
	return check_message(parser, ret_case->message, err);
}

/* A member that is one of so many words, by its number; left alone where it is absent. */
static int parse_word(const struct parser *parser, const json_t *json, const char *key,
		      const char *const *words, size_t *ret_word, struct err *err)
{
	const char *name = json_get_string(json, key);
	char known[ALLOWED_ROOM];

	if (!json_object_get(json, key))
		return 0;
	for (size_t i = 0; name && words[i]; i++) {
		if (!strcmp(name, words[i])) {
			*ret_word = i;
			return 0;
		}
	}
	return bad(parser, err, key, "must be one of %s", rule__join(words, known, sizeof(known)));
}

static int parse_cases(struct parser *parser, json_t *json, const struct predicate *predicate,
		       struct rule *rule, struct err *err)
{
	json_t *cases = json_get_object(json, "cases"), *value;
	size_t most = SEVERITY_ERROR;
	const char *key;

	if (parse_word(parser, json, "at-most", rule__severities, &most, err) < 0)
		return -(int)ERR_FORMAT;
	if (!predicate->cases[0] && !json_object_get(json, "cases"))
		return 0;
	if (!json_object_size(cases))
		return bad(parser, err, "cases", "must be an object with at least one case");
	rule->cases = arena_alloc(&parser->profile->arena,
				  json_object_size(cases) * sizeof(*rule->cases));
	if (!rule->cases)
		return err_nomem(err);
	json_object_foreach(cases, key, value)
	{
		struct rule_case *slot = &rule->cases[rule->case_count++];
		char names[ALLOWED_ROOM];

		slot->name = key;
		enter(parser, "%s.cases.%s", rule->id, key);
		if (!is_among(key, predicate->cases))
			return bad(parser, err, "", "predicate '%s' has no such case; it has: %s",
				   predicate->name,
				   rule__join(predicate->cases, names, sizeof(names)));
		if (parse_case(parser, value, slot, err) < 0)
			return -(int)ERR_FORMAT;
		if (rule->certainty != CERTAINTY_EXACT && slot->severity == SEVERITY_ERROR)
			return bad(parser, err, "severity",
				   "at most warning, as the rule is not exact");
		if (slot->severity > (enum severity)most)
			slot->severity = (enum severity)most;
	}
	return 0;
}

/* A case that the predicate has and the rule does not word is no mistake: it never comes. */
static int check_when(const struct parser *parser, const struct rule *rule, const char *when,
		      struct err *err)
{
	if (is_among(when, rule__predicate_find(rule->predicate)->cases))
		return 0;
	return bad(parser, err, "when", "rule has no case '%s'", when);
}

static int unknown_action(const struct parser *parser, const char *name, struct err *err)
{
	const char *names[ACTIONS + 1] = { NULL };
	char text[ALLOWED_ROOM];

	for (enum action i = 0; i < ACTIONS; i++)
		names[i] = action_name(i);
	return bad(parser, err, "action", "no action '%s'; there are: %s", name,
		   rule__join(names, text, sizeof(text)));
}

static int parse_fix(struct parser *parser, json_t *json, const struct rule *rule,
		     struct rule_fix *fix, struct err *err)
{
	static const char *const MEMBERS[] = { "id",        "title",   "action", "when",
					       "arguments", "confirm", NULL };
	json_t *arguments = json_object_get(json, "arguments");
	enum action action;

	if (check_members(parser, json, MEMBERS, err) < 0 ||
	    get_text(parser, json, "id", &fix->id, err) < 0 ||
	    get_text(parser, json, "title", &fix->title, err) < 0 ||
	    get_text(parser, json, "action", &fix->action, err) < 0)
		return -(int)ERR_FORMAT;
	if (!action_find(fix->action, &action))
		return unknown_action(parser, fix->action, err);
	fix->arguments = arguments;
	fix->confirm = json_get_bool(json, "confirm", false);
	enter(parser, "%s.fixes.%s.arguments", rule->id, fix->id);
	return check_arguments(parser, arguments, action_arguments(action), err);
}

/* "when" is one case or a list of them: a fix for each. */
static int parse_when(struct parser *parser, const json_t *when, const struct rule_fix *fix,
		      struct rule *rule, struct err *err)
{
	size_t count = json_is_array(when) ? json_array_size(when) : 1;

	enter(parser, "%s.fixes.%s", rule->id, fix->id);
	for (size_t i = 0; i < count; i++) {
		const json_t *item = json_is_array(when) ? json_array_get(when, i) : when;
		struct rule_fix *slot = &rule->fixes[rule->fix_count];

		*slot = *fix;
		slot->when = json_string_value(item);
		if (item && !slot->when)
			return bad(parser, err, "when", "must be a case or a list of cases");
		if (item && check_when(parser, rule, slot->when, err) < 0)
			return -(int)ERR_FORMAT;
		rule->fix_count++;
	}
	return 0;
}

static int parse_fixes(struct parser *parser, json_t *json, struct rule *rule, struct err *err)
{
	json_t *fixes = json_object_get(json, "fixes"), *value;
	size_t room = 0, i;

	if (!fixes)
		return 0;
	enter(parser, "%s", rule->id);
	if (!json_is_array(fixes))
		return bad(parser, err, "fixes", "must be an array");
	json_array_foreach(fixes, i, value) room +=
		1 + json_array_size(json_object_get(value, "when"));
	rule->fixes = arena_alloc(&parser->profile->arena, (room + 1) * sizeof(*rule->fixes));
	if (!rule->fixes)
		return err_nomem(err);
	json_array_foreach(fixes, i, value)
	{
		struct rule_fix fix = { 0 };

		enter(parser, "%s.fixes[%zu]", rule->id, i);
		if (parse_fix(parser, value, rule, &fix, err) < 0 ||
		    parse_when(parser, json_object_get(value, "when"), &fix, rule, err) < 0)
			return -(int)ERR_FORMAT;
	}
	return 0;
}

/* How sure the rule is, what it is about, and what decides it where an image does not. */
static int parse_kind(const struct parser *parser, const json_t *json, struct rule *rule,
		      struct err *err)
{
	size_t certainty = CERTAINTY_EXACT, subject = SUBJECT_IMAGE;

	if (parse_word(parser, json, "certainty", rule__certainties, &certainty, err) < 0 ||
	    parse_word(parser, json, "subject", rule__subjects, &subject, err) < 0)
		return -(int)ERR_FORMAT;
	rule->certainty = (enum certainty)certainty;
	rule->subject = (enum rule_subject)subject;
	if (!json_object_get(json, "command"))
		return 0;
	if (get_text(parser, json, "command", &rule->command, err) < 0)
		return -(int)ERR_FORMAT;
	return check_command(parser, rule->command, err);
}

static int parse_predicate(const struct parser *parser, const json_t *json, struct rule *rule,
			   const struct predicate **ret_predicate, struct err *err)
{
	char names[ALLOWED_ROOM] = "";
	size_t used = 0;

	if (get_text(parser, json, "predicate", &rule->predicate, err) < 0)
		return -(int)ERR_FORMAT;
	*ret_predicate = rule__predicate_find(rule->predicate);
	if (*ret_predicate)
		return 0;
	for (size_t i = 0; rule__predicate(i) && used < sizeof(names); i++)
		used += (size_t)snprintf(names + used, sizeof(names) - used, "%s%s",
					 used ? ", " : "", rule__predicate(i)->name);
	return bad(parser, err, "predicate", "no predicate '%s'; there are: %s", rule->predicate,
		   names);
}

static int check_unique(const struct parser *parser, const struct rule *rule, struct err *err)
{
	for (const struct rule *other = parser->profile->rules; other < rule; other++) {
		if (!strcmp(other->id, rule->id))
			return bad(parser, err, "id", "'%s' is there twice", rule->id);
	}
	return 0;
}

static int parse_rule(struct parser *parser, json_t *json, struct rule *rule, struct err *err)
{
	static const char *const MEMBERS[] = { "id",        "title",   "source",    "predicate",
					       "cases",     "subject", "certainty", "command",
					       "arguments", "fixes",   "at-most",   NULL };
	const struct predicate *predicate;
	json_t *arguments = json_object_get(json, "arguments");

	if (check_members(parser, json, MEMBERS, err) < 0 ||
	    get_text(parser, json, "id", &rule->id, err) < 0 || check_unique(parser, rule, err) < 0)
		return -(int)ERR_FORMAT;
	enter(parser, "%s", rule->id);
	if (get_text(parser, json, "title", &rule->title, err) < 0 ||
	    get_text(parser, json, "source", &rule->source, err) < 0 ||
	    parse_kind(parser, json, rule, err) < 0 ||
	    parse_predicate(parser, json, rule, &predicate, err) < 0 ||
	    parse_cases(parser, json, predicate, rule, err) < 0)
		return -(int)ERR_FORMAT;
	enter(parser, "%s.arguments", rule->id);
	rule->arguments = arguments;
	if (check_arguments(parser, arguments, predicate->arguments, err) < 0)
		return -(int)ERR_FORMAT;
	return parse_fixes(parser, json, rule, err);
}

static int parse_rules(struct parser *parser, const json_t *json, struct err *err)
{
	struct profile *profile = parser->profile;
	json_t *rules = json_get_array(json, "rules");
	size_t count = json_array_size(rules);

	if (!count || count > RULES_MOST)
		return bad(parser, err, "rules", "must be an array of 1 to %d rules", RULES_MOST);
	profile->rules = arena_alloc(&profile->arena, count * sizeof(*profile->rules));
	if (!profile->rules)
		return err_nomem(err);
	for (size_t i = 0; i < count; i++) {
		enter(parser, "rules[%zu]", i);
		if (parse_rule(parser, json_array_get(rules, i), &profile->rules[i], err) < 0)
			return -(int)ERR_FORMAT;
		profile->rule_count++;
	}
	return 0;
}

static int parse_parameter(struct parser *parser, const char *name, json_t *json,
			   struct parameter *parameter, struct err *err)
{
	static const char *const MEMBERS[] = { "type", "default", "help", NULL };
	char names[ALLOWED_ROOM];
	struct err cause = { 0 };
	const char *type;

	enter(parser, "parameters.%s", name);
	if (check_members(parser, json, MEMBERS, err) < 0)
		return -(int)ERR_FORMAT;
	type = json_get_string(json, "type");
	if (!type || !is_among(type, rule__parameter_types))
		return bad(parser, err, "type", "must be one of %s",
			   rule__join(rule__parameter_types, names, sizeof(names)));
	parameter->name = name;
	while (strcmp(type, rule__parameter_types[parameter->type]) != 0)
		parameter->type++;
	if (rule__parameter_assign(parameter, json_object_get(json, "default"), &cause) < 0)
		return cause.code == ERR_NOMEM ? err_nomem(err)
					       : bad(parser, err, "default", "%s", cause.text);
	return 0;
}

static int parse_parameters(struct parser *parser, const json_t *json, struct err *err)
{
	struct profile *profile = parser->profile;
	json_t *parameters = json_object_get(json, "parameters"), *value;
	const char *key;

	if (!parameters)
		return 0;
	if (!json_is_object(parameters))
		return bad(parser, err, "parameters", "must be an object");
	profile->parameters = arena_alloc(&profile->arena, (json_object_size(parameters) + 1) *
								   sizeof(*profile->parameters));
	if (!profile->parameters)
		return err_nomem(err);
	json_object_foreach(parameters, key, value)
	{
		struct parameter *slot = &profile->parameters[profile->parameter_count++];

		if (parse_parameter(parser, key, value, slot, err) < 0)
			return -(int)ERR_FORMAT;
	}
	parser->where[0] = '\0';
	return 0;
}

static int parse_command(struct parser *parser, json_t *json, struct profile_command *command,
			 struct err *err)
{
	static const char *const MEMBERS[] = { "title", "source", "command", NULL };

	if (check_members(parser, json, MEMBERS, err) < 0 ||
	    get_text(parser, json, "title", &command->title, err) < 0 ||
	    get_text(parser, json, "source", &command->source, err) < 0 ||
	    get_text(parser, json, "command", &command->command, err) < 0)
		return -(int)ERR_FORMAT;
	return check_command(parser, command->command, err);
}

static int parse_commands(struct parser *parser, const json_t *json, struct err *err)
{
	struct profile *profile = parser->profile;
	json_t *commands = json_object_get(json, "commands"), *value;
	size_t i;

	parser->where[0] = '\0';
	if (!commands)
		return 0;
	if (!json_is_array(commands))
		return bad(parser, err, "commands", "must be an array");
	profile->commands = arena_alloc(&profile->arena, (json_array_size(commands) + 1) *
								 sizeof(*profile->commands));
	if (!profile->commands)
		return err_nomem(err);
	json_array_foreach(commands, i, value)
	{
		enter(parser, "commands[%zu]", i);
		if (parse_command(parser, value, &profile->commands[profile->command_count++],
				  err) < 0)
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
	struct parser parser = { .file = file, .profile = profile };
	if (check_members(&parser, json, MEMBERS, err) < 0 ||
	    get_text(&parser, json, "name", &profile->name, err) < 0 ||
	    get_text(&parser, json, "title", &profile->title, err) < 0 ||
	    parse_parameters(&parser, json, err) < 0 || parse_rules(&parser, json, err) < 0 ||
	    parse_commands(&parser, json, err) < 0)
		return err && err->code ? -(int)err->code : -(int)ERR_FORMAT;
	*ret_profile = STEAL(profile);
	return 0;
}
