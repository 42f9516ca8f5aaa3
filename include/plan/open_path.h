/* The least change of modes with which the judged user may do something with a path. */
#ifndef PLAN_OPEN_PATH_H
#define PLAN_OPEN_PATH_H

#include "base/vec.h"
#include "rule/judge.h"

enum open_outcome {
	OPEN_NEEDLESS,   /* it is allowed already */
	OPEN_BY_MODES,   /* the changes allow it */
	OPEN_GUARDED,    /* it would open what must stay its owner's: no changes */
	OPEN_TO_ALL,     /* everybody could write it: no changes */
	OPEN_IMPOSSIBLE, /* not there, only the runtime knows, or a link that is not followed */
};

/* Bits for the class that decides, on one directory of the way or on what it leads to. */
struct open_change {
	char *path; /* absolute, by its own names */
	enum access_class class;
	unsigned bits;          /* enum access_bit */
	uint32_t before, after; /* 12 low bits of the mode */
	uint64_t bytes;         /* as part of an appended layer; a file counts with its contents */
};

struct open_path {
	enum open_outcome outcome;
	VEC(struct open_change) changes; /* from the root down */
	uint64_t bytes;                  /* of all: rewriting adds none to the decoded layers */
};

/*
 * What would allow 'wanted' (enum access_bit) of the absolute path, links
 * followed, to the user of the judgement. The tree may be a preview. Free with
 * open_path_done(). ERR_NOMEM.
 */
int open_path_find(const struct judgement *judgement, const char *path, unsigned wanted,
		   struct open_path *ret_open, struct err *err);
void open_path_done(struct open_path *open);

/* "chmod o+x /root, o+r /root/x", or why there are no changes; raw. NULL: out of memory. free(). */
char *open_path_words(const struct open_path *open);

/* What somebody would want of the path, links followed: to read it, and to run or enter it. */
unsigned open_path_use(const struct judgement *judgement, const char *path);

/*
 * "to read and enter it: chmod o+x /root (+512 B as a layer, +0 B rewritten)", for
 * open_path_use(); raw, free(). *ret_line is NULL where nothing is denied or no
 * change could help. ERR_NOMEM.
 */
int open_path_line(const struct judgement *judgement, const char *path, char **ret_line,
		   struct err *err);

#endif
