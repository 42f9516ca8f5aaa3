/*
 * Writes what a plan wants: a whole image by rewriting or by appending, the
 * patched layer alone, a script, a Dockerfile. Decides nothing: the same input
 * gives the same bytes.
 */
#ifndef EMIT_EMIT_H
#define EMIT_EMIT_H

#include "base/cancel.h"
#include "base/progress.h"
#include "content/content.h"
#include "emit/layout_update.h"
#include "image/image.h"
#include "plan/plan.h"
#include "stream/sink.h"

enum emit_mode { EMIT_REWRITE, EMIT_APPEND };

/* What is written from; all borrowed. */
struct emit_input {
	const struct image *image;
	const struct tree *tree;     /* of the image */
	const struct plan *plan;     /* of that tree */
	const struct tree *preview;  /* of that plan: plan_preview() */
	const struct config *config; /* of that plan */
	int64_t created;             /* seconds since 1970, for history and new files */
	uint64_t layer_limit;        /* bytes of an appended layer (uncompressed); 0: any */
	const struct cancel *cancel; /* NULL: never */
	struct progress *progress;   /* NULL; counts bytes written */
};

/*
 * A new layer for the top, uncompressed: explicit headers of all parents
 * with their merged attributes, all names of a hard link, contents repeated,
 * xattrs carried, holes filled. Folders come first, then bodies layer by layer, so
 * that each compressed layer is decoded once. part: from 0, of emit_append_count().
 * ERR_IO, ERR_FORMAT, ERR_UNSUPPORTED, ERR_CANCELLED, ERR_NOMEM.
 */
int emit_append_layer(const struct emit_input *input, size_t part, struct sink *out,
		      struct err *err);

/*
 * How many layers appending makes: 1, or so many that each is below the limit.
 * A file above it is alone in its layer, and a note (PROBLEM_TOO_LARGE) in
 * 'notes', which may be NULL. ERR_NOMEM.
 */
int emit_append_count(const struct emit_input *input, struct problem_list *notes,
		      size_t *ret_count, struct err *err);

/* The bytes of those layers together, without reading contents. ERR_NOMEM. */
int emit_append_size(const struct emit_input *input, uint64_t *ret_bytes, struct err *err);

/* What rewriting does to one layer position, counted from 1. */
struct emit_rewrite_count {
	size_t mended;   /* headers whose owner or mode changes */
	size_t replaced; /* entries with new contents */
	size_t added;    /* new entries */
	size_t dropped;  /* entries that are left out */
	int64_t growth;  /* bytes of the decoded layer; a pax record of a longer number is not counted */
};
int emit_rewrite_count(const struct emit_input *input, unsigned layer,
		       struct emit_rewrite_count *ret_count, struct err *err);

/* Whether rewriting changes the layer at all. */
bool emit_is_rewritten(const struct emit_rewrite_count *count);

/*
 * The decoded bytes of one layer position as the plan wants them: mended
 * headers differ in uid, gid, mode and checksum, all other bytes stay; edited
 * files replace their entry; what the plan removes has no entry in any layer; what is new follows
 * the last entry of the top layer. An eStargz layer loses its table of contents,
 * which would lie. Errors as emit_append_layer().
 */
int emit_rewritten_layer(const struct emit_input *input, unsigned layer, struct sink *out,
			 struct err *err);

/* The table of contents of an eStargz layer, a file in the root. */
#define EMIT_CONTENTS_NAME "stargz.index.json"

struct emit_image_options {
	enum emit_mode mode;
	enum source_format format;
	const char *tag; /* NULL: the image's own */
	const enum compression *recompress; /* for all layers; NULL: each stays as it is */
	struct problem_list *notes; /* NULL; what the output does not carry, PROBLEM_LEFT_OUT, and
				       PROBLEM_TOO_LARGE */
	struct layout_update *update; /* NULL: a new image; else it is added to that layout, and
				       index.json keeps all that it has. The image's own entry stays,
				       without its name, which goes over to the new one */
	struct digest *manifest;    /* NULL; set to that of the written manifest, of OCI's formats */
	bool *contents_left_out;    /* NULL; set where a layer lost its table of contents, so that
				       what EMIT_CONTENTS_NAME shows is not as planned */
	/* NULL; called for each uncompressed layer of an archive when it is complete: its bytes can
	 * be read in the output, and are not written again */
	void (*placed)(void *context, const struct stream_span *span);
	void *context;
};

/*
 * The whole image. An archive goes to 'fd' from its beginning, an OCI layout
 * into the folder 'fd'. Untouched layers are copied bit for bit; a changed one
 * keeps its compression, where nothing else is asked for.
 * Errors as emit_append_layer(); ERR_INVALID: an update, and the image has no
 * name in index.json that could go over.
 */
int emit_image(const struct emit_input *input, const struct emit_image_options *options, int fd,
	       struct err *err);

/*
 * Several images of one OCI source, as its platforms, in one OCI archive or
 * layout: index.json and the indexes below it are as they were, but for digests
 * and for what is not written. An image without a plan is copied as it is, where
 * its layers are not compressed anew. One set of options for each image, alike but
 * for what is returned. 'update' is not for it.
 * Errors as emit_image(); ERR_INVALID: a tag, and index.json has several entries.
 */
int emit_images(const struct emit_input *inputs, const struct emit_image_options *options,
		size_t count, int fd, struct err *err);

/*
 * A POSIX sh script that makes the plan's changes in an unpacked root folder,
 * given as its argument: numeric owners, no -R, links refused, any file name.
 * Config changes are comments. ERR_IO, ERR_UNSUPPORTED, ERR_NOMEM.
 */
int emit_script(const struct emit_input *input, struct sink *out, struct err *err);

/*
 * A Dockerfile on top of 'base' (an image reference; NULL: of what the build
 * argument IMAGE says). ret_bytes, which may be
 * NULL: what the layers of its instructions add, but for packages. Errors as emit_script().
 */
int emit_dockerfile(const struct emit_input *input, const char *base, struct sink *out,
		    uint64_t *ret_bytes, struct err *err);

#endif
