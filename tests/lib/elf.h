/*
 * ELF files built in code: header, program headers, loader, strings, dynamic
 * section; no code. Independent of the product's reader.
 *
 *	tb_elf(&tar, "bin/sh", 0755, &(struct elf_spec){ .loader = "/lib/ld.so.1" });
 */
#ifndef TESTS_LIB_ELF_H
#define TESTS_LIB_ELF_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/build.h"

struct elf_spec {
	unsigned bits;    /* 0: 64 */
	bool big_endian;
	unsigned machine; /* 0: EM_X86_64 */
	const char *loader, *soname, *rpath, *runpath; /* NULL: none */
	const char *const *needed; /* NULL-ended; NULL: none */
	size_t gap; /* bytes of nothing before the dynamic section */
};

#define ELF_NEEDS(...) ((const char *const[]){ __VA_ARGS__, NULL })

/* free() the bytes. */
unsigned char *elf_build(const struct elf_spec *spec, size_t *ret_len);

/* As a file of root. */
void tb_elf(struct tb *tar, const char *path, unsigned mode, const struct elf_spec *spec);

#endif
