/* ELF files as the kernel and the loader read them; damage is named, never fatal. */
#include <elf.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/access/elf.h"
#include "lib/elf.h"
#include "stream/stream_file.h"

struct bytes {
	const unsigned char *bytes;
	size_t len;
};

static int open_bytes(void *context, struct stream **ret_stream, struct err *err)
{
	const struct bytes *file = context;

	return stream_memory_open(file->bytes, file->len, ret_stream, err);
}

static void read_elf(const unsigned char *bytes, size_t len, struct arena *arena,
		     struct elf_image *image)
{
	struct bytes file = { bytes, len };
	struct byte_window window = { .open = open_bytes, .context = &file, .size = len };
	struct err err = { 0 };
	int r = access__elf_read(&window, arena, image, &err);

	assert_true(r == 0 || r == -ERR_LIMIT);
	access__window_done(&window);
}

static void check(const struct elf_spec *spec)
{
	struct arena arena = { 0 };
	struct elf_image image;
	size_t len, count = 0;
	unsigned char *bytes = elf_build(spec, &len);

	read_elf(bytes, len, &arena, &image);
	assert_null(image.damage);
	assert_int_equal(image.bits, spec->bits ? spec->bits : 64);
	assert_int_equal(image.big_endian, spec->big_endian);
	assert_string_equal(image.loader ? image.loader : "", spec->loader ? spec->loader : "");
	assert_string_equal(image.rpath ? image.rpath : "", spec->rpath ? spec->rpath : "");
	assert_string_equal(image.runpath ? image.runpath : "", spec->runpath ? spec->runpath : "");
	assert_string_equal(image.soname ? image.soname : "", spec->soname ? spec->soname : "");
	for (; spec->needed && spec->needed[count]; count++)
		assert_string_equal(image.needed[count], spec->needed[count]);
	assert_int_equal(image.needed_count, count);
	arena_done(&arena);
	free(bytes);
}

static void both_classes_and_byte_orders_are_read(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 8; i++)
		check(&(struct elf_spec){
			.bits = i & 1 ? 32 : 64,
			.big_endian = i & 2,
			.gap = i & 4 ? 5 << 20 : 0,
			.loader = "/lib/ld.so",
			.soname = "libme.so.1",
			.rpath = "$ORIGIN/../lib",
			.runpath = "/opt/lib",
			.needed = ELF_NEEDS("libc.so.6", "libm.so.6"),
		});
	check(&(struct elf_spec){ 0 });
}

static void a_file_may_end_anywhere(void **state)
{
	struct arena arena = { 0 };
	struct elf_image image;
	size_t len;
	unsigned char *bytes = elf_build(
		&(struct elf_spec){ .loader = "/lib/ld.so", .needed = ELF_NEEDS("libc.so.6") },
		&len);

	(void)state;
	for (size_t i = 0; i < len; i++) {
		read_elf(bytes, i, &arena, &image);
		assert_non_null(image.damage);
	}
	arena_done(&arena);
	free(bytes);
}

/* The seed is fixed: a failure can be seen again. */
static void any_bytes_may_be_wrong(void **state)
{
	static const struct elf_spec SPECS[] = {
		{ .loader = "/lib/ld.so", .rpath = "/r" },
		{ .bits = 32, .loader = "/lib/ld.so", .soname = "libx.so" },
		{ .big_endian = true, .runpath = "$ORIGIN" },
	};
	uint32_t random = 20240229;

	(void)state;
	for (unsigned round = 0; round < 10000; round++) {
		struct elf_spec spec = SPECS[round % 3];
		struct arena arena = { 0 };
		struct elf_image image;
		size_t len;

		spec.needed = ELF_NEEDS("libc.so.6", "libz.so.1");
		unsigned char *bytes = elf_build(&spec, &len);
		for (unsigned i = 0; i <= round % 8; i++) {
			random = random * 1664525 + 1013904223;
			size_t at = random >> 8;
			random = random * 1664525 + 1013904223;
			/* Most of a file is nothing: hit what matters. */
			at = i % 3 == 0   ? at % 64
			     : i % 3 == 1 ? at % 240
					  : len - 1 - at % 200;
			bytes[at] = random & 1 << 30 ? 0xff : (unsigned char)(random >> 16);
		}
		read_elf(bytes, random % 4 ? len : random % len, &arena, &image);
		assert_true(image.needed_count <= 1024);
		arena_done(&arena);
		free(bytes);
	}
}

static void damage_is_named(void **state)
{
	static const struct {
		size_t at;
		unsigned char value;
		const char *damage;
	} ROWS[] = {
		{ 0, 'x', "has no ELF header" },
		{ 4, 3, "has an ELF header of no known class" },
		{ 5, 0, "has an ELF header of no known class" },
		{ 16, 1, "is neither a program nor a library" },
		{ 54, 55, "has a malformed program header table" },
		{ 57, 0xff, "has a malformed program header table" },
		{ 38, 0xff, "ends before its program headers" },
		{ 64 + 56 + 14, 0xff, "ends before its dynamic section" },
		{ 64 + 56 + 36, 0xff, "has a dynamic section that is too large" },
		{ 64 + 20, 0xff, "has its strings nowhere" },
		{ 64 + 2 * 56 + 14, 0xff, "ends before its loader's name" },
		{ 64 + 2 * 56 + 34, 0xff, "names a loader that is too long or empty" },
		{ 64 + 2 * 56 + 32, 3, "names a loader without an end" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(ROWS) / sizeof(*ROWS); i++) {
		struct arena arena = { 0 };
		struct elf_image image;
		size_t len;
		unsigned char *bytes = elf_build(&(struct elf_spec){ .loader = "/lib/ld.so",
								     .needed = ELF_NEEDS("x") },
						 &len);

		bytes[ROWS[i].at] = ROWS[i].value;
		read_elf(bytes, len, &arena, &image);
		assert_non_null(image.damage);
		assert_string_equal(image.damage, ROWS[i].damage);
		arena_done(&arena);
		free(bytes);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(both_classes_and_byte_orders_are_read),
		cmocka_unit_test(a_file_may_end_anywhere),
		cmocka_unit_test(any_bytes_may_be_wrong),
		cmocka_unit_test(damage_is_named),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
