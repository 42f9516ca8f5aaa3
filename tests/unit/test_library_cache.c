/* Caches as the loader reads them, and those of this machine's ldconfig(8). */
#include <elf.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "core/access/library_cache.h"
#include "lib/cache.h"
#include "lib/elf.h"

static const struct elf_machine *machine_of(unsigned number, unsigned bits, bool big_endian)
{
	const struct elf_image image = { .machine = number,
					 .bits = bits,
					 .big_endian = big_endian };

	return access__elf_machine(&image);
}

static const struct elf_machine *x86_64(void)
{
	return machine_of(EM_X86_64, 64, false);
}

static void check(const struct library_cache *cache, const struct elf_machine *machine,
		  const char *name, const char *expected)
{
	const char *path = access__cache_find(cache, machine, name);

	if (strcmp(path ? path : "none", expected) != 0)
		fail_msg("'%s' is at %s, not at %s", name, path ? path : "none", expected);
}

static void numbers_in_names_are_compared_by_value(void **state)
{
	const struct cache_spec spec = { CACHE_ROWS(
		CACHE_ROW("libz.so.10", "/ten"), CACHE_ROW("libz.so.9", "/9"),
		CACHE_ROW("libz.so.1", "/1"), CACHE_ROW("libz.so", "/z"),
		CACHE_ROW("liba.so.2", "/a")) };
	struct library_cache cache;
	size_t len;
	char *bytes = cache_build(&spec, &len);

	(void)state;
	assert_true(access__cache_open(bytes, len, false, &cache));
	check(&cache, x86_64(), "libz.so.10", "/ten");
	check(&cache, x86_64(), "libz.so.9", "/9");
	check(&cache, x86_64(), "libz.so.1", "/1");
	check(&cache, x86_64(), "libz.so", "/z");
	check(&cache, x86_64(), "liba.so.2", "/a");
	check(&cache, x86_64(), "liba.so.02", "/a"); /* as the loader compares them */
	check(&cache, x86_64(), "libz.so.2", "none");
	check(&cache, x86_64(), "liba", "none");
	check(&cache, x86_64(), "zzz", "none");
	check(&cache, x86_64(), "", "none");
	free(bytes);
}

static void a_library_is_taken_for_its_machine(void **state)
{
	const struct cache_spec spec = { CACHE_ROWS(
		CACHE_ROW("libc.so.6", "/32", .flags = 0x0003),
		CACHE_ROW("libc.so.6", "/x32", .flags = 0x0803), CACHE_ROW("libc.so.6", "/64"),
		CACHE_ROW("libc.so.6", "/arm", .flags = 0x0a03)) };
	struct library_cache cache;
	size_t len;
	char *bytes = cache_build(&spec, &len);

	(void)state;
	assert_true(access__cache_open(bytes, len, false, &cache));
	check(&cache, x86_64(), "libc.so.6", "/64");
	check(&cache, machine_of(EM_386, 32, false), "libc.so.6", "/32");
	check(&cache, machine_of(EM_AARCH64, 64, false), "libc.so.6", "/arm");
	check(&cache, machine_of(EM_RISCV, 64, false), "libc.so.6", "none");
	free(bytes);
}

static void the_best_level_that_servers_have_is_taken(void **state)
{
	const struct cache_spec spec = { CACHE_ROWS(
		CACHE_ROW("libz.so.1", "/v2", .level = "x86-64-v2"),
		CACHE_ROW("libz.so.1", "/v4", .level = "x86-64-v4"),
		CACHE_ROW("libz.so.1", "/v3", .level = "x86-64-v3"),
		CACHE_ROW("libz.so.1", "/plain"),
		CACHE_ROW("libnew.so", "/new", .level = "x86-64-v4"),
		CACHE_ROW("libcopy.so", "/tls/copy", .hwcap = 1ull << 63),
		CACHE_ROW("libcopy.so", "/copy")) };
	struct library_cache cache;
	size_t len;
	char *bytes = cache_build(&spec, &len);

	(void)state;
	assert_true(access__cache_open(bytes, len, false, &cache));
	check(&cache, x86_64(), "libz.so.1", "/v3");
	check(&cache, x86_64(), "libnew.so", "none");
	check(&cache, x86_64(), "libcopy.so", "/copy");
	free(bytes);
}

static void a_cache_is_in_the_byte_order_of_its_loader(void **state)
{
	const struct cache_spec spec = { CACHE_ROWS(CACHE_ROW("libc.so.6", "/z13", .level = "z13",
							      .flags = 0x0403),
						    CACHE_ROW("libc.so.6", "/c", .flags = 0x0403)),
					 .big_endian = true };
	struct library_cache cache;
	size_t len;
	char *bytes = cache_build(&spec, &len);

	(void)state;
	assert_false(access__cache_open(bytes, len, false, &cache));
	assert_true(access__cache_open(bytes, len, true, &cache));
	check(&cache, machine_of(EM_S390, 64, true), "libc.so.6", "/z13");
	bytes[28] = 0; /* older ones do not say it */
	assert_true(access__cache_open(bytes, len, true, &cache));
	free(bytes);
}

static void an_older_format_may_stand_before(void **state)
{
	static const struct {
		size_t count, gap;
		bool is_one;
	} ROWS[] = { { 3, 4, true }, { 3, 0, true }, { 2, 0, true }, { 3, 8, false } };

	(void)state;
	for (size_t i = 0; i < sizeof(ROWS) / sizeof(*ROWS); i++) {
		const struct cache_spec spec = { CACHE_ROWS(CACHE_ROW("libz.so.1", "/z")),
						 .old_count = ROWS[i].count,
						 .old_gap = ROWS[i].gap };
		struct library_cache cache;
		size_t len;
		char *bytes = cache_build(&spec, &len);

		assert_int_equal(access__cache_open(bytes, len, false, &cache), ROWS[i].is_one);
		if (ROWS[i].is_one)
			check(&cache, x86_64(), "libz.so.1", "/z");
		free(bytes);
	}
}

static const struct cache_spec DAMAGED = {
	CACHE_ROWS(CACHE_ROW("libz.so.10", "/10"),
		   CACHE_ROW("libz.so.2", "/v3", .level = "x86-64-v3"),
		   CACHE_ROW("libz.so.2", "/2"), CACHE_ROW("liba.so", "/a")),
	.old_count = 1, .old_gap = 4
};

/* In a block of the very length, so that a sanitizer sees what is read behind. */
static void look_up_all(const char *bytes, size_t len)
{
	char *copy = calloc(1, len + 1);
	struct library_cache cache;

	assert_non_null(copy);
	memcpy(copy, bytes, len);
	if (access__cache_open(copy, len, false, &cache))
		for (size_t i = 0; i < DAMAGED.count; i++)
			access__cache_find(&cache, x86_64(), DAMAGED.rows[i].name);
	free(copy);
}

static void a_cache_may_end_anywhere(void **state)
{
	size_t len;
	char *bytes = cache_build(&DAMAGED, &len);

	(void)state;
	for (size_t end = 0; end < len; end++)
		look_up_all(bytes, end);
	free(bytes);
}

static void any_bytes_may_be_wrong(void **state)
{
	static const unsigned char VALUES[] = { 0, 1, 0x7f, 0xff };
	size_t len;
	char *bytes = cache_build(&DAMAGED, &len);

	(void)state;
	for (size_t at = 0; at < 4 * len; at++) {
		char kept = bytes[at / 4];

		bytes[at / 4] = (char)VALUES[at % 4];
		look_up_all(bytes, len);
		bytes[at / 4] = kept;
	}
	free(bytes);
}

static void many_of_one_name_are_not_all_looked_at(void **state)
{
	enum { MANY = 1000 };
	static struct cache_row rows[MANY];
	struct library_cache cache;
	size_t len;

	(void)state;
	for (size_t i = 0; i < MANY; i++)
		rows[i] = (struct cache_row){ .name = "lib", .path = "/other", .flags = 0x0a03 };
	rows[0].flags = 0;

	char *bytes = cache_build(&(struct cache_spec){ .rows = rows, .count = MANY }, &len);

	assert_true(access__cache_open(bytes, len, false, &cache));
	check(&cache, x86_64(), "lib", "none");
	free(bytes);
}

/* ---- ldconfig(8) as oracle ---- */

enum { LIBRARIES = 40 };

static void write_library(const char *folder, const char *name)
{
	char path[300];
	size_t len;
	unsigned char *bytes = elf_build(&(struct elf_spec){ .soname = name }, &len);

	snprintf(path, sizeof(path), "root%s/%s", folder, name);
	test_write(test_path(path), bytes, len);
	free(bytes);
}

static void make_root(void)
{
	static const char *const FOLDERS[] = {
		"root",
		"root/etc",
		"root/lib",
		"root/opt",
		"root/opt/glibc-hwcaps",
		"root/opt/glibc-hwcaps/x86-64-v2",
		"root/opt/glibc-hwcaps/x86-64-v3",
	};

	for (size_t i = 0; i < sizeof(FOLDERS) / sizeof(*FOLDERS); i++)
		mkdir(test_path(FOLDERS[i]), 0755);
	test_write(test_path("root/etc/ld.so.conf"), "/opt\n", 5);
	for (unsigned i = 0; i < LIBRARIES; i++) {
		char name[40];

		snprintf(name, sizeof(name), "lib%c%u.so.%u", 'a' + i % 3, i * 7 % 11, i);
		write_library(i % 2 ? "/opt" : "/lib", name);
		if (i % 4 == 1)
			write_library("/opt/glibc-hwcaps/x86-64-v2", name);
		if (i % 8 == 1)
			write_library("/opt/glibc-hwcaps/x86-64-v3", name);
	}
}

/* In the compatible format the names of levels stand where neither loader nor ldconfig looks. */
static const char *expected_path(unsigned i, const char *name, bool has_levels)
{
	static char path[100];
	const char *folder = i % 8 == 1 && has_levels   ? "/opt/glibc-hwcaps/x86-64-v3"
			     : i % 4 == 1 && has_levels ? "/opt/glibc-hwcaps/x86-64-v2"
			     : i % 2                    ? "/opt"
							: "/lib";

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	return path;
}

static void check_format(const char *format, bool has_levels)
{
	char command[500];
	struct library_cache cache;
	size_t len;

	snprintf(command, sizeof(command),
		 "PATH=$PATH:/sbin:/usr/sbin; ldconfig -X -c %s -r '%s' -C /etc/%s 2>/dev/null",
		 format, test_path("root"), format);
	if (system(command) != 0) {
		printf("# no ldconfig here that writes '%s'\n", format);
		return;
	}
	snprintf(command, sizeof(command), "root/etc/%s", format);

	unsigned char *bytes = test_read(test_path(command), &len);

	assert_true(access__cache_open((const char *)bytes, len, false, &cache));
	for (unsigned i = 0; i < LIBRARIES; i++) {
		char name[40];

		snprintf(name, sizeof(name), "lib%c%u.so.%u", 'a' + i % 3, i * 7 % 11, i);
		check(&cache, x86_64(), name, expected_path(i, name, has_levels));
	}
	check(&cache, x86_64(), "libnone.so", "none");
	free(bytes);
}

static void what_ldconfig_writes_is_read(void **state)
{
	(void)state;
	make_root();
	check_format("new", true);
	check_format("compat", false);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_in_names_are_compared_by_value),
		cmocka_unit_test(a_library_is_taken_for_its_machine),
		cmocka_unit_test(the_best_level_that_servers_have_is_taken),
		cmocka_unit_test(a_cache_is_in_the_byte_order_of_its_loader),
		cmocka_unit_test(an_older_format_may_stand_before),
		cmocka_unit_test(a_cache_may_end_anywhere),
		cmocka_unit_test(any_bytes_may_be_wrong),
		cmocka_unit_test(many_of_one_name_are_not_all_looked_at),
		cmocka_unit_test(what_ldconfig_writes_is_read),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
