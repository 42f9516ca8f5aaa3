/* What a loader loads, each library once, and what is in its way. */
#include "lib/cache.h"
#include "lib/started.h"

#define GLIBC .loader = "/lib64/ld-linux-x86-64.so.2"
#define ELF(tar, path, ...) tb_elf((tar), (path), 0755, &(struct elf_spec){ __VA_ARGS__ })

static void add_glibc(struct tb *tar)
{
	started_program(tar, "lib64/ld-linux-x86-64.so.2", 0755);
	ELF(tar, "lib/x86_64-linux-gnu/libc.so.6", .soname = "libc.so.6",
	    .needed = ELF_NEEDS("ld-linux-x86-64.so.2"));
	ELF(tar, "usr/lib/libz.so.1", .needed = ELF_NEEDS("libc.so.6"));
	ELF(tar, "bin/plain", GLIBC, .needed = ELF_NEEDS("libz.so.1", "libc.so.6"));
	ELF(tar, "bin/none", GLIBC, .needed = ELF_NEEDS("libnone.so", "libc.so.6"));
	ELF(tar, "bin/cuda", GLIBC, .needed = ELF_NEEDS("libcuda.so.1", "libc.so.6"));
	ELF(tar, "bin/slash", GLIBC, .needed = ELF_NEEDS("/usr/lib/libz.so.1"));
}

static void add_odd(struct tb *tar)
{
	tb_file(tar, "usr/lib/libtext.so", 0644, 0, 0, "GROUP ( libc.so.6 )\n");
	ELF(tar, "bin/text", GLIBC, .needed = ELF_NEEDS("libtext.so"));
	tb_dir(tar, "opt/shut", 0700, 0, 0);
	ELF(tar, "opt/shut/libshut.so", 0);
	ELF(tar, "bin/shut", GLIBC, .rpath = "/opt/shut", .needed = ELF_NEEDS("libshut.so"));
	tb_elf(tar, "usr/lib/libblind.so", 0711, &(struct elf_spec){ 0 });
	ELF(tar, "bin/blind", GLIBC, .needed = ELF_NEEDS("libblind.so"));
	ELF(tar, "usr/lib/liba.so", .needed = ELF_NEEDS("libb.so"));
	ELF(tar, "usr/lib/libb.so", .needed = ELF_NEEDS("liba.so", "libb.so"));
	ELF(tar, "bin/loop", GLIBC, .needed = ELF_NEEDS("liba.so"));
}

static void add_configured(struct tb *tar)
{
	tb_file(tar, "etc/ld.so.conf", 0644, 0, 0, "/opt/local\n");
	ELF(tar, "opt/local/libnew.so", 0);
	ELF(tar, "bin/new", GLIBC, .needed = ELF_NEEDS("libnew.so"));
}

static const struct cache_spec CACHE = { CACHE_ROWS(
	CACHE_ROW("libz.so.1", "/usr/lib/libz.so.1")) };

static int open_image(void **state)
{
	static struct started started;
	struct tb tar = { 0 };

	started_program(&tar, "bin/sh", 0755);
	tb_cache(&tar, &CACHE);
	add_glibc(&tar);
	add_odd(&tar);
	add_configured(&tar);
	started_open(&started, &tar);
	*state = &started;
	return 0;
}

static int close_image(void **state)
{
	started_done(*state);
	return 0;
}

#define LOADER "loader /lib64/ld-linux-x86-64.so.2\n"
#define LIBC "library /lib/x86_64-linux-gnu/libc.so.6\n"

static void libraries_come_from_the_default_folders(void **state)
{
	STARTED(*state, "command /bin/plain\n" LOADER "library /usr/lib/libz.so.1\n" LIBC "ok",
		"/bin/plain");
	STARTED(*state, "command /bin/slash\n" LOADER "library /usr/lib/libz.so.1\n" LIBC "ok",
		"/bin/slash");
}

static struct start *follow(const struct started *started, const char *command)
{
	static const struct identity USER = { .uid = 1000, .gid = 100 };
	const struct start_input input = { &started->kept.content, &started->config, &USER,
					   (const char *const[]){ command, NULL } };
	struct err err = { 0 };
	struct start *start;

	if (start_follow(&input, &start, &err) < 0)
		fail_msg("%s", err.text);
	return start;
}

static void a_library_that_is_nowhere_is_named_with_who_needs_it(void **state)
{
	struct start *start = follow(*state, "/bin/none");
	const struct start_step *last = &start->steps[start->step_count - 1];

	assert_int_equal(start->obstacle, START_NO_LIBRARY);
	assert_string_equal(start->detail, "libnone.so, which /bin/none needs");
	assert_int_equal(last->kind, START_STEP_LIBRARY);
	assert_string_equal(last->path, "libnone.so");
	assert_string_equal(last->by, "/bin/none");
	start_free(start);
}

static void what_the_runtime_brings_is_open(void **state)
{
	STARTED(*state, "command /bin/cuda\n" LOADER "library libcuda.so.1\n" LIBC "ok",
		"/bin/cuda");
}

static void a_library_that_is_none_is_an_obstacle(void **state)
{
	STARTED(*state, "command /bin/text\n" LOADER "library /usr/lib/libtext.so\nformat",
		"/bin/text");
}

static void a_library_must_be_readable(void **state)
{
	STARTED(*state, "command /bin/shut\n" LOADER "library /opt/shut/libshut.so\ndenied",
		"/bin/shut");
	STARTED(*state, "command /bin/blind\n" LOADER "library /usr/lib/libblind.so\ndenied",
		"/bin/blind");
}

static void a_configured_folder_counts_for_the_cache_alone(void **state)
{
	struct start *start = follow(*state, "/bin/new");

	assert_int_equal(start->obstacle, START_NO_LIBRARY);
	assert_string_equal(start->detail, "libnew.so, which /bin/new needs; it is in /opt/local, "
					   "but not in /etc/ld.so.cache: run ldconfig");
	start_free(start);
}

static void libraries_that_need_each_other_are_loaded_once(void **state)
{
	STARTED(*state,
		"command /bin/loop\n" LOADER "library /usr/lib/liba.so\nlibrary /usr/lib/libb.so\nok",
		"/bin/loop");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(libraries_come_from_the_default_folders),
		cmocka_unit_test(a_library_that_is_nowhere_is_named_with_who_needs_it),
		cmocka_unit_test(what_the_runtime_brings_is_open),
		cmocka_unit_test(a_library_that_is_none_is_an_obstacle),
		cmocka_unit_test(a_library_must_be_readable),
		cmocka_unit_test(a_configured_folder_counts_for_the_cache_alone),
		cmocka_unit_test(libraries_that_need_each_other_are_loaded_once),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, open_image, close_image);
}
