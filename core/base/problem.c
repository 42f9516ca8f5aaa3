/* What was odd about an input; see base/problem.h. */
#include "base/problem.h"

#include <stdarg.h>

static const struct {
	const char *name;
	bool damage;
} KINDS[PROBLEM_KINDS] = {
	/* clang-format off */
	[PROBLEM_DIGEST_MISMATCH]    = { "digest-mismatch",    true },
	[PROBLEM_DIFF_ID_MISMATCH]   = { "diff-id-mismatch",   true },
	[PROBLEM_SIZE_MISMATCH]      = { "size-mismatch",      true },
	[PROBLEM_TRUNCATED]          = { "truncated",          true },
	[PROBLEM_BAD_HEADER]         = { "bad-header",         true },
	[PROBLEM_BAD_EXTENSION]      = { "bad-extension",      true },
	[PROBLEM_TRAILING_DATA]      = { "trailing-data",      false },
	[PROBLEM_MISSING_BLOB]       = { "missing-blob",       true },
	[PROBLEM_NOT_A_LAYER]        = { "not-a-layer",        true },
	[PROBLEM_MEDIA_TYPE]         = { "media-type",         false },
	[PROBLEM_MANIFESTS_DISAGREE] = { "manifests-disagree", false },
	[PROBLEM_HISTORY]            = { "history",            false },
	[PROBLEM_DUPLICATE_KEY]      = { "duplicate-key",      false },
	[PROBLEM_DUPLICATE_PATH]     = { "duplicate-path",     false },
	[PROBLEM_ODD_PATH]           = { "odd-path",           false },
	[PROBLEM_DANGLING_HARDLINK]  = { "dangling-hardlink",  false },
	[PROBLEM_INVALID_WHITEOUT]   = { "invalid-whiteout",   false },
	[PROBLEM_ENGINES_DISAGREE]   = { "engines-disagree",   false },
	[PROBLEM_HUGE_ID]            = { "huge-id",            false },
	[PROBLEM_ODD_VALUE]          = { "odd-value",          false },
	[PROBLEM_IDENTITY_FILE]      = { "identity-file",      false },
	[PROBLEM_ATTRIBUTE]          = { "attribute",          false },
	[PROBLEM_TOO_LARGE]          = { "too-large",          false },
	[PROBLEM_LEFT_OUT]           = { "left-out",           false },
	/* clang-format on */
};

void problem_add(struct problem_list *list, enum problem_kind kind, uint64_t offset,
		 const char *format, ...)
{
	char text[2048];
	struct problem problem = { .kind = kind, .offset = offset };
	va_list args;
	int len;

	if (!list)
		return;
	list->damaged |= KINDS[kind].damage;
	va_start(args, format);
	len = vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	if (len < 0 || list->all.count >= PROBLEM_MAX) {
		list->dropped++;
		return;
	}
	if ((size_t)len >= sizeof(text))
		len = sizeof(text) - 1;
	problem.text = arena_copy(&list->arena, text, (size_t)len);
	if (!problem.text || VEC_PUSH(&list->all, problem, NULL) < 0)
		list->dropped++;
}

const char *problem_name(enum problem_kind kind)
{
	return KINDS[kind].name;
}

bool problem_is_damage(enum problem_kind kind)
{
	return KINDS[kind].damage;
}

void problem_list_done(struct problem_list *list)
{
	VEC_DONE(&list->all);
	arena_done(&list->arena);
}
