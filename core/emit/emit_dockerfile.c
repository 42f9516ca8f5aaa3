/*
 * The plan as a Dockerfile on top of the image. Every RUN makes a layer that
 * repeats the files it touches, so paths with the same change share one line,
 * in JSON form: no shell expands a name. Lines that the plan appends to passwd
 * and its like are appended only if the image does not have them yet.
 */
#include <inttypes.h>
#include <string.h>

#include "base/text.h"
#include "build_cost.h"
#include "dockerfile_priv.h"
#include "rule/packages.h"

/* Paths of one command: the kernel takes 2 MiB of them, and some are for its environment. */
enum { COMMAND_BYTES = 1 << 20 };

struct dockerfile {
	const struct emit_input *input;
	struct sink *out;
	struct build_cost cost;
};

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

static int add_path(json_t *words, const char *path, struct err *err)
{
	CLEANUP(freep) char *absolute = NULL;

	if (asprintf(&absolute, "/%s", path) < 0) {
		absolute = NULL;
		return err_nomem(err);
	}
	return emit__words_add(words, absolute, strlen(absolute), absolute, err);
}

/* An instruction, with what its layer repeats. */
static int put_words(const struct dockerfile *file, const json_t *words, struct err *err)
{
	char size[16];
	int result = emit__printf(file->out, err, "# a layer of +%s:\n",
				  text_size(size, sizeof(size), file->cost.bytes));

	return result < 0 ? result : emit__words_put(file->out, "RUN", words, err);
}

/* The instruction that comes next touches one path. */
static int begin_run(struct dockerfile *file, const struct emit_change *change, struct err *err)
{
	emit__build_cost_begin(&file->cost);
	return emit__build_cost_add(&file->cost, change->node, err);
}

/* One line "name:x:number:…" that is appended where it is not there yet. */
static int put_appended_line(struct dockerfile *file, const struct emit_change *change, bool by_number,
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
	if ((result = begin_run(file, change, err)) < 0 ||
	    (result = emit__words_add(words, key, (size_t)((stop ? stop : end) - key),
				      change->path, err)) < 0 ||
	    (result = emit__words_add(words, line, len, change->path, err)) < 0 ||
	    (result = add_path(words, change->path, err)) < 0)
		return result;
	return put_words(file, words, err);
}

static int put_appended(struct dockerfile *file, const struct emit_change *change, bool by_number,
			size_t from, struct err *err)
{
	const char *text = change->stat.body;
	size_t size = (size_t)change->stat.size;
	int result = 0;

	for (size_t at = from; result == 0 && at < size;) {
		const char *newline = memchr(text + at, '\n', size - at);
		size_t end = newline ? (size_t)(newline - text) : size;

		result = put_appended_line(file, change, by_number, text + at, end - at, err);
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
static int put_whole(struct dockerfile *file, const struct emit_change *change, struct err *err)
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
	if ((result = begin_run(file, change, err)) < 0 ||
	    (result = emit__words_add(words, text, len, change->path, err)) < 0 ||
	    (result = emit__words_add(words, "sh", 2, change->path, err)) < 0 ||
	    (result = add_path(words, change->path, err)) < 0)
		return result;
	return put_words(file, words, err);
}

static int put_contents(struct dockerfile *file, const struct emit_change *change, struct err *err)
{
	for (size_t i = 0; i < sizeof(LINE_FILES) / sizeof(*LINE_FILES) && !change->is_new; i++) {
		size_t common;
		int result;

		if (strcmp(change->path, LINE_FILES[i].path) != 0)
			continue;
		result = common_length(file->input, change, &common, err);
		if (result < 0)
			return result;
		if (common)
			return put_appended(file, change, LINE_FILES[i].by_number, common, err);
	}
	return put_whole(file, change, err);
}

static int put_creation(struct dockerfile *file, const struct emit_change *change, struct err *err)
{
	CLEANUP(json_decrefp) json_t *words = NULL;
	int result = 0;

	if (change->has_body || (change->is_new && change->stat.type == TAR_FILE))
		return put_contents(file, change, err);
	if (!change->is_new)
		return 0;
	if (change->stat.type == TAR_SYMLINK)
		words = json_pack("[s, s, s]", "ln", "-sf", "--");
	else
		words = json_pack("[s, s, s]", "mkdir", "-p", "--");
	if (!words)
		return err_nomem(err);
	if ((result = begin_run(file, change, err)) < 0)
		return result;
	if (change->stat.type == TAR_SYMLINK)
		result = emit__words_add(words, change->stat.target, strlen(change->stat.target),
					 change->path, err);
	if (result < 0 || (result = add_path(words, change->path, err)) < 0)
		return result;
	return put_words(file, words, err);
}

/* One change that several paths share; "": not this. */
struct shared {
	char owner[48]; /* "1000:100" */
	char mode[8];   /* "0755" */
	const struct emit_change *change;
};

static int compare_shared(const void *a, const void *b)
{
	const struct shared *left = a, *right = b;
	int order = strcmp(left->owner, right->owner);

	if (order == 0)
		order = strcmp(left->mode, right->mode);
	return order ? order : strcmp(left->change->path, right->change->path);
}

static bool is_shared(const struct shared *a, const struct shared *b)
{
	return strcmp(a->owner, b->owner) == 0 && strcmp(a->mode, b->mode) == 0;
}

static size_t collect_shared(const struct emit_change *changes, size_t count, struct shared *shared)
{
	size_t used = 0;

	for (size_t i = 0; i < count; i++) {
		const struct emit_change *change = &changes[i];
		struct shared *item = &shared[used];

		if (!change->own && !change->mode)
			continue;
		*item = (struct shared){ .change = change };
		if (change->own)
			snprintf(item->owner, sizeof(item->owner), "%" PRId64 ":%" PRId64,
				 change->stat.uid, change->stat.gid);
		if (change->mode)
			emit__mode_text(change, item->mode);
		used++;
	}
	if (used)
		qsort(shared, used, sizeof(*shared), compare_shared);
	return used;
}

/* Owner before mode, since chown clears setuid; both in one instruction, so that it repeats the
 * files once. */
static const char OWN_AND_MODE[] =
	"o=$1 m=$2; shift 2; chown -h \"$o\" -- \"$@\" && chmod \"$m\" -- \"$@\"";

static json_t *shared_words(const struct shared *shared)
{
	if (!*shared->mode)
		return json_pack("[s, s, s, s]", "chown", "-h", shared->owner, "--");
	if (!*shared->owner)
		return json_pack("[s, s, s]", "chmod", shared->mode, "--");
	return json_pack("[s, s, s, s, s, s]", "/bin/sh", "-c", OWN_AND_MODE, "sh", shared->owner,
			 shared->mode);
}

/* What a path takes of a command: itself, its leading slash, its end and its pointer. */
static size_t path_bytes(const char *path)
{
	return strlen(path) + 2 + sizeof(char *);
}

/* One RUN for paths of one change. */
static int put_shared(struct dockerfile *file, const struct shared *shared, size_t count,
		      struct err *err)
{
	CLEANUP(json_decrefp) json_t *words = shared_words(shared);
	int result = words ? 0 : err_nomem(err);

	emit__build_cost_begin(&file->cost);
	for (size_t i = 0; result == 0 && i < count; i++) {
		result = emit__build_cost_add(&file->cost, shared[i].change->node, err);
		if (result == 0)
			result = add_path(words, shared[i].change->path, err);
	}
	return result < 0 ? result : put_words(file, words, err);
}

static int put_attributes(struct dockerfile *file, const struct emit_change *changes, size_t count,
			  struct err *err)
{
	CLEANUP(freep) struct shared *shared = calloc(count + 1, sizeof(*shared));
	size_t used, first = 0, bytes = 0;
	int result = 0;

	if (!shared)
		return err_nomem(err);
	used = collect_shared(changes, count, shared);
	for (size_t i = 1; result == 0 && i <= used; i++) {
		bytes += path_bytes(shared[i - 1].change->path);
		if (i < used && is_shared(&shared[i], &shared[first]) && bytes < COMMAND_BYTES)
			continue;
		result = put_shared(file, &shared[first], i - first, err);
		first = i;
		bytes = 0;
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
	result = emit__printf(out, err, "# a layer with what the packages bring:\nRUN %s",
			      manager->before);
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

/* The name comes from the image: nothing but a reference may stand behind FROM. */
static int put_from(struct sink *out, const char *base, struct err *err)
{
	static const char plain[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./:-@+";

	if (!base)
		return emit__printf(out, err,
				    "# The image has no name of its own: docker build "
				    "--build-arg IMAGE=HOST/PATH:TAG .\n"
				    "ARG IMAGE\nFROM ${IMAGE}\n");
	if (!*base || base[strspn(base, plain)] || *base == '-')
		return err_set(err, ERR_UNSUPPORTED, "'%s' is no name for a Dockerfile's FROM",
			       base);
	return emit__printf(out, err, "FROM %s\n", base);
}

/* One RUN for what goes; *removed moves to what no command has yet. */
static int put_removal(struct dockerfile *file, const node_id **removed, struct err *err)
{
	CLEANUP(json_decrefp) json_t *words = json_pack("[s, s, s]", "rm", "-f", "--");
	int result = words ? 0 : err_nomem(err);
	size_t bytes = 0;

	emit__build_cost_begin(&file->cost);
	for (; result == 0 && !node_is_none(**removed) && bytes < COMMAND_BYTES; ++*removed) {
		CLEANUP(freep) char *path = tree_path_new(file->input->tree, **removed);

		if (!path)
			return err_nomem(err);
		result = add_path(words, path + 1, err);
		if (result == 0)
			result = emit__build_cost_remove(&file->cost, **removed, err);
		bytes += path_bytes(path);
	}
	return result < 0 ? result : put_words(file, words, err);
}

static int put_removals(struct dockerfile *file, const node_id *removed, struct err *err)
{
	int result = 0;

	while (result == 0 && !node_is_none(*removed))
		result = put_removal(file, &removed, err);
	return result;
}

static int put_files(struct dockerfile *file, const struct emit_change *changes, size_t count,
		     const node_id *removed, struct err *err)
{
	int result = 0;

	for (size_t i = 0; result == 0 && i < count; i++)
		result = put_creation(file, &changes[i], err);
	if (result == 0)
		result = put_attributes(file, changes, count, err);
	return result < 0 ? result : put_removals(file, removed, err);
}

static void dockerfile_done(struct dockerfile *file)
{
	emit__build_cost_done(&file->cost);
}

int emit_dockerfile(const struct emit_input *input, const char *base, struct sink *out,
		    uint64_t *ret_bytes, struct err *err)
{
	CLEANUP(dockerfile_done) struct dockerfile file = { .input = input, .out = out };
	CLEANUP(freep) node_id *removed = NULL;
	struct emit_change *changes;
	size_t count, packages;
	bool has_runs;
	int result = emit__build_cost_init(&file.cost, input, err);

	if (result < 0 || (result = emit__removed(input, &removed, err)) < 0 ||
	    (result = emit__changes(input, &changes, &count, err)) < 0)
		return result;
	plan_packages(input->plan, &packages);
	has_runs = count > 0 || packages > 0 || !node_is_none(*removed);
	result = emit__dockerfile_advice(input, changes, count, out, err);
	if (result == 0)
		result = put_from(out, base, err);
	if (result == 0 && has_runs)
		result = emit__printf(out, err, "USER 0\n");
	if (result == 0)
		result = put_files(&file, changes, count, removed, err);
	emit__changes_free(changes, count);
	if (result == 0)
		result = put_packages(out, input->plan, err);
	if (result == 0)
		result = emit__dockerfile_config(input, has_runs, out, err);
	if (result == 0 && ret_bytes)
		*ret_bytes = file.cost.total;
	return result;
}
