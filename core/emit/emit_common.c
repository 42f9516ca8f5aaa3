/* What the ways of writing share: opening layers, moving bytes, one node as a tar entry. */
#include <inttypes.h>
#include <stdarg.h>
#include <string.h>
#include <time.h>

#include "base/vec.h"
#include "emit_priv.h"
#include "stream/stream_decode.h"
#include "tree/tree_iter.h"

enum { PUMP_BYTES = 1 << 18 };

unsigned emit__top(const struct emit_input *input)
{
	return (unsigned)tree_layer_count(input->preview);
}

enum compression emit__kept_compression(enum compression present)
{
	return present == COMPRESSION_BZIP2 || present == COMPRESSION_LZ4 ? COMPRESSION_GZIP
									    : present;
}

bool emit_is_rewritten(const struct emit_rewrite_count *count)
{
	return count->mended || count->replaced || count->added || count->dropped;
}

int emit__open_layer(const struct emit_input *input, unsigned layer, struct stream **ret_stream,
		     struct err *err)
{
	const struct image_layer *stored = image_layer(input->image, layer - 1);
	struct stream *file;
	int result;

	if (stored->is_missing)
		return err_set(err, ERR_NOT_FOUND, "layer %u is not in the image", layer);
	result = stream_file_open(&stored->blob.span, input->cancel, NULL, &file, err);
	if (result < 0)
		return result;
	return stream_decode_open(file, NULL, NULL, ret_stream, err);
}

int emit__pump(const struct emit_input *input, struct stream *in, uint64_t len, struct sink *out,
	       struct err *err)
{
	CLEANUP(freep) char *buffer = malloc(PUMP_BYTES);

	if (!buffer)
		return err_nomem(err);
	while (len > 0) {
		ssize_t n =
			stream_read(in, buffer, len < PUMP_BYTES ? (size_t)len : PUMP_BYTES, err);
		int result = n < 0 ? (int)n : cancel_check(input->cancel, err);

		if (result < 0)
			return result;
		if (n == 0)
			return err_set(err, ERR_FORMAT, "ends early at byte %" PRIu64,
				       in->position);
		result = sink_write(out, buffer, (size_t)n, err);
		if (result < 0)
			return result;
		progress_add(input->progress, (uint64_t)n);
		len -= (uint64_t)n;
	}
	return 0;
}

bool emit__is_planned(const struct emit_input *input, node_id node)
{
	struct tree_stat stat;

	return tree_stat(input->preview, node, emit__top(input), &stat) &&
	       (stat.flags & TREE_PLANNED);
}

int emit__node_entry(const struct emit_input *input, node_id node, struct tar_entry *ret_entry,
		     char **ret_path, struct err *err)
{
	struct tree_stat stat;
	const struct layer_extra *extra;
	char *path = tree_path_new(input->preview, node);

	if (!path || !tree_stat(input->preview, node, emit__top(input), &stat)) {
		free(path);
		return err_nomem(err);
	}
	extra = tree_extra(input->preview, &stat);
	*ret_entry = (struct tar_entry){
		.type = stat.type,
		/* Without the leading slash; the root itself is "./". */
		.path = node.v == NODE_ROOT.v ? "./" : path + 1,
		.path_len = node.v == NODE_ROOT.v ? 2 : strlen(path) - 1,
		.link = stat.type == TAR_SYMLINK ? stat.target : "",
		.link_len = stat.type == TAR_SYMLINK ? strlen(stat.target) : 0,
		.mode = stat.mode,
		.uid = stat.uid,
		.gid = stat.gid,
		.size = stat.type == TAR_FILE ? stat.size : 0,
		.stored = stat.type == TAR_FILE ? stat.size : 0,
		/* What is new or has new contents is as old as the plan's writing. */
		.mtime = stat.body || stat.layer == 0 ? input->created : stat.mtime,
		.mtime_ns = stat.body || stat.layer == 0 ? 0 : stat.mtime_ns,
		.xattrs = extra ? extra->xattrs : NULL,
		.xattr_count = extra ? extra->xattr_count : 0,
		.dev_major = extra ? extra->dev_major : 0,
		.dev_minor = extra ? extra->dev_minor : 0,
	};
	*ret_path = path;
	return 0;
}

int emit__write_node(const struct emit_input *input, struct tar_writer *tar, node_id node,
		     struct err *err)
{
	CLEANUP(freep) char *path = NULL;
	struct tar_entry entry;
	struct tree_stat stat;
	int result = emit__node_entry(input, node, &entry, &path, err);

	if (result < 0 || (result = tar_writer_entry(tar, &entry, err)) < 0)
		return result;
	if (!tree_stat(input->preview, node, emit__top(input), &stat) || !stat.body)
		return 0;
	return tar_writer_data(tar, stat.body, stat.size, err);
}

/* old: NULL where the path is new; then mkdir(2) takes setgid from the directory above. */
static bool drops_ids(const struct emit_input *input, node_id node, const struct tree_stat *old,
		      const struct tree_stat *new)
{
	struct tree_stat above = { 0 };
	uint32_t had = old ? old->mode & 06000 : 0;

	if (!old &&
	    tree_stat(input->preview, tree_parent(input->preview, node), emit__top(input), &above))
		had = above.mode & 02000;
	return new->type == TAR_DIR && (had & ~new->mode);
}

static bool is_change(const struct emit_input *input, node_id node, struct emit_change *ret_change)
{
	unsigned top = emit__top(input);
	struct tree_stat old;

	*ret_change = (struct emit_change){ .node = node };
	if (!tree_stat(input->preview, node, top, &ret_change->stat) ||
	    !(ret_change->stat.flags & TREE_PLANNED))
		return false;
	/* What becomes a link is made anew. */
	ret_change->is_new =
		!tree_stat(input->tree, node, top, &old) || old.type != ret_change->stat.type;
	ret_change->has_body = ret_change->stat.body != NULL;
	ret_change->own = ret_change->is_new || old.uid != ret_change->stat.uid ||
			  old.gid != ret_change->stat.gid;
	/* chown clears setuid and setgid. */
	ret_change->mode = ret_change->stat.type != TAR_SYMLINK &&
			   (ret_change->is_new || old.mode != ret_change->stat.mode ||
			    (ret_change->own && ret_change->stat.mode & 06000));
	ret_change->drops_ids =
		drops_ids(input, node, ret_change->is_new ? NULL : &old, &ret_change->stat);
	return true;
}

const char *emit__mode_text(const struct emit_change *change, char out[8])
{
	snprintf(out, 8, change->drops_ids ? "%05" PRIo32 : "%04" PRIo32, change->stat.mode);
	return out;
}

int emit__changes(const struct emit_input *input, struct emit_change **ret_changes,
		  size_t *ret_count, struct err *err)
{
	VEC(struct emit_change) changes = { 0 };
	struct emit_change change;
	struct tree_iter it;
	node_id node;

	tree_iter_init(&it, input->preview, NODE_ROOT, emit__top(input));
	while (tree_iter_next(&it, &node)) {
		char *path;

		if (!is_change(input, node, &change))
			continue;
		path = tree_path_new(input->preview, node);
		change.path = path ? strdup(path + 1) : NULL;
		free(path);
		if (!change.path || VEC_PUSH(&changes, change, err) < 0) {
			free(change.path);
			emit__changes_free(changes.items, changes.count);
			return err_nomem(err);
		}
	}
	*ret_changes = changes.items;
	*ret_count = changes.count;
	return 0;
}

void emit__changes_free(struct emit_change *changes, size_t count)
{
	for (size_t i = 0; i < count; i++)
		free(changes[i].path);
	free(changes);
}

int emit__removed(const struct emit_input *input, node_id **ret_nodes, struct err *err)
{
	CLEANUP(freep) struct tree_want *wants = NULL;
	unsigned top = emit__top(input);
	size_t count, used = 0;
	node_id *nodes;
	int result = plan_merge(input->plan, &wants, &count, err);

	if (result < 0)
		return result;
	nodes = calloc(count + 1, sizeof(*nodes));
	if (!nodes)
		return err_nomem(err);
	for (size_t i = 0; i < count; i++) {
		node_id node = wants[i].remove ? tree_find(input->tree, wants[i].path) : NODE_NONE;

		if (!node_is_none(node) && tree_exists(input->tree, node, top) &&
		    !tree_exists(input->preview, node, top))
			nodes[used++] = node;
	}
	nodes[used] = NODE_NONE;
	*ret_nodes = nodes;
	return 0;
}

int emit__put_printf_word(struct sink *out, const void *bytes, size_t len, struct err *err)
{
	const unsigned char *text = bytes;
	int result = sink_write(out, "'", 1, err);

	for (size_t i = 0; result == 0 && i < len; i++) {
		if (text[i] == '\n')
			result = sink_write(out, "\\n", 2, err);
		/* A leading "-" would be an option. */
		else if (text[i] < 0x20 || text[i] > 0x7e || strchr("'\\%", text[i]) ||
			 (i == 0 && text[i] == '-'))
			result = emit__printf(out, err, "\\%03o", text[i]);
		else
			result = sink_write(out, &text[i], 1, err);
	}
	return result < 0 ? result : sink_write(out, "'", 1, err);
}

int emit__printf(struct sink *out, struct err *err, const char *format, ...)
{
	CLEANUP(freep) char *text = NULL;
	va_list args;
	int len;

	va_start(args, format);
	len = vasprintf(&text, format, args);
	va_end(args);
	if (len < 0) {
		text = NULL;
		return err_nomem(err);
	}
	return sink_write(out, text, (size_t)len, err);
}

void emit__time_text(int64_t seconds, char out[32])
{
	time_t when = (time_t)seconds;
	struct tm parts;

	if (!gmtime_r(&when, &parts) || strftime(out, 32, "%Y-%m-%dT%H:%M:%SZ", &parts) == 0)
		memcpy(out, "1970-01-01T00:00:00Z", 21);
}

enum { RULES_NAMED = 40 };

static bool is_in(const char *const *list, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++) {
		if (strcmp(list[i], name) == 0)
			return true;
	}
	return false;
}

char *emit__history_text(const struct plan *plan)
{
	CLEANUP(freep) char *text = NULL;
	const char *rules[RULES_NAMED];
	size_t count = 0, len;
	FILE *out = open_memstream(&text, &len);

	if (!out)
		return NULL;
	fputs("imgtui:", out);
	for (size_t i = 0; i < plan_step_count(plan) && count < RULES_NAMED; i++) {
		const struct plan_step step = plan_step(plan, i);
		const char *rule = step.rule_id;

		/* Packages come with a build alone. */
		if (!*rule || step.packages_count || is_in(rules, count, rule))
			continue;
		fprintf(out, "%s %s", count ? "," : "", rule);
		rules[count++] = rule;
	}
	if (count == 0)
		fputs(" plan", out);
	if (fclose(out) != 0)
		return NULL;
	return STEAL(text);
}
