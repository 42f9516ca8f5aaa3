/* Names of findings, and lists of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <stdlib.h>

#include <cmocka.h>

#include "lib/judged.h"
#include "rule/finding_key.h"

static const struct judged_input INPUT = {
	.config = "{'User':'root'}",
	.files = "755 0:0 app/\n600 0:0 app/a = x\n600 0:0 app/b = x\n",
};

static const struct finding *unreadable(const struct judged *judged, const char *path)
{
	const struct finding *finding = judged_find(judged, "ACC-004", "unreadable", path);

	assert_non_null(finding);
	return finding;
}

static void a_key_has_rule_case_path_and_detail(void **state)
{
	struct judged judged;
	char *key;

	(void)state;
	judged_open(&judged, &INPUT);
	key = finding_key(judged.judgement, unreadable(&judged, "/app/a"));
	assert_string_equal(key, "ACC-004 unreadable /app/a");
	free(key);
	key = finding_kind_key(unreadable(&judged, "/app/a"));
	assert_string_equal(key, "ACC-004 unreadable");
	free(key);
	key = finding_key(judged.judgement, judged_find(&judged, "MAT-CFG-001", NULL, NULL));
	assert_string_equal(key, "MAT-CFG-001 other root");
	free(key);
	judged_done(&judged);
}

static void a_key_names_one_and_a_kind_all(void **state)
{
	static const char *const one[] = { "x", "ACC-004 unreadable /app/a", NULL };
	static const char *const kind[] = { "ACC-004 unreadable", NULL };
	static const char *const none[] = { NULL };
	struct judged judged;

	(void)state;
	judged_open(&judged, &INPUT);
	const struct finding *a = unreadable(&judged, "/app/a"), *b = unreadable(&judged, "/app/b");
	assert_int_equal(finding_key_among(one, judged.judgement, a), 1);
	assert_int_equal(finding_key_among(one, judged.judgement, b), 0);
	assert_int_equal(finding_key_among(kind, judged.judgement, b), 1);
	assert_int_equal(finding_key_among(none, judged.judgement, a), 0);
	assert_int_equal(finding_key_among(NULL, judged.judgement, a), 0);
	judged_done(&judged);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_key_has_rule_case_path_and_detail),
		cmocka_unit_test(a_key_names_one_and_a_kind_all),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
