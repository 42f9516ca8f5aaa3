/* What the image's configuration says: User, Env, WorkingDir. */
#include "rule_priv.h"

#include <string.h>

#include "base/path.h"
#include "tree/resolve.h"
#include "tree/tree_iter.h"

static int config_user(struct rule_run *run, struct err *err)
{
	struct finding draft = rule__draft();
	struct identity identity;
	struct err cause = { 0 };

	if (identity_resolve(run->accounts, run->config->user, &identity, &cause) < 0) {
		draft.detail = rule__keep(run, cause.text);
		return rule__report(run, "unresolved", &draft, err);
	}
	if (identity.uid == rule__int(run, "uid", 1000))
		return 0;
	draft.detail = run->config->user[0] ? rule__keep(run, run->config->user) : "root";
	return rule__report(run, rule__bool(run, "strict", true) ? "other" : "other-lenient",
			    &draft, err);
}

/* "python", "python3", "python3.11" for the program "python", in a "bin" directory. */
static bool is_program(const struct tree *tree, node_id node, const char *program)
{
	const char *name = tree_name(tree, node);
	size_t len = strlen(program);

	return !strncmp(name, program, len) && !name[len + strspn(name + len, "0123456789.")] &&
	       !strcmp(tree_name(tree, tree_parent(tree, node)), "bin");
}

static bool has_program(const struct rule_run *run)
{
	struct tree_iter it;
	node_id node;

	if (!rule__item(run, "programs", 0))
		return true;
	tree_iter_init(&it, run->tree, NODE_ROOT, run->at);
	while (tree_iter_next(&it, &node) && !cancel_requested(run->cancel)) {
		const char *program;

		for (size_t i = 0; (program = rule__item(run, "programs", i)); i++) {
			if (is_program(run->tree, node, program))
				return true;
		}
	}
	return false;
}

/* As CPython reads its flags: unset, empty and "0" are off. */
static int config_flag(struct rule_run *run, struct err *err)
{
	const char *name = rule__string(run, "name", "");
	const char *value = config_env(run->config, name);
	struct finding draft = rule__draft();

	if (value && value[0] && strcmp(value, "0") != 0)
		return 0;
	if (!has_program(run))
		return cancel_check(run->cancel, err);
	draft.detail = value ? rule__keep(run, value) : NULL;
	return rule__report(run, value ? "off" : "missing", &draft, err);
}

static bool same_path(const char *a, const char *b)
{
	CLEANUP(freep) char *first = strdup(a);
	CLEANUP(freep) char *second = strdup(b);

	if (!first || !second)
		return false;
	size_t len = path_normalise(first, strlen(first), NULL);
	return len == path_normalise(second, strlen(second), NULL) && !memcmp(first, second, len);
}

/* Whether a word names a file relative to the present working directory. */
static bool is_relative_file(const struct rule_run *run, node_id workdir, const char *word,
			     size_t len)
{
	char path[512];
	struct tree_stat stat;

	if (!len || len >= sizeof(path) || word[0] == '/')
		return false;
	memcpy(path, word, len);
	path[len] = '\0';
	struct resolve_result found = resolve_path(run->tree, run->at, workdir, path, true, NULL);
	return found.outcome == RESOLVE_FOUND && tree_stat(run->tree, found.node, run->at, &stat) &&
	       stat.type == TAR_FILE;
}

/* Whether another working directory would change what the command means. */
static bool has_relative_words(const struct rule_run *run, const char *const *words)
{
	struct resolve_result workdir =
		resolve_path(run->tree, run->at, NODE_ROOT, run->config->working_dir, true, NULL);

	for (size_t i = 0; words && words[i] && workdir.outcome == RESOLVE_FOUND; i++) {
		for (const char *at = words[i]; *at;) {
			size_t len = strcspn(at, " \t\n;&|");

			if (is_relative_file(run, workdir.node, at, len))
				return true;
			at += len + (at[len] != '\0');
		}
	}
	return false;
}

static int config_workdir(struct rule_run *run, struct err *err)
{
	const struct config *config = run->config;
	struct finding draft = rule__draft();

	if (same_path(config->working_dir, rule__string(run, "path", "/")))
		return 0;
	draft.detail = config->working_dir[0] ? rule__keep(run, config->working_dir) : "/";
	bool relative =
		has_relative_words(run, config->entrypoint) || has_relative_words(run, config->cmd);
	return rule__report(run, relative ? "other-relative" : "other", &draft, err);
}

/* clang-format off */
const struct predicate rule__config_predicates[] = {
	{ "config-user", config_user,
	  RULE_WORDS("unresolved", "other", "other-lenient"), RULE_WORDS("uid", "strict") },
	{ "config-flag", config_flag,
	  RULE_WORDS("missing", "off"), RULE_WORDS("name", "programs") },
	{ "config-workdir", config_workdir,
	  RULE_WORDS("other", "other-relative"), RULE_WORDS("path") },
	{ NULL, NULL, NULL, NULL },
};
/* clang-format on */
