/*
 * Profile and image give findings. A finding is {rule, case, node, layer,
 * arguments}; its text is made at the edge by rule/finding_text.h.
 */
#ifndef RULE_JUDGE_H
#define RULE_JUDGE_H

#include "access/access.h"
#include "access/start.h"
#include "base/vec.h"
#include "oci/config.h"
#include "rule/profile.h"

enum rule_status { RULE_PASS, RULE_FAIL, RULE_OPEN }; /* open: nobody can decide it from an image */

struct finding {
	const struct rule *rule;
	const struct rule_case *rule_case;
	enum severity severity;
	node_id node;       /* what it is about; NODE_NONE: the config, or a path that is not there */
	node_id blocker;    /* the node whose mode denies; NODE_NONE */
	unsigned layer;     /* that made it so, from 1; 0: none */
	unsigned denied;    /* enum access_bit: what is missing */
	uint64_t count, bytes; /* what it stands for, as files hidden below a directory */
	const char *path;   /* a path that is not there, with leading slash, or a command that PATH
			       does not lead to; with a node: what the node names; NULL */
	const char *detail; /* one more value for the text: a name, a variable; NULL */
};

struct judge_input {
	const struct image *image;     /* for layers and instructions */
	const struct config *config;   /* the image's, or a plan's */
	const struct tree *tree;       /* the image's, or a plan's preview */
	const struct profile *profile;
	const char *user;              /* --user; NULL: the profile's target */
	const struct cancel *cancel;   /* NULL: never */
};

struct judgement {
	struct judge_input input;      /* what was judged; all borrowed */
	struct accounts *accounts;
	struct identity identity;
	struct access_map *map;
	struct start *start;
	struct start_files *start_files; /* in the arena; NULL until a rule asks for them */
	VEC(struct finding) findings;  /* errors first, then by rule, then by path */
	enum rule_status *status;      /* per rule of the profile */
	size_t by_severity[3];
	struct arena arena;
};

/*
 * ERR_NOT_FOUND (the user of --user does not resolve), ERR_CANCELLED, ERR_IO,
 * ERR_NOMEM. Free with judgement_free().
 */
int judge(const struct judge_input *input, struct judgement **ret_judgement, struct err *err);
void judgement_free(struct judgement *judgement);
void judgement_freep(struct judgement **judgement);

/* The layer count: judging is done at the top. */
unsigned judgement_at(const struct judgement *judgement);

/* Which small files the layer index should keep, so that judging needs no second pass. */
const struct layer_keep *judge_keep(void);

#endif
