/*
 * A user specification as moby/sys GetExecUser() reads it: a number is never a
 * name, the first line that fits wins, and an explicit group stands alone.
 */
#include "access/identity.h"

#include <inttypes.h>
#include <string.h>

enum { MOST_SPEC = 255 };

static const int64_t HIGHEST_ID = INT32_MAX; /* of a specification, for the engines */

/* As Go's strconv.Atoi(): a sign may be there; false: no number, so a name. */
static bool parse_number(const char *text, int64_t *ret_value)
{
	bool negative = *text == '-';
	int64_t value = 0;

	if (*text == '-' || *text == '+')
		text++;
	if (!*text)
		return false;
	for (; *text; text++) {
		unsigned digit = (unsigned)(*text - '0');

		if (digit > 9 || value > (INT64_MAX - digit) / 10)
			return false;
		value = value * 10 + digit;
	}
	*ret_value = negative ? -value : value;
	return true;
}

static int check_range(int64_t id, struct err *err)
{
	if (id >= 0 && id <= HIGHEST_ID)
		return 0;
	return err_set(err, ERR_INVALID, "uids and gids must be in range 0-%" PRId64, HIGHEST_ID);
}

/* Without a line: no name, home "/". */
static void take_line(const struct account_user *user, struct identity *identity)
{
	identity->has_line = user != NULL;
	snprintf(identity->name, sizeof(identity->name), "%s", user ? user->name : "");
	snprintf(identity->home, sizeof(identity->home), "%s",
		 user && *user->home ? user->home : "/");
}

static int resolve_user(const struct accounts *accounts, const char *text,
			struct identity *identity, const char **ret_name, struct err *err)
{
	const struct account_user *user;

	if (!*text || parse_number(text, &identity->uid))
		user = accounts_user_by_id(accounts, identity->uid);
	else
		user = accounts_user_by_name(accounts, text);
	if (!user && *text && !parse_number(text, &identity->uid))
		return err_set(err, ERR_NOT_FOUND,
			       "unable to find user %s: no matching entries in passwd file", text);
	if (user) {
		identity->uid = user->uid;
		identity->gid = user->gid;
	}
	take_line(user, identity);
	*ret_name = user ? user->name : "";
	/* The engines let any number of a line pass. */
	return user ? 0 : check_range(identity->uid, err);
}

static int resolve_group(const struct accounts *accounts, const char *text,
			 struct identity *identity, struct err *err)
{
	bool is_number = parse_number(text, &identity->gid);
	const struct account_group *group;

	if (is_number)
		return check_range(identity->gid, err);
	group = accounts_group_by_name(accounts, text);
	if (!group)
		return err_set(err, ERR_NOT_FOUND,
			       "unable to find group %s: no matching entries in group file", text);
	identity->gid = group->gid;
	return 0;
}

static bool is_member(const struct account_group *group, const char *name)
{
	for (const char *const *member = group->members; *member; member++)
		if (strcmp(*member, name) == 0)
			return true;
	return false;
}

static int add_supplementary(const struct accounts *accounts, const char *name,
			     struct identity *identity, struct err *err)
{
	for (size_t i = 0; i < accounts->group_count; i++) {
		const struct account_group *group = &accounts->groups[i];

		if (!is_member(group, name) || identity_in_group(identity, group->gid))
			continue;
		if (identity->group_count == IDENTITY_GROUPS)
			return err_set(err, ERR_INVALID, "user '%s' is in more than %d groups",
				       name, IDENTITY_GROUPS);
		identity->groups[identity->group_count++] = group->gid;
	}
	return 0;
}

int identity_resolve(const struct accounts *accounts, const char *spec,
		     struct identity *ret_identity, struct err *err)
{
	struct identity identity = { 0 };
	char text[MOST_SPEC + 1];
	const char *name;

	if (strlen(spec) > MOST_SPEC)
		return err_set(err, ERR_INVALID, "a user of more than %d bytes", MOST_SPEC);
	snprintf(text, sizeof(text), "%s", spec);

	/* What follows a second colon is not looked at. */
	char *group = text + strcspn(text, ":");

	if (*group)
		*group++ = '\0';
	group[strcspn(group, ":")] = '\0';

	int r = resolve_user(accounts, text, &identity, &name, err);

	if (r == 0 && *group)
		r = resolve_group(accounts, group, &identity, err);
	else if (r == 0 && *name)
		r = add_supplementary(accounts, name, &identity, err);
	if (r < 0)
		return r;
	*ret_identity = identity;
	return 0;
}

void identity_fixed(const struct accounts *accounts, int64_t uid, int64_t gid,
		    struct identity *ret_identity)
{
	*ret_identity = (struct identity){ .uid = uid, .gid = gid };
	take_line(accounts ? accounts_user_by_id(accounts, uid) : NULL, ret_identity);
}

bool identity_in_group(const struct identity *identity, int64_t gid)
{
	if (identity->gid == gid)
		return true;
	for (size_t i = 0; i < identity->group_count; i++)
		if (identity->groups[i] == gid)
			return true;
	return false;
}

/* For verdicts it is the same whether a group is the first one or a supplementary one. */
static bool has_groups_of(const struct identity *a, const struct identity *b)
{
	for (size_t i = 0; i < b->group_count; i++)
		if (!identity_in_group(a, b->groups[i]))
			return false;
	return identity_in_group(a, b->gid);
}

bool identity_same(const struct identity *a, const struct identity *b)
{
	return a->uid == b->uid && has_groups_of(a, b) && has_groups_of(b, a);
}

const char *identity_text(const struct identity *identity, char *out)
{
	enum { ROOM = 128 };
	size_t used =
		(size_t)snprintf(out, ROOM, "%" PRId64 ":%" PRId64, identity->uid, identity->gid);

	for (size_t i = 0; i < identity->group_count; i++) {
		char group[24];
		size_t len = (size_t)snprintf(group, sizeof(group), "%c%" PRId64, i ? ',' : '+',
					      identity->groups[i]);

		if (used + len + sizeof("…") > ROOM) {
			snprintf(out + used, ROOM - used, "…");
			break;
		}
		used += (size_t)snprintf(out + used, ROOM - used, "%s", group);
	}
	return out;
}
