/* The three revisions of security.capability. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "layer/capability.h"

/* setcap cap_net_bind_service,cap_net_raw+ep */
static const unsigned char SECOND[20] = { 1, 0, 0, 2, 0, 0x24 };

static void assert_text(const void *value, size_t len, const char *expected)
{
	struct capabilities capabilities;
	char text[CAPABILITY_ROOM];

	assert_true(capabilities_read(value, len, &capabilities));
	assert_string_equal(capabilities_text(&capabilities, text), expected);
}

static void names_are_as_getcap_prints_them(void **state)
{
	(void)state;
	assert_text(SECOND, sizeof(SECOND), "cap_net_bind_service,cap_net_raw=ep");
}

static void each_revision_has_its_length(void **state)
{
	static const unsigned char FIRST[12] = { 0, 0, 0, 1, 1 };
	static const unsigned char THIRD[24] = {
		0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0xe8, 3
	};
	struct capabilities capabilities;

	(void)state;
	assert_text(FIRST, sizeof(FIRST), "cap_chown=p");
	assert_text(THIRD, sizeof(THIRD), "cap_checkpoint_restore=p");
	assert_true(capabilities_read(THIRD, sizeof(THIRD), &capabilities));
	assert_int_equal(capabilities.revision, 3);
	assert_int_equal(capabilities.root_id, 1000);
	assert_false(capabilities_read(THIRD, 20, &capabilities));
	assert_false(capabilities_read(SECOND, 19, &capabilities));
	assert_false(capabilities_read(SECOND, 12, &capabilities));
	assert_false(capabilities_read(FIRST, 0, &capabilities));
	assert_false(capabilities_read("\0\0\0\4\0\0\0\0\0\0\0", 12, &capabilities));
}

static void sets_that_differ_are_clauses(void **state)
{
	static const unsigned char VALUE[20] = { 0, 0, 0, 2, 3, 0, 0, 0, 6 };

	(void)state;
	assert_text(VALUE, sizeof(VALUE), "cap_dac_override=ip cap_chown=p cap_dac_read_search=i");
}

static void all_bits_fit_and_the_nameless_are_numbers(void **state)
{
	unsigned char value[20];
	struct capabilities capabilities;
	char text[CAPABILITY_ROOM];

	(void)state;
	memset(value, 0xff, sizeof(value));
	value[3] = 2;
	assert_true(capabilities_read(value, sizeof(value), &capabilities));
	capabilities_text(&capabilities, text);
	assert_non_null(strstr(text, "cap_chown,cap_dac_override,"));
	assert_non_null(strstr(text, ",cap_checkpoint_restore,41,42,"));
	assert_string_equal(text + strlen(text) - 7, ",63=eip");
	assert_null(capability_name(CAPABILITY_COUNT));
	assert_string_equal(capability_name(CAPABILITY_COUNT - 1), "cap_checkpoint_restore");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_as_getcap_prints_them),
		cmocka_unit_test(each_revision_has_its_length),
		cmocka_unit_test(sets_that_differ_are_clauses),
		cmocka_unit_test(all_bits_fit_and_the_nameless_are_numbers),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
