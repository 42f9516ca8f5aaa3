/*
 * The images of an index.json. Nested indexes are flattened in their order by
 * a stack of descriptors; depth and number are limited. What is no image
 * (attestations, signatures, other artifacts) is listed and marked.
 */
#include <string.h>

#include "core/source/source_priv.h"

struct pending {
	struct descriptor descriptor;
	unsigned depth;
	const char *tag; /* of the index above; NULL: none */
};

struct walk {
	struct source *source;
	struct image_list *list;
	struct problem_list *problems;
	VEC(struct pending) stack; /* next one last */
	uint64_t seen;
	uint64_t bytes; /* of the documents that were looked into */
};

static void walk_done(struct walk *walk)
{
	VEC_DONE(&walk->stack);
}

/* Children go to the stack in reverse, so that they come off it in their order. */
static int index_push(struct walk *walk, const struct manifest *index, unsigned depth,
		      const char *tag, struct err *err)
{
	walk->seen += index->count;
	if (limits_check(depth, walk->source->limits.index_depth, "nested indexes", err) < 0 ||
	    limits_check(walk->seen, walk->source->limits.images, "images of the indexes", err) < 0)
		return -ERR_LIMIT;
	for (size_t i = index->count; i > 0; i--) {
		const struct pending pending = {
			.descriptor = index->manifests[i - 1],
			.depth = depth,
			.tag = tag,
		};

		if (VEC_PUSH(&walk->stack, pending, err) < 0)
			return -ERR_NOMEM;
	}
	return 0;
}

static int image_add(struct walk *walk, const struct pending *pending, bool is_image,
		     struct err *err)
{
	const char **tags = arena_alloc(&walk->source->arena, 3 * sizeof(*tags));
	const char *own = pending->descriptor.ref_name;
	size_t count = 0;

	if (!tags)
		return err_nomem(err);
	if (own)
		tags[count++] = own;
	if (pending->tag && (!own || strcmp(own, pending->tag) != 0))
		tags[count++] = pending->tag;
	const struct source_image image = {
		.tags = tags,
		.platform = pending->descriptor.platform,
		.is_attestation = !is_image,
		.manifest = pending->descriptor,
	};

	return VEC_PUSH(&walk->list->images, image, err);
}

/* Take the index into the list, which keeps it: descriptors borrow from its JSON. */
static int index_take(struct walk *walk, struct manifest *index, unsigned depth, const char *tag,
		      struct err *err)
{
	int r = index_push(walk, index, depth, tag, err);

	if (r < 0 || VEC_PUSH(&walk->list->indexes, *index, err) < 0) {
		manifest_done(index);
		return r < 0 ? r : -ERR_NOMEM;
	}
	*index = (struct manifest){ 0 };
	return 0;
}

/* An index whose blob is not there: its images cannot even be listed. */
static int absent_visit(struct walk *walk, const struct pending *pending, struct err *err)
{
	const struct media_type *type = media_type_find(pending->descriptor.media_type);
	char text[DIGEST_TEXT];

	if (!type || type->kind != MEDIA_INDEX)
		return image_add(walk, pending, true, err);
	problem_add(walk->problems, PROBLEM_MISSING_BLOB, PROBLEM_NOWHERE, "index %s is missing",
		    digest_text(&pending->descriptor.digest, text));
	return 0;
}

/* So much has been read that a document is taken for what its descriptor says. */
static int unseen_visit(struct walk *walk, const struct pending *pending, struct err *err)
{
	const struct media_type *type = media_type_find(pending->descriptor.media_type);

	if (type && type->kind == MEDIA_INDEX)
		return limits_check(walk->bytes, walk->source->limits.json_bytes,
				    "bytes of all indexes", err);
	return image_add(walk, pending, type && type->kind == MEDIA_MANIFEST, err);
}

/*
 * Look into the document: its members tell what it is, whatever the descriptor
 * claims. One that cannot be read is listed, and opening it tells why.
 */
static int pending_visit(struct walk *walk, const struct pending *pending, struct err *err)
{
	CLEANUP(freep) char *bytes = NULL;
	CLEANUP(manifest_done) struct manifest manifest = { 0 };
	struct err why = { 0 };
	char text[DIGEST_TEXT];
	size_t len;
	bool good;

	if (pending->descriptor.is_attestation)
		return image_add(walk, pending, false, err);
	if (walk->bytes > walk->source->limits.json_bytes)
		return unseen_visit(walk, pending, err);
	int r = source__described(walk->source, &pending->descriptor, &bytes, &len, &good, &why);

	if (r == -ERR_NOT_FOUND)
		return absent_visit(walk, pending, err);
	if (r == 0) {
		walk->bytes += len;
		r = manifest_parse(bytes, len, "manifest", &walk->source->limits, NULL, &manifest,
				   &why);
	}
	if (r == -ERR_NOMEM)
		return err_nomem(err);
	if (r < 0 || manifest.kind == MANIFEST_IMAGE)
		return image_add(walk, pending, r != -ERR_UNSUPPORTED, err);
	if (!good)
		problem_add(walk->problems, PROBLEM_DIGEST_MISMATCH, PROBLEM_NOWHERE,
			    "index %s: its bytes have another digest or size",
			    digest_text(&pending->descriptor.digest, text));
	const char *tag =
		pending->descriptor.ref_name ? pending->descriptor.ref_name : pending->tag;

	return index_take(walk, &manifest, pending->depth + 1, tag, err);
}

static int top_read(struct walk *walk, struct err *err)
{
	CLEANUP(freep) char *bytes = NULL;
	CLEANUP(manifest_done) struct manifest index = { 0 };
	size_t len;
	int r = source__document(walk->source, walk->source->index, &bytes, &len, err);

	if (r < 0)
		return r;
	r = manifest_parse(bytes, len, "index.json", &walk->source->limits, walk->problems, &index,
			   err);
	if (r < 0)
		return r;
	if (index.kind != MANIFEST_INDEX)
		return err_set(err, ERR_FORMAT, "index.json: is a manifest and no index");
	return index_take(walk, &index, 1, NULL, err);
}

int oci_index__read(struct source *source, struct image_list *list, struct problem_list *problems,
		    struct err *err)
{
	CLEANUP(walk_done)
	struct walk walk = { .source = source, .list = list, .problems = problems };
	int r = top_read(&walk, err);

	while (r == 0 && walk.stack.count > 0) {
		const struct pending pending = walk.stack.items[--walk.stack.count];

		r = pending_visit(&walk, &pending, err);
	}
	return r;
}

void image_list__done(struct image_list *list)
{
	for (size_t i = 0; i < list->indexes.count; i++)
		manifest_done(&list->indexes.items[i]);
	VEC_DONE(&list->indexes);
	VEC_DONE(&list->images);
}
