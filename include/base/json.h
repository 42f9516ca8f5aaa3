/*
 * JSON from an image or a user, on jansson: size and depth are limited before
 * anything is built, and errors name line and column. jansson's own
 * json_decrefp() is for CLEANUP().
 */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/limits.h"
#include "base/problem.h"

/*
 * Parse untrusted bytes. Duplicate keys: the last one wins, as with Go, and
 * 'problems' (may be NULL) hears of it. 'what' names the document in errors.
 * ERR_FORMAT (line and column), ERR_LIMIT, ERR_NOMEM.
 */
int json_parse(const char *bytes, size_t len, const char *what, const struct limits *limits,
	       struct problem_list *problems, json_t **ret_json, struct err *err);

/*
 * Borrowed members of an object, NULL where absent, null, or of another type.
 * 'object' may be NULL or no object.
 */
const char *json_get_string(const json_t *object, const char *key);
json_t *json_get_object(const json_t *object, const char *key);
json_t *json_get_array(const json_t *object, const char *key);
bool json_get_bool(const json_t *object, const char *key, bool absent);
json_int_t json_get_int(const json_t *object, const char *key, json_int_t absent);

/*
 * A string of an image as JSON: itself where it is UTF-8, else with every bad
 * byte as U+FFFD. New reference; NULL: out of memory.
 */
json_t *json_from_bytes(const char *bytes, size_t len);

/* The bytes in base64; NULL: out of memory. Free with free(). */
char *json_base64(const void *bytes, size_t len);

/*
 * Add member 'key' for the bytes; where they are not UTF-8, "<key>_base64"
 * holds them instead. 0 or -ERR_NOMEM.
 */
int json_set_bytes(json_t *object, const char *key, const char *bytes, size_t len,
		   struct err *err);

/*
 * The bytes that json_set_bytes() stored: NUL added, to be freed with free().
 * ERR_FORMAT if neither member is there or the base64 is damaged, ERR_NOMEM.
 */
int json_get_bytes(const json_t *object, const char *key, char **ret_bytes, size_t *ret_len,
		   struct err *err);

#endif
