/* The parts of a Dockerfile that have files of their own; emit_dockerfile.c puts them together. */
#ifndef DOCKERFILE_PRIV_H
#define DOCKERFILE_PRIV_H

#include "base/json.h"
#include "emit_priv.h"

/* What one word of a line may have, as it is written there. */
enum { DOCKERFILE_WORD_BYTES = 60000 };

/*
 * Add a word, which is about 'what' (a path, an instruction). ERR_UNSUPPORTED:
 * what is no UTF-8, or longer than a line may be; ERR_NOMEM.
 */
int emit__words_add(json_t *words, const char *word, size_t len, const char *what,
		    struct err *err);

/* An instruction in JSON form, over several lines where one would be too long. ERR_NOMEM. */
int emit__words_put(struct sink *out, const char *instruction, const json_t *words,
		    struct err *err);

/* had_runs: the user was changed for them. ERR_UNSUPPORTED (a value that no line can hold), ERR_NOMEM. */
int emit__dockerfile_config(const struct emit_input *input, bool had_runs, struct sink *out,
			    struct err *err);

/*
 * Comments on the COPY and ADD lines of the image's history that would have
 * made what the plan changes at no cost; nothing where there are none. ERR_NOMEM.
 */
int emit__dockerfile_advice(const struct emit_input *input, const struct emit_change *changes,
			    size_t count, struct sink *out, struct err *err);

#endif
