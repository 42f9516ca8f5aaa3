/*
 * Whether /etc/passwd and /etc/group are as tools expect them: there, readable
 * for the user, well formed. The engines pass over much of this in silence;
 * useradd, sed and shadow-utils do not.
 */
#include "rule_priv.h"

#include <ctype.h>
#include <inttypes.h>
#include <string.h>

enum { CONF_BYTES = 64 * 1024 };

struct identity_file {
	const char *path, *text;
	size_t len;
	node_id node;
	unsigned fields;       /* of a line */
	unsigned first_number; /* the fields from here ... */
	unsigned last_number;  /* ... to here are decimal */
};

static bool is_decimal(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (!isdigit((unsigned char)text[i]))
			return false;
	}
	return len > 0;
}

/* Comments and NIS lines ("+", "-") are no mistakes. */
static bool is_well_formed(const struct identity_file *file, const char *line, size_t len)
{
	unsigned field = 0;

	if (!len || strchr("#+-", line[0]))
		return true;
	if (line[0] == ':')
		return false;
	for (size_t at = 0; at <= len; field++) {
		const char *end = memchr(line + at, ':', len - at);
		size_t width = end ? (size_t)(end - line) - at : len - at;

		if (field >= file->first_number && field <= file->last_number &&
		    !is_decimal(line + at, width))
			return false;
		at += width + 1;
	}
	return field == file->fields;
}

struct flaws {
	unsigned malformed, first_malformed; /* lines, from 1 */
	unsigned crlf;
};

static struct flaws look_at_lines(const struct identity_file *file)
{
	struct flaws flaws = { 0 };
	unsigned number = 1;

	for (size_t at = 0; at < file->len; number++) {
		const char *line = file->text + at;
		const char *end = memchr(line, '\n', file->len - at);
		size_t len = end ? (size_t)(end - line) : file->len - at;

		at += len + 1;
		if (len && line[len - 1] == '\r') {
			flaws.crlf++;
			len--;
		}
		if (is_well_formed(file, line, len))
			continue;
		flaws.malformed++;
		if (!flaws.first_malformed)
			flaws.first_malformed = number;
	}
	return flaws;
}

static int report_lines(struct rule_run *run, const struct identity_file *file, struct err *err)
{
	struct flaws flaws = look_at_lines(file);
	struct finding draft = rule__draft();
	char detail[32];
	int rc = 0;

	draft.node = file->node;
	if (flaws.malformed) {
		snprintf(detail, sizeof(detail), "line %u", flaws.first_malformed);
		draft.detail = rule__keep(run, detail);
		draft.count = flaws.malformed;
		rc = rule__report(run, "malformed", &draft, err);
	}
	draft.detail = NULL;
	draft.count = flaws.crlf;
	if (rc == 0 && flaws.crlf)
		rc = rule__report(run, "crlf", &draft, err);
	draft.count = 0;
	if (rc == 0 && file->len && file->text[file->len - 1] != '\n')
		rc = rule__report(run, "no-final-newline", &draft, err);
	return rc;
}

static int report_unreadable(struct rule_run *run, const struct identity_file *file,
			     struct err *err)
{
	struct access_verdict verdict =
		access_path(run->tree, run->at, run->identity, file->path, ACCESS_READ);
	struct finding draft = rule__draft();

	if (verdict.outcome != ACCESS_DENIED)
		return 0;
	draft.node = file->node;
	draft.blocker = verdict.blocker;
	draft.denied = verdict.wanted & ~verdict.grant.bits;
	return rule__report(run, "unreadable", &draft, err);
}

static int report_duplicates(struct rule_run *run, struct err *err)
{
	int64_t uid = rule__int(run, "uid", 1000);
	const struct accounts *accounts = run->accounts;
	const struct account_user *first = accounts_user_by_id(accounts, uid);
	struct finding draft = rule__draft();

	for (size_t i = 0; first && i < accounts->user_count; i++) {
		const struct account_user *user = &accounts->users[i];

		if (user->uid != uid || user->line == first->line)
			continue;
		draft.node = accounts->passwd_node;
		draft.detail = user->name;
		return rule__report(run, "duplicate-id", &draft, err);
	}
	return 0;
}

/* "passwd: files altfiles": users that no line of /etc/passwd shows. */
static int report_databases(struct rule_run *run, struct err *err)
{
	CLEANUP(freep) char *text = NULL;
	struct finding draft = rule__draft();
	struct err cause = { 0 };
	size_t len;

	if (content_load_path(run->content, "/etc/nsswitch.conf", CONF_BYTES, &draft.node, &text,
			      &len, &cause) < 0)
		return cause.code == ERR_CANCELLED ? err_set(err, ERR_CANCELLED, "cancelled") : 0;
	for (char *line = text; line && *line; line = *line ? line + 1 : line) {
		size_t width = strcspn(line, "\n");
		char end = line[width];

		line[width] = '\0';
		if ((!strncmp(line, "passwd:", 7) || !strncmp(line, "group:", 6)) &&
		    (strstr(line, "altfiles") || strstr(line, "extrausers"))) {
			draft.detail = rule__keep(run, line);
			return rule__report(run, "other-databases", &draft, err);
		}
		line[width] = end;
		line += width;
	}
	return 0;
}

static int identity_files(struct rule_run *run, struct err *err)
{
	const struct accounts *accounts = run->accounts;
	const struct identity_file files[] = {
		{ "/etc/passwd", accounts->passwd_text, accounts->passwd_len, accounts->passwd_node,
		  7, 2, 3 },
		{ "/etc/group", accounts->group_text, accounts->group_len, accounts->group_node, 4,
		  2, 2 },
	};
	struct finding draft = rule__draft();
	int rc = 0;

	draft.path = "/etc/passwd";
	if (!accounts->passwd_text)
		rc = rule__report(run, "no-passwd", &draft, err);
	for (size_t i = 0; i < 2 && rc == 0; i++) {
		if (!files[i].text)
			continue;
		rc = report_unreadable(run, &files[i], err);
		if (rc == 0)
			rc = report_lines(run, &files[i], err);
	}
	if (rc == 0)
		rc = report_duplicates(run, err);
	return rc < 0 ? rc : report_databases(run, err);
}

/* clang-format off */
const struct predicate rule__identity_file_predicates[] = {
	{ "identity-files", identity_files,
	  RULE_WORDS("no-passwd", "unreadable", "malformed", "crlf", "no-final-newline", "duplicate-id",
		"other-databases"), RULE_WORDS("uid") },
	{ NULL, NULL, NULL, NULL },
};
/* clang-format on */
