/*
 * "The input is odd": what was noticed while reading on. Kept on the object it
 * was seen in, shown in the screen and in reports. Damage is a problem after
 * which no image is written.
 */
#ifndef BASE_PROBLEM_H
#define BASE_PROBLEM_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/vec.h"

enum problem_kind {
	PROBLEM_DIGEST_MISMATCH,
	PROBLEM_DIFF_ID_MISMATCH,
	PROBLEM_SIZE_MISMATCH,
	PROBLEM_TRUNCATED,
	PROBLEM_BAD_HEADER,
	PROBLEM_BAD_EXTENSION,    /* a pax or GNU record that cannot be read */
	PROBLEM_TRAILING_DATA,
	PROBLEM_MISSING_BLOB,
	PROBLEM_NOT_A_LAYER,      /* not a tar: wasm, helm, … */
	PROBLEM_MEDIA_TYPE,       /* says one compression, holds another */
	PROBLEM_MANIFESTS_DISAGREE, /* index.json and manifest.json of one archive */
	PROBLEM_HISTORY,          /* history and layers do not match */
	PROBLEM_DUPLICATE_KEY,    /* of a JSON object */
	PROBLEM_DUPLICATE_PATH,
	PROBLEM_ODD_PATH,         /* absolute, "..", empty, NUL */
	PROBLEM_DANGLING_HARDLINK,
	PROBLEM_INVALID_WHITEOUT,
	PROBLEM_ENGINES_DISAGREE, /* container engines would show different trees */
	PROBLEM_HUGE_ID,          /* a uid or gid that no system has */
	PROBLEM_ODD_VALUE,        /* size, time or mode out of range; tools disagree */
	PROBLEM_IDENTITY_FILE,    /* passwd or group: malformed line, duplicate id */
	PROBLEM_ATTRIBUTE,        /* an ACL or capabilities that no kernel takes */
	PROBLEM_TOO_LARGE,        /* of what was written: more than the platform takes */
	PROBLEM_LEFT_OUT,         /* of what was written: the input had it, the output has not */
	PROBLEM_KINDS
};

struct problem {
	enum problem_kind kind;
	uint64_t offset; /* byte in the layer or archive; PROBLEM_NOWHERE if none */
	const char *text; /* raw bytes from the image: show by text_visible() */
};

#define PROBLEM_NOWHERE UINT64_MAX

struct problem_list {
	VEC(struct problem) all;
	uint64_t dropped; /* seen after PROBLEM_MAX of them */
	bool damaged;
	struct arena arena;
}; /* {0}: none */

enum { PROBLEM_MAX = 1000 };

/* Note one. Out of memory only counts it in 'dropped'. 'list' may be NULL. */
void problem_add(struct problem_list *list, enum problem_kind kind, uint64_t offset,
		 const char *format, ...) PRINTF_LIKE(4, 5);

/* A stable name, as "digest-mismatch". */
const char *problem_name(enum problem_kind kind);

/* Whether no image may be written from an input with this problem. */
bool problem_is_damage(enum problem_kind kind);

void problem_list_done(struct problem_list *list);

#endif
