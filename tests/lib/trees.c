/* Layers and trees for tests; see trees.h. */
#include "lib/trees.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tree/tree_iter.h"

int tf_memory_file(const void *bytes, size_t len)
{
	int fd = memfd_create("layer", MFD_CLOEXEC);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, len), (ssize_t)len);
	return fd;
}

void tf_layer(struct tf *tf, struct tb *tar)
{
	struct err err = { 0 };

	assert_true(tf->count < TF_LAYERS);
	tb_end(tar);
	tf->fds[tf->count] = tf_memory_file(tar->bytes, tar->len);
	tf->lengths[tf->count] = tar->len;

	const struct stream_span span = { tf->fds[tf->count], 0, tar->len };

	if (layer_index_build(&span, NULL, &tf->layers[tf->count], &err) < 0)
		fail_msg("%s", err.text);
	tf->count++;
	tb_free(tar);
}

void tf_build(struct tf *tf)
{
	struct err err = { 0 };
	const struct layer_index *layers[TF_LAYERS];

	for (size_t i = 0; i < tf->count; i++)
		layers[i] = tf->layers[i];
	if (tree_build(layers, tf->count, NULL, &tf->tree, &err) < 0)
		fail_msg("%s", err.text);
}

void tf_done(struct tf *tf)
{
	tree_free(tf->tree);
	for (size_t i = 0; i < tf->count; i++) {
		layer_index_free(tf->layers[i]);
		close(tf->fds[i]);
	}
	*tf = (struct tf){ 0 };
}

static void print_node(FILE *out, const struct tree *tree, node_id node, unsigned at)
{
	static const char LETTERS[] = {
		[TAR_FILE] = '-', [TAR_SYMLINK] = 'l',      [TAR_DIR] = 'd',
		[TAR_CHAR] = 'c', [TAR_BLOCK_DEVICE] = 'b', [TAR_FIFO] = 'p',
	};
	struct tree_stat stat;
	char *path = tree_path_new(tree, node);

	assert_true(tree_stat(tree, node, at, &stat));
	assert_non_null(path);
	fprintf(out, "%c %04o %lld:%lld %s", LETTERS[stat.type], stat.mode, (long long)stat.uid,
		(long long)stat.gid, path);
	if (stat.type == TAR_SYMLINK)
		fprintf(out, " -> %s", stat.target);
	if (stat.links > 1)
		fprintf(out, " x%u", stat.links);
	fprintf(out, "%s%s\n", stat.flags & TREE_IMPLIED ? " implied" : "",
		stat.flags & TREE_ENGINES_DISAGREE ? " !" : "");
	free(path);
}

char *tf_text(const struct tree *tree, unsigned at)
{
	struct tree_iter it;
	node_id node;
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);

	assert_non_null(out);
	tree_iter_init(&it, tree, NODE_ROOT, at);
	while (tree_iter_next(&it, &node))
		print_node(out, tree, node, at);
	assert_int_equal(fclose(out), 0);
	return text;
}

void tf_assert(const struct tree *tree, unsigned at, const char *expected)
{
	char *text = tf_text(tree, at);

	assert_string_equal(text, expected);
	free(text);
}
