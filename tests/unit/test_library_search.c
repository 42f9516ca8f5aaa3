/* Where a loader looks for libraries. */
#include "lib/cache.h"
#include "lib/started.h"

#define GLIBC .loader = "/lib64/ld-linux-x86-64.so.2"
#define MUSL .loader = "/lib/ld-musl-x86_64.so.1"
#define ELF(tar, path, ...) tb_elf((tar), (path), 0755, &(struct elf_spec){ __VA_ARGS__ })

static void add_loaders(struct tb *tar)
{
	started_program(tar, "lib64/ld-linux-x86-64.so.2", 0755);
	ELF(tar, "bin/none", GLIBC, .needed = ELF_NEEDS("libnone.so"));
	ELF(tar, "usr/local/lib/libother.so", .machine = 183);
	ELF(tar, "usr/lib/libother.so", 0);
	ELF(tar, "bin/other", GLIBC, .needed = ELF_NEEDS("libother.so"));
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
	add_loaders(&tar);
	add_paths(&tar);
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
		cmocka_unit_test(an_rpath_is_handed_down_and_a_runpath_is_not),
		cmocka_unit_test(the_origin_of_a_link_is_where_it_leads_to),
		cmocka_unit_test(the_environment_names_folders_too),
		cmocka_unit_test(folders_without_end_are_not_followed),
		cmocka_unit_test(a_library_of_another_machine_is_passed_over),
		cmocka_unit_test(the_cache_comes_before_the_default_folders),
		cmocka_unit_test(what_the_cache_has_lost_may_be_in_the_default_folders),
		cmocka_unit_test(a_better_machine_has_its_own_libraries),
		cmocka_unit_test(tokens_are_those_of_the_loader_and_the_machine),
		cmocka_unit_test(musl_looks_in_its_own_folders_and_has_libc_in_itself),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, open_image, close_image);
}
