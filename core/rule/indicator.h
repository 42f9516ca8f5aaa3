/*
 * Signs of malicious code and of secrets. Each kind of sign is a case of one
 * rule; the parts of the search report through rule__indicate(), which counts,
 * cuts long lists and leaves out what the profile ignores. The value of a
 * secret never enters a finding: its name and its place do.
 */
#ifndef RULE_INDICATOR_H
#define RULE_INDICATOR_H

#include "rule_priv.h"

struct indicators {
	struct rule_run *run;
	uint64_t *counts; /* by case of the rule */
	uint64_t all, left_out;
	uint64_t unread; /* files that would have cost too much to look into */
};

/* Adds a finding with this case, unless it is ignored. ERR_NOMEM. */
int rule__indicate(struct indicators *all, const char *case_name, const struct finding *draft,
		   struct err *err);

/* The parts. ERR_CANCELLED, ERR_IO, ERR_INVALID (an argument), ERR_NOMEM. */
int rule__indicate_modes(struct indicators *all, struct err *err);
int rule__indicate_config(struct indicators *all, struct err *err);
int rule__indicate_contents(struct indicators *all, struct err *err);

/* The rows of the argument "contents", and which files they are about. */
struct content_row {
	const char *case_name;
	const char *what;    /* for people: "an AWS access key" */
	const json_t *names; /* globs of the end of a path: ".aws/credentials", or of all of it */
	const json_t *below; /* globs of the directories that it must lie below */
	unsigned below_bit;  /* of the marks; 0: anywhere */
	struct pattern *pattern; /* NULL: to be there is enough */
	size_t first;            /* bytes that the pattern looks at */
	bool is_start;           /* what the start command runs, and itself */
	bool is_secret;          /* also where a later layer hides it: it is shipped */
};

/* A file to look into, for one row. */
struct content_candidate {
	node_id node;
	unsigned at;    /* as it is after this layer */
	unsigned layer; /* where its bytes are, from 1; 0: in a plan */
	uint32_t entry; /* of that layer */
	uint32_t row;
};

struct content_search {
	struct indicators *all;
	struct node_marks marks;
	struct content_row *rows;
	size_t row_count;
	VEC(struct content_candidate) candidates;
};

/* Reads the rows, then finds their files. Errors as rule__indicate_contents(). */
int rule__candidates_find(struct content_search *search, struct err *err);
void rule__candidates_done(struct content_search *search);

/* Whether a glob of 'len' bytes names the end of the node's path: "id_*", ".aws/credentials",
 * "/etc/cron.d/" "*".
 */
bool rule__names_node(const char *glob, size_t len, const struct tree *tree, node_id node);

#endif
