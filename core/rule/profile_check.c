/* What is asked of the members of a profile; see profile_check.h. */
#include "profile_check.h"

#include <stdarg.h>
#include <string.h>

#include "base/json.h"
#include "rule/command_text.h"
#include "rule/finding_text.h"

int rule__check_failed(const struct profile_check *check, struct err *err, const char *member,
		       const char *format, ...)
{
	char text[600];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	return err_set(err, ERR_FORMAT, "profile '%s': %s%s%s: %s", check->file, check->where,
		       check->where[0] && member[0] ? "." : "", member, text);
}

void rule__check_enter(struct profile_check *check, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(check->where, sizeof(check->where), format, args);
	va_end(args);
}

bool rule__is_among(const char *word, const char *const *words)
{
	for (size_t i = 0; words[i]; i++) {
		if (!strcmp(word, words[i]))
			return true;
	}
	return false;
}

int rule__check_members(const struct profile_check *check, json_t *value,
			const char *const *allowed, struct err *err)
{
	const char *key;
	json_t *member;
	char names[ALLOWED_ROOM];

	if (!json_is_object(value))
		return rule__check_failed(check, err, "", "must be an object");
	json_object_foreach(value, key, member)
	{
		if (!rule__is_among(key, allowed))
			return rule__check_failed(
				check, err, key, "unknown member; allowed: %s",
				allowed[0] ? rule__join(allowed, names, sizeof(names)) : "none");
	}
	return 0;
}

int rule__check_text(const struct profile_check *check, const json_t *object, const char *key,
		     const char **ret_text, struct err *err)
{
	const char *text = json_get_string(object, key);

	if (!text || !text[0])
		return rule__check_failed(check, err, key, "must be a text");
	*ret_text = text;
	return 0;
}

int rule__check_arguments(const struct profile_check *check, json_t *arguments,
			  const char *const *allowed, struct err *err)
{
	const char *key;
	json_t *value;

	if (!arguments)
		return 0;
	if (rule__check_members(check, arguments, allowed, err) < 0)
		return -(int)ERR_FORMAT;
	json_object_foreach(arguments, key, value)
	{
		const char *text = json_string_value(value);

		if (text && text[0] == '$' && !rule__parameter_find(check->profile, text + 1))
			return rule__check_failed(check, err, key, "no parameter '%s' is declared",
						  text + 1);
	}
	return 0;
}

int rule__check_message(const struct profile_check *check, const char *message, struct err *err)
{
	for (const char *open = message; (open = strchr(open, '{')); open++) {
		size_t len = strcspn(open + 1, "}");
		char name[64], known[ALLOWED_ROOM];

		if (open[1 + len] != '}' || len >= sizeof(name))
			return rule__check_failed(check, err, "message", "a '{' without its '}'");
		memcpy(name, open + 1, len);
		name[len] = '\0';
		if (!rule__is_among(name, finding_placeholders()) &&
		    !rule__parameter_find(check->profile, name))
			return rule__check_failed(
				check, err, "message", "unknown '{%s}'; allowed: a parameter, %s",
				name, rule__join(finding_placeholders(), known, sizeof(known)));
	}
	return 0;
}

int rule__check_command(const struct profile_check *check, const char *command, struct err *err)
{
	for (const char *open = command; (open = strchr(open, '{')); open++) {
		size_t len = command_placeholder(open);
		char name[64], known[ALLOWED_ROOM];

		if (!len)
			continue;
		snprintf(name, sizeof(name), "%.*s", (int)len, open + 1);
		if (!rule__is_among(name, command_placeholders()) &&
		    !rule__parameter_find(check->profile, name))
			return rule__check_failed(
				check, err, "command", "unknown '{%s}'; allowed: a parameter, %s",
				name, rule__join(command_placeholders(), known, sizeof(known)));
	}
	return 0;
}

int rule__check_word(const struct profile_check *check, const json_t *json, const char *key,
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
	return rule__check_failed(check, err, key, "must be one of %s",
				  rule__join(words, known, sizeof(known)));
}
