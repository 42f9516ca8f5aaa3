/* What the files of the stage share: ACLs, and the parts of "would it start". */
#ifndef ACCESS_ACCESS_PRIV_H
#define ACCESS_ACCESS_PRIV_H

#include <stdbool.h>
#include <stddef.h>

#include "access/access.h"
#include "access/exec_head.h"
#include "access/shell_line.h"
#include "access/start.h"
#include "base/arena.h"
#include "base/vec.h"
#include "content/content_reader.h"
#include "core/access/elf.h"
#include "core/access/elf_machine.h"
#include "core/access/library_cache.h"

/* ---- access_acl.c ---- */

/* What the ACL of an inode gives to one who does not own it; false: none counts. */
bool access__acl(const struct identity *identity, const struct tree *tree,
		 const struct tree_stat *stat, unsigned wanted, struct access_grant *ret_grant);

/* ---- attributes.c ---- */

#define SELINUX_XATTR "security.selinux"

enum { SPECIAL_COUNT = 3 };

/* Bits of a mode beside rwx. */
struct special {
	unsigned bit;
	const char *name;
};
extern const struct special ACCESS__SPECIALS[SPECIAL_COUNT];

/* An ACL as an engine would leave it: the access ACL by the mode, a default one as it is. */
struct acl_shown {
	struct acl acl;
	bool is_default;
	unsigned mode; /* of the inode */
	unsigned mask; /* what named entries and the owning group are cut to */
};

/* False: malformed. */
bool access__acl_show(const struct tar_xattr *xattr, unsigned mode, struct acl_shown *ret_shown);
struct acl_entry access__acl_entry(const struct acl_shown *shown, size_t i);

/* What the mask leaves of an entry; of owner, mask and other: all. */
unsigned access__acl_effective(const struct acl_shown *shown, const struct acl_entry *entry);

/* The name of whom an entry names; NULL: nobody, or the image has no name. */
const char *access__acl_name(const struct accounts *accounts, const struct acl_entry *entry);

/* "r-x"; out[4]. */
const char *access__rwx(unsigned bits, char *out);

/* ---- start_exec.c ---- */

/* What a step says, beside a negative error. */
enum { START_GO_ON = 0, START_STOP = 1 };

struct start_walk {
	const struct start_input *input;
	struct start *start;
	VEC(struct start_step) steps;
	VEC(struct program_file *) files; /* that were read */
	struct content_reader *reader;    /* NULL until the first one is */
	struct shell_words words;         /* the command of this round; none: the end */
	const char *folder;               /* the working directory */
	const char *path;                 /* PATH */
	const char *library_path;         /* LD_LIBRARY_PATH */
	bool is_library_path_unknown;     /* a shell makes it from what is not known */
	bool has_shell;                   /* who starts the next program helps out as a shell does */
	struct err *err;
};

/* The end, with this obstacle: START_STOP. */
int access__stop(struct start_walk *walk, enum start_obstacle obstacle);

/* The same with a detail, which is in the arena. NULL: out of memory. */
int access__stop_with(struct start_walk *walk, enum start_obstacle obstacle, const char *detail);

bool access__is_type(const struct start_walk *walk, node_id node, enum tar_type type);

/* Whether root would find it: what is behind a shut directory need not exist. */
bool access__is_there(const struct start_walk *walk, const char *path);

/* A word as a path from the root, in the arena; NULL: out of memory. */
const char *access__absolute(struct start_walk *walk, const char *path);

/* The verdict without a step. */
struct access_verdict access__ask(const struct start_walk *walk, const char *path, unsigned wanted);

int access__add_step(struct start_walk *walk, const struct start_step *step);

/* Judge one path as a step; it may be NULL: out of memory. ret_node may be NULL. */
int access__check(struct start_walk *walk, enum start_kind kind, const char *path,
		  node_id *ret_node);

/*
 * The path of a command as execvp(3) finds it: the first that may be executed;
 * else the first that is denied; else the name, for a step that says so.
 * NULL: out of memory.
 */
const char *access__look_up(struct start_walk *walk, const char *name);

/* A program, its chain of interpreters, and the scripts that they must read. */
int access__execute(struct start_walk *walk, const char *path);

/* ---- program_file.c ---- */

/* A file that is executed or loaded, read once. */
struct program_file {
	inode_id inode;
	struct exec_head head;
	const struct elf_image *elf; /* NULL: no ELF file */
};

/* START_STOP: nobody can read it in this image. The file is in the arena. */
int access__program_read(struct start_walk *walk, node_id node,
			 const struct program_file **ret_file);

/* ---- start_load.c ---- */

/* Its loader and all libraries, as ld.so(8) finds them. 'path' is where the program is. */
int access__load(struct start_walk *walk, node_id node, const char *path,
		 const struct elf_image *elf);

/* ---- library_folders.c ---- */

/* Where a loader looks by itself: first in the cache. All in the arena of the walk. */
struct folders {
	struct library_cache cache;
	VEC(const char *) all;
};

/*
 * Of the loader of a program, in order. 'lib' is its access__loader_lib(), or NULL.
 * VEC_DONE() also on failure.
 */
int access__library_folders(struct start_walk *walk, const struct elf_image *program,
			    const char *lib, struct folders *folders);

/* The first folder of ld.so.conf that has a library, for what the cache does not have; NULL: none. */
int access__configured_folder(struct start_walk *walk, const char *name, const char **ret_folder);

/* Whether the loader is musl's. */
bool access__is_musl(const char *loader);

/* Whether musl has a library in itself, as "libc.so", "libpthread.so.0". */
bool access__is_in_musl(const char *name);

/* ---- library_tokens.c ---- */

/* What the tokens stand for; NULL: not known. */
struct library_tokens {
	const char *origin, *lib, *platform;
};

/* In the arena, or 'text'; NULL in *ret_text: the folder is passed over, what it is is not known. */
int access__expand(struct start_walk *walk, const char *text, const struct library_tokens *tokens,
		   const char **ret_text);

/*
 * What $LIB stands for, as "lib64": the folder of the loader below / or /usr. In the arena;
 * NULL in *ret_lib: it lies elsewhere. ERR_NOMEM.
 */
int access__loader_lib(struct start_walk *walk, const char *loader, const char **ret_lib);

/* ---- start_python.c ---- */

/* Whether a program is a Python, by its path. */
bool access__is_python(const char *path);

/* The virtual environment and the folders of modules of a Python at 'path'. */
int access__check_python(struct start_walk *walk, node_id node, const char *path,
			 const struct elf_image *elf);

/* ---- start_shell.c ---- */

/* NAME=value as the environment of what follows; false: it cannot be followed. */
bool access__assign(struct start_walk *walk, const struct shell_word *word);

/* Leave out the first 'count' words; the rest is the next command. START_GO_ON. */
int access__shift(struct start_walk *walk, size_t count);

/* No further command. START_GO_ON. */
int access__finish(struct start_walk *walk);

/* Up to the first command that is no builtin: it is left in walk->words. */
int access__run_line(struct start_walk *walk, const char *line);

#endif
