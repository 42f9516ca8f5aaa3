/*
 * The lines of passwd and group. What the C library would not take as a line
 * is passed over with a problem, never half read.
 */
#include <stdarg.h>
#include <string.h>

#include "core/access/account_file.h"

enum { GROUP_FIELDS = 4, NEEDED_FIELDS = 4 };

void access__note(const struct account_file *file, const char *format, ...)
{
	char text[512];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	problem_add(&file->accounts->problems, PROBLEM_IDENTITY_FILE, PROBLEM_NOWHERE, "%s: %s",
		    file->path, text);
}

/* ---- Lines ---- */

static bool parse_id(const char *text, int64_t *ret_id)
{
	int64_t value = 0;

	if (!*text)
		return false;
	for (; *text; text++) {
		if (*text < '0' || *text > '9')
			return false;
		value = value * 10 + (*text - '0');
		if (value >= UINT32_MAX) /* -1 is no ID */
			return false;
	}
	*ret_id = value;
	return true;
}

/* Cut a copy of the line in place. */
static void cut(struct account_line *line, char *text)
{
	for (size_t i = 0; i < PASSWD_FIELDS; i++)
		line->fields[i] = text + strlen(text);
	line->count = 0;
	while (text) {
		char *colon = strchr(text, ':');

		if (colon)
			*colon = '\0';
		if (line->count < PASSWD_FIELDS)
			line->fields[line->count] = text;
		line->count++;
		text = colon ? colon + 1 : NULL;
	}
}

/* False: the line is passed over. 'fields' is how many there should be. */
static bool check_line(const struct account_file *file, const struct account_line *line,
		       unsigned fields, unsigned ids, int64_t *ret_first, int64_t *ret_second)
{
	if (line->count < NEEDED_FIELDS || !*line->fields[0] ||
	    !parse_id(line->fields[2], ret_first) ||
	    (ids == 2 && !parse_id(line->fields[3], ret_second))) {
		access__note(file, "line %u is malformed and passed over", line->number);
		return false;
	}
	if (line->count != fields)
		access__note(file, "line %u has %u fields instead of %u", line->number, line->count,
			     fields);
	return true;
}

int access__add_user(struct account_file *file, const struct account_line *line)
{
	struct accounts *accounts = file->accounts;
	struct account_user *user = &accounts->users[accounts->user_count];

	if (!check_line(file, line, PASSWD_FIELDS, 2, &user->uid, &user->gid))
		return 0;
	user->name = line->fields[0];
	user->home = line->fields[5];
	user->shell = line->fields[6];
	user->line = line->number;
	accounts->user_count++;
	return 0;
}

int access__add_group(struct account_file *file, const struct account_line *line)
{
	struct accounts *accounts = file->accounts;
	struct account_group *group = &accounts->groups[accounts->group_count];
	size_t count = 0, room = 1;

	if (!check_line(file, line, GROUP_FIELDS, 1, &group->gid, NULL))
		return 0;
	for (const char *c = line->fields[3]; *c; c++)
		room += *c == ',';

	const char **members = arena_alloc(&accounts->arena, (room + 1) * sizeof(*members));

	if (!members)
		return err_nomem(file->err);
	for (char *rest = line->fields[3]; rest && *rest;) {
		char *name = strsep(&rest, ",");

		if (*name)
			members[count++] = name;
	}
	group->name = line->fields[0];
	group->members = members;
	group->line = line->number;
	accounts->group_count++;
	return 0;
}

/* Without the blanks around it, as the engines read it. NULL: out of memory. */
static char *copy_trimmed(const struct account_file *file, const char *text, size_t len)
{
	static const char BLANKS[] = " \t\r\v\f";

	while (len && memchr(BLANKS, text[len - 1], sizeof(BLANKS) - 1))
		len--;
	while (len && memchr(BLANKS, text[0], sizeof(BLANKS) - 1)) {
		text++;
		len--;
	}
	return arena_copy(&file->accounts->arena, text, len);
}

static int read_line(struct account_file *file, const char *text, size_t len, unsigned number,
		     account_add_fn *add)
{
	struct account_line line = { .number = number };
	size_t blank = strspn(text, " \t\r\v\f");

	if (blank >= len)
		return 0;
	if (memchr(text, '\0', len) || text[blank] == '#') {
		access__note(file, "line %u is malformed and passed over", number);
		return 0;
	}

	char *copy = copy_trimmed(file, text, len);

	if (!copy)
		return err_nomem(file->err);
	cut(&line, copy);
	return add(file, &line);
}

int access__read_lines(struct account_file *file, account_add_fn *add)
{
	const char *at = file->text, *end = file->text + file->len;
	bool has_return = false;

	for (unsigned number = 1; at < end; number++) {
		const char *newline = memchr(at, '\n', (size_t)(end - at));
		size_t len = (size_t)((newline ? newline : end) - at);

		has_return |= len && at[len - 1] == '\r';

		int r = read_line(file, at, len, number, add);

		if (r < 0)
			return r;
		at += len + 1;
	}
	if (has_return)
		access__note(file, "lines end in CR LF");
	if (file->len && end[-1] != '\n')
		access__note(file, "the last line has no newline");
	return 0;
}

/* At least as many as there are lines of use, which are as long as "a::1:". */
size_t access__count_lines(const struct account_file *file)
{
	size_t count = 1, most = file->len / strlen("a::1:") + 1;

	for (size_t i = 0; i < file->len; i++)
		count += file->text[i] == '\n';
	return count < most ? count : most;
}
