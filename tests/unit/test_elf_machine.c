/* What runs where. */
#include <elf.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/access/elf_machine.h"

static void a_program_runs_on_its_own_architecture(void **state)
{
	static const struct {
		unsigned machine, bits;
		bool big_endian;
		const char *architecture;
		bool runs;
	} ROWS[] = {
		{ EM_X86_64, 64, false, "amd64", true },   { EM_X86_64, 32, false, "amd64", false },
		{ EM_386, 32, false, "amd64", true },      { EM_X86_64, 64, false, "386", false },
		{ EM_AARCH64, 64, false, "amd64", false }, { EM_AARCH64, 64, false, "arm64", true },
		{ EM_ARM, 32, false, "arm64", false },     { EM_S390, 64, true, "s390x", true },
		{ EM_PPC64, 64, true, "ppc64le", false },  { EM_ARM, 32, false, "", true },
		{ EM_ARM, 32, false, "wasm", true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(ROWS) / sizeof(*ROWS); i++) {
		const struct elf_image image = { .machine = ROWS[i].machine,
						 .bits = ROWS[i].bits,
						 .big_endian = ROWS[i].big_endian };

		assert_int_equal(access__elf_runs_on(&image, ROWS[i].architecture), ROWS[i].runs);
	}
}

static void a_machine_is_known_by_class_and_byte_order_too(void **state)
{
	const struct elf_image image = { .machine = EM_AARCH64, .bits = 64 };
	const struct elf_image other = { .machine = EM_AARCH64, .bits = 64, .big_endian = true };

	(void)state;
	assert_string_equal(access__elf_architecture(&image), "arm64");
	assert_string_equal(access__elf_machine(&image)->triplet, "aarch64-linux-gnu");
	assert_string_equal(access__elf_architecture(&other), "another machine");
	assert_null(access__elf_machine(&other));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_program_runs_on_its_own_architecture),
		cmocka_unit_test(a_machine_is_known_by_class_and_byte_order_too),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
