/* name[:tag][@digest], by the grammar of distribution/reference. */
#ifndef OCI_REFERENCE_H
#define OCI_REFERENCE_H

#include <stdbool.h>

#include "base/err.h"

struct reference {
	char name[256];   /* with domain, as written */
	char tag[129];    /* "" if none */
	char digest[160]; /* "" if none */
};

/* ERR_INVALID says what does not fit. */
int reference_parse(const char *text, struct reference *ret_reference, struct err *err);

/* The "host" or "host:port" in front of the name; "" where none is written, which is docker.io. Returns out. */
const char *reference_host(const struct reference *reference, char out[256]);

/* The name without its host; borrowed. */
const char *reference_path(const struct reference *reference);

/* Whether the name of an image in an OCI index is but its tag ("v1"), as no '/' and no ':' says. */
bool reference_is_tag_alone(const char *text);

/*
 * Whether the reference of an image (a RepoTag or ref name, "host/a/b:tag" or
 * only "tag") is what a user asked for by 'wanted': equal, or equal once the
 * default domain, "library/" and ":latest" are filled in, or its tag alone.
 */
bool reference_matches(const char *have, const char *wanted);

#endif
