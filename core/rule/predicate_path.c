/*
 * Single paths that must be usable: the start command, the working directory,
 * HOME, the home of the user, /tmp.
 */
#include "rule_priv.h"

#include <string.h>

#include "tree/resolve.h"

/* What a path that should be a usable directory is. */
enum place {
	PLACE_USABLE,
	PLACE_RUNTIME, /* only the runtime knows */
	PLACE_MISSING,
	PLACE_BROKEN, /* links in a circle, names too long */
	PLACE_NOT_DIRECTORY,
	PLACE_HIDDEN, /* below a directory that cannot be searched */
	PLACE_NOT_SEARCHABLE,
	PLACE_NOT_WRITABLE,
};

/* The case that is reported for each; NULL: none. */
static const char *const PLACE_CASES[] = {
	[PLACE_USABLE] = NULL,
	[PLACE_RUNTIME] = NULL,
	[PLACE_MISSING] = "missing",
	[PLACE_BROKEN] = "broken-path",
	[PLACE_NOT_DIRECTORY] = "not-directory",
	[PLACE_HIDDEN] = "hidden",
	[PLACE_NOT_SEARCHABLE] = "not-searchable",
	[PLACE_NOT_WRITABLE] = "not-writable",
};

static bool is_directory(const struct rule_run *run, node_id node)
{
	struct tree_stat stat;

	return tree_stat(run->tree, node, run->at, &stat) && stat.type == TAR_DIR;
}

/* The path with one leading slash; kept. */
static const char *absolute(struct rule_run *run, const char *path)
{
	const char *kept = path[0] == '/' ? rule__keep(run, path)
					  : arena_printf(&run->judgement->arena, "/%s", path);

	return kept ? kept : "/";
}

/* The node of the path for root, whatever the user may do; else the path itself. */
static void name_target(const struct rule_run *run, const char *path, struct finding *draft)
{
	struct resolve_result found = resolve_path(run->tree, run->at, NODE_ROOT, path, true, NULL);

	if (found.outcome == RESOLVE_FOUND)
		draft->node = found.node;
	else
		draft->path = path;
}

static enum place denied_place(const struct access_verdict *verdict, struct finding *draft)
{
	draft->blocker = verdict->blocker;
	draft->denied = verdict->wanted & ~verdict->grant.bits;
	if (verdict->blocker.v != draft->node.v)
		return PLACE_HIDDEN;
	return draft->denied & ACCESS_EXECUTE ? PLACE_NOT_SEARCHABLE : PLACE_NOT_WRITABLE;
}

/* Fills in what a finding about the path would say. 'path' is absolute and kept. */
static enum place look_at(const struct rule_run *run, const char *path, struct finding *draft)
{
	struct access_verdict verdict =
		access_path(run->tree, run->at, run->identity, path, ACCESS_EXECUTE | ACCESS_WRITE);

	*draft = rule__draft();
	name_target(run, path, draft);
	switch (verdict.outcome) {
	case ACCESS_ALLOWED:
		return is_directory(run, draft->node) ? PLACE_USABLE : PLACE_NOT_DIRECTORY;
	case ACCESS_DENIED:
	case ACCESS_STICKY:
		if (!node_is_none(draft->node) && !is_directory(run, draft->node))
			return PLACE_NOT_DIRECTORY;
		return denied_place(&verdict, draft);
	case ACCESS_NOT_FOUND:
		return PLACE_MISSING;
	case ACCESS_NOT_DIRECTORY:
		return PLACE_NOT_DIRECTORY;
	case ACCESS_LOOP:
	case ACCESS_TOO_LONG:
		return PLACE_BROKEN;
	case ACCESS_RUNTIME:
		break;
	}
	return PLACE_RUNTIME;
}

static bool is_root_path(const char *path)
{
	return !path[strspn(path, "/.")];
}

enum { MARK_SYSTEM = 1, MARK_NOT_SYSTEM = 2 };

/* Whether the directory is the system's: giving it to the user is no way to mend it. */
static int is_system(struct rule_run *run, node_id node, bool *ret_is, struct err *err)
{
	CLEANUP(rule__marks_done) struct node_marks marks = { 0 };
	int rc = rule__marks_init(&marks, run->tree, run->at, err);

	if (rc == 0)
		rc = rule__marks_list(&marks, run, "system", MARK_SYSTEM, err);
	if (rc == 0)
		rc = rule__marks_list(&marks, run, "not-system", MARK_NOT_SYSTEM, err);
	if (rc == 0)
		*ret_is = rule__marks_covered(&marks, node, MARK_SYSTEM) &&
			  !rule__marks_covered(&marks, node, MARK_NOT_SYSTEM);
	return rc;
}

static int workdir_usable(struct rule_run *run, struct err *err)
{
	const char *path = absolute(run, run->config->working_dir);
	struct finding draft;
	enum place place = look_at(run, path, &draft);
	const char *name = PLACE_CASES[place];
	bool system = false;

	if (!name)
		return 0;
	if (is_root_path(path))
		return rule__report(run, "root", &draft, err);
	if (place == PLACE_NOT_SEARCHABLE || place == PLACE_NOT_WRITABLE) {
		int rc = is_system(run, draft.node, &system, err);

		if (rc < 0)
			return rc;
	}
	if (system)
		name = place == PLACE_NOT_WRITABLE ? "system-not-writable"
						   : "system-not-searchable";
	return rule__report(run, name, &draft, err);
}

static int home_is_root(struct rule_run *run, bool from_env, const struct finding *draft,
			struct err *err)
{
	const char *plain = run->identity->has_line ? "root" : "no-line";

	return rule__report(run, from_env ? "env-root" : plain, draft, err);
}

/* Env HOME is told from the passwd home, because it is mended elsewhere. */
static int home_usable(struct rule_run *run, struct err *err)
{
	const char *env = config_env(run->config, "HOME");
	bool from_env = env && env[0] && strcmp(env, rule__string(run, "home", "")) != 0;
	const char *path = absolute(run, rule__home(run));
	struct finding draft;
	enum place place = look_at(run, path, &draft);
	char name[40];

	if (!PLACE_CASES[place])
		return 0;
	draft.detail = path;
	if (is_root_path(path))
		return home_is_root(run, from_env, &draft, err);
	if (place == PLACE_BROKEN)
		place = PLACE_MISSING;
	snprintf(name, sizeof(name), "%s%s", from_env ? "env-" : "", PLACE_CASES[place]);
	return rule__report(run, name, &draft, err);
}

static int look_at_home(struct rule_run *run, const char *path, struct err *err)
{
	static const char *const CASES[] = {
		[PLACE_USABLE] = NULL,
		[PLACE_RUNTIME] = NULL,
		[PLACE_MISSING] = "missing",
		[PLACE_BROKEN] = "missing",
		[PLACE_NOT_DIRECTORY] = "not-directory",
		[PLACE_HIDDEN] = "hidden",
		[PLACE_NOT_SEARCHABLE] = "not-writable",
		[PLACE_NOT_WRITABLE] = "not-writable",
	};
	struct finding draft;
	struct tree_stat stat;
	enum place place = look_at(run, absolute(run, path), &draft);

	if (CASES[place])
		return rule__report(run, CASES[place], &draft, err);
	if (place == PLACE_RUNTIME || !tree_stat(run->tree, draft.node, run->at, &stat) ||
	    stat.uid == rule__int(run, "uid", 1000))
		return 0;
	return rule__report(run, "not-owned", &draft, err);
}

/* The home that the platform expects, and the one that the user's line names. */
static int home_owned(struct rule_run *run, struct err *err)
{
	const struct account_user *user =
		accounts_user_by_id(run->accounts, rule__int(run, "uid", 1000));
	const char *home = rule__string(run, "home", "/home/ma-user");
	int rc = look_at_home(run, home, err);

	if (rc < 0 || !user || is_root_path(user->home) || !strcmp(user->home, home))
		return rc;
	return look_at_home(run, user->home, err);
}

static const char *start_case(const struct start *start, const struct start_step *step,
			      const struct finding *draft)
{
	switch (start->obstacle) {
	case START_OK:
		return NULL;
	case START_NO_COMMAND:
		return "no-command";
	case START_NOT_FOUND:
		/* A script may come with the job: the platform mounts a code folder. */
		return step && !strcmp(step->what, "script") ? "script-not-found" : "not-found";
	case START_DENIED:
		return draft->blocker.v != draft->node.v ? "hidden" : "denied";
	case START_NOT_EXECUTABLE_TYPE:
		return "not-executable";
	case START_BAD_INTERPRETER:
		return "bad-interpreter";
	case START_BAD_FORMAT:
		return "bad-format";
	case START_WRONG_ARCHITECTURE:
		return "wrong-architecture";
	case START_NO_LIBRARY:
		return "no-library";
	case START_RUNTIME:
	case START_UNKNOWN:
		break;
	}
	return "unknown";
}

/* Whether the words of the obstacle's case ask for more than what kind of step it is. */
static bool has_detail(enum start_obstacle obstacle)
{
	return obstacle == START_BAD_FORMAT || obstacle == START_WRONG_ARCHITECTURE ||
	       obstacle == START_NO_LIBRARY;
}

static int start_usable(struct rule_run *run, struct err *err)
{
	const struct start *start = run->judgement->start;
	const struct start_step *step =
		start->step_count ? &start->steps[start->step_count - 1] : NULL;
	struct finding draft = rule__draft();

	if (step && start->obstacle != START_OK && step->path) {
		/* A library that is nowhere has a name only: who needs it stands for it. */
		const char *path = start->obstacle == START_NO_LIBRARY ? step->by : step->path;

		draft.detail = step->what;
		if (path[0] == '/')
			name_target(run, path, &draft);
		else
			draft.path = path; /* a name that PATH does not lead to */
	}
	if (start->detail && has_detail(start->obstacle))
		draft.detail = start->detail;
	if (step && start->obstacle == START_DENIED) {
		draft.blocker = step->verdict.blocker;
		draft.denied = step->verdict.wanted & ~step->verdict.grant.bits;
	}
	const char *name = start_case(start, step, &draft);
	if (!name)
		return 0;
	run->is_open = start->obstacle == START_NO_COMMAND || start->obstacle == START_RUNTIME ||
		       start->obstacle == START_UNKNOWN;
	return rule__report(run, name, &draft, err);
}

static int look_at_shared(struct rule_run *run, const char *path, bool required, struct err *err)
{
	struct finding draft;
	struct tree_stat stat;
	enum place place = look_at(run, path, &draft);

	if (place == PLACE_MISSING || place == PLACE_BROKEN)
		return rule__report(run, required ? "missing" : "missing-optional", &draft, err);
	if (place == PLACE_NOT_DIRECTORY)
		return rule__report(run, "not-directory", &draft, err);
	if (PLACE_CASES[place])
		return rule__report(run, "not-writable", &draft, err);
	if (place == PLACE_RUNTIME || !tree_stat(run->tree, draft.node, run->at, &stat) ||
	    stat.mode & 01000)
		return 0;
	return rule__report(run, "not-sticky", &draft, err);
}

/* Whether a program of this name takes part in the start. */
static bool starts(const struct rule_run *run, const char *program)
{
	const struct start *start = run->judgement->start;

	for (size_t i = 0; i < start->step_count; i++) {
		const char *path = start->steps[i].path;
		const char *name = path ? strrchr(path, '/') : NULL;

		if (path && !strcmp(name ? name + 1 : path, program))
			return true;
	}
	return false;
}

/* The folders that a server of that name writes into, where they are there. */
static int look_at_server(struct rule_run *run, const json_t *folders, struct err *err)
{
	json_t *folder;
	size_t i;
	int rc = 0;

	json_array_foreach(folders, i, folder)
	{
		struct finding draft;
		enum place place;

		if (!json_is_string(folder))
			continue;
		place = look_at(run, json_string_value(folder), &draft);
		if (rc == 0 && place != PLACE_MISSING && place != PLACE_BROKEN &&
		    PLACE_CASES[place])
			rc = rule__report(run, "server-not-writable", &draft, err);
	}
	return rc;
}

static int look_at_servers(struct rule_run *run, struct err *err)
{
	json_t *arguments = json_object_get(run->rule->arguments, "servers");
	const char *program;
	json_t *folders;
	int rc = 0;

	json_object_foreach(arguments, program, folders)
	{
		if (rc == 0 && starts(run, program))
			rc = look_at_server(run, folders, err);
	}
	return rc;
}

static int shared_writable(struct rule_run *run, struct err *err)
{
	const char *path;
	int rc = 0;

	for (size_t i = 0; rc == 0 && (path = rule__item(run, "required", i)); i++)
		rc = look_at_shared(run, path, true, err);
	for (size_t i = 0; rc == 0 && (path = rule__item(run, "optional", i)); i++)
		rc = look_at_shared(run, path, false, err);
	return rc == 0 ? look_at_servers(run, err) : rc;
}

/* clang-format off */
const struct predicate rule__path_predicates[] = {
	{ "home-owned", home_owned,
	  RULE_WORDS("missing", "not-directory", "hidden", "not-writable", "not-owned"),
	  RULE_WORDS("uid", "home") },
	{ "start-usable", start_usable,
	  RULE_WORDS("no-command", "not-found", "script-not-found", "hidden", "denied",
		"not-executable", "bad-interpreter", "bad-format", "wrong-architecture",
		"no-library", "unknown"), RULE_WORDS(NULL) },
	{ "workdir-usable", workdir_usable,
	  RULE_WORDS("missing", "not-directory", "broken-path", "hidden", "not-searchable",
		"not-writable", "system-not-searchable", "system-not-writable", "root"),
	  RULE_WORDS("system", "not-system") },
	{ "home-usable", home_usable,
	  RULE_WORDS("no-line", "root", "missing", "not-directory", "hidden", "not-searchable",
		"not-writable", "env-root", "env-missing", "env-not-directory", "env-hidden",
		"env-not-searchable", "env-not-writable"), RULE_WORDS("home") },
	{ "shared-writable", shared_writable,
	  RULE_WORDS("missing", "missing-optional", "not-directory", "not-writable", "not-sticky",
		"server-not-writable"),
	  RULE_WORDS("required", "optional", "servers") },
	{ NULL, NULL, NULL, NULL },
};
/* clang-format on */
