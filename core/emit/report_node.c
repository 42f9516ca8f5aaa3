/* One path of "ls", as a line or as an object. */
#include <inttypes.h>
#include <string.h>

#include "access/attributes.h"
#include "base/json.h"
#include "report_priv.h"

enum { OWNER_COLUMNS = 17, CHANGE_COLUMNS = 8 };

static const struct {
	char letter;
	const char *name;
} TYPES[] = {
	[TAR_FILE] = { '-', "file" },          [TAR_HARDLINK] = { '-', "file" },
	[TAR_SYMLINK] = { 'l', "symlink" },    [TAR_CHAR] = { 'c', "char" },
	[TAR_BLOCK_DEVICE] = { 'b', "block" }, [TAR_DIR] = { 'd', "dir" },
	[TAR_FIFO] = { 'p', "fifo" },          [TAR_OTHER] = { '?', "other" },
};

static const struct access_map *map_of(const struct judgement *judgement,
				       const struct report_options *options)
{
	return options->map ? options->map : judgement->map;
}

char report__type_letter(enum tar_type type)
{
	return TYPES[type].letter;
}

const char *report__type_name(enum tar_type type)
{
	return TYPES[type].name;
}

const char *report__bits(unsigned bits, char out[4])
{
	for (size_t i = 0; i < 3; i++)
		out[i] = bits & (4u >> i) ? "rwx"[i] : '-';
	out[3] = '\0';
	return out;
}

/* "r-x", or NULL where only the runtime knows. */
static const char *access_text(const struct access_map *map, node_id node, char out[4])
{
	unsigned bits;

	return access_map_get(map, node, &bits) ? report__bits(bits, out) : NULL;
}

/* ---- as a line ---- */

char *report__owner(const struct judgement *judgement, const struct tree_stat *stat)
{
	const struct account_user *user = accounts_user_by_id(judgement->accounts, stat->uid);
	const struct account_group *group = accounts_group_by_id(judgement->accounts, stat->gid);
	char uid[24], gid[24];
	char *text;

	snprintf(uid, sizeof(uid), "%" PRId64, stat->uid);
	snprintf(gid, sizeof(gid), "%" PRId64, stat->gid);
	if (asprintf(&text, "%s:%s", user ? user->name : uid, group ? group->name : gid) < 0)
		return NULL;
	return text;
}

/* Raw text, padded to a column. */
static int write_column(const struct report_options *options, const char *raw, size_t columns,
			struct err *err)
{
	CLEANUP(freep)
	char *visible = raw ? text_visible_new(raw, strlen(raw), options->charset) : NULL;
	size_t width;

	if (!visible)
		return err_nomem(err);
	width = text_width(visible);
	fprintf(options->out, "%s%*s ", visible, width < columns ? (int)(columns - width) : 0, "");
	return 0;
}

static int write_place(const struct judgement *judgement, node_id node,
		       const struct tree_stat *stat, const struct report_options *options,
		       struct err *err)
{
	CLEANUP(freep) char *path = tree_path_new(judgement->input.tree, node);

	if (!path)
		return err_nomem(err);
	report__text(options, path);
	if (stat->type == TAR_SYMLINK) {
		fputs(" -> ", options->out);
		report__text(options, stat->target);
	}
	fputc('\n', options->out);
	return 0;
}

int report_node_text(const struct judgement *judgement, node_id node, unsigned at,
		     const struct report_options *options, struct err *err)
{
	struct tree_stat stat;
	char bits[4], mode[11], size[16];
	const char *access;
	enum report_role role;

	if (!tree_stat(judgement->input.tree, node, at, &stat))
		return 0;
	CLEANUP(freep) char *owner = report__owner(judgement, &stat);
	access = access_text(map_of(judgement, options), node, bits);
	role = access && bits[0] == '-' ? REPORT_WARNING : REPORT_PLAIN;
	if (options->change && write_column(options, options->change, CHANGE_COLUMNS, err) < 0)
		return -ERR_NOMEM;
	report__begin(options, role);
	fputs(access ? access : "???", options->out);
	report__end(options, role);
	fprintf(options->out, " %s ", text_mode(mode, report__type_letter(stat.type), stat.mode));
	if (write_column(options, owner, OWNER_COLUMNS, err) < 0)
		return -ERR_NOMEM;
	fprintf(options->out, "%8s ",
		stat.type == TAR_FILE ? text_size(size, sizeof(size), stat.size) : "");
	return write_place(judgement, node, &stat, options, err);
}

/* ---- as an object ---- */

static int set_path(json_t *object, const char *key, const struct tree *tree, node_id node,
		    struct err *err)
{
	CLEANUP(freep) char *path = tree_path_new(tree, node);

	return path ? json_set_bytes(object, key, path, strlen(path), err) : err_nomem(err);
}

int report__set_owner(json_t *object, const struct judgement *judgement,
		      const struct tree_stat *stat, struct err *err)
{
	const struct account_user *user = accounts_user_by_id(judgement->accounts, stat->uid);
	const struct account_group *group = accounts_group_by_id(judgement->accounts, stat->gid);

	if (report__set(object, "uid", json_integer(stat->uid), err) < 0 ||
	    report__set(object, "gid", json_integer(stat->gid), err) < 0 ||
	    (user && report__set(object, "user", report__string_json(user->name), err) < 0) ||
	    (group && report__set(object, "group", report__string_json(group->name), err) < 0))
		return -ERR_NOMEM;
	return 0;
}

/* The directory that hides a path, or the target of a link. */
static node_id blocker_of(const struct judgement *judgement, const struct access_map *map,
			  node_id node, unsigned at, const struct tree_stat *stat)
{
	node_id blocker = access_map_blocker(map, node);
	struct access_verdict verdict;
	unsigned bits;

	if (!node_is_none(blocker) || stat->type != TAR_SYMLINK ||
	    !access_map_get(map, node, &bits) || bits)
		return blocker;
	verdict = access_node(judgement->input.tree, at, &judgement->identity, node, ACCESS_READ);
	return verdict.outcome == ACCESS_DENIED && verdict.blocker.v != verdict.node.v
		       ? verdict.blocker
		       : NODE_NONE;
}

static int set_access(json_t *object, const struct judgement *judgement, node_id node, unsigned at,
		      const struct tree_stat *stat, const struct report_options *options,
		      struct err *err)
{
	const struct access_map *map = map_of(judgement, options);
	char bits[4];
	const char *access = access_text(map, node, bits);
	node_id blocker = blocker_of(judgement, map, node, at, stat);

	if (report__set(object, "access", access ? json_string(access) : json_null(), err) < 0)
		return -ERR_NOMEM;
	return node_is_none(blocker)
		       ? 0
		       : set_path(object, "blocked_by", judgement->input.tree, blocker, err);
}

static int set_stat(json_t *object, const struct tree_stat *stat, struct err *err)
{
	if (report__set(object, "size", json_integer((json_int_t)stat->size), err) < 0 ||
	    report__set(object, "mtime", json_integer(stat->mtime), err) < 0 ||
	    (stat->type == TAR_SYMLINK &&
	     json_set_bytes(object, "target", stat->target, strlen(stat->target), err) < 0) ||
	    report__set(object, "inode", json_integer(stat->inode.v), err) < 0 ||
	    report__set(object, "links", json_integer(stat->links), err) < 0 ||
	    report__set(object, "layer", json_integer(stat->layer), err) < 0)
		return -ERR_NOMEM;
	return 0;
}

int report_node_json(const struct judgement *judgement, node_id node, unsigned at,
		     const struct report_options *options, struct err *err)
{
	CLEANUP(json_decrefp) json_t *object = json_object();
	struct tree_stat stat;
	char mode[8];

	if (!tree_stat(judgement->input.tree, node, at, &stat))
		return 0;
	snprintf(mode, sizeof(mode), "%04o", stat.mode & 07777);
	if (!object)
		return err_nomem(err);
	if (set_path(object, "path", judgement->input.tree, node, err) < 0 ||
	    (options->change &&
	     report__set(object, "change", json_string(options->change), err) < 0) ||
	    report__set(object, "type", json_string(report__type_name(stat.type)), err) < 0 ||
	    report__set(object, "mode", json_string(mode), err) < 0 ||
	    report__set_owner(object, judgement, &stat, err) < 0 ||
	    set_stat(object, &stat, err) < 0 ||
	    attributes_add_json(object, judgement->accounts, judgement->input.tree, &stat, err) <
		    0 ||
	    set_access(object, judgement, node, at, &stat, options, err) < 0)
		return -ERR_NOMEM;
	return report__write_json(options, STEAL(object), err);
}
