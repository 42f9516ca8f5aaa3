/*
 * Reads passwd and group line by line. Both files are untrusted: look-ups and
 * the search for duplicates go by sorted indexes, so that a huge file costs
 * no more than its sorting.
 */
#include "access/accounts.h"

#include <inttypes.h>
#include <string.h>

#include "base/limits.h"
#include "core/access/account_file.h"
#include "tree/resolve.h"

/* ---- Finding the file ---- */

static bool is_fatal(int r)
{
	return r == -ERR_CANCELLED || r == -ERR_NOMEM;
}

/* The node of the path, or NODE_NONE and a problem. */
static node_id find_file(const struct account_file *file, const struct content *content,
			 struct tree_stat *ret_stat)
{
	static const char *const REASONS[] = {
		[RESOLVE_FOUND] = "is not there",
		[RESOLVE_NOT_FOUND] = "is not there",
		[RESOLVE_NOT_DIRECTORY] = "a parent is no directory",
		[RESOLVE_LOOP] = "is a loop of links",
		[RESOLVE_TOO_LONG] = "leads to a path that is too long",
		[RESOLVE_RUNTIME] = "leads to what only the runtime knows",
	};
	struct resolve_result result =
		resolve_path(content->tree, content->at, NODE_ROOT, file->path, true, NULL);

	if (result.outcome != RESOLVE_FOUND ||
	    !tree_stat(content->tree, result.node, content->at, ret_stat)) {
		access__note(file, "%s%s", result.links ? "is a link, and " : "",
			     REASONS[result.outcome]);
		return NODE_NONE;
	}
	if (result.links) {
		CLEANUP(freep) char *path = tree_path_new(content->tree, result.node);

		access__note(file, "is reached by a link, which leads to '%s'", path ? path : "?");
	}
	return result.node;
}

/* Fills in text, len and node if the file can be read. */
static int load_file(struct account_file *file, const struct content *content)
{
	const uint64_t limit = limits_default()->identity_file;
	struct err cause = { 0 };
	struct tree_stat stat;
	node_id node = find_file(file, content, &stat);

	if (node_is_none(node))
		return 0;
	if (stat.type != TAR_FILE || stat.size > limit) {
		access__note(file, "%s",
			     stat.type == TAR_DIR    ? "is a directory"
			     : stat.type != TAR_FILE ? "is no regular file"
						     : "is too large to be read");
		return 0;
	}

	int r = content_load(content, node, limit, &file->text, &file->len, &cause);

	if (is_fatal(r))
		return err_set(file->err, cause.code, "%s", cause.text);
	if (r < 0)
		access__note(file, "cannot be read: %s", cause.text);
	else
		file->node = node;
	return 0;
}

/* ---- Sorted indexes ---- */

/* What users and groups are sorted by. */
struct key {
	int64_t id;
	const char *name; /* NULL: by id */
};

typedef struct key key_fn(const struct accounts *accounts, uint32_t i);

static struct key user_id(const struct accounts *accounts, uint32_t i)
{
	return (struct key){ accounts->users[i].uid, NULL };
}

static struct key user_name(const struct accounts *accounts, uint32_t i)
{
	return (struct key){ 0, accounts->users[i].name };
}

static struct key group_id(const struct accounts *accounts, uint32_t i)
{
	return (struct key){ accounts->groups[i].gid, NULL };
}

static struct key group_name(const struct accounts *accounts, uint32_t i)
{
	return (struct key){ 0, accounts->groups[i].name };
}

struct order {
	const struct accounts *accounts;
	key_fn *key;
};

static int compare_keys(struct key a, struct key b)
{
	if (a.name && b.name)
		return strcmp(a.name, b.name);
	return (a.id > b.id) - (a.id < b.id);
}

static int compare_items(const void *left, const void *right, void *context)
{
	const struct order *order = context;
	uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
	int r = compare_keys(order->key(order->accounts, a), order->key(order->accounts, b));

	return r ? r : (a > b) - (a < b);
}

static uint32_t *sort(struct accounts *accounts, size_t count, key_fn *key)
{
	uint32_t *items = arena_alloc(&accounts->arena, (count + 1) * sizeof(*items));
	struct order order = { accounts, key };

	if (!items)
		return NULL;
	for (uint32_t i = 0; i < count; i++)
		items[i] = i;
	qsort_r(items, count, sizeof(*items), compare_items, &order);
	return items;
}

/* The first line with the key; SIZE_MAX: none. */
static size_t find(const struct accounts *accounts, const uint32_t *items, size_t count,
		   key_fn *key, struct key wanted)
{
	size_t low = 0, high = count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (compare_keys(key(accounts, items[middle]), wanted) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == count || compare_keys(key(accounts, items[low]), wanted) != 0)
		return SIZE_MAX;
	return items[low];
}

static unsigned line_of(const struct accounts *accounts, bool users, uint32_t i)
{
	return users ? accounts->users[i].line : accounts->groups[i].line;
}

static void note_duplicates(const struct account_file *file, const uint32_t *items, size_t count,
			    key_fn *key, bool users)
{
	const struct accounts *accounts = file->accounts;

	for (size_t i = 1; i < count; i++) {
		struct key a = key(accounts, items[i - 1]), b = key(accounts, items[i]);
		unsigned first = line_of(accounts, users, items[i - 1]);
		unsigned line = line_of(accounts, users, items[i]);

		if (compare_keys(a, b) != 0)
			continue;
		if (b.name)
			access__note(file, "lines %u and %u have the same name '%s'", first, line,
				     b.name);
		else
			access__note(file, "lines %u and %u have the same %s %" PRId64, first, line,
				     users ? "uid" : "gid", b.id);
	}
}

/* ---- Both files ---- */

static int load_users(struct accounts *accounts, const struct content *content, struct err *err)
{
	struct account_file file = {
		.path = "/etc/passwd", .node = NODE_NONE, .accounts = accounts, .err = err
	};
	int r = load_file(&file, content);

	accounts->passwd_text = file.text;
	accounts->passwd_len = file.len;
	accounts->passwd_node = file.node;
	if (r < 0)
		return r;
	accounts->users = arena_alloc(&accounts->arena,
				      access__count_lines(&file) * sizeof(*accounts->users));
	if (!accounts->users)
		return err_nomem(err);
	r = access__read_lines(&file, access__add_user);
	if (r < 0)
		return r;
	accounts->users_by_id = sort(accounts, accounts->user_count, user_id);
	accounts->users_by_name = sort(accounts, accounts->user_count, user_name);
	if (!accounts->users_by_id || !accounts->users_by_name)
		return err_nomem(err);
	note_duplicates(&file, accounts->users_by_id, accounts->user_count, user_id, true);
	note_duplicates(&file, accounts->users_by_name, accounts->user_count, user_name, true);
	return 0;
}

static int load_groups(struct accounts *accounts, const struct content *content, struct err *err)
{
	struct account_file file = {
		.path = "/etc/group", .node = NODE_NONE, .accounts = accounts, .err = err
	};
	int r = load_file(&file, content);

	accounts->group_text = file.text;
	accounts->group_len = file.len;
	accounts->group_node = file.node;
	if (r < 0)
		return r;
	accounts->groups = arena_alloc(&accounts->arena,
				       access__count_lines(&file) * sizeof(*accounts->groups));
	if (!accounts->groups)
		return err_nomem(err);
	r = access__read_lines(&file, access__add_group);
	if (r < 0)
		return r;
	accounts->groups_by_id = sort(accounts, accounts->group_count, group_id);
	accounts->groups_by_name = sort(accounts, accounts->group_count, group_name);
	if (!accounts->groups_by_id || !accounts->groups_by_name)
		return err_nomem(err);
	note_duplicates(&file, accounts->groups_by_id, accounts->group_count, group_id, false);
	note_duplicates(&file, accounts->groups_by_name, accounts->group_count, group_name, false);
	return 0;
}

int accounts_load(const struct content *content, struct accounts **ret_accounts, struct err *err)
{
	CLEANUP(accounts_freep) struct accounts *accounts = calloc(1, sizeof(*accounts));

	if (!accounts)
		return err_nomem(err);

	int r = load_users(accounts, content, err);

	if (r == 0)
		r = load_groups(accounts, content, err);
	if (r < 0)
		return r;
	*ret_accounts = STEAL(accounts);
	return 0;
}

void accounts_free(struct accounts *accounts)
{
	if (!accounts)
		return;
	free(accounts->passwd_text);
	free(accounts->group_text);
	problem_list_done(&accounts->problems);
	arena_done(&accounts->arena);
	free(accounts);
}

void accounts_freep(struct accounts **accounts)
{
	accounts_free(*accounts);
}

/* ---- Look-up ---- */

const struct account_user *accounts_user_by_id(const struct accounts *accounts, int64_t uid)
{
	size_t i = find(accounts, accounts->users_by_id, accounts->user_count, user_id,
			(struct key){ uid, NULL });

	return i == SIZE_MAX ? NULL : &accounts->users[i];
}

const struct account_user *accounts_user_by_name(const struct accounts *accounts, const char *name)
{
	size_t i = find(accounts, accounts->users_by_name, accounts->user_count, user_name,
			(struct key){ 0, name });

	return i == SIZE_MAX ? NULL : &accounts->users[i];
}

const struct account_group *accounts_group_by_id(const struct accounts *accounts, int64_t gid)
{
	size_t i = find(accounts, accounts->groups_by_id, accounts->group_count, group_id,
			(struct key){ gid, NULL });

	return i == SIZE_MAX ? NULL : &accounts->groups[i];
}

const struct account_group *accounts_group_by_name(const struct accounts *accounts,
						   const char *name)
{
	size_t i = find(accounts, accounts->groups_by_name, accounts->group_count, group_name,
			(struct key){ 0, name });

	return i == SIZE_MAX ? NULL : &accounts->groups[i];
}
