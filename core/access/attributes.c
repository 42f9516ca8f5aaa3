/*
 * Attributes in words, a line each. What an ACL shows is what engines leave of
 * it: their chmod() sets its owner, mask and other.
 */
#include "access/attributes.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "access_priv.h"
#include "layer/capability.h"

enum { ENTRIES_SHOWN = 32 };

const struct special ACCESS__SPECIALS[SPECIAL_COUNT] = {
	{ 04000, "setuid" },
	{ 02000, "setgid" },
	{ 01000, "sticky" },
};

const char *access__rwx(unsigned bits, char *out)
{
	for (size_t i = 0; i < 3; i++)
		out[i] = bits & (4u >> i) ? "rwx"[i] : '-';
	out[3] = '\0';
	return out;
}

/* ---- ACLs ---- */

bool access__acl_show(const struct tar_xattr *xattr, unsigned mode, struct acl_shown *ret_shown)
{
	struct acl_shown shown = { .mode = mode, .mask = 7 };

	if (!acl_read(xattr->value, xattr->len, &shown.acl))
		return false;
	shown.is_default = strcmp(xattr->name, ACL_DEFAULT_XATTR) == 0;
	for (size_t i = 0; i < shown.acl.count; i++) {
		struct acl_entry entry = access__acl_entry(&shown, i);

		if (entry.tag == ACL_MASK)
			shown.mask = entry.perm;
	}
	*ret_shown = shown;
	return true;
}

struct acl_entry access__acl_entry(const struct acl_shown *shown, size_t i)
{
	return shown->is_default ? acl_entry(&shown->acl, i)
				 : acl_entry_after_chmod(&shown->acl, i, shown->mode);
}

unsigned access__acl_effective(const struct acl_shown *shown, const struct acl_entry *entry)
{
	bool is_cut = entry->tag == ACL_USER || entry->tag == ACL_GROUP ||
		      entry->tag == ACL_GROUP_OBJ;

	return is_cut ? entry->perm & shown->mask : entry->perm;
}

const char *access__acl_name(const struct accounts *accounts, const struct acl_entry *entry)
{
	const struct account_user *user =
		entry->tag == ACL_USER ? accounts_user_by_id(accounts, entry->id) : NULL;
	const struct account_group *group =
		entry->tag == ACL_GROUP ? accounts_group_by_id(accounts, entry->id) : NULL;

	return user ? user->name : group ? group->name : NULL;
}

/* "user:ma-user:rwx (r-- by the mask)" */
static void write_entry(FILE *out, const struct accounts *accounts, const struct acl_shown *shown,
			size_t i)
{
	struct acl_entry entry = access__acl_entry(shown, i);
	const char *name = access__acl_name(accounts, &entry);
	unsigned effective = access__acl_effective(shown, &entry);
	char bits[4];

	fprintf(out, "%s%s:", i ? ", " : "", acl_tag_name(entry.tag));
	if (name)
		fputs(name, out);
	else if (entry.id >= 0)
		fprintf(out, "%" PRId64, entry.id);
	fprintf(out, ":%s", access__rwx(entry.perm, bits));
	if (effective != entry.perm)
		fprintf(out, " (%s by the mask)", access__rwx(effective, bits));
}

/* ---- Lines ---- */

struct lines {
	const struct accounts *accounts;
	const struct tree_stat *stat;
	VEC(char *) all;
	bool failed;
};

static void add_line(struct lines *lines, const char *format, ...) PRINTF_LIKE(2, 3);

static void add_line(struct lines *lines, const char *format, ...)
{
	char *line = NULL;
	va_list args;

	va_start(args, format);
	if (vasprintf(&line, format, args) < 0)
		line = NULL;
	va_end(args);
	if (!line || VEC_PUSH(&lines->all, line, NULL) < 0) {
		free(line);
		lines->failed = true;
	}
}

static void add_acl(struct lines *lines, const char *title, const struct acl_shown *shown)
{
	CLEANUP(freep) char *text = NULL;
	size_t len, count = shown->acl.count;
	FILE *out = open_memstream(&text, &len);

	if (!out) {
		lines->failed = true;
		return;
	}
	for (size_t i = 0; i < count && i < ENTRIES_SHOWN; i++)
		write_entry(out, lines->accounts, shown, i);
	if (count > ENTRIES_SHOWN)
		fprintf(out, ", and %zu more", count - ENTRIES_SHOWN);
	if (!shown->is_default && !(shown->mode & 070))
		fputs("; not read, as the mode gives the group nothing", out);
	if (fclose(out) == 0)
		add_line(lines, "%s: %s", title, text);
	else
		lines->failed = true;
}

static void add_xattr(struct lines *lines, const struct tar_xattr *xattr)
{
	bool is_default = strcmp(xattr->name, ACL_DEFAULT_XATTR) == 0;
	bool is_acl = is_default || strcmp(xattr->name, ACL_ACCESS_XATTR) == 0;
	bool is_capability = strcmp(xattr->name, CAPABILITY_XATTR) == 0;
	struct capabilities capabilities;
	char text[CAPABILITY_ROOM];
	struct acl_shown shown;

	if (is_acl && access__acl_show(xattr, lines->stat->mode, &shown))
		add_acl(lines, is_default ? "default acl" : "acl", &shown);
	else if (is_capability && capabilities_read(xattr->value, xattr->len, &capabilities))
		add_line(lines, "capabilities: %s", capabilities_text(&capabilities, text));
	else if (is_acl || is_capability)
		add_line(lines, "%s is malformed: it does not count", xattr->name);
	else if (strcmp(xattr->name, SELINUX_XATTR) == 0)
		add_line(lines, "selinux: %.*s", (int)xattr->len, (const char *)xattr->value);
	else
		add_line(lines, "xattr: %s, %zu bytes", xattr->name, xattr->len);
}

static void add_special(struct lines *lines)
{
	const struct tree_stat *stat = lines->stat;
	const struct account_user *user = accounts_user_by_id(lines->accounts, stat->uid);
	const struct account_group *group = accounts_group_by_id(lines->accounts, stat->gid);
	bool is_dir = stat->type == TAR_DIR, is_file = stat->type == TAR_FILE;
	char uid[24], gid[24];

	snprintf(uid, sizeof(uid), "%" PRId64, stat->uid);
	snprintf(gid, sizeof(gid), "%" PRId64, stat->gid);
	if (is_file && (stat->mode & 04000))
		add_line(lines, "setuid: runs as %s", user ? user->name : uid);
	if (is_file && (stat->mode & 02000))
		add_line(lines, "setgid: runs with group %s", group ? group->name : gid);
	if (is_dir && (stat->mode & 02000))
		add_line(lines, "setgid: what is made in it gets group %s",
			 group ? group->name : gid);
	if (is_dir && (stat->mode & 01000))
		add_line(lines, "sticky: only owners take names out of it");
}

static void add_texts(struct lines *lines, const struct layer_extra *extra)
{
	if (extra->acl_access)
		add_line(lines, "acl as text, which engines do not read: %s", extra->acl_access);
	if (extra->acl_default)
		add_line(lines, "default acl as text, which engines do not read: %s",
			 extra->acl_default);
}

char **attributes_lines(const struct accounts *accounts, const struct tree *tree,
			const struct tree_stat *stat)
{
	const struct layer_extra *extra = tree_extra(tree, stat);
	struct lines lines = { .accounts = accounts, .stat = stat };

	add_special(&lines);
	for (size_t i = 0; extra && i < extra->xattr_count; i++)
		add_xattr(&lines, &extra->xattrs[i]);
	if (extra)
		add_texts(&lines, extra);
	if (!lines.failed && VEC_PUSH(&lines.all, NULL, NULL) == 0)
		return lines.all.items;
	for (size_t i = 0; i < lines.all.count; i++)
		free(lines.all.items[i]);
	VEC_DONE(&lines.all);
	return NULL;
}

void attributes_lines_free(char **lines)
{
	for (size_t i = 0; lines && lines[i]; i++)
		free(lines[i]);
	free(lines);
}
