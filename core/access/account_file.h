/* One of passwd and group while it is read. */
#ifndef ACCESS_ACCOUNT_FILE_H
#define ACCESS_ACCOUNT_FILE_H

#include "access/accounts.h"

enum { PASSWD_FIELDS = 7 };

struct account_file {
	const char *path;
	char *text; /* NULL: none that can be read */
	size_t len;
	node_id node;
	struct accounts *accounts; /* where users, groups and problems go */
	struct err *err;
};

/* One line, cut at its colons; fields that are not there are "". */
struct account_line {
	unsigned number; /* from 1 */
	char *fields[PASSWD_FIELDS];
	unsigned count; /* may be more than there is room for */
};

typedef int account_add_fn(struct account_file *file, const struct account_line *line);

void access__note(const struct account_file *file, const char *format, ...) PRINTF_LIKE(2, 3);

/* At least as many as there are lines of use. */
size_t access__count_lines(const struct account_file *file);

/* Hand each line to 'add', which knows whether it is of use. ERR_NOMEM. */
int access__read_lines(struct account_file *file, account_add_fn *add);

/* Take a line into accounts->users or ->groups, where there is room for it. ERR_NOMEM. */
account_add_fn access__add_user, access__add_group;

#endif
