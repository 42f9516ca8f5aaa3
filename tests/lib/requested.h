/* Requests for tests: good values of each kind, and what is made of them with others added. */
#ifndef TESTS_LIB_REQUESTED_H
#define TESTS_LIB_REQUESTED_H

#include "emit/request.h"

/* The settings that a kind cannot do without, NULL-ended. */
const char *const *requested_settings(const char *kind);

#define REQUESTED_REFERENCE "registry.example.com/team/my_image:1.0"
#define REQUESTED_DIGEST                                                                           \
	"sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

/* A request of good settings and 'more' (NULL-ended, may be NULL) for an amd64 image without a digest. */
struct request *requested(const char *kind, const char *const *more);

/* The same with everything else as in 'input', whose settings are those that are added. */
struct request *requested_input(const char *kind, const struct request_input *input);

/* The text of a file; NULL: it is not among them. */
const char *requested_file(const struct request *request, const char *name);

/* All errors, a line each; free(). */
char *requested_errors(const struct request *request);

#endif
