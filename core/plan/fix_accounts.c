/*
 * Fixes in /etc/passwd, /etc/group and their shadows. Files are edited as
 * bytes: what is not changed stays, owner and mode too.
 */
#include <inttypes.h>
#include <string.h>

#include "content/content.h"
#include "fix_priv.h"
#include "tree/tree_iter.h"

/* The text of an identity file, and where it is; text NULL: there is none. */
struct identity_text {
	const char *path; /* where it is made if it is not there */
	const char *text;
	size_t len;
	node_id node;
};

static struct identity_text passwd_of(const struct fix_run *run)
{
	const struct accounts *accounts = run->judgement->accounts;

	return (struct identity_text){ "/etc/passwd", accounts->passwd_text, accounts->passwd_len,
				       accounts->passwd_node };
}

static struct identity_text group_of(const struct fix_run *run)
{
	const struct accounts *accounts = run->judgement->accounts;

	return (struct identity_text){ "/etc/group", accounts->group_text, accounts->group_len,
				       accounts->group_node };
}

static int want_text(const struct fix_run *run, const struct identity_text *file, const char *text,
		     size_t len, struct err *err)
{
	struct tree_want want = { .body = text, .body_len = len };

	if (file->text)
		return fix__want_node(run, file->node, &want, err);
	/* A file that is there but cannot be read is not written over. */
	want.type = TAR_FILE;
	want.mode = 0644;
	return fix__make(run, file->path, &want, err);
}

/* Bytes [from, to) of the file give way to 'with'. The text may hold NUL bytes. */
static int splice(const struct fix_run *run, const struct identity_text *file, size_t from,
		  size_t to, const char *with, struct err *err)
{
	size_t with_len = strlen(with), len = file->len - (to - from) + with_len;
	CLEANUP(freep) char *text = malloc(len + 1);

	if (!text)
		return err_nomem(err);
	if (from > 0)
		memcpy(text, file->text, from);
	memcpy(text + from, with, with_len);
	if (file->len > to)
		memcpy(text + from + with_len, file->text + to, file->len - to);
	return want_text(run, file, text, len, err);
}

static int append_line(const struct fix_run *run, const struct identity_text *file,
		       const char *line, struct err *err)
{
	CLEANUP(freep) char *text = NULL;
	bool open_end = file->len > 0 && file->text[file->len - 1] != '\n';

	if (asprintf(&text, "%s%s\n", open_end ? "\n" : "", line) < 0) {
		text = NULL;
		return err_nomem(err);
	}
	return splice(run, file, file->len, file->len, text, err);
}

/* Whether a line begins with "name:". */
static bool has_name(const struct identity_text *file, const char *name)
{
	size_t len = strlen(name);

	for (size_t at = 0; at < file->len;) {
		const char *newline = memchr(file->text + at, '\n', file->len - at);

		if (file->len - at > len && memcmp(file->text + at, name, len) == 0 &&
		    file->text[at + len] == ':')
			return true;
		at = newline ? (size_t)(newline - file->text) + 1 : file->len;
	}
	return false;
}

/* A line "name:rest" for a shadow file, where the image has one that can be read. */
static int append_shadow_line(const struct fix_run *run, const char *path, const char *name,
			      const char *rest, struct err *err)
{
	const struct judge_input *input = &run->judgement->input;
	const struct content content = {
		.image = input->image, .tree = run->tree, .at = run->at, .cancel = input->cancel
	};
	CLEANUP(freep) char *text = NULL;
	struct identity_text file = { .path = path };
	struct err failure = { 0 };
	char line[512];

	if (content_load_path(&content, path, limits_default()->identity_file, &file.node, &text,
			      &file.len, &failure) < 0)
		return failure.code == ERR_CANCELLED || failure.code == ERR_NOMEM ||
				       failure.code == ERR_IO
			       ? err_set(err, failure.code, "%s: %s", path, failure.text)
			       : 0;
	file.text = text;
	if (has_name(&file, name))
		return 0;
	snprintf(line, sizeof(line), "%.200s:%s", name, rest);
	return append_line(run, &file, line, err);
}

/* A part of a file: bytes [from, to). */
struct range {
	size_t from, to;
};

/* Line 'number' (from 1), without its line end and the blanks before that. */
static struct range line_range(const struct identity_text *file, unsigned number)
{
	struct range line = { 0, 0 };
	const char *newline = NULL;

	for (unsigned i = 1; i <= number; i++) {
		line.from = i == 1 ? 0 : newline ? (size_t)(newline - file->text) + 1 : file->len;
		newline = line.from < file->len
				  ? memchr(file->text + line.from, '\n', file->len - line.from)
				  : NULL;
	}
	line.to = newline ? (size_t)(newline - file->text) : file->len;
	while (line.to > line.from && strchr(" \t\r\v\f", file->text[line.to - 1]) &&
	       file->text[line.to - 1])
		line.to--;
	return line;
}

/* Fields 'first' to 'last' (from 0) of a line, colons between them included. */
static struct range field_range(const struct identity_text *file, struct range line, unsigned first,
				unsigned last)
{
	struct range fields = { line.to, line.to };
	unsigned field = 0;

	if (first == 0)
		fields.from = line.from;
	for (size_t at = line.from; at < line.to; at++) {
		if (file->text[at] != ':')
			continue;
		if (field == last) {
			fields.to = at;
			break;
		}
		if (++field == first)
			fields.from = at + 1;
	}
	return fields;
}

int fix__add_group(const struct fix_run *run, struct err *err)
{
	const struct accounts *accounts = run->judgement->accounts;
	const struct identity_text file = group_of(run);
	const char *name = fix__string(run, "name", "ma-group");
	int64_t gid = fix__int(run, "gid", profile_gid(run->judgement->input.profile));
	char own_name[256], line[512];
	int result;

	if (accounts_group_by_id(accounts, gid))
		return 0;
	/* The name with another number stays what it is. */
	if (accounts_group_by_name(accounts, name))
		snprintf(own_name, sizeof(own_name), "%.200s-%" PRId64, name, gid);
	else
		snprintf(own_name, sizeof(own_name), "%.200s", name);
	snprintf(line, sizeof(line), "%s%s:x:%" PRId64 ":", file.text ? "" : "root:x:0:\n",
		 own_name, gid);
	result = append_line(run, &file, line, err);
	return result < 0 ? result : append_shadow_line(run, "/etc/gshadow", own_name, "!::", err);
}

int fix__add_group_alias(const struct fix_run *run, struct err *err)
{
	const struct identity_text file = group_of(run);
	const char *name = fix__string(run, "name", "ma-group");
	int64_t gid = fix__int(run, "gid", profile_gid(run->judgement->input.profile));
	char line[512];

	if (!file.text || accounts_group_by_name(run->judgement->accounts, name))
		return 0;
	snprintf(line, sizeof(line), "%.200s:x:%" PRId64 ":", name, gid);
	int result = append_line(run, &file, line, err);
	return result < 0 ? result : append_shadow_line(run, "/etc/gshadow", name, "!::", err);
}

/* A shell that is there: the one asked for, else /bin/sh, else none. */
static const char *find_shell(const struct fix_run *run, const char *wanted)
{
	const char *const shells[] = { wanted, "/bin/sh" };

	for (size_t i = 0; i < sizeof(shells) / sizeof(*shells); i++) {
		struct access_verdict verdict = access_path(
			run->tree, run->at, &run->judgement->identity, shells[i], ACCESS_EXECUTE);

		if (verdict.outcome == ACCESS_ALLOWED)
			return shells[i];
	}
	return "/sbin/nologin";
}

int fix__set_login_shell(const struct fix_run *run, struct err *err)
{
	const struct account_user *user = accounts_user_by_id(
		run->judgement->accounts,
		fix__int(run, "uid", profile_uid(run->judgement->input.profile)));
	const struct identity_text file = passwd_of(run);
	const char *shell = find_shell(run, fix__string(run, "shell", "/bin/bash"));

	if (!user || !strcmp(shell, "/sbin/nologin"))
		return err_set(err, ERR_UNSUPPORTED, "the image has no shell: this needs a build");
	struct range field = field_range(&file, line_range(&file, user->line), 6, 6);
	return splice(run, &file, field.from, field.to, shell, err);
}

static int append_user(const struct fix_run *run, const char *name, int64_t uid, struct err *err)
{
	const struct identity_text file = passwd_of(run);
	int64_t gid = fix__int(run, "gid", profile_gid(run->judgement->input.profile));
	const char *home = fix__string(run, "home", "/home/ma-user");
	char line[2048];
	int result;

	/* A passwd file that is new needs root in it: tools look for it. */
	snprintf(line, sizeof(line), "%s%.200s:x:%" PRId64 ":%" PRId64 "::%.1000s:%.500s",
		 file.text ? "" : "root:x:0:0:root:/root:/sbin/nologin\n", name, uid, gid, home,
		 find_shell(run, fix__string(run, "shell", "/bin/bash")));
	result = append_line(run, &file, line, err);
	if (result == 0)
		result = append_shadow_line(run, "/etc/shadow", name, "!:19000:0:99999:7:::", err);
	return result < 0 ? result : fix__new_home(run, home, uid, gid, err);
}

int fix__add_user(const struct fix_run *run, struct err *err)
{
	const struct accounts *accounts = run->judgement->accounts;
	const char *name = fix__string(run, "name", "ma-user");
	int64_t uid = fix__int(run, "uid", profile_uid(run->judgement->input.profile));

	/* A user of this name with another number is a case of its own: its files change too. */
	if (accounts_user_by_id(accounts, uid) || accounts_user_by_name(accounts, name))
		return 0;
	return append_user(run, name, uid, err);
}

/* A passwd line with other ids; the other fields stay as they are in the file. */
static int want_user_ids(const struct fix_run *run, const struct account_user *user, int64_t uid,
			 int64_t gid, struct err *err)
{
	const struct identity_text file = passwd_of(run);
	struct range ids = field_range(&file, line_range(&file, user->line), 2, 3);
	char text[64];

	snprintf(text, sizeof(text), "%" PRId64 ":%" PRId64, uid, gid);
	return splice(run, &file, ids.from, ids.to, text, err);
}

/* Everything that the old number owned goes with the user, but for guarded files. */
static int chown_files(const struct fix_run *run, int64_t from, int64_t to, struct err *err)
{
	struct tree_iter it;
	node_id node;
	int result = 0;

	tree_iter_init(&it, run->tree, NODE_ROOT, run->at);
	while (result == 0 && tree_iter_next(&it, &node)) {
		struct tree_want want = { .set_uid = true, .uid = to };
		struct tree_stat stat;

		if (tree_stat(run->tree, node, run->at, &stat) && stat.uid == from &&
		    fix__is_first_name(run->tree, run->at, node, &stat) &&
		    !fix__is_guarded(run, node, &stat))
			result = fix__want_node(run, node, &want, err);
	}
	return result;
}

int fix__set_user_ids(const struct fix_run *run, struct err *err)
{
	const struct accounts *accounts = run->judgement->accounts;
	const char *name = fix__string(run, "name", "ma-user");
	int64_t uid = fix__int(run, "uid", profile_uid(run->judgement->input.profile));
	int64_t gid = fix__int(run, "gid", profile_gid(run->judgement->input.profile));
	const struct account_user *user = accounts_user_by_name(accounts, name);
	const struct account_user *taken = accounts_user_by_id(accounts, uid);
	int result;

	if (!user || user->uid == uid)
		return 0;
	if (taken)
		return err_set(err, ERR_UNSUPPORTED,
			       "%s: UID %" PRId64
			       " is taken by '%s': give that user another number first",
			       run->finding->rule->id, uid, taken->name);
	result = want_user_ids(run, user, uid, gid, err);
	return result < 0 ? result : chown_files(run, user->uid, uid, err);
}

static bool is_member(const struct account_group *group, const char *name)
{
	for (size_t i = 0; group->members[i]; i++) {
		if (strcmp(group->members[i], name) == 0)
			return true;
	}
	return false;
}

/* The old primary group becomes a supplementary one. */
static int join_group(const struct fix_run *run, int64_t gid, const char *name, struct err *err)
{
	const struct account_group *group = accounts_group_by_id(run->judgement->accounts, gid);
	const struct identity_text file = group_of(run);
	CLEANUP(freep) char *text = NULL;
	struct range members;

	if (!group || is_member(group, name))
		return 0;
	members = field_range(&file, line_range(&file, group->line), 3, 3);
	if (asprintf(&text, "%s%s", group->members[0] ? "," : "", name) < 0) {
		text = NULL;
		return err_nomem(err);
	}
	return splice(run, &file, members.to, members.to, text, err);
}

int fix__set_primary_group(const struct fix_run *run, struct err *err)
{
	int64_t uid = fix__int(run, "uid", profile_uid(run->judgement->input.profile));
	int64_t gid = fix__int(run, "gid", profile_gid(run->judgement->input.profile));
	const struct account_user *user = accounts_user_by_id(run->judgement->accounts, uid);
	int result;

	if (!user || user->gid == gid)
		return 0;
	result = want_user_ids(run, user, uid, gid, err);
	return result < 0 ? result : join_group(run, user->gid, user->name, err);
}

/* What a line of a file must look like. */
struct line_form {
	unsigned fields, least; /* how many there should be, and how many engines can do with */
	unsigned last_number;   /* fields 2 to this one are decimal */
};

static const struct line_form PASSWD_FORM = { 7, 4, 3 }, GROUP_FORM = { 4, 3, 2 };

static unsigned count_fields(const char *line, size_t len)
{
	unsigned count = 1;

	for (size_t i = 0; i < len; i++)
		count += line[i] == ':';
	return count;
}

/* Whether engines read the line, if not all tools. */
static bool can_be_kept(const struct identity_text *file, struct range line,
			const struct line_form *form)
{
	const char *text = file->text + line.from;
	size_t len = line.to - line.from;

	/* Comments and NIS lines are no mistakes. */
	if (len == 0 || memchr("#+-", *text, 3))
		return true;
	if (*text == ':' || count_fields(text, len) < form->least)
		return false;
	for (unsigned i = 2; i <= form->last_number; i++) {
		struct range number = field_range(file, line, i, i);

		if (number.from == number.to)
			return false;
		for (size_t at = number.from; at < number.to; at++) {
			if (file->text[at] < '0' || file->text[at] > '9')
				return false;
		}
	}
	return true;
}

/* The line with as many fields as there should be. */
static void put_line(FILE *out, const struct identity_text *file, struct range line,
		     const struct line_form *form)
{
	size_t len = line.to - line.from;
	unsigned count = count_fields(file->text + line.from, len);

	if (len > 0 && !memchr("#+-", file->text[line.from], 3)) {
		if (count > form->fields)
			line = field_range(file, line, 0, form->fields - 1);
		len = line.to - line.from;
		fwrite(file->text + line.from, 1, len, out);
		for (; count < form->fields; count++)
			fputc(':', out);
	} else {
		fwrite(file->text + line.from, 1, len, out);
	}
	fputc('\n', out);
}

static int clean_file(const struct fix_run *run, const struct identity_text *file,
		      const struct line_form *form, struct err *err)
{
	CLEANUP(freep) char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	if (!out)
		return err_nomem(err);
	for (size_t at = 0; at < file->len;) {
		const char *newline = memchr(file->text + at, '\n', file->len - at);
		size_t end = newline ? (size_t)(newline - file->text) : file->len;
		struct range line = { at, end };

		while (line.to > line.from && file->text[line.to - 1] == '\r')
			line.to--;
		if (can_be_kept(file, line, form))
			put_line(out, file, line, form);
		at = end + 1;
	}
	if (fclose(out) != 0)
		return err_nomem(err);
	if (len == file->len && memcmp(text, file->text, len) == 0)
		return 0;
	return want_text(run, file, text, len, err);
}

int fix__clean_identity_file(const struct fix_run *run, struct err *err)
{
	const struct identity_text passwd = passwd_of(run), group = group_of(run);
	node_id node = fix__node(run, false);

	if (node_is_none(node))
		return 0;
	if (passwd.text && passwd.node.v == node.v)
		return clean_file(run, &passwd, &PASSWD_FORM, err);
	if (group.text && group.node.v == node.v)
		return clean_file(run, &group, &GROUP_FORM, err);
	return 0;
}
