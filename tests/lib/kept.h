/*
 * A tree of one layer whose files are all kept in memory, so that its contents
 * can be read without an image.
 *
 *	struct kept kept = {0};
 *	struct tb tar = {0};
 *	tb_file(&tar, "etc/passwd", 0644, 0, 0, "root:x:0:0::/root:/bin/sh\n");
 *	kept_open(&kept, &tar);
 *	accounts_load(&kept.content, …);
 *	kept_done(&kept);
 */
#ifndef TESTS_LIB_KEPT_H
#define TESTS_LIB_KEPT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/limits.h"
#include "content/content.h"
#include "lib/trees.h"

enum { KEPT_MOST = 16 << 20 }; /* of one file; larger ones cannot be read */

struct kept {
	int fd;
	struct layer_index *layer;
	struct tree *tree;
	struct content content;
};

static inline bool kept_wants(const void *context, const char *folder, const char *name)
{
	(void)context;
	(void)folder;
	(void)name;
	return true;
}

/* The layer is a file of this length, which is closed with the tree. */
static inline void kept_open_file(struct kept *kept, int fd, uint64_t len)
{
	const struct layer_keep keep = { .wanted = kept_wants };
	struct limits limits = *limits_default();
	const struct layer_options options = { .limits = &limits, .keep = &keep };
	const struct stream_span span = { fd, 0, len };
	struct err err = { 0 };

	limits.kept_body = KEPT_MOST;
	kept->fd = fd;
	if (layer_index_build(&span, &options, &kept->layer, &err) < 0)
		fail_msg("%s", err.text);

	const struct layer_index *layers[] = { kept->layer };

	if (tree_build(layers, 1, NULL, &kept->tree, &err) < 0)
		fail_msg("%s", err.text);
	kept->content = (struct content){ .tree = kept->tree, .at = 1 };
}

/* Ends and frees the tar. */
static inline void kept_open(struct kept *kept, struct tb *tar)
{
	tb_end(tar);
	kept_open_file(kept, tf_memory_file(tar->bytes, tar->len), tar->len);
	tb_free(tar);
}

static inline void kept_done(struct kept *kept)
{
	tree_free(kept->tree);
	layer_index_free(kept->layer);
	close(kept->fd);
	*kept = (struct kept){ 0 };
}

#endif
