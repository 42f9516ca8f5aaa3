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

	return (struct identity_text){ "etc/passwd", accounts->passwd_text, accounts->passwd_len,
				       accounts->passwd_node };
}

static struct identity_text group_of(const struct fix_run *run)
{
	const struct accounts *accounts = run->judgement->accounts;

	return (struct identity_text){ "etc/group", accounts->group_text, accounts->group_len,
				       accounts->group_node };
}

static int want_text(const struct fix_run *run, const struct identity_text *file, const char *text,
		     size_t len, struct err *err)
{
	struct tree_want want = { .path = file->path, .body = text, .body_len = len };
	int result = 0;

	if (file->text)
		return fix__want_node(run, file->node, &want, err);
	if (!tree_exists(run->tree, tree_find(run->tree, "etc"), run->at))
		result = fix__make_folder(run, "/etc", 0755, 0, 0, err);
	want.create = want.set_mode = want.set_uid = want.set_gid = true;
	want.type = TAR_FILE;
	want.mode = 0644;
	return result < 0 ? result : plan_want(run->plan, &want, err);
}

static int append_line(const struct fix_run *run, const struct identity_text *file,
		       const char *line, struct err *err)
{
	CLEANUP(freep) char *text = NULL;
	bool open_end = file->len > 0 && file->text[file->len - 1] != '\n';
	int len = asprintf(&text, "%.*s%s%s\n", (int)file->len, file->text ? file->text : "",
			   open_end ? "\n" : "", line);

	if (len < 0) {
		text = NULL;
		return err_nomem(err);
	}
	return want_text(run, file, text, (size_t)len, err);
}

/* A line for a shadow file, where the image has one that can be read. */
static int append_shadow_line(const struct fix_run *run, const char *path, const char *line,
			      struct err *err)
{
	const struct judge_input *input = &run->judgement->input;
	const struct content content = { .image = input->image, .tree = run->tree, .at = run->at,
					 .cancel = input->cancel };
	CLEANUP(freep) char *text = NULL;
	struct identity_text file = { .path = path };
	struct err failure = { 0 };

	if (content_load_path(&content, path, limits_default()->identity_file, &file.node, &text,
			      &file.len, &failure) < 0)
		return failure.code == ERR_CANCELLED || failure.code == ERR_NOMEM
			       ? err_set(err, failure.code, "%s", failure.text)
			       : 0;
	file.text = text;
	return append_line(run, &file, line, err);
}

/* The text with line 'number' (from 1) replaced. Free with free(); NULL: out of memory. */
static char *replace_line(const struct identity_text *file, unsigned number, const char *line)
{
	const char *start = file->text, *end = file->text + file->len, *stop;
	char *text = NULL;

	for (unsigned i = 1; i < number && start; i++) {
		start = memchr(start, '\n', (size_t)(end - start));
		start = start ? start + 1 : NULL;
	}
	if (!start)
		start = end;
	stop = memchr(start, '\n', (size_t)(end - start));
	if (!stop)
		stop = end;
	if (asprintf(&text, "%.*s%s%.*s", (int)(start - file->text), file->text, line,
		     (int)(end - stop), stop) < 0)
		return NULL;
	return text;
}

static int want_line(const struct fix_run *run, const struct identity_text *file, unsigned number,
		     const char *line, struct err *err)
{
	CLEANUP(freep) char *text = replace_line(file, number, line);

	return text ? want_text(run, file, text, strlen(text), err) : err_nomem(err);
}

int fix__add_group(const struct fix_run *run, struct err *err)
{
	const struct accounts *accounts = run->judgement->accounts;
	const struct identity_text file = group_of(run);
	const char *name = fix__string(run, "name", "ma-group");
	int64_t gid = fix__int(run, "gid", profile_gid(run->judgement->input.profile));
	char line[512], shadow[512];
	int result;

	if (accounts_group_by_id(accounts, gid))
		return 0;
	/* The name with another number stays what it is. */
	if (accounts_group_by_name(accounts, name))
		snprintf(line, sizeof(line), "%.200s-%" PRId64 ":x:%" PRId64 ":", name, gid, gid);
	else
		snprintf(line, sizeof(line), "%.200s:x:%" PRId64 ":", name, gid);
	result = append_line(run, &file, line, err);
	snprintf(shadow, sizeof(shadow), "%.*s:!::", (int)strcspn(line, ":"), line);
	return result < 0 ? result : append_shadow_line(run, "/etc/gshadow", shadow, err);
}

/* A shell that is there: the one asked for, else /bin/sh, else none. */
static const char *find_shell(const struct fix_run *run, const char *wanted)
{
	const char *const shells[] = { wanted, "/bin/sh" };

	for (size_t i = 0; i < sizeof(shells) / sizeof(*shells); i++) {
		struct access_verdict verdict = access_path(run->tree, run->at, &run->judgement->identity,
							    shells[i], ACCESS_EXECUTE);

		if (verdict.outcome == ACCESS_ALLOWED)
			return shells[i];
	}
	return "/sbin/nologin";
}

static int append_user(const struct fix_run *run, const char *name, int64_t uid, struct err *err)
{
	const struct identity_text file = passwd_of(run);
	int64_t gid = fix__int(run, "gid", profile_gid(run->judgement->input.profile));
	const char *home = fix__string(run, "home", "/home/ma-user");
	char line[2048], shadow[512];
	int result;

	/* A passwd file that is new needs root in it: tools look for it. */
	snprintf(line, sizeof(line), "%s%.200s:x:%" PRId64 ":%" PRId64 "::%.1000s:%.500s",
		 file.text ? "" : "root:x:0:0:root:/root:/sbin/nologin\n", name, uid, gid, home,
		 find_shell(run, fix__string(run, "shell", "/bin/bash")));
	result = append_line(run, &file, line, err);
	snprintf(shadow, sizeof(shadow), "%.200s:!:19000:0:99999:7:::", name);
	if (result == 0)
		result = append_shadow_line(run, "/etc/shadow", shadow, err);
	if (result == 0 && !tree_exists(run->tree, tree_find(run->tree, home + strspn(home, "/")), run->at))
		result = fix__make_folder(run, home, 0750, uid, gid, err);
	return result;
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
	CLEANUP(freep) char *line = NULL;
	const char *start = file.text, *rest;

	for (unsigned i = 1; i < user->line; i++)
		start = strchr(start, '\n') + 1;
	/* name:password:uid:gid:rest */
	rest = start;
	for (int colons = 0; colons < 4; rest++)
		colons += *rest == ':';
	if (asprintf(&line, "%s:x:%" PRId64 ":%" PRId64 ":%.*s", user->name, uid, gid,
		     (int)strcspn(rest, "\r\n"), rest) < 0) {
		line = NULL;
		return err_nomem(err);
	}
	return want_line(run, &file, user->line, line, err);
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
			       "%s: UID %" PRId64 " is taken by '%s': give that user another number first",
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
	CLEANUP(freep) char *line = NULL;
	const char *start = file.text;
	size_t len;

	if (!group || is_member(group, name))
		return 0;
	for (unsigned i = 1; i < group->line; i++)
		start = strchr(start, '\n') + 1;
	len = strcspn(start, "\r\n");
	if (asprintf(&line, "%.*s%s%s", (int)len, start, group->members[0] ? "," : "", name) < 0) {
		line = NULL;
		return err_nomem(err);
	}
	return want_line(run, &file, group->line, line, err);
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

static bool is_number(const char *text, size_t len)
{
	return len > 0 && strspn(text, "0123456789") >= len;
}

/* Whether engines read the line: enough fields, and numbers where they belong. */
static bool is_well_formed(const char *line, size_t len, bool passwd)
{
	const char *fields[7] = { line };
	size_t count = 1;

	for (size_t i = 0; i < len; i++) {
		if (line[i] == ':' && count < 7)
			fields[count++] = line + i + 1;
	}
	if (len == 0 || *line == '#')
		return true;
	if (count < (passwd ? 7u : 4u) || fields[1] == line + 1)
		return false;
	return is_number(fields[2], strcspn(fields[2], ":")) &&
	       (!passwd || is_number(fields[3], strcspn(fields[3], ":")));
}

int fix__clean_identity_file(const struct fix_run *run, struct err *err)
{
	const struct identity_text files[] = { passwd_of(run), group_of(run) };
	node_id node = fix__node(run, false);

	for (size_t i = 0; i < 2; i++) {
		CLEANUP(freep) char *text = NULL;
		const char *line = files[i].text;
		size_t used = 0;

		if (!line || node_is_none(node) || files[i].node.v != node.v)
			continue;
		text = malloc(files[i].len + 2);
		if (!text)
			return err_nomem(err);
		while (*line) {
			size_t len = strcspn(line, "\n"), kept = len;

			while (kept > 0 && line[kept - 1] == '\r')
				kept--;
			if (is_well_formed(line, kept, i == 0)) {
				memcpy(text + used, line, kept);
				used += kept;
				text[used++] = '\n';
			}
			line += len + (line[len] == '\n');
		}
		if (used == files[i].len && memcmp(text, files[i].text, used) == 0)
			return 0;
		return want_text(run, &files[i], text, used, err);
	}
	return 0;
}
