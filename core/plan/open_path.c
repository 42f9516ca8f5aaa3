/*
 * Goes the way again and again, each time with the bits that were missing the
 * time before, until nothing is denied: access/ alone decides what is.
 */
#include "plan/open_path.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "fix_priv.h"
#include "tar/tar_writer.h"
#include "tree/resolve.h"

enum { CHANGES_MOST = 64 };

static uint64_t change_cost(const char *path, const struct tree_stat *stat)
{
	const struct tar_entry entry = {
		.path = path + 1,
		.path_len = strlen(path + 1),
		.link = "",
		.type = stat->type,
		.mode = stat->mode,
		.uid = stat->uid,
		.gid = stat->gid,
		.size = stat->size,
		.mtime = stat->mtime,
	};

	return tar_writer_cost(&entry);
}

static bool is_guarded(const struct judgement *judgement, node_id node,
		       const struct tree_stat *stat)
{
	const struct fix_run run = {
		.judgement = judgement,
		.tree = judgement->input.tree,
		.at = judgement_at(judgement),
	};

	return fix__is_guarded(&run, node, stat);
}

/* Add what the blocker lacks; an outcome other than OPEN_BY_MODES where that must not be. */
static int add_change(const struct judgement *judgement, const struct access_verdict *verdict,
		      struct open_path *open, struct err *err)
{
	const struct tree *tree = judgement->input.tree;
	unsigned bits = verdict->wanted & ~verdict->grant.bits;
	struct open_change change = { .class = verdict->grant.class, .bits = bits };
	struct tree_stat stat;

	open->outcome = OPEN_IMPOSSIBLE;
	if (!bits || verdict->grant.class == CLASS_ROOT || open->changes.count == CHANGES_MOST ||
	    !tree_stat(tree, verdict->blocker, judgement_at(judgement), &stat))
		return 0;
	open->outcome = OPEN_GUARDED;
	if (is_guarded(judgement, verdict->blocker, &stat))
		return 0;
	open->outcome = OPEN_TO_ALL;
	if ((bits & ACCESS_WRITE) && verdict->grant.class == CLASS_OTHER)
		return 0;
	open->outcome = OPEN_BY_MODES;
	change.path = tree_path_new(tree, verdict->blocker);
	if (!change.path)
		return err_nomem(err);
	change.before = stat.mode;
	change.after = stat.mode | bits << fix__class_shift(verdict->grant.class);
	change.bytes = change_cost(change.path, &stat);
	open->bytes += change.bytes;
	if (VEC_PUSH(&open->changes, change, err) < 0) {
		free(change.path);
		return -ERR_NOMEM;
	}
	return 0;
}

/* The verdict once the changes are made. */
static int look_again(const struct judgement *judgement, const char *path, unsigned wanted,
		      const struct open_path *open, struct access_verdict *ret_verdict,
		      struct err *err)
{
	CLEANUP(tree_freep) struct tree *tree = NULL;
	CLEANUP(freep) struct tree_want *wants = calloc(open->changes.count + 1, sizeof(*wants));
	int result;

	if (!wants)
		return err_nomem(err);
	for (size_t i = 0; i < open->changes.count; i++)
		wants[i] = (struct tree_want){
			.path = open->changes.items[i].path + 1,
			.set_mode = true,
			.mode = open->changes.items[i].after,
		};
	result = tree_over(judgement->input.tree, wants, open->changes.count, &tree, err);
	if (result == 0)
		*ret_verdict = access_path(tree, judgement_at(judgement), &judgement->identity,
					   path, wanted);
	return result;
}

static void forget_changes(struct open_path *open)
{
	for (size_t i = 0; i < open->changes.count; i++)
		free(open->changes.items[i].path);
	open->changes.count = 0;
	open->bytes = 0;
}

int open_path_find(const struct judgement *judgement, const char *path, unsigned wanted,
		   struct open_path *ret_open, struct err *err)
{
	CLEANUP(open_path_done) struct open_path open = { .outcome = OPEN_NEEDLESS };
	struct access_verdict verdict = access_path(judgement->input.tree, judgement_at(judgement),
						    &judgement->identity, path, wanted);
	int result = 0;

	while (result == 0 && verdict.outcome == ACCESS_DENIED) {
		result = add_change(judgement, &verdict, &open, err);
		if (result < 0 || open.outcome != OPEN_BY_MODES)
			break;
		result = look_again(judgement, path, wanted, &open, &verdict, err);
	}
	if (result < 0)
		return result;
	if (verdict.outcome != ACCESS_ALLOWED && verdict.outcome != ACCESS_DENIED)
		open.outcome = OPEN_IMPOSSIBLE;
	if (open.outcome != OPEN_BY_MODES)
		forget_changes(&open);
	*ret_open = open;
	open = (struct open_path){ 0 };
	return 0;
}

void open_path_done(struct open_path *open)
{
	forget_changes(open);
	VEC_DONE(&open->changes);
}

/* "o+rx /root/x" */
static void write_change(FILE *out, const struct open_change *change)
{
	static const char CLASSES[] = {
		[CLASS_OWNER] = 'u',
		[CLASS_GROUP] = 'g',
		[CLASS_OTHER] = 'o',
		[CLASS_ROOT] = 'u',
	};

	fprintf(out, "%c+", CLASSES[change->class]);
	for (size_t i = 0; i < 3; i++) {
		if (change->bits & (4u >> i))
			fputc("rwx"[i], out);
	}
	fprintf(out, " %s", change->path);
}

char *open_path_words(const struct open_path *open)
{
	static const char *const WORDS[] = {
		[OPEN_NEEDLESS] = "no change: it is allowed",
		[OPEN_BY_MODES] = "chmod ",
		[OPEN_GUARDED] = "no change: it must stay its owner's",
		[OPEN_TO_ALL] = "no change of modes: everybody could write it",
		[OPEN_IMPOSSIBLE] = "no change of modes allows it",
	};
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);

	if (!out)
		return NULL;
	fputs(WORDS[open->outcome], out);
	for (size_t i = 0; i < open->changes.count; i++) {
		fputs(i ? ", " : "", out);
		write_change(out, &open->changes.items[i]);
	}
	if (fclose(out) < 0) {
		free(text);
		return NULL;
	}
	return text;
}

/* ---- in a sentence ---- */

static bool target_stat(const struct judgement *judgement, const char *path, struct tree_stat *stat)
{
	const struct tree *tree = judgement->input.tree;
	unsigned at = judgement_at(judgement);
	struct resolve_result found = resolve_path(tree, at, NODE_ROOT, path, true, NULL);

	return found.outcome == RESOLVE_FOUND && tree_stat(tree, found.node, at, stat);
}

unsigned open_path_use(const struct judgement *judgement, const char *path)
{
	struct tree_stat stat;

	if (target_stat(judgement, path, &stat) && (stat.type == TAR_DIR || (stat.mode & 0111)))
		return ACCESS_READ | ACCESS_EXECUTE;
	return ACCESS_READ;
}

static const char *use_verb(const struct judgement *judgement, const char *path, unsigned use)
{
	struct tree_stat stat;

	if (!(use & ACCESS_EXECUTE) || !target_stat(judgement, path, &stat))
		return "read";
	return stat.type == TAR_DIR ? "read and enter" : "read and execute";
}

int open_path_line(const struct judgement *judgement, const char *path, char **ret_line,
		   struct err *err)
{
	CLEANUP(open_path_done) struct open_path open = { 0 };
	unsigned use = open_path_use(judgement, path);
	char cost[64] = "", size[16];
	char *line = NULL;
	int result = open_path_find(judgement, path, use, &open, err);

	if (result < 0)
		return result;
	if (open.outcome != OPEN_NEEDLESS && open.outcome != OPEN_IMPOSSIBLE) {
		if (open.outcome == OPEN_BY_MODES)
			snprintf(cost, sizeof(cost), " (+%s as a layer, +0 B rewritten)",
				 text_size(size, sizeof(size), open.bytes));
		CLEANUP(freep) char *words = open_path_words(&open);
		if (!words || asprintf(&line, "to %s it: %s%s",
				       use_verb(judgement, path, use), words, cost) < 0)
			return err_nomem(err);
	}
	*ret_line = line;
	return 0;
}
