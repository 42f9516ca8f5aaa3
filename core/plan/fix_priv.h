/* What the actions of fixes share. */
#ifndef PLAN_FIX_PRIV_H
#define PLAN_FIX_PRIV_H

#include "plan/fix.h"
#include "rule/action.h"

/* A file with more names than this is left as it is: a plan lists all of them. */
enum { MOST_NAMES = 64 };

/* One fix being added to a plan; all borrowed. */
struct fix_run {
	struct plan *plan;
	const struct judgement *judgement;
	const struct finding *finding;
	const struct rule_fix *fix;
	const struct tree *tree; /* the preview that was judged */
	unsigned at;
	bool only_cost; /* one name of a file is enough to tell what it costs */
};

/* Arguments of the fix, with "$name" replaced by parameters. */
int64_t fix__int(const struct fix_run *run, const char *name, int64_t otherwise);
const char *fix__string(const struct fix_run *run, const char *name, const char *otherwise);

/* The node that the finding is about: the blocker where there is one and 'blocker' is true.
 * NODE_NONE. */
node_id fix__node(const struct fix_run *run, bool blocker);

/*
 * Want something of a node of the preview; the path of 'want' is filled in, and
 * what is so already is taken out. All names of a hard link are wanted alike,
 * so that whoever reads the plan sees them. ERR_NOMEM.
 */
int fix__want_node(const struct fix_run *run, node_id node, struct tree_want *want,
		   struct err *err);

/* Whether the node is the one of its file's names that stands for all of them. */
bool fix__is_first_name(const struct tree *tree, unsigned at, node_id node,
			const struct tree_stat *stat);

/*
 * Make something at an absolute path, and missing folders above it, which get
 * 0755 0:0. Links on the way are followed; the path of 'want' is filled in.
 * ERR_UNSUPPORTED (the place cannot be told, or something else is there), ERR_NOMEM.
 */
int fix__make(const struct fix_run *run, const char *path, struct tree_want *want, struct err *err);

/* The same for a folder. */
int fix__make_folder(const struct fix_run *run, const char *path, uint32_t mode, int64_t uid,
		     int64_t gid, struct err *err);

/*
 * The home of a new user, 0750 uid:gid, with a copy of /etc/skel. What is there
 * stays; where it cannot be made, that is a finding of its own.
 * ERR_CANCELLED, ERR_IO, ERR_NOMEM.
 */
int fix__new_home(const struct fix_run *run, const char *path, int64_t uid, int64_t gid,
		  struct err *err);

/*
 * Whether no fix may take the path from its owner: setuid, setgid,
 * capabilities, a file that must stay root's, or a hard link to one of those
 * or to a file of the system.
 */
bool fix__is_guarded(const struct fix_run *run, node_id node, const struct tree_stat *stat);

/* Where a class's bits stand in a mode; the group's, for entries of an ACL: they are its mask. */
unsigned fix__class_shift(enum access_class class);

/* The actions: 0 or an error; wants and edits go to the plan's open step. */
int fix__add_group(const struct fix_run *run, struct err *err);
int fix__add_group_alias(const struct fix_run *run, struct err *err);
int fix__set_login_shell(const struct fix_run *run, struct err *err);
int fix__clear_config_user(const struct fix_run *run, struct err *err);
int fix__number_config_user(const struct fix_run *run, struct err *err);
int fix__share_with_group(const struct fix_run *run, struct err *err);
int fix__add_user(const struct fix_run *run, struct err *err);
int fix__set_user_ids(const struct fix_run *run, struct err *err);
int fix__set_primary_group(const struct fix_run *run, struct err *err);
int fix__clean_identity_file(const struct fix_run *run, struct err *err);
int fix__create_home(const struct fix_run *run, struct err *err);
int fix__own_home(const struct fix_run *run, struct err *err);
int fix__chmod_add(const struct fix_run *run, struct err *err);
int fix__chmod_remove(const struct fix_run *run, struct err *err);
int fix__restore_attributes(const struct fix_run *run, struct err *err);
int fix__remove_path(const struct fix_run *run, struct err *err);
int fix__chmod_search(const struct fix_run *run, struct err *err);
int fix__chown_target(const struct fix_run *run, struct err *err);
int fix__give_group(const struct fix_run *run, struct err *err);
int fix__make_directory_mode(const struct fix_run *run, struct err *err);
int fix__set_config_user(const struct fix_run *run, struct err *err);
int fix__set_config_workdir(const struct fix_run *run, struct err *err);
int fix__set_config_env(const struct fix_run *run, struct err *err);
int fix__remove_config_env(const struct fix_run *run, struct err *err);
int fix__prepend_config_path(const struct fix_run *run, struct err *err);
int fix__write_run_script(const struct fix_run *run, struct err *err);
int fix__clean_script(const struct fix_run *run, struct err *err);
int fix__set_config_cmd(const struct fix_run *run, struct err *err);
int fix__set_config_entrypoint(const struct fix_run *run, struct err *err);
int fix__expose_port(const struct fix_run *run, struct err *err);
int fix__link_to_stdout(const struct fix_run *run, struct err *err);
int fix__install_packages(const struct fix_run *run, struct err *err);

/* Whether the action edits passwd or group files, so that one of them is done at a time. */
bool fix__edits_accounts(enum action action);

/* Whether its result depends on those files. */
bool fix__reads_accounts(enum action action);

#endif
