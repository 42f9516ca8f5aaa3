/* A tree whose files have each kind of attribute, and the names for it. */
#ifndef TESTS_LIB_ATTRIBUTED_H
#define TESTS_LIB_ATTRIBUTED_H

#include "access/attributes.h"
#include "lib/acls.h"
#include "lib/trees.h"

struct attributed {
	struct tf tf;
};

/* User 1000 is ma-user, group 44 is video. */
extern const struct accounts ATTRIBUTED_ACCOUNTS;

/*
 * plain; acl (mode 0640, access and default ACL); hidden (0604, an ACL); bad
 * (a malformed ACL and capabilities); all (06755 1000:9, the rest); dir (03755 0:44).
 */
void attributed_open(struct attributed *attributed);
void attributed_done(struct attributed *attributed);

#endif
