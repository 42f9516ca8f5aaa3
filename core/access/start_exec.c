/*
 * What execve(2) does with one program: the search in PATH, the test for
 * execution, the chain of "#!" lines and the loader.
 */
#include <string.h>

#include "base/path.h"
#include "core/access/access_priv.h"
#include "tree/resolve.h"

enum { MOST_REWRITES = 5 }; /* fs/exec.c exec_binprm(): one more is ELOOP */

/* ---- Steps ---- */

int access__stop(struct start_walk *walk, enum start_obstacle obstacle)
{
	walk->start->obstacle = obstacle;
	return START_STOP;
}

int access__stop_with(struct start_walk *walk, enum start_obstacle obstacle, const char *detail)
{
	walk->start->detail = detail;
	return detail ? access__stop(walk, obstacle) : err_nomem(walk->err);
}

static enum start_obstacle obstacle_of(enum access_outcome outcome)
{
	static const enum start_obstacle OBSTACLES[] = {
		[ACCESS_ALLOWED] = START_OK,          [ACCESS_DENIED] = START_DENIED,
		[ACCESS_NOT_FOUND] = START_NOT_FOUND, [ACCESS_NOT_DIRECTORY] = START_NOT_FOUND,
		[ACCESS_LOOP] = START_NOT_FOUND,      [ACCESS_TOO_LONG] = START_NOT_FOUND,
		[ACCESS_RUNTIME] = START_RUNTIME,      [ACCESS_STICKY] = START_DENIED,
	};

	return OBSTACLES[outcome];
}

struct access_verdict access__ask(const struct start_walk *walk, const char *path, unsigned wanted)
{
	const struct content *content = walk->input->content;

	/* A bare name: PATH did not lead to it. */
	if (path[0] != '/')
		return (struct access_verdict){
			.outcome = ACCESS_NOT_FOUND,
			.node = NODE_NONE,
			.blocker = NODE_NONE,
		};
	return access_path(content->tree, content->at, walk->input->identity, path, wanted);
}

bool access__is_type(const struct start_walk *walk, node_id node, enum tar_type type)
{
	const struct content *content = walk->input->content;
	struct tree_stat stat;

	return !node_is_none(node) && tree_stat(content->tree, node, content->at, &stat) &&
	       stat.type == type;
}

bool access__is_there(const struct start_walk *walk, const char *path)
{
	const struct content *content = walk->input->content;

	return resolve_path(content->tree, content->at, NODE_ROOT, path, true, NULL).outcome ==
	       RESOLVE_FOUND;
}

const char *access__absolute(struct start_walk *walk, const char *path)
{
	size_t len = strlen(walk->folder);
	const char *slash = len && walk->folder[len - 1] == '/' ? "" : "/";

	if (path[0] == '/')
		return path;
	return arena_printf(&walk->start->arena, "%s%s%s", walk->folder, slash, path);
}

/* What each kind of step asks for, and what it means if it is not so. */
static const struct kind {
	const char *name;
	unsigned wanted;
	enum tar_type type;
	enum start_obstacle other_type; /* START_OK: any type will do */
	enum start_obstacle missing;
} KINDS[] = {
	/* clang-format off */
	[START_STEP_COMMAND] =     { "command", ACCESS_EXECUTE,
				     TAR_FILE, START_NOT_EXECUTABLE_TYPE, START_NOT_FOUND },
	[START_STEP_INTERPRETER] = { "interpreter", ACCESS_EXECUTE,
				     TAR_FILE, START_NOT_EXECUTABLE_TYPE, START_BAD_INTERPRETER },
	[START_STEP_LOADER] =      { "loader", ACCESS_EXECUTE,
				     TAR_FILE, START_NOT_EXECUTABLE_TYPE, START_BAD_INTERPRETER },
	[START_STEP_LIBRARY] =     { "library", ACCESS_READ,
				     TAR_FILE, START_BAD_FORMAT, START_NO_LIBRARY },
	[START_STEP_SCRIPT] =      { "script", ACCESS_READ,
				     TAR_FILE, START_OK, START_NOT_FOUND },
	[START_STEP_DIRECTORY] =   { "directory", ACCESS_EXECUTE,
				     TAR_DIR, START_NOT_FOUND, START_NOT_FOUND },
	[START_STEP_VENV] =        { "venv", ACCESS_READ,
				     TAR_FILE, START_NOT_FOUND, START_NOT_FOUND },
	[START_STEP_MODULES] =     { "modules", ACCESS_READ | ACCESS_EXECUTE,
				     TAR_DIR, START_NOT_FOUND, START_NOT_FOUND },
	/* clang-format on */
};

const char *start_kind_name(enum start_kind kind)
{
	return KINDS[kind].name;
}

int access__add_step(struct start_walk *walk, const struct start_step *step)
{
	struct start_step added = *step;

	added.what = KINDS[step->kind].name;
	return VEC_PUSH(&walk->steps, added, walk->err);
}

int access__check(struct start_walk *walk, enum start_kind kind, const char *path,
		  node_id *ret_node)
{
	if (!path)
		return err_nomem(walk->err);

	const struct start_step step = {
		.path = path,
		.verdict = access__ask(walk, path, KINDS[kind].wanted),
		.kind = kind,
	};
	enum start_obstacle obstacle = obstacle_of(step.verdict.outcome);

	if (access__add_step(walk, &step) < 0)
		return -ERR_NOMEM;
	if (!node_is_none(step.verdict.node) && KINDS[kind].other_type != START_OK &&
	    !access__is_type(walk, step.verdict.node, KINDS[kind].type) &&
	    (obstacle == START_OK || obstacle == START_DENIED))
		obstacle = KINDS[kind].other_type;
	if (obstacle == START_NOT_FOUND)
		obstacle = KINDS[kind].missing;
	if (obstacle != START_OK)
		return access__stop(walk, obstacle);
	if (ret_node)
		*ret_node = step.verdict.node;
	return START_GO_ON;
}

/* ---- One program ---- */

const char *access__look_up(struct start_walk *walk, const char *name)
{
	const char *denied = NULL;

	if (strchr(name, '/'))
		return access__absolute(walk, name);
	for (const char *at = walk->path; at; at = *at ? at + 1 : NULL) {
		size_t len = strcspn(at, ":");
		const char *folder = len ? arena_copy(&walk->start->arena, at, len) : walk->folder;
		const char *path =
			folder ? arena_printf(&walk->start->arena, "%s/%s", folder, name) : NULL;

		if (!path || !(path = access__absolute(walk, path)))
			return NULL;

		struct access_verdict verdict = access__ask(walk, path, ACCESS_EXECUTE);

		if (verdict.outcome == ACCESS_ALLOWED &&
		    access__is_type(walk, verdict.node, TAR_FILE))
			return path;
		if (verdict.outcome == ACCESS_DENIED && !denied && access__is_there(walk, path))
			denied = path;
		at += len;
	}
	return denied ? denied : name;
}

/* What the kernel does with what is no script that names its interpreter. */
static int start_binary(struct start_walk *walk, node_id node, const char *path,
			const struct program_file *file)
{
	const char *architecture = walk->input->config->platform.architecture;
	struct arena *arena = &walk->start->arena;
	const struct elf_image *elf = file->elf;

	if (!elf && file->head.format == EXEC_SCRIPT)
		return access__stop_with(walk, START_BAD_FORMAT,
					 "its first line names no interpreter in 255 bytes");
	if (!elf)
		return access__stop_with(walk, START_BAD_FORMAT,
					 "it begins with neither \"#!\" nor an ELF header");
	if (elf->bits && !access__elf_runs_on(elf, architecture))
		return access__stop_with(walk, START_WRONG_ARCHITECTURE,
					 arena_printf(arena,
						      "it is for %s (%u bits), the image for %s",
						      access__elf_architecture(elf), elf->bits,
						      architecture));
	if (elf->damage)
		return access__stop_with(walk, START_BAD_FORMAT,
					 arena_printf(arena, "it %s", elf->damage));

	int r = access__load(walk, node, path, elf);

	if (r == START_GO_ON && access__is_python(path))
		r = access__check_python(walk, node, path, elf);
	return r;
}

/* Before an interpreter is said not to be there: the most frequent reason. */
static int explain_return(struct start_walk *walk, const char *path, int r)
{
	if (r == START_STOP && walk->start->obstacle == START_BAD_INTERPRETER && strchr(path, '\r'))
		walk->start->detail = "the first line of the script ends in CR LF";
	return r;
}

/* env(1), which looks its argument up: the path of what it starts. */
static int pass_env(struct start_walk *walk, const char *argument, const char **path)
{
	const struct program_file *file;
	node_id node;
	int r = access__check(walk, START_STEP_INTERPRETER, *path, &node);

	if (r == START_GO_ON)
		r = access__program_read(walk, node, &file);
	if (r == START_GO_ON)
		r = start_binary(walk, node, *path, file);
	if (r != START_GO_ON)
		return r;
	/* Only -S makes env split what the kernel hands over as one argument. */
	if (strncmp(argument, "-S", 2) == 0) {
		argument += 2 + strspn(argument + 2, " \t");
		argument = arena_copy(&walk->start->arena, argument, strcspn(argument, " \t"));
	}
	if (!argument)
		return err_nomem(walk->err);
	if (argument[0] == '-' || strchr(argument, '='))
		return access__stop(walk, START_UNKNOWN);
	*path = access__look_up(walk, argument);
	return *path ? START_GO_ON : err_nomem(walk->err);
}

/* The program behind a "#!" line. */
static int check_interpreter(struct start_walk *walk, const struct exec_head *head,
			     const char **ret_path, node_id *ret_node)
{
	int r = START_GO_ON;

	*ret_path = access__absolute(walk, head->interpreter);
	if (*ret_path && head->argument && strcmp(path_base(head->interpreter), "env") == 0)
		r = pass_env(walk, head->argument, ret_path);
	if (r == START_GO_ON)
		r = access__check(walk, START_STEP_INTERPRETER, *ret_path, ret_node);
	return *ret_path ? explain_return(walk, *ret_path, r) : r;
}

int access__execute(struct start_walk *walk, const char *path)
{
	const char *scripts[MOST_REWRITES];
	unsigned count = 0;
	const struct program_file *file = NULL;
	node_id node;
	int r = access__check(walk, START_STEP_COMMAND, path, &node);

	while (r == START_GO_ON && (r = access__program_read(walk, node, &file)) == START_GO_ON &&
	       file->head.interpreter) {
		if (count == MOST_REWRITES)
			return access__stop_with(walk, START_BAD_INTERPRETER,
						 "it is one interpreter too many in a row");
		scripts[count++] = path;
		r = check_interpreter(walk, &file->head, &path, &node);
	}
	if (r != START_GO_ON)
		return r;
	if (count == 0 && walk->has_shell && file->head.format == EXEC_NONE && file->head.is_text)
		return access__check(walk, START_STEP_SCRIPT, path, NULL);
	r = start_binary(walk, node, path, file);
	while (r == START_GO_ON && count > 0)
		r = access__check(walk, START_STEP_SCRIPT, scripts[--count], NULL);
	return r;
}
