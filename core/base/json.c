/* jansson with limits in front; see base/json.h. */
#include "base/json.h"

#include <inttypes.h>
#include <string.h>

#include "base/text.h"

/* The deepest nesting of arrays and objects; strings are passed over. */
static uint64_t json_depth(const char *bytes, size_t len)
{
	uint64_t depth = 0, deepest = 0;
	bool in_string = false;

	for (size_t i = 0; i < len; i++) {
		if (in_string && bytes[i] == '\\')
			i++;
		else if (bytes[i] == '"')
			in_string = !in_string;
		else if (!in_string && (bytes[i] == '[' || bytes[i] == '{'))
			deepest = ++depth > deepest ? depth : deepest;
		else if (!in_string && (bytes[i] == ']' || bytes[i] == '}') && depth > 0)
			depth--;
	}
	return deepest;
}

int json_parse(const char *bytes, size_t len, const char *what, const struct limits *limits,
	       struct problem_list *problems, json_t **ret_json, struct err *err)
{
	json_error_t failure;
	json_t *json;

	if (!limits)
		limits = limits_default();
	if (limits_check(len, limits->json_bytes, "bytes of JSON", err) < 0 ||
	    limits_check(json_depth(bytes, len), limits->json_depth, "nesting of JSON", err) < 0)
		return err_wrap(err, "%s", what);
	json = json_loadb(bytes, len, JSON_REJECT_DUPLICATES, &failure);
	if (!json && json_error_code(&failure) == json_error_duplicate_key) {
		problem_add(problems, PROBLEM_DUPLICATE_KEY, PROBLEM_NOWHERE,
			    "%s: %s, the last one counts", what, failure.text);
		json = json_loadb(bytes, len, 0, &failure);
	}
	if (!json)
		return err_set(err, ERR_FORMAT, "%s: line %d, column %d: %s", what, failure.line,
			       failure.column, failure.text);
	*ret_json = json;
	return 0;
}

const char *json_get_string(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

json_t *json_get_object(const json_t *object, const char *key)
{
	json_t *value = json_object_get(object, key);

	return json_is_object(value) ? value : NULL;
}

json_t *json_get_array(const json_t *object, const char *key)
{
	json_t *value = json_object_get(object, key);

	return json_is_array(value) ? value : NULL;
}

bool json_get_bool(const json_t *object, const char *key, bool absent)
{
	const json_t *value = json_object_get(object, key);

	return json_is_boolean(value) ? json_is_true(value) : absent;
}

json_int_t json_get_int(const json_t *object, const char *key, json_int_t absent)
{
	const json_t *value = json_object_get(object, key);

	return json_is_integer(value) ? json_integer_value(value) : absent;
}

/* Length of the strict UTF-8 character at the beginning; 0 if there is none. */
static size_t utf8_length(const char *bytes, size_t len)
{
	for (size_t n = 1; n <= 4 && n <= len; n++) {
		if (text_is_utf8(bytes, n))
			return n;
	}
	return 0;
}

json_t *json_from_bytes(const char *bytes, size_t len)
{
	static const char replacement[] = "\xef\xbf\xbd";
	CLEANUP(freep) char *text = NULL;
	size_t used = 0;

	if (text_is_utf8(bytes, len))
		return json_stringn(bytes, len);
	text = malloc(len * 3);
	if (!text)
		return NULL;
	while (len > 0) {
		size_t n = utf8_length(bytes, len);

		memcpy(text + used, n ? bytes : replacement, n ? n : 3);
		used += n ? n : 3;
		bytes += n ? n : 1;
		len -= n ? n : 1;
	}
	return json_stringn(text, used);
}

static const char BASE64[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

char *json_base64(const void *bytes, size_t len)
{
	const unsigned char *p = bytes;
	char *text = malloc((len + 2) / 3 * 4 + 1), *out = text;

	if (!text)
		return NULL;
	for (; len > 0; p += 3) {
		uint32_t bits = (uint32_t)p[0] << 16 | (len > 1 ? (uint32_t)p[1] << 8 : 0) |
				(len > 2 ? p[2] : 0);

		*out++ = BASE64[bits >> 18];
		*out++ = BASE64[bits >> 12 & 63];
		*out++ = len > 1 ? BASE64[bits >> 6 & 63] : '=';
		*out++ = len > 2 ? BASE64[bits & 63] : '=';
		len -= len < 3 ? len : 3;
	}
	*out = '\0';
	return text;
}

/* The bytes and a NUL; NULL if the text is no base64 (or out of memory: *ret_len is SIZE_MAX). */
static char *base64_decode(const char *text, size_t *ret_len)
{
	size_t len = strlen(text), used = 0;
	char *bytes = malloc(len / 4 * 3 + 1);

	*ret_len = SIZE_MAX;
	if (!bytes)
		return NULL;
	*ret_len = 0;
	if (len % 4 != 0)
		goto damaged;
	for (size_t i = 0; i < len; i += 4) {
		bool last = i + 4 == len;
		unsigned pads = last && text[i + 3] == '=' ? (text[i + 2] == '=' ? 2 : 1) : 0;
		uint32_t bits = 0;

		for (unsigned j = 0; j < 4; j++) {
			const char *digit = j >= 4 - pads ? BASE64 : strchr(BASE64, text[i + j]);

			if (!digit || !*digit)
				goto damaged;
			bits = bits << 6 | (uint32_t)(digit - BASE64);
		}
		for (unsigned j = 0; j < 3 - pads; j++)
			bytes[used++] = (char)(bits >> (16 - 8 * j));
	}
	bytes[used] = '\0';
	*ret_len = used;
	return bytes;
damaged:
	free(bytes);
	return NULL;
}

int json_set_bytes(json_t *object, const char *key, const char *bytes, size_t len, struct err *err)
{
	CLEANUP(freep) char *text = NULL;
	char key_base64[64];

	if (text_is_utf8(bytes, len) && !memchr(bytes, '\0', len)) {
		json_t *plain = json_stringn(bytes, len);

		return json_object_set_new(object, key, plain) < 0 ? err_nomem(err) : 0;
	}
	text = json_base64(bytes, len);
	snprintf(key_base64, sizeof(key_base64), "%s_base64", key);
	if (!text || json_object_set_new(object, key_base64, json_string(text)) < 0)
		return err_nomem(err);
	return 0;
}

int json_get_bytes(const json_t *object, const char *key, char **ret_bytes, size_t *ret_len,
		   struct err *err)
{
	const json_t *plain = json_object_get(object, key);
	const char *text;
	char key_base64[64];

	if (json_is_string(plain)) {
		size_t len = json_string_length(plain);
		char *copy = malloc(len + 1);

		if (!copy)
			return err_nomem(err);
		memcpy(copy, json_string_value(plain), len + 1);
		*ret_bytes = copy;
		*ret_len = len;
		return 0;
	}
	snprintf(key_base64, sizeof(key_base64), "%s_base64", key);
	text = json_get_string(object, key_base64);
	if (!text)
		return err_set(err, ERR_FORMAT, "%s: is not there", key);
	*ret_bytes = base64_decode(text, ret_len);
	if (*ret_bytes)
		return 0;
	return *ret_len == SIZE_MAX ? err_nomem(err)
				    : err_set(err, ERR_FORMAT, "%s: is no base64", key_base64);
}
