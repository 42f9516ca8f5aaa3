/*
 * The users and groups of an image: /etc/passwd and /etc/group, found and read
 * inside the image as the engines do (moby/sys user.go): the first line that
 * fits wins. Malformed lines are passed over, as the C library does; engines
 * read a number that is missing there as 0.
 */
#ifndef ACCESS_ACCOUNTS_H
#define ACCESS_ACCOUNTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/problem.h"
#include "content/content.h"

struct account_user {
	const char *name, *home, *shell; /* never NULL */
	int64_t uid, gid;
	unsigned line; /* in the file, from 1 */
};

struct account_group {
	const char *name;
	int64_t gid;
	const char *const *members; /* user names, NULL-ended */
	unsigned line;
};

struct accounts {
	struct account_user *users;
	size_t user_count;
	struct account_group *groups;
	size_t group_count;
	/* The files as they are: NULL where there is none that can be read. */
	char *passwd_text, *group_text;
	size_t passwd_len, group_len;
	node_id passwd_node, group_node; /* the files that links lead to; NODE_NONE */
	struct problem_list problems;    /* oddities of the files */
	/* Indexes of users and groups, sorted by value, then line. */
	uint32_t *users_by_id, *users_by_name, *groups_by_id, *groups_by_name;
	struct arena arena;
};

/* A file that is missing or odd is a problem, not an error. ERR_CANCELLED, ERR_NOMEM. */
int accounts_load(const struct content *content, struct accounts **ret_accounts, struct err *err);
void accounts_free(struct accounts *accounts);
void accounts_freep(struct accounts **accounts);

/* The first line that fits; NULL. Borrowed. */
const struct account_user *accounts_user_by_id(const struct accounts *accounts, int64_t uid);
const struct account_user *accounts_user_by_name(const struct accounts *accounts, const char *name);
const struct account_group *accounts_group_by_id(const struct accounts *accounts, int64_t gid);
const struct account_group *accounts_group_by_name(const struct accounts *accounts,
						   const char *name);

#endif
