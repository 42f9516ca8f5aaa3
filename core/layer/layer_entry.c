/* One entry of a tar as an entry of the index: its names, its kind, what few entries have. */
#include <string.h>

#include "base/path.h"
#include "core/layer/layer_priv.h"
#include "layer/acl.h"
#include "layer/capability.h"

/* Of the largest allowed size each, so that a layer cannot fill the memory. */
enum { KEPT_FILES = 64, KEPT_XATTRS = 256 };

/* NAME_MAX, and PATH_MAX with its NUL. */
enum { MOST_NAME = 255, MOST_PATH = 4096 };

enum { SHOWN = 40 }; /* bytes of such a path in a message */

/* ---- Strings ---- */

static int normalise(struct layer_scratch *copy, const char *path, size_t len, unsigned *ret_oddity,
		     size_t *ret_len, struct err *err)
{
	if (VEC_RESERVE(copy, len + 1, err) < 0)
		return -ERR_NOMEM;
	memcpy(copy->items, path, len);
	copy->items[len] = '\0';
	*ret_len = path_normalise(copy->items, len, ret_oddity);
	return 0;
}

static int add_folder(struct layer_build *build, const struct layer_path *path, str_id *ret_id,
		      struct err *err)
{
	struct strpool *strings = build->index->strings;

	if (path->folder_len != build->folder_len ||
	    memcmp(strpool_get(strings, build->folder), path->folder, path->folder_len) != 0) {
		int r = strpool_add(strings, path->folder, path->folder_len, &build->folder, err);

		if (r < 0)
			return r;
		build->folder_len = path->folder_len;
		if (build->folder.v >= build->index->string_end)
			build->index->string_end = build->folder.v + 1;
	}
	*ret_id = build->folder;
	return 0;
}

/* What the kernel takes nowhere, so that no engine can unpack it. */
static const char *too_long(const char *path, size_t len)
{
	if (len <= MOST_NAME)
		return NULL;
	for (size_t i = 0, next; i < len; i = next + 1) {
		const char *slash = memchr(path + i, '/', len - i);

		next = slash ? (size_t)(slash - path) : len;
		if (next - i > MOST_NAME)
			return "a name of more than 255 bytes";
	}
	return len >= MOST_PATH ? "a path of more than 4095 bytes" : NULL;
}

/* A deep tree has many of them, and each is large: one is told, by its beginning. */
static void note_length(struct layer_build *build, const struct tar_entry *tar, const char *path,
			size_t len)
{
	const char *what = build->told_long ? NULL : too_long(path, len);

	if (!what)
		return;
	build->told_long = true;
	problem_add(&build->index->problems, PROBLEM_ODD_PATH, tar->header_offset,
		    "'%.*s…' has %s, which no engine can unpack; and maybe more have", SHOWN, path,
		    what);
}

static void note_path(struct layer_build *build, const struct tar_entry *tar, unsigned oddity)
{
	struct problem_list *problems = &build->index->problems;

	if (oddity & PATH_LEFT_ROOT)
		problem_add(problems, PROBLEM_ODD_PATH, tar->header_offset,
			    "'%s' leaves the root; kept inside", tar->path);
	else if (oddity & PATH_HAD_DOTDOT)
		problem_add(problems, PROBLEM_ODD_PATH, tar->header_offset, "'%s' has '..' in it",
			    tar->path);
	if ((oddity & PATH_WAS_ABSOLUTE) && !build->told_absolute) {
		build->told_absolute = true;
		problem_add(problems, PROBLEM_ODD_PATH, tar->header_offset,
			    "'%s' is absolute, and maybe more", tar->path);
	}
}

static void note_invalid_whiteout(struct problem_list *problems, const struct tar_entry *tar)
{
	problem_add(problems, PROBLEM_INVALID_WHITEOUT, tar->header_offset,
		    "'%s' is no valid whiteout; ignored, but engines fail or remove more",
		    tar->path);
	if (strcmp(path_base(tar->path), ".wh..") == 0)
		problem_add(problems, PROBLEM_ENGINES_DISAGREE, tar->header_offset,
			    "'%s': a whiteout of '.': podman vfs removes the whole directory, "
			    "umoci and podman overlay fail; ignored",
			    tar->path);
}

static enum entry_kind choose_kind(struct layer_build *build, const struct tar_entry *tar,
				   enum layer_path_kind path_kind)
{
	struct problem_list *problems = &build->index->problems;

	switch (path_kind) {
	case LAYER_PATH_WHITEOUT:
		return ENTRY_WHITEOUT;
	case LAYER_PATH_OPAQUE:
		return ENTRY_OPAQUE;
	case LAYER_PATH_AUFS:
		return ENTRY_IGNORED;
	case LAYER_PATH_INVALID:
		note_invalid_whiteout(problems, tar);
		return ENTRY_IGNORED;
	case LAYER_PATH_NODE:
		break;
	}
	if (tar->type == TAR_OTHER) {
		problem_add(problems, PROBLEM_ODD_VALUE, tar->header_offset,
			    "'%s' has type flag 0x%02x, which no engine unpacks", tar->path,
			    (unsigned char)tar->typeflag);
		return ENTRY_IGNORED;
	}
	if (tar->path_len == 0) {
		problem_add(problems, PROBLEM_ODD_PATH, tar->header_offset, "an entry has no name");
		return ENTRY_IGNORED;
	}
	return ENTRY_NODE;
}

static int add_link(struct layer_build *build, const struct tar_entry *tar, str_id *ret_id,
		    struct err *err)
{
	const char *link = tar->link;
	size_t len = tar->link_len;

	if (tar->type == TAR_HARDLINK) {
		unsigned oddity = 0;
		int r = normalise(&build->link, tar->link, tar->link_len, &oddity, &len, err);

		if (r < 0)
			return r;
		link = build->link.items;
		if (oddity & PATH_LEFT_ROOT)
			problem_add(&build->index->problems, PROBLEM_ODD_PATH, tar->header_offset,
				    "the target '%s' of a hard link leaves the root", tar->link);
	}
	return strpool_add(build->index->strings, link, len, ret_id, err);
}

/* Folder, name, link and kind of an entry. */
static int set_names(struct layer_build *build, const struct tar_entry *tar,
		     struct layer_entry *entry, struct err *err)
{
	struct layer_path path;
	unsigned oddity = 0;
	size_t len;
	int r = normalise(&build->path, tar->path, tar->path_len, &oddity, &len, err);

	if (r < 0)
		return r;
	note_path(build, tar, oddity);
	note_length(build, tar, build->path.items, len);

	enum layer_path_kind path_kind = layer__read_path(build->path.items, len, &path);

	entry->kind = (uint8_t)choose_kind(build, tar, path_kind);
	r = add_folder(build, &path, &entry->folder, err);
	if (r < 0)
		return r;
	r = strpool_add(build->index->strings, path.name, path.name_len, &entry->name, err);
	if (r < 0)
		return r;
	if (path_kind == LAYER_PATH_AUFS)
		return strpool_add(build->index->strings, build->path.items, len, &entry->link,
				   err);
	if (tar->type != TAR_SYMLINK && tar->type != TAR_HARDLINK)
		return 0;
	return add_link(build, tar, &entry->link, err);
}

/* ---- What few entries have ---- */

/* What engines fail on, or leave out: the kernel does not take it. */
static void note_xattr(struct layer_build *build, const struct tar_entry *tar,
		       const struct tar_xattr *xattr)
{
	bool is_acl = strcmp(xattr->name, ACL_ACCESS_XATTR) == 0 ||
		      strcmp(xattr->name, ACL_DEFAULT_XATTR) == 0;
	bool is_capability = strcmp(xattr->name, CAPABILITY_XATTR) == 0;
	struct capabilities capabilities;
	struct acl acl;

	if ((is_acl && !acl_read(xattr->value, xattr->len, &acl)) ||
	    (is_capability && !capabilities_read(xattr->value, xattr->len, &capabilities)))
		problem_add(&build->index->problems, PROBLEM_ATTRIBUTE, tar->header_offset,
			    "%s of '%s' is malformed: it is not counted, and engines may refuse "
			    "the layer",
			    xattr->name, tar->path);
}

static int count_attributes(struct layer_build *build, size_t bytes, struct err *err)
{
	build->xattrs += bytes;
	build->index->arena_bytes += bytes;
	return limits_check(build->xattrs, build->limits->tar_extension * KEPT_XATTRS,
			    "bytes of extended attributes in a layer", err);
}

/* NULL stays NULL. */
static int copy_text(struct layer_build *build, const char *text, const char **ret_copy,
		     struct err *err)
{
	size_t len = text ? strlen(text) : 0;

	if (!text)
		return 0;
	if (count_attributes(build, len, err) < 0)
		return -ERR_LIMIT;
	*ret_copy = arena_copy(&build->index->arena, text, len);
	return *ret_copy ? 0 : err_nomem(err);
}

static int copy_xattrs(struct layer_build *build, const struct tar_entry *tar,
		       struct layer_extra *extra, struct err *err)
{
	struct layer_index *index = build->index;
	size_t bytes = tar->xattr_count * sizeof(struct tar_xattr);
	struct tar_xattr *copy;

	if (tar->xattr_count == 0)
		return 0;
	for (size_t i = 0; i < tar->xattr_count; i++)
		bytes += strlen(tar->xattrs[i].name) + tar->xattrs[i].len;
	if (count_attributes(build, bytes, err) < 0)
		return -ERR_LIMIT;
	copy = arena_alloc(&index->arena, tar->xattr_count * sizeof(*copy));
	if (!copy)
		return err_nomem(err);
	for (size_t i = 0; i < tar->xattr_count; i++) {
		const struct tar_xattr *from = &tar->xattrs[i];

		note_xattr(build, tar, from);
		copy[i].name = arena_copy(&index->arena, from->name, strlen(from->name));
		copy[i].value = arena_copy(&index->arena, from->value, from->len);
		copy[i].len = from->len;
		if (!copy[i].name || !copy[i].value)
			return err_nomem(err);
	}
	extra->xattrs = copy;
	extra->xattr_count = tar->xattr_count;
	return 0;
}

static bool is_wanted(const struct layer_build *build, const struct tar_entry *tar,
		      const struct layer_entry *entry)
{
	const struct strpool *strings = build->index->strings;
	uint64_t most = build->limits->kept_body;

	if (!build->keep || entry->kind != ENTRY_NODE || tar->type != TAR_FILE ||
	    (entry->flags & ENTRY_SPARSE) || tar->size > most ||
	    build->kept + tar->size > most * KEPT_FILES)
		return false;
	return build->keep->wanted(build->keep->context, strpool_get(strings, entry->folder),
				   strpool_get(strings, entry->name));
}

static int keep_body(struct layer_build *build, const struct tar_entry *tar,
		     struct layer_entry *entry, struct layer_extra *extra, struct err *err)
{
	struct layer_index *index = build->index;
	char *body = arena_alloc(&index->arena, (size_t)tar->size + 1);

	if (!body)
		return err_nomem(err);

	ssize_t got = tar_reader_data(build->reader, body, (size_t)tar->size, err);

	if (got < 0)
		return (int)got;
	build->kept += tar->size;
	index->arena_bytes += (size_t)tar->size;
	if ((uint64_t)got < tar->size)
		return 0; /* truncated: the reader tells */
	extra->body = body;
	entry->flags |= ENTRY_HAS_BODY;
	return 0;
}

static int set_extra(struct layer_build *build, const struct tar_entry *tar,
		     struct layer_entry *entry, struct err *err)
{
	struct layer_extra extra = {
		.dev_major = tar->dev_major,
		.dev_minor = tar->dev_minor,
		.stored = tar->stored,
	};
	bool is_device = tar->type == TAR_CHAR || tar->type == TAR_BLOCK_DEVICE;
	bool wanted = is_wanted(build, tar, entry);

	bool has_attributes = tar->xattr_count > 0 || tar->acl_access || tar->acl_default;

	if (!is_device && !wanted && !has_attributes && !(entry->flags & ENTRY_SPARSE))
		return 0;

	int r = copy_xattrs(build, tar, &extra, err);

	if (r == 0)
		r = copy_text(build, tar->acl_access, &extra.acl_access, err);
	if (r == 0)
		r = copy_text(build, tar->acl_default, &extra.acl_default, err);
	if (r == 0 && wanted)
		r = keep_body(build, tar, entry, &extra, err);
	if (r < 0)
		return r;
	entry->flags |= ENTRY_HAS_EXTRA;
	entry->extra = (uint32_t)build->index->extras.count;
	return VEC_PUSH(&build->index->extras, extra, err);
}

/* ---- Entries ---- */

int layer__add_entry(struct layer_build *build, const struct tar_entry *tar, struct err *err)
{
	struct layer_index *index = build->index;
	struct layer_entry *entry;

	if (limits_check(index->entries.count + 1, build->limits->entries, "entries of a layer",
			 err) < 0)
		return -ERR_LIMIT;
	if (VEC_RESERVE(&index->entries, 1, err) < 0)
		return -ERR_NOMEM;
	build->index->end =
		tar->data_offset + (tar->stored + TAR_BLOCK - 1) / TAR_BLOCK * TAR_BLOCK;
	if (tar->data_offset - tar->header_offset > UINT32_MAX)
		return err_set(err, ERR_LIMIT, "headers of more than 4 GiB");
	entry = &index->entries.items[index->entries.count];
	*entry = (struct layer_entry){
		.header_offset = tar->header_offset,
		.header_len = (uint32_t)(tar->data_offset - tar->header_offset),
		.size = tar->type == TAR_FILE ? tar->size : 0,
		.mtime = tar->mtime,
		.mtime_ns = tar->mtime_ns,
		.uid = tar->uid,
		.gid = tar->gid,
		.mode = (uint16_t)(tar->mode & 07777),
		.type = (uint8_t)tar->type,
	};
	if (tar->oddities & TAR_ODD_ID)
		entry->flags |= ENTRY_EDITED_ID;
	if (tar->type == TAR_FILE && tar->is_sparse)
		entry->flags |= ENTRY_SPARSE;

	int r = set_names(build, tar, entry, err);

	if (r == 0)
		r = set_extra(build, tar, entry, err);
	if (r < 0)
		return r;
	index->entries.count++;
	return 0;
}
