/*
 * One value against its row: type, range, length, pattern. A pattern is matched
 * whole, as the services do; they run the same patterns only after the upload.
 */
#include <inttypes.h>
#include <string.h>

#include "base/pattern.h"
#include "base/text.h"
#include "request_priv.h"

bool request__matches(const char *pattern, const char *text)
{
	CLEANUP(pattern_freep) struct pattern *compiled = NULL;
	CLEANUP(freep) char *whole = NULL;

	if (asprintf(&whole, "\\A(?:%s)\\z", pattern) < 0) {
		whole = NULL;
		return false;
	}
	return pattern_new(whole, PATTERN_REGEX, 0, &compiled, NULL) == 0 &&
	       pattern_match(compiled, text, strlen(text), NULL);
}

/* Characters of UTF-8: bytes that do not go on with one. */
static long long characters(const char *text, size_t len)
{
	long long count = 0;

	for (size_t i = 0; i < len; i++)
		count += ((unsigned char)text[i] & 0xc0) != 0x80;
	return count;
}

/* The field for people: its place in the JSON, where it has one. */
static const char *place(const struct request_field *field)
{
	return field->path ? field->path : field->help;
}

static int check_number(struct request_maker *maker, const struct request_field *field,
			const char *text, struct err *err)
{
	size_t len = strlen(text);
	long long number = 0;

	if (len == 0 || len > 15 || strspn(text, "0123456789") != len)
		return request__error(maker, err, "%s: '%s' is no whole number (%s)", field->name,
				      text, place(field));
	number = strtoll(text, NULL, 10);
	if (number >= field->least && number <= field->most)
		return 0;
	return request__error(maker, err, "%s: %s is not in %lld to %lld (%s; %s)", field->name,
			      text, field->least, field->most, place(field), field->source);
}

static int check_length(struct request_maker *maker, const struct request_field *field,
			const char *what, const char *text, long long limits[2], struct err *err)
{
	long long count = characters(text, strlen(text));

	if (!limits[1] || (count >= limits[0] && count <= limits[1]))
		return 0;
	return request__error(maker, err,
			      "%s: %s '%.60s' has %lld characters, %lld to %lld are allowed (%s; %s)",
			      field->name, what, text, count, limits[0], limits[1], place(field),
			      field->source);
}

static int check_pattern(struct request_maker *maker, const struct request_field *field,
			 const char *pattern, const char *text, struct err *err)
{
	if (!pattern || request__matches(pattern, text))
		return 0;
	return request__error(maker, err, "%s: '%.200s' does not match %s (%s; %s)%s%s",
			      field->name, text, pattern, place(field), field->source,
			      field->example ? ", as " : "", field->example ? field->example : "");
}

static int check_text(struct request_maker *maker, const struct request_field *field,
		      const char *text, struct err *err)
{
	long long limits[2] = { field->least, field->most };
	size_t before = maker->request->errors.count;

	if (check_length(maker, field, "the value", text, limits, err) < 0)
		return -ERR_NOMEM;
	if (maker->request->errors.count > before)
		return 0;
	if (check_pattern(maker, field, field->pattern, text, err) < 0)
		return -ERR_NOMEM;
	if (!field->usual || maker->request->errors.count > before ||
	    request__matches(field->usual, text))
		return 0;
	return request__warn(maker, err, "%s: '%s' is unusual: most match %s", field->name, text,
			     field->usual);
}

/* ---- maps ---- */

size_t request__key(const struct request_field *field, const char *text, const char **ret_key,
		    const char **ret_value)
{
	const char *equals = strchr(text, '=');
	char name[300];

	snprintf(name, sizeof(name), "%.*s", equals ? (int)(equals - text) : 0, text);
	if (field->key_otherwise && !request__matches(field->key_pattern, name)) {
		*ret_key = field->key_otherwise;
		*ret_value = text;
		return strlen(*ret_key);
	}
	*ret_key = text;
	*ret_value = equals ? equals + 1 : text + strlen(text);
	return equals ? (size_t)(equals - text) : strlen(text);
}

static bool same_key(const struct request_field *field, const char *a, const char *b)
{
	const char *keys[2], *value;
	size_t len = request__key(field, a, &keys[0], &value);

	return len == request__key(field, b, &keys[1], &value) && !memcmp(keys[0], keys[1], len);
}

static int check_entry(struct request_maker *maker, const struct request_field *field,
		       const char *text, struct err *err)
{
	long long limits[2] = { 1, field->key_most };
	const char *start, *value;
	size_t len = request__key(field, text, &start, &value);
	CLEANUP(freep) char *key = strndup(start, len);

	if (!key)
		return err_nomem(err);
	if (!field->key_otherwise && !strchr(text, '='))
		return request__error(maker, err, "%s: '%s' is no NAME=VALUE (%s)", field->name,
				      text, place(field));
	if (check_length(maker, field, "the name", key, limits, err) < 0 ||
	    check_pattern(maker, field, field->key_pattern, key, err) < 0)
		return -ERR_NOMEM;
	if (field->is_public && request__matches("(?i).*(SECRET|TOKEN|PASSW|API_?KEY).*", key) &&
	    request__warn(maker, err,
			  "%s: '%s' looks like a secret, and everybody who may see the job can read it",
			  field->name, key) < 0)
		return -ERR_NOMEM;
	return check_text(maker, field, value, err);
}

static int check_twice(struct request_maker *maker, const struct request_field *field,
		       const struct request_values *values, size_t i, struct err *err)
{
	const char *text = values->items.items[i];

	for (size_t k = 0; k < i; k++) {
		const char *other = values->items.items[k];
		bool same = field->type == REQUEST_MAP ? same_key(field, text, other)
						       : !strcmp(text, other);

		if (same && field->type == REQUEST_MAP)
			return request__error(maker, err, "%s: '%s' has a name that '%s' has too",
					      field->name, text, other);
		if (same && field->usual)
			return request__warn(maker, err, "%s: '%s' is given twice", field->name,
					     text);
	}
	return 0;
}

/* ---- a field ---- */

static int check_value(struct request_maker *maker, const struct request_field *field,
		       const char *text, struct err *err)
{
	switch (field->type) {
	case REQUEST_INT:
		return check_number(maker, field, text, err);
	case REQUEST_BOOL:
		if (!strcmp(text, "true") || !strcmp(text, "false"))
			return 0;
		return request__error(maker, err, "%s: '%s' is neither true nor false (%s)",
				      field->name, text, place(field));
	case REQUEST_MAP:
		return check_entry(maker, field, text, err);
	case REQUEST_TEXT:
	case REQUEST_LIST:
		return check_text(maker, field, text, err);
	case REQUEST_JSON:
		break;
	}
	return 0;
}

int request__check_field(struct request_maker *maker, const struct request_field *field,
			 const struct request_values *values, struct err *err)
{
	size_t count = values->items.count;
	bool many = field->type == REQUEST_LIST || field->type == REQUEST_MAP;

	if (!many && count > 1)
		return request__error(maker, err, "%s: is given %zu times (%s)", field->name, count,
				      place(field));
	if (many && field->items_most && count > field->items_most)
		return request__error(maker, err, "%s: %zu of them, at most %zu are allowed (%s; %s)",
				      field->name, count, field->items_most, place(field),
				      field->source);
	for (size_t i = 0; i < count; i++) {
		const char *text = values->items.items[i];

		if (!text_is_utf8(text, strlen(text))) {
			if (request__error(maker, err, "%s: '%s' is no UTF-8", field->name, text) < 0)
				return -ERR_NOMEM;
			continue;
		}
		if (check_value(maker, field, text, err) < 0 ||
		    (many && check_twice(maker, field, values, i, err) < 0))
			return -ERR_NOMEM;
	}
	return 0;
}
