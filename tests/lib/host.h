/*
 * Files of this machine as an image of one layer, whatever their size; to follow
 * what starts in it.
 *
 *	struct host host;
 *	host_open(&host, &tar);
 *	start_follow(&(struct start_input){ &host.content, &host.config, … }, …);
 *	host_close(&host);
 */
#ifndef TESTS_LIB_HOST_H
#define TESTS_LIB_HOST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "access/start.h"
#include "image/image.h"
#include "lib/build.h"
#include "tree/tree.h"

struct host {
	struct source *source;
	struct image *image;
	struct layer_index *layer;
	struct tree *tree;
	struct content content;
	struct config config; /* only what a start looks at is set */
};

/* Ends and frees the tar. */
static inline void host_open(struct host *host, struct tb *tar)
{
	static const char *no_words[] = { NULL };
	const char *path = test_path("host.tar");
	struct ib ib = { 0 };
	struct err err = { 0 };

	*host = (struct host){ .config = { .user = "", .working_dir = "", .env = no_words } };
	platform_host(&host->config.platform);
	tb_end(tar);
	ib_layer(&ib, tar, "none", "COPY / /");
	ib_config(&ib, "{}");
	ib_docker(&ib, path, "host:1");
	ib_free(&ib);
	tb_free(tar);
	if (source_open(path, NULL, &host->source, &err) < 0 ||
	    image_open(host->source, 0, NULL, &host->image, &err) < 0 ||
	    layer_index_build(&image_layer(host->image, 0)->blob.span, NULL, &host->layer, &err) <
		    0)
		fail_msg("%s", err.text);

	const struct layer_index *layers[] = { host->layer };

	assert_int_equal(tree_build(layers, 1, NULL, &host->tree, &err), 0);
	host->content = (struct content){ .image = host->image, .tree = host->tree, .at = 1 };
}

static inline void host_close(struct host *host)
{
	tree_free(host->tree);
	layer_index_free(host->layer);
	image_close(host->image);
	source_close(host->source);
}

#endif
