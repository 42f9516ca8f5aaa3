/*
 * Layers and trees for tests: each layer is a tar built with lib/build.h, kept
 * in memory. A merged tree is compared as text.
 *
 *	struct tf tf = {0};
 *	struct tb tar = {0};
 *	tb_dir(&tar, "etc", 0755, 0, 0);
 *	tf_layer(&tf, &tar);
 *	tf_build(&tf);
 *	tf_assert(tf.tree, 1, "d 0755 0:0 /\n"
 *			      "d 0755 0:0 /etc\n");
 *	tf_done(&tf);
 */
#ifndef TESTS_LIB_TREES_H
#define TESTS_LIB_TREES_H

#include "lib/build.h"
#include "tree/tree.h"

enum { TF_LAYERS = 64 };

struct tf {
	size_t count;
	int fds[TF_LAYERS];
	size_t lengths[TF_LAYERS];
	struct layer_index *layers[TF_LAYERS];
	struct tree *tree;
};

/* A file without a name that holds these bytes. */
int tf_memory_file(const void *bytes, size_t len);

/* Ends and frees the tar, and indexes it as the next layer. */
void tf_layer(struct tf *tf, struct tb *tar);
void tf_build(struct tf *tf);
void tf_done(struct tf *tf);

/*
 * What is there after a layer, one line each: type letter (- d l c b p), mode,
 * uid:gid, path; then " -> target" of a symlink, " xN" for N > 1 names,
 * " implied", " !" where engines disagree. Free with free().
 */
char *tf_text(const struct tree *tree, unsigned at);
void tf_assert(const struct tree *tree, unsigned at, const char *expected);

#endif
