/*
 * Instructions of a Dockerfile in JSON form. BuildKit reads no physical line of
 * 64 KiB or more, so a long list is broken between its words: the next line begins
 * with a quotation mark, and is neither empty nor a comment.
 */
#include <string.h>

#include "base/json.h"
#include "base/text.h"
#include "dockerfile_priv.h"

enum { LINE_BYTES = 4000 };

static char *word_text_new(const json_t *word)
{
	return json_dumps(word, JSON_ENSURE_ASCII | JSON_ENCODE_ANY);
}

int emit__words_add(json_t *words, const char *word, size_t len, const char *what, struct err *err)
{
	CLEANUP(json_decrefp) json_t *value = json_stringn(word, len);
	CLEANUP(freep) char *text = value ? word_text_new(value) : NULL;

	if (!text || !text_is_utf8(what, strlen(what)) || memchr(word, '\0', len))
		return err_set(err, ERR_UNSUPPORTED,
			       "'%s': a Dockerfile cannot hold these bytes; use --emit script",
			       what);
	if (strlen(text) > DOCKERFILE_WORD_BYTES)
		return err_set(err, ERR_UNSUPPORTED,
			       "'%s': too long for a line of a Dockerfile; use --emit script",
			       what);
	return json_array_append(words, value) < 0 ? err_nomem(err) : 0;
}

int emit__words_put(struct sink *out, const char *instruction, const json_t *words, struct err *err)
{
	size_t column = strlen(instruction) + strlen(" [");
	int result = emit__printf(out, err, "%s [", instruction);

	for (size_t i = 0; result == 0 && i < json_array_size(words); i++) {
		CLEANUP(freep) char *text = word_text_new(json_array_get(words, i));
		size_t len = text ? strlen(text) + strlen(", ") : 0;
		bool breaks = i > 0 && column + len > LINE_BYTES;

		if (!text)
			return err_nomem(err);
		result =
			emit__printf(out, err, "%s%s%s", i ? ", " : "", breaks ? "\\\n" : "", text);
		column = breaks ? len : column + len;
	}
	return result < 0 ? result : emit__printf(out, err, "]\n");
}
