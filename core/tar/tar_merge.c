/*
 * One entry from the headers that describe it: its own block, the pax records
 * and GNU long names before it. Who wins is decided as in Go's archive/tar.
 */
#include <string.h>

#include "tar_priv.h"

/* Seconds that fit into 64 bits of nanoseconds: engines write other times as 1970. */
static const int64_t TIME_MAX = INT64_MAX / 1000000000;

/* One more is the system's id for "none". */
static const int64_t ID_MAX = 0xfffffffe;

struct merge {
	const struct tar__group *group;
	struct problem_list *problems;
	struct tar_entry *entry;
};

static const struct tar__value *pax_value(const struct tar__group *group, enum tar__key key)
{
	static const struct tar__value NONE = { 0 };

	return group->has_pax ? &group->pax.known[key] : &NONE;
}

/* A GNU long name wins over pax, pax over the block. */
static struct tar__value choose_text(const struct tar__group *group, enum tar__key key,
				     const struct tar__text *gnu, struct tar__value plain)
{
	const struct tar__value *pax = pax_value(group, key);

	if (gnu->len > 0)
		return (struct tar__value){ gnu->bytes, gnu->len };
	return pax->bytes ? *pax : plain;
}

static void set_path(struct tar_entry *entry, struct tar__value path)
{
	entry->path = path.bytes;
	entry->path_len = path.len;
}

static void choose_names(const struct merge *merge)
{
	const struct tar__group *group = merge->group;
	const struct tar__header *header = &group->header;
	struct tar_entry *entry = merge->entry;
	struct tar__value link = choose_text(group, KEY_LINKPATH, &group->long_link,
					     (struct tar__value){ header->link, header->link_len });

	set_path(entry, choose_text(group, KEY_PATH, &group->long_name,
				    (struct tar__value){ header->name, header->name_len }));
	entry->link = link.bytes;
	entry->link_len = link.len;
	if ((group->long_name.len > 0 || group->long_link.len > 0) && group->has_pax)
		entry->oddities |= TAR_ODD_MIXED;
	if (group->has_pax && group->pax.had_nul)
		entry->oddities |= TAR_ODD_NUL;
}

/* What other tools read otherwise than Go. */
static void note_oddities(const struct tar__group *group, struct tar_entry *entry)
{
	if (group->header.has_stray_sparse)
		entry->oddities |= TAR_ODD_GNU;
	if (group->has_pax && group->pax.had_empty)
		entry->oddities |= TAR_ODD_EMPTY;
	if (group->has_pax && group->pax.had_acl)
		entry->oddities |= TAR_ODD_ACL;
}

static bool ends_in_slash(const struct tar_entry *entry)
{
	return entry->path_len > 0 && entry->path[entry->path_len - 1] == '/';
}

static void choose_type(struct tar_entry *entry)
{
	static const enum tar_type TYPES[] = { TAR_FILE, TAR_HARDLINK,     TAR_SYMLINK,
					       TAR_CHAR, TAR_BLOCK_DEVICE, TAR_DIR,
					       TAR_FIFO, TAR_FILE };
	char flag = entry->typeflag;

	if (flag >= '0' && flag <= '7')
		entry->type = TYPES[flag - '0'];
	else if (flag == '\0') /* the oldest tars had no flag for a directory */
		entry->type = ends_in_slash(entry) ? TAR_DIR : TAR_FILE;
	else
		entry->type = flag == 'S' ? TAR_FILE : TAR_OTHER;
	if (entry->type != TAR_HARDLINK && entry->type != TAR_SYMLINK) {
		entry->link = "";
		entry->link_len = 0;
	}
}

/* A number that pax gives; the one of the block stays where it cannot be read. */
static int64_t choose_number(const struct merge *merge, enum tar__key key, int64_t plain)
{
	const struct tar__value *value = pax_value(merge->group, key);
	int64_t number;

	if (!value->bytes)
		return plain;
	if (tar__parse_decimal(value->bytes, value->len, &number))
		return number;
	problem_add(merge->problems, PROBLEM_BAD_EXTENSION, merge->entry->header_offset,
		    "pax record '%s' is no number, engines stop here: '%s'", TAR__KEY_NAMES[key],
		    merge->entry->path);
	return plain;
}

static bool is_odd_id(int64_t id)
{
	return id < 0 || id > ID_MAX;
}

static void choose_owner(const struct merge *merge)
{
	struct tar_entry *entry = merge->entry;

	entry->mode = (uint32_t)(merge->group->header.mode & 07777);
	entry->uid = choose_number(merge, KEY_UID, merge->group->header.uid);
	entry->gid = choose_number(merge, KEY_GID, merge->group->header.gid);
	if (is_odd_id(entry->uid) || is_odd_id(entry->gid))
		entry->oddities |= TAR_ODD_ID;
}

static void choose_time(const struct merge *merge)
{
	const struct tar__value *value = pax_value(merge->group, KEY_MTIME);
	struct tar_entry *entry = merge->entry;

	entry->mtime = merge->group->header.mtime;
	if (value->bytes &&
	    !tar__parse_time(value->bytes, value->len, &entry->mtime, &entry->mtime_ns)) {
		problem_add(merge->problems, PROBLEM_BAD_EXTENSION, entry->header_offset,
			    "pax record 'mtime' is no time, engines stop here: '%s'", entry->path);
		entry->oddities |= TAR_ODD_TIME;
	}
	if (entry->mtime < 0 || entry->mtime > TIME_MAX)
		entry->oddities |= TAR_ODD_TIME;
}

static uint32_t device(int64_t number)
{
	return number < 0 || number > UINT32_MAX ? UINT32_MAX : (uint32_t)number;
}

/* Pax wins (CVE-2025-62518: readers that took the other one saw other entries). */
static const char *choose_size(const struct merge *merge)
{
	const struct tar__value *value = pax_value(merge->group, KEY_SIZE);
	struct tar_entry *entry = merge->entry;
	int64_t plain = merge->group->header.size, size = plain;

	if (value->bytes && !tar__parse_decimal(value->bytes, value->len, &size))
		return "the pax size is no number";
	if (size != plain && tar__fits_octal(TAR__PLACES[FIELD_SIZE].len, size))
		entry->oddities |= TAR_ODD_SIZE;
	if (entry->type >= TAR_HARDLINK && entry->type <= TAR_FIFO) {
		if (size != 0)
			entry->oddities |= TAR_ODD_BODY;
		return NULL;
	}
	if (size < 0)
		return "the size is negative";
	entry->size = entry->stored = (uint64_t)size;
	return NULL;
}

/* Formats 0.0, 0.1 and 1.0; others are plain files to Go. */
static bool is_pax_sparse(const struct tar__group *group)
{
	const char *major = pax_value(group, KEY_SPARSE_MAJOR)->bytes;
	const char *minor = pax_value(group, KEY_SPARSE_MINOR)->bytes;

	if (!major && !minor)
		return pax_value(group, KEY_SPARSE_MAP)->bytes;
	if (!major || !minor)
		return false;
	return (!strcmp(major, "0") && (!strcmp(minor, "0") || !strcmp(minor, "1"))) ||
	       (!strcmp(major, "1") && !strcmp(minor, "0"));
}

static const char *pax_sparse(const struct merge *merge)
{
	const struct tar__value *name = pax_value(merge->group, KEY_SPARSE_NAME);
	const struct tar__value *size = pax_value(merge->group, KEY_SPARSE_SIZE);
	int64_t bytes;

	if (merge->entry->type != TAR_FILE && merge->entry->type != TAR_OTHER)
		return "sparse, but no file";
	if (name->bytes)
		set_path(merge->entry, *name);
	merge->entry->is_sparse = true;
	if (!size->bytes)
		size = pax_value(merge->group, KEY_SPARSE_REALSIZE);
	if (!size->bytes)
		return NULL;
	if (!tar__parse_decimal(size->bytes, size->len, &bytes) || bytes < 0)
		return "the size of a sparse file is no number";
	merge->entry->size = (uint64_t)bytes;
	return NULL;
}

static const char *gnu_sparse(const struct merge *merge)
{
	const struct tar__header *header = &merge->group->header;

	if (header->format != FORMAT_GNU)
		return "a sparse file of a format that engines do not read";
	if (header->real_size < 0)
		return "the size of a sparse file is negative";
	merge->entry->is_sparse = true;
	merge->entry->size = (uint64_t)header->real_size;
	return NULL;
}

static void report_oddities(const struct merge *merge)
{
	/* clang-format off */
	static const struct {
		enum tar_oddity oddity;
		enum problem_kind kind;
		const char *text;
	} ROWS[] = {
		{ TAR_ODD_SIZE,  PROBLEM_ODD_VALUE,     "pax and ustar give different sizes" },
		{ TAR_ODD_MIXED, PROBLEM_ODD_VALUE,     "pax and GNU headers for one entry" },
		{ TAR_ODD_NUL,   PROBLEM_BAD_EXTENSION, "a NUL in a pax value, engines stop here" },
		{ TAR_ODD_BODY,  PROBLEM_ODD_VALUE,     "a size where there can be no data" },
		{ TAR_ODD_ID,    PROBLEM_HUGE_ID,       "an owner or group that no system has" },
		{ TAR_ODD_TIME,  PROBLEM_ODD_VALUE,     "a time that engines cannot keep" },
		{ TAR_ODD_EMPTY, PROBLEM_ODD_VALUE,     "an empty pax record: to engines it is none" },
		{ TAR_ODD_GNU,   PROBLEM_ODD_VALUE,     "parts of a sparse file: tools disagree on size" },
		{ TAR_ODD_ACL,   PROBLEM_ODD_VALUE,     "an ACL as text, which engines ignore" },
	};
	/* clang-format on */
	const struct tar_entry *entry = merge->entry;

	for (size_t i = 0; entry->oddities && i < sizeof(ROWS) / sizeof(ROWS[0]); i++)
		if (entry->oddities & ROWS[i].oddity)
			problem_add(merge->problems, ROWS[i].kind, entry->header_offset, "%s: '%s'",
				    ROWS[i].text, entry->path);
	if (entry->type == TAR_FILE && entry->typeflag != '\0' && ends_in_slash(entry))
		problem_add(merge->problems, PROBLEM_ODD_VALUE, entry->header_offset,
			    "a file whose name ends in '/', tools disagree what it is: '%s'",
			    entry->path);
}

const char *tar__merge(const struct tar__group *group, struct problem_list *problems,
		       struct tar_entry *entry)
{
	const struct merge merge = { group, problems, entry };
	const char *bad;

	*entry = (struct tar_entry){ .header_offset = entry->header_offset };
	entry->typeflag = group->header.typeflag;
	entry->dev_major = device(group->header.dev_major);
	entry->dev_minor = device(group->header.dev_minor);
	choose_names(&merge);
	note_oddities(group, entry);
	choose_type(entry);
	choose_owner(&merge);
	choose_time(&merge);
	if (group->has_pax) {
		entry->xattrs = group->pax.xattrs.items;
		entry->xattr_count = group->pax.xattrs.count;
		entry->acl_access = pax_value(group, KEY_ACL_ACCESS)->bytes;
		entry->acl_default = pax_value(group, KEY_ACL_DEFAULT)->bytes;
	}
	bad = choose_size(&merge);
	if (!bad && entry->typeflag == 'S')
		bad = gnu_sparse(&merge);
	else if (!bad && is_pax_sparse(group))
		bad = pax_sparse(&merge);
	if (!bad)
		report_oddities(&merge);
	return bad;
}
