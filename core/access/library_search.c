/*
 * Where the dynamic loader looks for a library, in its order: ld.so(8) for
 * glibc, ldso/dynlink.c for musl.
 */
#include "core/access/library_search.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

enum { PROBES_MOST = 1 << 18, CANCEL_EVERY = 4096 };

#define LEVELS "glibc-hwcaps"

/* ---- One place ---- */

static struct arena *arena_of(const struct load_process *process)
{
	return &process->walk->start->arena;
}

/* LIBRARY_FOUND: the loader takes this file, for good or ill. */
static int try_path(struct library_search *search, const char *path)
{
	struct start_walk *walk = search->process->walk;
	const struct elf_image *program = search->process->objects.items[0].elf;
	const struct program_file *file;
	struct access_verdict verdict = access__ask(walk, path, ACCESS_READ);

	if (verdict.outcome == ACCESS_DENIED && !search->path && access__is_there(walk, path))
		search->path = path;
	if (verdict.outcome != ACCESS_ALLOWED || !access__is_type(walk, verdict.node, TAR_FILE))
		return START_GO_ON;
	if (search->is_peek)
		return VEC_PUSH(&search->process->wanted, verdict.node, walk->err) < 0
			       ? -ERR_NOMEM
			       : LIBRARY_FOUND;

	int r = access__program_read(walk, verdict.node, &file);

	if (r != START_GO_ON)
		return r;
	/* A library for another machine is passed over; what is no library is an error. */
	if (file->elf && file->elf->bits && !access__elf_fits(program, file->elf))
		return START_GO_ON;
	search->path = path;
	search->elf = file->elf;
	if (file->elf && !file->elf->damage)
		return LIBRARY_FOUND;
	if (access__check(walk, START_STEP_LIBRARY, path, NULL) < 0)
		return -ERR_NOMEM;
	return access__stop_with(
		walk, START_BAD_FORMAT,
		file->elf ? arena_printf(&walk->start->arena, "it %s", file->elf->damage)
			  : "it has no ELF header");
}

static int try_file(struct library_search *search, const char *path)
{
	struct load_process *process = search->process;
	struct start_walk *walk = process->walk;

	if (!path)
		return err_nomem(walk->err);
	if (process->probes >= PROBES_MOST)
		return access__stop_with(walk, START_UNKNOWN,
					 "too many folders are named for its libraries");
	if (++process->probes % CANCEL_EVERY == 0 &&
	    cancel_check(walk->input->content->cancel, walk->err) < 0)
		return -ERR_CANCELLED;
	return try_path(search, path);
}

/* glibc's: libraries for better machines lie in subfolders. */
static bool has_levels(const struct load_process *process, const char *folder)
{
	char path[PATH_MAX];

	return process->machine && !process->is_musl && process->machine->levels[0] &&
	       snprintf(path, sizeof(path), "%s/" LEVELS, folder) < (int)sizeof(path) &&
	       access__ask(process->walk, path, ACCESS_EXECUTE).outcome == ACCESS_ALLOWED;
}

static int try_folder(struct library_search *search, const char *folder)
{
	const struct load_process *process = search->process;
	int r = START_GO_ON;

	if (strcmp(folder, "/") == 0)
		folder = "";
	if (has_levels(process, folder))
		for (size_t i = 0; r == START_GO_ON && process->machine->levels[i]; i++)
			r = try_file(search,
				     arena_printf(arena_of(process), "%s/" LEVELS "/%s/%s", folder,
						  process->machine->levels[i], search->name));
	if (r != START_GO_ON)
		return r;
	return try_file(search, arena_printf(arena_of(process), "%s/%s", folder, search->name));
}

/* What ldconfig(8) found; if it is gone since, or shut, the defaults may have it. */
static int try_cache(struct library_search *search)
{
	const struct load_process *process = search->process;
	const char *path =
		access__cache_find(&process->folders.cache, process->machine, search->name);

	return path ? try_file(search, access__absolute(process->walk, path)) : START_GO_ON;
}

static int expand(const struct load_process *process, const char *text, size_t len,
		  const char *origin, const char **ret_text)
{
	const struct library_tokens tokens = {
		.origin = origin,
		.lib = process->lib,
		.platform =
			process->machine && !process->is_musl ? process->machine->platform : NULL,
	};
	const char *copy = arena_copy(arena_of(process), text, len);

	return copy ? access__expand(process->walk, copy, &tokens, ret_text)
		    : err_nomem(process->walk->err);
}

/* Folders between ':'; an empty one is the working directory. */
static int try_list(struct library_search *search, const char *list, const char *separators,
		    const char *origin)
{
	struct start_walk *walk = search->process->walk;
	int r = START_GO_ON;

	if (!list || !*list)
		return START_GO_ON;
	for (const char *at = list; r == START_GO_ON && at;) {
		size_t len = strcspn(at, separators);
		const char *folder;

		r = expand(search->process, at, len, origin, &folder);
		if (r == START_GO_ON && folder) {
			folder = *folder ? access__absolute(walk, folder) : walk->folder;
			r = folder ? try_folder(search, folder) : err_nomem(walk->err);
		}
		at = at[len] ? at + len + 1 : NULL;
	}
	return r;
}

/* ---- The order ---- */

static const struct loaded_object *object_at(const struct library_search *search, size_t i)
{
	return &search->process->objects.items[i];
}

/* The paths of who asked, and of who asked for him, up to the program. */
static int try_rpaths(struct library_search *search)
{
	bool is_musl = search->process->is_musl;
	size_t i = search->by;
	int r;

	for (;; i = object_at(search, i)->by) {
		const struct loaded_object *object = object_at(search, i);
		const struct elf_image *elf = object->elf;
		/* A runpath takes the place of the rpath; musl hands both down. */
		const char *list = !elf->runpath ? elf->rpath : is_musl ? elf->runpath : NULL;

		r = try_list(search, list, ":", object->origin);
		if (r != START_GO_ON || i == 0)
			return r;
	}
}

static int try_environment(struct library_search *search)
{
	return try_list(search, search->process->walk->library_path, ":;",
			object_at(search, 0)->origin);
}

static int try_runpath(struct library_search *search)
{
	const struct loaded_object *object = object_at(search, search->by);

	return try_list(search, object->elf->runpath, ":", object->origin);
}

/* ld.so(8); ldso/dynlink.c load_library(). */
static int find_in_folders(struct library_search *search)
{
	const struct load_process *process = search->process;
	bool has_runpath = object_at(search, search->by)->elf->runpath != NULL;
	int r = START_GO_ON;

	if (process->is_musl)
		r = try_environment(search);
	if (r == START_GO_ON && (process->is_musl || !has_runpath))
		r = try_rpaths(search);
	if (r == START_GO_ON && !process->is_musl)
		r = try_environment(search);
	if (r == START_GO_ON && !process->is_musl)
		r = try_runpath(search);
	if (r == START_GO_ON)
		r = try_cache(search);
	for (size_t i = 0; r == START_GO_ON && i < process->folders.all.count; i++)
		r = try_folder(search, process->folders.all.items[i]);
	return r;
}

int access__library_find(struct library_search *search)
{
	const struct loaded_object *by = object_at(search, search->by);
	const char *path;

	if (!strchr(search->name, '/'))
		return find_in_folders(search);

	int r = expand(search->process, search->name, strlen(search->name), by->origin, &path);

	if (r < 0 || !path)
		return r;
	path = access__absolute(search->process->walk, path);
	return path ? try_path(search, path) : err_nomem(search->process->walk->err);
}
