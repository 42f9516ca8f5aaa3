/*
 * What must, or must not, be so of selected paths: for rules of one's own, that
 * no other predicate knows. A rule words the cases that matter to it.
 */
#include "selector.h"

#include <string.h>

/* After so many findings of one rule the last one stands for the rest. */
enum { FINDINGS_MOST = 200 };

struct run_paths {
	struct rule_run *run;
	int64_t uid, gid;       /* wanted owner; -1: any */
	unsigned with, without; /* bits of the mode; 0: none */
	size_t selected, reported;
	struct node_marks noted; /* what is named otherwise than "found" */
	uint64_t left_out;
};

enum { MARK_NOTED = 1 };

/* A mode in the rule, as octal text. */
static unsigned mode_argument(const struct rule_run *run, const char *name)
{
	const char *text = rule__string(run, name, "");

	return (unsigned)strtoul(text, NULL, 8) & 07777u;
}

static int report(struct run_paths *paths, const char *case_name, node_id node, unsigned denied,
		  struct err *err)
{
	struct finding draft = rule__draft();

	if (!rule__has_case(paths->run, case_name))
		return 0;
	if (++paths->reported > FINDINGS_MOST) {
		paths->left_out++;
		return 0;
	}
	draft.node = node;
	draft.denied = denied;
	draft.count = 1;
	return rule__report(paths->run, case_name, &draft, err);
}

static int check_access(struct run_paths *paths, node_id node, struct err *err)
{
	static const struct {
		unsigned bit;
		const char *case_name;
	} BITS[] = {
		{ ACCESS_READ, "unreadable" },
		{ ACCESS_WRITE, "unwritable" },
		{ ACCESS_EXECUTE, "not-executable" },
	};
	unsigned bits;
	int rc = 0;

	if (!access_map_reachable(paths->run->map, node))
		return report(paths, "hidden", node, 0, err);
	if (!access_map_get(paths->run->map, node, &bits))
		return 0;
	for (size_t i = 0; rc == 0 && i < sizeof(BITS) / sizeof(*BITS); i++) {
		if (!(bits & BITS[i].bit))
			rc = report(paths, BITS[i].case_name, node, BITS[i].bit, err);
	}
	return rc;
}

/* An empty file may be the place of another one: a rule can word it apart. */
static const char *found_case(const struct run_paths *paths, node_id node,
			      const struct tree_stat *stat)
{
	if (rule__marks_covered(&paths->noted, node, MARK_NOTED))
		return "noted";
	if (stat->type == TAR_FILE && !stat->size && rule__has_case(paths->run, "empty"))
		return "empty";
	return "found";
}

static int check_node(void *context, node_id node, const struct tree_stat *stat, struct err *err)
{
	struct run_paths *paths = context;
	bool is_link = stat->type == TAR_SYMLINK;
	int rc = report(paths, found_case(paths, node, stat), node, 0, err);

	paths->selected++;
	if (rc == 0 && ((paths->uid >= 0 && stat->uid != paths->uid) ||
			(paths->gid >= 0 && stat->gid != paths->gid)))
		rc = report(paths, "other-owner", node, 0, err);
	if (rc == 0 && !is_link && (stat->mode & paths->without))
		rc = report(paths, "forbidden-mode", node, 0, err);
	if (rc == 0 && !is_link && (stat->mode & paths->with) != paths->with)
		rc = report(paths, "lacking-mode", node, 0, err);
	return rc == 0 ? check_access(paths, node, err) : rc;
}

static int report_missing(const struct run_paths *paths, struct err *err)
{
	const char *first = rule__item(paths->run, "paths", 0);
	struct finding draft = rule__draft();

	draft.path = rule__keep(paths->run, first);
	return rule__report(paths->run, "missing", &draft, err);
}

static int report_rest(const struct run_paths *paths, struct err *err)
{
	struct finding draft = rule__draft();

	draft.count = paths->left_out;
	return rule__report(paths->run, "more", &draft, err);
}

static int paths(struct rule_run *run, struct err *err)
{
	struct run_paths all = {
		.run = run,
		.uid = rule__int(run, "uid", -1),
		.gid = rule__int(run, "gid", -1),
		.with = mode_argument(run, "with-mode"),
		.without = mode_argument(run, "without-mode"),
	};
	int rc = rule__marks_init(&all.noted, run->tree, run->at, err);

	if (rc == 0)
		rc = rule__marks_list(&all.noted, run, "noted", MARK_NOTED, err);
	if (rc == 0)
		rc = rule__select(run, check_node, &all, err);
	rule__marks_done(&all.noted);
	if (rc == 0 && !all.selected)
		rc = report_missing(&all, err);
	if (rc == 0 && all.left_out)
		rc = report_rest(&all, err);
	return rc;
}

/* clang-format off */
const struct predicate rule__select_predicates[] = {
	{ "paths", paths,
	  RULE_WORDS("missing", "found", "empty", "noted", "hidden", "unreadable", "unwritable", "not-executable",
		     "other-owner", "forbidden-mode", "lacking-mode", "more"),
	  RULE_WORDS(SELECTOR_ARGUMENTS, "noted", "uid", "gid", "with-mode", "without-mode") },
	{ NULL, NULL, NULL, NULL },
};
/* clang-format on */
