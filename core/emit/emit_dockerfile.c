/*
 * The plan as a Dockerfile on top of the image. Every RUN makes a layer that
 * repeats the files it touches, so paths with the same change share one line,
 * in JSON form: no shell sees a name.
 */
#include <inttypes.h>
#include <string.h>

#include "base/json.h"
#include "base/text.h"
#include "emit_priv.h"

/* Made by the guarded lines below, so no chown of these is written. */
static const char *const BY_USER_LINES[] = {
	"etc/passwd", "etc/group", "etc/shadow", "etc/gshadow", "home/ma-user",
};

static const char USER_LINES[] =
	"# Both commands are guarded: an image may have the group and the user already.\n"
	"RUN (getent group %" PRId64 " || grep -q '^[^:]*:[^:]*:%" PRId64 ":' /etc/group) >/dev/null || \\\n"
	"    groupadd -g %" PRId64 " ma-group 2>/dev/null || addgroup -g %" PRId64 " ma-group\n"
	"RUN (getent passwd %" PRId64 " || grep -q '^[^:]*:[^:]*:%" PRId64 ":' /etc/passwd) >/dev/null || \\\n"
	"    useradd -d /home/ma-user -m -u %" PRId64 " -g %" PRId64 " -s /bin/bash ma-user 2>/dev/null || \\\n"
	"    adduser -D -h /home/ma-user -u %" PRId64 " -G \"$(awk -F: '$3 == %" PRId64
	" { print $1; exit }' /etc/group)\" ma-user\n";

enum { USER_UID = 1000, USER_GID = 100 };

static bool by_user_lines(const char *path)
{
	for (size_t i = 0; i < sizeof(BY_USER_LINES) / sizeof(*BY_USER_LINES); i++) {
		if (strcmp(path, BY_USER_LINES[i]) == 0)
			return true;
	}
	return false;
}

/* One change that several paths share: "chown" "1000:100", or "chmod" "0755". */
struct change {
	const char *command;
	char argument[48];
	const char *path;
};

static int compare_changes(const void *a, const void *b)
{
	const struct change *left = a, *right = b;
	int order = strcmp(right->command, left->command); /* chown first: it clears setuid */

	if (order == 0)
		order = strcmp(left->argument, right->argument);
	return order ? order : strcmp(left->path, right->path);
}

/* At most two changes of each path; folders and files that are new are made by 'install'. */
static size_t collect_changes(const struct emit_input *input, const struct tree_want *wants,
			      size_t count, struct change *changes)
{
	size_t used = 0;

	for (size_t i = 0; i < count; i++) {
		node_id node = tree_find(input->preview, wants[i].path);
		struct tree_stat stat;

		if (by_user_lines(wants[i].path) || node_is_none(node) ||
		    !tree_stat(input->preview, node, emit__top(input), &stat))
			continue;
		if (wants[i].set_uid || wants[i].set_gid || wants[i].create) {
			struct change *change = &changes[used++];

			change->command = "chown";
			change->path = wants[i].path;
			snprintf(change->argument, sizeof(change->argument), "%" PRId64 ":%" PRId64,
				 stat.uid, stat.gid);
		}
		if ((wants[i].set_mode || wants[i].create) && stat.type != TAR_SYMLINK) {
			struct change *change = &changes[used++];

			change->command = "chmod";
			change->path = wants[i].path;
			snprintf(change->argument, sizeof(change->argument), "%04o", stat.mode);
		}
	}
	if (used)
		qsort(changes, used, sizeof(*changes), compare_changes);
	return used;
}

/* One RUN in JSON form for all paths of one change. */
static int put_run(struct sink *out, const struct change *changes, size_t count, struct err *err)
{
	CLEANUP(json_decrefp) json_t *words = json_array();
	CLEANUP(freep) char *text = NULL;

	json_array_append_new(words, json_string(changes[0].command));
	if (strcmp(changes[0].command, "chown") == 0)
		json_array_append_new(words, json_string("-h"));
	json_array_append_new(words, json_string(changes[0].argument));
	json_array_append_new(words, json_string("--"));
	for (size_t i = 0; i < count; i++) {
		if (!text_is_utf8(changes[i].path, strlen(changes[i].path)))
			return err_set(err, ERR_UNSUPPORTED,
				       "'%s': a Dockerfile cannot hold this name; use --emit script",
				       changes[i].path);
		if (json_array_append_new(words, json_sprintf("/%s", changes[i].path)) < 0)
			return err_nomem(err);
	}
	text = json_dumps(words, JSON_ENSURE_ASCII);
	if (!text)
		return err_nomem(err);
	return emit__printf(out, err, "RUN %s\n", text);
}

static int put_runs(const struct emit_input *input, struct sink *out, const struct tree_want *wants,
		    size_t count, struct err *err)
{
	CLEANUP(freep) struct change *changes = calloc(2 * count + 1, sizeof(*changes));
	size_t used, first = 0;
	int result = 0;

	if (!changes)
		return err_nomem(err);
	for (size_t i = 0; result == 0 && i < count; i++) {
		if (wants[i].create && wants[i].type == TAR_DIR && !by_user_lines(wants[i].path)) {
			struct change folder = { .command = "mkdir", .argument = "-p", .path = wants[i].path };

			result = put_run(out, &folder, 1, err);
		}
	}
	used = collect_changes(input, wants, count, changes);
	for (size_t i = 1; result == 0 && i <= used; i++) {
		if (i < used && strcmp(changes[i].command, changes[first].command) == 0 &&
		    strcmp(changes[i].argument, changes[first].argument) == 0)
			continue;
		result = put_run(out, &changes[first], i - first, err);
		first = i;
	}
	return result;
}

/* A value in double quotes, as Dockerfile instructions take it. */
static int put_value(struct sink *out, const char *instruction, const char *value, struct err *err)
{
	int result = emit__printf(out, err, "%s", instruction);

	for (; result == 0 && *value; value++) {
		if ((unsigned char)*value < 0x20)
			return err_set(err, ERR_UNSUPPORTED, "%s: a control byte in the value", instruction);
		result = emit__printf(out, err, "%s%c", strchr("\"\\$", *value) ? "\\" : "", *value);
	}
	return result < 0 ? result : emit__printf(out, err, "\"\n");
}

static int put_config(const struct emit_input *input, struct sink *out, struct err *err)
{
	const struct config *old = image_config(input->image), *new = input->config;
	int result = 0;

	for (size_t i = 0; result == 0 && new->env[i]; i++) {
		const char *value = strchr(new->env[i], '=');
		char instruction[256];
		bool is_new = true;

		for (size_t o = 0; old->env[o]; o++)
			is_new &= strcmp(old->env[o], new->env[i]) != 0;
		if (!is_new || !value)
			continue;
		snprintf(instruction, sizeof(instruction), "ENV %.*s=\"",
			 (int)(value - new->env[i] < 200 ? value - new->env[i] : 200), new->env[i]);
		result = put_value(out, instruction, value + 1, err);
	}
	if (result == 0)
		result = put_value(out, "USER \"", *new->user ? new->user : "0", err);
	if (result == 0 && strcmp(old->working_dir, new->working_dir) != 0)
		result = put_value(out, "WORKDIR \"", new->working_dir, err);
	return result;
}

int emit_dockerfile(const struct emit_input *input, const char *base, struct sink *out,
		    struct err *err)
{
	CLEANUP(freep) struct tree_want *wants = NULL;
	bool user_lines = false;
	size_t count;
	int result = plan_merge(input->plan, &wants, &count, err);

	if (result < 0)
		return result;
	for (size_t i = 0; i < count; i++)
		user_lines |= by_user_lines(wants[i].path);
	result = emit__printf(out, err, "FROM %s\nUSER 0\n", base);
	if (result == 0 && user_lines)
		result = emit__printf(out, err, USER_LINES, (int64_t)USER_GID, (int64_t)USER_GID, (int64_t)USER_GID,
			     (int64_t)USER_GID, (int64_t)USER_UID, (int64_t)USER_UID, (int64_t)USER_UID,
			     (int64_t)USER_GID, (int64_t)USER_UID, (int64_t)USER_GID);
	if (result == 0)
		result = put_runs(input, out, wants, count, err);
	return result < 0 ? result : put_config(input, out, err);
}
