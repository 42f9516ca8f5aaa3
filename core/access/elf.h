/*
 * What the kernel and the dynamic loader take from an ELF file: class and
 * machine, the loader, the libraries and where they are looked for. Untrusted:
 * every offset is checked, every count is bounded.
 */
#ifndef ACCESS_ELF_H
#define ACCESS_ELF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "core/access/byte_window.h"

struct elf_image {
	const char *damage; /* NULL: sound; else what is wrong, as "ends before its header" */
	unsigned bits;      /* 32, 64; 0: the header is damaged, nothing else is set */
	bool big_endian;
	unsigned machine;
	const char *loader; /* NULL: none, the program is static */
	const char *soname; /* NULL: none, as for the next two */
	const char *rpath, *runpath;
	const char *const *needed;
	size_t needed_count;
};

/*
 * All strings are in the arena. Damage is no error: it is in the image.
 * ERR_LIMIT, ERR_NOMEM, and what reading gives.
 */
int access__elf_read(struct byte_window *window, struct arena *arena, struct elf_image *ret_image,
		     struct err *err);

#endif
