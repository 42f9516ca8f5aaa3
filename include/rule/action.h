/*
 * What a fix can do about a finding. Profiles name actions, plan/fix.h carries
 * them out. An argument may be "$name": the profile's parameter of that name;
 * read it with profile_argument().
 */
#ifndef RULE_ACTION_H
#define RULE_ACTION_H

#include <stdbool.h>

enum action {
	ACTION_ADD_GROUP,
	ACTION_ADD_GROUP_ALIAS,
	ACTION_SET_LOGIN_SHELL,
	ACTION_ADD_USER,
	ACTION_SET_USER_IDS,
	ACTION_SET_PRIMARY_GROUP,
	ACTION_CREATE_HOME,
	ACTION_OWN_HOME,
	ACTION_CHMOD_ADD,
	ACTION_CHMOD_REMOVE,
	ACTION_RESTORE_ATTRIBUTES,
	ACTION_REMOVE_PATH,
	ACTION_CHMOD_SEARCH,
	ACTION_CHOWN_TARGET,
	ACTION_GIVE_GROUP,
	ACTION_SHARE_WITH_GROUP,
	ACTION_SET_CONFIG_USER,
	ACTION_CLEAR_CONFIG_USER,
	ACTION_NUMBER_CONFIG_USER,
	ACTION_SET_CONFIG_WORKDIR,
	ACTION_SET_CONFIG_ENV,
	ACTION_REMOVE_CONFIG_ENV,
	ACTION_PREPEND_CONFIG_PATH,
	ACTION_SET_CONFIG_CMD,
	ACTION_SET_CONFIG_ENTRYPOINT,
	ACTION_EXPOSE_PORT,
	ACTION_LINK_TO_STDOUT,
	ACTION_MAKE_DIRECTORY_MODE,
	ACTION_CLEAN_IDENTITY_FILE,
	ACTION_WRITE_RUN_SCRIPT,
	ACTION_CLEAN_SCRIPT,
	ACTION_INSTALL_PACKAGES,
	ACTION_DOCKERFILE_ONLY,
	ACTIONS
};

/* By its name in profiles, as "add-group"; false if there is none. */
bool action_find(const char *name, enum action *ret_action);
const char *action_name(enum action action);

/* Whether no file edit does it: a build must. */
bool action_needs_build(enum action action);

/* One sentence of what it does, and the names of its arguments, NULL-ended. */
const char *action_help(enum action action);
const char *const *action_arguments(enum action action);

#endif
