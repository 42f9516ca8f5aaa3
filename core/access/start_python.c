/*
 * What a Python needs before the first line of a script: pyvenv.cfg of its
 * virtual environment, the standard library beside its home, its packages
 * (CPython Modules/getpath.py). A Python whose library is not found in this way
 * is left alone.
 */
#include <ctype.h>
#include <string.h>

#include "base/path.h"
#include "core/access/access_priv.h"
#include "tree/resolve.h"

enum { SETTINGS_BYTES = 64 << 10 };

struct python {
	struct start_walk *walk;
	char version[16];  /* "3.11"; "": any */
	const char *venv;  /* the folder of pyvenv.cfg; NULL: none */
	const char *home;  /* where its program is, or that of the venv's base */
};

bool access__is_python(const char *path)
{
	const char *name = path_base(path);

	return strncmp(name, "python", 6) == 0 && !name[6 + strspn(name + 6, "0123456789.")];
}

/* ---- Which version ---- */

/* "3.11" at the beginning of the text. */
static bool take_version(struct python *python, const char *text)
{
	size_t major = strspn(text, "0123456789");
	size_t minor = text[major] == '.' ? strspn(text + major + 1, "0123456789") : 0;
	size_t len = major + 1 + minor;

	if (!major || !minor || len >= sizeof(python->version))
		return false;
	memcpy(python->version, text, len);
	python->version[len] = '\0';
	return true;
}

static void find_version(struct python *python, const char *name, const struct elf_image *elf)
{
	static const char LIBRARY[] = "libpython";

	if (strncmp(name, "python", 6) == 0 && take_version(python, name + 6))
		return;
	for (size_t i = 0; i < elf->needed_count; i++)
		if (strncmp(elf->needed[i], LIBRARY, sizeof(LIBRARY) - 1) == 0 &&
		    take_version(python, elf->needed[i] + sizeof(LIBRARY) - 1))
			return;
}

/* ---- The virtual environment ---- */

static const char *parent_of(struct start_walk *walk, const char *path)
{
	const char *base = path_base(path);
	size_t len = (size_t)(base - path);

	return arena_copy(&walk->start->arena, path, len > 1 ? len - 1 : len);
}

/* The value of "home = …"; NULL: there is none. */
static const char *find_home(struct start_walk *walk, const char *text)
{
	for (const char *line = text; *line; line += strspn(line, "\n")) {
		size_t len = strcspn(line, "\r\n");
		const char *equals = memchr(line, '=', len);

		if (equals && strncasecmp(line, "home", 4) == 0 &&
		    line + 4 + strspn(line + 4, " \t") == equals) {
			const char *value = equals + 1 + strspn(equals + 1, " \t");
			size_t size = len - (size_t)(value - line);

			while (size > 0 && isspace((unsigned char)value[size - 1]))
				size--;
			return arena_copy(&walk->start->arena, value, size);
		}
		line += strcspn(line, "\n");
	}
	return NULL;
}

static int read_settings(struct python *python, const char *folder, const char *path)
{
	struct start_walk *walk = python->walk;
	CLEANUP(freep) char *text = NULL;
	struct err cause = { 0 };
	size_t len;
	int r = access__check(walk, START_STEP_VENV, path, NULL);

	if (r != START_GO_ON)
		return r;
	python->venv = folder;
	r = content_load_path(walk->input->content, path, SETTINGS_BYTES, NULL, &text, &len,
			      &cause);
	if (r == -ERR_CANCELLED || r == -ERR_NOMEM || r == -ERR_IO)
		return err_set(walk->err, cause.code, "%s", cause.text);

	const char *home = r == 0 ? find_home(walk, text) : NULL;

	if (home && home[0] == '/')
		python->home = home;
	return START_GO_ON;
}

/* Beside the program as it was called, or one folder above: links are not followed. */
static int find_venv(struct python *python, const char *program)
{
	struct start_walk *walk = python->walk;
	const char *folder = program;

	for (unsigned i = 0; i < 2; i++) {
		folder = parent_of(walk, folder);
		const char *path =
			folder ? arena_printf(&walk->start->arena, "%s/pyvenv.cfg", folder) : NULL;

		if (!path)
			return err_nomem(walk->err);
		if (access__is_there(walk, path))
			return read_settings(python, folder, path);
	}
	return START_GO_ON;
}

/* ---- The standard library ---- */

static bool has_library(const struct python *python, const char *folder)
{
	const struct content *content = python->walk->input->content;
	struct resolve_result found =
		resolve_path(content->tree, content->at, NODE_ROOT, folder, true, NULL);

	return found.outcome == RESOLVE_FOUND &&
	       !node_is_none(tree_child(content->tree, found.node, "os.py", 5));
}

/* The version of a lib/python3.* that has a standard library, if the program does not say. */
static void guess_version(struct python *python, const char *prefix)
{
	const struct content *content = python->walk->input->content;
	const char *lib = arena_printf(&python->walk->start->arena, "%s/lib", prefix);
	node_id child = NODE_NONE;

	if (!lib)
		return;

	struct resolve_result found =
		resolve_path(content->tree, content->at, NODE_ROOT, lib, true, NULL);

	if (found.outcome == RESOLVE_FOUND)
		child = tree_first_child(content->tree, found.node);
	for (; !node_is_none(child); child = tree_next_sibling(content->tree, child)) {
		const char *name = tree_name(content->tree, child);
		node_id os = tree_child(content->tree, child, "os.py", 5);

		if (strncmp(name, "python", 6) == 0 && !node_is_none(os) &&
		    tree_exists(content->tree, os, content->at) &&
		    take_version(python, name + 6))
			return;
	}
}

/* lib/pythonX.Y of the home or of a folder above it; NULL in *ret_folder: none. */
static int find_library(struct python *python, const char **ret_folder)
{
	struct start_walk *walk = python->walk;
	const char *prefix = python->home;
	bool is_root = false;

	*ret_folder = NULL;
	while (!is_root) {
		is_root = strcmp(prefix, "/") == 0;
		const char *shown = is_root ? "" : prefix;

		if (!python->version[0])
			guess_version(python, shown);
		const char *folder = arena_printf(&walk->start->arena, "%s/lib/python%s", shown,
						  python->version);

		if (!folder)
			return err_nomem(walk->err);
		if (python->version[0] && has_library(python, folder)) {
			*ret_folder = folder;
			return START_GO_ON;
		}
		prefix = parent_of(walk, prefix);
		if (!prefix)
			return err_nomem(walk->err);
	}
	return START_GO_ON;
}

static int check_if_there(struct python *python, const char *path)
{
	if (!path)
		return err_nomem(python->walk->err);
	if (!access__is_there(python->walk, path))
		return START_GO_ON;
	return access__check(python->walk, START_STEP_MODULES, path, NULL);
}

static int check_modules(struct python *python, const char *library)
{
	struct arena *arena = &python->walk->start->arena;
	int r = access__check(python->walk, START_STEP_MODULES, library, NULL);

	/* The first thing that is imported. */
	if (r == START_GO_ON)
		r = check_if_there(python, arena_printf(arena, "%s/encodings", library));
	if (r != START_GO_ON)
		return r;
	return check_if_there(python,
			      python->venv ? arena_printf(arena, "%s/lib/python%s/site-packages",
							  python->venv, python->version)
					   : arena_printf(arena, "%s/site-packages", library));
}

int access__check_python(struct start_walk *walk, node_id node, const char *path,
			 const struct elf_image *elf)
{
	const struct tree *tree = walk->input->content->tree;
	CLEANUP(freep) char *folder = tree_path_new(tree, tree_parent(tree, node));
	struct python python = { .walk = walk };
	const char *library;

	python.home = folder ? arena_copy(&walk->start->arena, folder, strlen(folder)) : NULL;
	if (!python.home)
		return err_nomem(walk->err);
	find_version(&python, tree_name(tree, node), elf);

	int r = find_venv(&python, path);

	if (r == START_GO_ON)
		r = find_library(&python, &library);
	return r == START_GO_ON && library ? check_modules(&python, library) : r;
}
