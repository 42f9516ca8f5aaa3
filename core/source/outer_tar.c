/*
 * The members of the outer archive: where each one's bytes are. Names and
 * links are looked up in this table alone and never in the file system.
 */
#include <inttypes.h>
#include <string.h>

#include "base/path.h"
#include "core/source/source_priv.h"
#include "tar/tar_reader.h"

enum { LINK_HOPS = 8 };

/* A normalised copy in the arena; NULL: out of memory. */
static char *name_new(struct arena *arena, const char *bytes, size_t len)
{
	char *name = arena_copy(arena, bytes, len);

	if (name)
		name[path_normalise(name, len, NULL)] = '\0';
	return name;
}

/* Where a link leads: a hard link from the top, a symlink from its own folder. */
static char *target_new(struct arena *arena, const struct tar_entry *entry, const char *name)
{
	size_t folder = path_parent_length(name, strlen(name));

	if (entry->type == TAR_HARDLINK || entry->link[0] == '/')
		folder = 0;
	char *target = arena_printf(arena, "%.*s/%.*s", (int)folder, name, (int)entry->link_len,
				    entry->link);

	if (target)
		target[path_normalise(target, strlen(target), NULL)] = '\0';
	return target;
}

static int member_add(struct source *source, const struct tar_entry *entry, struct err *err)
{
	struct member member = {
		.offset = entry->data_offset,
		.length = entry->stored,
		.is_sparse = entry->is_sparse,
	};

	if (entry->type != TAR_FILE && entry->type != TAR_HARDLINK && entry->type != TAR_SYMLINK)
		return 0;
	if (limits_check(source->members.all.count + 1, source->limits.outer_members,
			 "members of the archive", err) < 0)
		return -ERR_LIMIT;
	member.name = name_new(&source->arena, entry->path, entry->path_len);
	if (entry->type != TAR_FILE && member.name) {
		member.target = target_new(&source->arena, entry, member.name);
		if (!member.target)
			return err_nomem(err);
	}
	if (!member.name)
		return err_nomem(err);
	return VEC_PUSH(&source->members.all, member, err);
}

/* Equal names stay in the order of the archive, by the place of their bytes. */
static int member_compare(const void *a, const void *b)
{
	const struct member *left = a, *right = b;
	int order = strcmp(left->name, right->name);

	if (order)
		return order;
	return left->offset < right->offset ? -1 : left->offset > right->offset;
}

/* Of members with one name the last counts, as for those who unpack the archive. */
static void table_sort(struct source *source)
{
	struct member *all = source->members.all.items;
	size_t count = source->members.all.count, kept = 0;

	if (count == 0)
		return;
	qsort(all, count, sizeof(*all), member_compare);
	for (size_t i = 0; i < count; i++) {
		if (i + 1 < count && strcmp(all[i].name, all[i + 1].name) == 0)
			problem_add(&source->problems, PROBLEM_DUPLICATE_PATH, all[i].offset,
				    "'%s' is in the archive more than once: the last one is used",
				    all[i].name);
		else
			all[kept++] = all[i];
	}
	source->members.all.count = kept;
}

int outer_tar__read(struct source *source, const struct cancel *cancel, struct err *err)
{
	const struct stream_span span = { .fd = source->fd, .length = source->length };
	const struct tar_reader_options options = {
		.limits = &source->limits,
		.cancel = cancel,
		.problems = &source->problems,
	};
	CLEANUP(stream_closep) struct stream *in = NULL;
	CLEANUP(tar_reader_freep) struct tar_reader *reader = NULL;
	const struct tar_entry *entry;
	int more;

	if (stream_file_open(&span, cancel, NULL, &in, err) < 0 ||
	    tar_reader_new(in, &options, &reader, err) < 0)
		return -ERR_NOMEM;
	while ((more = tar_reader_next(reader, &entry, err)) > 0) {
		int r = member_add(source, entry, err);

		if (r < 0)
			return r;
	}
	table_sort(source);
	return more;
}

static int name_compare(const void *key, const void *item)
{
	return strcmp(key, ((const struct member *)item)->name);
}

int outer_tar__find(const struct member_table *table, const char *name,
		    const struct member **ret_member, struct err *err)
{
	const char *at = name;

	for (int hops = 0; hops <= LINK_HOPS; hops++) {
		const struct member *member =
			table->all.count ? bsearch(at, table->all.items, table->all.count,
						   sizeof(*table->all.items), name_compare)
					 : NULL;

		if (!member && hops == 0)
			return err_set(err, ERR_NOT_FOUND, "the archive has no '%s'", name);
		if (!member)
			return err_set(err, ERR_NOT_FOUND,
				       "'%s' is a link to '%s', which the "
				       "archive does not have",
				       name, at);
		if (!member->target) {
			*ret_member = member;
			return 0;
		}
		at = member->target;
	}
	return err_set(err, ERR_FORMAT,
		       "the links of '%s' go in a circle or over more than %d members", name,
		       LINK_HOPS);
}

void outer_tar__done(struct member_table *table)
{
	VEC_DONE(&table->all);
}
