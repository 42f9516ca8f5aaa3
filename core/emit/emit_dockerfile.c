/*
 * The plan as a Dockerfile on top of the image. Every RUN makes a layer that
 * repeats the files it touches, so paths with the same change share one line,
 * in JSON form: no shell expands a name. Lines that the plan appends to passwd
 * and its like are appended only if the image does not have them yet.
 */
#include <ctype.h>
#include <inttypes.h>
#include <string.h>

#include "base/json.h"
#include "base/text.h"
#include "emit_priv.h"
#include "rule/packages.h"

/* Files of lines, and whether a line is known by its number (the third field) or by its name. */
static const struct {
	const char *path;
	bool by_number;
} LINE_FILES[] = {
	{ "etc/group", true },
	{ "etc/gshadow", false },
	{ "etc/passwd", true },
	{ "etc/shadow", false },
};

static const char HAS_NUMBER[] =
	"grep -q \"^[^:]*:[^:]*:$1:\" \"$3\" || printf '%s\\n' \"$2\" >>\"$3\"";
static const char HAS_NAME[] = "grep -q \"^$1:\" \"$3\" || printf '%s\\n' \"$2\" >>\"$3\"";

/* The value in JSON form, which needs UTF-8. */
static int add_word(json_t *words, const char *word, size_t len, const char *path, struct err *err)
{
	if (!text_is_utf8(path, strlen(path)) || memchr(word, '\0', len))
		return err_set(err, ERR_UNSUPPORTED,
			       "'%s': a Dockerfile cannot hold this name; use --emit script", path);
	return json_array_append_new(words, json_stringn(word, len)) < 0
		       ? err_set(err, ERR_UNSUPPORTED,
				 "'%s': a Dockerfile cannot hold these bytes; use --emit script",
				 path)
		       : 0;
}

static int add_path(json_t *words, const char *path, struct err *err)
{
	CLEANUP(freep) char *absolute = NULL;

	if (asprintf(&absolute, "/%s", path) < 0) {
		absolute = NULL;
		return err_nomem(err);
	}
	return add_word(words, absolute, strlen(absolute), absolute, err);
}

static int put_words(struct sink *out, const json_t *words, struct err *err)
{
	CLEANUP(freep) char *text = json_dumps(words, JSON_ENSURE_ASCII);

	return text ? emit__printf(out, err, "RUN %s\n", text) : err_nomem(err);
}

/* One line "name:x:number:…" that is appended where it is not there yet. */
static int put_appended_line(struct sink *out, const struct emit_change *change, bool by_number,
			     const char *line, size_t len, struct err *err)
{
	CLEANUP(json_decrefp)
	json_t *words =
		json_pack("[s, s, s, s]", "/bin/sh", "-c", by_number ? HAS_NUMBER : HAS_NAME, "sh");
	const char *key = line, *end = line + len, *stop;
	int result;

	for (int field = 0; by_number && field < 2 && key < end; key++)
		field += *key == ':';
	stop = memchr(key, ':', (size_t)(end - key));
	if (!words)
		return err_nomem(err);
	if ((result = add_word(words, key, (size_t)((stop ? stop : end) - key), change->path,
			       err)) < 0 ||
	    (result = add_word(words, line, len, change->path, err)) < 0 ||
	    (result = add_path(words, change->path, err)) < 0)
		return result;
	return put_words(out, words, err);
}

static int put_appended(struct sink *out, const struct emit_change *change, bool by_number,
			size_t from, struct err *err)
{
	const char *text = change->stat.body;
	size_t size = (size_t)change->stat.size;
	int result = 0;

	for (size_t at = from; result == 0 && at < size;) {
		const char *newline = memchr(text + at, '\n', size - at);
		size_t end = newline ? (size_t)(newline - text) : size;

		result = put_appended_line(out, change, by_number, text + at, end - at, err);
		at = end + 1;
	}
	return result;
}

/* How much of the new contents is the old file whole, up to a line end; 0: it is otherwise. */
static int common_length(const struct emit_input *input, const struct emit_change *change,
			 size_t *ret_len, struct err *err)
{
	const struct content content = { .image = input->image,
					 .tree = input->tree,
					 .at = emit__top(input),
					 .cancel = input->cancel };
	CLEANUP(freep) char *old = NULL;
	size_t len;
	int result = content_load(&content, change->node, (size_t)change->stat.size + 1, &old, &len,
				  err);

	*ret_len = 0;
	if (result == 0 && len > 0 && len < change->stat.size && old[len - 1] == '\n' &&
	    memcmp(old, change->stat.body, len) == 0)
		*ret_len = len;
	return result;
}

/* The new contents whole, with the bytes as escapes of printf(1). */
static int put_whole(struct sink *out, const struct emit_change *change, struct err *err)
{
	CLEANUP(sink_closep) struct sink *command = NULL;
	CLEANUP(json_decrefp) json_t *words = json_pack("[s, s]", "/bin/sh", "-c");
	size_t size = change->stat.body ? (size_t)change->stat.size : 0, len;
	const char *text;
	int result = sink_memory_open(&command, err);

	if (!words)
		return err_nomem(err);
	if (result < 0 || (result = emit__printf(command, err, "printf ")) < 0 ||
	    (result = emit__put_printf_word(command, change->stat.body, size, err)) < 0 ||
	    (result = emit__printf(command, err, " >\"$1\"")) < 0 ||
	    (result = sink_finish(command, err)) < 0)
		return result;
	text = sink_memory_bytes(command, &len);
	if ((result = add_word(words, text, len, change->path, err)) < 0 ||
	    (result = add_word(words, "sh", 2, change->path, err)) < 0 ||
	    (result = add_path(words, change->path, err)) < 0)
		return result;
	return put_words(out, words, err);
}

static int put_contents(const struct emit_input *input, struct sink *out,
			const struct emit_change *change, struct err *err)
{
	for (size_t i = 0; i < sizeof(LINE_FILES) / sizeof(*LINE_FILES) && !change->is_new; i++) {
		size_t common;
		int result;

		if (strcmp(change->path, LINE_FILES[i].path) != 0)
			continue;
		result = common_length(input, change, &common, err);
		if (result < 0)
			return result;
		if (common)
			return put_appended(out, change, LINE_FILES[i].by_number, common, err);
	}
	return put_whole(out, change, err);
}

static int put_creation(const struct emit_input *input, struct sink *out,
			const struct emit_change *change, struct err *err)
{
	CLEANUP(json_decrefp) json_t *words = NULL;
	int result = 0;

	if (change->has_body || (change->is_new && change->stat.type == TAR_FILE))
		return put_contents(input, out, change, err);
	if (!change->is_new)
		return 0;
	if (change->stat.type == TAR_SYMLINK)
		words = json_pack("[s, s, s]", "ln", "-sf", "--");
	else
		words = json_pack("[s, s, s]", "mkdir", "-p", "--");
	if (!words)
		return err_nomem(err);
	if (change->stat.type == TAR_SYMLINK)
		result = add_word(words, change->stat.target, strlen(change->stat.target),
				  change->path, err);
	if (result < 0 || (result = add_path(words, change->path, err)) < 0)
		return result;
	return put_words(out, words, err);
}

/* One change that several paths share: "chown" "1000:100", or "chmod" "0755". */
struct shared {
	bool owner;
	char argument[48];
	const char *path;
};

static int compare_shared(const void *a, const void *b)
{
	const struct shared *left = a, *right = b;
	int order = (left->owner < right->owner) -
		    (left->owner > right->owner); /* chown clears setuid */

	if (order == 0)
		order = strcmp(left->argument, right->argument);
	return order ? order : strcmp(left->path, right->path);
}

static size_t collect_shared(const struct emit_change *changes, size_t count, struct shared *shared)
{
	size_t used = 0;

	for (size_t i = 0; i < count; i++) {
		const struct emit_change *change = &changes[i];

		if (change->own) {
			shared[used] = (struct shared){ .owner = true, .path = change->path };
			snprintf(shared[used].argument, sizeof(shared[used].argument),
				 "%" PRId64 ":%" PRId64, change->stat.uid, change->stat.gid);
			used++;
		}
		if (change->mode) {
			shared[used] = (struct shared){ .path = change->path };
			emit__mode_text(change, shared[used].argument);
			used++;
		}
	}
	if (used)
		qsort(shared, used, sizeof(*shared), compare_shared);
	return used;
}

/* One RUN for all paths of one change. */
static int put_shared(struct sink *out, const struct shared *shared, size_t count, struct err *err)
{
	CLEANUP(json_decrefp)
	json_t *words = shared->owner
				? json_pack("[s, s, s, s]", "chown", "-h", shared->argument, "--")
				: json_pack("[s, s, s]", "chmod", shared->argument, "--");
	int result = words ? 0 : err_nomem(err);

	for (size_t i = 0; result == 0 && i < count; i++)
		result = add_path(words, shared[i].path, err);
	return result < 0 ? result : put_words(out, words, err);
}

static int put_attributes(struct sink *out, const struct emit_change *changes, size_t count,
			  struct err *err)
{
	CLEANUP(freep) struct shared *shared = calloc(2 * count + 1, sizeof(*shared));
	size_t used, first = 0;
	int result = 0;

	if (!shared)
		return err_nomem(err);
	used = collect_shared(changes, count, shared);
	for (size_t i = 1; result == 0 && i <= used; i++) {
		if (i < used && shared[i].owner == shared[first].owner &&
		    strcmp(shared[i].argument, shared[first].argument) == 0)
			continue;
		result = put_shared(out, &shared[first], i - first, err);
		first = i;
	}
	return result;
}

/* Whether an entry of the plan before entry 'i' names it too. */
static bool is_named_before(const struct plan_packages *packages, size_t i, const char *name)
{
	for (size_t b = 0; b < i; b++) {
		for (size_t n = 0; packages[b].names[n]; n++) {
			if (packages[b].manager == packages[i].manager &&
			    strcmp(packages[b].names[n], name) == 0)
				return true;
		}
	}
	return false;
}

/* One RUN for all packages of the manager of entry 'first', if none before it has that one. */
static int put_manager(struct sink *out, const struct plan_packages *packages, size_t count,
		       size_t first, struct err *err)
{
	const struct package_manager *manager = package_manager_find(packages[first].manager);
	const char *blank = "";
	int result;

	for (size_t i = 0; i < first; i++) {
		if (packages[i].manager == packages[first].manager)
			return 0;
	}
	result = emit__printf(out, err, "RUN %s", manager->before);
	for (size_t i = first; i < count; i++) {
		for (size_t n = 0; result == 0 && packages[i].names[n]; n++) {
			if (packages[i].manager != packages[first].manager ||
			    is_named_before(packages, i, packages[i].names[n]))
				continue;
			result = emit__printf(out, err, "%s%s", blank, packages[i].names[n]);
			blank = " ";
		}
	}
	return result < 0 ? result : emit__printf(out, err, "%s\n", manager->after);
}

/* After the files, as package managers need some of what is mended: /tmp, accounts. */
static int put_packages(struct sink *out, const struct plan *plan, struct err *err)
{
	size_t count;
	const struct plan_packages *packages = plan_packages(plan, &count);
	int result = 0;

	for (size_t i = 0; result == 0 && i < count; i++)
		result = put_manager(out, packages, count, i, err);
	return result;
}

/* A value as Dockerfile instructions take it: in double quotes where it is not plain. */
static int put_value(struct sink *out, const char *instruction, const char *value, struct err *err)
{
	static const char plain[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./:-";
	int result;

	if (*value && value[strspn(value, plain)] == '\0')
		return emit__printf(out, err, "%s%s\n", instruction, value);
	result = emit__printf(out, err, "%s\"", instruction);
	for (; result == 0 && *value; value++) {
		if ((unsigned char)*value < 0x20 || *value == 0x7f)
			return err_set(err, ERR_UNSUPPORTED,
				       "%s: a Dockerfile cannot hold a control byte in the value",
				       instruction);
		result =
			emit__printf(out, err, "%s%c", strchr("\"\\$", *value) ? "\\" : "", *value);
	}
	return result < 0 ? result : emit__printf(out, err, "\"\n");
}

static bool is_variable(const char *name, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (!isalnum((unsigned char)name[i]) && name[i] != '_')
			return false;
	}
	return len > 0 && len < 200;
}

static int put_env(const struct emit_input *input, struct sink *out, struct err *err)
{
	const struct config *old = image_config(input->image), *new = input->config;
	int result = 0;

	for (size_t i = 0; result == 0 && new->env[i]; i++) {
		size_t len = strcspn(new->env[i], "=");
		char instruction[256];
		bool is_new = new->env[i][len] == '=';

		for (size_t o = 0; old->env[o]; o++)
			is_new &= strcmp(old->env[o], new->env[i]) != 0;
		if (!is_new)
			continue;
		if (!is_variable(new->env[i], len))
			return err_set(err, ERR_UNSUPPORTED, "'%s': no name for a Dockerfile's ENV",
				       new->env[i]);
		snprintf(instruction, sizeof(instruction), "ENV %.*s=", (int)len, new->env[i]);
		result = put_value(out, instruction, new->env[i] + len + 1, err);
	}
	return result;
}

/* In JSON form; json_dumps() leaves no control byte in it. */
static int put_list(struct sink *out, const char *instruction, const char *const *words,
		    struct err *err)
{
	CLEANUP(freep) char *text = config_words_text(words);

	return text ? emit__printf(out, err, "%s %s\n", instruction, text) : err_nomem(err);
}

static int put_command(const struct config *old, const struct config *new, struct sink *out,
		       struct err *err)
{
	bool other_entrypoint = !config_same_words(old->entrypoint, new->entrypoint);
	int result = 0;

	if (other_entrypoint)
		result = put_list(out, "ENTRYPOINT", new->entrypoint, err);
	/* An ENTRYPOINT empties the CMD of the base (Dockerfile reference). */
	if (result == 0 &&
	    (other_entrypoint ? new->cmd[0] != NULL : !config_same_words(old->cmd, new->cmd)))
		result = put_list(out, "CMD", new->cmd, err);
	return result;
}

static int put_ports(const struct config *old, const struct config *new, struct sink *out,
		     struct err *err)
{
	int result = 0;

	for (size_t i = 0; result == 0 && new->exposed_ports[i]; i++) {
		bool is_new = true;

		for (size_t o = 0; old->exposed_ports[o]; o++)
			is_new &= strcmp(old->exposed_ports[o], new->exposed_ports[i]) != 0;
		if (is_new)
			result = put_value(out, "EXPOSE ", new->exposed_ports[i], err);
	}
	return result;
}

static int put_config(const struct emit_input *input, struct sink *out, bool had_runs,
		      struct err *err)
{
	const struct config *old = image_config(input->image), *new = input->config;
	int result = put_env(input, out, err);

	if (result == 0 && (had_runs || strcmp(old->user, new->user) != 0))
		result = put_value(out, "USER ", *new->user ? new->user : "0", err);
	if (result == 0 && strcmp(old->working_dir, new->working_dir) != 0)
		result =
			put_value(out, "WORKDIR ", *new->working_dir ? new->working_dir : "/", err);
	if (result == 0)
		result = put_ports(old, new, out, err);
	return result < 0 ? result : put_command(old, new, out, err);
}

/* The name comes from the image: nothing but a reference may stand behind FROM. */
static int put_from(struct sink *out, const char *base, struct err *err)
{
	static const char plain[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./:-@+";

	if (!*base || base[strspn(base, plain)] || *base == '-')
		return err_set(err, ERR_UNSUPPORTED, "'%s' is no name for a Dockerfile's FROM",
			       base);
	return emit__printf(out, err, "FROM %s\n", base);
}

/* One RUN for all that goes. */
static int put_removals(const struct emit_input *input, struct sink *out, const node_id *removed,
			struct err *err)
{
	CLEANUP(json_decrefp) json_t *words = json_pack("[s, s, s]", "rm", "-f", "--");
	int result = words ? 0 : err_nomem(err);

	if (node_is_none(*removed))
		return result;
	for (; result == 0 && !node_is_none(*removed); removed++) {
		CLEANUP(freep) char *path = tree_path_new(input->tree, *removed);

		result = path ? add_path(words, path + 1, err) : err_nomem(err);
	}
	return result < 0 ? result : put_words(out, words, err);
}

int emit_dockerfile(const struct emit_input *input, const char *base, struct sink *out,
		    struct err *err)
{
	CLEANUP(freep) node_id *removed = NULL;
	struct emit_change *changes;
	size_t count, packages;
	bool has_runs;
	int result = emit__removed(input, &removed, err);

	if (result < 0 || (result = emit__changes(input, &changes, &count, err)) < 0)
		return result;
	plan_packages(input->plan, &packages);
	has_runs = count > 0 || packages > 0 || !node_is_none(*removed);
	result = put_from(out, base, err);
	if (result == 0 && has_runs)
		result = emit__printf(out, err, "USER 0\n");
	for (size_t i = 0; result == 0 && i < count; i++)
		result = put_creation(input, out, &changes[i], err);
	if (result == 0)
		result = put_attributes(out, changes, count, err);
	if (result == 0)
		result = put_removals(input, out, removed, err);
	emit__changes_free(changes, count);
	if (result == 0)
		result = put_packages(out, input->plan, err);
	return result < 0 ? result : put_config(input, out, has_runs, err);
}
