/* A layer with some of its headers mended: the edits of rewrite_edits.c, in the order of the tar. */
#include <inttypes.h>
#include <string.h>

#include "rewrite_edits.h"
#include "tar/tar_edit.h"

/* Bytes that an entry takes in its layer: headers, data, padding. */
static uint64_t entry_bytes(const struct rewrite *rewrite, const struct edit *edit)
{
	const struct layer_entry *entry = layer_entry(rewrite->index, edit->entry);
	const struct layer_extra *extra = layer_entry_extra(rewrite->index, entry);
	uint64_t stored = extra ? extra->stored : entry->size;

	return entry->header_len + (stored + TAR_BLOCK - 1) / TAR_BLOCK * TAR_BLOCK;
}

/* The path of an entry. Free with free(); NULL: out of memory. */
static char *entry_path(const struct layer_index *index, const struct layer_entry *entry)
{
	const char *folder = layer_string(index, entry->folder);
	char *path;

	if (asprintf(&path, "%s%s%s", folder, *folder ? "/" : "",
		     layer_string(index, entry->name)) < 0)
		return NULL;
	return path;
}

/* What takes the place of an entry; the name stays. Free *ret_path when it is written. */
static int replacement_entry(const struct rewrite *rewrite, const struct edit *edit,
			     struct tar_entry *ret_entry, char **ret_path, struct err *err)
{
	CLEANUP(freep)
	char *name = entry_path(rewrite->index, layer_entry(rewrite->index, edit->entry));
	CLEANUP(freep) char *path = NULL;
	int result;

	if (!name)
		return err_nomem(err);
	result = emit__node_entry(rewrite->input, edit->node, ret_entry, &path, err);
	if (result < 0)
		return result;
	ret_entry->path = name;
	ret_entry->path_len = strlen(name);
	*ret_path = STEAL(name);
	return 0;
}

static int count_edit(const struct rewrite *rewrite, const struct edit *edit,
		      struct emit_rewrite_count *count, struct err *err)
{
	CLEANUP(freep) char *path = NULL;
	struct tar_entry entry;
	int result;

	switch (edit->kind) {
	case EDIT_MEND:
		count->mended++;
		return 0;
	case EDIT_DROP:
		count->dropped++;
		count->growth -= (int64_t)entry_bytes(rewrite, edit);
		return 0;
	case EDIT_REPLACE:
		break;
	}
	if ((result = replacement_entry(rewrite, edit, &entry, &path, err)) < 0)
		return result;
	count->replaced++;
	count->growth += (int64_t)tar_writer_cost(&entry) - (int64_t)entry_bytes(rewrite, edit);
	return 0;
}

static int count_added(const struct rewrite *rewrite, struct emit_rewrite_count *count,
		       struct err *err)
{
	int result = 0;

	for (size_t i = 0; result == 0 && i < rewrite->added.count; i++) {
		CLEANUP(freep) char *path = NULL;
		struct tar_entry entry;

		result = emit__node_entry(rewrite->input, rewrite->added.items[i], &entry, &path,
					  err);
		if (result == 0)
			count->growth += (int64_t)tar_writer_cost(&entry);
	}
	count->added = rewrite->added.count;
	return result;
}

int emit_rewrite_count(const struct emit_input *input, unsigned layer,
		       struct emit_rewrite_count *ret_count, struct err *err)
{
	CLEANUP(emit__rewrite_done) struct rewrite rewrite = { .input = input, .layer = layer };
	struct emit_rewrite_count count = { 0 };
	int result = emit__rewrite_prepare(&rewrite, err);

	for (size_t i = 0; result == 0 && i < rewrite.edits.count; i++)
		result = count_edit(&rewrite, &rewrite.edits.items[i], &count, err);
	if (result == 0)
		result = count_added(&rewrite, &count, err);
	if (result < 0)
		return result;
	if (emit_is_rewritten(&count))
		count.growth -= (int64_t)(layer_decoded_size(rewrite.index) -
					  emit__contents_end(input, layer));
	*ret_count = count;
	return 0;
}

/* The header blocks at the stream's place, with the plan's owner and mode. */
static int mend_header(const struct rewrite *rewrite, struct stream *in, const struct edit *edit,
		       struct sink *out, struct err *err)
{
	const struct layer_entry *entry = layer_entry(rewrite->index, edit->entry);
	CLEANUP(freep) unsigned char *blocks = malloc(entry->header_len);
	CLEANUP(freep) unsigned char *mended = NULL;
	struct tar_change change = { .set_mode = true, .set_uid = true, .set_gid = true };
	struct tree_stat stat;
	size_t mended_len;
	ssize_t n;
	int result;

	if (!blocks)
		return err_nomem(err);
	n = stream_read(in, blocks, entry->header_len, err);
	if (n < 0)
		return (int)n;
	if ((size_t)n != entry->header_len)
		return err_set(err, ERR_FORMAT, "ends early at byte %" PRIu64, in->position);
	progress_add(rewrite->input->progress, entry->header_len);
	tree_stat(rewrite->input->preview, edit->node, emit__top(rewrite->input), &stat);
	change.mode = stat.mode;
	change.uid = (uint32_t)stat.uid;
	change.gid = (uint32_t)stat.gid;
	/* A number that no system has stays as it is. */
	change.set_uid = stat.uid == change.uid;
	change.set_gid = stat.gid == change.gid;
	result = tar_edit(blocks, entry->header_len, &change, &mended, &mended_len, err);
	return result < 0 ? result : sink_write(out, mended, mended_len, err);
}

/* Past the header and body at the stream's place. */
static int skip_entry(const struct rewrite *rewrite, struct stream *in, const struct edit *edit,
		      struct err *err)
{
	uint64_t bytes = entry_bytes(rewrite, edit);

	progress_add(rewrite->input->progress, bytes);
	return stream_skip(in, bytes, err);
}

/* Another header and body instead of the ones at the stream's place. */
static int replace_entry(const struct rewrite *rewrite, struct stream *in, const struct edit *edit,
			 struct sink *out, struct err *err)
{
	CLEANUP(tar_writer_freep) struct tar_writer *tar = NULL;
	CLEANUP(freep) char *path = NULL;
	struct tar_entry entry;
	struct tree_stat stat;
	int result;

	if ((result = skip_entry(rewrite, in, edit, err)) < 0 ||
	    (result = tar_writer_new(out, &tar, err)) < 0 ||
	    (result = replacement_entry(rewrite, edit, &entry, &path, err)) < 0)
		return result;
	tree_stat(rewrite->input->preview, edit->node, emit__top(rewrite->input), &stat);
	if ((result = tar_writer_entry(tar, &entry, err)) < 0 || !stat.body)
		return result;
	return tar_writer_data(tar, stat.body, stat.size, err);
}

static int write_added(const struct rewrite *rewrite, struct sink *out, struct err *err)
{
	CLEANUP(tar_writer_freep) struct tar_writer *tar = NULL;
	int result = tar_writer_new(out, &tar, err);

	for (size_t i = 0; result >= 0 && i < rewrite->added.count; i++)
		result = emit__write_node(rewrite->input, tar, rewrite->added.items[i], err);
	return result;
}

/* From the last entry's end on: what is added, then the end of the archive as it was. */
static int write_end(const struct rewrite *rewrite, struct stream *in, struct sink *out,
		     struct err *err)
{
	uint64_t end = layer_end_offset(rewrite->index);
	int result = emit__pump(rewrite->input, in, end - in->position, out, err);

	if (result >= 0 && rewrite->added.count)
		result = write_added(rewrite, out, err);
	if (result < 0)
		return result;
	return emit__pump(rewrite->input, in, emit__contents_end(rewrite->input, rewrite->layer) - end,
			  out, err);
}

static int rewrite_layer(const struct rewrite *options, struct sink *out, struct err *err)
{
	const struct emit_input *input = options->input;
	unsigned layer = options->layer;
	CLEANUP(emit__rewrite_done) struct rewrite rewrite = *options;
	CLEANUP(stream_closep) struct stream *in = NULL;
	int result = emit__rewrite_prepare(&rewrite, err);

	if (result == 0 && !rewrite.index)
		result = err_set(err, ERR_NOT_FOUND, "layer %u cannot be read", layer);
	if (result < 0 || (result = emit__open_layer(input, layer, &in, err)) < 0)
		return result;
	for (size_t i = 0; result >= 0 && i < rewrite.edits.count; i++) {
		const struct edit *edit = &rewrite.edits.items[i];
		const struct layer_entry *entry = layer_entry(rewrite.index, edit->entry);

		result = emit__pump(input, in, entry->header_offset - in->position, out, err);
		if (result < 0)
			break;
		result = edit->kind == EDIT_MEND   ? mend_header(&rewrite, in, edit, out, err)
			 : edit->kind == EDIT_DROP ? skip_entry(&rewrite, in, edit, err)
						   : replace_entry(&rewrite, in, edit, out, err);
	}
	if (result >= 0)
		result = write_end(&rewrite, in, out, err);
	return result < 0 ? err_wrap(err, "layer %u", layer), result : 0;
}

int emit_rewritten_layer(const struct emit_input *input, unsigned layer, struct sink *out,
			 struct err *err)
{
	return rewrite_layer(&(struct rewrite){ .input = input, .layer = layer }, out, err);
}

int emit__plain_layer(const struct emit_input *input, unsigned layer, struct sink *out,
		      struct err *err)
{
	const struct rewrite plain = { .input = input, .layer = layer, .as_it_is = true };

	return rewrite_layer(&plain, out, err);
}
