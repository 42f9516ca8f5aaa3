/*
 * Where container engines make different trees of one layer, and who does
 * what: umoci 0.4, podman 4.3 with the vfs and with the overlay driver, as
 * seen by unpacking the same layers. Nothing here changes what is there, only
 * marks and problems.
 *
 * overlayfs merges whole layers: a directory that a layer has only implicitly
 * hides the owner and mode of the lower one. The others unpack each layer over
 * the one below.
 */
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/path.h"
#include "core/tree/merge_priv.h"
#include "layer/acl.h"

enum { OVERLAY_DIR = 0755, OVERLAY_ROOT = 0555, SETGID = 02000 };

static const struct layer_entry *entry_of(const struct merge *m, uint16_t layer, uint32_t entry)
{
	return layer_entry(m->tree->layers[layer - 1], entry);
}

void tree__newest_head(const struct merge *m, uint32_t inode, uint16_t *ret_layer,
		       uint32_t *ret_entry)
{
	const struct inode *self = &m->tree->inodes.items[inode];

	*ret_layer = self->head_layer;
	*ret_entry = self->head_entry;
	if (!(self->name & GROUPED))
		return;

	const struct group *group = &m->tree->groups.items[self->name & ~GROUPED];

	if (group->head == NONE)
		return;
	*ret_layer = m->tree->heads.items[group->head].layer;
	*ret_entry = m->tree->heads.items[group->head].entry;
}

/* The header of a living directory, or NULL: implied. */
static const struct layer_entry *dir_head(const struct merge *m, uint32_t node)
{
	const struct inode *inode = &m->tree->inodes.items[merge_alive(m, node)->inode];

	return inode->body_layer ? entry_of(m, inode->head_layer, inode->head_entry) : NULL;
}

/*
 * Whether the kernel gives a directory made in 'node' its group and setgid bit. 'within': as
 * overlayfs has it, where only entries of this layer count.
 */
static bool hands_down(const struct merge *m, uint32_t node, bool within)
{
	for (;; node = merge_node(m, node)->parent) {
		const struct layer_entry *head = dir_head(m, node);

		if (head && (!within || merge_alive(m, node)->born == m->k))
			return head->mode & SETGID;
		/* It may have inherited itself, from what was above it then. */
		if (!head && merge_alive(m, node)->disputed)
			return true;
		if (node == 0)
			return false;
	}
}

static bool may_inherit(const struct merge *m, uint32_t node)
{
	uint32_t parent = merge_node(m, node)->parent;

	return hands_down(m, parent, false) || hands_down(m, parent, true);
}

/* ---- Directories without an entry in the layer ---- */

int tree__pass_dir(struct merge *m, uint32_t node, uint32_t i)
{
	struct version *version = merge_alive(m, node);
	const struct passed passed = { node, i };

	if (node == 0 || version->born == m->k || (version->flags & VERSION_PASSED))
		return 0;
	version->flags |= VERSION_PASSED;
	return VEC_PUSH(&m->passed, passed, m->err);
}

int tree__pass_dirs(struct merge *m, uint32_t i, const struct layer_entry *entry)
{
	const char *path = layer_string(m->layer, entry->folder), *name;
	uint32_t node = 0;
	size_t len;

	while (merge_is_dir(m, node)) {
		str_id id;

		if (tree__pass_dir(m, node, i) < 0)
			return -ERR_NOMEM;
		name = path_next(&path, &len);
		if (!name || !strpool_find(m->tree->names, name, len, &id))
			return 0;
		node = tree__lookup(m->tree, node, id.v);
		if (node == NONE || !merge_alive(m, node))
			return 0;
	}
	return 0;
}

static bool is_plain(const struct layer_entry *head, unsigned mode)
{
	return head->uid == 0 && head->gid == 0 && head->mode == mode;
}

static void disagree_above(struct merge *m, const struct passed *passed)
{
	CLEANUP(freep) char *path = tree_path_new(m->tree, (node_id){ passed->node });

	merge_dispute(m, &merge_alive(m, passed->node)->disputed);
	problem_add(&m->tree->problems, PROBLEM_ENGINES_DISAGREE,
		    layer_entry(m->layer, passed->entry)->header_offset,
		    "layer %u: '%s': no entry for a directory with entries below: umoci and podman "
		    "vfs keep its owner and mode, as shown, podman overlay makes it 0755 "
		    "root:root, or what a setgid directory above hands down",
		    m->k, path ? path + 1 : "");
}

void tree__review_passed(struct merge *m)
{
	for (size_t at = 0; at < m->passed.count; at++) {
		const struct passed *passed = &m->passed.items[at];
		struct version *version = merge_alive(m, passed->node);

		if (!version || !(version->flags & VERSION_PASSED))
			continue; /* the layer has an entry for it after all */
		version->flags &= (uint16_t)~VERSION_PASSED;

		const struct layer_entry *head = dir_head(m, passed->node);

		if ((head && !is_plain(head, OVERLAY_DIR)) || may_inherit(m, passed->node))
			disagree_above(m, passed);
	}
}

void tree__compare_root(struct merge *m, uint32_t i)
{
	const struct layer_entry *head = layer_entry(m->layer, i);

	if (!is_plain(head, OVERLAY_DIR) && !is_plain(head, OVERLAY_ROOT))
		tree__disagree(m, 0, i,
			       "owner and mode of the root: umoci and podman vfs set them, as "
			       "shown, podman overlay makes it 0555 root:root");
}

static bool is_symlink(const struct merge *m, const struct version *version)
{
	const struct inode *inode = &m->tree->inodes.items[version->inode];

	return inode->body_layer &&
	       entry_of(m, inode->body_layer, inode->body_entry)->type == TAR_SYMLINK;
}

const char *tree__blocker_why(const struct merge *m, uint32_t node)
{
	const struct version *version = merge_alive(m, node);

	if (!version)
		return NULL;
	if (!is_symlink(m, version) && version->born == m->k)
		return "a parent is no directory in the same layer: umoci and podman fail; shown "
		       "as a directory";
	if (!is_symlink(m, version))
		return "a parent is no directory: umoci and podman vfs fail, podman overlay makes "
		       "it one, as shown";
	if (version->born == m->k)
		return "a parent is a symlink of the same layer: umoci and podman vfs follow it, "
		       "podman overlay follows it or fails; shown as a directory";
	return "a parent is a symlink: umoci and podman vfs follow it, podman overlay makes it a "
	       "directory, as shown";
}

void tree__review_implied(struct merge *m, uint32_t node, uint32_t i, uint32_t mark)
{
	if (mark != NONE && mark > i)
		tree__disagree(m, node, i,
			       "an opaque mark follows, and no entry for the directory: umoci "
			       "keeps the lower one's owner and mode, podman overlay makes it, as "
			       "shown, podman vfs removes it or fails");
	if (may_inherit(m, node))
		tree__disagree(m, node, i,
			       "a directory without an entry, in a setgid one: umoci and podman "
			       "vfs hand group and setgid down, podman overlay only within the "
			       "layer; shown as 0755 root:root");
}

/* ---- Default ACLs: the kernel gives them to what is made in the directory ---- */

static bool sets(const struct merge *m, uint32_t i, const char *name)
{
	const struct layer_extra *extra = layer_entry_extra(m->layer, layer_entry(m->layer, i));

	return layer_extra_xattr(extra, name) != NULL;
}

void tree__note_default_acl(struct merge *m, uint32_t node, uint32_t i, unsigned kept)
{
	struct version *version = merge_alive(m, node);

	version->flags |= (uint16_t)(kept & (VERSION_DEFAULT_ACL | VERSION_ACL_TOLD));
	if (sets(m, i, ACL_DEFAULT_XATTR))
		version->flags |= VERSION_DEFAULT_ACL;
}

static void tell_default_acl(struct merge *m, uint32_t node, uint32_t i)
{
	CLEANUP(freep) char *path = tree_path_new(m->tree, (node_id){ node });

	merge_alive(m, node)->flags |= VERSION_ACL_TOLD;
	problem_add(&m->tree->problems, PROBLEM_ENGINES_DISAGREE,
		    layer_entry(m->layer, i)->header_offset,
		    "layer %u: '%s': a default ACL: podman vfs, and podman overlay within one "
		    "layer, hand it down to what is made in the directory, umoci only to "
		    "directories without an entry; shown without",
		    m->k, path ? path + 1 : "");
}

void tree__review_made(struct merge *m, uint32_t node, uint32_t i)
{
	struct version *version = merge_alive(m, node);
	uint32_t parent = merge_node(m, node)->parent;
	bool dir = version->flags & VERSION_DIR, implied = version->flags & TREE_IMPLIED;

	if (node == 0 || !(merge_alive(m, parent)->flags & VERSION_DEFAULT_ACL))
		return;
	if (is_symlink(m, version))
		return; /* which has no ACL */
	if (!implied && sets(m, i, ACL_ACCESS_XATTR) && (!dir || sets(m, i, ACL_DEFAULT_XATTR)))
		return; /* what its own header sets comes later, and counts */
	merge_dispute(m, &version->disputed);
	if (!(merge_alive(m, parent)->flags & VERSION_ACL_TOLD))
		tell_default_acl(m, parent, i);
	if (dir)
		version->flags |= VERSION_DEFAULT_ACL | VERSION_ACL_TOLD;
}

/* ---- Whiteouts ---- */

static bool was_dir(const struct merge *m, const struct version *version)
{
	const struct version *older =
		version->older == NONE ? NULL : &m->tree->versions.items[version->older];

	return older && older->died == m->k && (older->flags & VERSION_DIR);
}

void tree__review_whiteout(struct merge *m, uint32_t node, uint32_t i)
{
	const struct version *version = merge_alive(m, node);
	uint32_t entry;
	uint16_t layer;

	if (version->born != m->k)
		return;
	tree__newest_head(m, version->inode, &layer, &entry);
	if (entry < i)
		tree__disagree(m, node, i,
			       "written and then removed by one layer: umoci keeps it, as shown, "
			       "podman vfs removes it or fails, podman overlay fails");
	else if (version->flags & TREE_IMPLIED)
		tree__disagree(m, node, i,
			       "removed by a layer that has entries below, and none for the "
			       "directory: umoci and podman vfs make it, as shown, podman overlay "
			       "fails");
	else if ((version->flags & VERSION_DIR) && was_dir(m, version))
		tree__disagree(m, node, i,
			       "a directory removed and made again by one layer: umoci and podman "
			       "vfs empty it, as shown, podman overlay keeps what was in it");
}

/* ---- Hard links ---- */

static bool has_xattr(const struct layer_extra *extra, const struct tar_xattr *wanted)
{
	const struct tar_xattr *xattr = layer_extra_xattr(extra, wanted->name);

	return xattr && xattr->len == wanted->len &&
	       memcmp(xattr->value, wanted->value, wanted->len) == 0;
}

/* What the link's header sets is what umoci leaves out. */
static void compare_xattrs(struct merge *m, uint32_t node, uint32_t i, uint32_t inode)
{
	const struct inode *self = &m->tree->inodes.items[inode];
	const struct layer_extra *file =
		layer_entry_extra(m->tree->layers[self->body_layer - 1],
				  entry_of(m, self->body_layer, self->body_entry));
	const struct layer_extra *link = layer_entry_extra(m->layer, layer_entry(m->layer, i));
	size_t same = 0;

	while (link && same < link->xattr_count && has_xattr(file, &link->xattrs[same]))
		same++;
	if (!link || same == link->xattr_count)
		return;
	merge_dispute(m, &m->tree->groups.items[self->name & ~GROUPED].disputed);
	tree__disagree(m, node, i,
		       "a hard link with attributes that its file has not: podman sets them on "
		       "both, as shown, umoci leaves them out");
}

void tree__compare_heads(struct merge *m, uint32_t node, uint32_t i, uint32_t inode)
{
	const struct inode *self = &m->tree->inodes.items[inode];
	const struct layer_entry *body = entry_of(m, self->body_layer, self->body_entry);
	const struct layer_entry *link = layer_entry(m->layer, i);
	uint32_t head_entry;
	uint16_t head_layer;

	tree__newest_head(m, inode, &head_layer, &head_entry);
	compare_xattrs(m, node, i, inode);

	const struct layer_entry *head = entry_of(m, head_layer, head_entry);

	if (body->type != TAR_FILE)
		tree__disagree(m, node, i,
			       "a hard link to what is no regular file: podman vfs makes two of "
			       "it for the layers above");
	if (head == link || (head->uid == link->uid && head->gid == link->gid &&
			     (head->mode == link->mode || body->type == TAR_SYMLINK)))
		return;
	merge_dispute(m, &m->tree->groups.items[self->name & ~GROUPED].disputed);
	tree__disagree(m, node, i,
		       "a hard link with another owner or mode than its file: podman gives both "
		       "the link's, as shown, umoci keeps the file's");
}
