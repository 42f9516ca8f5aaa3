/* The actions that fixes may name; see rule/action.h. */
#include "rule/action.h"

#include <stddef.h>
#include <string.h>

enum { ARGUMENTS_MOST = 6 };

static const struct {
	const char *name, *help;
	const char *arguments[ARGUMENTS_MOST];
} TABLE[ACTIONS] = {
	/* clang-format off */
	[ACTION_ADD_GROUP] = {
		"add-group", "append a line to /etc/group, and to /etc/gshadow if it is there",
		{ "name", "gid" } },
	[ACTION_ADD_GROUP_ALIAS] = {
		"add-group-alias", "append a further line to /etc/group: another name for the same number",
		{ "name", "gid" } },
	[ACTION_SET_LOGIN_SHELL] = {
		"set-login-shell", "set the shell of the uid's line to one that is there",
		{ "uid", "shell" } },
	[ACTION_ADD_USER] = {
		"add-user", "append a line to /etc/passwd, and to /etc/shadow if it is there; make the home as /etc/skel",
		{ "name", "uid", "gid", "home", "shell" } },
	[ACTION_SET_USER_IDS] = {
		"set-user-ids", "give the user 'name' these ids, and its files with it",
		{ "name", "uid", "gid" } },
	[ACTION_SET_PRIMARY_GROUP] = {
		"set-primary-group", "set the group of the uid's line; the old one stays as a supplementary group",
		{ "uid", "gid" } },
	[ACTION_CREATE_HOME] = {
		"create-home", "make the directory that the finding names, 0750 uid:gid, and missing parents",
		{ "uid", "gid" } },
	[ACTION_OWN_HOME] = {
		"own-home", "chown the directory to uid:gid, with u+rwx",
		{ "uid", "gid" } },
	[ACTION_CHMOD_ADD] = {
		"chmod-add", "add the denied bits to the class that decides, on the blocker alone",
		{ NULL } },
	[ACTION_CHMOD_REMOVE] = {
		"chmod-remove", "take these bits (octal text) from the mode of the path that the finding names",
		{ "bits" } },
	[ACTION_RESTORE_ATTRIBUTES] = {
		"restore-attributes", "give the directory the owner and mode that it had after an earlier layer",
		{ NULL } },
	[ACTION_REMOVE_PATH] = {
		"remove-path",
		"take the file that the finding names out of every layer, or hide it by a layer on top",
		{ NULL } },
	[ACTION_CHMOD_SEARCH] = {
		"chmod-search", "add x to the class that decides, on the blocking directory alone",
		{ NULL } },
	[ACTION_CHOWN_TARGET] = {
		"chown-target", "chown the path, and all below it that the user cannot write, to uid; with u+rw",
		{ "uid" } },
	[ACTION_GIVE_GROUP] = {
		"give-group", "chgrp the path to gid, with g+ what is denied; or a directory and all below it that the user cannot use, with g+rwX",
		{ "gid" } },
	[ACTION_SHARE_WITH_GROUP] = {
		"share-with-group", "chgrp the path, and all below it, to gid; the group may what the owner may (g=u)",
		{ "gid" } },
	[ACTION_SET_CONFIG_USER] = {
		"set-config-user", "set User: the uid alone where its line has the gid, else uid:gid",
		{ "uid", "gid" } },
	[ACTION_CLEAR_CONFIG_USER] = {
		"clear-config-user", "take User out of the config, so that the image runs as root",
		{ NULL } },
	[ACTION_NUMBER_CONFIG_USER] = {
		"number-config-user", "set User to the number of the user that it names",
		{ NULL } },
	[ACTION_SET_CONFIG_WORKDIR] = {
		"set-config-workdir", "set WorkingDir",
		{ "path" } },
	[ACTION_SET_CONFIG_ENV] = {
		"set-config-env", "set or replace one variable of Env",
		{ "name", "value" } },
	[ACTION_REMOVE_CONFIG_ENV] = {
		"remove-config-env", "take one variable out of Env",
		{ "name" } },
	[ACTION_PREPEND_CONFIG_PATH] = {
		"prepend-config-path", "put a folder below the finding's path in front of a list in Env, as PATH",
		{ "name", "folder" } },
	[ACTION_SET_CONFIG_CMD] = {
		"set-config-cmd", "set Cmd to a list of words ($name: a parameter), and empty Entrypoint if asked to",
		{ "words", "clear-entrypoint" } },
	[ACTION_SET_CONFIG_ENTRYPOINT] = {
		"set-config-entrypoint",
		"how: split a shell's line into words, wrap it in exec and \"$@\", unwrap what follows --, or clear",
		{ "how" } },
	[ACTION_EXPOSE_PORT] = {
		"expose-port", "add the port to ExposedPorts, which documents it and opens nothing",
		{ "port" } },
	[ACTION_LINK_TO_STDOUT] = {
		"link-to-stdout", "make the log that the finding names a link to the standard output",
		{ "target" } },
	[ACTION_MAKE_DIRECTORY_MODE] = {
		"make-directory-mode", "make the directory that the finding names, or set its mode (octal text)",
		{ "mode" } },
	[ACTION_CLEAN_IDENTITY_FILE] = {
		"clean-identity-file", "write the file with LF line ends, without lines that no engine reads",
		{ NULL } },
	[ACTION_WRITE_RUN_SCRIPT] = {
		"write-run-script", "make a script, 0755, that starts Entrypoint and Cmd of the image",
		{ "path" } },
	[ACTION_CLEAN_SCRIPT] = {
		"clean-script", "write the file with LF line ends",
		{ NULL } },
	[ACTION_INSTALL_PACKAGES] = {
		"install-packages",
		"needs a build: a line of the Dockerfile installs what packages lists for the finding's detail, "
		"by package manager",
		{ "packages" } },
	[ACTION_DOCKERFILE_ONLY] = {
		"dockerfile-only", "needs a build: given as lines of a Dockerfile",
		{ NULL } },
	/* clang-format on */
};

bool action_find(const char *name, enum action *ret_action)
{
	for (enum action action = 0; action < ACTIONS; action++) {
		if (!strcmp(name, TABLE[action].name)) {
			*ret_action = action;
			return true;
		}
	}
	return false;
}

const char *action_name(enum action action)
{
	return TABLE[action].name;
}

bool action_needs_build(enum action action)
{
	return action == ACTION_INSTALL_PACKAGES || action == ACTION_DOCKERFILE_ONLY;
}

const char *action_help(enum action action)
{
	return TABLE[action].help;
}

const char *const *action_arguments(enum action action)
{
	return TABLE[action].arguments;
}
