/* A program being loaded with its libraries, and one library that is looked for. */
#ifndef ACCESS_LIBRARY_SEARCH_H
#define ACCESS_LIBRARY_SEARCH_H

#include "core/access/access_priv.h"

/* Beside START_GO_ON and START_STOP. */
enum { LIBRARY_FOUND = 2 };

struct loaded_object {
	const char *name; /* as it was asked for; of the program "" */
	const char *path;
	const char *origin; /* the folder, for $ORIGIN */
	const struct elf_image *elf;
	size_t by; /* the object that asked first; of the program 0 */
};

struct load_process {
	struct start_walk *walk;
	VEC(struct loaded_object) objects; /* the program is the first */
	struct folders folders;            /* that the loader knows by itself */
	const char *loader;
	const char *lib;                   /* what $LIB stands for, or NULL */
	const struct elf_machine *machine; /* of the program; NULL: an unknown one */
	bool is_musl;
	VEC(node_id) wanted; /* that will be read */
	unsigned probes;     /* of folders */
};

/* One library that is looked for. */
struct library_search {
	struct load_process *process;
	const char *name;
	size_t by;
	bool is_peek;     /* only say which file would be read */
	const char *path; /* where it was found, or is, but shut: then elf is NULL */
	const struct elf_image *elf;
};

/*
 * LIBRARY_FOUND: the loader takes search->path, for good or ill; START_GO_ON:
 * it is nowhere, or search->path may not be read; START_STOP. A peek adds to
 * process->wanted and sets no path. ERR_CANCELLED, ERR_IO, ERR_NOMEM.
 */
int access__library_find(struct library_search *search);

#endif
