/* A script that the platform starts by its name: there, readable, and fit for a shell. */
#include <string.h>

#include "access/exec_head.h"
#include "content/content.h"
#include "rule_priv.h"
#include "tree/resolve.h"

enum { SCRIPT_BYTES = 1 << 20 };

static bool is_there(const struct rule_run *run, const char *path)
{
	enum resolve_outcome outcome =
		resolve_path(run->tree, run->at, NODE_ROOT, path, true, NULL).outcome;

	return outcome == RESOLVE_FOUND || outcome == RESOLVE_RUNTIME;
}

static int check_text(struct rule_run *run, struct finding *draft, struct err *err)
{
	CLEANUP(freep) char *bytes = NULL;
	struct exec_head head;
	size_t len;
	int rc = content_load(run->content, draft->node, SCRIPT_BYTES, &bytes, &len, err);

	if (rc == -(int)ERR_UNSUPPORTED || rc == -(int)ERR_NOT_FOUND) {
		err_clear(err);
		run->is_open = true;
		return 0;
	}
	if (rc < 0)
		return rc;
	if (!len)
		return rule__report(run, "empty", draft, err);
	if (memmem(bytes, len, "\r\n", 2))
		return rule__report(run, "crlf", draft, err);
	rc = exec_head_read(bytes, len, &run->judgement->arena, &head, err);
	if (rc < 0 || !head.interpreter || is_there(run, head.interpreter))
		return rc;
	draft->detail = head.interpreter;
	return rule__report(run, "no-interpreter", draft, err);
}

/* A shell reads it, so execute is not asked for. */
static int check_access(struct rule_run *run, const char *path, struct finding *draft,
			struct err *err)
{
	struct access_verdict verdict =
		access_path(run->tree, run->at, run->identity, path, ACCESS_READ);

	if (verdict.outcome != ACCESS_DENIED)
		return check_text(run, draft, err);
	draft->blocker = verdict.blocker;
	draft->denied = verdict.wanted;
	return rule__report(run, verdict.blocker.v == draft->node.v ? "unreadable" : "hidden",
			    draft, err);
}

static int script_file(struct rule_run *run, struct err *err)
{
	const char *path = rule__string(run, "path", "");
	bool strict = rule__bool(run, "strict", true);
	struct finding draft = rule__draft();
	struct tree_stat stat;
	struct resolve_result found = resolve_path(run->tree, run->at, NODE_ROOT, path, true, NULL);

	draft.path = rule__keep(run, path);
	if (found.outcome == RESOLVE_RUNTIME)
		return 0;
	if (found.outcome != RESOLVE_FOUND || !tree_stat(run->tree, found.node, run->at, &stat))
		return rule__report(run, strict ? "missing" : "missing-lenient", &draft, err);
	draft.node = found.node;
	if (stat.type != TAR_FILE)
		return rule__report(run, "not-file", &draft, err);
	return check_access(run, path, &draft, err);
}

/* clang-format off */
const struct predicate rule__script_predicates[] = {
	{ "script-file", script_file,
	  RULE_WORDS("missing", "missing-lenient", "not-file", "hidden", "unreadable", "empty", "crlf",
		     "no-interpreter"),
	  RULE_WORDS("path", "strict") },
	{ NULL, NULL, NULL, NULL },
};
/* clang-format on */
