/* Text files of the folders that the user works in; see scope_text.h. */
#include "scope_text.h"

#include <string.h>

enum { FILES_MOST = 20000, SIZE_MOST = 1 << 20, HEAD = 4096 };

static bool is_in_chain(const struct start_files *chain, node_id node)
{
	for (size_t i = 0; i < chain->count; i++) {
		if (chain->items[i].node.v == node.v)
			return true;
	}
	return false;
}

static int add_file(struct scope_text *text, const struct rule_walk *at,
		    const struct start_files *chain, struct err *err)
{
	const char *name = tree_name(text->run->tree, at->node);

	if (at->stat.type != TAR_FILE || !at->stat.size ||
	    !rule__listed(text->run, "names", name) || is_in_chain(chain, at->node))
		return 0;
	if (at->stat.size > SIZE_MOST || text->files.count == FILES_MOST) {
		text->unread++;
		return 0;
	}
	return VEC_PUSH(&text->files, at->node, err);
}

static int add_folder(struct scope_text *text, struct scope_walk *walk,
		      const struct start_files *chain, struct err *err)
{
	const struct rule_walk *at = &walk->below;
	int rc;

	while ((rc = rule__scope_walk_next(walk, err)) > 0) {
		if (at->stat.type == TAR_DIR && at->node.v != walk->top.v &&
		    rule__listed(text->run, "skipped", tree_name(text->run->tree, at->node)))
			tree_iter_skip(&walk->below.it);
		rc = add_file(text, at, chain, err);
		if (rc < 0)
			break;
	}
	return rc;
}

static int compare_files(const void *a, const void *b, void *context)
{
	const node_id *first = a, *second = b;
	const struct scope_text *text = context;

	if (first->v == second->v)
		return 0;
	return content_before(text->run->content, *first, *second) ? -1 : 1;
}

static int find_files(struct scope_text *text, const struct start_files *chain, struct err *err)
{
	CLEANUP(rule__scope_walk_done) struct scope_walk walk;
	node_id top;
	int rc = rule__scope_walk_init(&walk, text->run, err);

	while (rc == 0 && rule__scope_walk_top(&walk, &top))
		rc = add_folder(text, &walk, chain, err);
	if (text->files.count)
		qsort_r(text->files.items, text->files.count, sizeof(*text->files.items),
			compare_files, text);
	return rc;
}

int rule__scope_text_init(struct scope_text *text, struct rule_run *run,
			  const struct start_files *chain, struct err *err)
{
	*text = (struct scope_text){ .run = run };
	if (!rule__item(run, "names", 0))
		return 0;
	int rc = find_files(text, chain, err);
	if (rc == 0)
		rc = rule__budget_init(&text->budget, run, err);
	if (rc == 0 && !(text->bytes = malloc(SIZE_MOST + 1)))
		rc = err_nomem(err);
	return rc;
}

void rule__scope_text_done(struct scope_text *text)
{
	VEC_DONE(&text->files);
	rule__budget_done(&text->budget);
	free(text->bytes);
}

/* False in *ret_is_text: not read, or no text. */
static int read_file(struct scope_text *text, node_id node, size_t *ret_len, bool *ret_is_text,
		     struct err *err)
{
	bool is_read;
	int rc = cancel_check(text->run->cancel, err);

	if (rc == 0)
		rc = rule__budget_read(&text->budget, node, text->bytes, SIZE_MOST, ret_len,
				       &is_read, err);
	if (rc < 0)
		return rc;
	text->unread += !is_read;
	*ret_is_text = is_read && !memchr(text->bytes, '\0', *ret_len < HEAD ? *ret_len : HEAD);
	return 0;
}

int rule__scope_text_next(struct scope_text *text, struct start_file *ret_file, struct err *err)
{
	while (text->next < text->files.count) {
		struct start_file file = { .node = text->files.items[text->next++],
					   .bytes = text->bytes,
					   .kind = START_FILE_OTHER };
		bool is_text;
		int rc = read_file(text, file.node, &file.len, &is_text, err);

		if (rc < 0)
			return rc;
		if (!is_text)
			continue;
		text->bytes[file.len] = '\0';
		rule__start_kind(tree_name(text->run->tree, file.node), &file.kind);
		*ret_file = file;
		return 1;
	}
	return 0;
}
