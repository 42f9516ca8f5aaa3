/* Which libraries a loader takes, and from where. */
#include "lib/cache.h"
#include "lib/started.h"

#define GLIBC .loader = "/lib64/ld-linux-x86-64.so.2"
#define MUSL .loader = "/lib/ld-musl-x86_64.so.1"
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

static void add_paths(struct tb *tar)
{
	ELF(tar, "opt/r/lib/libown.so", .needed = ELF_NEEDS("libdeep.so"));
	ELF(tar, "opt/r/lib/libdeep.so", 0);
	ELF(tar, "opt/r/bin/rpath", GLIBC, .rpath = "$ORIGIN/../lib",
	    .needed = ELF_NEEDS("libown.so"));
	ELF(tar, "opt/r/bin/runpath", GLIBC, .runpath = "/none:${ORIGIN}/../lib",
	    .needed = ELF_NEEDS("libown.so"));
	ELF(tar, "bin/environment", GLIBC, .needed = ELF_NEEDS("libown.so"));
	tb_symlink(tar, "bin/linked", "/opt/r/bin/rpath");
}

static void add_odd(struct tb *tar)
{
	ELF(tar, "usr/local/lib/libother.so", .machine = 183);
	ELF(tar, "usr/lib/libother.so", 0);
	ELF(tar, "bin/other", GLIBC, .needed = ELF_NEEDS("libother.so"));
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

static void add_musl(struct tb *tar)
{
	started_program(tar, "lib/ld-musl-x86_64.so.1", 0755);
	tb_file(tar, "etc/ld-musl-x86_64.path", 0644, 0, 0, "/lib:/opt/musl\n");
	ELF(tar, "opt/musl/libz.so.1", .needed = ELF_NEEDS("libc.musl-x86_64.so.1"));
	ELF(tar, "bin/musl", MUSL, .needed = ELF_NEEDS("libz.so.1", "libc.musl-x86_64.so.1"));
	ELF(tar, "bin/musl-handed", MUSL, .runpath = "/opt/r/lib",
	    .needed = ELF_NEEDS("libown.so"));
}

static const struct cache_spec CACHE = { CACHE_ROWS(
	CACHE_ROW("libother.so", "/usr/local/lib/libother.so"),
	CACHE_ROW("libmoved.so", "/opt/local/libmoved.so"),
	CACHE_ROW("liblocal.so", "/opt/local/liblocal.so"),
	CACHE_ROW("libgone.so", "/opt/local/libgone.so")) };

static void add_cached(struct tb *tar)
{
	ELF(tar, "opt/local/liblocal.so", 0);
	ELF(tar, "usr/lib/liblocal.so", 0);
	ELF(tar, "bin/local", GLIBC, .needed = ELF_NEEDS("liblocal.so"));
	ELF(tar, "opt/local/libnew.so", 0);
	ELF(tar, "bin/new", GLIBC, .needed = ELF_NEEDS("libnew.so"));
	ELF(tar, "lib/libmoved.so", 0);
	ELF(tar, "bin/moved", GLIBC, .needed = ELF_NEEDS("libmoved.so"));
	ELF(tar, "bin/gone", GLIBC, .needed = ELF_NEEDS("libgone.so"));
}

static void add_levels(struct tb *tar)
{
	ELF(tar, "opt/v/glibc-hwcaps/x86-64-v2/libv.so", 0);
	ELF(tar, "opt/v/glibc-hwcaps/x86-64-v3/libv.so", 0);
	ELF(tar, "opt/v/glibc-hwcaps/x86-64-v4/libv.so", 0);
	ELF(tar, "opt/v/libv.so", 0);
	tb_elf(tar, "opt/v/glibc-hwcaps/x86-64-v3/libplain.so", 0700, &(struct elf_spec){ 0 });
	ELF(tar, "opt/v/libplain.so", 0);
	ELF(tar, "bin/levels", GLIBC, .rpath = "/opt/v", .needed = ELF_NEEDS("libv.so"));
	ELF(tar, "bin/plain-level", GLIBC, .rpath = "/opt/v", .needed = ELF_NEEDS("libplain.so"));
	ELF(tar, "bin/musl-levels", MUSL, .rpath = "/opt/v", .needed = ELF_NEEDS("libv.so"));
	ELF(tar, "opt/t/lib64/x86_64/libt.so", 0);
	ELF(tar, "bin/tokens", GLIBC, .runpath = "/opt/t/$LIB/${PLATFORM}",
	    .needed = ELF_NEEDS("libt.so"));
}

static int open_image(void **state)
{
	static struct started started;
	struct tb tar = { 0 };

	started_program(&tar, "bin/sh", 0755);
	tb_file(&tar, "etc/ld.so.conf", 0644, 0, 0, "/usr/local/lib\n/opt/local\n");
	tb_cache(&tar, &CACHE);
	add_glibc(&tar);
	add_paths(&tar);
	add_odd(&tar);
	add_cached(&tar);
	add_levels(&tar);
	add_musl(&tar);
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

static void an_rpath_is_handed_down_and_a_runpath_is_not(void **state)
{
	STARTED(*state,
		"command /opt/r/bin/rpath\n" LOADER
		"library /opt/r/bin/../lib/libown.so\nlibrary /opt/r/bin/../lib/libdeep.so\nok",
		"/opt/r/bin/rpath");
	STARTED(*state,
		"command /opt/r/bin/runpath\n" LOADER
		"library /opt/r/bin/../lib/libown.so\nlibrary libdeep.so\nno-library",
		"/opt/r/bin/runpath");
}

static void the_origin_of_a_link_is_where_it_leads_to(void **state)
{
	STARTED(*state,
		"command /bin/linked\n" LOADER
		"library /opt/r/bin/../lib/libown.so\nlibrary /opt/r/bin/../lib/libdeep.so\nok",
		"/bin/linked");
}

static void the_environment_names_folders_too(void **state)
{
	struct started *started = *state;
	const char **env = started->config.env;

	STARTED(started, "command /bin/environment\n" LOADER "library libown.so\nno-library",
		"/bin/environment");
	started->config.env = (const char *[]){ "LD_LIBRARY_PATH=/none:/opt/r/lib", NULL };
	STARTED(started,
		"command /bin/environment\n" LOADER
		"library /opt/r/lib/libown.so\nlibrary /opt/r/lib/libdeep.so\nok",
		"/bin/environment");
	started->config.env = env;
	STARTED_LINE(started,
		     "command /bin/environment\n" LOADER
		     "library /opt/r/lib/libown.so\nlibrary /opt/r/lib/libdeep.so\nok",
		     "LD_LIBRARY_PATH=/opt/r/lib exec /bin/environment");
	STARTED_LINE(started, "command /bin/environment\n" LOADER "library libown.so\nunknown",
		     "export LD_LIBRARY_PATH=$X:/x; /bin/environment");
}

static void folders_without_end_are_not_followed(void **state)
{
	enum { MANY = 300000 };
	struct started *started = *state;
	const char **env = started->config.env;
	char *text = malloc(sizeof("LD_LIBRARY_PATH=") + 3 * MANY);

	assert_non_null(text);
	memcpy(text, "LD_LIBRARY_PATH=", sizeof("LD_LIBRARY_PATH="));
	for (size_t i = 0; i < MANY; i++)
		memcpy(text + sizeof("LD_LIBRARY_PATH=") - 1 + 3 * i, "/a:", 4);
	started->config.env = (const char *[]){ text, NULL };
	STARTED(started, "command /bin/none\n" LOADER "unknown", "/bin/none");
	started->config.env = env;
	free(text);
}

static void a_library_of_another_machine_is_passed_over(void **state)
{
	STARTED(*state, "command /bin/other\n" LOADER "library /usr/lib/libother.so\nok",
		"/bin/other");
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

static void the_cache_comes_before_the_default_folders(void **state)
{
	STARTED(*state, "command /bin/local\n" LOADER "library /opt/local/liblocal.so\nok",
		"/bin/local");
}

static void what_the_cache_has_lost_may_be_in_the_default_folders(void **state)
{
	STARTED(*state, "command /bin/moved\n" LOADER "library /lib/libmoved.so\nok",
		"/bin/moved");
	STARTED(*state, "command /bin/gone\n" LOADER "library libgone.so\nno-library",
		"/bin/gone");
}

static void a_configured_folder_counts_for_the_cache_alone(void **state)
{
	struct start *start = follow(*state, "/bin/new");

	assert_int_equal(start->obstacle, START_NO_LIBRARY);
	assert_string_equal(start->detail, "libnew.so, which /bin/new needs; it is in /opt/local, "
					   "but not in /etc/ld.so.cache: run ldconfig");
	start_free(start);
}

static void a_better_machine_has_its_own_libraries(void **state)
{
	STARTED(*state,
		"command /bin/levels\n" LOADER
		"library /opt/v/glibc-hwcaps/x86-64-v3/libv.so\nok",
		"/bin/levels");
	STARTED(*state, "command /bin/plain-level\n" LOADER "library /opt/v/libplain.so\nok",
		"/bin/plain-level");
	STARTED(*state,
		"command /bin/musl-levels\nloader /lib/ld-musl-x86_64.so.1\n"
		"library /opt/v/libv.so\nok",
		"/bin/musl-levels");
}

static void tokens_are_those_of_the_loader_and_the_machine(void **state)
{
	STARTED(*state, "command /bin/tokens\n" LOADER "library /opt/t/lib64/x86_64/libt.so\nok",
		"/bin/tokens");
}

static void libraries_that_need_each_other_are_loaded_once(void **state)
{
	STARTED(*state,
		"command /bin/loop\n" LOADER "library /usr/lib/liba.so\nlibrary /usr/lib/libb.so\nok",
		"/bin/loop");
}

static void musl_looks_in_its_own_folders_and_has_libc_in_itself(void **state)
{
	STARTED(*state,
		"command /bin/musl\nloader /lib/ld-musl-x86_64.so.1\n"
		"library /opt/musl/libz.so.1\nok",
		"/bin/musl");
	STARTED(*state,
		"command /bin/musl-handed\nloader /lib/ld-musl-x86_64.so.1\n"
		"library /opt/r/lib/libown.so\nlibrary /opt/r/lib/libdeep.so\nok",
		"/bin/musl-handed");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(libraries_come_from_the_default_folders),
		cmocka_unit_test(a_library_that_is_nowhere_is_named_with_who_needs_it),
		cmocka_unit_test(what_the_runtime_brings_is_open),
		cmocka_unit_test(an_rpath_is_handed_down_and_a_runpath_is_not),
		cmocka_unit_test(the_origin_of_a_link_is_where_it_leads_to),
		cmocka_unit_test(the_environment_names_folders_too),
		cmocka_unit_test(folders_without_end_are_not_followed),
		cmocka_unit_test(a_library_of_another_machine_is_passed_over),
		cmocka_unit_test(a_library_that_is_none_is_an_obstacle),
		cmocka_unit_test(a_library_must_be_readable),
		cmocka_unit_test(the_cache_comes_before_the_default_folders),
		cmocka_unit_test(what_the_cache_has_lost_may_be_in_the_default_folders),
		cmocka_unit_test(a_configured_folder_counts_for_the_cache_alone),
		cmocka_unit_test(a_better_machine_has_its_own_libraries),
		cmocka_unit_test(tokens_are_those_of_the_loader_and_the_machine),
		cmocka_unit_test(libraries_that_need_each_other_are_loaded_once),
		cmocka_unit_test(musl_looks_in_its_own_folders_and_has_libc_in_itself),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, open_image, close_image);
}
