/* Texts and the frame of a page. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/hash.h"
#include "base/json.h"
#include "core/emit/html.h"

static char *text_of(const char *raw)
{
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);

	assert_non_null(out);
	html__text(out, raw);
	fclose(out);
	return text;
}

static void hostile_text_is_harmless(void **state)
{
	static const char *const ROWS[][2] = {
		{ "plain", "plain" },
		{ "<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;" },
		{ "\" onload='x' &lt;", "&quot; onload=&#39;x&#39; &amp;lt;" },
		{ "a\033[2Jb\nc", "a\\e[2Jb\\nc" },
		{ "\342\200\256evil", "\\u{202E}evil" },
		{ "\377\300\200", "\\xff\\xc0\\x80" },
		{ "", "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(ROWS) / sizeof(*ROWS); i++) {
		char *text = text_of(ROWS[i][0]);

		if (strcasecmp(text, ROWS[i][1]) != 0)
			fail_msg("'%s' is no '%s'", text, ROWS[i][1]);
		free(text);
	}
}

static char *page(void)
{
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);

	assert_non_null(out);
	assert_int_equal(html__page_begin(out, "a < b", NULL), 0);
	html__element(out, "p", "note", "x");
	html__page_end(out);
	fclose(out);
	return text;
}

static void the_policy_allows_the_style_and_nothing_else(void **state)
{
	CLEANUP(hash_freep) struct hash *hash = NULL;
	char *text = page(), *begin = strstr(text, "<style>"), *end = strstr(text, "</style>");
	unsigned char value[32];

	(void)state;
	assert_true(begin && end);
	begin += strlen("<style>");
	assert_int_equal(hash_new(HASH_SHA256, &hash, NULL), 0);
	hash_update(hash, begin, (size_t)(end - begin));
	hash_value(hash, value);
	char *expected = NULL, *base64 = json_base64(value, sizeof(value));
	assert_true(asprintf(&expected,
			     "content=\"default-src 'none'; style-src 'sha256-%s'; base-uri 'none'; "
			     "form-action 'none'\"",
			     base64) > 0);
	assert_non_null(strstr(text, expected));
	assert_null(strstr(text, "unsafe"));
	free(expected);
	free(base64);
	free(text);
}

static void a_page_begins_and_ends(void **state)
{
	char *text = page();

	(void)state;
	assert_int_equal(strncmp(text, "<!DOCTYPE html>\n<html lang=\"en\">", 32), 0);
	assert_non_null(strstr(text, "<title>a &lt; b</title>"));
	assert_non_null(strstr(text, "<body>\n<p class=\"note\">x</p>\n</body>\n</html>\n"));
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hostile_text_is_harmless),
		cmocka_unit_test(the_policy_allows_the_style_and_nothing_else),
		cmocka_unit_test(a_page_begins_and_ends),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
