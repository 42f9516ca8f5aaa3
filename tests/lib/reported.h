/* What a report writes, as text. Failing asserts stop the test. To be included after <cmocka.h>. */
#ifndef TESTS_LIB_REPORTED_H
#define TESTS_LIB_REPORTED_H

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "emit/report.h"

/* A new string with what 'function' writes. given: options without 'out', by value. */
#define REPORTED(given, function, ...)                                                             \
	({                                                                                         \
		static char *reported_text;                                                        \
		static size_t reported_len;                                                        \
		struct report_options reported_options = (given);                                  \
		struct err reported_err = { 0 };                                                   \
                                                                                                   \
		reported_options.out = open_memstream(&reported_text, &reported_len);              \
		assert_non_null(reported_options.out);                                             \
		if (function(__VA_ARGS__, &reported_options, &reported_err) < 0)                   \
			fail_msg("%s", reported_err.text);                                         \
		fclose(reported_options.out);                                                      \
		reported_text;                                                                     \
	})

#define PLAINLY ((struct report_options){ 0 })

/* The same as JSON; it must be one line of ASCII. json_decref() it. */
#define REPORTED_JSON(given, function, ...)                                                        \
	({                                                                                         \
		char *json_text = REPORTED(given, function, __VA_ARGS__);                          \
		json_t *json_value = json_loads(json_text, 0, NULL);                               \
                                                                                                   \
		assert_non_null(json_value);                                                       \
		assert_ptr_equal(strchr(json_text, '\n'), json_text + strlen(json_text) - 1);      \
		for (const char *c = json_text; c[1]; c++)                                         \
			assert_true(*c >= ' ' && *c < 0x7f);                                       \
		free(json_text);                                                                   \
		json_value;                                                                        \
	})

static inline const char *member(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

#endif
