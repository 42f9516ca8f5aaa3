/*
 * What the dynamic loader does before a program runs: every library that is
 * needed, by the program or by a library, is looked for in the loader's order
 * and must be readable. Breadth first, each name once, as glibc and musl do.
 */
#include <fnmatch.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "base/path.h"
#include "content/content_reader.h"
#include "core/access/access_priv.h"

enum { OBJECTS_MOST = 512, PROBES_MOST = 1 << 18, CANCEL_EVERY = 4096 };

#define LEVELS "glibc-hwcaps"

/* Beside START_GO_ON and START_STOP. */
enum { FOUND = 2 };

struct object {
	const char *name; /* as it was asked for; of the program "" */
	const char *path;
	const char *origin; /* the folder, for $ORIGIN */
	const struct elf_image *elf;
	size_t by; /* the object that asked first; of the program 0 */
};

struct process {
	struct start_walk *walk;
	VEC(struct object) objects; /* the program is the first */
	struct folders folders;     /* that the loader knows by itself */
	const char *loader;
	const char *lib;                   /* what $LIB stands for, or NULL */
	const struct elf_machine *machine; /* of the program; NULL: an unknown one */
	bool is_musl;
	VEC(node_id) wanted; /* that will be read */
	unsigned probes;     /* of folders */
};

/* One library that is looked for. */
struct search {
	struct process *process;
	const char *name;
	size_t by;
	bool is_peek;     /* only say which file would be read */
	const char *path; /* where it was found, or is, but shut: then elf is NULL */
	const struct elf_image *elf;
};

/* ---- One place ---- */

static struct arena *arena_of(const struct process *process)
{
	return &process->walk->start->arena;
}

/* FOUND: the loader takes this file, for good or ill. */
static int try_path(struct search *search, const char *path)
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
		return VEC_PUSH(&search->process->wanted, verdict.node, walk->err) < 0 ? -ERR_NOMEM
										       : FOUND;

	int r = access__program_read(walk, verdict.node, &file);

	if (r != START_GO_ON)
		return r;
	/* A library for another machine is passed over; what is no library is an error. */
	if (file->elf && file->elf->bits && !access__elf_fits(program, file->elf))
		return START_GO_ON;
	search->path = path;
	search->elf = file->elf;
	if (file->elf && !file->elf->damage)
		return FOUND;
	if (access__check(walk, START_STEP_LIBRARY, path, NULL) < 0)
		return -ERR_NOMEM;
	return access__stop_with(
		walk, START_BAD_FORMAT,
		file->elf ? arena_printf(&walk->start->arena, "it %s", file->elf->damage)
			  : "it has no ELF header");
}

static int try_file(struct search *search, const char *path)
{
	struct process *process = search->process;
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
static bool has_levels(const struct process *process, const char *folder)
{
	char path[PATH_MAX];

	return process->machine && !process->is_musl && process->machine->levels[0] &&
	       snprintf(path, sizeof(path), "%s/" LEVELS, folder) < (int)sizeof(path) &&
	       access__ask(process->walk, path, ACCESS_EXECUTE).outcome == ACCESS_ALLOWED;
}

static int try_folder(struct search *search, const char *folder)
{
	const struct process *process = search->process;
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
static int try_cache(struct search *search)
{
	const struct process *process = search->process;
	const char *path =
		access__cache_find(&process->folders.cache, process->machine, search->name);

	return path ? try_file(search, access__absolute(process->walk, path)) : START_GO_ON;
}

static int expand(const struct process *process, const char *text, size_t len, const char *origin,
		  const char **ret_text)
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
static int try_list(struct search *search, const char *list, const char *separators,
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

static const struct object *object_at(const struct search *search, size_t i)
{
	return &search->process->objects.items[i];
}

/* The paths of who asked, and of who asked for him, up to the program. */
static int try_rpaths(struct search *search)
{
	bool is_musl = search->process->is_musl;
	size_t i = search->by;
	int r;

	for (;; i = object_at(search, i)->by) {
		const struct object *object = object_at(search, i);
		const struct elf_image *elf = object->elf;
		/* A runpath takes the place of the rpath; musl hands both down. */
		const char *list = !elf->runpath ? elf->rpath : is_musl ? elf->runpath : NULL;

		r = try_list(search, list, ":", object->origin);
		if (r != START_GO_ON || i == 0)
			return r;
	}
}

static int try_environment(struct search *search)
{
	return try_list(search, search->process->walk->library_path, ":;",
			object_at(search, 0)->origin);
}

static int try_runpath(struct search *search)
{
	const struct object *object = object_at(search, search->by);

	return try_list(search, object->elf->runpath, ":", object->origin);
}

/* ld.so(8); ldso/dynlink.c load_library(). */
static int find_in_folders(struct search *search)
{
	const struct process *process = search->process;
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

static int find(struct search *search)
{
	const struct object *by = object_at(search, search->by);
	const char *path;

	if (!strchr(search->name, '/'))
		return find_in_folders(search);

	int r = expand(search->process, search->name, strlen(search->name), by->origin, &path);

	if (r < 0 || !path)
		return r;
	path = access__absolute(search->process->walk, path);
	return path ? try_path(search, path) : err_nomem(search->process->walk->err);
}

/* ---- The whole process ---- */

static bool is_loaded(const struct process *process, const char *name)
{
	if (strcmp(name, path_base(process->loader)) == 0 ||
	    (process->is_musl && access__is_in_musl(name)))
		return true;
	for (size_t i = 1; i < process->objects.count; i++) {
		const struct object *object = &process->objects.items[i];

		if (strcmp(object->name, name) == 0 ||
		    (object->elf->soname && strcmp(object->elf->soname, name) == 0))
			return true;
	}
	return false;
}

/* What the container runtimes of GPU and NPU machines put into every container. */
static bool is_from_runtime(const char *name)
{
	static const char *const NAMES[] = {
		"libcuda.so*",       "libnvidia-*.so*", "libnvcuvid.so*",
		"libascend_hal.so*", "libdcmi.so*",
	};

	for (size_t i = 0; i < sizeof(NAMES) / sizeof(*NAMES); i++)
		if (fnmatch(NAMES[i], name, 0) == 0)
			return true;
	return false;
}

static bool has_step(const struct start_walk *walk, const char *path)
{
	for (size_t i = 0; i < walk->steps.count; i++)
		if (walk->steps.items[i].kind == START_STEP_LIBRARY &&
		    strcmp(walk->steps.items[i].path, path) == 0)
			return true;
	return false;
}

static int add_library(const struct search *search)
{
	struct process *process = search->process;
	struct start_walk *walk = process->walk;
	const char *base = path_base(search->path);
	struct object object = {
		.name = search->name,
		.path = search->path,
		.elf = search->elf,
		.by = search->by,
		.origin =
			arena_copy(&walk->start->arena, search->path,
				   base - search->path > 1 ? (size_t)(base - search->path) - 1 : 1),
	};
	struct start_step step = {
		.path = search->path,
		.kind = START_STEP_LIBRARY,
		.by = process->objects.items[search->by].path,
	};

	if (!object.origin)
		return err_nomem(walk->err);
	if (!has_step(walk, search->path)) {
		step.verdict = access__ask(walk, search->path, ACCESS_READ);
		if (access__add_step(walk, &step) < 0)
			return -ERR_NOMEM;
	}
	return VEC_PUSH(&process->objects, object, walk->err);
}

/* One that lies where only ldconfig(8) looks is a mistake that is easily mended. */
static int say_what_is_missing(const struct search *search, const char *by, const char **ret_text)
{
	struct start_walk *walk = search->process->walk;
	const char *folder = NULL;
	int r = search->path || search->process->is_musl || strchr(search->name, '/')
			? 0
			: access__configured_folder(walk, search->name, &folder);

	*ret_text = arena_printf(&walk->start->arena, "%s, which %s needs%s%s%s", search->name, by,
				 folder ? "; it is in " : "", folder ? folder : "",
				 folder ? ", but not in /etc/ld.so.cache: run ldconfig" : "");
	return r;
}

/* Nowhere, or where the user may not read it. */
static int miss_library(const struct search *search)
{
	struct start_walk *walk = search->process->walk;
	const char *by = object_at(search, search->by)->path;
	const char *path = search->path ? search->path : search->name;
	struct start_step step = {
		.path = path,
		.verdict = access__ask(walk, search->path ? path : "", ACCESS_READ),
		.kind = START_STEP_LIBRARY,
		.by = by,
	};
	bool is_open = !search->path && is_from_runtime(search->name);

	if (is_open)
		step.verdict.outcome = ACCESS_RUNTIME;
	if (access__add_step(walk, &step) < 0)
		return -ERR_NOMEM;
	if (is_open)
		return START_GO_ON;
	if (!search->path && walk->is_library_path_unknown)
		return access__stop(walk, START_UNKNOWN);

	const char *text;
	int r = say_what_is_missing(search, by, &text);

	return r < 0 ? r
		     : access__stop_with(walk, search->path ? START_DENIED : START_NO_LIBRARY,
					 text);
}

static int load_library(struct process *process, size_t by, const char *name)
{
	struct search search = { .process = process, .name = name, .by = by };

	if (is_loaded(process, name))
		return START_GO_ON;
	if (process->objects.count == OBJECTS_MOST)
		return access__stop_with(process->walk, START_UNKNOWN,
					 "it needs too many libraries");

	int r = find(&search);

	if (r == FOUND)
		return add_library(&search);
	return r == START_GO_ON ? miss_library(&search) : r;
}

static int compare_places(const void *a, const void *b, void *context)
{
	const struct content *content = context;
	const node_id *first = a, *second = b;

	return content_before(content, *second, *first) - content_before(content, *first, *second);
}

/*
 * Read what the objects from 'first' on need, in the order of the layers, so
 * that each layer is decoded once. What fails here fails again where it counts.
 */
static int read_ahead(struct process *process, size_t first)
{
	struct start_walk *walk = process->walk;
	struct content content = *walk->input->content;
	int r = START_GO_ON;

	process->wanted.count = 0;
	for (size_t i = first; r >= 0 && i < process->objects.count; i++) {
		const struct elf_image *elf = process->objects.items[i].elf;

		for (size_t k = 0; r >= 0 && k < elf->needed_count; k++) {
			struct search search = {
				.process = process, .name = elf->needed[k], .by = i, .is_peek = true
			};

			if (!is_loaded(process, elf->needed[k]))
				r = find(&search);
		}
	}
	if (r >= 0 && process->wanted.count > 0)
		qsort_r(process->wanted.items, process->wanted.count,
			sizeof(*process->wanted.items), compare_places, &content);
	for (size_t i = 0; r >= 0 && i < process->wanted.count; i++) {
		const struct program_file *file;

		r = access__program_read(walk, process->wanted.items[i], &file);
	}
	walk->start->obstacle = START_OK;
	walk->start->detail = NULL;
	return r < 0 ? r : START_GO_ON;
}

static int load_libraries(struct process *process)
{
	size_t i = 0;
	int r = START_GO_ON;

	while (r == START_GO_ON && i < process->objects.count) {
		size_t end = process->objects.count;

		r = cancel_check(process->walk->input->content->cancel, process->walk->err);
		if (r == START_GO_ON)
			r = read_ahead(process, i);
		for (; r == START_GO_ON && i < end; i++) {
			/* The array may move while libraries are added. */
			const struct elf_image *elf = process->objects.items[i].elf;

			for (size_t k = 0; r == START_GO_ON && k < elf->needed_count; k++)
				r = load_library(process, i, elf->needed[k]);
		}
	}
	return r;
}

/* The program itself: its $ORIGIN is where the kernel found it, all links followed. */
static int add_program(struct process *process, node_id node, const char *path,
		       const struct elf_image *elf)
{
	struct start_walk *walk = process->walk;
	CLEANUP(freep)
	char *folder = tree_path_new(walk->input->content->tree,
				     tree_parent(walk->input->content->tree, node));
	const struct object program = {
		.name = "",
		.path = path,
		.elf = elf,
		.origin = folder ? arena_copy(&walk->start->arena, folder, strlen(folder)) : NULL,
	};

	return program.origin ? VEC_PUSH(&process->objects, program, walk->err)
			      : err_nomem(walk->err);
}

int access__load(struct start_walk *walk, node_id node, const char *path,
		 const struct elf_image *elf)
{
	struct process process = { .walk = walk, .loader = elf->loader };

	if (!elf->loader)
		return START_GO_ON;
	process.is_musl = access__is_musl(elf->loader);
	process.machine = access__elf_machine(elf);

	int r = access__check(walk, START_STEP_LOADER, access__absolute(walk, elf->loader), NULL);

	walk->steps.items[walk->steps.count - 1].by = path;
	if (r == START_GO_ON && !process.is_musl)
		r = access__loader_lib(walk, elf->loader, &process.lib);
	if (r == START_GO_ON)
		r = access__library_folders(walk, elf, process.lib, &process.folders);
	if (r == START_GO_ON)
		r = add_program(&process, node, path, elf);
	if (r == START_GO_ON)
		r = load_libraries(&process);
	VEC_DONE(&process.folders.all);
	VEC_DONE(&process.objects);
	VEC_DONE(&process.wanted);
	return r;
}
