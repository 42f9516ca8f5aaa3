/*
 * "The call failed": an error is a value of the caller, of fixed size, never
 * allocated. The first cause stays; callers add context outwards.
 *
 * The text may hold bytes from an image. Whoever shows it passes it through
 * text_visible() (base/text.h).
 */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include "base/cleanup.h"

enum err_code {
	ERR_NONE,
	ERR_NOMEM,
	ERR_IO,          /* the system said no; the text has its reason */
	ERR_FORMAT,      /* the input is not what it should be */
	ERR_LIMIT,       /* the input is larger than base/limits.h allows */
	ERR_DIGEST,      /* the bytes are not those that the digest names */
	ERR_CANCELLED,   /* somebody asked to stop; not shown as an error */
	ERR_NOT_FOUND,
	ERR_EXISTS,      /* an output is there already */
	ERR_AMBIGUOUS,   /* several fit and none was chosen */
	ERR_UNSUPPORTED,
	ERR_INVALID,     /* an argument of the user does not fit */
};

struct err {
	enum err_code code;
	char text[1000];
};

/*
 * Set the error, unless one is set already. 'err' may be NULL.
 * Returns -code, so that 'return err_set(…)' is one statement.
 */
int err_set(struct err *err, enum err_code code, const char *format, ...) PRINTF_LIKE(3, 4);

/* As err_set() with ERR_IO; ": " and the text of 'errnum' are added. */
int err_errno(struct err *err, int errnum, const char *format, ...) PRINTF_LIKE(3, 4);

/* ERR_NOMEM, with the one text that there is for it. */
int err_nomem(struct err *err);

/* Put context and ": " before the text. Returns -code; the code is lost with NULL: -ERR_FORMAT. */
int err_wrap(struct err *err, const char *format, ...) PRINTF_LIKE(2, 3);

/* Back to ERR_NONE, for a caller that has dealt with the failure. */
void err_clear(struct err *err);

#endif
