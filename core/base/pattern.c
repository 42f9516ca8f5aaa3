/* PCRE2 over bytes; see base/pattern.h. */
#define PCRE2_CODE_UNIT_WIDTH 8
#include "base/pattern.h"

#include <pcre2.h>
#include <string.h>

#include "base/text.h"

/* A pattern that needs more than this on one path is too costly to believe. */
enum { MATCH_LIMIT = 100 * 1000, DEPTH_LIMIT = 1000, HEAP_LIMIT_KIB = 20 * 1024 };

struct pattern {
	pcre2_code *code;
	pcre2_code *byte_code; /* of a glob, for names that are not UTF-8; else NULL */
	pcre2_match_context *context;
};

void pattern_free(struct pattern *pattern)
{
	if (!pattern)
		return;
	pcre2_code_free(pattern->code);
	pcre2_code_free(pattern->byte_code);
	pcre2_match_context_free(pattern->context);
	free(pattern);
}

void pattern_freep(struct pattern **pattern)
{
	pattern_free(*pattern);
}

static int describe(int code, size_t offset, const char *text, struct err *err)
{
	PCRE2_UCHAR why[128] = "";

	pcre2_get_error_message(code, why, sizeof(why));
	return err_set(err, ERR_INVALID, "pattern '%s', at %zu: %s", text, offset,
		       (const char *)why);
}

/* The regex of a glob; *ret_regex is to be freed with pcre2_converted_pattern_free(). */
static int convert_glob(const char *text, uint32_t options, PCRE2_UCHAR **ret_regex,
			PCRE2_SIZE *ret_len, struct err *err)
{
	PCRE2_UCHAR *regex = NULL;
	PCRE2_SIZE len = 0;
	int code =
		pcre2_pattern_convert((PCRE2_SPTR)text, strlen(text), options, &regex, &len, NULL);

	if (code != 0)
		return describe(code, len, text, err);
	*ret_regex = regex;
	*ret_len = len;
	return 0;
}

/* 'options' without PCRE2_UTF: a pattern of bytes. */
static int compile(const char *text, enum pattern_kind kind, uint32_t options,
		   pcre2_code **ret_code, struct err *err)
{
	PCRE2_SPTR source = (PCRE2_SPTR)text;
	PCRE2_SIZE len = strlen(text), offset = 0;
	PCRE2_UCHAR *converted = NULL;
	int code = 0;

	if (kind == PATTERN_GLOB) {
		uint32_t utf = options & PCRE2_UTF ? PCRE2_CONVERT_UTF : 0;

		if (convert_glob(text, PCRE2_CONVERT_GLOB | utf, &converted, &len, err) < 0)
			return -ERR_INVALID;
		source = converted;
	}
	options |= kind == PATTERN_TEXT ? PCRE2_LITERAL : PCRE2_NEVER_BACKSLASH_C;
	*ret_code = pcre2_compile(source, len, options, &code, &offset, NULL);
	pcre2_converted_pattern_free(converted);
	if (!*ret_code)
		return describe(code, offset, text, err);
	/* Hardened kernels refuse writable code: matching is then slower, nothing else. */
	pcre2_jit_compile(*ret_code, PCRE2_JIT_COMPLETE);
	return 0;
}

int pattern_new(const char *text, enum pattern_kind kind, unsigned flags,
		struct pattern **ret_pattern, struct err *err)
{
	CLEANUP(pattern_freep) struct pattern *pattern = calloc(1, sizeof(*pattern));
	uint32_t options = flags & PATTERN_IGNORE_CASE ? PCRE2_CASELESS : 0;

	if (!pattern)
		return err_nomem(err);
	/* Paths are bytes: what is no UTF-8 in them is passed over, not refused. */
	if (compile(text, kind, options | PCRE2_UTF | PCRE2_MATCH_INVALID_UTF, &pattern->code,
		    err) < 0)
		return -ERR_INVALID;
	/*
	 * But a "*" of a glob never stands for a byte that is passed over, so that one
	 * such byte would hide a file from it. Fails for odd sets only: then it is NULL.
	 */
	if (kind == PATTERN_GLOB)
		compile(text, kind, options, &pattern->byte_code, NULL);
	pattern->context = pcre2_match_context_create(NULL);
	if (!pattern->context)
		return err_nomem(err);
	pcre2_set_match_limit(pattern->context, MATCH_LIMIT);
	pcre2_set_depth_limit(pattern->context, DEPTH_LIMIT);
	pcre2_set_heap_limit(pattern->context, HEAP_LIMIT_KIB);
	*ret_pattern = STEAL(pattern);
	return 0;
}

bool pattern_match(const struct pattern *pattern, const char *bytes, size_t len,
		   bool *ret_too_costly)
{
	const pcre2_code *compiled = pattern->code;
	pcre2_match_data *match = pcre2_match_data_create(1, NULL);
	int code = PCRE2_ERROR_NOMEMORY;

	if (pattern->byte_code && !text_is_utf8(bytes, len))
		compiled = pattern->byte_code;
	if (match)
		code = pcre2_match(compiled, (PCRE2_SPTR)bytes, len, 0, 0, match, pattern->context);

	pcre2_match_data_free(match);
	if (ret_too_costly)
		*ret_too_costly = code < 0 && code != PCRE2_ERROR_NOMATCH;
	return code >= 0;
}
