/*
 * Finds where the bytes of a file are and opens the cheapest stream of them.
 * A compressed layer is decoded up to the file, and no further.
 */
#include "content/content.h"

#include <inttypes.h>
#include <string.h>

#include "core/content/content_priv.h"
#include "stream/stream_decode.h"
#include "stream/stream_file.h"
#include "stream/stream_limit.h"
#include "tar/tar_sparse.h"
#include "tree/resolve.h"

/* ---- The first bytes of another stream ---- */

struct slice {
	struct stream stream;
	struct stream *upstream;
	bool is_taken;
	uint64_t left;
};

static ssize_t slice_read(struct stream *stream, void *buffer, size_t len, struct err *err)
{
	struct slice *slice = (struct slice *)stream;

	if (len > slice->left)
		len = (size_t)slice->left;
	if (len == 0)
		return 0;

	ssize_t got = stream_read(slice->upstream, buffer, len, err);

	if (got < 0)
		return got;
	if (got == 0)
		return err_set(err, ERR_FORMAT, "the layer ends %" PRIu64 " bytes early",
			       slice->left);
	slice->left -= (uint64_t)got;
	return got;
}

static void slice_close(struct stream *stream)
{
	struct slice *slice = (struct slice *)stream;

	if (slice->is_taken)
		stream_close(slice->upstream);
	free(slice);
}

int content__slice_open(struct stream *upstream, bool is_taken, uint64_t len,
			struct stream **ret_stream, struct err *err)
{
	static const struct stream_ops OPS = { .read = slice_read, .close = slice_close };
	struct slice *slice = calloc(1, sizeof(*slice));

	if (!slice) {
		if (is_taken)
			stream_close(upstream);
		return err_nomem(err);
	}
	slice->stream.ops = &OPS;
	slice->upstream = upstream;
	slice->is_taken = is_taken;
	slice->left = len;
	*ret_stream = &slice->stream;
	return 0;
}

/* ---- Where the bytes are ---- */

static int locate_stored(const struct content *content, const struct tree_stat *stat,
			 const struct layer_entry *entry, struct content_place *ret_place,
			 struct err *err)
{
	unsigned layer = stat->body_layer;
	const struct image_layer *stored =
		content->image && layer <= image_layer_count(content->image)
			? image_layer(content->image, layer - 1)
			: NULL;
	struct content_place place = {
		.layer = layer,
		.size = entry->size,
		.offset = entry->header_offset + entry->header_len,
		.length = entry->size,
	};

	if (entry->flags & ENTRY_SPARSE) {
		place.offset = entry->header_offset;
		place.header_len = entry->header_len;
		place.length = entry->header_len +
			       layer_entry_extra(tree_layer(content->tree, layer), entry)->stored;
	}

	if (!stored || stored->is_missing)
		return err_set(err, ERR_NOT_FOUND, "layer %u is not in the image", layer);
	place.stored = stored->blob.span;
	place.is_compressed = layer_compression(tree_layer(content->tree, layer)) !=
			      COMPRESSION_NONE;
	if (!place.is_compressed && (place.offset > place.stored.length ||
				     place.length > place.stored.length - place.offset))
		return err_set(err, ERR_FORMAT, "layer %u ends before the file does", layer);
	*ret_place = place;
	return 0;
}

int content__locate(const struct content *content, node_id node, struct content_place *ret_place,
		    struct err *err)
{
	struct tree_stat stat;

	if (!tree_stat(content->tree, node, content->at, &stat))
		return err_set(err, ERR_NOT_FOUND, "not there after layer %u", content->at);
	if (stat.type != TAR_FILE)
		return err_set(err, ERR_INVALID, "no regular file");
	*ret_place = (struct content_place){
		.bytes = stat.body ? stat.body : "",
		.size = stat.size,
	};
	if (stat.body || stat.size == 0)
		return 0;

	const struct layer_index *index = tree_layer(content->tree, stat.body_layer);

	if (!index)
		return err_set(err, ERR_NOT_FOUND, "its layer is not in the image");

	const struct layer_entry *entry = layer_entry(index, stat.body_entry);
	const struct layer_extra *extra = layer_entry_extra(index, entry);

	if (!extra || !extra->body)
		return locate_stored(content, &stat, entry, ret_place, err);
	ret_place->bytes = extra->body;
	ret_place->size = entry->size;
	return 0;
}

int content__open_layer(const struct content *content, const struct content_place *place,
			struct stream **ret_stream, struct err *err)
{
	CLEANUP(stream_closep) struct stream *stream = NULL;
	int r = stream_file_open(&place->stored, content->cancel, NULL, &stream, err);

	if (r == 0)
		r = stream_decode_open(STEAL(stream), NULL, NULL, &stream, err);
	if (r == 0)
		r = stream_limit_open(STEAL(stream), place->stored.length, limits_default(),
				      &stream, err);
	if (r == 0)
		*ret_stream = STEAL(stream);
	return r;
}

int content__open_plain(const struct content *content, const struct content_place *place,
			struct stream **ret_stream, struct err *err)
{
	const struct stream_span span = {
		.fd = place->stored.fd,
		.offset = place->stored.offset + place->offset,
		.length = place->length,
	};

	if (place->layer == 0)
		return stream_memory_open(place->bytes, (size_t)place->size, ret_stream, err);
	return stream_file_open(&span, content->cancel, NULL, ret_stream, err);
}

int content__open_file(const struct content_place *place, struct stream *stream,
		       struct stream **ret_stream, struct err *err)
{
	if (place->header_len)
		return tar_sparse_open(stream, place->header_len, place->size, ret_stream, err);
	*ret_stream = stream;
	return 0;
}

/* A compressed layer is decoded up to the file. */
static int open_place(const struct content *content, const struct content_place *place,
		      struct stream **ret_stream, struct err *err)
{
	CLEANUP(stream_closep) struct stream *stream = NULL;
	int r;

	if (!place->is_compressed) {
		r = content__open_plain(content, place, &stream, err);
	} else {
		r = content__open_layer(content, place, &stream, err);
		if (r == 0)
			r = stream_skip(stream, place->offset, err);
		if (r == 0)
			r = content__slice_open(STEAL(stream), true, place->length, &stream, err);
	}
	return r < 0 ? r : content__open_file(place, STEAL(stream), ret_stream, err);
}

/* Names the file in an error. */
int content__wrap(const struct content *content, node_id node, int r, struct err *err)
{
	CLEANUP(freep) char *path = r < 0 ? tree_path_new(content->tree, node) : NULL;

	return path ? err_wrap(err, "%s", path) : r;
}

int content_open(const struct content *content, node_id node, struct stream **ret_stream,
		 struct err *err)
{
	struct content_place place;
	int r = content__locate(content, node, &place, err);

	if (r == 0)
		r = open_place(content, &place, ret_stream, err);
	return content__wrap(content, node, r, err);
}

static int load(struct stream *stream, size_t len, char **ret_bytes, size_t *ret_len,
		struct err *err)
{
	CLEANUP(freep) char *bytes = len < SIZE_MAX ? malloc(len + 1) : NULL;

	if (!bytes)
		return err_nomem(err);

	ssize_t got = stream_read(stream, bytes, len, err);

	/* What came before a failure is delivered first; the failure comes next. */
	if (got >= 0 && (size_t)got < len) {
		char more;
		ssize_t next = stream_read(stream, &more, 1, err);

		if (next < 0)
			got = next;
	}
	if (got < 0)
		return (int)got;
	bytes[got] = '\0';
	*ret_len = (size_t)got;
	*ret_bytes = STEAL(bytes);
	return 0;
}

int content_load(const struct content *content, node_id node, size_t most, char **ret_bytes,
		 size_t *ret_len, struct err *err)
{
	CLEANUP(stream_closep) struct stream *stream = NULL;
	struct content_place place;
	int r = content__locate(content, node, &place, err);

	if (r == 0)
		r = open_place(content, &place, &stream, err);
	if (r == 0)
		r = load(stream, place.size < most ? (size_t)place.size : most, ret_bytes, ret_len,
			 err);
	return content__wrap(content, node, r, err);
}

int content_load_path(const struct content *content, const char *path, size_t most,
		      node_id *ret_node, char **ret_bytes, size_t *ret_len, struct err *err)
{
	struct resolve_result found =
		resolve_path(content->tree, content->at, NODE_ROOT, path, true, NULL);
	struct tree_stat stat;

	if (found.outcome != RESOLVE_FOUND)
		return err_set(err, ERR_NOT_FOUND, "'%s' is not in the image", path);
	if (tree_stat(content->tree, found.node, content->at, &stat) && stat.type == TAR_FILE &&
	    limits_check(stat.size, most, path, err) < 0)
		return -ERR_LIMIT;

	int r = content_load(content, found.node, most, ret_bytes, ret_len, err);

	if (r == 0 && ret_node)
		*ret_node = found.node;
	return r;
}
