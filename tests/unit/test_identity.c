/* A user specification as the engines read it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "access/identity.h"
#include "lib/kept.h"

struct loaded {
	struct kept kept;
	struct accounts *accounts;
};

static int load(void **state)
{
	static struct loaded loaded;
	struct err err = { 0 };
	struct tb tar = { 0 };

	tb_file(&tar, "etc/passwd", 0644, 0, 0,
		"root:x:0:0:root:/root:/bin/sh\n"
		"ma:x:1000:100::/home/ma:/bin/sh\n"
		"100:x:2000:2000::/home/hundred:/bin/sh\n");
	tb_file(&tar, "etc/group", 0644, 0, 0,
		"root:x:0:\nusers:x:100:ma\nvideo:x:44:bob,ma\naudio:x:29:ma\naudio2:x:29:ma\n");
	kept_open(&loaded.kept, &tar);
	assert_int_equal(accounts_load(&loaded.kept.content, &loaded.accounts, &err), 0);
	*state = &loaded;
	return 0;
}

static int unload(void **state)
{
	struct loaded *loaded = *state;

	accounts_free(loaded->accounts);
	kept_done(&loaded->kept);
	return 0;
}

static void each_spec_gives_its_identity(void **state)
{
	static const struct {
		const char *spec, *text, *name, *home;
	} ROWS[] = {
		{ "", "0:0", "root", "/root" },
		{ "1000", "1000:100+44,29", "ma", "/home/ma" },
		{ "ma", "1000:100+44,29", "ma", "/home/ma" },
		{ "ma:video", "1000:44", "ma", "/home/ma" },
		{ "1000:5", "1000:5", "ma", "/home/ma" },
		{ "1000:", "1000:100+44,29", "ma", "/home/ma" },
		{ "ma:5:x", "1000:5", "ma", "/home/ma" },
		{ ":100", "0:100", "root", "/root" },
		{ "100", "100:0", "", "/" },
		{ "4242", "4242:0", "", "/" },
		{ "+1000:+7", "1000:7", "ma", "/home/ma" },
		{ "2147483647", "2147483647:0", "", "/" },
	};
	const struct loaded *loaded = *state;

	for (size_t i = 0; i < sizeof(ROWS) / sizeof(*ROWS); i++) {
		struct identity identity;
		struct err err = { 0 };
		char out[128];

		assert_int_equal(identity_resolve(loaded->accounts, ROWS[i].spec, &identity, &err),
				 0);
		assert_string_equal(identity_text(&identity, out), ROWS[i].text);
		assert_string_equal(identity.name, ROWS[i].name);
		assert_string_equal(identity.home, ROWS[i].home);
		assert_int_equal(identity.has_line, *ROWS[i].name != '\0');
	}
}

static void what_would_not_start_says_why(void **state)
{
	static const struct {
		const char *spec;
		enum err_code code;
		const char *text;
	} ROWS[] = {
		{ "bob", ERR_NOT_FOUND,
		  "unable to find user bob: no matching entries in passwd file" },
		{ "ma:nobody", ERR_NOT_FOUND,
		  "unable to find group nobody: no matching entries in group file" },
		{ "-1", ERR_INVALID, "uids and gids must be in range 0-2147483647" },
		{ "2147483648", ERR_INVALID, "uids and gids must be in range 0-2147483647" },
		{ "0:2147483648", ERR_INVALID, "uids and gids must be in range 0-2147483647" },
	};
	const struct loaded *loaded = *state;

	for (size_t i = 0; i < sizeof(ROWS) / sizeof(*ROWS); i++) {
		struct identity identity;
		struct err err = { 0 };

		assert_int_equal(identity_resolve(loaded->accounts, ROWS[i].spec, &identity, &err),
				 -(int)ROWS[i].code);
		assert_string_equal(err.text, ROWS[i].text);
	}
}

static void a_number_too_large_for_a_number_is_a_name(void **state)
{
	const struct loaded *loaded = *state;
	struct identity identity;
	struct err err = { 0 };

	assert_int_equal(
		identity_resolve(loaded->accounts, "99999999999999999999", &identity, &err),
		-ERR_NOT_FOUND);
}

static void a_fixed_identity_has_no_other_groups(void **state)
{
	const struct loaded *loaded = *state;
	struct identity identity;
	char out[128];

	identity_fixed(loaded->accounts, 1000, 7, &identity);
	assert_string_equal(identity_text(&identity, out), "1000:7");
	assert_string_equal(identity.home, "/home/ma");
	assert_true(identity_in_group(&identity, 7));
	assert_false(identity_in_group(&identity, 44));
	identity_fixed(NULL, 5, 5, &identity);
	assert_string_equal(identity.home, "/");
}

static void a_long_list_of_groups_is_cut(void **state)
{
	struct identity identity = { .uid = 1, .gid = 2, .group_count = IDENTITY_GROUPS };
	char out[128];

	(void)state;
	for (size_t i = 0; i < IDENTITY_GROUPS; i++)
		identity.groups[i] = 2000000000 + (int64_t)i;
	assert_true(strlen(identity_text(&identity, out)) < sizeof(out));
	assert_non_null(strstr(out, "…"));
}

static void the_same_are_those_with_the_same_groups(void **state)
{
	static const struct identity A = { .uid = 7, .gid = 1, .groups = { 2 }, .group_count = 1 };
	static const struct identity B = { .uid = 7, .gid = 2, .groups = { 1, 2 },
					   .group_count = 2 };
	static const struct identity C = { .uid = 7, .gid = 1 };
	static const struct identity D = { .uid = 8, .gid = 1 };

	(void)state;
	assert_true(identity_same(&A, &B));
	assert_false(identity_same(&A, &C));
	assert_false(identity_same(&C, &A));
	assert_false(identity_same(&C, &D));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_same_are_those_with_the_same_groups),
		cmocka_unit_test(each_spec_gives_its_identity),
		cmocka_unit_test(what_would_not_start_says_why),
		cmocka_unit_test(a_number_too_large_for_a_number_is_a_name),
		cmocka_unit_test(a_fixed_identity_has_no_other_groups),
		cmocka_unit_test(a_long_list_of_groups_is_cut),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, load, unload);
}
