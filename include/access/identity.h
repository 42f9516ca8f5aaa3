/*
 * Who runs: a user specification resolved as the engines do (OCI config.md
 * "User"; moby/sys GetExecUser; containerd WithUser).
 */
#ifndef ACCESS_IDENTITY_H
#define ACCESS_IDENTITY_H

#include "access/accounts.h"

enum { IDENTITY_GROUPS = 256 };

struct identity {
	int64_t uid, gid;
	int64_t groups[IDENTITY_GROUPS]; /* supplementary */
	size_t group_count;
	bool no_caps;   /* uid 0 has neither CAP_DAC_OVERRIDE nor CAP_FOWNER: --cap-drop ALL */
	bool has_line;  /* the uid has a line in passwd */
	char name[64];  /* of that line; "" */
	char home[512]; /* of that line; "/" without one */
};

/*
 * spec  "", "user", "uid", "user:group", "uid:gid", …; "" is root.
 * A uid without a line gets gid 0 and home "/"; supplementary groups only
 * without an explicit group. ERR_NOT_FOUND: the container would not start, the
 * text says why as the engines do. ERR_INVALID: out of range.
 */
int identity_resolve(const struct accounts *accounts, const char *spec,
		     struct identity *ret_identity, struct err *err);

/*
 * uid:gid and nothing else, whatever the files say; name and home are from the
 * line of the uid. accounts may be NULL: no line.
 */
void identity_fixed(const struct accounts *accounts, int64_t uid, int64_t gid,
		    struct identity *ret_identity);

/* Whether the identity has this group. */
bool identity_in_group(const struct identity *identity, int64_t gid);

/* Whether the kernel treats both alike: the same uid, and the same groups in any order. */
bool identity_same(const struct identity *a, const struct identity *b);

/* "1000:100" or "1000:100+27,44"; out[128]. */
const char *identity_text(const struct identity *identity, char *out);

#endif
