/* The machines that images are made for, and which program runs on which; see elf_machine.h. */
#include "core/access/elf_machine.h"

#include <elf.h>
#include <string.h>

/* FLAG_* of elf/dl-cache.h and ldconfig.h of glibc, with FLAG_ELF_LIBC6. */
enum {
	CACHE_I386 = 0x0003,
	CACHE_X86_64 = 0x0303,
	CACHE_S390X = 0x0403,
	CACHE_PPC64 = 0x0503,
	CACHE_MIPS64 = 0x0703,
	CACHE_ARM_HARD_FLOAT = 0x0903,
	CACHE_AARCH64 = 0x0a03,
	CACHE_RISCV64 = 0x1003,
	CACHE_LOONG64 = 0x1203,
};

/*
 * What runs on an architecture; its own machine comes first. Of the levels those are named that
 * servers in use have: what only the newest have, as x86-64-v4, is beside what all can use.
 */
static const struct elf_machine MACHINES[] = {
	/* clang-format off */
	{ "amd64",    EM_X86_64,  64, false, "x86_64-linux-gnu",       "x86_64",    CACHE_X86_64,
	  { "x86-64-v3", "x86-64-v2" } },
	{ "386",      EM_386,     32, false, "i386-linux-gnu",         "i686",      CACHE_I386,    { 0 } },
	/* CONFIG_IA32_EMULATION */
	{ "amd64",    EM_386,     32, false, "i386-linux-gnu",         "i686",      CACHE_I386,    { 0 } },
	{ "arm64",    EM_AARCH64, 64, false, "aarch64-linux-gnu",      "aarch64",   CACHE_AARCH64, { 0 } },
	{ "arm",      EM_ARM,     32, false, "arm-linux-gnueabihf",    NULL, CACHE_ARM_HARD_FLOAT, { 0 } },
	{ "ppc64le",  EM_PPC64,   64, false, "powerpc64le-linux-gnu",  NULL,        CACHE_PPC64,
	  { "power9" } },
	{ "ppc64",    EM_PPC64,   64, true,  "powerpc64-linux-gnu",    NULL,        CACHE_PPC64,   { 0 } },
	{ "s390x",    EM_S390,    64, true,  "s390x-linux-gnu",        NULL,        CACHE_S390X,
	  { "z14", "z13" } },
	{ "riscv64",  EM_RISCV,   64, false, "riscv64-linux-gnu",      NULL,        CACHE_RISCV64, { 0 } },
	{ "loong64",  258,        64, false, "loongarch64-linux-gnu",  "loongarch", CACHE_LOONG64, { 0 } },
	{ "mips64le", EM_MIPS,    64, false, "mips64el-linux-gnuabi64", NULL,       CACHE_MIPS64,  { 0 } },
	{ "mips64",   EM_MIPS,    64, true,  "mips64-linux-gnuabi64",  NULL,        CACHE_MIPS64,  { 0 } },
	{ "mipsle",   EM_MIPS,    32, false, "mipsel-linux-gnu",       NULL,        0,             { 0 } },
	{ "mips",     EM_MIPS,    32, true,  "mips-linux-gnu",         NULL,        0,             { 0 } },
	/* clang-format on */
};

enum { MACHINE_COUNT = sizeof(MACHINES) / sizeof(*MACHINES) };

static bool is_machine(const struct elf_image *image, const struct elf_machine *machine)
{
	return image->machine == machine->machine && image->bits == machine->bits &&
	       image->big_endian == machine->big_endian;
}

const struct elf_machine *access__elf_machine(const struct elf_image *image)
{
	for (size_t i = 0; i < MACHINE_COUNT; i++)
		if (is_machine(image, &MACHINES[i]))
			return &MACHINES[i];
	return NULL;
}

bool access__elf_fits(const struct elf_image *program, const struct elf_image *library)
{
	return program->machine == library->machine && program->bits == library->bits &&
	       program->big_endian == library->big_endian;
}

bool access__elf_runs_on(const struct elf_image *program, const char *architecture)
{
	bool is_known = false;

	for (size_t i = 0; i < MACHINE_COUNT; i++) {
		if (strcmp(MACHINES[i].architecture, architecture) != 0)
			continue;
		if (is_machine(program, &MACHINES[i]))
			return true;
		is_known = true;
	}
	return !is_known;
}

const char *access__elf_architecture(const struct elf_image *image)
{
	const struct elf_machine *machine = access__elf_machine(image);

	return machine ? machine->architecture : "another machine";
}
