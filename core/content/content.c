/*
 * Finds where the bytes of a file are and opens the cheapest stream of them.
 * A compressed layer is decoded up to the file, and no further.
 */
#include "content/content.h"

#include <inttypes.h>
#include <string.h>

#include "stream/stream_decode.h"
#include "stream/stream_file.h"
#include "stream/stream_limit.h"
#include "tree/resolve.h"

/* ---- The first bytes of another stream ---- */

struct slice {
	struct stream stream;
	struct stream *upstream;
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

	stream_close(slice->upstream);
	free(slice);
}

/* Takes 'upstream', also on failure. */
static int slice_open(struct stream *upstream, uint64_t len, struct stream **ret_stream,
		      struct err *err)
{
	static const struct stream_ops OPS = { .read = slice_read, .close = slice_close };
	struct slice *slice = calloc(1, sizeof(*slice));

	if (!slice) {
		stream_close(upstream);
		return err_nomem(err);
	}
	slice->stream.ops = &OPS;
	slice->upstream = upstream;
	slice->left = len;
	*ret_stream = &slice->stream;
	return 0;
}

/* ---- Where the bytes are ---- */

/* The decoded layer, up to the file. */
static int open_decoded(const struct content *content, const struct stream_span *span,
			const struct layer_entry *entry, struct stream **ret_stream,
			struct err *err)
{
	CLEANUP(stream_closep) struct stream *stream = NULL;
	int r = stream_file_open(span, content->cancel, NULL, &stream, err);

	if (r == 0)
		r = stream_decode_open(STEAL(stream), NULL, NULL, &stream, err);
	if (r == 0)
		r = stream_limit_open(STEAL(stream), span->length, limits_default(), &stream, err);
	if (r == 0)
		r = stream_skip(stream, entry->header_offset + entry->header_len, err);
	if (r < 0)
		return r;
	return slice_open(STEAL(stream), entry->size, ret_stream, err);
}

static int open_stored(const struct content *content, unsigned layer,
		       const struct layer_entry *entry, struct stream **ret_stream, struct err *err)
{
	const struct image_layer *stored = layer <= image_layer_count(content->image)
						   ? image_layer(content->image, layer - 1)
						   : NULL;
	uint64_t offset = entry->header_offset + entry->header_len;

	if (!stored || stored->is_missing)
		return err_set(err, ERR_NOT_FOUND, "layer %u is not in the image", layer);
	if (layer_compression(tree_layer(content->tree, layer)) != COMPRESSION_NONE)
		return open_decoded(content, &stored->blob.span, entry, ret_stream, err);
	if (offset > stored->blob.span.length || entry->size > stored->blob.span.length - offset)
		return err_set(err, ERR_FORMAT, "layer %u ends before the file does", layer);

	const struct stream_span span = {
		.fd = stored->blob.span.fd,
		.offset = stored->blob.span.offset + offset,
		.length = entry->size,
	};

	return stream_file_open(&span, content->cancel, NULL, ret_stream, err);
}

static int open_stat(const struct content *content, const struct tree_stat *stat,
		     struct stream **ret_stream, struct err *err)
{
	const struct layer_index *index = tree_layer(content->tree, stat->body_layer);

	if (stat->type != TAR_FILE)
		return err_set(err, ERR_INVALID, "no regular file");
	if (stat->body || stat->size == 0)
		return stream_memory_open(stat->body ? stat->body : "", (size_t)stat->size,
					  ret_stream, err);
	if (!index)
		return err_set(err, ERR_NOT_FOUND, "its layer is not in the image");

	const struct layer_entry *entry = layer_entry(index, stat->body_entry);
	const struct layer_extra *extra = layer_entry_extra(index, entry);

	if (entry->flags & ENTRY_SPARSE)
		return err_set(err, ERR_UNSUPPORTED, "stored as a sparse file");
	if (extra && extra->body)
		return stream_memory_open(extra->body, (size_t)entry->size, ret_stream, err);
	return open_stored(content, stat->body_layer, entry, ret_stream, err);
}

/* Names the file in an error. */
static int wrap(const struct content *content, node_id node, int r, struct err *err)
{
	CLEANUP(freep) char *path = r < 0 ? tree_path_new(content->tree, node) : NULL;

	return path ? err_wrap(err, "%s", path) : r;
}

static int stat_file(const struct content *content, node_id node, struct tree_stat *ret_stat,
		     struct err *err)
{
	if (tree_stat(content->tree, node, content->at, ret_stat))
		return 0;
	return err_set(err, ERR_NOT_FOUND, "not there after layer %u", content->at);
}

int content_open(const struct content *content, node_id node, struct stream **ret_stream,
		 struct err *err)
{
	struct tree_stat stat;
	int r = stat_file(content, node, &stat, err);

	if (r == 0)
		r = open_stat(content, &stat, ret_stream, err);
	return r < 0 ? wrap(content, node, r, err) : 0;
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
	struct tree_stat stat;
	int r = stat_file(content, node, &stat, err);

	if (r == 0)
		r = open_stat(content, &stat, &stream, err);
	if (r == 0)
		r = load(stream, stat.size < most ? (size_t)stat.size : most, ret_bytes, ret_len,
			 err);
	return r < 0 ? wrap(content, node, r, err) : 0;
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
