/* The tokens in lists of folders, and what $LIB is. */
#include "lib/started.h"

#include "core/access/access_priv.h"

static void with_walk(struct tb *tar, void (*function)(struct start_walk *walk))
{
	static const struct identity USER = { .uid = 1000, .gid = 100 };
	struct started started;

	started_open(&started, tar);

	const struct start_input input = { &started.kept.content, &started.config, &USER, NULL };
	struct start start = { 0 };
	struct err err = { 0 };
	struct start_walk walk = { .input = &input, .start = &start, .folder = "/", .err = &err };

	function(&walk);
	arena_done(&start.arena);
	started_done(&started);
}

static void expand_all(struct start_walk *walk)
{
	static const struct {
		const char *text, *expected;
	} ROWS[] = {
		{ "/plain", "/plain" },
		{ "", "" },
		{ "$ORIGIN", "/o" },
		{ "$ORIGIN/../$LIB", "/o/../lib64" },
		{ "${ORIGIN}${LIB}", "/olib64" },
		{ "/a/${LIB}/b$ORIGIN/c", "/a/lib64/b/o/c" },
		{ "$ORIGINAL/$LIB_1", "$ORIGINAL/$LIB_1" },
		{ "$HOME/$/${LIB/$", "$HOME/$/${LIB/$" },
		{ "$LIB/$PLATFORM", NULL }, /* not known */
		{ "${PLATFORM}", NULL },
	};
	const struct library_tokens tokens = { .origin = "/o", .lib = "lib64" };

	for (size_t i = 0; i < sizeof(ROWS) / sizeof(*ROWS); i++) {
		const char *text = "";

		assert_int_equal(access__expand(walk, ROWS[i].text, &tokens, &text), 0);
		assert_int_equal(!text, !ROWS[i].expected);
		if (text)
			assert_string_equal(text, ROWS[i].expected);
	}
}

static void tokens_stand_with_braces_or_without(void **state)
{
	struct tb tar = { 0 };

	(void)state;
	tb_dir(&tar, "etc", 0755, 0, 0);
	with_walk(&tar, expand_all);
}

static void expand_many(struct start_walk *walk)
{
	enum { MANY = 10000 };
	const struct library_tokens tokens = { .origin = "/origin" };
	char text[MANY * 7 + 1];
	const char *expanded = "";

	for (size_t i = 0; i < MANY; i++)
		memcpy(text + 7 * i, "$ORIGIN", 8);
	assert_int_equal(access__expand(walk, text, &tokens, &expanded), 0);
	assert_null(expanded);
}

static void what_grows_without_end_is_no_folder(void **state)
{
	struct tb tar = { 0 };

	(void)state;
	tb_dir(&tar, "etc", 0755, 0, 0);
	with_walk(&tar, expand_many);
}

static void look_for_lib(struct start_walk *walk)
{
	static const struct {
		const char *loader, *lib;
	} ROWS[] = {
		{ "/lib64/ld-linux-x86-64.so.2", "lib/x86_64-linux-gnu" },
		{ "/lib/ld-own.so", "lib" },
		{ "/usr/lib32/ld.so", "lib32" },
		{ "/opt/ld.so", NULL },
		{ "/lib/ld-none.so", NULL },
	};

	for (size_t i = 0; i < sizeof(ROWS) / sizeof(*ROWS); i++) {
		const char *lib;

		assert_int_equal(access__loader_lib(walk, ROWS[i].loader, &lib), 0);
		assert_string_equal(lib ? lib : "none", ROWS[i].lib ? ROWS[i].lib : "none");
	}
}

static void a_loader_was_built_for_the_folder_where_it_lies(void **state)
{
	struct tb tar = { 0 };

	(void)state;
	tb_symlink(&tar, "lib64", "usr/lib64");
	tb_symlink(&tar, "lib", "usr/lib");
	tb_symlink(&tar, "usr/lib64/ld-linux-x86-64.so.2", "/lib/x86_64-linux-gnu/ld.so");
	started_program(&tar, "usr/lib/x86_64-linux-gnu/ld.so", 0755);
	started_program(&tar, "usr/lib/ld-own.so", 0755);
	started_program(&tar, "usr/lib32/ld.so", 0755);
	started_program(&tar, "opt/ld.so", 0755);
	with_walk(&tar, look_for_lib);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tokens_stand_with_braces_or_without),
		cmocka_unit_test(what_grows_without_end_is_no_folder),
		cmocka_unit_test(a_loader_was_built_for_the_folder_where_it_lies),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
