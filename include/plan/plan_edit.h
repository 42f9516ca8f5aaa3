/*
 * Edits by hand: another owner or mode for the paths that somebody chose. One
 * edit is one step of the plan. Nothing is guarded here, as it was asked for by
 * name; what a fix would leave alone is counted, so that it can be said.
 */
#ifndef PLAN_PLAN_EDIT_H
#define PLAN_PLAN_EDIT_H

#include "plan/mode_text.h"
#include "plan/plan.h"

/* The rule of such a step. */
#define PLAN_EDIT_RULE "by-hand"

struct plan_edit {
	bool set_uid, set_gid;
	int64_t uid, gid;
	struct mode_text mode; /* no changes: modes stay */
	char text[120];        /* "owner 1000:100", "mode u+rX" */
};

/*
 * "USER", "USER:GROUP", ":GROUP", by the names of the image or by number; with
 * "USER:" the group is the user's own. ERR_INVALID says which one is not there.
 */
int plan_edit_read_owner(const char *text, const struct accounts *accounts,
			 struct plan_edit *ret_edit, struct err *err);

/* As mode_text_read(). */
int plan_edit_read_mode(const char *text, struct plan_edit *ret_edit, struct err *err);

/* Owner and group of the user, who may then read and write, and enter directories. */
void plan_edit_give(const struct identity *identity, struct plan_edit *ret_edit);

struct plan_edit_target {
	const node_id *nodes; /* of the judgement's tree */
	size_t count;
	bool below; /* and everything below them */
	const struct cancel *cancel;
};

struct plan_edit_result {
	size_t paths;       /* that change; all names of a file count */
	size_t set_ids;     /* of those: new owner, and still setuid or setgid */
	size_t other_names; /* of those: further names of a hard link that nobody chose */
	size_t skipped;     /* below /proc, /sys, /dev, where only the runtime's files are seen */
};

/*
 * Add the edit as one step. 'judgement' must be of the plan's present preview.
 * Of symlinks only the owner changes. A new owner leaves the mode as it is,
 * setuid and setgid with it, where chown(2) would clear them: writing sets them
 * again. 1: the plan changed, 0: all is so already. ERR_CANCELLED, ERR_NOMEM.
 */
int plan_edit_add(struct plan *plan, const struct judgement *judgement,
		  const struct plan_edit *edit, const struct plan_edit_target *target,
		  struct plan_edit_result *ret_result, struct err *err);

#endif
