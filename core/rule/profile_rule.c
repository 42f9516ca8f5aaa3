/*
 * The rules of a profile: cases that their predicates have, arguments that are
 * known, fixes whose actions there are.
 */
#include <string.h>

#include "base/json.h"
#include "profile_check.h"
#include "rule/action.h"

enum { RULES_MOST = 1000 };

static int parse_severity(const struct profile_check *check, const json_t *object,
			  enum severity *ret_severity, struct err *err)
{
	const char *name = json_get_string(object, "severity");

	if (!name || !severity_find(name, ret_severity))
		return rule__check_failed(check, err, "severity",
					  "must be one of info, warning, error");
	return 0;
}

static int parse_case(struct profile_check *check, json_t *json, struct rule_case *ret_case,
		      struct err *err)
{
	static const char *const MEMBERS[] = { "severity", "message", NULL };

	if (rule__check_members(check, json, MEMBERS, err) < 0 ||
	    parse_severity(check, json, &ret_case->severity, err) < 0 ||
	    rule__check_text(check, json, "message", &ret_case->message, err) < 0)
		return -(int)ERR_FORMAT;
	return rule__check_message(check, ret_case->message, err);
}

static int parse_cases(struct profile_check *check, json_t *json, const struct predicate *predicate,
		       struct rule *rule, struct err *err)
{
	json_t *cases = json_get_object(json, "cases"), *value;
	size_t most = SEVERITY_ERROR;
	const char *key;

	if (rule__check_word(check, json, "at-most", rule__severities, &most, err) < 0)
		return -(int)ERR_FORMAT;
	if (!predicate->cases[0] && !json_object_get(json, "cases"))
		return 0;
	if (!json_object_size(cases))
		return rule__check_failed(check, err, "cases",
					  "must be an object with at least one case");
	rule->cases =
		arena_alloc(&check->profile->arena, json_object_size(cases) * sizeof(*rule->cases));
	if (!rule->cases)
		return err_nomem(err);
	json_object_foreach(cases, key, value)
	{
		struct rule_case *slot = &rule->cases[rule->case_count++];
		char names[ALLOWED_ROOM];

		slot->name = key;
		rule__check_enter(check, "%s.cases.%s", rule->id, key);
		if (!rule__is_among(key, predicate->cases))
			return rule__check_failed(
				check, err, "", "predicate '%s' has no such case; it has: %s",
				predicate->name,
				rule__join(predicate->cases, names, sizeof(names)));
		if (parse_case(check, value, slot, err) < 0)
			return -(int)ERR_FORMAT;
		if (rule->certainty != CERTAINTY_EXACT && slot->severity == SEVERITY_ERROR)
			return rule__check_failed(check, err, "severity",
						  "at most warning, as the rule is not exact");
		if (slot->severity > (enum severity)most)
			slot->severity = (enum severity)most;
	}
	return 0;
}

/* A case that the predicate has and the rule does not word is no mistake: it never comes. */
static int check_when(const struct profile_check *check, const struct rule *rule, const char *when,
		      struct err *err)
{
	if (rule__is_among(when, rule__predicate_find(rule->predicate)->cases))
		return 0;
	return rule__check_failed(check, err, "when", "rule has no case '%s'", when);
}

static int unknown_action(const struct profile_check *check, const char *name, struct err *err)
{
	const char *names[ACTIONS + 1] = { NULL };
	char text[ALLOWED_ROOM];

	for (enum action i = 0; i < ACTIONS; i++)
		names[i] = action_name(i);
	return rule__check_failed(check, err, "action", "no action '%s'; there are: %s", name,
				  rule__join(names, text, sizeof(text)));
}

static int parse_fix(struct profile_check *check, json_t *json, const struct rule *rule,
		     struct rule_fix *fix, struct err *err)
{
	static const char *const MEMBERS[] = { "id",        "title",   "action", "when",
					       "arguments", "confirm", NULL };
	json_t *arguments = json_object_get(json, "arguments");
	enum action action;

	if (rule__check_members(check, json, MEMBERS, err) < 0 ||
	    rule__check_text(check, json, "id", &fix->id, err) < 0 ||
	    rule__check_text(check, json, "title", &fix->title, err) < 0 ||
	    rule__check_text(check, json, "action", &fix->action, err) < 0)
		return -(int)ERR_FORMAT;
	if (!action_find(fix->action, &action))
		return unknown_action(check, fix->action, err);
	fix->arguments = arguments;
	fix->confirm = json_get_bool(json, "confirm", false);
	rule__check_enter(check, "%s.fixes.%s.arguments", rule->id, fix->id);
	return rule__check_arguments(check, arguments, action_arguments(action), err);
}

/* "when" is one case or a list of them: a fix for each. */
static int parse_when(struct profile_check *check, const json_t *when, const struct rule_fix *fix,
		      struct rule *rule, struct err *err)
{
	size_t count = json_is_array(when) ? json_array_size(when) : 1;

	rule__check_enter(check, "%s.fixes.%s", rule->id, fix->id);
	for (size_t i = 0; i < count; i++) {
		const json_t *item = json_is_array(when) ? json_array_get(when, i) : when;
		struct rule_fix *slot = &rule->fixes[rule->fix_count];

		*slot = *fix;
		slot->when = json_string_value(item);
		if (item && !slot->when)
			return rule__check_failed(check, err, "when",
						  "must be a case or a list of cases");
		if (item && check_when(check, rule, slot->when, err) < 0)
			return -(int)ERR_FORMAT;
		rule->fix_count++;
	}
	return 0;
}

static int parse_fixes(struct profile_check *check, json_t *json, struct rule *rule,
		       struct err *err)
{
	json_t *fixes = json_object_get(json, "fixes"), *value;
	size_t room = 0, i;

	if (!fixes)
		return 0;
	rule__check_enter(check, "%s", rule->id);
	if (!json_is_array(fixes))
		return rule__check_failed(check, err, "fixes", "must be an array");
	json_array_foreach(fixes, i, value) room +=
		1 + json_array_size(json_object_get(value, "when"));
	rule->fixes = arena_alloc(&check->profile->arena, (room + 1) * sizeof(*rule->fixes));
	if (!rule->fixes)
		return err_nomem(err);
	json_array_foreach(fixes, i, value)
	{
		struct rule_fix fix = { 0 };

		rule__check_enter(check, "%s.fixes[%zu]", rule->id, i);
		if (parse_fix(check, value, rule, &fix, err) < 0 ||
		    parse_when(check, json_object_get(value, "when"), &fix, rule, err) < 0)
			return -(int)ERR_FORMAT;
	}
	return 0;
}

/* How sure the rule is, what it is about, and what decides it where an image does not. */
static int parse_kind(const struct profile_check *check, const json_t *json, struct rule *rule,
		      struct err *err)
{
	size_t certainty = CERTAINTY_EXACT, subject = SUBJECT_IMAGE;

	if (rule__check_word(check, json, "certainty", rule__certainties, &certainty, err) < 0 ||
	    rule__check_word(check, json, "subject", rule__subjects, &subject, err) < 0)
		return -(int)ERR_FORMAT;
	rule->certainty = (enum certainty)certainty;
	rule->subject = (enum rule_subject)subject;
	if (!json_object_get(json, "command"))
		return 0;
	if (rule__check_text(check, json, "command", &rule->command, err) < 0)
		return -(int)ERR_FORMAT;
	return rule__check_command(check, rule->command, err);
}

static int parse_predicate(const struct profile_check *check, const json_t *json, struct rule *rule,
			   const struct predicate **ret_predicate, struct err *err)
{
	char names[ALLOWED_ROOM] = "";
	size_t used = 0;

	if (rule__check_text(check, json, "predicate", &rule->predicate, err) < 0)
		return -(int)ERR_FORMAT;
	*ret_predicate = rule__predicate_find(rule->predicate);
	if (*ret_predicate)
		return 0;
	for (size_t i = 0; rule__predicate(i) && used < sizeof(names); i++)
		used += (size_t)snprintf(names + used, sizeof(names) - used, "%s%s",
					 used ? ", " : "", rule__predicate(i)->name);
	return rule__check_failed(check, err, "predicate", "no predicate '%s'; there are: %s",
				  rule->predicate, names);
}

static int check_unique(const struct profile_check *check, const struct rule *rule, struct err *err)
{
	for (const struct rule *other = check->profile->rules; other < rule; other++) {
		if (!strcmp(other->id, rule->id))
			return rule__check_failed(check, err, "id", "'%s' is there twice",
						  rule->id);
	}
	return 0;
}

static int parse_rule(struct profile_check *check, json_t *json, struct rule *rule, struct err *err)
{
	static const char *const MEMBERS[] = { "id",        "title",   "source",    "predicate",
					       "cases",     "subject", "certainty", "command",
					       "arguments", "fixes",   "at-most",   NULL };
	const struct predicate *predicate;
	json_t *arguments = json_object_get(json, "arguments");

	if (rule__check_members(check, json, MEMBERS, err) < 0 ||
	    rule__check_text(check, json, "id", &rule->id, err) < 0 ||
	    check_unique(check, rule, err) < 0)
		return -(int)ERR_FORMAT;
	rule__check_enter(check, "%s", rule->id);
	if (rule__check_text(check, json, "title", &rule->title, err) < 0 ||
	    rule__check_text(check, json, "source", &rule->source, err) < 0 ||
	    parse_kind(check, json, rule, err) < 0 ||
	    parse_predicate(check, json, rule, &predicate, err) < 0 ||
	    parse_cases(check, json, predicate, rule, err) < 0)
		return -(int)ERR_FORMAT;
	rule__check_enter(check, "%s.arguments", rule->id);
	rule->arguments = arguments;
	if (rule__check_arguments(check, arguments, predicate->arguments, err) < 0)
		return -(int)ERR_FORMAT;
	return parse_fixes(check, json, rule, err);
}

int rule__profile_rules(struct profile_check *check, const json_t *json, struct err *err)
{
	struct profile *profile = check->profile;
	json_t *rules = json_get_array(json, "rules");
	size_t count = json_array_size(rules);

	if (!count || count > RULES_MOST)
		return rule__check_failed(check, err, "rules", "must be an array of 1 to %d rules",
					  RULES_MOST);
	profile->rules = arena_alloc(&profile->arena, count * sizeof(*profile->rules));
	if (!profile->rules)
		return err_nomem(err);
	for (size_t i = 0; i < count; i++) {
		rule__check_enter(check, "rules[%zu]", i);
		if (parse_rule(check, json_array_get(rules, i), &profile->rules[i], err) < 0)
			return -(int)ERR_FORMAT;
		profile->rule_count++;
	}
	return 0;
}
