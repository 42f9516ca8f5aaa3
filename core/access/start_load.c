/*
 * What the dynamic loader does before a program runs: every library that is
 * needed, by the program or by a library, is looked for in the loader's order
 * (library_search.c) and must be readable. Breadth first, each name once, as
 * glibc and musl do.
 */
#include <fnmatch.h>
#include <string.h>

#include "base/path.h"
#include "content/content_reader.h"
#include "core/access/library_search.h"

enum { OBJECTS_MOST = 512 };

static bool is_loaded(const struct load_process *process, const char *name)
{
	if (strcmp(name, path_base(process->loader)) == 0 ||
	    (process->is_musl && access__is_in_musl(name)))
		return true;
	for (size_t i = 1; i < process->objects.count; i++) {
		const struct loaded_object *object = &process->objects.items[i];

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

static int add_library(const struct library_search *search)
{
	struct load_process *process = search->process;
	struct start_walk *walk = process->walk;
	const char *base = path_base(search->path);
	struct loaded_object object = {
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
static int say_what_is_missing(const struct library_search *search, const char *by,
			       const char **ret_text)
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
static int miss_library(const struct library_search *search)
{
	struct start_walk *walk = search->process->walk;
	const char *by = search->process->objects.items[search->by].path;
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

static int load_library(struct load_process *process, size_t by, const char *name)
{
	struct library_search search = { .process = process, .name = name, .by = by };

	if (is_loaded(process, name))
		return START_GO_ON;
	if (process->objects.count == OBJECTS_MOST)
		return access__stop_with(process->walk, START_UNKNOWN,
					 "it needs too many libraries");

	int r = access__library_find(&search);

	if (r == LIBRARY_FOUND)
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
static int read_ahead(struct load_process *process, size_t first)
{
	struct start_walk *walk = process->walk;
	struct content content = *walk->input->content;
	int r = START_GO_ON;

	process->wanted.count = 0;
	for (size_t i = first; r >= 0 && i < process->objects.count; i++) {
		const struct elf_image *elf = process->objects.items[i].elf;

		for (size_t k = 0; r >= 0 && k < elf->needed_count; k++) {
			struct library_search search = {
				.process = process, .name = elf->needed[k], .by = i, .is_peek = true
			};

			if (!is_loaded(process, elf->needed[k]))
				r = access__library_find(&search);
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

static int load_libraries(struct load_process *process)
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
static int add_program(struct load_process *process, node_id node, const char *path,
		       const struct elf_image *elf)
{
	struct start_walk *walk = process->walk;
	CLEANUP(freep)
	char *folder = tree_path_new(walk->input->content->tree,
				     tree_parent(walk->input->content->tree, node));
	const struct loaded_object program = {
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
	struct load_process process = { .walk = walk, .loader = elf->loader };

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
