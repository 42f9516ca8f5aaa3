/* What the files of this stage share: the parsed profile, and the predicates. */
#ifndef RULE_RULE_PRIV_H
#define RULE_RULE_PRIV_H

#include "rule/judge.h"

/* ---- profiles ---- */

enum parameter_type { PARAMETER_INT, PARAMETER_BOOL, PARAMETER_STRING, PARAMETER_LIST };

struct parameter {
	const char *name;
	enum parameter_type type;
	json_t *value;     /* the default or what was set; owned */
	const char **list; /* the strings of a list value, NULL-ended; owned */
};

struct profile {
	json_t *json; /* owned: all texts are borrowed from it */
	const char *name, *title;
	struct parameter *parameters;
	size_t parameter_count;
	struct rule *rules;
	size_t rule_count;
	json_t *documents; /* by name; NULL: none; owned */
	struct profile_command *commands;
	size_t command_count;
	struct arena arena;
};

/* Where a profile is from. All borrowed. */
struct profile_origin {
	const char *file;           /* for messages */
	const char *const *folders; /* where includes are looked for; NULL-ended, or NULL */
};

/*
 * The JSON of profile_load(), its includes expanded at most 'depth' deep.
 * Errors as profile_load().
 */
int rule__profile_read(const char *name, const char *const *folders, unsigned depth,
		       json_t **ret_json, struct err *err);

/* Replace "include" of 'json' by what it brings. Errors as profile_load(). */
int rule__profile_expand(const struct profile_origin *origin, json_t *json, unsigned depth,
			 struct err *err);

/* 'json' is taken, also on failure; 'file' names it in errors. ERR_FORMAT, ERR_NOMEM. */
int rule__profile_parse(json_t *json, const char *file, struct profile **ret_profile,
			struct err *err);

/* The allowed values of "type", by enum parameter_type; NULL at the end. */
extern const char *const rule__parameter_types[];

/* The words of "severity", "certainty" and "subject", by their enums; NULL at the end. */
extern const char *const rule__severities[], *const rule__certainties[], *const rule__subjects[];

/* Check and take a reference. ERR_INVALID: not of the parameter's type; says what is. */
int rule__parameter_assign(struct parameter *parameter, json_t *value, struct err *err);
void rule__parameter_done(struct parameter *parameter);
struct parameter *rule__parameter_find(const struct profile *profile, const char *name);

/* "a, b, c" of a NULL-ended list, cut at 'room'. Returns out. */
const char *rule__join(const char *const *words, char *out, size_t room);

/* ---- predicates ---- */

/* One rule being judged. All borrowed. */
struct rule_run {
	struct judgement *judgement;
	const struct rule *rule;
	const struct tree *tree;
	unsigned at;
	const struct config *config;
	const struct profile *profile;
	const struct accounts *accounts;
	const struct identity *identity;
	const struct access_map *map;
	const struct content *content;
	const struct cancel *cancel;
	bool out_of_memory; /* set by rule__keep(): what was found is not whole */
	bool is_open; /* set by a predicate: nobody can decide it from an image */
	bool is_undecidable; /* set too: the findings are mere signs, it stays open with them */
};

/*
 * A question about an image. It reports findings by rule__report() with one of
 * its cases; a rule picks the cases that matter to it and words them.
 */
struct predicate {
	const char *name;
	int (*judge)(struct rule_run *run, struct err *err); /* ERR_CANCELLED, ERR_IO, ERR_NOMEM */
	const char *const *cases;                            /* NULL-ended, as the next */
	const char *const *arguments;
};

/* NULL: there is none of this name. */
const struct predicate *rule__predicate_find(const char *name);

/* Predicate i of all tables; NULL behind the last one. */
const struct predicate *rule__predicate(size_t i);

/* The tables, one per file of predicates, each ended by a NULL name. */
extern const struct predicate rule__account_predicates[], rule__identity_predicates[],
	rule__identity_file_predicates[], rule__config_predicates[], rule__path_predicates[],
	rule__scope_predicates[], rule__tree_predicates[], rule__ask_predicates[],
	rule__select_predicates[], rule__indicator_predicates[], rule__start_predicates[],
	rule__command_predicates[], rule__script_predicates[], rule__size_predicates[],
	rule__environment_predicates[], rule__conda_predicates[],
	rule__platform_user_predicates[], rule__group_share_predicates[],
	rule__mode_predicates[], rule__programs_predicates[],
	rule__request_predicates[];

/* NULL-ended words of a row. */
#define RULE_WORDS(...) ((const char *const[]){ __VA_ARGS__, NULL })

/*
 * Add a finding, unless the rule leaves this case out. The draft's rule, case,
 * severity and, where it is 0, layer are filled in. The strings of a draft
 * must live as long as the judgement: rule__keep(). ERR_NOMEM.
 */
int rule__report(struct rule_run *run, const char *case_name, const struct finding *draft,
		 struct err *err);

/* Whether the rule words this case. */
bool rule__has_case(const struct rule_run *run, const char *case_name);

/* A draft about no node. */
struct finding rule__draft(void);

/* A copy of a text that lives as long as the judgement; NULL stays NULL. Out of memory: "". */
const char *rule__keep(struct rule_run *run, const char *text);

/* Arguments of the rule, with "$name" replaced. */
int64_t rule__int(const struct rule_run *run, const char *name, int64_t otherwise);
bool rule__bool(const struct rule_run *run, const char *name, bool otherwise);
const char *rule__string(const struct rule_run *run, const char *name, const char *otherwise);

/* A list of strings: an array, or "$name" of a list parameter. Item i, NULL behind the end. */
const char *rule__item(const struct rule_run *run, const char *name, size_t i);

/* Whether one of the list's strings is the word, or a glob for it (base/glob.h). */
bool rule__listed(const struct rule_run *run, const char *name, const char *word);

/* Whether the image's config has the member, not empty: "Cmd", "Healthcheck", … */
bool rule__config_member(const struct rule_run *run, const char *member);

/* Whether a shell stands between the engine and the program, and keeps its signals. */
bool rule__swallows_signals(const struct config *config);

/* Env HOME if it is not empty, else the home of the identity. */
const char *rule__home(const struct rule_run *run);

/* ---- marks on nodes ---- */

/* Some bits per node of a tree. */
struct node_marks {
	const struct tree *tree;
	unsigned at;
	unsigned char *bits; /* by node id */
};

/* ERR_NOMEM. */
int rule__marks_init(struct node_marks *marks, const struct tree *tree, unsigned at,
		     struct err *err);
void rule__marks_done(struct node_marks *marks);

/*
 * Set 'bit' on the nodes that the pattern names: an absolute path whose
 * components may be globs, as "/etc/ssh/" "*key". No link is followed.
 */
int rule__marks_glob(struct node_marks *marks, const char *pattern, unsigned bit, struct err *err);

/* The same for each pattern of a list of the rule. Errors as rule__marks_glob(). */
int rule__marks_list(struct node_marks *marks, const struct rule_run *run, const char *name,
		     unsigned bit, struct err *err);

/* Whether the node or a directory above it has one of the bits. */
bool rule__marks_covered(const struct node_marks *marks, node_id node, unsigned bits);

static inline bool rule__marks_has(const struct node_marks *marks, node_id node, unsigned bits)
{
	return marks->bits[node.v] & bits;
}

static inline void rule__marks_set(struct node_marks *marks, node_id node, unsigned bits)
{
	marks->bits[node.v] = (unsigned char)(marks->bits[node.v] | bits);
}

#endif
