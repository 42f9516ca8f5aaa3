/* The cache, the folders of ld.so.conf with its includes, of musl's list, and the defaults. */
#include "lib/cache.h"
#include "lib/started.h"

#include "core/access/access_priv.h"

/* Of a loader that takes $LIB for this. */
static void check_lib(struct tb *tar, const char *loader, const char *lib, const char *expected)
{
	static const struct identity USER = { .uid = 1000, .gid = 100 };
	struct started started;

	started_open(&started, tar);

	const struct start_input input = { &started.kept.content, &started.config, &USER, NULL };
	const struct elf_image program = { .bits = 64, .machine = 62, .loader = loader };
	struct start start = { 0 };
	struct err err = { 0 };
	struct start_walk walk = { .input = &input, .start = &start, .folder = "/", .err = &err };
	struct folders folders = { 0 };
	char text[4096] = "";
	FILE *out = fmemopen(text, sizeof(text), "w");

	assert_int_equal(access__library_folders(&walk, &program, lib, &folders), 0);
	if (folders.cache.bytes)
		fputs("cache ", out);
	for (size_t i = 0; i < folders.all.count; i++)
		fprintf(out, "%s ", folders.all.items[i]);
	fclose(out);
	assert_string_equal(text, expected);
	VEC_DONE(&folders.all);
	arena_done(&start.arena);
	started_done(&started);
}

static void check(struct tb *tar, const char *loader, const char *expected)
{
	check_lib(tar, loader, NULL, expected);
}

#define GLIBC "/lib64/ld-linux-x86-64.so.2"

#define DEFAULTS "/lib/x86_64-linux-gnu /usr/lib/x86_64-linux-gnu /lib64 /usr/lib64 /lib /usr/lib "

static void without_a_file_there_are_the_defaults(void **state)
{
	struct tb tar = { 0 };

	(void)state;
	tb_dir(&tar, "etc", 0755, 0, 0);
	check(&tar, GLIBC, DEFAULTS);
}

static void a_loader_of_debian_does_not_look_in_lib64(void **state)
{
	static const struct {
		const char *lib, *expected;
	} ROWS[] = {
		{ "lib/x86_64-linux-gnu",
		  "/lib/x86_64-linux-gnu /usr/lib/x86_64-linux-gnu /lib /usr/lib " },
		{ "lib64", DEFAULTS },
		{ "lib", DEFAULTS },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(ROWS) / sizeof(*ROWS); i++) {
		struct tb tar = { 0 };

		tb_dir(&tar, "etc", 0755, 0, 0);
		check_lib(&tar, GLIBC, ROWS[i].lib, ROWS[i].expected);
	}
}

static void a_cache_takes_the_place_of_the_configuration(void **state)
{
	struct tb tar = { 0 };

	(void)state;
	tb_file(&tar, "etc/ld.so.conf", 0644, 0, 0, "/first\n");
	tb_cache(&tar, &(struct cache_spec){ CACHE_ROWS(CACHE_ROW("libz.so", "/first/libz.so")) });
	check(&tar, GLIBC, "cache " DEFAULTS);
}

static void without_a_cache_or_with_what_is_none_there_are_the_defaults(void **state)
{
	struct tb without = { 0 }, with = { 0 };

	(void)state;
	tb_file(&without, "etc/ld.so.conf", 0644, 0, 0, "/first\n");
	check(&without, GLIBC, DEFAULTS);
	tb_file(&with, "etc/ld.so.conf", 0644, 0, 0, "/first\n");
	tb_file(&with, "etc/ld.so.cache", 0644, 0, 0, "no cache");
	check(&with, GLIBC, DEFAULTS);
}

/* One that is larger than any that is read. */
static void add_huge_cache(struct tb *tar)
{
	enum { HUGE_BYTES = 5 << 20 };
	char *bytes = calloc(1, HUGE_BYTES);

	assert_non_null(bytes);
	tb_add(tar, &(struct tb_entry){ .path = "etc/ld.so.cache",
					.type = '0',
					.mode = 0644,
					.body = bytes,
					.size = HUGE_BYTES });
	free(bytes);
}

static void of_a_huge_cache_the_configuration_is_read_with_its_includes(void **state)
{
	struct tb tar = { 0 };

	(void)state;
	tb_file(&tar, "etc/ld.so.conf", 0644, 0, 0,
		"# a comment\n/first\ninclude /etc/ld.so.conf.d/*.conf more/x\n"
		"  /last # why\n\nrelative\nhwcap 1 nosegneg\n/old=libc6");
	add_huge_cache(&tar);
	tb_file(&tar, "etc/ld.so.conf.d/b.conf", 0644, 0, 0, "/b\n");
	tb_file(&tar, "etc/ld.so.conf.d/a.conf", 0644, 0, 0, "/a1\r\n/a2");
	tb_file(&tar, "etc/ld.so.conf.d/.hidden.conf", 0644, 0, 0, "/hidden\n");
	tb_file(&tar, "etc/ld.so.conf.d/readme", 0644, 0, 0, "/readme\n");
	tb_file(&tar, "etc/more/x", 0644, 0, 0, "/x\n");
	check(&tar, GLIBC, "/first /a1 /a2 /b /x /last /old " DEFAULTS);
}

static void a_file_that_includes_itself_ends(void **state)
{
	struct tb tar = { 0 };
	char expected[4096] = "";

	(void)state;
	tb_file(&tar, "etc/ld.so.conf", 0644, 0, 0, "/a\ninclude /etc/ld.so.conf\n");
	add_huge_cache(&tar);
	for (size_t i = 0; i < 256; i++)
		memcpy(expected + 3 * i, "/a ", 4);
	memcpy(expected + 3 * 256, DEFAULTS, sizeof(DEFAULTS));
	check(&tar, GLIBC, expected);
}

static void a_cache_that_cannot_be_read_leaves_the_defaults(void **state)
{
	struct tb tar = { 0 };

	(void)state;
	tb_file(&tar, "etc/ld.so.conf", 0644, 0, 0, "/first\n");
	tb_file(&tar, "etc/ld.so.cache", 0600, 0, 0, "");
	check(&tar, GLIBC, DEFAULTS);
}

static void musl_has_its_own_list(void **state)
{
	struct tb with = { 0 }, without = { 0 };

	(void)state;
	tb_file(&with, "etc/ld-musl-x86_64.path", 0644, 0, 0, "/a:/b\n/c\n");
	check(&with, "/lib/ld-musl-x86_64.so.1", "/a /b /c ");
	tb_dir(&without, "etc", 0755, 0, 0);
	check(&without, "/lib/ld-musl-x86_64.so.1", "/lib /usr/local/lib /usr/lib ");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_a_file_there_are_the_defaults),
		cmocka_unit_test(a_loader_of_debian_does_not_look_in_lib64),
		cmocka_unit_test(a_cache_takes_the_place_of_the_configuration),
		cmocka_unit_test(without_a_cache_or_with_what_is_none_there_are_the_defaults),
		cmocka_unit_test(of_a_huge_cache_the_configuration_is_read_with_its_includes),
		cmocka_unit_test(a_file_that_includes_itself_ends),
		cmocka_unit_test(a_cache_that_cannot_be_read_leaves_the_defaults),
		cmocka_unit_test(musl_has_its_own_list),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
