/* The parts of a Dockerfile that have files of their own; emit_dockerfile.c puts them together. */
#ifndef DOCKERFILE_PRIV_H
#define DOCKERFILE_PRIV_H

#include "emit_priv.h"

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
