/*
 * Builds the index of one layer in one pass over its decoded bytes. Entries
 * lie in one array in the order of the tar; all strings lie in one pool.
 *
 * Invariant: an entry of kind ENTRY_IGNORED changes no tree; AUFS metadata
 * keeps its full path as 'link', because hard links may point at it.
 */
#include "layer/layer_index.h"

#include <string.h>

#include "base/io.h"
#include "base/keyed_hash.h"
#include "core/layer/layer_priv.h"
#include "stream/stream_decode.h"
#include "stream/stream_hash.h"
#include "stream/stream_limit.h"
#include "tar/tar_reader.h"

/* The streams of a layer; 'top' owns the others. The hashes are NULL for an uncompressed one. */
struct chain {
	struct stream *top, *blob_hash, *plain_hash;
};

/* ---- Streams ---- */

/* A header decides before magic bytes do: a tar may begin with a name that looks like gzip. */
static int sniff(const struct stream_span *span, enum compression *ret_compression, struct err *err)
{
	unsigned char block[TAR_BLOCK];
	size_t len = span->length < sizeof(block) ? (size_t)span->length : sizeof(block);
	int64_t got = io_pread(span->fd, block, len, span->offset, err);

	if (got < 0)
		return (int)got;
	if (got == TAR_BLOCK && tar_is_header(block))
		*ret_compression = COMPRESSION_NONE;
	else
		*ret_compression = compression_sniff(block, (size_t)got);
	return 0;
}

static int open_decoder(struct layer_build *build, struct chain *chain, struct err *err)
{
	struct layer_index *index = build->index;
	int r = stream_hash_open(STEAL(chain->top), HASH_SHA256, &chain->top, err);

	if (r < 0)
		return r;
	chain->blob_hash = chain->top;
	r = stream_decode_open(STEAL(chain->top), &index->problems, &index->compression,
			       &chain->top, err);
	if (r < 0)
		return r;
	r = stream_hash_open(STEAL(chain->top), HASH_SHA256, &chain->top, err);
	if (r < 0)
		return r;
	chain->plain_hash = chain->top;
	return stream_limit_open(STEAL(chain->top), index->stored, build->limits, &chain->top, err);
}

static int open_chain(struct layer_build *build, const struct stream_span *span,
		      const struct layer_options *options, struct chain *chain, struct err *err)
{
	int r = sniff(span, &build->index->compression, err);

	if (r < 0)
		return r;
	r = stream_file_open(span, options->cancel, options->progress, &chain->top, err);
	if (r < 0)
		return r;
	if (build->index->compression != COMPRESSION_NONE)
		return open_decoder(build, chain, err);
	return limits_check(span->length, build->limits->layer_bytes, "bytes of a layer", err);
}

/* ---- Entries ---- */

static int read_entries(struct layer_build *build, struct err *err)
{
	const struct tar_entry *tar;
	int more;

	while ((more = tar_reader_next(build->reader, &tar, err)) > 0) {
		more = layer__add_entry(build, tar, err);
		if (more < 0)
			return more;
	}
	return more;
}

static void note_duplicate(struct layer_index *index, struct layer_entry *earlier,
			   const struct layer_entry *later)
{
	const char *folder = layer_string(index, later->folder);

	if (later->kind != ENTRY_NODE) {
		problem_add(&index->problems, PROBLEM_ENGINES_DISAGREE, later->header_offset,
			    "'%s%s%s': its whiteout is there twice: umoci takes it, podman refuses "
			    "the image",
			    folder, *folder ? "/" : "", layer_string(index, later->name));
		return;
	}
	earlier->flags |= ENTRY_DUPLICATE;
	problem_add(&index->problems, PROBLEM_DUPLICATE_PATH, later->header_offset,
		    "'%s%s%s' is there twice; the last one counts", folder, *folder ? "/" : "",
		    layer_string(index, later->name));
}

/* Put entry 'i' into the set of paths; an equal one there is an earlier duplicate. */
static void mark_earlier(struct layer_index *index, uint32_t *slots, size_t mask, uint64_t key,
			 size_t i)
{
	const struct layer_entry *entry = &index->entries.items[i];
	uint64_t hash =
		((((uint64_t)entry->folder.v << 32) | entry->name.v) + entry->kind) * (key | 1);

	for (size_t slot = (hash ^ hash >> 29) & mask;; slot = (slot + 1) & mask) {
		if (slots[slot]) {
			struct layer_entry *there = &index->entries.items[slots[slot] - 1];

			if (there->folder.v != entry->folder.v || there->name.v != entry->name.v ||
			    there->kind != entry->kind)
				continue;
			note_duplicate(index, there, entry);
		}
		slots[slot] = (uint32_t)i + 1;
		return;
	}
}

static int mark_duplicates(struct layer_index *index, struct err *err)
{
	CLEANUP(freep) uint32_t *slots = NULL;
	uint64_t key = hash_key_new().k0;
	size_t room = 16;

	while (room < index->entries.count * 2)
		room *= 2;
	slots = calloc(room, sizeof(*slots));
	if (!slots)
		return err_nomem(err);
	for (size_t i = 0; i < index->entries.count; i++)
		if (index->entries.items[i].kind != ENTRY_IGNORED)
			mark_earlier(index, slots, room - 1, key, i);
	return 0;
}

/* Give back what the growing arrays have to spare. */
static void seal(struct layer_index *index)
{
	size_t bytes = index->entries.count * sizeof(*index->entries.items);
	void *fitted = bytes ? realloc(index->entries.items, bytes) : NULL;

	if (fitted) {
		index->entries.items = fitted;
		index->entries.room = index->entries.count;
	}
	strpool_seal_for_reading(index->strings);
}

/* ---- Building ---- */

/* Damage in the midst of a layer: what was read stays, as with a damaged tar. */
static int survive(struct layer_index *index, int r, struct err *err)
{
	if (r != -ERR_FORMAT || index->entries.count == 0)
		return r;
	problem_add(&index->problems, PROBLEM_TRUNCATED, PROBLEM_NOWHERE, "%s", err->text);
	err_clear(err);
	return 1;
}

static int finish(struct layer_index *index, const struct chain *chain, struct tar_reader *reader,
		  struct err *err)
{
	int r = survive(index, tar_reader_drain(reader, err), err);

	if (r < 0)
		return r;
	index->decoded = chain->top->position;
	/* The reader may have taken a failure as the end: then not all bytes were seen. */
	if (r == 0 && chain->blob_hash && chain->top->failed.code == ERR_NONE &&
	    chain->blob_hash->position == index->stored) {
		stream_hash_value(chain->blob_hash, index->blob);
		stream_hash_value(chain->plain_hash, index->plain);
		index->is_hashed = true;
	}
	return 0;
}

static int read_chain(struct layer_build *build, const struct chain *chain,
		      const struct layer_options *options, struct err *err)
{
	CLEANUP(tar_reader_freep) struct tar_reader *reader = NULL;
	struct layer_index *index = build->index;
	const struct tar_reader_options reader_options = {
		.limits = build->limits,
		.cancel = options->cancel,
		.problems = &index->problems,
	};
	int r = tar_reader_new(chain->top, &reader_options, &reader, err);

	if (r < 0)
		return r;
	build->reader = reader;
	r = survive(index, read_entries(build, err), err);
	if (r < 0)
		return r == -ERR_FORMAT ? err_wrap(err, "no tar archive") : r;
	if (r > 0) {
		index->decoded = chain->top->position;
		return 0;
	}
	return finish(index, chain, reader, err);
}

int layer_index_build(const struct stream_span *span, const struct layer_options *options,
		      struct layer_index **ret_index, struct err *err)
{
	static const struct layer_options DEFAULTS;
	CLEANUP(layer_index_freep) struct layer_index *index = calloc(1, sizeof(*index));
	struct layer_build build = { .index = index };
	struct chain chain = { 0 };
	struct err own = { 0 };

	if (!options)
		options = &DEFAULTS;
	if (!err)
		err = &own;
	if (!index || !(index->strings = strpool_new()))
		return err_nomem(err);
	build.limits = options->limits ? options->limits : limits_default();
	build.keep = options->keep;
	index->stored = span->length;
	index->string_end = 1;

	int r = open_chain(&build, span, options, &chain, err);

	if (r == 0)
		r = read_chain(&build, &chain, options, err);
	if (r == 0)
		r = mark_duplicates(index, err);
	stream_close(chain.top);
	VEC_DONE(&build.path);
	VEC_DONE(&build.link);
	if (r < 0)
		return r;
	seal(index);
	*ret_index = STEAL(index);
	return 0;
}

void layer_index_free(struct layer_index *index)
{
	if (!index)
		return;
	VEC_DONE(&index->entries);
	VEC_DONE(&index->extras);
	strpool_free(index->strings);
	arena_done(&index->arena);
	problem_list_done(&index->problems);
	free(index);
}

void layer_index_freep(struct layer_index **index)
{
	layer_index_free(*index);
}

/* ---- What is in it ---- */

size_t layer_entry_count(const struct layer_index *index)
{
	return index->entries.count;
}

const struct layer_entry *layer_entry(const struct layer_index *index, size_t i)
{
	return &index->entries.items[i];
}

const char *layer_string(const struct layer_index *index, str_id id)
{
	return strpool_get(index->strings, id);
}

uint32_t layer_string_end(const struct layer_index *index)
{
	return index->string_end;
}

const struct layer_extra *layer_entry_extra(const struct layer_index *index,
					    const struct layer_entry *entry)
{
	return entry->flags & ENTRY_HAS_EXTRA ? &index->extras.items[entry->extra] : NULL;
}

const struct tar_xattr *layer_extra_xattr(const struct layer_extra *extra, const char *name)
{
	for (size_t i = 0; extra && i < extra->xattr_count; i++) {
		if (!strcmp(extra->xattrs[i].name, name))
			return &extra->xattrs[i];
	}
	return NULL;
}

enum compression layer_compression(const struct layer_index *index)
{
	return index->compression;
}

uint64_t layer_decoded_size(const struct layer_index *index)
{
	return index->decoded;
}

uint64_t layer_stored_size(const struct layer_index *index)
{
	return index->stored;
}

uint64_t layer_end_offset(const struct layer_index *index)
{
	return index->end < index->decoded ? index->end : index->decoded;
}

const struct problem_list *layer_problems(const struct layer_index *index)
{
	return &index->problems;
}

size_t layer_memory(const struct layer_index *index)
{
	return sizeof(*index) + index->entries.room * sizeof(*index->entries.items) +
	       index->extras.room * sizeof(*index->extras.items) + strpool_memory(index->strings) +
	       index->arena_bytes;
}

bool layer_hashes(const struct layer_index *index, unsigned char *ret_blob,
		  unsigned char *ret_plain)
{
	if (!index->is_hashed)
		return false;
	memcpy(ret_blob, index->blob, sizeof(index->blob));
	memcpy(ret_plain, index->plain, sizeof(index->plain));
	return true;
}
