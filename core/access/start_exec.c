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

static struct access_verdict ask(const struct start_walk *walk, const char *path, unsigned wanted)
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

static int add_step(struct start_walk *walk, const char *what, const char *path,
		    const struct access_verdict *verdict)
{
	const struct start_step step = { what, path, *verdict };

	return VEC_PUSH(&walk->steps, step, walk->err);
}

const char *access__absolute(struct start_walk *walk, const char *path)
{
	size_t len = strlen(walk->folder);
	const char *slash = len && walk->folder[len - 1] == '/' ? "" : "/";

	if (path[0] == '/')
		return path;
	return arena_printf(&walk->start->arena, "%s%s%s", walk->folder, slash, path);
}

int access__check(struct start_walk *walk, const char *what, const char *path, unsigned wanted,
		  node_id *ret_node)
{
	if (!path)
		return err_nomem(walk->err);

	struct access_verdict verdict = ask(walk, path, wanted);
	enum start_obstacle obstacle = obstacle_of(verdict.outcome);

	if (add_step(walk, what, path, &verdict) < 0)
		return -ERR_NOMEM;
	if (obstacle != START_OK)
		return access__stop(walk, obstacle);
	if (ret_node)
		*ret_node = verdict.node;
	return START_GO_ON;
}

/* ---- One program ---- */

static int check_program(struct start_walk *walk, const char *what, const char *path,
			 node_id *ret_node)
{
	int r = access__check(walk, what, path, ACCESS_EXECUTE, ret_node);

	if (r < 0)
		return r;

	node_id node = walk->steps.items[walk->steps.count - 1].verdict.node;

	if (!node_is_none(node) && !access__is_type(walk, node, TAR_FILE))
		return access__stop(walk, START_NOT_EXECUTABLE_TYPE);
	return r;
}

/* As check_program(), for what a "#!" line or a program's header names. */
static int check_interpreter(struct start_walk *walk, const char *what, const char *path,
			     node_id *ret_node)
{
	int r = check_program(walk, what, path, ret_node);

	if (r == START_STOP && walk->start->obstacle == START_NOT_FOUND)
		walk->start->obstacle = START_BAD_INTERPRETER;
	return r;
}

/* Whether root would find it: what is behind a shut directory need not exist. */
static bool is_there(const struct start_walk *walk, const char *path)
{
	const struct content *content = walk->input->content;

	return resolve_path(content->tree, content->at, NODE_ROOT, path, true, NULL).outcome ==
	       RESOLVE_FOUND;
}

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

		struct access_verdict verdict = ask(walk, path, ACCESS_EXECUTE);

		if (verdict.outcome == ACCESS_ALLOWED &&
		    access__is_type(walk, verdict.node, TAR_FILE))
			return path;
		if (verdict.outcome == ACCESS_DENIED && !denied && is_there(walk, path))
			denied = path;
		at += len;
	}
	return denied ? denied : name;
}

static int read_head(struct start_walk *walk, node_id node, struct exec_head *ret_head)
{
	CLEANUP(freep) char *bytes = NULL;
	struct err cause = { 0 };
	size_t len;
	int r = content_load(walk->input->content, node, EXEC_HEAD, &bytes, &len, &cause);

	if (r == 0)
		return access__exec_head(bytes, len, &walk->start->arena, ret_head, walk->err);
	if (cause.code == ERR_CANCELLED || cause.code == ERR_NOMEM || cause.code == ERR_IO)
		return err_set(walk->err, cause.code, "%s", cause.text);
	return access__stop(walk, START_UNKNOWN); /* a missing or damaged layer */
}

/* The path of the program behind a "#!" line; env(1) looks its argument up. */
static int find_interpreter(struct start_walk *walk, const struct exec_head *head,
			    const char **ret_path)
{
	const char *argument = head->argument;
	node_id node;

	*ret_path = access__absolute(walk, head->interpreter);
	if (!argument || strcmp(path_base(head->interpreter), "env") != 0)
		return *ret_path ? START_GO_ON : err_nomem(walk->err);

	int r = check_interpreter(walk, "interpreter", *ret_path, &node);

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
	*ret_path = access__look_up(walk, argument);
	return *ret_path ? START_GO_ON : err_nomem(walk->err);
}

int access__execute(struct start_walk *walk, const char *path)
{
	const char *scripts[MOST_REWRITES];
	unsigned count = 0;
	struct exec_head head;
	node_id node;
	int r = check_program(walk, "command", path, &node);

	while (r == START_GO_ON && (r = read_head(walk, node, &head)) == START_GO_ON &&
	       head.interpreter) {
		if (count == MOST_REWRITES)
			return access__stop(walk, START_BAD_INTERPRETER);
		scripts[count++] = path;
		r = find_interpreter(walk, &head, &path);
		if (r == START_GO_ON)
			r = check_interpreter(walk, "interpreter", path, &node);
	}
	if (r == START_GO_ON && head.loader)
		r = check_interpreter(walk, "loader", access__absolute(walk, head.loader), &node);
	while (r == START_GO_ON && count > 0)
		r = access__check(walk, "script", scripts[--count], ACCESS_READ, NULL);
	return r;
}
