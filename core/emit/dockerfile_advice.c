/*
 * What COPY and ADD lines of the image's own Dockerfile could have said, by its
 * history: --chown where all that the plan changes in a layer gets one owner,
 * --chmod where the line brought a single file, since it is given to folders too.
 */
#include <inttypes.h>
#include <string.h>

#include "base/text.h"
#include "dockerfile_priv.h"

/* What the plan changes in one layer. */
struct advice {
	size_t owned, moded;     /* paths */
	size_t files;            /* of the layer */
	int64_t uid, gid;        /* of the first */
	uint32_t mode;           /* of the first */
	bool owners_differ;
};

static void note_change(const struct emit_change *change, struct advice *advice)
{
	const struct tree_stat *stat = &change->stat;

	if (change->own && advice->owned++ == 0) {
		advice->uid = stat->uid;
		advice->gid = stat->gid;
	}
	if (change->own && (stat->uid != advice->uid || stat->gid != advice->gid))
		advice->owners_differ = true;
	if (change->mode && stat->type == TAR_FILE && advice->moded++ == 0)
		advice->mode = stat->mode;
}

static size_t count_files(const struct layer_index *index)
{
	size_t files = 0;

	for (size_t i = 0; index && i < layer_entry_count(index); i++) {
		const struct layer_entry *entry = layer_entry(index, i);

		files += entry->kind == ENTRY_NODE && entry->type == TAR_FILE;
	}
	return files;
}

static bool brings_files(const char *instruction)
{
	return strncmp(instruction, "COPY ", 5) == 0 || strncmp(instruction, "ADD ", 4) == 0;
}

static int put_advice(const struct advice *advice, unsigned layer, const char *instruction,
		      struct sink *out, struct err *err)
{
	char shown[200], owner[64] = "", mode[32] = "";

	if (advice->owned && !advice->owners_differ)
		snprintf(owner, sizeof(owner), " --chown=%" PRId64 ":%" PRId64, advice->uid,
			 advice->gid);
	if (advice->moded == 1 && advice->files == 1)
		snprintf(mode, sizeof(mode), " --chmod=%04" PRIo32, advice->mode);
	if (!*owner && !*mode)
		return 0;
	text_visible(shown, sizeof(shown), instruction, strlen(instruction), TEXT_ASCII);
	return emit__printf(out, err, "#   layer %u: add%s%s to  %s\n", layer, owner, mode, shown);
}

static int put_all(const struct emit_input *input, struct advice *advice, struct sink *out,
		   struct err *err)
{
	CLEANUP(sink_closep) struct sink *lines = NULL;
	const void *text;
	size_t len;
	int result = sink_memory_open(&lines, err);

	for (unsigned layer = 1; result == 0 && layer <= emit__top(input); layer++) {
		const char *instruction = image_layer(input->image, layer - 1)->created_by;

		if (!brings_files(instruction) || !(advice[layer].owned + advice[layer].moded))
			continue;
		advice[layer].files = count_files(tree_layer(input->tree, layer));
		result = put_advice(&advice[layer], layer, instruction, lines, err);
	}
	if (result < 0 || (result = sink_finish(lines, err)) < 0)
		return result;
	text = sink_memory_bytes(lines, &len);
	if (len == 0)
		return 0;
	result = emit__printf(out, err,
			      "# Some of this costs nothing in the Dockerfile that built the image:\n");
	return result < 0 ? result : sink_write(out, text, len, err);
}

int emit__dockerfile_advice(const struct emit_input *input, const struct emit_change *changes,
			    size_t count, struct sink *out, struct err *err)
{
	unsigned top = emit__top(input);
	CLEANUP(freep) struct advice *advice = calloc((size_t)top + 1, sizeof(*advice));

	if (!advice)
		return err_nomem(err);
	for (size_t i = 0; i < count; i++) {
		struct tree_stat old;

		if (!changes[i].is_new && !changes[i].has_body &&
		    tree_stat(input->tree, changes[i].node, top, &old))
			note_change(&changes[i], &advice[old.head_layer]);
	}
	return put_all(input, advice, out, err);
}
