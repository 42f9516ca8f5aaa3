/*
 * What depends on the machine that an ELF file is for, in one table: what the
 * image's config calls it, and what a loader built for it looks for.
 */
#ifndef ACCESS_ELF_MACHINE_H
#define ACCESS_ELF_MACHINE_H

#include "core/access/elf.h"

enum { LEVELS_MOST = 3 };

/* Strings are constant; NULL: there is none, or it differs from loader to loader. */
struct elf_machine {
	const char *architecture; /* in Go's names */
	unsigned machine, bits;
	bool big_endian;
	const char *triplet;  /* of Debian's folders */
	const char *platform; /* $PLATFORM: AT_PLATFORM of the kernel */
	unsigned cache_flags; /* of its libraries in ld.so.cache; 0: any */
	/* Subfolders of glibc-hwcaps, the best first, NULL behind the last. */
	const char *levels[LEVELS_MOST + 1];
};

/* NULL: an unknown one. */
const struct elf_machine *access__elf_machine(const struct elf_image *image);

/* Whether a process of 'program' can use 'library'. */
bool access__elf_fits(const struct elf_image *program, const struct elf_image *library);

/* Whether a program can run on an architecture in Go's names; an unknown one takes any. */
bool access__elf_runs_on(const struct elf_image *program, const char *architecture);

/* The architecture as Go names it; "another machine". */
const char *access__elf_architecture(const struct elf_image *image);

#endif
